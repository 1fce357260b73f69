// Removes files below a folder and counts their bytes. Knows nothing of what they are.
import { existsSync } from 'node:fs';
import { opendir, rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Removes the files below `folder` whose path in it is not kept; returns how many bytes they had. */
export async function discard(folder: string, isKept: (path: string) => boolean): Promise<number> {
	let freed = 0;
	if (!existsSync(folder)) return freed;
	for await (const entry of await opendir(folder, { recursive: true })) {
		if (entry.isDirectory()) continue;
		const path = join(entry.parentPath, entry.name);
		if (isKept(relative(folder, path))) continue;
		if (entry.isFile()) freed += (await stat(path)).size;
		await rm(path, { force: true });
	}
	return freed;
}
