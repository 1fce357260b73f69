// Has a file changed? By size, mtime, ctime and inode; a file younger than two seconds when it was digested is digested
// again, since its times could not tell a later change. Also folders, and files that must not appear.
// Knows nothing of Scanfiles or caches.
import { type BigIntStats, readFileSync, statSync } from 'node:fs';
import { digestBytes, hex } from '../digest.ts';
import { isRestless, nowNanoseconds, stampOf } from '../stamp.ts';

/** Something whose change means that the bundle must be made again. */
export type Watched =
	| {
			readonly kind: 'file';
			readonly path: string;
			readonly stamp: string;
			readonly digest: string;
			readonly isYoung: boolean;
	  }
	| { readonly kind: 'folder'; readonly path: string; readonly stamp: string }
	| { readonly kind: 'absent'; readonly path: string };

/** How far the clock of a file system may be behind. */
const clockNanoseconds = 20_000_000n;

function look(path: string): BigIntStats | undefined {
	return statSync(path, { bigint: true, throwIfNoEntry: false });
}

/** Reads a file and remembers what was read. */
export function readWatched(path: string): { readonly content: Buffer; readonly watched: Watched } {
	const now = nowNanoseconds();
	const stat = statSync(path, { bigint: true });
	const content = readFileSync(path);
	const isYoung = isRestless(stat, now);
	return { content, watched: { kind: 'file', path, stamp: stampOf(stat), digest: hex(digestBytes(content)), isYoung } };
}

/** Remembers what lies at a path: a file's bytes, a folder's entries, or that nothing is there. */
export function watch(path: string): Watched {
	const stat = look(path);
	if (stat === undefined) return { kind: 'absent', path };
	if (stat.isDirectory()) return { kind: 'folder', path, stamp: stampOf(stat) };
	return stat.isFile() ? readWatched(path).watched : { kind: 'absent', path };
}

/**
 * Remembers a file that another process has read since `since`, and the digest of what it read (hexadecimal). Where it was
 * written meanwhile it is digested again when it is looked at.
 */
export function watchRead(path: string, digest: string, since: bigint): Watched {
	const stat = look(path);
	const isYoung = stat === undefined || isRestless(stat, since);
	return { kind: 'file', path, stamp: stat === undefined ? '' : stampOf(stat), digest, isYoung };
}

/** Remembers the entries of a folder that another process has listed since `since`; of one that changes, nothing holds. */
export function watchListed(path: string, since: bigint): Watched {
	const stat = look(path);
	if (stat === undefined) return { kind: 'absent', path };
	return { kind: 'folder', path, stamp: stat.ctimeNs + clockNanoseconds > since ? '' : stampOf(stat) };
}

/** How things stand with what was remembered: changed (undefined), or the same, perhaps with newer stamps. */
export function unchanged(
	all: readonly Watched[],
): { readonly watched: readonly Watched[]; readonly isNewer: boolean } | undefined {
	let isNewer = false;
	const watched: Watched[] = [];
	for (const entry of all) {
		const now = entry.kind === 'file' ? sameFile(entry) : sameOther(entry);
		if (now === undefined) return undefined;
		if (now !== entry) isNewer = true;
		watched.push(now);
	}
	return { watched, isNewer };
}

function sameOther(entry: Watched): Watched | undefined {
	const stat = look(entry.path);
	if (entry.kind === 'folder') return stat?.isDirectory() && stampOf(stat) === entry.stamp ? entry : undefined;
	return stat === undefined || !(stat.isFile() || stat.isDirectory()) ? entry : undefined;
}

function sameFile(entry: Watched & { readonly kind: 'file' }): Watched | undefined {
	const stat = look(entry.path);
	if (stat === undefined || !stat.isFile()) return undefined;
	if (!entry.isYoung && stampOf(stat) === entry.stamp) return entry;
	const { watched } = readWatched(entry.path);
	if (watched.kind !== 'file' || watched.digest !== entry.digest) return undefined;
	return watched.stamp === entry.stamp && watched.isYoung === entry.isYoung ? entry : watched;
}
