// What a machine offers to a scan: Node, memory, cores, limits, space on its disks. Looks, and changes nothing that stays.
// Knows no scan.
import { execFile } from 'node:child_process';
import {
	type BigIntStats,
	linkSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	rmSync,
	statfsSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

export interface Machine {
	/** `20.19.2`. */
	readonly node: string;
	readonly isNewEnough: boolean;
	readonly cores: number;
	readonly memoryMiB: number;
	/** Open files and processes that this user may have; undefined where it is not known. */
	readonly limits: { readonly files: number | undefined; readonly processes: number | undefined };
}

/** The oldest release of Node that scanmake runs with. */
export const oldestNode = [20, 19] as const;

export function machine(version = process.versions.node): Machine {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	return {
		node: version,
		isNewEnough: major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]),
		cores: availableParallelism(),
		memoryMiB: machineMemoryMiB(),
		limits: limits(),
	};
}

/** The memory that this process may have: the machine's, or what it is allowed. */
export function machineMemoryMiB(): number {
	const allowed = process.constrainedMemory();
	const bytes = allowed > 0 && allowed < totalmem() ? allowed : totalmem();
	return Math.floor(bytes / 2 ** 20);
}

function limits(): Machine['limits'] {
	let text = '';
	try {
		text = readFileSync('/proc/self/limits', 'utf8');
	} catch {}
	const soft = (name: string): number | undefined => {
		const found = new RegExp(`^Max ${name} +(\\S+)`, 'm').exec(text)?.[1];
		return found === undefined ? undefined : found === 'unlimited' ? Number.POSITIVE_INFINITY : Number(found);
	};
	return { files: soft('open files'), processes: soft('processes') };
}

/** What is free on the file system of a folder that exists. */
export interface DiskSpace {
	readonly freeBytes: number;
	/** Files that can still be made; undefined where the file system has no such limit. */
	readonly freeFiles: number | undefined;
}

export function spaceIn(folder: string): DiskSpace | undefined {
	try {
		const { bavail, bsize, ffree, files } = statfsSync(folder);
		return { freeBytes: bavail * bsize, freeFiles: files > 0 ? ffree : undefined };
	} catch {
		return undefined;
	}
}

/** What a file system can do, as far as it can be known without writing to it. */
export interface FileSystem {
	/** Undefined: not known. */
	readonly renames: boolean | undefined;
	readonly hasFineTimes: boolean | undefined;
}

/** Tries it in the system's folder for temporary files where that is on the same file system; else looks at what is there. */
export function fileSystemOf(folder: string, known: readonly string[]): FileSystem {
	const isFine = known.some((path) => (statOf(path)?.mtimeNs ?? 0n) % 1_000_000_000n !== 0n);
	const seen: FileSystem = { renames: undefined, hasFineTimes: isFine ? true : undefined };
	try {
		if (statSync(tmpdir()).dev !== statSync(folder).dev) return seen;
	} catch {
		return seen;
	}
	let place: string | undefined;
	try {
		place = mkdtempSync(join(tmpdir(), 'scanmake-doctor-'));
		const [one, other] = [join(place, 'one'), join(place, 'other')];
		writeFileSync(one, '');
		linkSync(one, other);
		renameSync(one, join(place, 'three'));
		return { renames: true, hasFineTimes: isFine || statSync(other, { bigint: true }).mtimeNs % 1_000_000_000n !== 0n };
	} catch {
		return seen;
	} finally {
		if (place !== undefined) rmSync(place, { recursive: true, force: true });
	}
}

/** The git checkout of a folder; undefined where there is none, or no git. */
export async function checkoutOf(
	folder: string,
): Promise<{ readonly commit: string; readonly changed: number } | undefined> {
	const git = async (...words: readonly string[]): Promise<string> =>
		(await promisify(execFile)('git', words, { cwd: folder, timeout: 5000, maxBuffer: 64 * 2 ** 20 })).stdout;
	try {
		const commit = (await git('rev-parse', '--short', 'HEAD')).trim();
		const status = await git('--no-optional-locks', 'status', '--porcelain', '--untracked-files=no');
		return { commit, changed: status.split('\n').filter((line) => line !== '').length };
	} catch {
		return undefined;
	}
}

/** The folder itself, or the next above it that is there. */
export function existing(folder: string): string {
	let place = folder;
	while (statOf(place) === undefined && dirname(place) !== place) place = dirname(place);
	return place;
}

/** What is at a path; undefined where nothing is, or where a part of the path is no folder. */
export function statOf(path: string): BigIntStats | undefined {
	try {
		return statSync(path, { bigint: true });
	} catch {
		return undefined;
	}
}
