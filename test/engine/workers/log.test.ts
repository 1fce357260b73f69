// The log keeps its beginning and its end.
import test from 'ava';
import fc from 'fast-check';
import { appendLog, captureStream, readLog, resetLog } from '../../../engine/workers/log.ts';
import { logPartBytes, shareMemory } from '../../../engine/workers/shared.ts';
import { seeded } from '../../seeded.ts';

test('a log keeps its first and last 64 KiB and says how much is left out', (t) => {
	const shared = shareMemory();
	const pieces = fc.array(fc.oneof(fc.nat(100), fc.nat(3 * logPartBytes)), { maxLength: 8 });
	fc.assert(
		fc.property(pieces, (sizes) => {
			resetLog(shared);
			let whole = '';
			for (const size of sizes) {
				const text = Array.from({ length: size }, (_, i) => String.fromCharCode(97 + ((whole.length + i) % 26))).join(
					'',
				);
				appendLog(shared, text);
				whole += text;
			}
			const head = whole.slice(0, logPartBytes);
			const tail = whole.slice(Math.max(logPartBytes, whole.length - logPartBytes));
			const leftOut = whole.length - head.length - tail.length;
			const note = leftOut === 0 ? '' : `\n[scanmake left out ${leftOut} bytes of the log here]\n`;
			t.is(readLog(shared) ?? '', head + note + tail);
		}),
		seeded(30),
	);
});

test('there is no log where nothing was logged', (t) => {
	const shared = shareMemory();
	t.is(readLog(shared), undefined);
	appendLog(shared, 'é');
	t.is(readLog(shared), 'é');
	resetLog(shared);
	t.is(readLog(shared), undefined);
});

test('what is written to a captured stream goes to the log, and its callback is called', async (t) => {
	const texts: string[] = [];
	const stream = { write: () => true } as unknown as NodeJS.WriteStream;
	captureStream(stream, (text) => texts.push(Buffer.from(text).toString()));
	await new Promise<unknown>((resolve) => stream.write('one', resolve));
	await new Promise<unknown>((resolve) => stream.write('74776f', 'hex', resolve));
	stream.write(Buffer.from('three'));
	t.deepEqual(texts, ['one', 'two', 'three']);
});
