// Where a program of this machine is that a command would start, and whether it could be: a script needs its interpreter.
// Starts nothing; reads the head of a program alone. Knows no recipes.
import { closeSync, openSync, readSync } from 'node:fs';
import { programIn } from './executable.ts';

/** Where a program is, or what is wrong with it. */
export type Found =
	| { readonly kind: 'found'; readonly path: string }
	| { readonly kind: 'not-found' }
	| { readonly kind: 'not-executable'; readonly path: string }
	/** A script whose first line names a program that is not there. */
	| { readonly kind: 'no-interpreter'; readonly path: string; readonly interpreter: string };

/** Looks for a program as a command of the Scanfile's folder would. */
export function findProgram(name: string, folder: string, path = process.env['PATH'] ?? ''): Found {
	const place = programIn(name, folder, path);
	return place.kind === 'there' ? withInterpreter(place.path, folder, path) : place;
}

function withInterpreter(place: string, folder: string, path: string): Found {
	const wanted = interpreterOf(place);
	if (wanted === undefined) return { kind: 'found', path: place };
	const isThere = !wanted.endsWith('\r') && programIn(wanted, folder, path).kind === 'there';
	return isThere ? { kind: 'found', path: place } : { kind: 'no-interpreter', path: place, interpreter: wanted.trim() };
}

/** The program that a script names in its first line (behind `env`: the one that is looked for); undefined: it is no script. */
export function interpreterOf(script: string): string | undefined {
	const [interpreter, ...words] =
		/^#![ \t]*([^\n]+)/.exec(headOf(script, 256).split('\n', 1)[0] ?? '')?.[1]?.split(/[ \t]+/) ?? [];
	if (interpreter === undefined || !/\/env$/.test(interpreter)) return interpreter;
	const [first = '', second] = words;
	const wanted = first === '-S' ? second : first;
	return wanted === undefined || wanted === '' || /^-|=/.test(wanted) ? interpreter : wanted;
}

/** The first bytes of a file, each as a character; empty where it cannot be read. */
export function headOf(path: string, length: number): string {
	try {
		const file = openSync(path, 'r');
		try {
			const bytes = Buffer.alloc(length);
			return bytes.toString('latin1', 0, readSync(file, bytes, 0, length, 0));
		} finally {
			closeSync(file);
		}
	} catch {
		return '';
	}
}
