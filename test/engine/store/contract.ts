// What every store promises, as tests that run over each implementation.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { FailureRecord, Store } from '../../../engine/store/store.ts';
import { batchOf, columnOf, digestOf, largeFile, noise, ownFolder, recordOf, rowsOf, smallFile } from './samples.ts';

const failure: FailureRecord = {
	failure: { kind: 'exited', status: 3 },
	log: 'no such file',
	endedAt: 1_700_000_000_000,
	seconds: 2.5,
	attempt: 2,
	build: 1,
};

/** Tests an implementation; `open` makes an empty store, closed at the end of the test. */
export function storeContract(kind: string, open: (t: ExecutionContext) => Promise<Store>): void {
	test(`${kind}: a record is read as it was committed, with its files, its log and what is known of its run`, async (t) => {
		const store = await open(t);
		const key = digestOf('key');
		const record = recordOf('a value', {
			files: [smallFile('spikes é.txt', '1 2 3'), smallFile('empty', '')],
			log: 'two lines\nof ünicode',
			endedAt: 1_712_345_678_901,
			seconds: 12.75,
			attempt: 3,
			build: 7,
		});
		store.commit([{ key, record }], []);
		t.deepEqual(store.read(key), record);
		t.deepEqual(store.readValue(key), record.value);
		t.true(store.has(key));
		t.false(store.has(digestOf('another')));
		t.is(store.read(digestOf('another')), undefined);
		t.is(store.readValue(digestOf('another')), undefined);
	});

	test(`${kind}: what is read belongs to the reader and stays as it is`, async (t) => {
		const store = await open(t);
		const [first, second] = batchOf('task', 2);
		store.commit([first!, second!], []);
		const value = store.readValue(first!.key);
		const record = store.read(first!.key);
		store.read(second!.key);
		store.readValue(second!.key);
		t.deepEqual(value, first!.record.value);
		t.deepEqual(record, first!.record);
	});

	test(`${kind}: lookUp gives the digests of the rows it is asked for and says which were found`, async (t) => {
		const store = await open(t);
		const known = batchOf('known', 300);
		const all = [...known.slice(0, 200), ...batchOf('unknown', 100), ...known.slice(200)];
		store.commit(known, []);
		const digests = new Uint8Array(32 * all.length);
		const found = new Uint8Array(all.length);
		t.is(store.lookUp(columnOf(all), rowsOf(all.length), digests, found), 300);
		for (const [row, { key, record }] of all.entries()) {
			t.is(found[row], store.has(key) ? 1 : 0);
			const expected = found[row] === 1 ? record.digest : new Uint8Array(32);
			t.deepEqual(digests.slice(32 * row, 32 * row + 32), expected);
		}
		const few = new Uint8Array(all.length);
		t.is(store.lookUp(columnOf(all), Int32Array.of(0, 250, 399), new Uint8Array(32 * all.length), few), 2);
		t.deepEqual(
			[...few.keys()].filter((row) => few[row] === 1),
			[0, 399],
		);
	});

	test(`${kind}: a known key keeps its record, unless the result is another one: then the generation rises`, async (t) => {
		const store = await open(t);
		const key = digestOf('key');
		store.commit([{ key, record: recordOf('first', { build: 1 }) }], []);
		const generation = store.generation();
		store.commit([{ key, record: recordOf('first', { build: 2 }) }], []);
		t.is(store.read(key)?.build, 1);
		t.is(store.generation(), generation);
		store.commit([{ key, record: recordOf('second', { build: 3 }) }], []);
		t.is(store.read(key)?.build, 3);
		t.true(store.generation() > generation);
	});

	test(`${kind}: a forgotten record is gone and the generation rises, also where the record had been lost before`, async (t) => {
		const store = await open(t);
		const records = batchOf('task', 10);
		store.commit(records, []);
		const generation = store.generation();
		store.forget([]);
		t.is(store.generation(), generation);
		store.forget([digestOf('lost, but a sweep speaks of it')]);
		t.is(store.generation(), generation + 1);
		store.forget([records[3]!.key, records[4]!.key]);
		t.true(store.generation() > generation);
		t.is(store.read(records[3]!.key), undefined);
		t.false(store.has(records[4]!.key));
		t.deepEqual(store.read(records[5]!.key), records[5]!.record);
		store.commit([records[3]!], []);
		t.deepEqual(store.read(records[3]!.key), records[3]!.record);
	});

	test(`${kind}: a failure is remembered until its task succeeds, and is never a result`, async (t) => {
		const store = await open(t);
		const key = digestOf('key');
		store.commit([], [{ key, record: failure }]);
		t.deepEqual(store.readFailure(key), failure);
		t.false(store.has(key));
		t.is(store.read(key), undefined);
		store.commit([], [{ key, record: { ...failure, attempt: 3 } }]);
		t.is(store.readFailure(key)?.attempt, 3);
		store.commit([{ key, record: recordOf('at last') }], []);
		t.is(store.readFailure(key), undefined);
		store.forget([key]);
		t.is(store.readFailure(key), undefined);
	});

	test(`${kind}: large values and files are kept beside the record and read back whole`, async (t) => {
		const store = await open(t);
		const folder = ownFolder(t);
		const value = noise(100_000, 'value');
		const bytes = noise(200_000, 'file');
		const path = join(folder, 'written');
		writeFileSync(path, bytes);
		const valueDigest = digestOf(value);
		const file = largeFile('field.bin', bytes);
		await store.keepBlob(valueDigest, { bytes: value });
		await store.keepBlob(file.digest, { path });
		const key = digestOf('key');
		store.commit(
			[{ key, record: recordOf('', { value: undefined, valueDigest, files: [file, smallFile('a', 'b')] }) }],
			[],
		);
		t.deepEqual(store.readValue(key), value);
		const record = store.read(key);
		t.deepEqual(record?.valueDigest, valueDigest);
		t.is(record?.value, undefined);
		for (const [i, expected] of [bytes, Buffer.from('b')].entries()) {
			t.true(await store.copyFile(record!.files[i]!, join(folder, `copy ${i}`)));
			t.deepEqual(readFileSync(join(folder, `copy ${i}`)), Buffer.from(expected));
		}
		t.deepEqual(readFileSync(path), Buffer.from(bytes), 'the file that was kept stays where it was');
	});

	test(`${kind}: a copy replaces no file`, async (t) => {
		const store = await open(t);
		const path = join(ownFolder(t), 'there');
		writeFileSync(path, 'mine');
		await t.throwsAsync(store.copyFile(smallFile('a', 'theirs'), path));
		t.is(readFileSync(path, 'utf8'), 'mine');
	});

	test(`${kind}: a record whose blob is missing is no record: its task runs again`, async (t) => {
		const store = await open(t);
		const value = noise(50_000, 'never kept');
		const records = [
			{ key: digestOf('value'), record: recordOf('', { value: undefined, valueDigest: digestOf(value) }) },
			{ key: digestOf('file'), record: recordOf('f', { files: [largeFile('f', value)] }) },
		];
		store.commit(records, []);
		const generation = store.generation();
		t.is(store.readValue(records[0]!.key), undefined);
		t.is(store.read(records[1]!.key), undefined);
		t.false(store.has(records[0]!.key));
		t.false(store.has(records[1]!.key));
		t.true(store.generation() > generation);
		t.false(await store.copyFile(largeFile('f', value), join(ownFolder(t), 'copy')));
	});

	test(`${kind}: a sweep is believed until a record is deleted or replaced`, async (t) => {
		const store = await open(t);
		const records = batchOf('task', 5);
		store.commit(records, []);
		const name = digestOf('sweep');
		const sweep = { generation: store.generation(), tasks: 5, digest: digestOf('merkle'), usedAt: 1000 };
		t.is(store.sweep(name), undefined);
		store.putSweep(name, sweep, columnOf(records));
		t.deepEqual(store.sweep(name), sweep);
		t.deepEqual(store.sweepKeys(name), columnOf(records));
		store.commit(batchOf('other', 5), []);
		t.deepEqual(store.sweep(name), sweep, 'new records change nothing');
		store.forget([records[2]!.key]);
		t.is(store.sweep(name), undefined);
		store.commit(records, []);
		t.is(store.sweep(name), undefined, 'not even when the record is back');
		store.putSweep(name, { ...sweep, generation: store.generation() }, columnOf(records));
		t.truthy(store.sweep(name));
		store.commit([{ key: records[0]!.key, record: recordOf('another result') }], []);
		t.is(store.sweep(name), undefined);
	});

	test(`${kind}: a sweep that was made before a record was deleted is not believed, even if it is written after`, async (t) => {
		const store = await open(t);
		const records = batchOf('task', 3);
		store.commit(records, []);
		const generation = store.generation();
		store.forget([records[0]!.key]);
		store.putSweep(digestOf('s'), { generation, tasks: 3, digest: digestOf('d'), usedAt: 1 }, columnOf(records));
		t.is(store.sweep(digestOf('s')), undefined);
	});

	test(`${kind}: the keys of a long sweep come back as they were, also when they change`, async (t) => {
		const store = await open(t);
		const name = digestOf('sweep');
		for (const [round, size] of [70_000, 70_000, 100, 0, 40_000].entries()) {
			const keys = noise(32 * size, `keys ${Math.min(round, 1)}`);
			store.putSweep(name, { generation: 0, tasks: size, digest: digestOf('d'), usedAt: round }, keys);
			t.is(Buffer.compare(store.sweepKeys(name) ?? Buffer.alloc(1), keys), 0);
			t.is(store.sweep(name)?.usedAt, round);
		}
		store.touchSweep(name, 99);
		t.is(store.sweep(name)?.usedAt, 99);
		t.is(store.sweepKeys(name)?.length, 32 * 40_000);
	});

	test(`${kind}: defaults are remembered by recipe and parameter, facts by name, also by a long one`, async (t) => {
		const store = await open(t);
		store.putDefault(digestOf('recipe'), 'tau', '10');
		store.putDefault(digestOf('recipe'), 'tau', '20');
		t.is(store.defaultOf(digestOf('recipe'), 'tau'), '20');
		t.is(store.defaultOf(digestOf('recipe'), 'ta'), undefined);
		t.is(store.defaultOf(digestOf('another'), 'tau'), undefined);
		const long = `file /${'folder/'.repeat(400)}`;
		store.putFacts(
			new Map([
				[long, Uint8Array.of(1, 2)],
				[`${long}b`, Uint8Array.of(3)],
				['empty', new Uint8Array(0)],
			]),
		);
		t.deepEqual(store.fact(long), Uint8Array.of(1, 2));
		t.deepEqual(store.fact(`${long}b`), Uint8Array.of(3));
		t.deepEqual(store.fact('empty'), new Uint8Array(0));
		t.is(store.fact('unknown'), undefined);
		store.putFacts(new Map([[long, Uint8Array.of(4)]]));
		t.deepEqual(store.fact(long), Uint8Array.of(4));
	});

	test(`${kind}: builds are numbered from 1 and listed in order`, async (t) => {
		const store = await open(t);
		const build = {
			host: 'ada',
			node: '20',
			scanmake: '0.1.0',
			platform: 'linux',
			scanfile: 'S',
			targets: ['a'],
			commit: undefined,
		};
		t.deepEqual(store.builds(), []);
		t.is(store.startBuild({ ...build, startedAt: 1 }), 1);
		t.is(store.startBuild({ ...build, startedAt: 2, commit: 'abc' }), 2);
		t.deepEqual(
			store.builds().map(({ number, startedAt, commit }) => [number, startedAt, commit]),
			[
				[1, 1, undefined],
				[2, 2, 'abc'],
			],
		);
		t.deepEqual(store.builds()[0]?.targets, ['a']);
	});
}
