// Which words name a regular file of the project's folder. What lies outside of it is not looked at, nor what belongs to
// scanmake, to git or to installed packages. Knows neither recipes nor what is in the files.
import { readdirSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';

/** The regular files of a project's folder, by the names that words give them. */
export interface ProjectFiles {
	readonly folder: string;
	/** The path in the project of the file that a word names; undefined: none. What lies outside is not looked at. */
	find(word: string): string | undefined;
}

const aside = ['.scanmake', 'node_modules', '.git'];

/** From so many names on a folder is listed, rather than asked for each of them. */
const manyNames = 64;

interface Folder {
	readonly path: string;
	readonly name: string;
	asked: number;
	/** Names in it, as file systems compare them that do not tell a from A. */
	entries: ReadonlySet<string> | undefined;
}

/** Folders with many names are listed once. */
export function projectFiles(folder: string): ProjectFiles {
	const folders = new Map<string, Folder | undefined>();
	let last: { readonly text: string; readonly folder: Folder | undefined } = { text: '', folder: folderOf('') };

	function folderOf(text: string): Folder | undefined {
		if (folders.has(text)) return folders.get(text);
		const path = resolve(folder, text);
		const name = relative(folder, path);
		const parts = name.split(sep);
		const isInside = parts[0] !== '..' && !isAbsolute(name) && !parts.some((part) => aside.includes(part));
		const found = isInside ? { path, name, asked: 0, entries: undefined } : undefined;
		folders.set(text, found);
		return found;
	}

	function find(word: string): string | undefined {
		const cut = word.lastIndexOf('/') + 1;
		if (cut !== last.text.length || !word.startsWith(last.text)) {
			const text = word.slice(0, cut);
			last = { text, folder: folderOf(text) };
		}
		const inside = last.folder;
		const name = word.slice(cut);
		if (inside === undefined || name === '' || name === '.' || name === '..' || aside.includes(name)) return undefined;
		if (!mayHave(inside, name) || word.includes('\0') || !isFile(join(inside.path, name))) return undefined;
		return join(inside.name, name);
	}
	return { folder, find };
}

function mayHave(inside: Folder, name: string): boolean {
	if (inside.asked++ < manyNames) return true;
	if (inside.asked === manyNames + 1) inside.entries = entriesOf(inside.path);
	return inside.entries?.has(folded(name)) ?? true;
}

// Undefined where a folder may be entered but not read.
function entriesOf(path: string): ReadonlySet<string> | undefined {
	try {
		return new Set(readdirSync(path).map(folded));
	} catch {
		return undefined;
	}
}

function folded(name: string): string {
	return name.normalize('NFC').toLowerCase();
}

function isFile(path: string): boolean {
	try {
		return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
	} catch {
		return false;
	}
}

/** A path as a person reads it: within the folder from there, elsewhere in full, since from another place it is another. */
export function nameIn(folder: string, path: string): string {
	const name = relative(folder, path);
	return name === '' || name.startsWith('..') || isAbsolute(name) ? path : name;
}
