// Read-only copies of upstream files in a build's work folder, one a content and name, and whether anyone altered one:
// who may write everywhere, or takes the protection off, can. Knows neither tasks nor keys.
import { chmodSync, mkdirSync, rmSync, statSync } from 'node:fs';
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
	/** How many copies at this path had been altered before. */
	readonly version: number;
}

export interface Copies {
	/** Undefined: the store cannot give the file back. */
	of(file: StoredFile): Promise<Copy | undefined>;
	/** Whether someone altered the copy since it was handed out. It is taken away then, and who asks `of` gets a new one. */
	isAltered(copy: Copy): Promise<boolean>;
}

export function copiesIn(workFolder: string, store: Store): Copies {
	// looks by path
	const made = new Map<string, string>();
	const alterations = new Map<string, number>();

	return {
		async of(file) {
			const path = join(workFolder, 'in', `${hex(file.digest)}${file.executable ? 'x' : ''}`, file.name);
			const copy = { path, digest: file.digest, version: alterations.get(path) ?? 0 };
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
		async isAltered({ path, digest, version }) {
			const before = alterations.get(path) ?? 0;
			if (version !== before) return true;
			const looks = looksOf(path);
			if (looks === made.get(path)) return false;
			if (looks !== '' && Buffer.compare(await digestFile(path), digest) === 0) {
				made.set(path, looks);
				return false;
			}
			alterations.set(path, before + 1);
			made.delete(path);
			rmSync(path, { recursive: true, force: true });
			return true;
		},
	};
}

/** Empty where there is no file. */
function looksOf(path: string): string {
	const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
	return stat?.isFile() === true ? stampOf(stat) : '';
}
