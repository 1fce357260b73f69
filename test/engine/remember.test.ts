import test from 'ava';
import { digestBytes } from '../../engine/digest.ts';
import { memoryStore } from '../../engine/store/memory.ts';
import type { Store } from '../../engine/store/store.ts';
import { aggregate, axis, grid, simulate } from '../../rules/index.ts';
import { bench, complaintOf, type Project } from '../harness.ts';

/** A store that notes what is kept as reached, as swept and as in use. */
function noting() {
	const inner = memoryStore();
	const noted: { reached: number[]; sweeps: { tasks: number; generation: number; keys: number }[]; touched: number } = {
		reached: [],
		sweeps: [],
		touched: 0,
	};
	const store: Store = {
		...inner,
		putReached(name, keys, usedAt) {
			noted.reached.push(keys.length / 32);
			inner.putReached(name, keys, usedAt);
		},
		putSweep(name, sweep, keys) {
			noted.sweeps.push({ tasks: sweep.tasks, generation: sweep.generation, keys: keys.length / 32 });
			inner.putSweep(name, sweep, keys);
		},
		touchSweep(name, usedAt) {
			noted.touched++;
			inner.touchSweep(name, usedAt);
		},
	};
	return { store, noted };
}

function project(fails = NaN): Project {
	const spikes = simulate({
		over: grid({ w: [1, 2, 3] }),
		run: (p) => {
			if (p.w === fails) throw new Error('no');
			return p.w;
		},
	});
	return { targets: { spikes, rates: aggregate({ from: spikes, by: ['w'], run: (rows) => rows.length }) } };
}

test('a rule that finished is kept as a sweep of all its keys', async (t) => {
	const { store, noted } = noting();
	await bench(store).build(project());
	t.deepEqual(noted.sweeps, [
		{ tasks: 3, generation: 0, keys: 3 },
		{ tasks: 3, generation: 0, keys: 3 },
	]);
	t.deepEqual(noted.reached, []);
});

test('a rule with a failure is no sweep, and neither is what takes from it; what it reached is kept from gc', async (t) => {
	const { store, noted } = noting();
	await bench(store).build(project(2));
	t.deepEqual(noted.sweeps, []);
	t.deepEqual(noted.reached, [2, 2]);
});

test('a rule of which `--where` left tasks is no sweep', async (t) => {
	const { store, noted } = noting();
	await bench(store).build(project(), { where: 'w=1' });
	t.deepEqual([noted.sweeps.length, noted.reached], [0, [1, 1]]);
});

test('a sweep has the generation that the store had before the look-ups that it was made from', async (t) => {
	const { store, noted } = noting();
	store.commit([], []);
	const key = new Uint8Array(32).fill(1);
	const forgetful: Store = {
		...store,
		startBuild(build) {
			// as another process that replaces a record meanwhile
			const record = { value: new Uint8Array(1), valueDigest: undefined, files: [], log: '' };
			const circumstances = { endedAt: 0, seconds: 0, attempt: 1, build: 0 };
			for (const filled of [1, 2])
				store.commit([{ key, record: { ...record, ...circumstances, digest: new Uint8Array(32).fill(filled) } }], []);
			return store.startBuild(build);
		},
	};
	const { build } = bench(forgetful);
	await build(project());
	t.is(store.generation(), 1);
	t.deepEqual(
		noted.sweeps.map(({ generation }) => generation),
		[0, 0],
	);
});

test('a sweep is written after its records', async (t) => {
	const plain = memoryStore();
	let committed = 0;
	const before: number[] = [];
	const store: Store = {
		...plain,
		commit(records, failures) {
			committed += records.length;
			plain.commit(records, failures);
		},
		putSweep(...sweep) {
			before.push(committed);
			plain.putSweep(...sweep);
		},
	};
	await bench(store).build(project());
	t.deepEqual(before, [3, 6]);
});

test('a sweep that is used is noted as in use once a day, not at each build', async (t) => {
	const { store, noted } = noting();
	const { build } = bench(store);
	await build(project());
	await build(project());
	t.is(noted.touched, 0);
	const long = { ...store, sweep: (name: Uint8Array) => aged(store.sweep(name)) };
	await bench(long).build(project());
	t.is(noted.touched, 2);
});

function aged<S extends { readonly usedAt: number }>(sweep: S | undefined): S | undefined {
	return sweep === undefined ? undefined : { ...sweep, usedAt: sweep.usedAt - 2 * 86_400_000 };
}

test('the defaults that code ran under are remembered before anything runs', async (t) => {
	const store = memoryStore();
	const code = digestBytes('x');
	let known: unknown[] = [];
	const spikes = simulate({
		over: grid({ tau: axis([10, 20], { default: 10 }) }),
		run: () => {
			known = [store.defaultOf(code, 'tau')];
			return 1;
		},
	});
	await bench(store).build({ targets: { spikes }, codes: { spikes: 'x' } });
	t.deepEqual(known, ['10']);
});

test('the first default that a code ran under stays', async (t) => {
	const store = memoryStore();
	const over = (fallback: number) => ({
		targets: { spikes: simulate({ over: grid({ tau: axis([10, 20], { default: fallback }) }), run: (p) => p.tau }) },
		codes: { spikes: 'x' },
	});
	const { build } = bench(store);
	await build(over(10));
	t.regex(
		await complaintOf(() => build(over(20))),
		/^spikes: results of this code took tau = 10 where it is not given, and the axis now says that its default is 20\./,
	);
	t.is(store.defaultOf(digestBytes('x'), 'tau'), '10');
	t.deepEqual(await build(over(10)), []);
});
