// What the engine says to a Python worker (worker.py), on the interpreter's standard input: one line of JSON that ends with
// the number of raw bytes behind it, then those. Columns of numbers are raw, in the byte order of the machine.
// Knows neither processes nor what comes back (python-reports.ts).
import type { Value } from '../../rules/value.ts';
import type { Bundle, InputTable, RowSet, RuleSetup } from '../executors/executor.ts';

/** A source file of the project, as it was when its identity was made. */
export interface FrozenSource {
	/** Full path. */
	readonly path: string;
	readonly bytes: Uint8Array;
}

/** What a worker is started with. */
export interface PythonStart {
	/** The sources of all of its rules, each once. */
	readonly sources: readonly FrozenSource[];
	/** What stands first on `sys.path`: the `path` of its rules. */
	readonly path: readonly string[];
	/** The Scanfile's folder: where tasks begin, and what the paths of the user's frames are relative to. */
	readonly folder: string;
	/** The file that standard output and standard error of the interpreter are added to; made where it is missing. */
	readonly log: string;
	/**
	 * Encoded values of so many bytes and more are written to files of the bundle's work folder; undefined: none, since
	 * whoever takes the reports does not see that folder.
	 */
	readonly valueFilesFrom?: number | undefined;
}

/** Some tasks of a bundle, in the order in which they shall run. */
export type SomeTasks = Int32Array | { readonly from: number; readonly to: number };

/** Columns with more values than this are told with each bundle, as far as it has them. */
const mostValuesTold = 4096;

/** The first message. */
export function startMessage({ sources, path, folder, log, valueFilesFrom }: PythonStart): readonly Uint8Array[] {
	const head = {
		kind: 'start',
		sources: sources.map((source) => ({ path: source.path, size: source.bytes.length })),
		path,
		folder,
		log,
		valueFilesFrom,
	};
	return message(
		head,
		sources.map((source) => source.bytes),
	);
}

/**
 * Rules whose functions it runs, or whose rows these get: sent before anything that names them. Python functions of one
 * worker have the same `path`; each may import its own sources, extensions and used files alone.
 */
export function rulesMessage(setups: readonly RuleSetup[]): readonly Uint8Array[] {
	const rules = setups.map(({ rule, kind, columns, seeded, recipe }) => {
		const told = columns.map(({ name, values }) => ({ name, values: values.length > mostValuesTold ? [] : values }));
		const known = { rule, kind, columns: told, seeded };
		if (recipe === 'function' || recipe.kind !== 'python') return known;
		const { module, file, name, sources, extensions = [], used = [] } = recipe;
		const allowed = [...[...sources, ...extensions].map(({ path }) => path), ...used];
		return { ...known, target: { module, file, name, allowed } };
	});
	return message({ kind: 'rules', rules }, []);
}

/** A bundle: sent before its tasks are run for the first time. The bytes must not change before they are written. */
export function bundleMessage(bundle: Bundle, setupOf: (rule: number) => RuleSetup): readonly Uint8Array[] {
	const { id, rule, inputs, workFolder, keepsFolders } = bundle;
	const tasks = toldRows(bundle.tasks, setupOf(rule));
	const tables = inputs.map((table) => ({ ...table, told: toldRows(table.rows, setupOf(table.rows.rule)) }));
	const head = {
		kind: 'bundle',
		bundle: id,
		rule,
		size: bundle.tasks.size,
		values: tasks.values,
		inputs: tables.map(({ name, rows, told, files }) => ({
			name,
			rule: rows.rule,
			size: rows.size,
			values: told.values,
			files: [...files].map(([row, named]) => [row, named.map((file) => [file.name, file.path])]),
		})),
		workFolder,
		keepsFolders,
	};
	const columns = tables.flatMap((table) => inputColumns(table, table.told.codes));
	return message(head, [bytesOf(tasks.codes), bytesOf(bundle.tasks.seeds), ...columns]);
}

interface ToldRows {
	readonly codes: Uint32Array;
	/** By place of the column: the values that codes of this bundle alone stand for. */
	readonly values: Readonly<Record<number, readonly Value[]>>;
}

/** The rows with codes of their own for the columns of which only some values are told. */
function toldRows({ codes, size }: RowSet, { columns }: RuleSetup): ToldRows {
	if (columns.every(({ values }) => values.length <= mostValuesTold)) return { codes, values: {} };
	const own = codes.slice();
	const told: Record<number, readonly Value[]> = {};
	for (const [place, { values }] of columns.entries()) {
		if (values.length <= mostValuesTold) continue;
		const known = new Map<number, number>([[0, 0]]);
		const used: Value[] = [];
		for (let at = place; at < size * columns.length; at += columns.length) {
			const code = codes[at]!;
			const ownCode = known.get(code) ?? used.push(values[code - 1] as Value);
			known.set(code, ownCode);
			own[at] = ownCode;
		}
		told[place] = used;
	}
	return { codes: own, values: told };
}

/** Tasks to run. Where the file `unless` exists they are not run: it is looked for before each of them that begins 3 ms
 * after the last look. */
export function runMessage(bundle: number, tasks: SomeTasks, unless: string): readonly Uint8Array[] {
	if (tasks instanceof Int32Array) return message({ kind: 'run', bundle, unless }, [bytesOf(tasks)]);
	return message({ kind: 'run', bundle, from: tasks.from, to: tasks.to, unless }, []);
}

/** The module of a rule's function is imported at once; without this, when the first of its tasks runs. */
export function importMessage(rule: number): readonly Uint8Array[] {
	return message({ kind: 'import', rule }, []);
}

/** No more tasks of the bundle will come. */
export function dropMessage(bundle: number): readonly Uint8Array[] {
	return message({ kind: 'drop', bundle }, []);
}

function inputColumns(table: InputTable, codes: Uint32Array): readonly Uint8Array[] {
	const { rows, offsets, starts, members, bytes } = table;
	return [...[codes, rows.seeds, offsets, starts, members].map(bytesOf), bytes];
}

// `sizes`: the bytes of each section, which need not follow from the counts (a rule without seeds has none).
function message(head: object, sections: readonly Uint8Array[]): readonly Uint8Array[] {
	const sizes = sections.map((section) => section.length);
	const raw = sizes.reduce((sum, size) => sum + size, 0);
	const line = Buffer.from(`${JSON.stringify({ ...head, sizes, raw })}\n`);
	return [line, ...sections.filter((section) => section.length > 0)];
}

function bytesOf(column: ArrayBufferView): Uint8Array {
	return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}
