// Runs tasks by real processes (shells where nothing else is said), as the loop would: what was not run is sent again until every task
// is answered. Knows no store and no schedule.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bundle, InputTable, PythonTarget, RuleSetup } from '../../../engine/executors/executor.ts';
import type { Pool, PoolOptions } from '../../../engine/executors/pool.ts';
import { type Room, room } from '../../../engine/executors/room.ts';
import { shellPool } from '../../../engine/executors/shells.ts';
import type { ProgramRecipe } from '../../../rules/recipe.ts';
import type { Value } from '../../../rules/value.ts';
import { type Ended, endedOf } from './ended.ts';

/** One rule, whose parameter sets are `sets`. */
export interface PlayedRule {
	/** What `command` or `shell` made, or a Python function. */
	readonly run: unknown;
	readonly kind?: RuleSetup['kind'];
	/** Parameter `a` of each task; other names by `columns`. */
	readonly sets: readonly Readonly<Record<string, Value>>[];
	readonly timeoutSeconds?: number;
	readonly cores?: number;
	readonly memoryMiB?: number;
	readonly inputs?: (tasks: readonly number[]) => readonly InputTable[];
}

/** What is played. */
export interface Play {
	readonly rules: readonly PlayedRule[];
	readonly bundleSize?: number;
	readonly slots?: number;
	readonly keepsFolders?: boolean;
	readonly shell?: readonly string[];
	/** Another pool than that of shells. */
	readonly makePool?: (options: PoolOptions & { readonly folder: string }) => Pool;
	/** The machine's memory. */
	readonly roomMiB?: number;
	/** Where commands run; the play's own folder where nothing is said. */
	readonly folder?: string;
	readonly before?: (folder: string) => void;
	/** Called when all is answered and nothing is closed yet. */
	readonly atEnd?: (folder: string, pool: Pool) => void | Promise<void>;
	/** Called after each answer; an `end` of the play by itself: what is not answered is left. */
	readonly onAnswer?: (answered: number, pool: Pool, end: () => void) => void;
}

/** What came of it. */
export interface Played {
	/** By rule and task. */
	readonly ended: readonly (readonly (Ended | undefined)[])[];
	readonly broken: readonly string[];
	readonly abandoned: readonly string[];
	/** Which rule's tasks were answered, in order. */
	readonly order: readonly { readonly rule: number; readonly task: number; readonly worker: number }[];
	/** What lay in the work folder when all was answered. */
	readonly left: readonly string[];
	/** How often each bundle was said to be over. */
	readonly finished: ReadonlyMap<number, number>;
	readonly folder: string;
}

/** Runs all tasks; resolves when each is answered and the pool is closed. */
export async function play(given: Play): Promise<Played> {
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-shells-'));
	try {
		given.before?.(folder);
		return await playIn(given, folder);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

async function playIn(given: Play, folder: string): Promise<Played> {
	const { rules, slots = 2 } = given;
	const workFolder = join(folder, 'work');
	const setups = rules.map(setupOf);
	const ended: (Ended | undefined)[][] = rules.map(({ sets }) => sets.map(() => undefined));
	const order: { rule: number; task: number; worker: number }[] = [];
	const finished = new Map<number, number>();
	const flights = new Map<number, { readonly rule: number; readonly tasks: readonly number[] }>();
	const waiting = rules.map(({ sets }) => sets.map((_, i) => i));
	const broken: string[] = [];
	const abandoned: string[] = [];
	let bundles = 0;
	let answered = 0;
	let isEnded = false;
	let settle: () => void = () => {};
	const settled = new Promise<void>((resolve) => {
		settle = resolve;
	});
	const stop = (): void => {
		isEnded = true;
		settle();
	};
	const shared: Room = room({ cores: slots, memoryMiB: given.roomMiB ?? 1024 }, () => pool.place());
	const options: PoolOptions & { readonly folder: string } = {
		setups,
		slots,
		firstWorker: 5,
		room: shared,
		folder: given.folder ?? folder,
		events: {
			answered(answers) {
				const flight = flights.get(answers.bundle);
				if (flight === undefined) throw new Error('an answer to a bundle that is over');
				for (let i = 0; i < answers.size; i++) {
					const task = flight.tasks[answers.tasks[i] ?? -1] ?? -1;
					const own = ended[flight.rule] as (Ended | undefined)[];
					own[task] = { ...endedOf(answers, i), times: (own[task]?.times ?? 0) + 1 };
					order.push({ rule: flight.rule, task, worker: answers.worker });
					answered++;
				}
				given.onAnswer?.(answered, pool, stop);
				feed();
			},
			finished(bundle) {
				finished.set(bundle, (finished.get(bundle) ?? 0) + 1);
				const flight = flights.get(bundle);
				flights.delete(bundle);
				if (flight !== undefined && !isEnded)
					waiting[flight.rule]?.push(...flight.tasks.filter((task) => ended[flight.rule]?.[task] === undefined));
				feed();
			},
			abandoned: (what) => abandoned.push(what),
			broken(message) {
				broken.push(message);
				stop();
			},
		},
	};
	const pool = given.makePool?.(options) ?? shellPool({ ...options, shell: given.shell });

	function feed(): void {
		if (isEnded) return;
		for (const [rule, tasks] of waiting.entries()) {
			const size = given.bundleSize ?? Math.max(1, tasks.length);
			while (pool.openCount() < 2 * slots + rules.length && tasks.length > 0) {
				const sent = tasks.splice(0, size);
				flights.set(bundles, { rule, tasks: sent });
				pool.send(bundleOf(rule, sent, bundles++));
			}
		}
		if (flights.size === 0 && waiting.every(({ length }) => length === 0)) stop();
	}

	function bundleOf(rule: number, tasks: readonly number[], id: number): Bundle {
		const { columns } = setups[rule] as RuleSetup;
		const { sets, inputs } = rules[rule] as PlayedRule;
		const codes = tasks.flatMap((task) =>
			columns.map(({ name, values }) => values.indexOf(sets[task]?.[name] as Value) + 1),
		);
		const own = { rule, codes: Uint32Array.from(codes), seeds: new Uint32Array(0), size: tasks.length };
		return {
			id,
			rule,
			tasks: own,
			inputs: inputs?.(tasks) ?? [],
			workFolder,
			keepsFolders: given.keepsFolders ?? false,
		};
	}

	feed();
	await settled;
	await given.atEnd?.(folder, pool);
	await pool.close();
	const left = listed(workFolder);
	return { ended, broken, abandoned, order, left, finished, folder };
}

function listed(folder: string): readonly string[] {
	try {
		return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
	} catch {
		return [];
	}
}

function setupOf({ run, sets, kind, ...limits }: PlayedRule, rule: number): RuleSetup {
	const names = [...new Set(sets.flatMap((set) => Object.keys(set)))];
	const columns = names.map((name) => ({
		name,
		values: [...new Set(sets.filter((set) => name in set).map((set) => set[name] as Value))],
	}));
	return {
		rule,
		kind: kind ?? 'simulate',
		columns,
		seeded: false,
		// As it comes to a worker: data without a brand.
		recipe: run === 'function' ? run : (structuredClone(run) as ProgramRecipe | PythonTarget),
		timeoutSeconds: limits.timeoutSeconds,
		memoryMiB: limits.memoryMiB,
		cores: limits.cores,
	};
}

/** Plays one rule and gives its tasks. */
export async function run(
	recipe: unknown,
	sets: PlayedRule['sets'],
	more: Partial<PlayedRule> & Omit<Play, 'rules'> = {},
): Promise<readonly (Ended | undefined)[]> {
	const played = await play({ ...more, rules: [{ ...more, run: recipe, sets }] });
	return played.ended[0] ?? [];
}

/** `count` sets, whose parameter a is their number. */
export function numbered(count: number): readonly { readonly a: number }[] {
	return Array.from({ length: count }, (_, a) => ({ a }));
}
