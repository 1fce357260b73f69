// Scans without files, threads or disk: rules over real spaces, with tasks run in this process and recorded.
// What a function is to the engine (its identity) is said by the test, so that an edit is one word.

import { type BuildGround, build, type StartExecutor } from '../engine/build.ts';
import type { LoadedScan } from '../engine/code/load.ts';
import { pythonProject } from '../engine/code/python/project.ts';
import { digestBytes, resultDigest } from '../engine/digest.ts';
import { UserError } from '../engine/errors.ts';
import type { EngineEvent } from '../engine/events.ts';
import type { AnswerExtra, Bundle, Executor } from '../engine/executors/executor.ts';
import { type OpenedScan, openScan } from '../engine/opened.ts';
import type { BuildOptions, BuildReport } from '../engine/report.ts';
import { memoryStore } from '../engine/store/memory.ts';
import type { Store } from '../engine/store/store.ts';
import { encodeValue } from '../engine/value.ts';
import { fileOf, paramsOf, resultOf, rowsOf } from '../engine/workers/rows.ts';
import type { Rule } from '../rules/rule.ts';
import { scan as scanOf } from '../rules/scan.ts';
import { functionOf } from './function-of.ts';

/** A scan's rules by target name; `codes` says which code a target's function is (its own name where nothing is said). */
export interface Project {
	readonly targets: Readonly<Record<string, Rule>>;
	readonly codes?: Readonly<Record<string, string>>;
	/** The Scanfile's folder, where `uses` looks for files. */
	readonly folder?: string;
}

/** A task that ran: `spikes {"weight":1}`. */
export type Ran = string;

export interface Bench {
	readonly store: Store;
	readonly events: EngineEvent[];
	/** Builds all targets, or those named; returns the tasks that ran, sorted. */
	build(project: Project, options?: BuildOptions & { targets?: readonly string[] }): Promise<Ran[]>;
	/** The report of the last build. */
	report(): BuildReport;
}

export function loaded(project: Project): LoadedScan {
	const made = scanOf(project.targets);
	const names = new Map(made.targets.map((target) => [target.rule, target.name]));
	return {
		scan: made,
		source: { folder: project.folder ?? '/nowhere' } as LoadedScan['source'],
		identities: made.rules.map((rule) => {
			const name = names.get(rule) ?? String(functionOf(rule));
			const code = project.codes?.[name] ?? name;
			return { digest: digestBytes(code), parts: [{ file: 'model.ts', name, digest: code }] };
		}),
		warnings: [],
		python: pythonProject({ folder: project.folder ?? '/nowhere', option: undefined, keptFolder: undefined }),
		pythonOf: () => undefined,
		place: () => undefined,
	};
}

/** The project as planning and looking want it. */
export function opened(project: Project): OpenedScan {
	return openScan(loaded(project));
}

/** What the engine complains about when `act` is tried; fails where it does not complain. */
export async function complaintOf(act: () => unknown): Promise<string> {
	try {
		await act();
	} catch (error) {
		if (error instanceof UserError) return error.message;
		throw error;
	}
	throw new Error('no complaint');
}

export function bench(store: Store = memoryStore()): Bench {
	const events: EngineEvent[] = [];
	let report: BuildReport | undefined;
	return {
		store,
		events,
		async build(project, options = {}) {
			const scan = opened(project);
			const ran: Ran[] = [];
			const startExecutor: StartExecutor = ({ setups, events: told, slots }) => {
				const setupOf = (rule: number) => setups.find((setup) => setup.rule === rule) as (typeof setups)[number];
				return inProcess(slots, told, (bundle, task) => {
					const setup = setupOf(bundle.rule);
					const params = paramsOf(setup, bundle.tasks, task);
					const { seed, ...shown } = params;
					ran.push(`${scan.nameOf(bundle.rule)} ${JSON.stringify(shown)}`);
					const run = functionOf(scan.rules[bundle.rule]);
					const rows = (table: Bundle['inputs'][number]) =>
						rowsOf(table, setupOf(table.rows.rule), task, () => undefined);
					const member = (table: Bundle['inputs'][number]) => table.members[table.starts[task] as number] as number;
					if (setup.kind === 'analyze')
						return run(Object.fromEntries(bundle.inputs.map((table) => [table.name, rows(table)])));
					if (setup.kind === 'aggregate') return run(rows(bundle.inputs[0] as Bundle['inputs'][number]), params);
					const inputs = Object.fromEntries(bundle.inputs.map((table) => [table.name, resultOf(table, member(table))]));
					const io = {
						in: (input: string, name: string) => {
							const table = bundle.inputs.find((candidate) => candidate.name === input);
							return table === undefined ? '' : fileOf(table, member(table), name);
						},
					};
					return run(params, inputs, io);
				});
			};
			const ground: BuildGround = {
				scan,
				store,
				listen: (event) => events.push(event),
				scanfile: '/nowhere/Scanfile.ts',
				command: 'test',
				startExecutor,
			};
			const { targets = [], ...rest } = options;
			report = await build(ground, targets, { jobs: 2, ...rest });
			return ran.sort();
		},
		report: () => report as BuildReport,
	};
}

/** Runs tasks one after the other in this process; what a function throws is its task's failure. */
function inProcess(
	slots: number,
	events: Parameters<StartExecutor>[0]['events'],
	call: (bundle: Bundle, task: number) => unknown,
): Executor {
	let open = 0;
	let isClosed = false;
	return {
		name: 'in process',
		slots,
		wants: () => (isClosed ? 0 : 2 * slots - open),
		send(bundle) {
			open++;
			setImmediate(async () => {
				for (let task = 0; task < bundle.tasks.size && !isClosed; task++) {
					events.answered(answer(bundle, task, await attempt(() => call(bundle, task))));
				}
				open--;
				events.finished(bundle.id);
			});
		},
		warmUp() {},
		drain() {
			isClosed = true;
		},
		async close() {
			isClosed = true;
		},
	};
}

async function attempt(act: () => unknown): Promise<{ value: Uint8Array } | { extra: AnswerExtra }> {
	try {
		return { value: encodeValue(await act()) };
	} catch (error) {
		return { extra: { failure: { kind: 'threw', message: String(error), stack: '' } } };
	}
}

function answer(bundle: Bundle, task: number, ended: { value: Uint8Array } | { extra: AnswerExtra }) {
	const value = 'value' in ended ? ended.value : new Uint8Array(0);
	return {
		bundle: bundle.id,
		worker: 0,
		size: 1,
		tasks: Uint32Array.of(task),
		seconds: Float32Array.of(0.001),
		digests: 'value' in ended ? resultDigest(value, []) : new Uint8Array(32),
		offsets: Uint32Array.of(0, value.length),
		bytes: value,
		extras: 'extra' in ended ? new Map([[0, ended.extra]]) : new Map<number, AnswerExtra>(),
	};
}
