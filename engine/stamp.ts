// The looks of a file by which a change is seen without reading it. Knows nothing of what is in the file.
import type { BigIntStats } from 'node:fs';

const restlessNanoseconds = 2_000_000_000n;

/** Size, mtime, ctime and inode: another text means that the file may have changed. */
export function stampOf(stat: BigIntStats): string {
	return `${stat.size} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.ino}`;
}

/** The present as a file's times count it. */
export function nowNanoseconds(): bigint {
	return BigInt(Date.now()) * 1_000_000n;
}

/** Whether a file changed less than two seconds before `now`: its times could not tell a later change. */
export function isRestless(stat: BigIntStats, now: bigint): boolean {
	return now - stat.mtimeNs < restlessNanoseconds || now - stat.ctimeNs < restlessNanoseconds;
}
