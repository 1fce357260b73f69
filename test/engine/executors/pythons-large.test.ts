// Large values of Python functions: which are written to files, what is told of them, and what happens where none can be.
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import test from 'ava';
import { resultDigest } from '../../../engine/digest.ts';
import { inlineLimit } from '../../../engine/outcome.ts';
import { encodeValue } from '../../../engine/value.ts';
import type { Ended } from './ended.ts';
import { numbered } from './programs.ts';
import { hasPython, modules } from './pythons.ts';

const lengthOf = (task: Ended | undefined) => (task?.value as Uint8Array | undefined)?.length;

test('a value of more than the store keeps inline comes as a file, with the digests that it would have had', async (t) => {
	if (!hasPython(t)) return;
	const { run } = modules(t, { 'model.py': `def f(p):\n    return bytes(${inlineLimit} - 6 + p.a)\n` });
	const ended = await run('f', numbered(5));
	for (const [a, task] of ended.entries()) {
		const value = new Uint8Array(inlineLimit - 6 + a);
		const encoded = encodeValue(value);
		t.deepEqual(task?.value, value);
		t.is(task?.valueFile?.size, encoded.length > inlineLimit ? encoded.length : undefined, `${encoded.length}`);
		t.is(task?.digest, Buffer.from(resultDigest(encoded, [])).toString('hex'));
		if (task?.valueFile === undefined) continue;
		t.is(Buffer.from(task.bytesDigest ?? []).toString('hex'), createHash('sha256').update(encoded).digest('hex'));
	}
	t.deepEqual(
		ended.map((task) => task?.valueFile !== undefined),
		[false, false, false, true, true],
	);
});

test('files of the task, its log and a large value come together; of a task that fails for its files no value is left', async (t) => {
	if (!hasPython(t)) return;
	const { play, target } = modules(t, {
		'model.py': `def f(p, inputs, io):
    path = io.out("x")
    if p.a == 0:
        open(path, "w").close()
    print("said", p.a)
    return bytes(100000)
`,
	});
	const { ended, left } = await play({ rules: [{ run: target('model.py', 'f'), sets: numbered(2) }] });
	const [whole, failed] = ended[0] ?? [];
	t.is(lengthOf(whole), 100_000);
	t.is(whole?.log, 'said 0\n');
	t.deepEqual(
		whole?.files?.map(({ name }) => name),
		['x'],
	);
	t.deepEqual(failed?.failure, { kind: 'missing-output', output: 'x' });
	t.is(failed?.valueFile, undefined);
	t.deepEqual(
		left.filter((name) => name.startsWith('value-')),
		[basename(whole?.valueFile?.path ?? '')],
	);
});

test('where no file can be written a large value comes as others do', async (t) => {
	if (!hasPython(t)) return;
	const { run } = modules(t, {
		'model.py': `import resource
def f(p):
    if p.a == 1:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50000, resource.RLIM_INFINITY))
    return bytes(100000)
`,
	});
	const ended = await run('f', numbered(2), { slots: 1 });
	t.deepEqual(
		ended.map((task) => [lengthOf(task), task?.valueFile === undefined]),
		[
			[100_000, false],
			[100_000, true],
		],
	);
});

test('more than 2 GiB in all are refused, however small the parts', async (t) => {
	if (!hasPython(t)) return;
	const { run } = modules(t, {
		'model.py': `import _scanmake_encode
_scanmake_encode.MOST_BYTES = 100000
def f(p):
    return [bytes(60000)] * p.a
`,
	});
	const [, one, two] = await run('f', numbered(3));
	t.is(one?.failure, undefined);
	t.deepEqual(two?.failure, { kind: 'not-plain', path: '', what: 'more than 2 GiB of data' });
});
