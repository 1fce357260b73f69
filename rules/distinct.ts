// Distinct rows: of those that are equal the first stays. Two rows are equal when their canonical parameters are:
// absent and the name's default are the same. Exact: no row is taken for another because of a hash.
import { blockSize, type Codes, type Column, filtered, inBlocks, type Rows, stretchesOf } from './columns.ts';

const mostBits = 2 ** 27;

/** The rows without those that are equal to an earlier one. */
export function distinct(rows: Rows): Rows {
	const first = firstRows(rows.size, rows.columns);
	return first === undefined ? rows : kept(rows, first);
}

/**
 * The same for rows that were distinct before one column changed: they can coincide only where it is now absent or at
 * its default, and only these are looked at.
 */
export function distinctAfter(rows: Rows, changed: Column): Rows {
	const { codes, values, default: fallback } = changed;
	const isNothing = Uint8Array.from([1, ...values.map((value) => (value === fallback ? 1 : 0))]);
	const keep = new Uint8Array(rows.size);
	inBlocks(rows.size, (from, to) => {
		for (let row = from; row < to; row++) keep[row] = isNothing[codes[row]!]!;
	});
	const others = rows.columns.filter(({ name }) => name !== changed.name);
	const members = kept({ size: rows.size, columns: others }, keep);
	const first = firstRows(members.size, members.columns);
	if (first === undefined) return rows;
	let member = 0;
	inBlocks(rows.size, (from, to) => {
		let next = member;
		for (let row = from; row < to; row++) keep[row] = keep[row] === 0 ? 1 : first[next++]!;
		member = next;
	});
	return kept(rows, keep);
}

/** The rows whose `keep` is 1. */
export function kept(rows: Rows, keep: Uint8Array): Rows {
	const stretches = stretchesOf(keep);
	const columns = rows.columns.map((column) => ({ ...column, codes: filtered(column.codes, stretches) }));
	return { size: stretches.count, columns };
}

// 1 for the first row of each kind, 0 for the others; undefined where every row is distinct.
function firstRows(size: number, columns: readonly Column[]): Uint8Array | undefined {
	const digits = columns.map(canonicalCodes);
	const kinds = digits.reduce((product, digit) => product * digit.radix, 1);
	const keep = new Uint8Array(size);
	const count = kinds <= mostBits ? markByBits(keep, digits, kinds) : markByTable(keep, digits);
	return count === size ? undefined : keep;
}

/** A column as digits: code c of a row stands for digit `digits[c]`. */
interface Digits {
	readonly column: Column;
	readonly digits: Uint32Array;
	readonly radix: number;
}

function canonicalCodes(column: Column): Digits {
	const digits = Uint32Array.from({ length: column.values.length + 1 }, (_, code) => code);
	const fallback = column.default === undefined ? -1 : column.values.indexOf(column.default);
	if (fallback >= 0) digits[fallback + 1] = 0;
	return { column, digits, radix: digits.length };
}

// Every possible row is a number in mixed radix, and has a bit.
function markByBits(keep: Uint8Array, columns: readonly Digits[], kinds: number): number {
	const numbers = new Uint32Array(blockSize);
	const seen = new Uint8Array(Math.ceil(kinds / 8));
	let count = 0;
	inBlocks(keep.length, (from, to) => {
		numbers.fill(0);
		for (const { column, digits, radix } of columns)
			appendDigit(numbers, digits, { codes: column.codes, radix, from, to });
		let found = 0;
		for (let row = from; row < to; row++) {
			const number = numbers[row - from]!;
			const bit = 1 << (number & 7);
			const known = seen[number >>> 3]!;
			const fresh = (known & bit) === 0 ? 1 : 0;
			seen[number >>> 3] = known | bit;
			keep[row] = fresh;
			found += fresh;
		}
		count += found;
	});
	return count;
}

function appendDigit(
	numbers: Uint32Array,
	digits: Uint32Array,
	block: { readonly codes: Codes; readonly radix: number; readonly from: number; readonly to: number },
): void {
	const { codes, radix, from, to } = block;
	for (let row = from; row < to; row++) numbers[row - from] = numbers[row - from]! * radix + digits[codes[row]!]!;
}

// Too many possible rows for bits: an open table of row numbers, and rows of the same place compared digit by digit.
function markByTable(keep: Uint8Array, columns: readonly Digits[]): number {
	const hashes = new Uint32Array(keep.length);
	for (const { column, digits } of columns) {
		const { codes } = column;
		inBlocks(hashes.length, (from, to) => {
			for (let row = from; row < to; row++) hashes[row] = mixed(hashes[row]!, digits[codes[row]!]!);
		});
	}
	const bits = Math.max(4, Math.ceil(Math.log2(keep.length * 2)));
	const mask = 2 ** bits - 1;
	const table = new Uint32Array(2 ** bits); // 0: free, else row + 1
	let count = 0;
	inBlocks(hashes.length, (from, to) => {
		let found = 0;
		for (let row = from; row < to; row++) {
			const hash = hashes[row]!;
			let place = hash & mask;
			let other = table[place]!;
			while (other !== 0 && !(hashes[other - 1] === hash && sameRow(columns, other - 1, row))) {
				place = (place + 1) & mask;
				other = table[place]!;
			}
			if (other !== 0) continue;
			table[place] = row + 1;
			keep[row] = 1;
			found++;
		}
		count += found;
	});
	return count;
}

function sameRow(columns: readonly Digits[], a: number, b: number): boolean {
	for (const { column, digits } of columns) {
		if (digits[column.codes[a]!] !== digits[column.codes[b]!]) return false;
	}
	return true;
}

// One round of a multiplicative hash with the high bits folded into the low ones.
function mixed(hash: number, digit: number): number {
	const product = Math.imul(hash ^ digit, 0x9e3779b1);
	return Math.imul(product ^ (product >>> 15), 0x85ebca77) >>> 0;
}
