// How ended tasks get from a thread to the engine: written as columns into two segments of shared memory by turns.
// An answer counts from the moment its segment's count includes it; the engine may read it at any time from then on,
// also after the thread's death. Knows nothing of what a task is.
import { digestInto, digestLength, valueTag } from '../digest.ts';
import type { AnswerExtra, Answers } from '../executors/executor.ts';
import { decodeValue, encodeValue } from '../value.ts';
import type { FromThread } from './messages.ts';
import { byMessage, type Segment, type Shared, segmentBytes, segmentRows, segmentWord } from './shared.ts';

/** One ended task, on the thread's side. */
export interface Ended {
	readonly task: number;
	readonly seconds: number;
	/** The encoded value behind `valueTag`; undefined where the task failed. */
	readonly tagged: Uint8Array | undefined;
	/** Digest of a result with files; undefined: of the value alone. */
	readonly digest: Uint8Array | undefined;
	readonly extra: AnswerExtra | undefined;
}

/** The thread's side. */
export interface AnswerWriter {
	/** All answers until the next call are of this part. */
	begin(part: number): void;
	write(ended: Ended): void;
	/** Gives what was written since to the engine. */
	handOver(): void;
}

const nothing = new Uint8Array(0);
const failedDigest = new Uint8Array(digestLength);

/** Writes answers; blocks the thread while the engine has emptied neither segment. */
export function answerWriter(
	shared: Shared,
	post: (message: FromThread, transfer: ArrayBuffer[]) => void,
): AnswerWriter {
	let turn = 0;
	let segment: Segment = shared.segments[0];
	let part = -1;
	let rows = 0;
	let valueEnd = 0;
	let extraStart = segmentBytes;

	function handOver(): void {
		if (rows === 0) return;
		Atomics.store(segment.control, segmentWord.state, 1);
		post({ kind: 'answers' }, []);
		turn = 1 - turn;
		segment = turn === 0 ? shared.segments[0] : shared.segments[1];
		rows = 0;
		valueEnd = 0;
		extraStart = segmentBytes;
	}

	function open(): void {
		while (Atomics.load(segment.control, segmentWord.state) === 1) {
			Atomics.wait(segment.control, segmentWord.state, 1);
		}
		segment.control[segmentWord.part] = part;
	}

	return {
		begin(next) {
			handOver();
			part = next;
		},
		handOver,
		write({ task, seconds, tagged, digest, extra }) {
			const valueLength = tagged === undefined ? 0 : tagged.length - valueTag.length;
			const extraBytes = extra === undefined ? nothing : encodeValue(extra);
			const isLarge = valueLength + extraBytes.length > segmentBytes / 4;
			const room = isLarge ? 0 : valueLength + extraBytes.length;
			if (rows === segmentRows || valueEnd + room > extraStart) handOver();
			if (rows === 0) open();
			if (tagged === undefined) segment.digests.set(failedDigest, rows * digestLength);
			else if (digest === undefined) digestInto(tagged, segment.digests, rows * digestLength);
			else segment.digests.set(digest, rows * digestLength);
			segment.tasks[rows] = task;
			segment.seconds[rows] = seconds;
			segment.offsets[rows] = valueEnd;
			if (isLarge) {
				const copy = new Uint8Array(valueLength);
				if (tagged !== undefined) copy.set(tagged.subarray(valueTag.length));
				post({ kind: 'large', value: copy, extra: extraBytes }, [copy.buffer]);
				segment.extras[rows] = byMessage;
			} else {
				putBytes(tagged, segment.bytes, valueEnd);
				valueEnd += valueLength;
				segment.extras[rows] = extraBytes.length;
				extraStart -= extraBytes.length;
				segment.bytes.set(extraBytes, extraStart);
			}
			rows++;
			segment.offsets[rows] = valueEnd;
			Atomics.store(segment.control, segmentWord.count, rows);
			// Messages are bounded by nothing else: at most two large answers are under way.
			if (isLarge) handOver();
		},
	};
}

/** A view costs more than a small loop. */
function putBytes(tagged: Uint8Array | undefined, target: Uint8Array, at: number): void {
	if (tagged === undefined) return;
	const start = valueTag.length;
	if (tagged.length > 128) target.set(tagged.subarray(start), at);
	else for (let i = start; i < tagged.length; i++) target[at + i - start] = tagged[i]!;
}

/** Answers of a thread, which does not know its number; `bundle` is the part. */
export type ThreadAnswers = Omit<Answers, 'worker'>;

/** The engine's side. */
export interface AnswerReader {
	/** Remembers the bytes of a large answer until its turn comes. */
	large(value: Uint8Array, extra: Uint8Array): void;
	/** Takes what is complete and was not taken before. `answers.bundle` is the part. */
	take(give: (answers: ThreadAnswers) => void): void;
}

/** Reads each answer once, in the order in which they were written. */
export function answerReader(shared: Shared): AnswerReader {
	const waiting: { readonly value: Uint8Array; readonly extra: Uint8Array }[] = [];
	let turn = 0;
	let taken = 0;
	let extraEnd = segmentBytes;

	/** From answer `taken` up to `end`, none of them large. */
	function takeRows(segment: Segment, end: number): ThreadAnswers {
		const extras = new Map<number, AnswerExtra>();
		for (let row = taken; row < end; row++) {
			const length = segment.extras[row]!;
			if (length === 0) continue;
			extras.set(row - taken, decodeValue(segment.bytes.slice(extraEnd - length, extraEnd)) as AnswerExtra);
			extraEnd -= length;
		}
		const start = segment.offsets[taken]!;
		const offsets = segment.offsets.slice(taken, end + 1);
		for (let i = 0; i < offsets.length; i++) offsets[i]! -= start;
		const bytes = segment.bytes.slice(start, segment.offsets[end]!);
		return { ...columns(segment, end), offsets, bytes, extras };
	}

	function columns(segment: Segment, end: number): Omit<ThreadAnswers, 'offsets' | 'bytes' | 'extras'> {
		return {
			bundle: segment.control[segmentWord.part]!,
			size: end - taken,
			tasks: segment.tasks.slice(taken, end),
			seconds: segment.seconds.slice(taken, end),
			digests: segment.digests.slice(taken * digestLength, end * digestLength),
		};
	}

	function takeLarge(segment: Segment): ThreadAnswers | undefined {
		const large = waiting.shift();
		if (large === undefined) return undefined;
		const extras = new Map<number, AnswerExtra>();
		if (large.extra.length > 0) extras.set(0, decodeValue(large.extra) as AnswerExtra);
		const offsets = Uint32Array.of(0, large.value.length);
		return { ...columns(segment, taken + 1), offsets, bytes: large.value, extras };
	}

	return {
		large(value, extra) {
			waiting.push({ value, extra });
		},
		take(give) {
			for (;;) {
				const segment = turn === 0 ? shared.segments[0] : shared.segments[1];
				const isOver = Atomics.load(segment.control, segmentWord.state) === 1;
				const count = Atomics.load(segment.control, segmentWord.count);
				while (taken < count) {
					let end = taken;
					while (end < count && segment.extras[end] !== byMessage) end++;
					const answers = end > taken ? takeRows(segment, end) : takeLarge(segment);
					if (answers === undefined) return;
					taken += answers.size;
					give(answers);
				}
				if (!isOver) return;
				taken = 0;
				extraEnd = segmentBytes;
				turn = 1 - turn;
				Atomics.store(segment.control, segmentWord.count, 0);
				Atomics.store(segment.control, segmentWord.state, 0);
				Atomics.notify(segment.control, segmentWord.state);
			}
		},
	};
}
