// Read-only copies of upstream files in a build's work folder, one a content and name, and whether anyone altered one:
// who may write everywhere, or takes the protection off, can. Knows neither tasks nor keys.
import { chmodSync, mkdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { digestFile, hex } from './digest.ts';
import { stampOf } from './stamp.ts';
import type { Store, StoredFile } from './store/store.ts';
import { worded } from './store/trouble.ts';

/** A copy as it was handed out. */
export interface Copy {
	readonly path: string;
	/** SHA-256 of its bytes. */
	readonly digest: Uint8Array;
	readonly size: number;
	/** How many copies at this path had been altered before. */
	readonly version: number;
}

export interface Copies {
	/** Undefined: the store cannot give the file back. */
	of(file: StoredFile): Promise<Copy | undefined>;
	/** Whether someone altered the copy since it was handed out. It is taken away then, and who asks `of` gets a new one. */
	isAltered(copy: Copy): boolean | Promise<boolean>;
	/** A bundle needs the copies, until it releases them. Of those that no bundle needs only some stay. */
	hold(copies: Iterable<Copy>): void;
	release(copies: Iterable<Copy>): void;
}

const mostIdle = 256;
const mostIdleBytes = 1024 ** 3;

export function copiesIn(workFolder: string, store: Store): Copies {
	// looks by path
	const made = new Map<string, string>();
	const alterations = new Map<string, number>();
	const holders = new Map<string, number>();
	// sizes by path, longest idle first
	const idle = new Map<string, number>();
	let idleBytes = 0;

	return {
		async of(file) {
			const path = join(workFolder, 'in', `${hex(file.digest)}${file.executable ? 'x' : ''}`, file.name);
			const copy = { path, digest: file.digest, size: file.size, version: alterations.get(path) ?? 0 };
			if (made.has(path)) return copy;
			try {
				mkdirSync(dirname(path), { recursive: true });
				if (!(await store.copyFile(file, path))) return undefined;
				chmodSync(path, file.executable ? 0o555 : 0o444);
			} catch (error) {
				throw worded(error, store.folder);
			}
			made.set(path, looksOf(path));
			return copy;
		},
		isAltered(copy) {
			if (copy.version !== (alterations.get(copy.path) ?? 0)) return true;
			const looks = looksOf(copy.path);
			return looks !== made.get(copy.path) && isOther(copy, looks);
		},
		hold(copies) {
			for (const { path } of copies) {
				holders.set(path, (holders.get(path) ?? 0) + 1);
				idleBytes -= idle.get(path) ?? 0;
				idle.delete(path);
			}
			// not when they are released: the next bundle may need the same
			for (const [path, size] of idle) {
				if (idle.size <= mostIdle && idleBytes <= mostIdleBytes) return;
				idle.delete(path);
				idleBytes -= size;
				if (takenAway(path)) made.delete(path);
			}
		},
		release(copies) {
			for (const { path, size } of copies) {
				const left = (holders.get(path) ?? 0) - 1;
				if (left > 0) {
					holders.set(path, left);
					continue;
				}
				holders.delete(path);
				idle.set(path, size);
				idleBytes += size;
			}
		},
	};

	async function isOther({ path, digest, version }: Copy, looks: string): Promise<boolean> {
		if (looks !== '' && Buffer.compare(await digestFile(path), digest) === 0) {
			made.set(path, looks);
			return false;
		}
		alterations.set(path, version + 1);
		made.delete(path);
		rmSync(path, { recursive: true, force: true });
		return true;
	}
}

// What cannot be taken away goes with the work folder.
function takenAway(path: string): boolean {
	try {
		rmSync(path, { recursive: true, force: true });
	} catch {
		return false;
	}
	try {
		rmdirSync(dirname(path));
	} catch {
		// it holds a copy of another name
	}
	return true;
}

/** Empty where there is no file. */
function looksOf(path: string): string {
	const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
	return stat?.isFile() === true ? stampOf(stat) : '';
}
