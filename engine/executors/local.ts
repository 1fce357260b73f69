// Runs bundles in worker threads of this machine: one thread a slot, started when there is something for it.
// A thread has one part to run and one waiting; what waits behind a long task goes to a thread that has nothing to do.
// Knows nothing of keys, the store or the schedule.
import v8 from 'node:v8';
import type { ScanSource } from '../code/evaluate.ts';
import { paramsOf } from '../workers/rows.ts';
import { clock } from '../workers/shared.ts';
import type { Bundle, Executor, ExecutorEvents, RuleSetup } from './executor.ts';
import { usualMemoryMiB, type Watched, watchMemory } from './memory.ts';
import { allTaken, type Part, type RunningTask, startThread, type Thread } from './thread.ts';

/** What the local executor needs. */
export interface LocalOptions {
	readonly source: ScanSource;
	readonly setups: readonly RuleSetup[];
	/** How many threads there may be. */
	readonly slots: number;
	readonly events: ExecutorEvents;
	/** What a thread may have where no rule asks for more; where nothing is said, `usualMemoryMiB`. */
	readonly memoryMiB?: number | undefined;
}

interface Slot {
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

/** An executor of worker threads. */
export function localExecutor(options: LocalOptions): Executor {
	const { source, setups, slots: slotCount, events } = options;
	const slots: Slot[] = Array.from({ length: slotCount }, () => ({
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
			{ source, setups, memoryMiB },
			{
				answered: events.answered,
				ended(part) {
					slot.isStuck = false;
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

	function add(bundle: Bundle, first: number): void {
		open.set(bundle.id, (open.get(bundle.id) ?? 0) + 1);
		const ticket = new Int32Array(new SharedArrayBuffer(4));
		ticket[0] = first;
		backlog.push({ id: partCount++, bundle, first, ticket });
		timer ??= setInterval(tick, tickMilliseconds);
		place();
	}

	function room(slot: Slot): number {
		if (slot.thread?.isUsable() === false || (slot.isStuck && loadOf(slot) > 0)) return 0;
		return Math.max(0, partsPerThread - loadOf(slot));
	}

	/** Gives what waits here to threads: an idle one first, then a new one, then one that runs something. */
	function place(): void {
		while (backlog.length > 0 && state === 'open') {
			const idle = slots.find((slot) => slot.thread !== undefined && loadOf(slot) === 0 && room(slot) > 0);
			const slot = idle ?? slots.find((each) => each.thread === undefined) ?? slots.find((each) => room(each) > 0);
			if (slot === undefined) return;
			const part = backlog.shift();
			if (part !== undefined) (slot.thread ?? start(slot)).run(part);
		}
	}

	function tick(): void {
		for (const slot of slots) {
			slot.thread?.take();
			checkTimeout(slot);
		}
		memory.check(slots.flatMap(watched));
		for (const slot of slots) {
			if (loadOf(slot) === 0 && room(slot) > 0 && backlog.length === 0) relieve();
		}
		for (const slot of slots) slot.seen = slot.thread?.parts[0];
	}

	/** Takes tasks from a thread where they wait behind another part, or behind a task that takes its time. */
	function relieve(): void {
		const donor =
			slots.find((slot) => loadOf(slot) > 1) ??
			slots.find(
				(slot) => slot.seen !== undefined && slot.seen === slot.thread?.running()?.part && remaining(slot.seen) > 0,
			);
		const part = donor?.thread?.parts.at(-1);
		if (donor?.thread === undefined || part === undefined) return;
		const next = Atomics.exchange(part.ticket, 0, allTaken);
		if (next >= part.bundle.tasks.size) return;
		add(part.bundle, next);
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
		name: 'local',
		slots: slotCount,
		wants() {
			if (state !== 'open') return 0;
			return Math.max(0, slots.reduce((sum, slot) => sum + room(slot), 0) - backlog.length);
		},
		send(bundle) {
			add(bundle, 0);
		},
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
