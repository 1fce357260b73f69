// What the pool of shells keeps of one worker: what it was written, and where that logs.
// Knows neither how a worker is fed nor what it says.
import { join } from 'node:path';
import type { Failure } from '../outcome.ts';
import type { ProgramRunner, ProgramTask } from '../workers/program.ts';
import type { Bundle } from './executor.ts';
import { mostTasksAhead } from './pace.ts';
import type { Demand } from './room.ts';
import type { Shell } from './shell.ts';
import type { OpenBundle } from './waiting.ts';

/** A task that was written to a worker. */
export interface Flight {
	readonly open: OpenBundle<ProgramRunner>;
	readonly task: ProgramTask;
	readonly log: string;
	/** It was given back: the worker will say that it has skipped it. */
	isWithdrawn: boolean;
}

/** One worker. */
export interface Slot {
	readonly worker: number;
	shell: Shell | undefined;
	/** What it was written, in order, without what it has reported. */
	flights: Flight[];
	/** The rule whose tasks it runs, and the room that was taken for one of them. */
	taken: { readonly rule: number; readonly demand: Demand } | undefined;
	/** When its first flight began. */
	since: number;
	/** How many tasks it was ever written. */
	written: number;
	/** Tells apart what is withdrawn from what is written later. */
	generation: number;
	/** The flight behind which everything shall be withdrawn. */
	slow: Flight | undefined;
	/** Why it is being ended. */
	ending: { readonly flight: Flight; readonly failure: Failure } | undefined;
}

/** A worker that is not started yet. */
export function newSlot(worker: number): Slot {
	return {
		worker,
		shell: undefined,
		flights: [],
		taken: undefined,
		since: 0,
		written: 0,
		generation: 0,
		slow: undefined,
		ending: undefined,
	};
}

/** Whether the task that runs takes so long that nothing shall wait behind it. */
export function isSlow({ slow, flights }: Slot): boolean {
	return slow !== undefined && slow === flights[0];
}

/** The next log: its last task has been reported, since a worker never has half as many. */
export function logFile(slot: Slot, { workFolder }: Bundle): string {
	return join(workFolder, `log-${slot.worker}-${slot.written++ % (2 * mostTasksAhead)}`);
}

/** Where this file exists, the worker skips what it was written since the last one. */
export function skipFile({ worker, generation }: Pick<Slot, 'worker' | 'generation'>, { workFolder }: Bundle): string {
	return join(workFolder, `skip-${worker}-${generation}`);
}
