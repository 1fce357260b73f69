// A reader in one process beside a writer in another: what it finds, and that it neither writes nor holds anything.
// Knows only what `openStore` gives.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { openStore } from '../../../engine/store/records.ts';
import { startChild } from './children.ts';
import { batchOf, columnOf, ownFolder, rowsOf } from './samples.ts';

test('a reader beside a writer in another process finds what was committed a moment ago', async (t) => {
	const folder = ownFolder(t);
	const child = startChild('teller', [folder]);
	t.teardown(() => child.process.kill('SIGKILL'));
	await child.line('opened');
	const reader = await openStore({ folder, mode: 'read' });
	t.teardown(() => reader.close());
	const all = batchOf('task', 75_000);
	const column = columnOf(all);
	const count = () =>
		reader.lookUp(column, rowsOf(all.length), new Uint8Array(column.length), new Uint8Array(all.length));
	// the last one makes more than wait for the index at once
	for (const size of [1, 1000, 1500, 75_000]) {
		child.process.stdin?.write(`commit ${size}\n`);
		await child.line(`done commit ${size}.`);
		t.is(count(), size);
		t.deepEqual(reader.read(all[size - 1]!.key), all[size - 1]!.record);
	}
	const generation = reader.generation();
	child.process.stdin?.write('forget 10\n');
	await child.line('done forget 10.');
	t.is(reader.read(all[9]!.key), undefined);
	t.true(reader.generation() > generation);
	child.process.stdin?.write('collect 5\n');
	await child.line('done collect 5.');
	t.is(count(), 5);
	t.deepEqual(reader.read(all[4]!.key), all[4]!.record);
});

test('a reader writes nothing', async (t) => {
	const folder = ownFolder(t);
	const writer = await openStore({ folder, mode: 'write' });
	const records = batchOf('task', 2000);
	writer.commit(records, []);
	await writer.close();
	const state = () => {
		const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
		return names.map((name) => [
			name,
			name.endsWith('lock.mdb') ? 0 : statSync(join(folder, name), { bigint: true }).mtimeNs,
		]);
	};
	const before = state();
	const reader = await openStore({ folder, mode: 'read' });
	for (const { key } of records) reader.read(key);
	reader.builds();
	reader.fact('a');
	await reader.close();
	t.deepEqual(state(), before);
});

test('a reader between two answers holds nothing that keeps a writer from using old pages again', async (t) => {
	const folder = ownFolder(t);
	const child = startChild('teller', [folder]);
	t.teardown(() => child.process.kill('SIGKILL'));
	await child.line('opened');
	child.process.stdin?.write('commit 1000\n');
	await child.line('done commit 1000.');
	const reader = await openStore({ folder, mode: 'read' });
	t.teardown(() => reader.close());
	t.true(reader.has(batchOf('task', 1)[0]!.key));
	// 400 transactions that each rewrite the same few pages: with a held snapshot each would take new ones
	child.process.stdin?.write('churn 400\n');
	// this process does not turn its event loop meanwhile, so that no timer can come to the rescue
	const file = join(folder, 'records', 'data.mdb');
	const before = statSync(file).size;
	const end = Date.now() + 60_000;
	while (!reader.fact('churned') && Date.now() < end) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
	t.truthy(reader.fact('churned'));
	t.true(statSync(file).size - before < 400 * 4096, `${statSync(file).size - before} bytes more`);
});
