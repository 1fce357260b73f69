// The files of analyses under readable paths, in the store's folder, so that they can be opened after a build.
// They are copies: the results themselves stay in the store.
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hex } from './digest.ts';
import type { Store, StoredFile } from './store/store.ts';
import { worded } from './store/trouble.ts';

interface Written {
	/** Digest of the analysis's result. */
	readonly digest: string;
	readonly files: readonly { readonly name: string; readonly size: number; readonly modified: number }[];
}

/** An analysis that has a result. */
export interface MadeAnalysis {
	readonly target: string;
	readonly digest: Uint8Array;
	/** The key of its one task: looked for only where files have to be written. */
	keyOf(): Uint8Array | undefined;
}

/** Writes what is missing or was changed; returns all paths of each analysis that has files. */
export async function writeAnalyses(
	store: Store,
	analyses: readonly MadeAnalysis[],
): Promise<{ readonly target: string; readonly paths: readonly string[] }[]> {
	const written: { target: string; paths: string[] }[] = [];
	for (const { target, digest: made, keyOf } of analyses) {
		const folder = join(store.folder, 'results', target);
		const fact = `written ${target}`;
		const digest = hex(made);
		const last = readFact(store.fact(fact));
		if (last === undefined || last.digest !== digest || !isUntouched(folder, last)) {
			const key = keyOf();
			const files = key === undefined ? undefined : store.read(key)?.files;
			if (files === undefined) continue;
			const copies = await writeFiles(store, files, folder).catch((error: unknown) => {
				throw worded(error, store.folder);
			});
			store.putFacts(new Map([[fact, Buffer.from(JSON.stringify({ digest, files: copies } satisfies Written))]]));
		}
		const files = readFact(store.fact(fact))?.files ?? [];
		if (files.length > 0) written.push({ target, paths: files.map((file) => join(folder, file.name)) });
	}
	return written;
}

/** Writes files of a result below `folder`, each aside and then into its place. */
export async function writeFiles(
	store: Store,
	files: readonly StoredFile[],
	folder: string,
): Promise<Written['files']> {
	const made = [];
	for (const file of files) {
		const path = join(folder, file.name);
		const aside = `${path}.${process.pid}.part`;
		mkdirSync(dirname(path), { recursive: true });
		rmSync(aside, { force: true });
		try {
			if (!(await store.copyFile(file, aside))) continue;
			chmodSync(aside, file.executable ? 0o755 : 0o644);
			renameSync(aside, path);
		} catch (error) {
			rmSync(aside, { force: true });
			throw error;
		}
		const { size, mtimeMs } = statSync(path);
		made.push({ name: file.name, size, modified: mtimeMs });
	}
	return made;
}

function readFact(fact: Uint8Array | undefined): Written | undefined {
	return fact === undefined ? undefined : (JSON.parse(Buffer.from(fact).toString()) as Written);
}

function isUntouched(folder: string, written: Written): boolean {
	return written.files.every((file) => {
		const path = join(folder, file.name);
		if (!existsSync(path)) return false;
		const { size, mtimeMs } = statSync(path);
		return size === file.size && mtimeMs === file.modified;
	});
}
