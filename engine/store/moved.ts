// Moves a file into a blob's place, also from another file system. Knows neither digests nor what the file is.
import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BlobContent } from './store.ts';

/** A file that may be moved. */
export type Movable = Extract<BlobContent, { readonly mayMove: true }>;

let copied = 0;

/** Whether the file was there with this size, and is in its place. `folder`: that of the blobs. */
export async function moved(from: string, path: string, size: number, folder: string): Promise<boolean> {
	if (statSync(from, { throwIfNoEntry: false })?.size !== size) return false;
	if (isRenamed(from, path)) return true;
	// two file systems: the copy is made aside, so that none is ever seen that is not whole
	const aside = join(folder, 'tmp', `${process.pid}-copy-${copied++}`);
	await mkdir(dirname(aside), { recursive: true });
	try {
		await copyFile(from, aside);
		if (statSync(aside).size !== size) return false;
		renameSync(aside, path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
		throw error;
	} finally {
		rmSync(aside, { force: true });
	}
	rmSync(from, { force: true });
	return true;
}

/** False: they are on two file systems; then the folder is there. */
function isRenamed(from: string, path: string): boolean {
	const attempt = (): string | undefined => {
		try {
			renameSync(from, path);
			return undefined;
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			if (code === 'ENOENT' || code === 'EXDEV') return code;
			throw error;
		}
	};
	const code = attempt();
	if (code === undefined) return true;
	mkdirSync(dirname(path), { recursive: true });
	return code === 'ENOENT' && attempt() === undefined;
}
