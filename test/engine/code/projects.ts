// Small projects in temporary folders, and the identities of their rules. Knows nothing of what must be equal.
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type LoadedScan, loadScan } from '../../../engine/code/load.ts';
import { hex } from '../../../engine/digest.ts';

/** Texts by path. */
export type Files = Readonly<Record<string, string>>;

/** Writes a project, gives its folder to `use`, and removes it. */
export async function inProject<T>(files: Files, use: (folder: string) => Promise<T>): Promise<T> {
	const folder = await realpath(await mkdtemp(join(tmpdir(), 'scanmake-load-')));
	try {
		await writeFiles(folder, files);
		return await use(folder);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Writes texts below a folder. */
export async function writeFiles(folder: string, files: Files): Promise<void> {
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), text);
	}
}

/** Loads a project's Scanfile, nothing kept. */
export async function loadProject(files: Files): Promise<LoadedScan> {
	return await inProject(files, (folder) => loadScan({ file: join(folder, 'Scanfile.ts'), cacheFolder: undefined }));
}

/** The identity of each target, in hexadecimal. */
export function identitiesByTarget({ scan, identities }: LoadedScan): Record<string, string> {
	const found: Record<string, string> = {};
	for (const { name, rule } of scan.targets) {
		const identity = identities[scan.rules.indexOf(rule)];
		if (identity !== undefined) found[name] = hex(identity.digest);
	}
	return found;
}

/** The targets whose identity differs between two projects, or that only one has. */
export async function changedTargets(before: Files, after: Files): Promise<string[]> {
	const old = identitiesByTarget(await loadProject(before));
	const now = identitiesByTarget(await loadProject(after));
	return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((name) => old[name] !== now[name]).sort();
}

/** A project with some texts replaced: each replaced text must be there exactly once. */
export function edited(files: Files, edits: Readonly<Record<string, string | readonly [string, string]>>): Files {
	const result: Record<string, string> = { ...files };
	for (const [path, edit] of Object.entries(edits)) {
		if (typeof edit === 'string') {
			result[path] = edit;
			continue;
		}
		const pieces = (result[path] ?? '').split(edit[0]);
		if (pieces.length !== 2) throw new Error(`${path} has ${pieces.length - 1} times ${edit[0]}`);
		result[path] = pieces.join(edit[1]);
	}
	return result;
}
