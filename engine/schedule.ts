// Which tasks can be keyed, which can run, and what a result or a failure means for those behind it.
// A state machine over flat arrays: no clock, disk or process, and no object a task.
import { invert, type Link } from './links.ts';
import { isDone, isOver, openCount, State, setState, stateOf, type TaskId, type TaskTable } from './tasks.ts';

/** One rule of a build. */
export interface Lane {
	/** Its place in the scan's rules. */
	readonly place: number;
	readonly table: TaskTable;
	readonly links: readonly Link[];
	/** Aggregates that go on without the members that failed. */
	readonly skipsMissing: boolean;
	/** Inputs of each task that are not over yet. */
	readonly pending: Uint32Array;
	/** [0, readyTail) holds ready tasks, [keyHead, keyTail) keyable ones: a task is keyed before it is ready. */
	readonly queue: Int32Array;
	readonly cursor: { readyHead: number; readyTail: number; keyHead: number; keyTail: number };
	/** Tasks that are ready once more: retries, and those that a lost worker had not started. */
	readonly again: TaskId[];
}

export interface Schedule {
	/** Upstream first. */
	readonly lanes: readonly Lane[];
	/** Up to `limit` tasks whose inputs are there, to be keyed. */
	takeKeyable(lane: Lane, limit: number): Int32Array;
	hasKeyable(lane: Lane): boolean;
	/** The task is not in the store and shall run. */
	ready(lane: Lane, task: TaskId): void;
	readyCount(lane: Lane): number;
	/** Up to `limit` ready tasks, now running. */
	takeReady(lane: Lane, limit: number): Int32Array;
	/** The task was running and shall run again. */
	retry(lane: Lane, task: TaskId): void;
	/** The task has a result; those behind it that wait for nothing else become keyable. */
	done(lane: Lane, task: TaskId, how: typeof State.reused | typeof State.ran): void;
	/** The task has none; those behind it are blocked or left, too. */
	lost(lane: Lane, task: TaskId, how: typeof State.failed | typeof State.left): void;
}

/** A rule before it is scheduled. Where `isSettled`, all its tasks have results already. */
export interface LaneSpec {
	readonly place: number;
	readonly table: TaskTable;
	readonly links: readonly Link[];
	readonly skipsMissing: boolean;
	readonly isSettled: boolean;
}

interface Consumer {
	readonly lane: Lane;
	readonly link: Link;
	/** Of a one-to-one link: which tasks take each upstream task. */
	readonly takers: ReturnType<typeof invert> | undefined;
}

/** The rules upstream first. */
export function schedule(specs: readonly LaneSpec[]): Schedule {
	const consumers = new Map<number, Consumer[]>();
	const open = new Map(specs.filter((spec) => !spec.isSettled).map((spec) => [spec.place, spec]));

	const lanes = specs.map((spec): Lane => {
		const { size } = spec.table;
		const links = spec.isSettled ? [] : spec.links.filter((link) => open.has(link.upstream));
		const lane: Lane = {
			...spec,
			pending: new Uint32Array(spec.isSettled ? 0 : size),
			queue: new Int32Array(spec.isSettled ? 0 : size),
			cursor: { readyHead: 0, readyTail: 0, keyHead: 0, keyTail: 0 },
			again: [],
		};
		for (const link of links) {
			const upstream = (open.get(link.upstream) as LaneSpec).table;
			const takers = link.kind === 'one' ? invert(link.rows, upstream.size) : undefined;
			consumers.set(link.upstream, [...(consumers.get(link.upstream) ?? []), { lane, link, takers }]);
			for (let task = 0; task < size; task++) lane.pending[task]! += inputCount(link, task, upstream.size);
		}
		if (!spec.isSettled) forEachSpread(size, (task) => lane.pending[task] === 0 && keyable(lane, task));
		return lane;
	});

	function keyable(lane: Lane, task: TaskId): void {
		setState(lane.table, task, State.keyable);
		lane.queue[lane.cursor.keyTail++] = task;
	}

	/** Every task behind `task`, once for each input that is `task`. */
	function forEachTaker(lane: Lane, task: TaskId, visit: (taker: Lane, task: TaskId) => void): void {
		for (const { lane: taker, link, takers } of consumers.get(lane.place) ?? []) {
			if (link.kind === 'all') visit(taker, 0);
			else if (link.kind === 'groups') visit(taker, link.groups[task]!);
			else if (takers !== undefined)
				for (let i = takers.starts[task]!; i < takers.starts[task + 1]!; i++) visit(taker, takers.members[i]!);
		}
	}

	function arrive(taker: Lane, task: TaskId): void {
		const pending = --taker.pending[task]!;
		if (pending > 0 || stateOf(taker.table, task) !== State.waiting) return;
		if (taker.skipsMissing && !hasAnyMember(taker, task)) miss(taker, task, State.blocked);
		else keyable(taker, task);
	}

	function hasAnyMember(lane: Lane, task: TaskId): boolean {
		return lane.links.some((link) => {
			if (link.kind !== 'groups') return true;
			const upstream = open.get(link.upstream);
			const members = link.members.subarray(link.starts[task], link.starts[task + 1]);
			return upstream === undefined || members.some((row) => isDone(stateOf(upstream.table, row)));
		});
	}

	function miss(lane: Lane, task: TaskId, state: State): void {
		if (isOver(stateOf(lane.table, task))) return;
		setState(lane.table, task, state);
		const behind = state === State.left ? State.left : State.blocked;
		forEachTaker(lane, task, (taker, next) => {
			if (taker.skipsMissing && behind === State.blocked) arrive(taker, next);
			else miss(taker, next, behind);
		});
	}

	return {
		lanes,
		takeKeyable(lane, limit) {
			const start = lane.cursor.keyHead;
			lane.cursor.keyHead = Math.min(lane.cursor.keyTail, start + limit);
			return lane.queue.slice(start, lane.cursor.keyHead);
		},
		hasKeyable: (lane) => lane.cursor.keyHead < lane.cursor.keyTail,
		ready(lane, task) {
			setState(lane.table, task, State.ready);
			lane.queue[lane.cursor.readyTail++] = task;
		},
		readyCount: (lane) => lane.cursor.readyTail - lane.cursor.readyHead + lane.again.length,
		takeReady(lane, limit) {
			const { again, cursor } = lane;
			const repeated = again.splice(0, limit);
			const end = Math.min(cursor.readyTail, cursor.readyHead + limit - repeated.length);
			const tasks = new Int32Array(repeated.length + end - cursor.readyHead);
			tasks.set(repeated);
			tasks.set(lane.queue.subarray(cursor.readyHead, end), repeated.length);
			cursor.readyHead = end;
			for (const task of tasks) setState(lane.table, task, State.running);
			return tasks;
		},
		retry(lane, task) {
			setState(lane.table, task, State.ready);
			lane.again.push(task);
		},
		done(lane, task, how) {
			setState(lane.table, task, how);
			forEachTaker(lane, task, arrive);
		},
		lost: miss,
	};
}

const spreadChunk = 4096;
const spreadProbes = 8;

// In order, but for a few chunks from all over the table that come first: of a scan that was extended, wherever
// that was, the new tasks are met soon and workers need not wait until all the old ones are recognised.
function forEachSpread(size: number, visit: (task: TaskId) => void): void {
	const chunks = Math.ceil(size / spreadChunk);
	const first = new Set<number>();
	for (let probe = 0; probe < spreadProbes && chunks > 1; probe++)
		first.add(Math.round(((chunks - 1) * ((probe * 5 + 7) % spreadProbes)) / (spreadProbes - 1)));
	const visitChunk = (chunk: number) => {
		const end = Math.min(size, (chunk + 1) * spreadChunk);
		for (let task = chunk * spreadChunk; task < end; task++) visit(task);
	};
	for (const chunk of first) visitChunk(chunk);
	for (let chunk = 0; chunk < chunks; chunk++) if (!first.has(chunk)) visitChunk(chunk);
}

function inputCount(link: Link, task: TaskId, upstreamSize: number): number {
	if (link.kind === 'one') return 1;
	return link.kind === 'all' ? upstreamSize : link.starts[task + 1]! - link.starts[task]!;
}

/** Whether no task of the rule will change any more. */
export function isFinished(lane: Lane): boolean {
	return openCount(lane.table) === 0;
}
