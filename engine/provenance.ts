// What is recorded beside results and never enters a key: where, when and with what they were made.
import { execFile } from 'node:child_process';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import type { OpenedScan } from './opened.ts';
import type { BuildRecord } from './store/store.ts';
import { ownVersion } from './version.ts';

/** A build of the rules at these places, of now; its number is the store's to give. */
export async function buildRecord(
	ground: { readonly scanfile: string; readonly scan: Pick<OpenedScan, 'folder' | 'rules' | 'loaded'> },
	targets: readonly string[],
	places: readonly number[],
): Promise<Omit<BuildRecord, 'number'>> {
	return {
		startedAt: Date.now(),
		host: hostname(),
		node: process.version,
		scanmake: ownVersion(),
		platform: `${process.platform} ${process.arch}`,
		scanfile: ground.scanfile,
		targets,
		commit: await commitOf(ground.scan.folder),
		python: places.some((place) => ground.scan.rules[place]?.recipe.kind === 'python')
			? await pythonOf(ground.scan)
			: undefined,
	};
}

/** The interpreter that runs Python functions: `python 3.11.2 (/usr/bin/python3)`; undefined where there is none. */
async function pythonOf({ loaded }: Pick<OpenedScan, 'loaded'>): Promise<string | undefined> {
	const found = await loaded.python.interpreter();
	if (found.kind !== 'found') return undefined;
	return `${found.implementation === 'cpython' ? 'python' : found.implementation} ${found.version.join('.')} (${found.path})`;
}

/** The commit of the git checkout that holds the folder; undefined where there is none. */
async function commitOf(folder: string): Promise<string | undefined> {
	try {
		const { stdout } = await promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: folder, timeout: 2000 });
		return stdout.trim() || undefined;
	} catch {
		return undefined;
	}
}
