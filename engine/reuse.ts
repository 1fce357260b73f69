// Tasks whose inputs are there get their keys; those whose key is in the store are reused, the others are ready to run.
// Reads the store, writes nothing. Equal keys run once, also across rules.

import type { KeyMaker } from './key.ts';
import { keyWriter } from './key.ts';
import type { Lane, Schedule } from './schedule.ts';
import type { Store } from './store/store.ts';
import { digestOf, keyOf, State, stateOf, type TaskId, type TaskTable } from './tasks.ts';

/** What reuse needs of one rule. */
export interface ReuseRule {
	readonly maker: KeyMaker;
	/** Another rule of this build has the same code, inputs by name, `uses`, `env` and `version`: keys may coincide. */
	readonly mayCoincide: boolean;
	/** 1 for a task outside `--where`: it is reused but not run. */
	readonly outside: Uint8Array | undefined;
}

export interface Reuse {
	/** Keys up to `limit` tasks; returns how many. */
	settle(lane: Lane, limit: number): number;
	/** The task's key has come to an end: tasks with the same key share its fate. */
	settleTwins(lane: Lane, task: TaskId): void;
}

export function reuse(schedule: Schedule, rules: ReadonlyMap<number, ReuseRule>, store: Store): Reuse {
	const writers = new Map<number, (task: TaskId) => void>();
	const claims = new Map<string, { hasFailed: boolean; readonly twins: { lane: Lane; task: TaskId }[] }>();
	const found = new Map<TaskTable, Uint8Array>();

	const ruleOf = (lane: Lane): ReuseRule => rules.get(lane.place) as ReuseRule;

	function settle(lane: Lane, limit: number): number {
		const rule = ruleOf(lane);
		const tasks = schedule.takeKeyable(lane, limit);
		if (tasks.length === 0) return 0;
		let write = writers.get(lane.place);
		if (write === undefined) {
			write = keyWriter(rule.maker, lane.table);
			writers.set(lane.place, write);
			found.set(lane.table, new Uint8Array(lane.table.size));
		}
		for (const task of tasks) write(task);
		const hits = found.get(lane.table) as Uint8Array;
		store.lookUp(lane.table.keys, tasks, lane.table.digests, hits);
		for (const task of tasks) {
			if (hits[task] === 1) schedule.done(lane, task, State.reused);
			else if (rule.outside?.[task] === 1) schedule.lost(lane, task, State.left);
			else if (rule.mayCoincide) claim(lane, task);
			else schedule.ready(lane, task);
		}
		return tasks.length;
	}

	// The first task with a key runs; the others wait for it, or share the failure that it ended with.
	function claim(lane: Lane, task: TaskId): void {
		const name = keyName(lane, task);
		const claimed = claims.get(name);
		if (claimed?.hasFailed === true) schedule.lost(lane, task, State.failed);
		else if (claimed !== undefined) claimed.twins.push({ lane, task });
		else {
			claims.set(name, { hasFailed: false, twins: [] });
			schedule.ready(lane, task);
		}
	}

	function settleTwins(lane: Lane, task: TaskId): void {
		if (!ruleOf(lane).mayCoincide) return;
		const claimed = claims.get(keyName(lane, task));
		if (claimed === undefined) return;
		claimed.hasFailed = stateOf(lane.table, task) !== State.ran;
		for (const twin of claimed.twins.splice(0)) {
			if (claimed.hasFailed) schedule.lost(twin.lane, twin.task, State.failed);
			else {
				digestOf(twin.lane.table, twin.task).set(digestOf(lane.table, task));
				schedule.done(twin.lane, twin.task, State.reused);
			}
		}
		if (!claimed.hasFailed) claims.delete(keyName(lane, task));
	}

	return { settle, settleTwins };
}

function keyName(lane: Lane, task: TaskId): string {
	return Buffer.from(keyOf(lane.table, task)).toString('latin1');
}
