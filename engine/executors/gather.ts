// Ended tasks of one bundle and one worker, gathered until they are handed over as columns.
// Knows neither when that is nor what a task was.
import { digestInto, digestLength, valueTag } from '../digest.ts';
import type { Ended } from '../workers/answers.ts';
import { bytesIn, joinedSmall } from './columns.ts';
import type { AnswerExtra, Answers } from './executor.ts';

/** Gathers ended tasks. */
export interface Gather {
	add(ended: Ended): void;
	addAll(answers: Answers): void;
	/** How many bytes of values wait. */
	bytes(): number;
	/** What was added since the last call. */
	take(): readonly Answers[];
}

/** What ends of a bundle at one worker. */
export function gather(bundle: number, worker: number): Gather {
	let parts: Answers[] = [];
	let waiting: Ended[] = [];
	let bytes = 0;

	/** What was added one by one becomes columns too. */
	function close(): void {
		if (waiting.length === 0) return;
		parts.push(columnsOf(waiting, bundle, worker));
		waiting = [];
	}

	return {
		add(ended) {
			waiting.push(ended);
			bytes += lengthOf(ended);
		},
		addAll(answers) {
			close();
			parts.push(answers);
			bytes += bytesIn(answers);
		},
		bytes: () => bytes,
		take() {
			close();
			const taken = parts;
			parts = [];
			bytes = 0;
			return joinedSmall(taken);
		},
	};
}

function columnsOf(taken: readonly Ended[], bundle: number, worker: number): Answers {
	const size = taken.length;
	const offsets = new Uint32Array(size + 1);
	const digests = new Uint8Array(size * digestLength);
	const values = new Uint8Array(taken.reduce((sum, ended) => sum + lengthOf(ended), 0));
	const extras = new Map<number, AnswerExtra>();
	for (let i = 0; i < size; i++) {
		const ended = taken[i] as Ended;
		const start = offsets[i]!;
		offsets[i + 1] = start + lengthOf(ended);
		if (ended.tagged !== undefined) {
			values.set(ended.tagged.subarray(valueTag.length), start);
			if (ended.digest === undefined) digestInto(ended.tagged, digests, i * digestLength);
			else digests.set(ended.digest, i * digestLength);
		}
		if (ended.extra !== undefined) extras.set(i, ended.extra);
	}
	return {
		bundle,
		worker,
		size,
		tasks: Uint32Array.from(taken, ({ task }) => task),
		seconds: Float32Array.from(taken, ({ seconds }) => seconds),
		digests,
		offsets,
		bytes: values,
		extras,
	};
}

function lengthOf({ tagged }: Ended): number {
	return tagged === undefined ? 0 : tagged.length - valueTag.length;
}
