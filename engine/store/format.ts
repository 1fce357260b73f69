// The folder of a store before anything in it is opened: is it one, may it be written, and is its format ours.
// Knows nothing of what is inside.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../errors.ts';
import { worded } from './trouble.ts';

/** Raised whenever what is on disk is laid out in another way. */
export const storeFormat = 1;

/** What scanmake itself puts into a store's folder besides the store. */
const ownEntries = /^(\.gitignore|lock.*|format\.json.*|records|blobs|work|scanfiles|results|card\.json.*)$/;

/** Makes sure that the folder is a store of our format, or may become one. Returns whether it is one. */
export function checkFormat(folder: string, scanmake: string): boolean {
	const file = join(folder, 'format.json');
	if (!existsSync(file)) {
		const strange = entriesOf(folder).find((name) => !ownEntries.test(name));
		if (strange === undefined) return false;
		throw new UserError(
			'store',
			`The folder ${folder} is no store of scanmake's: it has no format.json but other things in it (${strange}). Nothing was changed. Name another folder with --store, one that is empty or does not exist.`,
		);
	}
	const found = parse(readFileSync(file, 'utf8'));
	if (found === undefined) {
		throw new UserError(
			'store',
			`The file ${file} is damaged, so that the format of this store is unknown. Nothing was changed. If the store was made by scanmake ${scanmake}, run: echo '${content(scanmake)}' > ${file}`,
		);
	}
	if (found.format === storeFormat) return true;
	const writer = found.scanmake ?? 'another version';
	throw new UserError(
		'store',
		`The store ${folder} has format ${found.format} (of scanmake ${writer}); scanmake ${scanmake} expects format ${storeFormat}, so that it cannot use the results in it. Nothing was changed. Go on with the other version (npx scanmake@${found.scanmake ?? 'VERSION'}), or start a new store, which computes all results anew: --store ${folder}-${storeFormat}`,
	);
}

function entriesOf(folder: string): readonly string[] {
	try {
		return existsSync(folder) ? readdirSync(folder) : [];
	} catch (error) {
		throw worded(error, folder);
	}
}

/** Makes the folder; Git leaves it alone. */
export function makeFolder(folder: string): void {
	try {
		if (!existsSync(folder)) make(folder);
		// also where whoever made it was killed before the next line
		else if (readdirSync(folder).length > 0) return;
		writeFileSync(join(folder, '.gitignore'), '*\n');
	} catch (error) {
		throw worded(error, folder);
	}
}

// Not mkdir's own recursion, which never returns where a file system has no place for folders (/proc).
function make(folder: string): void {
	if (!existsSync(dirname(folder))) make(dirname(folder));
	try {
		mkdirSync(folder);
	} catch (error) {
		// another process may have been faster
		if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
		throw new UserError(
			'store',
			`There can be no store at ${folder}: the file system has no place for folders there. Name another place with --store.`,
		);
	}
}

/** Says in the folder that it is a store of our format. */
export function writeFormat(folder: string, scanmake: string): void {
	try {
		const file = join(folder, 'format.json');
		writeFileSync(`${file}.new`, `${content(scanmake)}\n`);
		renameSync(`${file}.new`, file);
	} catch (error) {
		throw worded(error, folder);
	}
}

const content = (scanmake: string) => JSON.stringify({ format: storeFormat, scanmake });

function parse(text: string): { readonly format: number; readonly scanmake?: string } | undefined {
	try {
		const found = JSON.parse(text) as { readonly format?: unknown; readonly scanmake?: unknown } | null;
		if (typeof found?.format !== 'number') return undefined;
		return { format: found.format, ...(typeof found.scanmake === 'string' && { scanmake: found.scanmake }) };
	} catch {
		return undefined;
	}
}
