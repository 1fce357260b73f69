// Answers pass through shared memory once each, in order, whole, whenever they are taken.
import test from 'ava';
import fc from 'fast-check';
import { valueTag } from '../../../engine/digest.ts';
import type { AnswerExtra } from '../../../engine/executors/executor.ts';
import {
	type AnswerReader,
	answerReader,
	answerWriter,
	type Ended,
	type ThreadAnswers,
} from '../../../engine/workers/answers.ts';
import type { FromThread } from '../../../engine/workers/messages.ts';
import { segmentBytes, segmentRows, shareMemory } from '../../../engine/workers/shared.ts';
import { seeded } from '../../seeded.ts';

interface Seen {
	readonly part: number;
	readonly task: number;
	readonly bytes: string;
	readonly extra: AnswerExtra | undefined;
}

function passage() {
	const shared = shareMemory();
	const reader = answerReader(shared);
	const seen: Seen[] = [];
	const writer = answerWriter(shareMemory(shared.buffer), (message) =>
		deliver(reader, message, () => reader.take(give)),
	);
	function give(answers: ThreadAnswers): void {
		for (let i = 0; i < answers.size; i++) {
			const bytes = Buffer.from(answers.bytes.subarray(answers.offsets[i], answers.offsets[i + 1])).toString('hex');
			seen.push({ part: answers.bundle, task: answers.tasks[i] ?? -1, bytes, extra: answers.extras.get(i) });
		}
	}
	return { writer, seen, take: () => reader.take(give) };
}

function deliver(reader: AnswerReader, message: FromThread, take: () => void): void {
	if (message.kind === 'large') reader.large(message.value, message.extra);
	else take();
}

function ended(task: number, size: number, extra?: AnswerExtra): Ended {
	const tagged = Buffer.concat([valueTag, Buffer.alloc(size, task)]);
	return { task, seconds: 1, tagged: new Uint8Array(tagged), digest: undefined, extra };
}

test('each answer is taken once and in order, whatever its size and whenever one looks', (t) => {
	const size = fc.oneof(fc.nat(100), fc.nat(segmentBytes >> 1), fc.constant(segmentBytes));
	const step = fc.record({ size, logSize: fc.option(fc.nat(200)), looks: fc.boolean(), newPart: fc.boolean() });
	fc.assert(
		fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
			const { writer, seen, take } = passage();
			const expected: Seen[] = [];
			let part = 0;
			writer.begin(part);
			for (const [task, { size, logSize, looks, newPart }] of steps.entries()) {
				if (newPart) writer.begin(++part);
				const extra = logSize === null ? undefined : { log: 'x'.repeat(logSize) };
				writer.write(ended(task, size, extra));
				expected.push({ part, task, bytes: Buffer.alloc(size, task).toString('hex'), extra });
				if (looks) take();
			}
			take();
			t.deepEqual(seen, expected);
		}),
		seeded(40),
	);
});

test('an answer is there as soon as it is written, before anything is handed over', (t) => {
	const { writer, seen, take } = passage();
	writer.begin(4);
	writer.write(ended(0, 10));
	t.is(seen.length, 0);
	take();
	t.deepEqual(
		seen.map(({ part, task }) => [part, task]),
		[[4, 0]],
	);
});

test('a segment full of answers is handed over and the next one used', (t) => {
	const { writer, seen, take } = passage();
	writer.begin(0);
	for (let task = 0; task < 2.5 * segmentRows; task++) writer.write(ended(task, 1));
	t.is(seen.length, 2 * segmentRows);
	take();
	t.deepEqual(
		seen.map(({ task }) => task),
		Array.from({ length: 2.5 * segmentRows }, (_, i) => i),
	);
});
