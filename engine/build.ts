// A build from its targets to its report: what is finished is recognised, what is missing runs, what ended is kept.
// Words nothing; tells what happens as events.
import { existsSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { conditionsFor } from './conditions.ts';
import { bug } from './errors.ts';
import type { Listener, Tally } from './events.ts';
import type { Executor, ExecutorEvents, RuleSetup } from './executors/executor.ts';
import { feeder } from './feed.ts';
import { type FileGuard, fileGuard } from './guard.ts';
import { noteFolders } from './kept-folders.ts';
import { resultsDigest } from './key.ts';
import type { OpenedScan } from './opened.ts';
import { type Plan, plan } from './plan.ts';
import { buildRecord } from './provenance.ts';
import { forgetDamaged, keepInUse, keepReached, keepSnapshots, remember, sweepUp } from './remember.ts';
import type { BuildOptions, BuildReport, FailedTask, TargetReport } from './report.ts';
import { type RunEnd, run } from './run.ts';
import type { Lane } from './schedule.ts';
import { setupsOf } from './setups.ts';
import { answeredEvent, worked } from './spans.ts';
import { type Standings, standings } from './standing.ts';
import type { Store } from './store/store.ts';
import { countOf, isDone, keyOf, State, stateOf, tallyOf } from './tasks.ts';
import { parameterWords } from './words.ts';
import { type MadeAnalysis, writeAnalyses } from './written.ts';

/** Makes the executor of a build. */
export type StartExecutor = (options: {
	readonly source: OpenedScan['loaded']['source'];
	readonly setups: readonly RuleSetup[];
	readonly slots: number;
	/** The Scanfile's folder: where commands run. */
	readonly folder: string;
	/** Where tasks will have their folders. */
	readonly workFolder: string;
	readonly events: ExecutorEvents;
}) => Executor;

/** What a build works on. */
export interface BuildGround {
	readonly scan: OpenedScan;
	readonly store: Store;
	readonly listen: Listener;
	readonly scanfile: string;
	readonly command: string;
	/** Undefined: worker threads of this machine. */
	readonly startExecutor?: StartExecutor | undefined;
}

const shownFailures = 100;
const progressMilliseconds = 100;

/** Builds the targets (all where none is named). */
export async function build(
	ground: BuildGround,
	targets: readonly string[],
	options: BuildOptions,
): Promise<BuildReport> {
	const { scan, store, listen } = ground;
	const started = performance.now();
	const places = scan.needed(targets);
	const conditions = conditionsFor(scan, places, options.where);
	let generation = store.generation();
	let stands = await standings(scan, places, store);
	const tallies = new Map<number, Tally>();
	const failures: FailedTask[] = [];
	const times = new Map<number, { first: number; last: number }>();
	let end: RunEnd = { kind: 'done' };
	let last: Plan | undefined;
	let kept: string | undefined;

	if (places.every((place) => stands.sweepOf(place) !== undefined)) {
		for (const place of places) tallies.set(place, finishedTally((stands.sweepOf(place)?.sweep.tasks as number) ?? 0));
		keepInUse(scan, places, stands, store);
	} else {
		const number = store.startBuild(await buildRecord(ground, targets, places));
		if (options.keep === true) kept = workFolderOf(store, number);
		const ranBefore = new Map<number, number>();
		for (;;) {
			const begun = performance.now();
			const planned = plan(scan, places, stands, store, { conditions, rowsOf: [] });
			worked(listen, 'plan', begun);
			last = planned;
			remember(scan, planned, stands, store);
			const course = { options, number, generation, stands, tallies, failures, times, ranBefore };
			try {
				end = await runPlan(ground, planned, course);
			} finally {
				// also on a full disk, which needs the room
				if (options.keep !== true) rmSync(workFolderOf(store, number), { recursive: true, force: true });
			}
			if (end.kind !== 'damage') break;
			const lane = planned.laneOf(end.place);
			const count = Math.max(end.rows.length, lane === undefined ? 0 : forgetDamaged(lane, store));
			const name = scan.nameOf(end.place);
			const message =
				count === 1
					? `1 result of ${name} in the store was damaged: its task runs again`
					: `${count} results of ${name} in the store were damaged: their tasks run again`;
			listen({ kind: 'notice', message });
			// what failed is tried again with the rest
			failures.length = 0;
			for (const place of places) ranBefore.set(place, tallies.get(place)?.ran ?? 0);
			generation = store.generation();
			stands = await standings(scan, places, store);
		}
	}

	const reports = places.map((place): TargetReport => {
		const tally = tallies.get(place) ?? bug('a rule without a tally');
		const time = times.get(place);
		const seconds = time === undefined ? 0 : (time.last - time.first) / 1000;
		return { name: scan.nameOf(place), rule: scan.rules[place]?.kind ?? bug('no rule'), ...tally, seconds };
	});
	const ok = end.kind === 'done' && reports.every((target) => target.failed + target.blocked === 0);
	const written = end.kind === 'done' ? await writeAnalyses(store, madeAnalyses(ground, places, stands, last)) : [];
	return {
		targets: reports,
		ok,
		seconds: (performance.now() - started) / 1000,
		interrupted: end.kind === 'interrupted',
		failures,
		written,
		kept: kept !== undefined && existsSync(kept) ? kept : undefined,
		broken: end.kind === 'broken' ? { kind: end.error, message: end.message } : undefined,
	};
}

// Behind a failure a rule has no sweep: what it made past it is known by its lane alone.
function madeAnalyses(
	{ scan, store }: BuildGround,
	places: readonly number[],
	stands: Standings,
	last: Plan | undefined,
): MadeAnalysis[] {
	return places.flatMap((place): MadeAnalysis[] => {
		if (scan.rules[place]?.kind !== 'analyze' || !scan.isTarget(place)) return [];
		const [target, table, found] = [scan.nameOf(place), last?.laneOf(place)?.table, stands.sweepOf(place)];
		if (table !== undefined)
			return isDone(stateOf(table, 0)) ? [{ target, digest: resultsDigest(table), keyOf: () => keyOf(table, 0) }] : [];
		if (found === undefined) return [];
		const { name, sweep } = found;
		return [{ target, digest: sweep.digest, keyOf: () => store.sweepKeys(name)?.slice(0, 32) }];
	});
}

interface Course {
	readonly options: BuildOptions;
	readonly number: number;
	/** The store's when the plan was made: what is found from then on makes the sweeps. */
	readonly generation: number;
	readonly stands: Standings;
	readonly tallies: Map<number, Tally>;
	readonly failures: FailedTask[];
	readonly times: Map<number, { first: number; last: number }>;
	/** Tasks that ran in this build before results had to be forgotten and it was planned anew. */
	readonly ranBefore: ReadonlyMap<number, number>;
}

async function runPlan(ground: BuildGround, planned: Plan, course: Course): Promise<RunEnd> {
	const { scan, store, listen } = ground;
	const { tallies, times, options } = course;
	const workFolder = workFolderOf(store, course.number);
	const results = new Map<number, Uint8Array>();
	for (const place of planned.settled) {
		const sweep = course.stands.sweepOf(place)?.sweep ?? bug('a settled rule without a sweep');
		results.set(place, sweep.digest);
		if (planned.laneOf(place) === undefined) tallies.set(place, finishedTally(sweep.tasks));
	}
	const tally = (lane: Lane): Tally => {
		const now = tallyOf(lane.table);
		const before = Math.min(now.reused, course.ranBefore.get(lane.place) ?? 0);
		const made = { ...now, reused: now.reused - before, ran: now.ran + before };
		tallies.set(lane.place, made);
		return made;
	};
	for (const lane of planned.schedule.lanes) tally(lane);
	listen({
		kind: 'planned',
		targets: planned.places.map((place) => {
			const outside = planned.outsideOf(place);
			const tasks = tallies.get(place)?.tasks ?? 0;
			const target = { name: scan.nameOf(place), rule: scan.rules[place]?.kind ?? bug('no rule'), tasks };
			return outside > 0 ? { ...target, outside } : target;
		}),
	});

	const tallied = (place: number, running: number): void => {
		const now = tallies.get(place) ?? bug('a rule without a tally');
		listen({ kind: 'progress', target: planned.places.indexOf(place), tally: now, running });
	};
	const atWork = new Set<number>();
	const tell = (lane: Lane): void => {
		const running = countOf(lane.table, State.running);
		if (running > 0) atWork.add(lane.place);
		else atWork.delete(lane.place);
		tally(lane);
		tallied(lane.place, running);
	};
	for (const place of planned.places) tallied(place, 0);

	let slots = options.jobs ?? availableParallelism();
	let told = 0;
	const startExecutor = ground.startExecutor ?? (await import('./executors/local.ts')).localExecutor;
	const end = await run(
		{
			schedule: planned.schedule,
			reuse: planned.reuse,
			feeder: feeder(planned.rules, store, workFolder, options.keep === true),
			store,
			guard: guardOf(planned, course.stands),
			build: course.number,
			start(events: ExecutorEvents) {
				const { source } = scan.loaded;
				const setups = setupsOf(scan, planned);
				const executor = startExecutor({ source, setups, slots, folder: scan.folder, workFolder, events });
				slots = executor.slots;
				return executor;
			},
			retriesOf: (lane) => scan.rules[lane.place]?.options.retries ?? 0,
		},
		{
			sent(lane) {
				const now = performance.now();
				if (times.size === 0) listen({ kind: 'started', slots });
				if (!times.has(lane.place)) times.set(lane.place, { first: now, last: now });
				// that a rule waits no longer is told at once: its first answer may be far away
				if (!atWork.has(lane.place)) tell(lane);
			},
			progressed(lane) {
				const now = performance.now();
				const time = times.get(lane.place);
				if (time !== undefined) time.last = now;
				if (now - told < progressMilliseconds) return;
				told = now;
				for (const each of planned.schedule.lanes) tell(each);
			},
			worked: (what, begun) => worked(listen, what, begun),
			answered(lane, answers, taskOf) {
				const parametersOf = (i: number) => parameterWords(scan.expansion.layout(lane.place), taskOf(i));
				if (options.keep === true)
					noteFolders(workFolder, answers, (i) => ({ target: scan.nameOf(lane.place), parameters: parametersOf(i) }));
				listen(answeredEvent(planned.places.indexOf(lane.place), answers, parametersOf));
			},
			failed(lane, task, failure, willRetry) {
				const [target, rule] = [scan.nameOf(lane.place), scan.rules[lane.place]?.kind ?? bug('no rule')];
				const parameters = parameterWords(scan.expansion.layout(lane.place), task);
				listen({ kind: 'task-failed', target, rule, parameters, failure, willRetry });
				if (!willRetry && course.failures.length < shownFailures)
					course.failures.push({ target, rule, parameters, failure });
			},
			finished(lane) {
				tell(lane);
				sweepUp(lane, course.stands, store, { results, generation: course.generation });
			},
			notice: (message) => listen({ kind: 'notice', message }),
			stopping: (reason) => listen({ kind: 'stopping', reason }),
		},
		{ failFast: options.failFast ?? false, signal: options.signal },
	);
	for (const lane of planned.schedule.lanes) {
		tally(lane);
		if (!results.has(lane.place) && end.kind !== 'broken') keepReached(lane, course.stands, store);
	}
	if (end.kind !== 'damage' && end.kind !== 'broken')
		keepSnapshots({ scan, stands: course.stands, store }, planned, { results, build: course.number });
	return end;
}

// Undefined where no key is made with a file: nothing is looked at then.
function guardOf({ rules }: Plan, stands: Standings): FileGuard | undefined {
	const [place] = [...rules.keys()].filter((one) => {
		const files = rules.get(one)?.keyedFiles;
		return files !== undefined && (files.shared.length + files.packages.length > 0 || files.own !== undefined);
	});
	return place === undefined
		? undefined
		: fileGuard((one) => rules.get(one)?.keyedFiles, stands.filesOf(place).digests);
}

function workFolderOf(store: Store, build: number): string {
	return join(store.folder, 'work', String(build));
}

function finishedTally(tasks: number): Tally {
	return { tasks, reused: tasks, ran: 0, failed: 0, blocked: 0, left: 0 };
}
