// What every store promises of its collection of garbage, as tests that run over each implementation.
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { FailureRecord, Store } from '../../../engine/store/store.ts';
import { batchOf, columnOf, digestOf, largeFile, noise, ownFolder, recordOf } from './samples.ts';

const failure: FailureRecord = {
	failure: { kind: 'exited', status: 3 },
	log: 'no such file',
	endedAt: 1_700_000_000_000,
	seconds: 2.5,
	attempt: 2,
	build: 1,
};

const day = 24 * 60 * 60 * 1000;

/** Tests an implementation; `open` makes an empty store, closed at the end of the test. */
export function collectContract(kind: string, open: (t: ExecutionContext) => Promise<Store>): void {
	test(`${kind}: gc keeps what is reachable, what was used and what was written lately, and removes the rest`, async (t) => {
		const store = await open(t);
		const now = 1_800_000_000_000;
		const old = now - 31 * day;
		const groups = ['reachable', 'swept', 'reached', 'garbage', 'swept long ago'];
		const records = new Map(groups.map((name) => [name, batchOf(name, 400, { endedAt: old })]));
		records.set('fresh', batchOf('fresh', 400, { endedAt: now - 29 * day }));
		// in one commit, so that they share their places on disk
		store.commit(
			[...records.values()].flat().sort((a, b) => Buffer.compare(a.key, b.key)),
			[],
		);
		const columns = (name: string) => columnOf(records.get(name) ?? []);
		const sweep = { generation: store.generation(), tasks: 400, digest: digestOf('d') };
		store.putSweep(digestOf('s1'), { ...sweep, usedAt: now - 29 * day }, columns('swept'));
		store.putSweep(digestOf('s2'), { ...sweep, usedAt: old }, columns('swept long ago'));
		store.putReached(digestOf('r1'), columns('reached'), now - day);
		store.putReached(digestOf('r2'), columns('garbage'), old);
		const report = await store.collect({ reachable: [columns('reachable')], now, keepDays: 30 });
		t.is(report.kept, 1600);
		t.is(report.removed, 800);
		t.true(report.freedBytes > 0);
		t.true(store.generation() > sweep.generation);
		for (const [name, group] of records) {
			const isKept = name !== 'garbage' && name !== 'swept long ago';
			t.true(
				group.every(({ key }) => store.has(key) === isKept),
				name,
			);
			if (isKept) for (const { key, record } of group) t.deepEqual(store.read(key), record);
		}
		t.is(store.sweep(digestOf('s2')), undefined);
		t.is(store.sweep(digestOf('s1'))?.tasks, 400, 'what it is about is all there');
		t.deepEqual(store.sweepKeys(digestOf('s1')), columns('swept'));
		const again = await store.collect({ reachable: [columns('reachable')], now, keepDays: 30 });
		t.deepEqual(again, { kept: 1600, removed: 0, freedBytes: 0 });
		store.commit(records.get('garbage') ?? [], []);
		t.true(records.get('garbage')?.every(({ key }) => store.has(key)));
	});

	test(`${kind}: gc does not make a sweep right that was not believed before`, async (t) => {
		const store = await open(t);
		const records = batchOf('task', 3);
		store.commit(records, []);
		store.putSweep(
			digestOf('s'),
			{ generation: store.generation(), tasks: 3, digest: digestOf('d'), usedAt: 5 },
			columnOf(records),
		);
		store.forget([records[0]!.key]);
		await store.collect({ reachable: [], now: 6, keepDays: 1 });
		t.is(store.sweep(digestOf('s')), undefined);
	});

	test(`${kind}: gc removes the files that no kept record names, and old failures`, async (t) => {
		const store = await open(t);
		const now = 1_800_000_000_000;
		const [mine, shared, gone] = ['mine', 'shared', 'gone'].map((name) => noise(30_000, name)) as [
			Uint8Array,
			Uint8Array,
			Uint8Array,
		];
		for (const bytes of [mine, shared, gone]) await store.keepBlob(digestOf(bytes), { bytes });
		const kept = {
			key: digestOf('kept'),
			record: recordOf('', {
				value: undefined,
				valueDigest: digestOf(mine),
				files: [largeFile('s', shared)],
				endedAt: now,
			}),
		};
		const dropped = {
			key: digestOf('dropped'),
			record: recordOf('x', { files: [largeFile('s', shared), largeFile('g', gone)], endedAt: 0 }),
		};
		store.commit(
			[kept, dropped],
			[
				{ key: digestOf('old'), record: { ...failure, endedAt: 0 } },
				{ key: digestOf('new'), record: { ...failure, endedAt: now } },
			],
		);
		const { removed, freedBytes } = await store.collect({ reachable: [], now, keepDays: 30 });
		t.is(removed, 1);
		t.true(freedBytes >= 30_000);
		t.deepEqual(store.readValue(kept.key), mine);
		const folder = ownFolder(t);
		t.true(await store.copyFile(largeFile('s', shared), join(folder, 'shared')));
		t.false(await store.copyFile(largeFile('g', gone), join(folder, 'gone')));
		t.is(store.readFailure(digestOf('old')), undefined);
		t.deepEqual(store.readFailure(digestOf('new'))?.failure, failure.failure);
	});
}
