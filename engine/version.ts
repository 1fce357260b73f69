// This release of scanmake, as its package says, and the files that come with it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

let known: string | undefined;

/** For instance `0.1.0`. */
export function ownVersion(): string {
	known ??= String(
		(JSON.parse(readFileSync(new URL(import.meta.resolve('scanmake/package.json')), 'utf8')) as { version: unknown })
			.version,
	);
	return known;
}

/** Full path of a file of this package that is no module: `engine/workers/worker.py`. */
export function ownFile(path: string): string {
	return fileURLToPath(new URL(`dist/${path}`, import.meta.resolve('scanmake/package.json')));
}
