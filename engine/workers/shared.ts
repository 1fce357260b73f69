// The memory that a worker thread shares with the engine: which task runs since when, its log, and two segments of answers.
// What stands here outlives the thread, so that stopping it costs the running task alone.
// Knows only where everything lies; `answers.ts` and `log.ts` say how it is used.

/** How many answers a segment holds. */
export const segmentRows = 4096;

/** How many bytes of values and extras a segment holds. */
export const segmentBytes = 256 * 1024;

/** How many bytes are kept of the beginning of a log, and as many of its end. */
export const logPartBytes = 64 * 1024;

/** Words of `Shared.control`. */
export const word = {
	/** The part that runs, and the task of it; -1 where none does. */
	part: 0,
	task: 1,
	/** 1 where the running task has asked for `io.signal`. */
	listens: 2,
} as const;

/** Words of `Segment.control`. */
export const segmentWord = {
	/** 0: the thread writes; 1: full or over, to be emptied by the engine. */
	state: 0,
	/** How many answers are complete. Written last, so that an answer is there whole or not at all. */
	count: 1,
	/** The part that all its answers are of. */
	part: 2,
} as const;

/** What stands in `Segment.extras` of an answer that comes by message, because it is too large. */
export const byMessage = 0xffffffff;

/** Some answers as columns. Values grow from the start of `bytes`, extras from its end. */
export interface Segment {
	readonly control: Int32Array;
	readonly tasks: Uint32Array;
	readonly seconds: Float32Array;
	/** 32 bytes an answer. */
	readonly digests: Uint8Array;
	/** The value of answer i is bytes[offsets[i] … offsets[i + 1]]. */
	readonly offsets: Uint32Array;
	/** Length of the encoded extra of each answer; 0: none. */
	readonly extras: Uint32Array;
	readonly bytes: Uint8Array;
}

/** What a thread and the engine both see. */
export interface Shared {
	readonly buffer: SharedArrayBuffer;
	readonly control: Int32Array;
	/** [0]: when the running task began (`clock()`); [1]: bytes that it has logged. */
	readonly numbers: Float64Array;
	readonly logHead: Uint8Array;
	/** A ring: byte i of the log, from the end of the head on, stands at i modulo its length. */
	readonly logTail: Uint8Array;
	readonly segments: readonly [Segment, Segment];
}

const numbersAt = 64;
const logAt = 128;
const segmentsAt = logAt + 2 * logPartBytes;
const segmentSize = 64 + segmentRows * (4 + 4 + 32 + 4 + 4) + 8 + segmentBytes;

/** Lays the views over shared memory, new or given by the engine. */
export function shareMemory(buffer = new SharedArrayBuffer(segmentsAt + 2 * segmentSize)): Shared {
	const shared: Shared = {
		buffer,
		control: new Int32Array(buffer, 0, 16),
		numbers: new Float64Array(buffer, numbersAt, 2),
		logHead: new Uint8Array(buffer, logAt, logPartBytes),
		logTail: new Uint8Array(buffer, logAt + logPartBytes, logPartBytes),
		segments: [segmentAt(buffer, segmentsAt), segmentAt(buffer, segmentsAt + segmentSize)],
	};
	return shared;
}

function segmentAt(buffer: SharedArrayBuffer, start: number): Segment {
	let at = start + 64;
	const place = (size: number): number => {
		const here = at;
		at += size;
		return here;
	};
	return {
		control: new Int32Array(buffer, start, 16),
		tasks: new Uint32Array(buffer, place(4 * segmentRows), segmentRows),
		seconds: new Float32Array(buffer, place(4 * segmentRows), segmentRows),
		offsets: new Uint32Array(buffer, place(4 * segmentRows + 8), segmentRows + 1),
		extras: new Uint32Array(buffer, place(4 * segmentRows), segmentRows),
		digests: new Uint8Array(buffer, place(32 * segmentRows), 32 * segmentRows),
		bytes: new Uint8Array(buffer, place(segmentBytes), segmentBytes),
	};
}

// `performance` counts from the start of each thread, `hrtime` on one clock for all.
const origin = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** Milliseconds on a clock that all threads share and nobody sets. */
export function clock(): number {
	return origin + performance.now();
}
