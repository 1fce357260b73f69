// What the local executor is made of: workers of one kind, which share the machine's room with those of the other kinds.
// Knows no rule.
import type { Bundle, ExecutorEvents, RuleSetup } from './executor.ts';
import type { Room } from './room.ts';

/** What a pool is started with. */
export interface PoolOptions {
	readonly setups: readonly RuleSetup[];
	/** How many workers it may have; it is the room that says how many of them run tasks at a time. */
	readonly slots: number;
	/** The number of its first worker in answers. */
	readonly firstWorker: number;
	/** A worker that runs tasks has taken room for one of them (`demandOf`); one that runs none has taken none. */
	readonly room: Room;
	readonly events: ExecutorEvents;
}

/** Workers of one kind. */
export interface Pool {
	send(bundle: Bundle): void;
	/** Starts what waits, as far as there is room: others may have given some back. */
	place(): void;
	/** How many of its bundles are not over. */
	openCount(): number;
	/** While results are held up, workers wait with them; where it is missing, they come as they do. */
	hold?(isHeld: boolean): void;
	/** Bundles will come, with at most so many tasks in all: gets ready what takes time. */
	warmUp(tasks: number): void;
	/** Starts no more tasks: what runs may end, what waits is given back. */
	drain(): void;
	/** Stops what runs; resolves when nothing runs any more. */
	close(): Promise<void>;
}
