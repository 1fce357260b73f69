// Bundles of tasks for processes, in the order in which they came: what nobody has taken, what has ended and is handed over
// several times a second, what is over. Knows no workers.
import type { Ended } from '../workers/answers.ts';
import type { SomeTasks } from '../workers/python-wire.ts';
import type { Answers, Bundle, ExecutorEvents, RuleSetup } from './executor.ts';
import { type Gather, gather } from './gather.ts';

/** A bundle that is not over, and what its pool keeps of it (`runner`). */
export interface OpenBundle<R = unknown> {
	readonly bundle: Bundle;
	readonly setup: RuleSetup;
	readonly runner: R;
	/** All tasks from this one on were never taken. */
	next: number;
	/** Tasks that were taken and given back, the first last. */
	readonly again: number[];
	/** How many tasks are neither answered nor given up. */
	left: number;
	/** What has ended, by worker. */
	readonly ended: Map<number, Gather>;
}

/** Bundles that are not over. */
export interface Waiting<R> {
	add(bundle: Bundle, setup: RuleSetup, runner: R): void;
	count(): number;
	/** The bundle whose tasks are next: nothing overtakes it, so that none waits for ever. */
	front(): OpenBundle<R> | undefined;
	/** All that have tasks that nobody has taken, in order. */
	queued(): readonly OpenBundle<R>[];
	/** A task was not run, and waits again before all others. */
	giveBack(open: OpenBundle<R>, task: number): void;
	/** A task has ended. */
	answer(open: OpenBundle<R>, worker: number, ended: Ended): void;
	/** Tasks have ended. */
	answerAll(open: OpenBundle<R>, answers: Answers): void;
	/** Tells of all that has ended. */
	handOver(): void;
	/** Nobody will take tasks any more: bundles are over as soon as what was taken has ended or is given back. */
	giveUp(): void;
	/** All bundles are over, whatever runs. */
	finishAll(): void;
}

const mostGathered = 4 * 1024 * 1024;

/** Nothing waits yet. */
export function waitingBundles<R>(events: Pick<ExecutorEvents, 'answered' | 'finished'>): Waiting<R> {
	const all = new Set<OpenBundle<R>>();
	const queue: OpenBundle<R>[] = [];
	let isGivenUp = false;

	function handOver(open: OpenBundle<R>): void {
		for (const gathered of open.ended.values()) {
			for (const answers of gathered.take()) events.answered(answers);
		}
	}

	function finish(open: OpenBundle<R>): void {
		if (!all.delete(open)) return;
		handOver(open);
		events.finished(open.bundle.id);
	}

	function drop(open: OpenBundle<R>): void {
		open.left -= untakenCount(open);
		open.again.length = 0;
		open.next = open.bundle.tasks.size;
		if (open.left === 0) finish(open);
	}

	function gathered(open: OpenBundle<R>, worker: number, size: number, add: (gathered: Gather) => void): void {
		if (!all.has(open)) return;
		const own = open.ended.get(worker) ?? gather(open.bundle.id, worker);
		open.ended.set(worker, own);
		add(own);
		open.left -= size;
		if (open.left === 0) finish(open);
		else if (own.bytes() > mostGathered) handOver(open);
	}

	function front(): OpenBundle<R> | undefined {
		while (queue[0] !== undefined && untakenCount(queue[0]) === 0) queue.shift();
		return queue[0];
	}

	return {
		add(bundle, setup, runner) {
			const left = bundle.tasks.size;
			const open: OpenBundle<R> = { bundle, setup, runner, next: 0, again: [], left, ended: new Map() };
			all.add(open);
			queue.push(open);
			if (isGivenUp) drop(open);
		},
		count: () => all.size,
		front,
		queued() {
			front();
			return queue.filter((open) => untakenCount(open) > 0);
		},
		giveBack(open, task) {
			if (!all.has(open)) return;
			open.again.push(task);
			if (isGivenUp) drop(open);
			else if (!queue.includes(open)) queue.unshift(open);
		},
		answer: (open, worker, ended) => gathered(open, worker, 1, (own) => own.add(ended)),
		answerAll: (open, answers) => gathered(open, answers.worker, answers.size, (own) => own.addAll(answers)),
		handOver() {
			for (const open of [...all]) handOver(open);
		},
		giveUp() {
			isGivenUp = true;
			for (const open of [...all]) drop(open);
		},
		finishAll() {
			isGivenUp = true;
			for (const open of [...all]) finish(open);
		},
	};
}

/** How many tasks of a bundle nobody has taken. */
export function untakenCount(open: OpenBundle): number {
	return open.bundle.tasks.size - open.next + open.again.length;
}

/** Takes one task; undefined where none is left. */
export function takeTask(open: OpenBundle): number | undefined {
	const again = open.again.pop();
	if (again !== undefined) return again;
	return open.next < open.bundle.tasks.size ? open.next++ : undefined;
}

/** Takes some tasks, at most `count`: first what was given back. */
export function takeTasks(open: OpenBundle, count: number): SomeTasks {
	const { again, next, bundle } = open;
	if (again.length > 0) return Int32Array.from(again.splice(-count).reverse());
	open.next = Math.min(next + count, bundle.tasks.size);
	return { from: next, to: open.next };
}
