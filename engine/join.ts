// Rows of several spaces compared by the parameters that they share: one integer a row, equal where the values agree.
// Absent agrees with absent and with the name's default. Knows nothing of rules or tasks.
import { canonicalValue } from '../rules/canonical.ts';
import type { Value } from '../rules/index.ts';
import type { Column, Layout } from '../rules/space.ts';

/** Codes of the rows of each layout in one numbering: equal exactly where the rows agree on all `names`. */
export interface Joined {
	readonly codes: readonly Float64Array[];
	/** Codes are below this. */
	readonly bound: number;
}

// Tables by code stay in proportion to the rows.
const codesPerRow = 16;
const smallestBound = 2 ** 16;

/** One code a row for each layout; every layout has all the names. */
export function joinRows(layouts: readonly Layout[], names: readonly string[]): Joined {
	const codes = layouts.map((layout) => new Float64Array(layout.size));
	const largestDense = Math.max(smallestBound, codesPerRow * layouts.reduce((rows, layout) => rows + layout.size, 0));
	let bound = 1;
	for (const name of names) {
		const columns = layouts.map((layout) => columnOf(layout, name));
		const { numbers, radix } = commonNumbers(columns);
		if (bound * radix > largestDense) bound = renumber(codes);
		for (const [i, target] of codes.entries()) {
			const source = (columns[i] as Column).codes;
			const number = numbers[i] as Uint32Array;
			for (let row = 0; row < target.length; row++) target[row] = target[row]! * radix + number[source[row]!]!;
		}
		bound *= radix;
	}
	if (bound > largestDense) bound = renumber(codes);
	return { codes, bound };
}

/** The default of a name over several spaces; two that differ are reported by `defaultsDiffer`. */
export function defaultsDiffer(left: Column, right: Column): boolean {
	return left.default !== undefined && right.default !== undefined && left.default !== right.default;
}

export function columnOf(layout: Layout, name: string): Column {
	const column = layout.columns.find((candidate) => candidate.name === name);
	if (column === undefined) throw new Error(`no column ${name}`);
	return column;
}

// Number 0 is absent (or the default); each other value has one number in all columns.
function commonNumbers(columns: readonly Column[]): { numbers: Uint32Array[]; radix: number } {
	const fallback = columns.find((column) => column.default !== undefined)?.default;
	const seen = new Map<string, number>();
	if (fallback !== undefined) seen.set(canonicalValue(fallback), 0);
	let next = 1;
	const numberOf = (value: Value): number => {
		const text = canonicalValue(value);
		let number = seen.get(text);
		if (number === undefined) {
			number = next++;
			seen.set(text, number);
		}
		return number;
	};
	const numbers = columns.map((column) => Uint32Array.from([0, ...column.values.map(numberOf)]));
	return { numbers, radix: next };
}

// Codes by order of first appearance, so that further columns fit into exact integers.
function renumber(codes: readonly Float64Array[]): number {
	const ranks = new Map<number, number>();
	for (const column of codes) {
		for (let row = 0; row < column.length; row++) {
			const code = column[row]!;
			let rank = ranks.get(code);
			if (rank === undefined) {
				rank = ranks.size;
				ranks.set(code, rank);
			}
			column[row] = rank;
		}
	}
	return Math.max(1, ranks.size);
}
