// Runs tasks in real worker threads, as the loop would: what was not run is sent again until every task is answered.
// Knows no store and no schedule.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScanSource } from '../../../engine/code/evaluate.ts';
import type { Bundle, InputTable, RuleSetup } from '../../../engine/executors/executor.ts';
import { localExecutor } from '../../../engine/executors/local.ts';
import { encodeValue } from '../../../engine/value.ts';
import { type Ended, endedOf } from './ended.ts';

/** What is played: tasks 0 … count − 1 of one rule, whose parameter `a` is their number. */
export interface Play {
	/** Statements that end in `return { … }`: rules by name. `fs`, `child` and `folder` are there, and scanmake's words. */
	readonly body: string;
	readonly count: number;
	readonly bundleSize?: number;
	readonly slots?: number;
	readonly kind?: RuleSetup['kind'];
	readonly timeoutSeconds?: number;
	readonly memoryMiB?: number;
	readonly cores?: number;
	readonly inputs?: (tasks: readonly number[]) => readonly InputTable[];
	/** Other setups: rules that inputs are of. */
	readonly setups?: readonly RuleSetup[];
	/** The place of the rule among the scan's rules. */
	readonly rule?: number;
	/** The last task is sent at the very moment at which the first failure is told. */
	readonly lastAtFailure?: boolean;
	/** Called after each answer; `close` closes the executor and ends the play. */
	readonly onAnswer?: (answered: number, close: () => void) => void;
}

/** What came of it. */
export interface Played {
	readonly ended: readonly (Ended | undefined)[];
	/** Tasks that were reported as not run and not sent again. */
	readonly left: readonly number[];
	readonly bundles: number;
	readonly abandoned: readonly string[];
	readonly broken: readonly string[];
	/** What the files in `folder` held in the end, by name. */
	readonly texts: ReadonlyMap<string, string>;
}

/** The source of a scan, as the loader would give it. Line 1 of `Scanfile.ts` is the first line of `body`. */
export function sourceOf(body: string, folder: string): ScanSource {
	const words = 'grid, generate, simulate, aggregate, analyze, scan';
	const code = `const { ${words} } = $scanmake.imports[0]; const fs = $scanmake.imports[1]; const child = $scanmake.imports[2]; const folder = ${JSON.stringify(folder)}; const rules = await (async () => {
${body}
})(); return { found: scan(rules), values: [] };`;
	const mappings = `AAAA${';AACA'.repeat(code.split('\n').length)}`;
	const external = (from: string) => ({ from, specifier: from, names: [], file: undefined, line: undefined });
	return {
		code,
		folder,
		file: 'Scanfile.ts',
		url: 'scanmake-bundle:test',
		imports: [external('scanmake'), external('node:fs'), external('node:child_process')],
		modules: [],
		map: { kind: 'text', text: JSON.stringify({ version: 3, sources: ['Scanfile.ts'], names: [], mappings }) },
	};
}

/** Runs all tasks; resolves when each is answered, the executor is broken, or it was closed. */
export async function play(given: Play): Promise<Played> {
	const folder = await mkdtemp(join(tmpdir(), 'scanmake-threads-'));
	try {
		return await playIn(given, folder);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function playIn(given: Play, folder: string): Promise<Played> {
	const { count, bundleSize = count, rule = 0 } = given;
	const values = Array.from({ length: count }, (_, i) => i);
	const own: RuleSetup = {
		rule,
		kind: given.kind ?? 'simulate',
		columns: [{ name: 'a', values }],
		seeded: false,
		recipe: 'function',
		timeoutSeconds: given.timeoutSeconds,
		cores: given.cores,
	};
	const ended: (Ended | undefined)[] = new Array(count).fill(undefined);
	const abandoned: string[] = [];
	const broken: string[] = [];
	const flights = new Map<number, readonly number[]>();
	let waiting = given.lastAtFailure === true ? values.slice(0, -1) : values;
	let bundles = 0;
	let answered = 0;
	let isClosed = false;
	let settle: () => void = () => {};
	const settled = new Promise<void>((resolve) => {
		settle = resolve;
	});

	const executor = localExecutor({
		folder,
		source: sourceOf(given.body, folder),
		setups: [own, ...(given.setups ?? [])],
		slots: given.slots ?? 2,
		memoryMiB: given.memoryMiB,
		events: {
			answered(answers) {
				const tasks = flights.get(answers.bundle) ?? [];
				for (let i = 0; i < answers.size; i++) {
					const task = tasks[answers.tasks[i] ?? -1] ?? -1;
					const times = (ended[task]?.times ?? 0) + 1;
					ended[task] = { ...endedOf(answers, i), times };
					answered++;
					if (given.lastAtFailure === true && answers.extras.get(i)?.failure !== undefined) waiting = [count - 1];
				}
				given.onAnswer?.(answered, close);
				feed();
			},
			finished(bundle) {
				waiting = [...waiting, ...(flights.get(bundle) ?? []).filter((task) => ended[task] === undefined)];
				flights.delete(bundle);
				feed();
			},
			abandoned: (what) => abandoned.push(what),
			broken(message) {
				broken.push(message);
				settle();
			},
		},
	});

	function close(): void {
		isClosed = true;
		void executor.close().then(settle);
	}

	function feed(): void {
		while (executor.wants() > 0 && waiting.length > 0) {
			const tasks = waiting.slice(0, bundleSize);
			waiting = waiting.slice(bundleSize);
			flights.set(bundles, tasks);
			executor.send(bundleOf(tasks, bundles++));
		}
		if (flights.size === 0 && waiting.length === 0 && !ended.includes(undefined) && !isClosed) settle();
	}

	function bundleOf(tasks: readonly number[], id: number): Bundle {
		const codes = Uint32Array.from(tasks, (task) => task + 1);
		const inputs = given.inputs?.(tasks) ?? [];
		const rows = { rule, codes, seeds: new Uint32Array(0), size: tasks.length };
		return { id, rule, tasks: rows, inputs, workFolder: join(folder, 'work'), keepsFolders: false };
	}

	feed();
	await settled;
	await executor.close();
	const files = await readdir(folder, { recursive: true });
	const texts = new Map<string, string>();
	for (const file of files) texts.set(file, await readFile(join(folder, file), 'utf8').catch(() => ''));
	return { ended, left: waiting, bundles, abandoned, broken, texts };
}

/** An input of one row a value; task t takes rows members[t]. */
export function table(
	name: string,
	values: readonly unknown[],
	members: readonly (readonly number[])[],
	rule = 0,
): InputTable {
	const encoded = values.map((value) => encodeValue(value));
	const offsets = new Float64Array(values.length + 1);
	for (const [i, bytes] of encoded.entries()) offsets[i + 1] = (offsets[i] ?? 0) + bytes.length;
	const starts = new Uint32Array(members.length + 1);
	for (const [t, taken] of members.entries()) starts[t + 1] = (starts[t] ?? 0) + taken.length;
	const codes = Uint32Array.from(values, (_, i) => i + 1);
	return {
		name,
		rows: { rule, codes, seeds: new Uint32Array(0), size: values.length },
		offsets,
		bytes: new Uint8Array(Buffer.concat(encoded)),
		files: new Map(),
		starts,
		members: Uint32Array.from(members.flat()),
	};
}
