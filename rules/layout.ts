// Lays a space out: its expression becomes index columns, once for each space that is asked for.
// Knows every kind of expression; what the user's functions answer it gets as columns.
import { derivedColumn, yesOrNo } from './asking.ts';
import { type Column, counted, inBlocks, newCodes, type Rows, repeatEach, stacked, tile } from './columns.ts';
import { count } from './count.ts';
import { distinct, distinctAfter, kept } from './distinct.ts';
import { type AnySpace, type Expression, expression } from './expression.ts';
import type { Problem } from './problem.ts';
import type { Layout } from './rows.ts';
import type { Value } from './value.ts';

/** More sets than this are a problem: they would not fit in memory. */
export const mostSets = 2 ** 28;

interface LaidOut {
	readonly layout: Layout;
	readonly problems: readonly Problem[];
}

const done = new WeakMap<Expression, LaidOut>();
const users = new WeakMap<Expression, number>();

/** Says that one more expression is made of this one; what several are made of is laid out once and kept. */
export function countUser(node: Expression): void {
	users.set(node, usersOf(node) + 1);
}

/** The space as index columns; computed at the first call and kept. */
export function layoutOf(space: AnySpace): Layout {
	return laidOut(space[expression]).layout;
}

/** What went wrong while a space was laid out: its functions threw or gave no value, or it is too large. */
export function layoutProblems(space: AnySpace): readonly Problem[] {
	return [...new Set(laidOut(space[expression]).problems)];
}

function laidOut(node: Expression): LaidOut {
	const known = done.get(node);
	if (known !== undefined) return known;
	const problems: Problem[] = [];
	const { size, columns } = computed(node, problems);
	const fresh: LaidOut = { layout: { size, columns, seeds: node.seeds }, problems };
	done.set(node, fresh);
	return fresh;
}

function usersOf(node: Expression): number {
	return users.get(node) ?? 0;
}

function rowsOf(node: Expression, problems: Problem[]): Rows {
	if (!done.has(node) && usersOf(node) < 2) return computed(node, problems);
	const known = laidOut(node);
	problems.push(...known.problems);
	return known.layout;
}

type Of<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>;

function computed(node: Expression, problems: Problem[]): Rows {
	switch (node.kind) {
		case 'grid':
			return gridRows(node, problems);
		case 'rows':
			return distinct(node);
		case 'times':
			return timesRows(node, problems);
		case 'plus':
			return plusRows(node, problems);
		case 'where': {
			const rows = rowsOf(node.of, problems);
			const keep = yesOrNo(node, rows, problems);
			return keep?.includes(0) ? kept(rows, keep) : rows;
		}
		case 'drop':
			return dropRows(node, problems);
		case 'derive': {
			const rows = rowsOf(node.of, problems);
			return withColumns(node, rows, [derivedColumn(node, rows, problems)]);
		}
		case 'pick': {
			const { size, columns } = rowsOf(node.of, problems);
			return distinct({ size, columns: ordered(node, columns) });
		}
		case 'with': {
			const rows = rowsOf(node.of, problems);
			const constants = [...node.constants].map(([name, value]) => constant(name, value, rows.size));
			return withColumns(node, rows, constants);
		}
		case 'trials':
			return trialsRows(node, problems);
	}
}

function gridRows(node: Of<'grid'>, problems: Problem[]): Rows {
	const size = node.axes.reduce((product, { values }) => product * values.length, 1);
	if (size === 0 || tooMany(size, node, problems)) return nothing(node);
	let before = 1;
	const columns = node.axes.map(({ name, values }): Column => {
		const after = size / (before * values.length);
		const codes = tile(repeatEach(counted(values.length), after), before);
		before *= values.length;
		return { name, values, codes, default: values.axis.default };
	});
	return { size, columns };
}

function timesRows(node: Of<'times'>, problems: Problem[]): Rows {
	const left = rowsOf(node.left, problems);
	const right = rowsOf(node.right, problems);
	const size = left.size * right.size;
	if (tooMany(size, node, problems)) return nothing(node);
	const columns = [
		...left.columns.map((column) => ({ ...column, codes: repeatEach(column.codes, right.size) })),
		...right.columns.map((column) => ({ ...column, codes: tile(column.codes, left.size) })),
	];
	return { size, columns: ordered(node, columns) };
}

// A chain of unions, however long, is stacked at once.
function plusRows(node: Of<'plus'>, problems: Problem[]): Rows {
	const chain = [node.right];
	let first = node.left;
	while (first.kind === 'plus' && !done.has(first) && usersOf(first) < 2) {
		chain.push(first.right);
		first = first.left;
	}
	const parts = [first, ...chain.reverse()].map((part) => {
		const { size, columns } = rowsOf(part, problems);
		return { size, columns: new Map(columns.map((column) => [column.name, column])) };
	});
	const size = parts.reduce((sum, part) => sum + part.size, 0);
	if (tooMany(size, node, problems)) return nothing(node);
	const columns = node.heading.map(({ name, default: fallback }) => {
		const pieces = parts.map((part) => ({ size: part.size, column: part.columns.get(name) }));
		return stacked(name, pieces, fallback);
	});
	return distinct({ size, columns });
}

function dropRows(node: Of<'drop'>, problems: Problem[]): Rows {
	const rows = rowsOf(node.of, problems);
	const column = rows.columns.find(({ name }) => name === node.name);
	const absent = column === undefined ? undefined : yesOrNo(node, rows, problems);
	if (column === undefined || !absent?.includes(1)) return rows;
	const codes = column.codes.slice();
	inBlocks(rows.size, (from, to) => {
		for (let row = from; row < to; row++) codes[row]! *= 1 - absent[row]!;
	});
	const changed: Column = { ...column, codes };
	const columns = rows.columns.map((other) => (other === column ? changed : other));
	return distinctAfter({ size: rows.size, columns }, changed);
}

function trialsRows(node: Of<'trials'>, problems: Problem[]): Rows {
	const rows = rowsOf(node.of, problems);
	const { count: trials } = node;
	const size = rows.size * trials;
	if (tooMany(size, node, problems)) return nothing(node);
	const numbers = Array.from({ length: trials }, (_, i) => i);
	const trial = { name: 'trial', values: numbers, codes: tile(counted(trials), rows.size), default: undefined };
	const others = rows.columns.map((column) => ({ ...column, codes: repeatEach(column.codes, trials) }));
	return { size, columns: [...others, trial] };
}

// Columns in the order of the node's heading, each with the heading's default; of two with one name the first.
function ordered(node: Expression, columns: readonly Column[]): readonly Column[] {
	return node.heading.flatMap(({ name, default: fallback }) => {
		const column = columns.find((other) => other.name === name);
		return column === undefined ? [] : [{ ...column, default: fallback }];
	});
}

// New columns, some perhaps in place of old ones: only then can sets coincide.
function withColumns(node: Expression, { size, columns }: Rows, fresh: readonly Column[]): Rows {
	const all = ordered(node, [...fresh, ...columns]);
	const rows = { size, columns: all };
	return all.length === fresh.length + columns.length ? rows : distinct(rows);
}

function constant(name: string, value: Value, size: number): Column {
	return { name, values: [value], codes: newCodes(size, 1).fill(1), default: undefined };
}

function tooMany(size: number, node: Expression, problems: Problem[]): boolean {
	if (size <= mostSets) return false;
	const [has, holds] = [size, mostSets].map(count);
	problems.push({
		message: `a space has ${has} parameter sets; scanmake holds ${holds} at most. Use fewer values or trials.`,
		stack: node.site,
	});
	return true;
}

function nothing(node: Expression): Rows {
	return { size: 0, columns: node.heading.map((column) => ({ ...column, values: [], codes: new Uint8Array(0) })) };
}
