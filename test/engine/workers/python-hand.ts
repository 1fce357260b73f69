// A Python worker by hand: modules in a folder of their own, one rule, its answers as they came. Knows nothing of pools.
import { spawn } from 'node:child_process';
import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	realpathSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import type { Bundle, InputTable, RuleSetup } from '../../../engine/executors/executor.ts';
import { decodeValue, encodeValue } from '../../../engine/value.ts';
import { type PythonExtra, reportReader } from '../../../engine/workers/python-reports.ts';
import { bundleMessage, rulesMessage, runMessage, startMessage } from '../../../engine/workers/python-wire.ts';
import type { Value } from '../../../rules/value.ts';
import { pythonWith } from '../../python.ts';

/** The folder of the worker's own files. */
export const workers: string = fileURLToPath(new URL('../../../engine/workers/', import.meta.url));

/** Modules by path, and which function of them a rule calls for which tasks. */
export interface Project {
	/** Text by path; those in `unseen` are written but no sources. */
	readonly files: Readonly<Record<string, string>>;
	readonly unseen?: readonly string[];
	/** Files that are sources and have been removed. */
	readonly gone?: readonly string[];
	/** The text that the identity was made with, where a file has another by now. */
	readonly frozen?: Readonly<Record<string, string>>;
	readonly module?: string;
	readonly name?: string;
	readonly kind?: RuleSetup['kind'];
	/** Values by column; task i takes value i of each (undefined: absent). One task where there is none. */
	readonly columns?: Readonly<Record<string, readonly (Value | undefined)[]>>;
	readonly seeded?: boolean;
	/** Results of an upstream rule without parameters but `n`, by input; task i of a leaf takes result i, others take all. */
	readonly inputs?: Readonly<Record<string, readonly unknown[]>>;
	/** Files of the first result of each input. */
	readonly inputFiles?: readonly { readonly name: string; readonly path: string }[];
	readonly tasks?: number;
	readonly python?: string | undefined;
	readonly unless?: string;
}

/** What became of a task. */
export interface Told extends PythonExtra {
	readonly task: number;
	readonly value?: unknown;
}

/** All that a worker said. */
export interface Session {
	readonly told: readonly Told[];
	readonly skipped: readonly number[];
	readonly broken: string | undefined;
	/** How its process ended. */
	readonly status: number | null;
	readonly signal: NodeJS.Signals | null;
	/** Where the modules are, and what is left in the log file. */
	readonly folder: string;
	readonly log: string;
}

/** Runs all tasks of a project in one worker; undefined where there is no Python (said in the test's log). */
export async function inPython(t: ExecutionContext, project: Project): Promise<Session | undefined> {
	const python = project.python ?? pythonWith();
	if (python === undefined) {
		t.log('skipped: there is no python3 of 3.8 or newer');
		t.pass();
		return undefined;
	}
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'scanmake-python-')));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	for (const [path, text] of Object.entries(project.files)) {
		if (project.gone?.includes(path)) continue;
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), text);
	}
	return await session(python, folder, project);
}

/** The values of all tasks, in order; a failure stands for itself. */
export async function valuesIn(t: ExecutionContext, project: Project): Promise<readonly unknown[] | undefined> {
	const run = await inPython(t, project);
	return run?.told.map((told) => told.failure ?? told.value);
}

function setupsOf(folder: string, project: Project): { readonly setups: RuleSetup[]; readonly paths: string[] } {
	const paths = Object.keys(project.files).filter((path) => path.endsWith('.py') && !project.unseen?.includes(path));
	const module = project.module ?? 'model';
	const columns = Object.entries(project.columns ?? {});
	const own: RuleSetup = {
		rule: 0,
		kind: project.kind ?? 'simulate',
		columns: columns.map(([name, values]) => ({ name, values: values.filter((value) => value !== undefined) })),
		seeded: project.seeded ?? false,
		recipe: {
			kind: 'python',
			interpreter: 'python3',
			path: [folder],
			module,
			file: join(folder, `${module.replaceAll('.', '/')}.py`),
			name: project.name ?? 'simulate',
			sources: paths.map((path) => ({ path: join(folder, path), digest: '' })),
		},
		timeoutSeconds: undefined,
	};
	const upstream: RuleSetup = {
		rule: 1,
		kind: 'generate',
		columns: [{ name: 'n', values: Array.from({ length: 1000 }, (_, i) => i) }],
		seeded: false,
		recipe: 'function',
		timeoutSeconds: undefined,
	};
	return { setups: [own, upstream], paths };
}

function bundleOf(folder: string, project: Project): Bundle {
	const columns = Object.values(project.columns ?? {});
	const size = project.tasks ?? columns[0]?.length ?? 1;
	const codes = new Uint32Array(size * columns.length);
	for (const [c, values] of columns.entries()) {
		let code = 0;
		for (const [row, value] of values.entries()) codes[row * columns.length + c] = value === undefined ? 0 : ++code;
	}
	const isLeaf = (project.kind ?? 'simulate') === 'simulate' || project.kind === 'generate';
	return {
		id: 3,
		rule: 0,
		tasks: {
			rule: 0,
			codes,
			seeds: Uint32Array.from({ length: project.seeded ? size : 0 }, (_, i) => 2 ** 31 - 1 - i),
			size,
		},
		inputs: Object.entries(project.inputs ?? {}).map(([name, results]) =>
			tableOf(name, results, isLeaf, project.inputFiles),
		),
		workFolder: join(folder, 'work'),
		keepsFolders: false,
	};
}

function tableOf(
	name: string,
	results: readonly unknown[],
	isLeaf: boolean,
	files: Project['inputFiles'] = [],
): InputTable {
	const encoded = results.map((result) => encodeValue(result));
	const offsets = new Float64Array(results.length + 1);
	for (const [i, bytes] of encoded.entries()) offsets[i + 1] = offsets[i]! + bytes.length;
	const count = results.length;
	return {
		name,
		rows: {
			rule: 1,
			codes: Uint32Array.from({ length: count }, (_, i) => i + 1),
			seeds: new Uint32Array(0),
			size: count,
		},
		offsets,
		bytes: Buffer.concat(encoded),
		files: new Map(files.length === 0 ? [] : [[0, files]]),
		starts: isLeaf ? Uint32Array.from({ length: count + 1 }, (_, i) => i) : Uint32Array.of(0, count),
		members: Uint32Array.from({ length: count }, (_, i) => i),
	};
}

async function session(python: string, folder: string, project: Project): Promise<Session> {
	const { setups, paths } = setupsOf(folder, project);
	const log = join(folder, 'worker.log');
	const told: Told[] = [];
	const skipped: number[] = [];
	let broken: string | undefined;
	const child = spawn(python, [join(workers, 'worker.py')], {
		cwd: folder,
		detached: true,
		stdio: ['pipe', 'ignore', 'inherit', 'pipe'],
	});
	const bundle = bundleOf(folder, project);
	const write = (pieces: readonly Uint8Array[]): void => {
		for (const piece of pieces) child.stdin?.write(piece);
	};
	child.stdin?.on('error', () => {});
	const read = reportReader((report) => {
		if (report.kind === 'ready') {
			write(rulesMessage(setups));
			write(bundleMessage(bundle, (rule) => setups.find((setup) => setup.rule === rule) as RuleSetup));
			write(runMessage(bundle.id, { from: 0, to: bundle.tasks.size }, project.unless ?? join(folder, 'skip')));
			child.stdin?.end();
		} else if (report.kind === 'skipped') skipped.push(...report.tasks);
		else if (report.kind === 'broken') broken = report.message;
		else if (report.kind === 'answers') {
			const { tasks, offsets, bytes, extras } = report.answers;
			for (const [i, task] of tasks.entries()) {
				const extra = extras.get(i);
				if (extra?.failure !== undefined) told.push({ task, ...extra });
				else told.push({ task, ...extra, value: decodeValue(bytes.subarray(offsets[i], offsets[i + 1])) });
			}
		}
	});
	child.stdio[3]?.on('data', read);
	const text = (path: string): string => project.frozen?.[path] ?? project.files[path] ?? '';
	const sources = paths.map((path) => ({ path: join(folder, path), bytes: Buffer.from(text(path)) }));
	write(startMessage({ sources, path: [folder], folder, log }));
	const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
		child.on('close', (...end) => resolve(end)),
	);
	return { told, skipped, broken, status, signal, folder, log: logOf(log) };
}

function logOf(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return '';
	}
}

/** Paths of all files below a folder. */
export function filesBelow(folder: string): readonly string[] {
	const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
	return names.filter((name) => statSync(join(folder, name)).isFile());
}
