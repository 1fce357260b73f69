// Looks at the first two pages of an lmdb database before lmdb does: lmdb-js ends the process with a memory fault on a
// file that is no database or was cut short. Knows of the file format what these checks need.
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

// Each of the two pages describes the database after one of the last two transactions. In 32-bit words of this machine:
// 6 magic number, 7 version, 12 page size, 36 and 37 last page, 38 and 39 number of the transaction.
const headWords = 40;
const magic = 0xbeefc0de;

/** Whether there is a database at this path. */
export function isThere(file: string): boolean {
	if (!existsSync(file)) return false;
	const descriptor = openSync(file, 'r');
	try {
		return fstatSync(descriptor).size > 0;
	} finally {
		closeSync(descriptor);
	}
}

/** What is wrong with the database at this path; undefined where nothing is seen to be. */
export function flawOf(file: string): string | undefined {
	const descriptor = openSync(file, 'r');
	try {
		const { size } = fstatSync(descriptor);
		const first = headAt(descriptor, 0);
		const pageSize = first[12] ?? 0;
		const second = headAt(descriptor, pageSize);
		if (first[6] !== magic || second[6] !== magic) return `${file} is no database`;
		const lastPages = [first, second].map((head) => ({ page: wide(head, 36), transaction: wide(head, 38) }));
		const newest = lastPages.reduce((a, b) => (b.transaction > a.transaction ? b : a));
		const whole = (newest.page + 1) * pageSize;
		return size < whole ? `${file} has ${size} bytes of ${whole}` : undefined;
	} finally {
		closeSync(descriptor);
	}
}

function headAt(descriptor: number, position: number): Uint32Array {
	const words = new Uint32Array(headWords);
	readSync(descriptor, words, 0, words.byteLength, position);
	return words;
}

const wide = (words: Uint32Array, at: number) => (words[at] ?? 0) + 2 ** 32 * (words[at + 1] ?? 0);
