// Digests of files, remembered by size, mtime, ctime and inode so that an unchanged file is not read again.
// A file younger than two seconds when it was digested is digested again: its times could not tell a later change.
import { type BigIntStats, statSync } from 'node:fs';
import { digestFile } from './digest.ts';
import { isRestless, stampOf as looksOf, nowNanoseconds } from './stamp.ts';
import type { Digest } from './tasks.ts';

/** Digests of files, by absolute path. */
export interface FileDigests {
	digestOf(path: string): Promise<Digest>;
	/** The looks (see stamp.ts) under which the digest of `path` holds; undefined where the file was too young to tell, or not asked for. */
	stampOf(path: string): string | undefined;
	/** What was learned and is worth remembering: facts for the store. */
	learned(): ReadonlyMap<string, Uint8Array>;
}

const stampLength = 32;

/** `recall` gives a fact remembered by an earlier run. */
export function fileDigests(recall: (name: string) => Uint8Array | undefined): FileDigests {
	const learned = new Map<string, Uint8Array>();
	const known = new Map<string, Digest>();
	const stamps = new Map<string, string>();

	async function digestOf(path: string): Promise<Digest> {
		const before = known.get(path);
		if (before !== undefined) return before;
		const name = `file ${path}`;
		const stat = statSync(path, { bigint: true });
		const stamp = stampOf(stat);
		const fact = recall(name);
		if (fact?.length === stampLength + 32 && Buffer.compare(fact.subarray(0, stampLength), stamp) === 0) {
			const digest = Uint8Array.from(fact.subarray(stampLength));
			known.set(path, digest);
			stamps.set(path, looksOf(stat));
			return digest;
		}
		const now = nowNanoseconds();
		const digest = await digestFile(path);
		known.set(path, digest);
		if (!isRestless(stat, now)) {
			stamps.set(path, looksOf(stat));
			learned.set(name, Buffer.concat([stamp, digest]));
		}
		return digest;
	}
	return { digestOf, stampOf: (path) => stamps.get(path), learned: () => learned };
}

function stampOf(stat: BigIntStats): Buffer {
	const stamp = Buffer.alloc(stampLength);
	for (const [i, part] of [stat.size, stat.mtimeNs, stat.ctimeNs, stat.ino].entries())
		stamp.writeBigUInt64LE(BigInt.asUintN(64, part), i * 8);
	return stamp;
}
