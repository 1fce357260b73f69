// The loop schedule ↔ executor ↔ store: the only place that waits.
// Each turn takes in what was answered, sends what is ready, and keys some of what could become ready.
import { performance } from 'node:perf_hooks';
import { bundleSize, firstPace, type Pace, updatePace } from './bundle.ts';
import { type ErrorKind, UserError } from './errors.ts';
import type { Answers, Executor, ExecutorEvents } from './executors/executor.ts';
import type { Damage, Fed, Feeder } from './feed.ts';
import type { FileGuard } from './guard.ts';
import { held } from './held.ts';
import { type Failure, neverRetried } from './outcome.ts';
import { alteredIn, type Ended, recordAnswers, withoutChanged } from './record.ts';
import type { Reuse } from './reuse.ts';
import { isFinished, type Lane, type Schedule } from './schedule.ts';
import type { Span } from './spans.ts';
import type { Store } from './store/store.ts';
import { digestOf, keyOf, openCount, State, stateOf, type TaskId } from './tasks.ts';

/** What the loop works with. */
export interface Work {
	readonly schedule: Schedule;
	readonly reuse: Reuse;
	readonly feeder: Feeder;
	readonly store: Store;
	/** Looks again at the files that keys were made with; undefined: there are none. */
	readonly guard?: FileGuard | undefined;
	/** This build's number in the store. */
	readonly build: number;
	start(events: ExecutorEvents): Executor;
	retriesOf(lane: Lane): number;
}

/** What the loop tells while it works. */
export interface WorkEvents {
	progressed(lane: Lane): void;
	/** A worker's answers were recorded. `taskOf` gives the task of an answer. */
	answered(lane: Lane, answers: Answers, taskOf: (answer: number) => TaskId): void;
	/** The engine itself was busy since `begun` (of `performance.now`). */
	worked(what: Span, begun: number): void;
	/** Tasks of the rule were sent. */
	sent(lane: Lane): void;
	failed(lane: Lane, task: TaskId, failure: Failure, willRetry: boolean): void;
	/** All tasks of the rule are over. */
	finished(lane: Lane): void;
	notice(message: string): void;
	stopping(reason: 'interrupt' | 'fail-fast'): void;
}

export interface Stop {
	readonly failFast: boolean;
	readonly signal: AbortSignal | undefined;
}

export type RunEnd =
	| { readonly kind: 'done' }
	| { readonly kind: 'interrupted' }
	| { readonly kind: 'failed-fast' }
	| { readonly kind: 'broken'; readonly error: ErrorKind; readonly message: string }
	/** Results had to be forgotten: plan again and go on. */
	| Damage;

interface Flight {
	readonly lane: Lane;
	readonly tasks: Int32Array;
	readonly answered: Uint8Array;
	readonly altered: Fed['altered'];
	readonly over: Fed['over'];
}

type Message =
	| { readonly kind: 'answered'; readonly answers: Answers }
	| { readonly kind: 'finished'; readonly bundle: number };

const settleChunk = 4096;

export async function run(work: Work, events: WorkEvents, stop: Stop): Promise<RunEnd> {
	const { schedule, reuse, feeder, store } = work;
	const flights = new Map<number, Flight>();
	const paces = new Map<Lane, Pace>();
	const attempts = new Map<Lane, Map<TaskId, number>>();
	const finished = new Set<Lane>();
	const downstreamFirst = [...schedule.lanes].reverse();
	let inbox: Message[] = [];
	// set: nothing more is sent, what runs may end
	let draining: RunEnd | undefined;
	let end: RunEnd | undefined;
	let wake: () => void = () => {};
	const noteWaiting = held((isHeld) => executor.hold?.(isHeld));

	const executor = work.start({
		answered: (answers) => receive({ kind: 'answered', answers }),
		finished: (bundle) => receive({ kind: 'finished', bundle }),
		abandoned: (what) => events.notice(what),
		broken: (message) => finish({ kind: 'broken', error: 'executor', message }),
	});
	executor.warmUp(schedule.lanes.reduce((sum, { table }) => sum + openCount(table), 0));

	function receive(message: Message): void {
		inbox.push(message);
		if (message.kind === 'answered') noteWaiting(message.answers.bytes.length);
		wake();
	}

	function finish(how: RunEnd): void {
		end ??= how;
		wake();
	}

	function drain(why: RunEnd): void {
		draining ??= why;
		executor.drain();
	}

	const attemptOf = (lane: Lane, task: TaskId): number => attempts.get(lane)?.get(task) ?? 1;

	async function takeIn(): Promise<void> {
		if (inbox.length > 0) await work.guard?.turn();
		const messages = inbox;
		inbox = [];
		await takeAnswers(messages.flatMap((message) => (message.kind === 'answered' ? [message.answers] : [])));
		for (const message of messages) if (message.kind === 'finished') giveBack(message.bundle);
	}

	// What came together is committed together: a commit waits for the disk, however few tasks are in it.
	async function takeAnswers(all: readonly Answers[]): Promise<void> {
		const ended: (Ended & { readonly flight: Flight })[] = [];
		const size = all.reduce((sum, { bytes }) => sum + bytes.length, 0);
		for (const given of all) {
			const flight = flights.get(given.bundle);
			if (flight === undefined) continue;
			const { lane, tasks } = flight;
			const taskOf = (i: number): TaskId => tasks[given.tasks[i]!]!;
			const taskIds = (): TaskId[] => Array.from({ length: given.size }, (_, i) => taskOf(i));
			const changed = await work.guard?.changed(lane.place, taskIds);
			const altered = await alteredIn(given, flight.altered);
			ended.push({
				flight,
				answers: withoutChanged(withoutChanged(given, changed), altered),
				build: work.build,
				endedAt: Date.now(),
				keyOf: (i) => keyOf(lane.table, taskOf(i)),
				attemptOf: (i) => attemptOf(lane, taskOf(i)),
			});
		}
		if (ended.length === 0) return noteWaiting(-size);
		const begun = performance.now();
		const recorded = await recordAnswers(store, ended);
		events.worked('commit', begun);
		noteWaiting(-size);
		for (const [i, answers] of recorded.entries()) settleAnswers((ended[i] as (typeof ended)[0]).flight, answers);
	}

	function settleAnswers(flight: Flight, answers: Answers): void {
		const { lane, tasks } = flight;
		const taskOf = (i: number): TaskId => tasks[answers.tasks[i]!]!;
		events.answered(lane, answers, taskOf);
		let seconds = 0;
		for (let i = 0; i < answers.size; i++) {
			const task = taskOf(i);
			flight.answered[answers.tasks[i]!] = 1;
			seconds += answers.seconds[i]!;
			const failure = answers.extras.get(i)?.failure;
			if (failure !== undefined) {
				fail(lane, task, failure);
				continue;
			}
			digestOf(lane.table, task).set(answers.digests.subarray(i * 32, i * 32 + 32));
			schedule.done(lane, task, State.ran);
			reuse.settleTwins(lane, task);
		}
		paces.set(lane, updatePace(paces.get(lane) ?? firstPace, answers.size, seconds));
		events.progressed(lane);
	}

	function fail(lane: Lane, task: TaskId, failure: Failure): void {
		const attempt = attemptOf(lane, task);
		const mayRetry = !neverRetried.has(failure.kind) && attempt <= work.retriesOf(lane);
		const willRetry = mayRetry && end === undefined && draining === undefined;
		events.failed(lane, task, failure, willRetry);
		if (willRetry) {
			if (!attempts.has(lane)) attempts.set(lane, new Map());
			attempts.get(lane)?.set(task, attempt + 1);
			schedule.retry(lane, task);
			return;
		}
		schedule.lost(lane, task, State.failed);
		reuse.settleTwins(lane, task);
		if (stop.failFast && draining === undefined) {
			events.stopping('fail-fast');
			drain({ kind: 'failed-fast' });
		}
	}

	// What a lost worker had not started is ready once more; a retried task is ready already.
	function giveBack(bundle: number): void {
		const flight = flights.get(bundle);
		if (flight === undefined) return;
		flights.delete(bundle);
		flight.over?.();
		const pace = paces.get(flight.lane) ?? firstPace;
		paces.set(flight.lane, { ...pace, largest: Math.max(pace.largest, flight.tasks.length) });
		for (const [i, task] of flight.tasks.entries())
			if (flight.answered[i] === 0 && stateOf(flight.lane.table, task) === State.running)
				schedule.retry(flight.lane, task);
	}

	// No result of such a rule could be recorded: what has not started is left for the next build.
	function leaveSpoiled(): void {
		for (const lane of schedule.lanes) {
			if (work.guard?.isSpoiled(lane.place) !== true) continue;
			for (const task of schedule.takeReady(lane, schedule.readyCount(lane))) {
				schedule.lost(lane, task, State.left);
				reuse.settleTwins(lane, task);
			}
		}
	}

	async function send(): Promise<void> {
		leaveSpoiled();
		while (executor.wants() > 0 && end === undefined && draining === undefined) {
			const lane = downstreamFirst.find((candidate) => schedule.readyCount(candidate) > 0);
			if (lane === undefined) return;
			const size = bundleSize(paces.get(lane) ?? firstPace, schedule.readyCount(lane), executor.slots);
			const tasks = schedule.takeReady(lane, size);
			const begun = performance.now();
			const fed = await feeder.bundle(lane, tasks);
			events.worked('feed', begun);
			if (fed.kind === 'damage') return drain(fed);
			for (const task of tasks.subarray(fed.size)) schedule.retry(lane, task);
			const sent = tasks.subarray(0, fed.size);
			const { altered, over } = fed;
			flights.set(fed.bundle.id, { lane, tasks: sent, answered: new Uint8Array(sent.length), altered, over });
			events.sent(lane);
			executor.send(fed.bundle);
		}
	}

	function settleSome(): boolean {
		const lane = downstreamFirst.find(schedule.hasKeyable);
		if (lane === undefined) return false;
		const begun = performance.now();
		reuse.settle(lane, settleChunk);
		events.worked('keys', begun);
		events.progressed(lane);
		return true;
	}

	function noteFinished(): void {
		for (const lane of schedule.lanes) {
			if (finished.has(lane) || !isFinished(lane)) continue;
			finished.add(lane);
			const begun = performance.now();
			events.finished(lane);
			events.worked('sweep', begun);
		}
	}

	const interrupt = () => {
		if (end !== undefined) return;
		events.stopping('interrupt');
		finish({ kind: 'interrupted' });
	};
	if (stop.signal?.aborted === true) interrupt();
	stop.signal?.addEventListener('abort', interrupt);
	try {
		while (end === undefined) {
			await takeIn();
			await send();
			const settled = draining === undefined && settleSome();
			noteFinished();
			if (settled) await new Promise(setImmediate);
			else if (inbox.length === 0 && end === undefined) {
				if (
					flights.size === 0 &&
					(draining !== undefined || !schedule.lanes.some((lane) => schedule.readyCount(lane) > 0))
				)
					break;
				await new Promise<void>((resolve) => {
					wake = resolve;
				});
			}
		}
	} catch (error) {
		end = brokenBy(error);
	} finally {
		stop.signal?.removeEventListener('abort', interrupt);
		await executor.close();
	}
	try {
		await takeIn();
	} catch (error) {
		if (end?.kind !== 'broken') end = brokenBy(error);
	}
	noteFinished();
	return end ?? draining ?? { kind: 'done' };
}

function brokenBy(error: unknown): RunEnd {
	if (!(error instanceof UserError)) throw error;
	return { kind: 'broken', error: error.kind, message: error.message };
}
