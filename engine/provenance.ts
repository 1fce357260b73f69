// What is recorded beside results and never enters a key: where, when and with what they were made.
import { execFile } from 'node:child_process';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import type { BuildRecord } from './store/store.ts';
import { ownVersion } from './version.ts';

/** A build of now; its number is the store's to give. */
export async function buildRecord(
	ground: { readonly scanfile: string; readonly scan: { readonly folder: string } },
	targets: readonly string[],
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
	};
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
