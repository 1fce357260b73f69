// The pool that runs functions in worker threads: one thread a slot, started when there is something for it.
// A thread has one part to run and one waiting; what waits behind a long task goes to a thread that has nothing to do.
// Knows nothing of keys, the store or the schedule.
import v8 from 'node:v8';
import type { ScanSource } from '../code/evaluate.ts';
import { paramsOf } from '../workers/rows.ts';
import { clock } from '../workers/shared.ts';
import type { Bundle } from './executor.ts';
import { usualMemoryMiB, type Watched, watchMemory } from './memory.ts';
import type { Pool, PoolOptions } from './pool.ts';
import { type Demand, demandOf } from './room.ts';
import { allTaken, type Part, type RunningTask, startThread, type Thread } from './thread.ts';

/** What the pool needs. */
export interface ThreadPoolOptions extends PoolOptions {
	readonly source: ScanSource;
	/** What a thread may have where no rule asks for more; where nothing is said, `usualMemoryMiB`. */
	readonly memoryMiB?: number | undefined;
}

interface Slot {
	/** What it has taken of the machine's room: as much as one of its tasks needs, while it has any. */
	held: Demand | undefined;
	thread: Thread | undefined;
	/** Its later tasks were given to another thread, so that nothing more shall wait here. */
	isStuck: boolean;
	/** What ran here at the tick before. */
	seen: Part | undefined;
	/** The task whose signal was aborted for its timeout, and when. */
	aborted: { readonly task: RunningTask; readonly at: number } | undefined;
}

const tickMilliseconds = 100;
const partsPerThread = 2;
// How long a function may take to end once its signal is aborted.
const timeoutGraceMilliseconds = 1000;
const stopGraceMilliseconds = 300;

/** A pool of worker threads. */
export function threadPool(options: ThreadPoolOptions): Pool {
	const { source, setups, slots: slotCount, room, events } = options;
	const slots: Slot[] = Array.from({ length: slotCount }, () => ({
		held: undefined,
		thread: undefined,
		isStuck: false,
		seen: undefined,
		aborted: undefined,
	}));
	const setupByRule = new Map(setups.map((setup) => [setup.rule, setup]));
	const memoryMiB = Math.max(
		options.memoryMiB ?? usualMemoryMiB(slotCount),
		...setups.map((setup) => setup.memoryMiB ?? 0),
	);
	const memory = watchMemory(memoryMiB);
	/** How many parts of each bundle are not over. */
	const open = new Map<number, number>();
	const backlog: Part[] = [];
	let partCount = 0;
	let timer: NodeJS.Timeout | undefined;
	let state: 'open' | 'drained' | 'broken' | 'closed' = 'open';
	let closing: Promise<void> | undefined;
	unboundThreads();

	function start(slot: Slot): Thread {
		const thread = startThread(
			{ source, setups, memoryMiB, worker: options.firstWorker + slots.indexOf(slot) },
			{
				answered: events.answered,
				ended(part) {
					slot.isStuck = false;
					if (loadOf(slot) === 0) giveRoomBack(slot);
					countDown(part.bundle);
					place();
				},
				over(caught) {
					Object.assign(slot, {
						thread: undefined,
						isStuck: false,
						seen: undefined,
						aborted: undefined,
					});
					giveRoomBack(slot);
					if (caught !== undefined) events.abandoned(abandonedSentence(caught));
					place();
				},
				broken(message) {
					if (state !== 'open' && state !== 'drained') return;
					state = 'broken';
					events.broken(`The Scanfile could be evaluated, but not in a worker thread: ${message}`);
				},
			},
		);
		slot.thread = thread;
		return thread;
	}

	function countDown(bundle: Bundle): void {
		const left = (open.get(bundle.id) ?? 0) - 1;
		if (left > 0) {
			open.set(bundle.id, left);
			return;
		}
		open.delete(bundle.id);
		if (open.size === 0) {
			clearInterval(timer);
			timer = undefined;
		}
		events.finished(bundle.id);
	}

	/** The bundle's tasks from `first` on, for one thread. */
	function partFrom(bundle: Bundle, first: number): Part {
		open.set(bundle.id, (open.get(bundle.id) ?? 0) + 1);
		const ticket = new Int32Array(new SharedArrayBuffer(4));
		ticket[0] = first;
		timer ??= setInterval(tick, tickMilliseconds);
		return { id: partCount++, bundle, first, ticket };
	}

	/** Whether a part that needs so much can be given to the slot; where it has nothing to do, room is taken for it. */
	function admits(slot: Slot, demand: Demand): boolean {
		if (slot.thread?.isUsable() === false) return false;
		if (slot.held === undefined) {
			if (room.take(demand)) slot.held = demand;
			return slot.held !== undefined;
		}
		const isAlike = slot.held.cores === demand.cores && slot.held.memoryMiB === demand.memoryMiB;
		return isAlike && !slot.isStuck && loadOf(slot) < partsPerThread;
	}

	function giveRoomBack(slot: Slot): void {
		const { held } = slot;
		slot.held = undefined;
		if (held !== undefined) room.free(held);
	}

	function demandOfRule(rule: number): Demand {
		return demandOf(setupByRule.get(rule) ?? {});
	}

	/** Gives what waits here to threads: an idle one first, then a new one, then one that runs something. */
	function place(): void {
		while (state === 'open') {
			const [part] = backlog;
			if (part === undefined) return;
			const demand = demandOfRule(part.bundle.rule);
			const byLoad = [
				...slots.filter((slot) => slot.thread !== undefined && loadOf(slot) === 0),
				...slots.filter((slot) => slot.thread === undefined),
				...slots.filter((slot) => loadOf(slot) > 0),
			];
			const slot = byLoad.find((each) => admits(each, demand));
			if (slot === undefined) return;
			backlog.shift();
			runOn(slot, part);
		}
	}

	function runOn(slot: Slot, part: Part): void {
		(slot.thread ?? start(slot)).run(part);
	}

	function tick(): void {
		for (const slot of slots) {
			slot.thread?.take();
			checkTimeout(slot);
		}
		memory.check(slots.flatMap(watched));
		for (const slot of slots) {
			if (loadOf(slot) === 0 && backlog.length === 0) relieve(slot);
		}
		for (const slot of slots) slot.seen = slot.thread?.parts[0];
	}

	/** An idle thread takes tasks from one where they wait behind another part, or behind a task that takes its time. */
	function relieve(slot: Slot): void {
		const donor =
			slots.find((each) => loadOf(each) > 1) ??
			slots.find(({ seen, thread }) => seen !== undefined && seen === thread?.running()?.part && remaining(seen) > 0);
		const part = donor?.thread?.parts.at(-1);
		if (donor?.thread === undefined || part === undefined) return;
		const demand = demandOfRule(part.bundle.rule);
		if (!admits(slot, demand)) return;
		const next = Atomics.exchange(part.ticket, 0, allTaken);
		if (next >= part.bundle.tasks.size) {
			giveRoomBack(slot);
			return;
		}
		runOn(slot, partFrom(part.bundle, next));
		if (next === part.first) donor.thread.forget(part);
		donor.isStuck = true;
	}

	function checkTimeout(slot: Slot): void {
		const task = slot.thread?.isUsable() === true ? slot.thread.running() : undefined;
		const timeoutSeconds = task && setupByRule.get(task.part.bundle.rule)?.timeoutSeconds;
		if (task === undefined || timeoutSeconds === undefined || slot.thread === undefined) return;
		const now = clock();
		if (now - task.startedAt < timeoutSeconds * 1000) return;
		const { aborted } = slot;
		const isAborted = aborted !== undefined && isSame(aborted.task, task);
		if (task.listens && !isAborted) {
			slot.aborted = { task, at: now };
			slot.thread.abort(task, 'timeout');
		} else if (!isAborted || now - aborted.at > timeoutGraceMilliseconds) {
			void slot.thread.end({ task, failure: { kind: 'timed-out', timeoutSeconds } });
		}
	}

	async function stop(slot: Slot): Promise<void> {
		const { thread } = slot;
		if (thread === undefined) return;
		takeAll(slot);
		const task = thread.running();
		if (task?.listens === true) {
			thread.abort(task, 'stop');
			const until = clock() + stopGraceMilliseconds;
			while (clock() < until && thread.parts.includes(task.part))
				await new Promise((resolve) => setTimeout(resolve, 10));
		}
		await thread.end(undefined);
	}

	async function closeAll(): Promise<void> {
		state = 'closed';
		await Promise.all(slots.map(stop));
		clearInterval(timer);
		memory.close();
		for (const bundle of [...open.keys()]) {
			open.delete(bundle);
			events.finished(bundle);
		}
	}

	function abandonedSentence(caught: RunningTask | 'unknown'): string {
		if (caught === 'unknown') return 'A worker thread could not be ended and was left behind';
		const { bundle } = caught.part;
		const setup = setupByRule.get(bundle.rule);
		const params = setup === undefined ? {} : paramsOf(setup, bundle.tasks, caught.task);
		const words = [setup?.kind, ...Object.entries(params).map(([name, value]) => `${name}=${value}`)].join(' ');
		return `${words}: its thread could not be ended within 2 s and was left behind (it may wait for a process that it started)`;
	}

	return {
		send(bundle) {
			backlog.push(partFrom(bundle, 0));
			place();
		},
		place,
		openCount: () => open.size,
		warmUp() {
			const [slot] = slots;
			if (slot !== undefined && slot.thread === undefined && state === 'open') start(slot);
		},
		drain() {
			if (state !== 'open') return;
			state = 'drained';
			for (const slot of slots) takeAll(slot);
			for (const part of backlog.splice(0)) countDown(part.bundle);
		},
		close() {
			closing ??= closeAll();
			return closing;
		},
	};
}

/** The thread takes no more tasks of what it was given. */
function takeAll(slot: Slot): void {
	for (const part of slot.thread?.parts ?? []) Atomics.exchange(part.ticket, 0, allTaken);
}

function loadOf(slot: Slot): number {
	return slot.thread?.parts.length ?? 0;
}

function remaining(part: Part): number {
	return part.bundle.tasks.size - Atomics.load(part.ticket, 0);
}

function isSame(a: RunningTask, b: RunningTask): boolean {
	return a.part === b.part && a.task === b.task;
}

function watched({ thread }: Slot): readonly Watched[] {
	const task = thread?.isUsable() === true ? thread.running() : undefined;
	if (thread === undefined || task === undefined) return [];
	const over = (): void => void thread.end({ task, failure: { kind: 'out-of-memory' } });
	return [{ id: thread.id, startedAt: task.startedAt, over }];
}

/** V8 lets a flag of the process overrule the limits of its threads; what is meant for the engine is not for them. */
function unboundThreads(): void {
	const given = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ');
	if (/max[-_]old[-_]space[-_]size/.test(given)) v8.setFlagsFromString('--max-old-space-size=0');
}
