// What a Python function or script counts as on a machine without a usable interpreter: all text below the folder from
// which its module is imported. More text, never less. Starts nothing; knows no syntax.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { digestBytes, hex } from '../../digest.ts';
import type { PythonCode } from './ask.ts';

/** What no module of the project is in. */
const aside = new Set(['node_modules', '__pycache__', 'site-packages', 'dist-packages']);

/** A function's module, with all sources of the folder that its packages begin in. */
export function functionText(file: string, folder: string): PythonCode {
	let root = dirname(file);
	let module = basename(file, '.py');
	while (existsSync(join(root, '__init__.py')) && dirname(root) !== root) {
		module = `${basename(root)}.${module}`;
		root = dirname(root);
	}
	return { ...textBelow(file, root), module, path: [...new Set([root, folder])] };
}

/** A script, with all sources in and below its folder. */
export function scriptText(file: string): PythonCode {
	return textBelow(file, dirname(file));
}

function textBelow(file: string, root: string): PythonCode {
	const sources = [...new Set([file, ...sourcesBelow(root)])].sort().map((path) => ({ path, digest: digestOf(path) }));
	// the same wherever the project lies
	const lines = sources.map(({ path, digest }) => `${path.slice(root.length)} ${digest}\n`);
	return {
		digest: hex(digestBytes(`${file.slice(root.length)}\n${lines.join('')}`)),
		parts: sources.map(({ path, digest }) => ({ file: path, name: '', digest, kind: 'file' })),
		sources,
		...{ packages: [], module: '', path: [], signature: null, warnings: [], problems: [] },
	};
}

function* sourcesBelow(folder: string): Generator<string> {
	for (const entry of entriesOf(folder)) {
		const path = join(folder, entry);
		const stat = statSync(path, { throwIfNoEntry: false });
		if (stat?.isFile() === true && entry.endsWith('.py')) yield path;
		if (stat?.isDirectory() !== true || entry.startsWith('.') || aside.has(entry)) continue;
		if (!existsSync(join(path, 'pyvenv.cfg'))) yield* sourcesBelow(path);
	}
}

function entriesOf(folder: string): readonly string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}

function digestOf(path: string): string {
	try {
		return hex(digestBytes(readFileSync(path)));
	} catch {
		return '';
	}
}
