// Random deeds on the store on disk against the one in memory; the tables of keys against maps and sets.
// fast-check prints the seed and the shortest deeds that fail.
import test from 'ava';
import fc from 'fast-check';
import { keySet } from '../../../engine/store/keys.ts';
import { memoryStore } from '../../../engine/store/memory.ts';
import { openStore } from '../../../engine/store/records.ts';
import type { Store } from '../../../engine/store/store.ts';
import { tail } from '../../../engine/store/tail.ts';
import { seeded } from '../../seeded.ts';
import { columnOf, digestOf, noise, ownFolder, recordOf, rowsOf } from './samples.ts';

const day = 24 * 60 * 60 * 1000;
const universe = Array.from({ length: 1500 }, (_, i) => digestOf(`task ${i}`));
const names = ['a', 'b', 'c'].map((name) => digestOf(name));

type Deed =
	| {
			readonly kind: 'commit';
			readonly tasks: readonly number[];
			readonly variant: number;
			readonly logBytes: number;
			readonly days: number;
	  }
	| { readonly kind: 'forget'; readonly tasks: readonly number[] }
	| { readonly kind: 'reopen' }
	| { readonly kind: 'sweep'; readonly name: number; readonly size: number; readonly days: number }
	| { readonly kind: 'collect'; readonly tasks: readonly number[]; readonly days: number }
	| { readonly kind: 'fact'; readonly name: number; readonly size: number };

const some = (most: number) => fc.uniqueArray(fc.nat(universe.length - 1), { maxLength: most, size: 'max' });
const days = fc.nat(120);
const deed: fc.Arbitrary<Deed> = fc.oneof(
	{
		weight: 5,
		arbitrary: fc.record({
			kind: fc.constant('commit'),
			tasks: some(800),
			variant: fc.constantFrom(0, 0, 0, 1),
			logBytes: fc.constantFrom(0, 10, 300, 20_000),
			days,
		}),
	},
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('forget'), tasks: some(30) }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen') }) },
	{
		weight: 1,
		arbitrary: fc.record({ kind: fc.constant('sweep'), name: fc.nat(2), size: fc.constantFrom(3, 40_000), days }),
	},
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('collect'), tasks: some(800), days }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('fact'), name: fc.nat(2), size: fc.nat(3000) }) },
);

async function act(store: Store, deed: Deed): Promise<unknown> {
	if (deed.kind === 'commit') {
		const log = 'l'.repeat(deed.tasks.length < 50 ? deed.logBytes : Math.min(deed.logBytes, 300));
		const more = { log, endedAt: deed.days * day };
		store.commit(
			deed.tasks.map((task) => ({ key: universe[task]!, record: recordOf(`${task} ${deed.variant}`, more) })),
			[],
		);
	}
	if (deed.kind === 'forget') store.forget(deed.tasks.map((task) => universe[task]!));
	if (deed.kind === 'sweep') {
		const sweep = {
			generation: store.generation(),
			tasks: deed.size,
			digest: digestOf(`${deed.days}`),
			usedAt: deed.days * day,
		};
		store.putSweep(names[deed.name]!, sweep, noise(32 * deed.size, `${deed.days}`));
	}
	if (deed.kind === 'collect') {
		const reachable = deed.tasks.map((task) => universe[task]!);
		const { kept, removed } = await store.collect({ reachable, now: deed.days * day, keepDays: 30 });
		return { kept, removed };
	}
	if (deed.kind === 'fact') store.putFacts(new Map([[`fact ${deed.name}`, noise(deed.size, `${deed.size}`)]]));
	return undefined;
}

const column = columnOf(universe.map((key) => ({ key, record: recordOf('') })));

function seen(store: Store): unknown {
	const digests = new Uint8Array(column.length);
	const found = new Uint8Array(universe.length);
	const hits = store.lookUp(column, rowsOf(universe.length), digests, found);
	const sweeps = names.map((name) => {
		const { generation: _, ...sweep } = store.sweep(name) ?? {};
		return { sweep, keys: digestOf(store.sweepKeys(name) ?? 'none') };
	});
	const records = universe.filter((_, i) => i % 29 === 0).map((key) => [store.read(key), store.readValue(key)]);
	return {
		hits,
		digests: digestOf(digests),
		found,
		sweeps,
		records,
		facts: names.map((_, i) => store.fact(`fact ${i}`)),
	};
}

test('the store on disk answers as the one in memory does, whatever is done to it and whoever reads', async (t) => {
	await fc.assert(
		fc.asyncProperty(fc.array(deed, { minLength: 5, maxLength: 25, size: 'max' }), async (deeds) => {
			const folder = ownFolder(t);
			const model = memoryStore();
			let store = await openStore({ folder, mode: 'write' });
			const reader = await openStore({ folder, mode: 'read' });
			try {
				for (const each of deeds) {
					if (each.kind === 'reopen') {
						await store.close();
						store = await openStore({ folder, mode: 'write' });
					}
					t.deepEqual(await act(store, each), await act(model, each));
					const expected = seen(model);
					t.deepEqual(seen(store), expected);
					t.deepEqual(seen(reader), expected);
				}
			} finally {
				await reader.close();
				await store.close();
			}
		}),
		seeded(6),
	);
});

test('the table of recent records finds what was put in last under each key, in the order of the keys', (t) => {
	fc.assert(
		fc.property(fc.array(fc.nat(3000), { maxLength: 5000, size: 'max' }), (tasks) => {
			const table = tail();
			const expected = new Map<number, number>();
			for (const [at, task] of tasks.entries()) {
				table.put({ keys: digestOf(`${task}`), keyAt: 0, digests: digestOf(`digest ${at}`), digestAt: 0 }, at, task);
				expected.set(task, at);
			}
			t.is(table.size(), expected.size);
			const { keys, digests, places } = table.columns();
			for (const [task, at] of expected) {
				const entry = table.find(digestOf(`${task}`), 0);
				t.deepEqual(keys.slice(32 * entry, 32 * entry + 32), digestOf(`${task}`));
				t.deepEqual(digests.slice(32 * entry, 32 * entry + 32), digestOf(`digest ${at}`));
				t.deepEqual([...places.slice(2 * entry, 2 * entry + 2)], [at, task]);
			}
			t.is(table.find(digestOf('unknown'), 0), -1);
			const order = [...table.order()].map((entry) => Buffer.from(keys.slice(32 * entry, 32 * entry + 32)));
			t.deepEqual(order, [...order].sort(Buffer.compare));
			t.is(new Set(table.order()).size, expected.size);
		}),
		seeded(5),
	);
});

test('a set of keys has what was added, each once, and nothing else that was tried', (t) => {
	const set = keySet();
	const keys = noise(32 * 20_000, 'keys');
	for (let i = 0; i < 10_000; i++) set.add(keys, 32 * i);
	for (let i = 0; i < 10_000; i++) set.add(keys, 32 * i);
	t.is(set.size(), 10_000);
	for (let i = 0; i < 20_000; i++) if (set.has(keys, 32 * i) !== i < 10_000) t.fail(`key ${i}`);
	const zeros = new Uint8Array(32);
	t.false(set.has(zeros, 0));
	set.add(zeros, 0);
	t.true(set.has(zeros, 0));
});
