// One ended task as tests of executors look at it. Knows neither threads nor shells.
import { readFileSync } from 'node:fs';
import type { AnswerExtra, Answers } from '../../../engine/executors/executor.ts';
import { decodeValue } from '../../../engine/value.ts';

/** How a task ended. */
export interface Ended extends AnswerExtra {
	readonly value: unknown;
	readonly digest: string;
	readonly seconds: number;
	/** How often it was answered. */
	readonly times: number;
}

/** Answer `i`, decoded. */
export function endedOf(answers: Answers, i: number): Omit<Ended, 'times'> {
	const extra = answers.extras.get(i) ?? {};
	const bytes =
		extra.valueFile === undefined
			? answers.bytes.subarray(answers.offsets[i], answers.offsets[i + 1])
			: Uint8Array.from(readFileSync(extra.valueFile.path));
	return {
		...extra,
		value: extra.failure === undefined ? decodeValue(bytes) : undefined,
		digest: Buffer.from(answers.digests.subarray(i * 32, i * 32 + 32)).toString('hex'),
		seconds: answers.seconds[i] ?? Number.NaN,
	};
}
