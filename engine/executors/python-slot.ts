// What the pool of Pythons keeps of one worker: its interpreters, and the tasks that the one at work was told to run.
// Knows neither how a worker is fed nor what a task is.
import type { Failure } from '../outcome.ts';
import type { SomeTasks } from '../workers/python-wire.ts';
import type { Python } from './python.ts';
import type { PythonKind } from './python-kinds.ts';
import type { Demand } from './room.ts';
import type { OpenBundle } from './waiting.ts';

/** A bundle that is not over. */
export type OpenPython = OpenBundle<undefined>;

/** Tasks that were sent together. */
export interface Run {
	readonly open: OpenPython;
	readonly tasks: SomeTasks;
	readonly size: number;
	/** How many of them have ended: the next one runs, if this is the first run. */
	at: number;
	/** From here on its tasks were given back: what is said of them counts for nothing. */
	kept: number;
}

/** One worker. */
export interface PythonSlot {
	readonly worker: number;
	/** Of each kind at most one. */
	readonly pythons: Map<PythonKind, Python>;
	/** The one at work. */
	python: Python | undefined;
	/** What it was told, in order, without what has ended. */
	runs: Run[];
	/** How many of these tasks were not given back. */
	ahead: number;
	/** The bundle that it took tasks of last. */
	open: OpenPython | undefined;
	/** The kind of the interpreter at work, and the room that was taken for one of its tasks. */
	taken: { readonly kind: PythonKind; readonly demand: Demand } | undefined;
	/** When the task that runs began: when something was heard last. */
	since: number;
	/** How many tasks have ended here: names the one that runs. */
	ended: number;
	/** The task (by `ended`) behind which nothing shall wait. */
	slow: number | undefined;
	/** Tells apart what is withdrawn from what is sent later. */
	generation: number;
	/** Why the interpreter is being ended while a task (by `ended`) runs; without a failure the task runs again. */
	ending: { readonly at: number; readonly failure: Failure | undefined } | undefined;
	/** The task (by `ended`) at the last look at memory, and what the interpreter held when it was first seen. */
	seen: { readonly at: number; readonly memoryMiB: number } | undefined;
	/** How many tasks the interpreter at work has ended. */
	experience: number;
}

/** A worker whose interpreters are not started yet. */
export function newPythonSlot(worker: number): PythonSlot {
	return {
		worker,
		pythons: new Map(),
		python: undefined,
		runs: [],
		ahead: 0,
		open: undefined,
		taken: undefined,
		since: 0,
		ended: 0,
		slow: undefined,
		generation: 0,
		ending: undefined,
		seen: undefined,
		experience: 0,
	};
}

/** Whether the task that runs takes so long that nothing shall wait behind it. */
export function isSlowPython({ slow, ended, runs }: PythonSlot): boolean {
	return slow === ended && runs.length > 0;
}

/** The run whose task runs; undefined: none does, or it was given back. */
export function runningRun({ runs: [run] }: PythonSlot): Run | undefined {
	return run !== undefined && run.at < run.kept ? run : undefined;
}

/** Which task of the bundle is at this place of a run. */
export function taskAt({ tasks }: Run, place: number): number {
	return tasks instanceof Int32Array ? tasks[place]! : tasks.from + place;
}

/** The numbers of tasks. */
export function tasksOf(tasks: SomeTasks): Uint32Array {
	if (tasks instanceof Int32Array) return Uint32Array.from(tasks);
	return Uint32Array.from({ length: tasks.to - tasks.from }, (_, i) => tasks.from + i);
}

/**
 * The bundle that a worker goes on with; else the first that no other works on, so that few are sent twice; else the first.
 * Each worker's own one aside, nothing overtakes the first.
 */
export function chosen(
	slot: PythonSlot,
	slots: readonly PythonSlot[],
	queued: readonly OpenPython[],
): OpenPython | undefined {
	if (slot.open !== undefined && queued.includes(slot.open)) return slot.open;
	return queued.find((open) => !slots.some((other) => other.open === open)) ?? queued[0];
}

/** The first `size` tasks of the runs have ended: which of these answers count, and for which bundles. */
export function takeAnswered(slot: PythonSlot, size: number) {
	const taken: { readonly open: OpenPython; readonly from: number; readonly to: number }[] = [];
	for (let from = 0; from < size; ) {
		const [run] = slot.runs;
		if (run === undefined) break;
		const count = Math.min(size - from, run.size - run.at);
		const kept = Math.max(0, Math.min(count, run.kept - run.at));
		if (kept > 0) taken.push({ open: run.open, from, to: from + kept });
		run.at += count;
		slot.ended += count;
		slot.experience += count;
		slot.ahead -= kept;
		if (run.at === run.size) slot.runs.shift();
		from += count;
	}
	return taken;
}

/** The rest of the first run was not run. */
export function skipFirst(slot: PythonSlot, giveBack: (open: OpenPython, task: number) => void): void {
	const run = slot.runs.shift();
	if (run === undefined) return;
	slot.ahead -= Math.max(0, run.kept - run.at);
	for (let place = run.kept - 1; place >= run.at; place--) giveBack(run.open, taskAt(run, place));
}

/** Gives back all tasks but the first `kept` of these runs, the last one first. */
export function withdraw(slot: PythonSlot, kept: number, giveBack: (open: OpenPython, task: number) => void): void {
	for (const [i, run] of [...slot.runs.entries()].reverse()) {
		const from = i === 0 ? Math.min(run.kept, run.at + kept) : run.at;
		for (let place = run.kept - 1; place >= from; place--) giveBack(run.open, taskAt(run, place));
		slot.ahead -= Math.max(0, run.kept - from);
		run.kept = Math.min(run.kept, from);
	}
}
