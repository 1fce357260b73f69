// What a killed process left in a store's folder besides results: half-written files, and the work folders of its tasks.
// Removed by whoever takes over its lock. Knows where the other parts of the engine write aside, and nothing of results.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { indexName } from '../kept-folders.ts';

/** Files that are written aside: they would have been moved into their place. */
const aside = [
	/^(card\.json\.\d+|format\.json\.new)$/,
	/^blobs\/tmp\/./,
	/^scanfiles\/[^/]+\/[^/]+\.\d+\.[0-9a-z]+$/,
	/^results\/.*\.\d+\.part$/,
];

/** Removes them. The caller holds the lock: nobody else writes here. */
export function removeLeftovers(folder: string): void {
	const left = ['.', 'blobs/tmp', 'scanfiles', 'results'].flatMap((inner) => namesIn(folder, inner, inner !== '.'));
	for (const name of left)
		if (aside.some((pattern) => pattern.test(name))) rmSync(join(folder, name), { recursive: true, force: true });
	// folders that a build was asked to keep have an index, and stay until `gc`
	for (const build of namesIn(folder, 'work', false))
		if (!existsSync(join(folder, build, indexName))) rmSync(join(folder, build), { recursive: true, force: true });
}

/** Paths in a folder inside the folder, relative to the outer one. */
function namesIn(folder: string, inner: string, recursive: boolean): string[] {
	const path = join(folder, inner);
	return existsSync(path) ? readdirSync(path, { recursive, encoding: 'utf8' }).map((name) => join(inner, name)) : [];
}
