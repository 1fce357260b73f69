// The store on disk keeps what every store promises, and what only a disk can be asked for.
// Knows nothing of damage or other processes.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openStore } from '../../../engine/store/records.ts';
import type { Store } from '../../../engine/store/store.ts';
import { storeContract } from './contract.ts';
import { collectContract } from './contract-gc.ts';
import { snapshotContract } from './contract-snapshots.ts';
import { batchOf, columnOf, digestOf, largeFile, noise, ownFolder, recordOf, rowsOf } from './samples.ts';

async function onDisk(t: ExecutionContext): Promise<Store> {
	const store = await openStore({ folder: join(ownFolder(t), 'store'), mode: 'write' });
	t.teardown(() => store.close());
	return store;
}

storeContract('on disk', onDisk);
collectContract('on disk', onDisk);
snapshotContract('on disk', onDisk);

test('what was committed is there when the store is opened again', async (t) => {
	const folder = ownFolder(t);
	const records = batchOf('task', 5000);
	const first = await openStore({ folder, mode: 'write' });
	first.commit(records.slice(0, 3000), []);
	first.commit(records.slice(3000), []);
	const build = {
		startedAt: 1,
		host: 'h',
		node: 'n',
		scanmake: 's',
		platform: 'p',
		scanfile: 'f',
		targets: [],
		commit: undefined,
	};
	first.startBuild(build);
	first.putSweep(
		digestOf('s'),
		{ generation: first.generation(), tasks: 5000, digest: digestOf('d'), usedAt: 1 },
		columnOf(records),
	);
	await first.close();
	for (const mode of ['read', 'write'] as const) {
		const store = await openStore({ folder, mode });
		t.is(store.lookUp(columnOf(records), rowsOf(5000), new Uint8Array(32 * 5000), new Uint8Array(5000)), 5000);
		for (const { key, record } of records) t.deepEqual(store.read(key), record);
		t.deepEqual(store.sweepKeys(digestOf('s')), columnOf(records));
		t.is(store.builds().length, 1);
		await store.close();
	}
	const last = await openStore({ folder, mode: 'write' });
	t.is(last.startBuild(build), 2);
	await last.close();
});

test('more records than wait for the index at once are all found', async (t) => {
	const store = await openStore({ folder: ownFolder(t), mode: 'write' });
	t.teardown(() => store.close());
	const records = batchOf('task', 70_000);
	for (let start = 0; start < records.length; start += 20_000) store.commit(records.slice(start, start + 20_000), []);
	const more = batchOf('more', 100);
	store.commit(more, []);
	const all = [...records, ...more];
	const digests = new Uint8Array(32 * all.length);
	t.is(store.lookUp(columnOf(all), rowsOf(all.length), digests, new Uint8Array(all.length)), all.length);
	t.true(
		all.every(({ record }, row) => Buffer.compare(digests.subarray(32 * row, 32 * row + 32), record.digest) === 0),
	);
	store.commit([{ key: records[7]!.key, record: recordOf('replaced') }], []);
	t.is(Buffer.from(store.readValue(records[7]!.key)!).toString(), 'replaced');
});

test('a record of many megabytes is kept like any other', async (t) => {
	const folder = ownFolder(t);
	const store = await openStore({ folder, mode: 'write' });
	const log = 'a line of the log\n'.repeat(1_200_000);
	const records = [{ key: digestOf('large'), record: recordOf('v', { log }) }, ...batchOf('small', 100)];
	store.commit(records, []);
	t.is(store.read(digestOf('large'))?.log, log);
	await store.close();
	const reader = await openStore({ folder, mode: 'read' });
	t.teardown(() => reader.close());
	t.is(reader.read(digestOf('large'))?.log, log);
	t.deepEqual(reader.read(digestOf('small 99')), records[100]?.record);
});

test('a commit that fails halfway leaves nothing behind', async (t) => {
	const store = await openStore({ folder: ownFolder(t), mode: 'write' });
	t.teardown(() => store.close());
	store.commit(batchOf('before', 10), []);
	const broken = { key: digestOf('broken'), record: { ...recordOf('x'), log: undefined as unknown as string } };
	t.throws(() => store.commit([...batchOf('with it', 2000), broken], []));
	t.true(batchOf('with it', 2000).every(({ key }) => !store.has(key)));
	store.commit(batchOf('after', 10), []);
	for (const { key, record } of [...batchOf('before', 10), ...batchOf('after', 10)])
		t.deepEqual(store.read(key), record);
});

test('a reader of a store that does not exist finds it empty and creates nothing', async (t) => {
	const folder = join(ownFolder(t), 'not', 'there');
	const store = await openStore({ folder, mode: 'read' });
	t.false(store.has(digestOf('key')));
	t.is(store.generation(), 0);
	t.deepEqual(store.builds(), []);
	t.is(store.sweep(digestOf('s')), undefined);
	t.throws(() => store.commit(batchOf('a', 1), []), { message: /opened for reading/ });
	await store.close();
	t.false(existsSync(folder));
});

test('a store that was opened for reading cannot be written to', async (t) => {
	const folder = ownFolder(t);
	await (await openStore({ folder, mode: 'write' })).close();
	const store = await openStore({ folder, mode: 'read' });
	t.teardown(() => store.close());
	const message = /opened for reading/;
	t.throws(() => store.commit(batchOf('a', 1), []), { message });
	t.throws(() => store.forget([digestOf('a')]), { message });
	t.throws(() => store.putFacts(new Map([['a', Uint8Array.of(1)]])), { message });
	t.throws(
		() =>
			store.putSweep(digestOf('s'), { generation: 0, tasks: 0, digest: digestOf('d'), usedAt: 1 }, new Uint8Array(0)),
		{ message },
	);
	t.throws(() => store.keepBlob(digestOf('a'), { bytes: Uint8Array.of(1) }), { message });
});

test('small results leave one database and no other files', async (t) => {
	const folder = ownFolder(t);
	const store = await openStore({ folder, mode: 'write' });
	store.commit(batchOf('task', 1000), []);
	await store.close();
	t.deepEqual(readdirSync(folder).sort(), ['.gitignore', 'card.json', 'format.json', 'records']);
	t.deepEqual(readdirSync(join(folder, 'records')).sort(), ['data.mdb', 'lock.mdb']);
});

test('a large file is one blob whoever names it', async (t) => {
	const folder = ownFolder(t);
	const store = await openStore({ folder, mode: 'write' });
	t.teardown(() => store.close());
	const bytes = noise(20_000, 'x');
	await Promise.all([1, 2, 3].map(() => store.keepBlob(digestOf(bytes), { bytes })));
	store.commit(batchOf('task', 3, { files: [largeFile('f', bytes)] }), []);
	const hex = Buffer.from(digestOf(bytes)).toString('hex');
	const blob = join(folder, 'blobs', 'content-v2', 'sha256', hex.slice(0, 2), hex.slice(2, 4), hex.slice(4));
	t.deepEqual(readFileSync(blob), Buffer.from(bytes));
});

test('opening a store and looking up loads nothing that only large files need', async (t) => {
	const folder = ownFolder(t);
	await (await openStore({ folder, mode: 'write' })).close();
	const records = new URL('../../../engine/store/records.js', import.meta.url).href;
	const script = `
		const loaded = (name) => Object.keys(require.cache).some((path) => path.includes('/node_modules/' + name + '/'));
		import(${JSON.stringify(records)}).then(async ({ openStore }) => {
			const before = loaded('lmdb');
			const store = await openStore({ folder: ${JSON.stringify(folder)}, mode: 'write' });
			store.has(new Uint8Array(32));
			console.log(before, loaded('lmdb'), loaded('cacache'));
			const digest = (text) => require('crypto').createHash('sha256').update(text).digest();
			await store.keepBlob(digest('in memory'), { bytes: Buffer.from('in memory') });
			console.log(loaded('cacache'));
			require('fs').writeFileSync(${JSON.stringify(join(folder, 'given'))}, 'a file');
			await store.keepBlob(digest('a file'), { path: ${JSON.stringify(join(folder, 'given'))} });
			console.log(loaded('cacache'));
			await store.close();
		});`;
	t.is(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }), 'false true false\nfalse\ntrue\n');
});
