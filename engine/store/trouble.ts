// What the operating system and lmdb report → sentences for the user: a full disk, a folder that may not be written,
// a damaged database. Knows nothing of what was being done.
import { UserError } from '../errors.ts';

// Errors of the operating system have a number (lmdb) or a name (Node); cacache may overwrite the name.
const fullDisk = new Set<unknown>([28, 27, 122, -28, -27, -122, 'ENOSPC', 'EFBIG', 'EDQUOT']);
/** lmdb says "input/output error" where a write was cut short: mostly a full disk, too. */
const cutShort = new Set<unknown>([5, -5, 'EIO']);
const forbidden = new Set<unknown>([1, 13, 30, -1, -13, -30, 'EPERM', 'EACCES', 'EROFS']);
/** lmdb: page not found, corrupted, panic, version mismatch, invalid; incompatible, bad transaction, size, other. */
const damaged = new Set<unknown>([-30797, -30796, -30795, -30794, -30793, -30784, -30782, -30781, -30779]);
const notFolder = new Set<unknown>([20, -20, -17, 'ENOTDIR', 'EEXIST']);
const manyReaders = -30790;

/** The error as the user should read it; an error that is not about the store's place is returned as it is. */
export function worded(error: unknown, folder: string): unknown {
	if (error instanceof UserError || !(error instanceof Error)) return error;
	const { code, errno } = error as { readonly code?: unknown; readonly errno?: unknown };
	const is = (codes: ReadonlySet<unknown>) => codes.has(code) || codes.has(errno);
	if (is(fullDisk) || is(cutShort)) {
		const state = is(fullDisk) ? 'is full' : 'is full, or fails';
		return new UserError(
			'disk',
			`The disk of the store ${folder} ${state} (${error.message}). All results recorded before are kept; those of the tasks that were just ending are lost. Make room on that disk, or start a store on another one (--store), and run the same command again: it goes on from there.`,
		);
	}
	if (is(notFolder)) {
		return new UserError(
			'store',
			`The store ${folder} is no folder (${error.message}). Name another place with --store.`,
		);
	}
	if (is(forbidden)) {
		return new UserError(
			'store',
			`The store ${folder} cannot be used: permission denied (${error.message}). Change the permissions of that folder, or use another one with --store.`,
		);
	}
	if (is(damaged)) return damagedError(folder, error.message);
	if (code === manyReaders) {
		return new UserError('store', `Too many commands read the store ${folder} at once. Wait until some have ended.`);
	}
	return error;
}

/** The error for a database whose folder is to be moved away. */
export function damagedError(folder: string, flaw: string): UserError {
	return new UserError(
		'store',
		`The database of the store is damaged (${flaw}). Move it away (mv ${folder} ${folder}.damaged) and run the same command again: the results are computed anew.`,
	);
}
