// The version of scanmake, as its package says. Read only where it is asked for.
import { readFile } from 'node:fs/promises';

/** For instance `0.1.0`. */
export async function version(): Promise<string> {
	const manifest: unknown = JSON.parse(await readFile(new URL(import.meta.resolve('scanmake/package.json')), 'utf8'));
	return typeof manifest === 'object' && manifest !== null && 'version' in manifest
		? String(manifest.version)
		: 'unknown';
}
