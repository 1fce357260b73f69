// The files that a task has declared: looked at when it has ended. Small ones are read, large ones stay where they are.
// Knows nothing of the store or of the task's result.
import {
	closeSync,
	constants,
	fstatSync,
	lstatSync,
	openSync,
	readSync,
	realpathSync,
	rmSync,
	type Stats,
} from 'node:fs';
import { sep } from 'node:path';
import { digestBytes, digestFile } from '../digest.ts';
import { type Failure, inlineLimit, type OutputFile } from '../outcome.ts';

/** The declared files, or what is wrong with the first that is no file of the task's own. */
export type Collected = { readonly files: readonly OutputFile[] } | { readonly failure: Failure };

type Found = OutputFile | Promise<OutputFile> | { readonly failure: Failure };

// Waits for nothing and follows no link, whatever a task has left there.
const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Looks at the files by their names; a promise only where a large one has to be read. `folder` is the task's own. */
export function collectOutputs(outputs: ReadonlyMap<string, string>, folder: string): Collected | Promise<Collected> {
	const files: (OutputFile | Promise<OutputFile>)[] = [];
	let isQuick = true;
	for (const [name, path] of outputs) {
		const found = lookAt(name, path, folder);
		if ('failure' in found) return found;
		if (found instanceof Promise) isQuick = false;
		files.push(found);
	}
	if (isQuick) return { files: files as OutputFile[] };
	return Promise.all(files).then((all) => ({ files: all }));
}

/** Removes a task's folder; a file that cannot be removed is left for whoever removes the folder above. */
export function removeFolder(folder: string): void {
	try {
		rmSync(folder, { recursive: true, force: true });
	} catch {
		// The task may have left folders that nobody may write to.
	}
}

function lookAt(name: string, path: string, folder: string): Found {
	let file: number;
	try {
		file = openSync(path, readFlags);
	} catch (error) {
		return lookAgain(name, path, folder, error);
	}
	try {
		const stat = fstatSync(file);
		if (!stat.isFile()) return badOutput(name, stat);
		// The folders on its way are the task's own too, and may have been made links.
		if (name.includes('/') && !isInside(path, folder)) return linkOut(name);
		if (stat.size > inlineLimit) return large(name, path, stat);
		const bytes = new Uint8Array(stat.size);
		let at = 0;
		for (let count = -1; at < bytes.length && count !== 0; at += count)
			count = readSync(file, bytes, at, bytes.length - at, at);
		return { ...about(name, stat), size: at, digest: digestBytes(bytes.subarray(0, at)), bytes: bytes.subarray(0, at) };
	} finally {
		closeSync(file);
	}
}

/** What could not be opened: nothing, a link, something that is no file. */
function lookAgain(name: string, path: string, folder: string, error: unknown): Found {
	const { code } = error as NodeJS.ErrnoException;
	if (code === 'ENOENT' || code === 'ENOTDIR') return { failure: { kind: 'missing-output', output: name } };
	const stat = lstatSync(path);
	if (!stat.isSymbolicLink()) {
		if (stat.isFile()) throw error;
		return badOutput(name, stat);
	}
	let real: string;
	try {
		real = realpathSync(path);
	} catch {
		return { failure: { kind: 'missing-output', output: name } };
	}
	if (!isInside(real, folder)) return linkOut(name);
	return lookAt(name, real, folder);
}

function isInside(path: string, folder: string): boolean {
	return realpathSync(path).startsWith(realpathSync(folder) + sep);
}

function linkOut(name: string): { readonly failure: Failure } {
	return { failure: { kind: 'bad-output', output: name, what: 'link-out' } };
}

async function large(name: string, path: string, stat: Stats): Promise<OutputFile> {
	return { ...about(name, stat), digest: await digestFile(path), path };
}

function about(name: string, stat: Stats): Pick<OutputFile, 'name' | 'executable' | 'size'> {
	return { name, executable: (stat.mode & 0o111) !== 0, size: stat.size };
}

function badOutput(name: string, stat: Stats): { readonly failure: Failure } {
	return { failure: { kind: 'bad-output', output: name, what: stat.isDirectory() ? 'folder' : 'special' } };
}
