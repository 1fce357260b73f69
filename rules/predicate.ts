// Asks a user's function about every row of a table, with as few calls as can be. What the function reads of a
// parameter set is recorded and its answers are kept in a decision tree; the next row that looks the same to it is a walk.
// Knows no expression: it gets columns and gives one integer a row.

import { blockSize, type Column, type Rows } from './columns.ts';
import { recordingParams } from './recorder.ts';
import { paramsAt } from './rows.ts';
import type { Params } from './value.ts';

/** Where a function could not answer. */
export interface Unanswered {
	readonly row: number;
	readonly error: unknown;
}

/**
 * Writes `ask` of every row into `answers` (integers from 0). Where `ask` throws it stops and says at which row.
 * `ask` must be pure: rows in which all that it reads is the same share one call.
 */
export function askEach(
	rows: Rows,
	ask: (params: Params) => number,
	answers: Uint8Array | Uint32Array,
): Unanswered | undefined {
	const tree = decisionTree(rows, ask);
	const numbers = new Uint32Array(blockSize);
	let table = answerTable(rows, tree.reads);
	let row = 0;
	try {
		while (row < rows.size) {
			const from = row;
			const to = Math.min(from + blockSize, rows.size);
			if (table.reads < tree.reads.size) table = answerTable(rows, tree.reads);
			numberRows(numbers, table.columns, { from, to });
			while (row < to) {
				row = lookUp(answers, table.known, { numbers, from, row, to });
				if (row === to) break;
				const answer = tree.answer(row);
				if (answer < 0) return askPlainly(rows, ask, answers, row);
				// What was read just now may lie outside the table: then it says too little.
				if (table.fits && table.reads === tree.reads.size) table.known[numbers[row - from]!] = answer + 1;
				answers[row++] = answer;
			}
		}
	} catch (error) {
		return { row, error };
	}
	return undefined;
}

// Answers rows as long as the table knows them; the row at which it does not.
function lookUp(
	answers: Uint8Array | Uint32Array,
	known: Uint32Array,
	block: { readonly numbers: Uint32Array; readonly from: number; readonly row: number; readonly to: number },
): number {
	const { numbers, from, to } = block;
	let { row } = block;
	for (; row < to; row++) {
		const answer = known[numbers[row - from]!]!;
		if (answer === 0) break;
		answers[row] = answer - 1;
	}
	return row;
}

// Calls with a plain object for every row that is left: for functions that read too much to be worth a tree.
function askPlainly(
	rows: Rows,
	ask: (params: Params) => number,
	answers: Uint8Array | Uint32Array,
	first: number,
): Unanswered | undefined {
	let row = first;
	try {
		for (; row < rows.size; row++) answers[row] = ask(paramsAt(rows.columns, row));
	} catch (error) {
		return { row, error };
	}
	return undefined;
}

/** Answers by the combination of all that was ever read, in front of the tree: two loads a row instead of a walk. */
interface AnswerTable {
	readonly columns: readonly Column[];
	/** How many names it knows to be read. */
	readonly reads: number;
	/** Whether it can remember anything: not where the combinations are too many. */
	readonly fits: boolean;
	/** 0: not asked yet, else the answer + 1. */
	readonly known: Uint32Array;
}

function answerTable(rows: Rows, reads: ReadonlySet<number>): AnswerTable {
	const columns = [...reads].map((place) => rows.columns[place]!);
	const size = columns.reduce((product, { values }) => product * (values.length + 1), 1);
	const fits = size * 4 <= rows.size + blockSize;
	return { columns: fits ? columns : [], reads: reads.size, fits, known: new Uint32Array(fits ? size : 1) };
}

// Row by row a number in mixed radix: which combination of these columns it has.
function numberRows(
	numbers: Uint32Array,
	columns: readonly Column[],
	{ from, to }: { readonly from: number; readonly to: number },
): void {
	numbers.fill(0);
	for (const { codes, values } of columns) {
		const radix = values.length + 1;
		for (let row = from; row < to; row++) numbers[row - from] = numbers[row - from]! * radix + codes[row]!;
	}
}

// A tree with tables for nodes, in one array: cells[node] is a column's index, cells[node + 1 + code] what comes next:
// 0 not asked yet, above 0 another node, below 0 the answer −1 − x. cells[0] is where the walk begins.
function decisionTree(rows: Rows, ask: (params: Params) => number) {
	const { columns } = rows;
	const mostCells = Math.max(2 ** 16, 2 * rows.size);
	const reader = recordingParams(columns);
	const everRead = new Set<number>();
	let cells = new Int32Array(1024);
	let used = 1;
	let calls = 0;

	return {
		/** The columns that were ever read, by their place. */
		reads: everRead as ReadonlySet<number>,
		/** The answer for this row, or −1 where asking with plain objects is better from here on. */
		answer(row: number): number {
			let next = cells[0]!;
			while (next > 0) next = cells[next + 1 + columns[cells[next]!]!.codes[row]!]!;
			return next < 0 ? -1 - next : learn(row);
		},
	};

	function learn(row: number): number {
		if (calls >= 1024 && calls * 4 > row && !mayPay()) return -1;
		calls++;
		const reads = reader.readsOf(row, (params) => ask(params));
		let slot = 0;
		for (const read of reads.columns) {
			everRead.add(read);
			let node = cells[slot]!;
			if (node < 0) return -1;
			if (node === 0) {
				node = newNode(read);
				if (node === 0) return -1;
				cells[slot] = node;
			}
			// A function that reads something else although it saw the same is not pure: no tree for it.
			if (cells[node] !== read) return -1;
			slot = node + 1 + columns[read]!.codes[row]!;
		}
		if (cells[slot] !== 0) return -1;
		cells[slot] = -1 - reads.answer;
		return reads.answer;
	}

	// Few leaves for many rows: the combinations of all that was ever read.
	function mayPay(): boolean {
		let leaves = 1;
		for (const read of everRead) leaves *= columns[read]!.values.length + 1;
		return leaves * 2 <= rows.size;
	}

	function newNode(column: number): number {
		const node = used;
		used += columns[column]!.values.length + 2;
		if (used > mostCells) return 0;
		if (used > cells.length) {
			const larger = new Int32Array(Math.max(used, cells.length * 2));
			larger.set(cells);
			cells = larger;
		}
		cells[node] = column;
		return node;
	}
}
