// What every store promises of the snapshots that builds leave for `why`.
import test, { type ExecutionContext } from 'ava';
import type { Store } from '../../../engine/store/store.ts';
import { digestOf, noise } from './samples.ts';

/** Tests an implementation; `open` makes an empty store, closed at the end of the test. */
export function snapshotContract(kind: string, open: (t: ExecutionContext) => Promise<Store>): void {
	test(`${kind}: a snapshot is read as it was left, with its columns; another takes its place`, async (t) => {
		const store = await open(t);
		t.is(store.snapshot('spikes'), undefined);
		t.is(store.snapshotColumn('shape'), undefined);
		const rows = noise(3 * 1024 * 1024 + 7, 'rows');
		const first = { text: '{"prefix":"é"}', columns: ['shape', 'empty'] };
		store.putSnapshot(
			'spikes',
			first,
			new Map([
				['shape', () => rows],
				['empty', () => new Uint8Array(0)],
			]),
		);
		t.deepEqual(store.snapshot('spikes'), first);
		t.is(Buffer.compare(store.snapshotColumn('shape') ?? new Uint8Array(0), rows), 0);
		t.is(store.snapshotColumn('empty')?.length, 0);
		store.putSnapshot('spikes', { text: 'second', columns: [] }, new Map());
		t.is(store.snapshot('spikes')?.text, 'second');
	});

	test(`${kind}: a column that is there is not made again`, async (t) => {
		const store = await open(t);
		let made = 0;
		const columns = new Map([['shape', () => Buffer.from(`made ${++made}`)]]);
		store.putSnapshot('one', { text: '', columns: ['shape'] }, columns);
		store.putSnapshot('other', { text: '', columns: ['shape'] }, columns);
		t.is(made, 1);
	});

	test(`${kind}: a collection keeps the snapshots and the columns that they name, and removes the others`, async (t) => {
		const store = await open(t);
		const columns = (name: string) => new Map([[name, () => Buffer.from(name)]]);
		store.putSnapshot('one', { text: 'one', columns: ['kept'] }, columns('kept'));
		store.putSnapshot('other', { text: 'first', columns: ['old'] }, columns('old'));
		store.putSnapshot('other', { text: 'second', columns: ['new'] }, columns('new'));
		await store.collect({ reachable: [], now: Date.now(), keepDays: 0 });
		t.deepEqual([store.snapshot('one')?.text, store.snapshot('other')?.text], ['one', 'second']);
		const found = ['kept', 'old', 'new'].map((name) => store.snapshotColumn(name)?.length);
		t.deepEqual(found, [4, undefined, 3]);
	});

	test(`${kind}: the keys that an unfinished rule reached can be read again`, async (t) => {
		const store = await open(t);
		const name = digestOf('rule');
		t.is(store.reachedKeys(name), undefined);
		const keys = Buffer.concat([digestOf('a'), digestOf('b')]);
		store.putReached(name, keys, 1);
		t.deepEqual(Buffer.from(store.reachedKeys(name) ?? []), keys);
	});
}
