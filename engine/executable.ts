// Where a program is, as a shell that stands in a folder looks for it. Starts nothing and reads no file.
// For the engine and for workers: knows neither recipes nor what is said where there is none.
import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';

/** What there is under a program's name. */
export type ProgramPlace =
	| { readonly kind: 'there'; readonly path: string }
	| { readonly kind: 'not-executable'; readonly path: string }
	| { readonly kind: 'not-found' };

/**
 * Looks for a program in the folders of `path`, or only where its name says if that has a slash; relative names begin at
 * `folder`. What lies in a folder of `path` and is no file is passed over.
 */
export function programIn(name: string, folder: string, path: string): ProgramPlace {
	if (name === '') return { kind: 'not-found' };
	const isPath = name.includes('/');
	const places = isPath ? [name] : path.split(delimiter).map((each) => `${each || '.'}/${name}`);
	let inTheWay: string | undefined;
	for (const each of places) {
		const place = resolve(folder, each);
		const isFile = statOf(place)?.isFile();
		if (isFile && isExecutable(place)) return { kind: 'there', path: place };
		if (isFile || (isPath && isFile !== undefined)) inTheWay ??= place;
	}
	return inTheWay === undefined ? { kind: 'not-found' } : { kind: 'not-executable', path: inTheWay };
}

function statOf(path: string): Stats | undefined {
	try {
		return statSync(path);
	} catch {
		return undefined;
	}
}

function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
