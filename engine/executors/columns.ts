// Columns of answers: some rows of them, and several of them as one. Knows nothing of what was answered.
import { digestLength } from '../digest.ts';
import type { AnswerExtra, Answers } from './executor.ts';

/** Answers `from` … `to - 1`, without copies of what is large. */
export function someAnswers(answers: Answers, from: number, to: number): Answers {
	if (from === 0 && to === answers.size) return answers;
	const start = answers.offsets[from]!;
	const offsets = answers.offsets.slice(from, to + 1);
	for (let i = 0; i < offsets.length; i++) offsets[i]! -= start;
	const extras = new Map<number, AnswerExtra>();
	if (answers.extras.size > 0)
		for (const [i, extra] of answers.extras) if (i >= from && i < to) extras.set(i - from, extra);
	return {
		bundle: answers.bundle,
		worker: answers.worker,
		size: to - from,
		tasks: answers.tasks.subarray(from, to),
		seconds: answers.seconds.subarray(from, to),
		digests: answers.digests.subarray(from * digestLength, to * digestLength),
		offsets,
		bytes: answers.bytes.subarray(start, answers.offsets[to]),
		extras,
	};
}

// To copy what is larger costs more than to have one more of them.
const smallBytes = 64 * 1024;

/** Answers of one bundle and one worker, in their order: as few as can be had without copies of what is large. */
export function joinedSmall(parts: readonly Answers[]): readonly Answers[] {
	const joined: Answers[] = [];
	let small: Answers[] = [];
	const join = (): void => {
		const [first, second] = small;
		if (first !== undefined) joined.push(second === undefined ? first : joinedAnswers(first, small));
		small = [];
	};
	for (const part of parts) {
		if (bytesIn(part) <= smallBytes) {
			small.push(part);
			continue;
		}
		join();
		joined.push(part);
	}
	join();
	return joined;
}

function joinedAnswers(first: Answers, parts: readonly Answers[]): Answers {
	const size = parts.reduce((sum, part) => sum + part.size, 0);
	const tasks = new Uint32Array(size);
	const seconds = new Float32Array(size);
	const digests = new Uint8Array(size * digestLength);
	const offsets = new Uint32Array(size + 1);
	const bytes = new Uint8Array(parts.reduce((sum, part) => sum + bytesIn(part), 0));
	const extras = new Map<number, AnswerExtra>();
	let [row, end] = [0, 0];
	for (const part of parts) {
		tasks.set(part.tasks.subarray(0, part.size), row);
		seconds.set(part.seconds.subarray(0, part.size), row);
		digests.set(part.digests.subarray(0, part.size * digestLength), row * digestLength);
		bytes.set(part.bytes.subarray(0, bytesIn(part)), end);
		for (let i = 1; i <= part.size; i++) offsets[row + i] = end + part.offsets[i]!;
		for (const [i, extra] of part.extras) extras.set(row + i, extra);
		row += part.size;
		end += bytesIn(part);
	}
	return { bundle: first.bundle, worker: first.worker, size, tasks, seconds, digests, offsets, bytes, extras };
}

/** What a task of these took. */
export function meanSeconds({ seconds, size }: Answers): number {
	let all = 0;
	for (let i = 0; i < size; i++) all += seconds[i]!;
	return all / size;
}

/** How many bytes of values there are. */
export function bytesIn({ offsets, size }: Answers): number {
	return offsets[size]!;
}
