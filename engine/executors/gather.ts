// Ended tasks of one bundle and one worker, gathered until they are handed over as columns.
// Knows neither when that is nor what a task was.
import { digestInto, digestLength, valueTag } from '../digest.ts';
import type { Ended } from '../workers/answers.ts';
import type { AnswerExtra, Answers } from './executor.ts';

/** Gathers ended tasks. */
export interface Gather {
	add(ended: Ended): void;
	/** How many bytes of values wait. */
	bytes(): number;
	/** What was added since the last call; undefined: nothing. */
	take(): Answers | undefined;
}

/** What ends of a bundle at one worker. */
export function gather(bundle: number, worker: number): Gather {
	let waiting: Ended[] = [];
	let bytes = 0;
	const lengthOf = ({ tagged }: Ended): number => (tagged === undefined ? 0 : tagged.length - valueTag.length);
	return {
		add(ended) {
			waiting.push(ended);
			bytes += lengthOf(ended);
		},
		bytes: () => bytes,
		take() {
			const taken = waiting;
			const size = taken.length;
			if (size === 0) return undefined;
			const offsets = new Uint32Array(size + 1);
			const digests = new Uint8Array(size * digestLength);
			const values = new Uint8Array(bytes);
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
			waiting = [];
			bytes = 0;
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
		},
	};
}
