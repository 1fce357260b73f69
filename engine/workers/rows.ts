// Parameters and rows as a rule's function sees them, made from columns when they are looked at.
// A million rows of an aggregate are a million small handles; their results stay encoded until they are read.

import type { Row } from '../../rules/io.ts';
import { suggestion } from '../../rules/nearest.ts';
import type { Value } from '../../rules/value.ts';
import type { InputTable, RowSet, RuleSetup } from '../executors/executor.ts';
import { decodeValue } from '../value.ts';

/** One parameter set, as a plain object. */
export type Params = Record<string, Value>;

/** Rows keep what was decoded while all results of a task have together fewer bytes than this. */
export const keptGroupBytes = 32 * 1024 * 1024;

/** The parameters of row `index`, in declared order; names that are absent are missing. */
export function paramsOf(setup: RuleSetup, rows: RowSet, index: number): Params {
	const { columns } = setup;
	const params: Params = {};
	const start = index * columns.length;
	for (let c = 0; c < columns.length; c++) {
		const code = rows.codes[start + c]!;
		const column = columns[c]!;
		if (code !== 0) params[column.name] = column.values[code - 1]!;
	}
	if (setup.seeded) params['seed'] = rows.seeds[index]!;
	return params;
}

/** The decoded result of row `index`: a new value at each call. */
export function resultOf(table: InputTable, index: number): unknown {
	return decodeValue(table.bytes.subarray(table.offsets[index], table.offsets[index + 1]));
}

/** The path of a file of row `index`; throws where it has no such file. */
export function fileOf(table: InputTable, index: number, name: string): string {
	const files = table.files.get(index) ?? [];
	const file = files.find((candidate) => candidate.name === name);
	if (file !== undefined) return file.path;
	const names = files.map((candidate) => candidate.name);
	if (names.length === 0) throw new Error(`There is no file ${name}: this result has no files`);
	throw new Error(`There is no file ${name}${suggestion(name, names)} (there are ${names.join(', ')})`);
}

interface RowSource {
	readonly table: InputTable;
	readonly setup: RuleSetup;
	/** Whether decoded values are kept, so that `row.result` is the same object each time. */
	readonly keeps: boolean;
	/** Told of each path that is handed out. */
	readonly given: (path: string) => void;
}

// Under symbols, so that a row shows what it promises and nothing else.
const source = Symbol('source');
const place = Symbol('place');
const kept = Symbol('kept');

interface Handle {
	readonly [source]: RowSource;
	readonly [place]: number;
	readonly [kept]: { params?: Params; result?: { readonly value: unknown } };
}

const nothingKept = Object.freeze({});

// One prototype for all rows: closures of their own would be 200 MB for a million of them.
const rowWords = {
	get params(): Params {
		const handle = this as unknown as Handle;
		const known = handle[kept].params;
		if (known !== undefined) return known;
		const params = paramsOf(handle[source].setup, handle[source].table.rows, handle[place]);
		if (handle[source].keeps) handle[kept].params = params;
		return params;
	},
	get result(): unknown {
		const handle = this as unknown as Handle;
		const known = handle[kept].result;
		if (known !== undefined) return known.value;
		const value = resultOf(handle[source].table, handle[place]);
		if (handle[source].keeps) handle[kept].result = { value };
		return value;
	},
	file(name: string): string {
		const handle = this as unknown as Handle;
		const path = fileOf(handle[source].table, handle[place], name);
		handle[source].given(path);
		return path;
	},
	/** What `console.log(row)` shows. */
	[Symbol.for('nodejs.util.inspect.custom')](): unknown {
		return { params: this.params, result: this.result };
	},
};

/** The rows that task `task` takes from a table. `given` is told of each path that a row hands out. */
export function rowsOf(table: InputTable, setup: RuleSetup, task: number, given: (path: string) => void): Row[] {
	const members = table.members.subarray(table.starts[task], table.starts[task + 1]);
	let bytes = 0;
	for (const member of members) bytes += table.offsets[member + 1]! - table.offsets[member]!;
	const keeps = bytes < keptGroupBytes;
	const common: RowSource = { table, setup, keeps, given };
	const rows: Row[] = [];
	for (const index of members) {
		const handle = Object.create(rowWords);
		handle[source] = common;
		handle[place] = index;
		handle[kept] = keeps ? {} : nothingKept;
		rows.push(handle as Row);
	}
	return rows;
}
