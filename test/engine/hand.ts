// The loop over rules of so many tasks, with an executor whose test decides what is answered and when.
// Knows no scan: task i of each rule has the parameter a = i.

import type { Bundle, Executor, ExecutorEvents } from '../../engine/executors/executor.ts';
import { feeder } from '../../engine/feed.ts';
import type { Link } from '../../engine/links.ts';
import { type ReuseRule, reuse } from '../../engine/reuse.ts';
import { run, type Stop } from '../../engine/run.ts';
import { schedule } from '../../engine/schedule.ts';
import { memoryStore } from '../../engine/store/memory.ts';
import type { Store } from '../../engine/store/store.ts';
import { tallyOf } from '../../engine/tasks.ts';
import { grid } from '../../rules/index.ts';
import { type Layout, layoutOf } from '../../rules/space.ts';
import { answersTo, type Ended, laneSpec } from './fakes.ts';

/** An executor whose test decides when what is answered. */
export interface HandExecutor {
	readonly sent: Bundle[];
	isClosed(): boolean;
	start(events: ExecutorEvents): Executor;
}

/** `act` is told of each bundle, one turn after it was sent. */
export function handExecutor(slots: number, act: (bundle: Bundle, events: ExecutorEvents) => void): HandExecutor {
	const sent: Bundle[] = [];
	let isClosed = false;
	return {
		sent,
		isClosed: () => isClosed,
		start(events) {
			let open = 0;
			let isDrained = false;
			const counted: ExecutorEvents = {
				...events,
				finished(bundle) {
					open--;
					events.finished(bundle);
				},
			};
			return {
				name: 'by hand',
				slots,
				wants: () => (isClosed || isDrained ? 0 : 2 * slots - open),
				send(bundle) {
					open++;
					sent.push(bundle);
					setImmediate(() => {
						if (!isClosed) act(bundle, counted);
					});
				},
				warmUp() {},
				drain() {
					isDrained = true;
				},
				async close() {
					isClosed = true;
				},
			};
		},
	};
}

/** What is run, and what the test does with each bundle. */
export interface Said {
	readonly sizes: readonly number[];
	readonly links?: Readonly<Record<number, readonly Link[]>>;
	readonly retries?: number;
	readonly slots?: number;
	readonly store?: Store;
	readonly stop?: Partial<Stop>;
	readonly workFolder?: string;
	readonly act: (bundle: Bundle, events: ExecutorEvents) => void;
}

/** Rules of so many tasks, run by `act`; what was told is kept as words. */
export async function ran(said: Said) {
	const { sizes, links = {}, retries = 0, slots = 1, store = memoryStore(), stop = {}, act } = said;
	const layouts = sizes.map((size): Layout => layoutOf(grid({ a: Array.from({ length: size }, (_, i) => i) })));
	const specs = sizes.map((size, place) => laneSpec(place, size, links[place]));
	const made = schedule(specs);
	const rules = new Map(
		layouts.map((layout, place) => {
			const inputs = (links[place] ?? []).map((link) => ({
				link,
				layout: layouts[link.upstream] as Layout,
				table: (specs[link.upstream] as (typeof specs)[number]).table,
			}));
			const maker = { prefix: `rule ${place}\n`, layout, seeds: new Uint32Array(0), inputs };
			return [place, { maker, mayCoincide: false, outside: undefined, ...maker }];
		}),
	);
	const executor = handExecutor(slots, act);
	const told: string[] = [];
	const end = await run(
		{
			schedule: made,
			reuse: reuse(made, rules as ReadonlyMap<number, ReuseRule>, store),
			feeder: feeder(rules, store, said.workFolder ?? '/nowhere'),
			store,
			build: 4,
			start: executor.start,
			retriesOf: () => retries,
		},
		{
			answered: () => undefined,
			worked: () => undefined,
			progressed: () => undefined,
			sent: () => undefined,
			failed: (lane, task, _failure, willRetry) =>
				told.push(`${lane.place}:${task} failed${willRetry ? ', again' : ''}`),
			finished: (lane) => told.push(`${lane.place} finished`),
			notice: (message) => told.push(message),
			stopping: (reason) => told.push(reason),
		},
		{ failFast: false, signal: undefined, ...stop },
	);
	return { end, told, store, executor, lanes: made.lanes, tallies: made.lanes.map((lane) => tallyOf(lane.table)) };
}

/** The tasks of a bundle: their parameter a is their number. */
export const tasksOf = (bundle: Bundle) => [...bundle.tasks.codes].map((code) => code - 1);

/** Answers all tasks of each bundle, as `how` says. */
export function answering(how: (task: number, bundle: Bundle) => Ended = (task) => ({ value: task })) {
	return (bundle: Bundle, events: ExecutorEvents) => {
		events.answered(answersTo(bundle.id, new Map(tasksOf(bundle).map((task, i) => [i, how(task, bundle)]))));
		events.finished(bundle.id);
	};
}
