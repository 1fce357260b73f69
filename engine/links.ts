// Which upstream tasks a task takes its inputs from, as flat arrays.
// Pure: takes layouts, returns arrays or the rows that have no answer.
import type { Layout } from '../rules/space.ts';
import { columnOf, defaultsDiffer, joinRows } from './join.ts';

/** How the tasks of a rule take their input `name` from the tasks of `upstream` (a place in the scan's rules). */
export type Link =
	/** Task i takes task `rows[i]`. */
	| { readonly kind: 'one'; readonly name: string; readonly upstream: number; readonly rows: Int32Array }
	/** Task i takes `members[starts[i] … starts[i + 1]]`; upstream task j belongs to task `groups[j]`. */
	| {
			readonly kind: 'groups';
			readonly name: string;
			readonly upstream: number;
			readonly groups: Uint32Array;
			readonly starts: Uint32Array;
			readonly members: Uint32Array;
	  }
	/** The one task takes all. */
	| { readonly kind: 'all'; readonly name: string; readonly upstream: number };

/** The upstream row for each row, or the rows for which there is none or are several (-1 or -2 in `rows`). */
export interface Linked {
	readonly rows: Int32Array;
	readonly none: number;
	readonly several: number;
	/** Shared names with two different defaults: no link is right then. */
	readonly conflicts: readonly string[];
}

/** Links each row of `layout` to the one row of `upstream` that agrees with it on all names they share. */
export function linkRows(layout: Layout, upstream: Layout): Linked {
	const names = layout.columns
		.map((column) => column.name)
		.filter((name) => upstream.columns.some((column) => column.name === name));
	const conflicts = names.filter((name) => defaultsDiffer(columnOf(layout, name), columnOf(upstream, name)));
	const { codes, bound } = joinRows([layout, upstream], names);
	const [own, theirs] = codes as [Float64Array, Float64Array];
	// 0 none, k + 1 the only row k, -1 several
	const owner = new Int32Array(bound);
	for (let row = 0; row < theirs.length; row++) {
		const code = theirs[row]!;
		owner[code] = owner[code] === 0 ? row + 1 : -1;
	}
	const rows = new Int32Array(layout.size);
	let none = 0;
	let several = 0;
	for (let row = 0; row < rows.length; row++) {
		const found = owner[own[row]!]!;
		if (found > 0) rows[row] = found - 1;
		else if (found === 0) {
			rows[row] = -1;
			none++;
		} else {
			rows[row] = -2;
			several++;
		}
	}
	return { rows, none, several, conflicts };
}

/** The groups of `upstream` by some of its names, in order of first appearance. */
export interface Grouped {
	readonly groups: Uint32Array;
	readonly starts: Uint32Array;
	readonly members: Uint32Array;
	/** The first member of each group. */
	readonly first: Uint32Array;
}

export function groupRows(upstream: Layout, by: readonly string[]): Grouped {
	const { codes, bound } = joinRows([upstream], by);
	const own = codes[0] as Float64Array;
	const numbers = new Int32Array(bound);
	const groups = new Uint32Array(own.length);
	let count = 0;
	for (let row = 0; row < own.length; row++) {
		const code = own[row]!;
		if (numbers[code] === 0) numbers[code] = ++count;
		groups[row] = numbers[code]! - 1;
	}
	const { starts, members } = invert(groups, count);
	const first = Uint32Array.from({ length: count }, (_, group) => members[starts[group]!]!);
	return { groups, starts, members, first };
}

/** The rows that point to each of `count` targets, in order: targets' rows are `members[starts[t] … starts[t + 1]]`. */
export function invert(
	targets: ArrayLike<number>,
	count: number,
): { readonly starts: Uint32Array; readonly members: Uint32Array } {
	const starts = new Uint32Array(count + 1);
	for (let row = 0; row < targets.length; row++) starts[targets[row]! + 1]!++;
	for (let target = 0; target < count; target++) starts[target + 1]! += starts[target]!;
	const next = starts.slice(0, count);
	const members = new Uint32Array(targets.length);
	for (let row = 0; row < targets.length; row++) members[next[targets[row]!]!++] = row;
	return { starts, members };
}
