// Keeps each thread to the memory that it was promised: V8 aborts the whole process when a thread passes its limit in one
// large step, so V8's limit lies well above the promise, and threads that are over it are found by asking them.
// Knows what threads hold, not what they run. DESIGN.md, "Memory of threads", says what cannot be caught.
import { machineMemoryMiB } from '../machine.ts';
import { clock } from '../workers/shared.ts';
import { type Heaps, openHeaps } from './heaps.ts';

/** A thread that may hold more than it should. */
export interface Watched {
	/** Its `threadId`. */
	readonly id: number;
	/** When what it runs began, by `clock()`. */
	readonly startedAt: number;
	/** It holds more than it was promised, and did so while it ran what it ran when it was given here. */
	over(): void;
}

/** A watch over the memory of threads. */
export interface MemoryWatch {
	/** To be called often; asks those threads of which it is possible that they hold too much. */
	check(threads: readonly Watched[]): void;
	close(): void;
}

interface Watching {
	isAsked: boolean;
	/** It need not be asked before, by `clock()`: so much cannot be had so soon. */
	quietUntil: number;
	/** It shall not be made to collect its garbage before. */
	collectAfter: number;
}

const mebibyte = 2 ** 20;
const usualMiB = 2048;
const leastMiB = 256;
// No step of JavaScript takes more than 1 GiB, and a few are taken before an answer comes. It is address space only.
const headroomMiB = 4096;
const fastestBytesPerMillisecond = 2 ** 32 / 1000;
// Memory that was never touched, or is swapped out, is not resident: it is found later.
const longMilliseconds = 5000;
// At most a tenth of a thread's time is spent on collecting garbage for the sake of the promise.
const pausePerCollection = 10;

/** What a thread is promised where nobody says: 2 GiB, or its share of the machine if that is less. */
export function usualMemoryMiB(slots: number): number {
	return Math.min(usualMiB, Math.max(leastMiB, Math.floor(machineMemoryMiB() / slots)));
}

/** V8's limit for a thread that was promised so much. */
export function heapLimitMiB(promisedMiB: number): number {
	return promisedMiB + headroomMiB;
}

/** Watches threads that were promised `promisedMiB` each. */
export function watchMemory(promisedMiB: number): MemoryWatch {
	const promised = promisedMiB * mebibyte;
	const known = new Map<number, Watching>();
	let heaps: Heaps | undefined;
	let isOpening = false;
	let isClosed = false;
	let askedAll = clock();

	async function ask(thread: Watched, state: Watching, from: Heaps): Promise<void> {
		state.isAsked = true;
		const held = await from.held(thread.id);
		if (held !== undefined && held > promised && mayCollect(held, state)) {
			const began = clock();
			const kept = await from.keptAfterCollection(thread.id);
			state.collectAfter = clock() + (clock() - began) * pausePerCollection;
			if (kept !== undefined && kept > promised && !isClosed) thread.over();
		}
		state.isAsked = false;
		if (held !== undefined) askedAll = clock();
		// A thread that did not say is asked again at once.
		state.quietUntil = clock() + Math.max(0, promised - (held ?? promised)) / fastestBytesPerMillisecond;
	}

	/** V8 lets garbage lie as long as its own limit allows, so that what a thread holds may be little else. */
	function mayCollect(held: number, state: Watching): boolean {
		return clock() >= state.collectAfter || held > promised + (headroomMiB / 2) * mebibyte;
	}

	async function open(): Promise<void> {
		isOpening = true;
		const opened = await openHeaps();
		isOpening = false;
		if (isClosed) opened?.close();
		else heaps = opened;
	}

	function shut(): void {
		heaps?.close();
		heaps = undefined;
	}

	return {
		check(threads) {
			const now = clock();
			// What a thread holds is resident with the rest of the process: as long as all is less, no thread is over.
			const isHigh = process.memoryUsage.rss() > promised;
			const isTime = now - askedAll >= longMilliseconds;
			const asked = threads.filter(({ startedAt }) => isHigh || (isTime && now - startedAt >= longMilliseconds));
			const ids = new Set(threads.map(({ id }) => id));
			for (const [id, { isAsked }] of known) if (!ids.has(id) && !isAsked) known.delete(id);
			if (asked.length === 0) {
				// What a task prints is kept by an open session: it is open no longer than it must be.
				if (![...known.values()].some(({ isAsked }) => isAsked)) shut();
				return;
			}
			if (heaps === undefined) {
				if (!isOpening) void open();
				return;
			}
			for (const thread of asked) {
				const state = known.get(thread.id) ?? { isAsked: false, quietUntil: 0, collectAfter: 0 };
				known.set(thread.id, state);
				if (!state.isAsked && now >= state.quietUntil) void ask(thread, state, heaps);
			}
		},
		close() {
			isClosed = true;
			shut();
		},
	};
}
