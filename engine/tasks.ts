// The task table: one row a task, in typed arrays (no object a task: see DESIGN.md, "columns").
// The only file that knows the layout of keys and digests. Knows nothing of why a task is in a state.
import { digestLength } from './digest.ts';
import type { Tally } from './events.ts';

declare const brand: unique symbol;
/** A row of one rule's task table. */
export type TaskId = number & { readonly [brand]?: 'TaskId' };
/** Names work before it is done: 32 bytes. */
export type TaskKey = Uint8Array & { readonly [brand]?: 'TaskKey' };
/** Names bytes that came out: 32 bytes. */
export type Digest = Uint8Array & { readonly [brand]?: 'Digest' };

/** How a task stands. */
export const State = {
	/** An input is not there yet. */
	waiting: 0,
	/** All inputs are there; the key is not computed yet. */
	keyable: 1,
	/** Known to run. */
	ready: 2,
	running: 3,
	reused: 4,
	ran: 5,
	failed: 6,
	/** An input failed. */
	blocked: 7,
	/** Never started: outside `--where`, after `--fail-fast` or an interrupt. */
	left: 8,
} as const;
export type State = (typeof State)[keyof typeof State];

/** The tasks of one rule. */
export interface TaskTable {
	readonly size: number;
	readonly states: Uint8Array;
	/** 32 bytes a task; all zero while not computed. */
	readonly keys: Uint8Array;
	/** 32 bytes a task; meaningful where the state is `reused` or `ran`. */
	readonly digests: Uint8Array;
	/** How many tasks are in each state. */
	readonly counts: Float64Array;
}

export function taskTable(size: number): TaskTable {
	const counts = new Float64Array(9);
	counts[State.waiting] = size;
	return {
		size,
		states: new Uint8Array(size),
		keys: new Uint8Array(size * digestLength),
		digests: new Uint8Array(size * digestLength),
		counts,
	};
}

export function stateOf(table: TaskTable, task: TaskId): State {
	return table.states[task]! as State;
}

export function setState(table: TaskTable, task: TaskId, state: State): void {
	table.counts[table.states[task]!]!--;
	table.states[task] = state;
	table.counts[state]!++;
}

/** Whether the task has a result. */
export function isDone(state: State): boolean {
	return state === State.reused || state === State.ran;
}

/** Whether nothing more will happen to the task in this build. */
export function isOver(state: State): boolean {
	return state >= State.reused;
}

export function countOf(table: TaskTable, state: State): number {
	return table.counts[state]!;
}

/** How many tasks something may still happen to. */
export function openCount(table: TaskTable): number {
	const { waiting, keyable, ready, running } = State;
	return [waiting, keyable, ready, running].reduce<number>((sum, state) => sum + countOf(table, state), 0);
}

export function doneCount(table: TaskTable): number {
	return countOf(table, State.reused) + countOf(table, State.ran);
}

export function keyOf(table: TaskTable, task: TaskId): TaskKey {
	return table.keys.subarray(task * digestLength, (task + 1) * digestLength);
}

export function digestOf(table: TaskTable, task: TaskId): Digest {
	return table.digests.subarray(task * digestLength, (task + 1) * digestLength);
}

export function tallyOf(table: TaskTable): Tally {
	const { size } = table;
	const [reused, ran, failed, blocked] = [State.reused, State.ran, State.failed, State.blocked].map((state) =>
		countOf(table, state),
	) as [number, number, number, number];
	return { tasks: size, reused, ran, failed, blocked, left: size - reused - ran - failed - blocked };
}
