// Bundles of tasks for programs, in the order in which they came: what nobody has taken, what has ended and is handed over
// several times a second, what is over. Knows no workers.
import type { Ended } from '../workers/answers.ts';
import type { ProgramRunner } from '../workers/program.ts';
import type { Bundle, ExecutorEvents, RuleSetup } from './executor.ts';
import { type Gather, gather } from './gather.ts';

/** A bundle that is not over. */
export interface OpenBundle {
	readonly bundle: Bundle;
	readonly setup: RuleSetup;
	readonly runner: ProgramRunner;
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
export interface Waiting {
	add(bundle: Bundle, setup: RuleSetup, runner: ProgramRunner): void;
	count(): number;
	/** The bundle whose tasks are next: nothing overtakes it, so that none waits for ever. */
	front(): OpenBundle | undefined;
	/** A task was not run, and waits again before all others. */
	giveBack(open: OpenBundle, task: number): void;
	/** A task has ended. */
	answer(open: OpenBundle, worker: number, ended: Ended): void;
	/** Tells of all that has ended. */
	handOver(): void;
	/** Nobody will take tasks any more: bundles are over as soon as what was taken has ended or is given back. */
	giveUp(): void;
	/** All bundles are over, whatever runs. */
	finishAll(): void;
}

const mostGathered = 4 * 1024 * 1024;

/** Nothing waits yet. */
export function waitingBundles(events: Pick<ExecutorEvents, 'answered' | 'finished'>): Waiting {
	const all = new Set<OpenBundle>();
	const queue: OpenBundle[] = [];
	let isGivenUp = false;

	function handOver(open: OpenBundle): void {
		for (const gathered of open.ended.values()) {
			const answers = gathered.take();
			if (answers !== undefined) events.answered(answers);
		}
	}

	function finish(open: OpenBundle): void {
		if (!all.delete(open)) return;
		handOver(open);
		events.finished(open.bundle.id);
	}

	function drop(open: OpenBundle): void {
		open.left -= untakenCount(open);
		open.again.length = 0;
		open.next = open.bundle.tasks.size;
		if (open.left === 0) finish(open);
	}

	return {
		add(bundle, setup, runner) {
			const left = bundle.tasks.size;
			const open: OpenBundle = { bundle, setup, runner, next: 0, again: [], left, ended: new Map() };
			all.add(open);
			queue.push(open);
			if (isGivenUp) drop(open);
		},
		count: () => all.size,
		front() {
			while (queue[0] !== undefined && untakenCount(queue[0]) === 0) queue.shift();
			return queue[0];
		},
		giveBack(open, task) {
			if (!all.has(open)) return;
			open.again.push(task);
			if (isGivenUp) drop(open);
			else if (!queue.includes(open)) queue.unshift(open);
		},
		answer(open, worker, ended) {
			if (!all.has(open)) return;
			const gathered = open.ended.get(worker) ?? gather(open.bundle.id, worker);
			open.ended.set(worker, gathered);
			gathered.add(ended);
			open.left--;
			if (open.left === 0) finish(open);
			else if (gathered.bytes() > mostGathered) handOver(open);
		},
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
