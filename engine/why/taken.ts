// Which upstream rows some tasks take from one input, and which of them are other than those that they took before.
// Knows neither why they are others nor how that is said.

import { digestLength } from '../digest.ts';
import type { KeyInput } from '../key.ts';
import type { Link } from '../links.ts';
import { isDone, stateOf, type TaskTable } from '../tasks.ts';
import type { Matched } from './sets.ts';

/** Marks by upstream row. */
export interface Taken {
	/** Of now. */
	readonly all: Uint8Array;
	readonly changed: Uint8Array;
	readonly added: Uint8Array;
	/** Of then. */
	readonly allBefore: Uint8Array;
	readonly removed: Uint8Array;
}

/** What tasks take through an input; `rowOf` is a task's row of then, `matched` the upstream rows of now as rows of then. */
export function takenRows(
	tasks: readonly number[],
	rowOf: (task: number) => number,
	{ before, now }: { readonly before: KeyInput; readonly now: KeyInput },
	matched: Matched,
): Taken {
	const [size, sizeBefore] = [now.table.size, before.table.size];
	const [all, changed, added] = [new Uint8Array(size), new Uint8Array(size), new Uint8Array(size)];
	const [allBefore, kept] = [new Uint8Array(sizeBefore), new Uint8Array(sizeBefore)];
	for (const task of tasks) {
		const row = rowOf(task);
		if (row < 0) continue;
		forEachRow(before.link, row, sizeBefore, (old) => {
			if (isDone(stateOf(before.table, old))) allBefore[old] = 1;
		});
		forEachRow(now.link, task, size, (upstream) => {
			if (!isDone(stateOf(now.table, upstream))) return;
			all[upstream] = 1;
			const old = matched.rowOf(upstream);
			if (old < 0 || !isDone(stateOf(before.table, old)) || !takes(before.link, row, old)) added[upstream] = 1;
			else {
				kept[old] = 1;
				if (!isSameDigest(now.table, upstream, before.table, old)) changed[upstream] = 1;
			}
		});
	}
	const removed = allBefore.map((is, row) => (is === 1 && kept[row] === 0 ? 1 : 0));
	return { all, changed, added, allBefore, removed };
}

/** The rows of now that are new or have another result; undefined: none. */
export function otherRows({ changed, added }: Taken): Uint8Array | undefined {
	const other = changed.map((is, row) => is | added[row]!);
	return other.includes(1) ? other : undefined;
}

/** The upstream rows that a task takes through a link, those without a result too. */
export function forEachRow(link: Link, task: number, size: number, visit: (row: number) => void): void {
	if (link.kind === 'one') visit(link.rows[task]!);
	else if (link.kind === 'all') for (let row = 0; row < size; row++) visit(row);
	else for (let at = link.starts[task]!; at < link.starts[task + 1]!; at++) visit(link.members[at]!);
}

function takes(link: Link, task: number, row: number): boolean {
	if (link.kind === 'one') return link.rows[task] === row;
	return link.kind === 'all' || link.groups[row] === task;
}

function isSameDigest(left: TaskTable, at: number, right: TaskTable, other: number): boolean {
	const [start, from] = [at * digestLength, other * digestLength];
	for (let i = 0; i < digestLength; i++) if (left.digests[start + i] !== right.digests[from + i]) return false;
	return true;
}
