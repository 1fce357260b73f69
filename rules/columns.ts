// Index columns: a dictionary of values and, a row, one small integer. Loops over typed arrays, no object a row.
// Knows no expression and no predicate.
import type { Value } from './value.ts';

/** One small integer a row: 0 is absent, k is `values[k - 1]`. */
export type Codes = Uint8Array | Uint16Array | Uint32Array;

/** One parameter of a laid-out space. */
export interface Column {
	readonly name: string;
	/** The dictionary, in the order of the axis. After `.where` or `.drop` no row may have some of them. */
	readonly values: readonly Value[];
	readonly codes: Codes;
	/** The value at which the name is left out of keys and seeds; undefined: none. */
	readonly default: Value | undefined;
}

/** Parameter sets as columns. */
export interface Rows {
	readonly size: number;
	readonly columns: readonly Column[];
}

/**
 * Runs a loop over `size` rows a block at a time. A small function that is called often is compiled within the first
 * blocks; one long loop waits for on-stack replacement, which costs more than all else where there are 10⁶ rows
 * (a `.where` and a `.drop` in a fresh process: 180 ms with long loops, 63 ms in blocks).
 */
export function inBlocks(size: number, loop: (from: number, to: number) => void): void {
	for (let from = 0; from < size; from += blockSize) loop(from, Math.min(from + blockSize, size));
}

/** Rows of one block. */
export const blockSize = 4096;

/** Zeroed codes of the narrowest type that holds a dictionary of this size. */
export function newCodes(size: number, dictionary: number): Codes {
	if (dictionary < 0x100) return new Uint8Array(size);
	return dictionary < 0x10000 ? new Uint16Array(size) : new Uint32Array(size);
}

/** Every code `times` times in a row: 1 2 becomes 1 1 2 2. */
export function repeatEach(codes: Codes, times: number): Codes {
	if (times === 1) return codes;
	const all = emptyLike(codes, codes.length * times);
	// Short runs cost less written one by one than by a call of `fill` each.
	inBlocks(codes.length, (from, to) => {
		if (times < 16) {
			let next = from * times;
			for (let row = from; row < to; row++) {
				const code = codes[row]!;
				for (let i = 0; i < times; i++) all[next++] = code;
			}
		} else {
			for (let row = from; row < to; row++) all.fill(codes[row]!, row * times, (row + 1) * times);
		}
	});
	return all;
}

/** All codes `times` times over: 1 2 becomes 1 2 1 2. */
export function tile(codes: Codes, times: number): Codes {
	if (times === 1) return codes;
	const all = emptyLike(codes, codes.length * times);
	if (all.length === 0) return all;
	all.set(codes);
	for (let done = codes.length; done < all.length; done *= 2)
		all.copyWithin(done, 0, Math.min(done, all.length - done));
	return all;
}

/** Stretches of rows that are kept: start and end, start and end, … */
export interface Stretches {
	readonly count: number;
	readonly bounds: Uint32Array;
}

/** The stretches of rows whose `keep` is 1. */
export function stretchesOf(keep: Uint8Array): Stretches {
	let bounds = new Uint32Array(1024);
	let used = 0;
	let count = 0;
	let before = 0;
	inBlocks(keep.length, (from, to) => {
		if (used + blockSize >= bounds.length) bounds = enlarged(bounds, used + blockSize + 1);
		const into = bounds;
		let next = used;
		let last = before;
		for (let row = from; row < to; row++) {
			const now = keep[row]!;
			count += now;
			if (now !== last) into[next++] = row;
			last = now;
		}
		used = next;
		before = last;
	});
	if (before === 1) bounds[used++] = keep.length;
	return { count, bounds: bounds.subarray(0, used) };
}

/** A copy with at least this much room. */
export function enlarged(numbers: Uint32Array, room: number): Uint32Array<ArrayBuffer> {
	const larger = new Uint32Array(Math.max(room, numbers.length * 2));
	larger.set(numbers);
	return larger;
}

/** The codes of these stretches. */
export function filtered(codes: Codes, { count, bounds }: Stretches): Codes {
	const kept = emptyLike(codes, count);
	let next = 0;
	inBlocks(bounds.length, (first, last) => {
		let to = next;
		for (let i = first; i < last; i += 2) {
			const end = bounds[i + 1]!;
			let from = bounds[i]!;
			// A native copy costs as much as some sixty rows.
			if (end - from > 64) {
				kept.set(codes.subarray(from, end), to);
				to += end - from;
			} else {
				while (from < end) kept[to++] = codes[from++]!;
			}
		}
		next = to;
	});
	return kept;
}

/** Codes 1 … `count`, one each. */
export function counted(count: number): Codes {
	const codes = newCodes(count, count);
	for (let row = 0; row < count; row++) codes[row] = row + 1;
	return codes;
}

/** Writes a column as rows bring its values. */
export interface ColumnWriter {
	set(row: number, value: Value): void;
	finish(fallback: Value | undefined): Column;
}

/** A column of `size` rows, absent where nothing is set; its dictionary is in order of first appearance. */
export function columnWriter(name: string, size: number): ColumnWriter {
	const known = new Map<Value, number>();
	const wide = new Uint32Array(size);
	return {
		set(row, value) {
			let code = known.get(value);
			if (code === undefined) {
				code = known.size + 1;
				known.set(value, code);
			}
			wide[row] = code;
		},
		finish(fallback) {
			return { name, values: [...known.keys()], codes: narrowed(wide, known.size), default: fallback };
		},
	};
}

/** The same codes in the narrowest type. */
export function narrowed(codes: Uint32Array, dictionary: number): Codes {
	const narrow = newCodes(0, dictionary);
	if (narrow instanceof Uint32Array) return codes;
	return narrow instanceof Uint8Array ? Uint8Array.from(codes) : Uint16Array.from(codes);
}

/** Several stretches of one column, one below the other; a stretch without the column is absent. */
export function stacked(
	name: string,
	parts: readonly { readonly size: number; readonly column: Column | undefined }[],
	fallback: Value | undefined,
): Column {
	const known = new Map<Value, number>();
	for (const { column } of parts) {
		for (const value of column?.values ?? []) if (!known.has(value)) known.set(value, known.size + 1);
	}
	const codes = newCodes(
		parts.reduce((sum, part) => sum + part.size, 0),
		known.size,
	);
	let start = 0;
	for (const { size, column } of parts) {
		if (column !== undefined) {
			const translated = Uint32Array.from([0, ...column.values.map((value) => known.get(value) ?? 0)]);
			const below = start;
			inBlocks(size, (from, to) => {
				for (let row = from; row < to; row++) codes[below + row] = translated[column.codes[row]!]!;
			});
		}
		start += size;
	}
	return { name, values: [...known.keys()], codes, default: fallback };
}

function emptyLike(codes: Codes, size: number): Codes {
	if (codes instanceof Uint8Array) return new Uint8Array(size);
	return codes instanceof Uint16Array ? new Uint16Array(size) : new Uint32Array(size);
}
