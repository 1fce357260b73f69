// This release of scanmake, as its package says; read once, where it is asked for.
import { readFileSync } from 'node:fs';

let known: string | undefined;

/** For instance `0.1.0`. */
export function ownVersion(): string {
	known ??= String(
		(JSON.parse(readFileSync(new URL(import.meta.resolve('scanmake/package.json')), 'utf8')) as { version: unknown })
			.version,
	);
	return known;
}
