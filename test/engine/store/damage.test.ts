// Flipped bits, cut files and rubbish: what is damaged is missing or an error, never a result.
// Knows where cacache and lmdb keep their bytes, to harm them.
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { UserError } from '../../../engine/errors.ts';
import { openStore } from '../../../engine/store/records.ts';
import { startChild } from './children.ts';
import { batchOf, columnOf, digestOf, largeFile, noise, ownFolder, recordOf } from './samples.ts';

// Flips one bit of every place in a file where these bytes stand, at `offset` behind their start.
function flip(file: string, bytes: Uint8Array, offset = 0): number {
	const content = readFileSync(file);
	let flipped = 0;
	for (let at = content.indexOf(bytes); at >= 0; at = content.indexOf(bytes, at + bytes.length)) {
		content[at + offset]! ^= 4;
		flipped += 1;
	}
	writeFileSync(file, content);
	return flipped;
}

async function storeWith(
	t: ExecutionContext,
	value: string,
): Promise<{ folder: string; data: string; key: Uint8Array }> {
	const folder = ownFolder(t);
	const store = await openStore({ folder, mode: 'write' });
	store.commit(
		[
			...batchOf('before', 40),
			{ key: digestOf('k'), record: recordOf(value, { log: 'the log of it' }) },
			...batchOf('after', 40),
		],
		[],
	);
	store.putSweep(
		digestOf('s'),
		{ generation: store.generation(), tasks: 1, digest: digestOf('merkle'), usedAt: 1 },
		digestOf('k'),
	);
	store.putFacts(new Map([['fact', Buffer.from('a fact worth keeping')]]));
	await store.close();
	return { folder, data: join(folder, 'records', 'data.mdb'), key: digestOf('k') };
}

for (const part of ['value', 'log', 'digest', 'key', 'length'] as const) {
	test(`a flipped bit in the ${part} of a record makes its task run again and never becomes a result`, async (t) => {
		const value = 'a value that stands in the database once';
		const { folder, data, key } = await storeWith(t, value);
		const times = Buffer.from(Float64Array.of(1_700_000_000_000, 0.1).buffer);
		const inLog = Buffer.concat([key, digestOf(`result ${value}`), times]);
		const places = {
			value: Buffer.from(value),
			log: Buffer.from('the log of it'),
			digest: digestOf(`result ${value}`),
			key,
			length: inLog,
		};
		t.true(flip(data, places[part], part === 'length' ? -4 : 3) > 0);
		const reader = await openStore({ folder, mode: 'read' });
		t.is(reader.read(key), undefined);
		t.is(reader.readValue(key), undefined);
		await reader.close();
		const store = await openStore({ folder, mode: 'write' });
		t.teardown(() => store.close());
		t.is(store.readValue(key), undefined);
		t.false(store.has(key), 'it is forgotten');
		if (part !== 'key') t.is(store.sweep(digestOf('s')), undefined, 'and no sweep that tells of it is believed');
		// a length that cannot be right hides what comes behind it in the same place
		for (const { key, record } of batchOf('before', 40)) t.deepEqual(store.read(key), record);
		for (const { key, record } of batchOf('after', 40)) t.deepEqual(store.read(key), record);
		store.commit([{ key, record: recordOf(value) }], []);
		t.deepEqual(store.read(key), recordOf(value));
	});
}

test('a flipped bit in a sweep, its keys or a fact reads as nothing', async (t) => {
	const { folder, data } = await storeWith(t, 'v');
	t.true(flip(data, Buffer.from(Buffer.from(digestOf('merkle')).toString('hex'))) > 0);
	t.true(flip(data, Buffer.from('a fact worth keeping')) > 0);
	const store = await openStore({ folder, mode: 'read' });
	t.teardown(() => store.close());
	t.is(store.sweep(digestOf('s')), undefined);
	t.is(store.fact('fact'), undefined);
});

test('where the state of the store is lost, the index is made again and no sweep is believed', async (t) => {
	const { folder, data, key } = await storeWith(t, 'v');
	// the state: generation 0, three numbers; its checksum stands in front
	const state = Buffer.from(Float64Array.of(0, 1, 1, 81).buffer);
	t.true(flip(data, state, 9) > 0);
	for (const mode of ['read', 'write', 'write'] as const) {
		const store = await openStore({ folder, mode });
		t.deepEqual(store.read(key), recordOf('v', { log: 'the log of it' }));
		t.is(store.sweep(digestOf('s')), undefined);
		if (mode === 'write') store.commit(batchOf('more', 10), []);
		for (const { key, record } of batchOf('before', 40)) t.deepEqual(store.read(key), record);
		await store.close();
	}
});

test('a damaged blob is missing: it is deleted, and its task runs again to the same blob', async (t) => {
	const folder = ownFolder(t);
	const bytes = noise(5_000_000, 'large');
	const valueDigest = digestOf(bytes);
	const records = [
		{ key: digestOf('value'), record: recordOf('', { value: undefined, valueDigest }) },
		{ key: digestOf('file'), record: recordOf('', { files: [largeFile('f', bytes)] }) },
	];
	const store = await openStore({ folder, mode: 'write' });
	t.teardown(() => store.close());
	const hex = Buffer.from(valueDigest).toString('hex');
	const blob = join(folder, 'blobs', 'content-v2', 'sha256', hex.slice(0, 2), hex.slice(2, 4), hex.slice(4));
	const damage = () => {
		const content = readFileSync(blob);
		content[4_000_000]! ^= 1;
		writeFileSync(blob, content);
	};
	for (const look of ['value', 'file', 'truncated']) {
		await store.keepBlob(valueDigest, { bytes });
		store.commit(records, []);
		if (look === 'truncated') truncateSync(blob, 1000);
		else damage();
		const reader = await openStore({ folder, mode: 'read' });
		t.is(reader.readValue(digestOf('value')), undefined, 'a reader does not take it for a result');
		t.false(await reader.copyFile(largeFile('f', bytes), join(folder, 'work')));
		t.true(reader.has(digestOf('value')), 'but changes nothing');
		await reader.close();
		const generation = store.generation();
		if (look === 'file') {
			t.false(await store.copyFile(largeFile('f', bytes), join(folder, 'work')));
			t.is(store.read(digestOf('file')), undefined);
		} else t.is(store.readValue(digestOf('value')), undefined);
		t.true(store.generation() > generation);
		t.false(readdirSync(folder).includes('work'), 'no half copy is left');
		store.forget(records.map(({ key }) => key));
		// nobody has read the damaged one: it is looked at before it is taken for what is to be kept
		await store.keepBlob(valueDigest, { bytes });
		damage();
	}
	await store.keepBlob(valueDigest, { bytes });
	store.commit(records, []);
	t.is(Buffer.compare(store.readValue(digestOf('value')) ?? Buffer.alloc(0), bytes), 0);
	t.true(await store.copyFile(largeFile('f', bytes), join(folder, 'work')));
	t.is(Buffer.compare(readFileSync(join(folder, 'work')), bytes), 0);
});

test('gc removes damaged records, and keeps the sweeps that tell of them from being believed', async (t) => {
	const value = 'a value that stands in the database once';
	const { folder, data, key } = await storeWith(t, value);
	t.true(flip(data, Buffer.from(value)) > 0);
	const store = await openStore({ folder, mode: 'write' });
	t.teardown(() => store.close());
	const all = [...batchOf('before', 40), ...batchOf('after', 40)];
	const { kept, removed } = await store.collect({ reachable: [columnOf(all), key], now: 2, keepDays: 1 });
	t.deepEqual([kept, removed], [80, 1]);
	t.false(store.has(key));
	t.is(store.sweep(digestOf('s')), undefined);
	for (const { key, record } of all) t.deepEqual(store.read(key), record);
});

test('a database that is no database is named with the command that moves it away', async (t) => {
	const { folder, data } = await storeWith(t, 'v');
	for (const mode of ['write', 'read'] as const) {
		writeFileSync(data, noise(statSync(data).size, 'rubbish'));
		const error = await t.throwsAsync(openStore({ folder, mode }), {
			instanceOf: UserError,
			message: /is damaged.*mv /,
		});
		t.is((error as UserError).kind, 'store');
	}
	rmSync(join(folder, 'records'), { recursive: true });
	await (await openStore({ folder, mode: 'write' })).close();
});

test('a database that was cut short is an error, not the end of the process', async (t) => {
	const folder = ownFolder(t);
	const store = await openStore({ folder, mode: 'write' });
	store.commit(batchOf('task', 50_000), []);
	await store.close();
	const data = join(folder, 'records', 'data.mdb');
	truncateSync(data, Math.floor(statSync(data).size / 8192) * 4096);
	const child = startChild('committer', [folder, '50000']);
	await child.ended;
	t.regex(child.lines()[0] ?? `ended by ${child.process.signalCode}`, /^store: .*damaged/);
});

test('a flipped bit in what was left for why makes it missing, and the next build leaves it again', async (t) => {
	const folder = ownFolder(t);
	const snapshot = { text: 'a text about one rule', columns: ['shape'] };
	const columns = new Map([['shape', () => Buffer.from('the rows of one rule')]]);
	const put = async () => {
		const store = await openStore({ folder, mode: 'write' });
		store.putSnapshot('rule', snapshot, columns);
		await store.close();
	};
	const read = async () => {
		const store = await openStore({ folder, mode: 'read' });
		const found = [store.snapshot('rule')?.text, store.snapshotColumn('shape')?.length];
		await store.close();
		return found;
	};
	await put();
	t.deepEqual(await read(), ['a text about one rule', 20]);
	const data = join(folder, 'records', 'data.mdb');
	t.true(flip(data, Buffer.from('about one rule')) > 0 && flip(data, Buffer.from('rows of one rule')) > 0);
	t.deepEqual(await read(), [undefined, undefined]);
	await put();
	t.deepEqual(await read(), ['a text about one rule', 20]);
});
