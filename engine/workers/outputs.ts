// The files that a task has declared: looked at when it has ended. Small ones are read, large ones stay where they are.
// Knows nothing of the store or of the task's result.
import { lstatSync, readFileSync, rmSync } from 'node:fs';
import { digestBytes, digestFile } from '../digest.ts';
import { inlineLimit, type OutputFile } from '../outcome.ts';

/** The declared files, or the first that is not there as a regular file. */
export async function collectOutputs(
	outputs: ReadonlyMap<string, string>,
): Promise<{ readonly files: readonly OutputFile[] } | { readonly missing: string }> {
	const files: OutputFile[] = [];
	for (const [name, path] of outputs) {
		const stat = lstatSync(path, { throwIfNoEntry: false });
		if (stat === undefined || !stat.isFile()) return { missing: name };
		const about = { name, executable: (stat.mode & 0o111) !== 0, size: stat.size };
		if (stat.size > inlineLimit) files.push({ ...about, digest: await digestFile(path), path });
		else {
			const bytes = new Uint8Array(readFileSync(path));
			files.push({ ...about, digest: digestBytes(bytes), bytes });
		}
	}
	return { files };
}

/** Removes a task's folder; a file that cannot be removed is left for whoever removes the folder above. */
export function removeFolder(folder: string): void {
	try {
		rmSync(folder, { recursive: true, force: true });
	} catch {
		// The task may have left folders that nobody may write to.
	}
}
