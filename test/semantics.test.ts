import { createHook } from 'node:async_hooks';
import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { forecast } from '../engine/forecast.ts';
import { show } from '../engine/look.ts';
import { memoryStore } from '../engine/store/memory.ts';
import { aggregate, analyze, axis, generate, grid, list, scan, simulate, value } from '../rules/index.ts';
import type { AnySpace } from '../rules/space.ts';
import { spoiling, watched } from './engine/fakes.ts';
import { answering, ran as ranByHand } from './engine/hand.ts';
import { bench, complaintOf, opened, type Project } from './harness.ts';

/** One rule over a space. */
const over = (space: AnySpace, code = 'x'): Project => ({
	targets: { spikes: simulate({ over: space as never, run: () => 1 }) },
	codes: { spikes: code },
});

const tau = (values: readonly number[], fallback: number) => grid({ tau: axis(values, { default: fallback }) });

const words = (project: Project) =>
	complaintOf(() => {
		const { problems } = scan(project.targets);
		if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
	}).catch((error: Error) => error.message);

test('1: two sets whose canonical parameters are equal are one set, and one task', async (t) => {
	const union = grid({ a: [1] }).plus(grid({ a: [1], tau: axis([10, 20], { default: 10 }) }));
	t.is(union.size, 2);
	const spaces = {
		plus: [union, ['{"a":1,"tau":20}', '{"a":1}']],
		list: [list([{ a: 1 }, { a: 1 }]), ['{"a":1}']],
		pick: [grid({ a: [1], b: [1, 2] }).pick('a'), ['{"a":1}']],
		drop: [grid({ a: [1], b: [1, 2] }).drop('b', () => true), ['{"a":1}']],
	} as const;
	for (const [word, [space, sets]] of Object.entries(spaces)) {
		const ran = await bench().build(over(space));
		t.deepEqual(
			ran,
			sets.map((set) => `spikes ${set}`),
			word,
		);
	}
});

test('1: equal keys run once per build, also across targets', async (t) => {
	const one = simulate({ over: grid({ a: [1, 2] }), run: (p) => p.a });
	const other = simulate({ over: grid({ a: [2, 1], tau: axis([10], { default: 10 }) }), run: (p) => p.a });
	const { build, report } = bench();
	t.is((await build({ targets: { one, other }, codes: { one: 'x', other: 'x' } })).length, 2);
	t.is(
		report().targets.reduce((sum, target) => sum + target.ran, 0),
		2,
	);
});

test('2: a default travels with its name, so that the set keeps its key', async (t) => {
	const ten = tau([10, 20], 10);
	const spaces: Record<string, AnySpace> = {
		times: grid({ a: [1] }).times(ten),
		plus: grid({ a: [1] }).plus(grid({ a: [1] }).times(ten)),
		drop: grid({ a: [1], b: [1, 2] })
			.times(ten)
			.drop('b', () => true),
		pick: grid({ a: [1], b: [1, 2] })
			.times(ten)
			.pick('tau', 'a'),
	};
	for (const [word, space] of Object.entries(spaces)) {
		const { build } = bench();
		await build(over(grid({ a: [1] })));
		t.deepEqual(
			(await build(over(space))).map((task) => task.includes('"tau":20')),
			[true],
			word,
		);
	}
});

test('2: a default travels through `by`: groups at the default and without the name are one, with the key of no name', async (t) => {
	const grouped = (space: AnySpace): Project => {
		const spikes = simulate({ over: space as ReturnType<typeof grid<{ tau: number[] }>>, run: () => 1 });
		return { targets: { spikes, rates: aggregate({ from: spikes, by: ['tau'], run: (rows) => rows.length }) } };
	};
	const { build } = bench();
	await build(grouped(grid({ a: [1, 2] }).plus(grid({ a: [3] }).times(tau([10, 20], 10)))));
	const again = grouped(grid({ a: [1, 2] }).plus(grid({ a: [3] }).times(tau([10], 10))));
	t.deepEqual(await build(again), []);
});

test('2: two defaults for one name in one space are a problem', async (t) => {
	t.regex(await words(over(tau([10, 20], 10).plus(tau([10, 20], 20)))), /tau has two defaults, 10 and 20/);
});

test('2: the store remembers the default that a code left out; another one later is a problem, never a reuse', async (t) => {
	const { build, store } = bench();
	await build(over(tau([10, 20], 10)));
	const complaint = /results of this code took tau = 10 where it is not given/;
	t.regex(await complaintOf(() => build(over(tau([10, 20], 20)))), complaint);
	t.regex(
		await complaintOf(() => forecast(opened(over(tau([10, 20], 20))), store, [], undefined)),
		complaint,
		'in a plan, too',
	);
	t.is((await build(over(tau([10, 20], 20), 'new code'))).length, 2, 'other code may have another default');
});

test('2: two rules of one code with two defaults of a name are a problem in their first build already', async (t) => {
	const run = () => 1;
	const targets = {
		one: simulate({ over: tau([10], 10), run }),
		other: simulate({ over: tau([20], 20), run }),
	};
	t.regex(
		await complaintOf(() => bench().build({ targets, codes: { one: 'x', other: 'x' } })),
		/other: it has the code of one/,
	);
});

test('3: where the code changed at once with the axis, all runs, and the plan says that the code is new', async (t) => {
	const { build, store } = bench();
	await build(over(grid({ a: [1, 2] })));
	const changed = over(grid({ a: [1, 2] }).times(tau([10], 10)), 'reads tau');
	const { targets } = await forecast(opened(changed), store, [], undefined);
	t.deepEqual(
		targets.map(({ toRun, groups }) => [toRun, groups.map(({ causes }) => causes.map(({ kind }) => kind))]),
		[[2, [['code']]]],
	);
	t.is((await build(changed)).length, 2);
});

test('4: linking compares values; absent agrees with absent and with the default; the seed is never compared', async (t) => {
	const stimulus = grid({ amplitude: [0, 1], frequency: [8, 16] }).drop('frequency', (p) => p.amplitude === 0);
	const input = generate({ over: stimulus.trials(2), run: (p) => [p.amplitude, p.frequency ?? null, p.trial] });
	const seen: unknown[] = [];
	const spikes = simulate({
		over: stimulus
			.times(grid({ weight: [1] }))
			.times(tau([10, 20], 10))
			.trials(2, { seed: 'common' }),
		from: { input },
		run: (p, inputs) => {
			seen.push([[p.amplitude, p.frequency ?? null, p.trial], inputs.input]);
			return p.tau;
		},
	});
	const later = simulate({
		over: grid({ amplitude: [0, 1] }).trials(1),
		from: { spikes: simulate({ over: grid({ amplitude: [0, 1] }).times(tau([10], 10)), run: (p) => p.amplitude }) },
		run: (p, inputs) => {
			seen.push([p.amplitude, inputs.spikes]);
			return 1;
		},
	});
	const { build, report } = bench();
	await build({ targets: { input, spikes, later } });
	t.true(report().ok);
	t.is(seen.length, 14);
	for (const pair of seen) t.deepEqual((pair as [unknown, unknown])[0], (pair as [unknown, unknown])[1]);
});

test('5: the seed is computed from the finished set: another derived value is another seed, a default is none', async (t) => {
	const seeds = async (space: AnySpace) => {
		const project = over(space);
		const store = memoryStore();
		await bench(store).build(project);
		return (await show(opened(project), store, 'spikes', ['trial=0'])).params['seed'];
	};
	const base = grid({ a: [1] });
	const seed = await seeds(base.trials(1));
	t.is(await seeds(base.trials(3)), seed, 'the number of trials is not in it');
	t.is(await seeds(base.times(tau([10], 10)).trials(1)), seed);
	t.not(await seeds(base.derive('b', (p) => p.a + 1).trials(1)), seed);
	t.is(await seeds(base.trials(1, { seed: 'common' })), await seeds(grid({ b: [9] }).trials(1, { seed: 'common' })));
	t.true(Number.isInteger(seed) && (seed as number) >= 0 && (seed as number) < 2 ** 31);
});

test('5: `trial` and `seed` belong to .trials, which comes last', async (t) => {
	t.regex(await words(over(grid({ trial: [1] }))), /trial/);
	t.regex(await words(over(grid({ seed: [1] }))), /seed/);
	const trials = grid({ a: [1] }).trials(2) as unknown as ReturnType<typeof grid<{ a: number[] }>>;
	for (const late of [trials.times(grid({ b: [1] })), trials.drop('a', () => true), trials.where(() => true)])
		t.regex(await words(over(late)), /\.trials comes last/);
});

test('6: reordering axes may rerun aggregates and analyses alone, which get the rows in the order of the space', async (t) => {
	const orders: unknown[] = [];
	const project = (space: ReturnType<typeof grid<{ a: number[]; b: number[] }>>): Project => {
		const spikes = simulate({ over: space, run: (p) => p.a });
		const figure = analyze({
			from: { spikes },
			run: (tables) => {
				orders.push(tables.spikes.map((row) => [row.params.a, row.params.b]));
				return 1;
			},
		});
		return { targets: { spikes, figure } };
	};
	const { build } = bench();
	await build(project(grid({ a: [1, 2], b: [3, 4] })));
	t.deepEqual(await build(project(grid({ b: [3, 4], a: [1, 2] }))), ['figure {}']);
	t.deepEqual(orders, [
		[
			[1, 3],
			[1, 4],
			[2, 3],
			[2, 4],
		],
		[
			[1, 3],
			[2, 3],
			[1, 4],
			[2, 4],
		],
	]);
});

test('8: rules whose functions are told apart share no key, however alike their parameters are', async (t) => {
	const spikes = () => simulate({ over: grid({ a: [1] }), run: (p) => p.a });
	const targets = { one: spikes(), two: spikes() };
	t.is((await bench().build({ targets, codes: { one: 'make 0', two: 'make 1' } })).length, 2);
});

test('13: value() in `uses` counts by its content', async (t) => {
	const using = (given: unknown): Project => ({
		targets: { spikes: simulate({ over: grid({ a: [1] }), uses: value(given), run: () => 1 }) },
	});
	const { build } = bench();
	await build(using({ dt: 0.1, cells: [1, 2] }));
	t.deepEqual(await build(using({ dt: 0.1, cells: [1, 2] })), []);
	for (const other of [{ dt: 0.2, cells: [1, 2] }, { dt: 0.1, cells: [2, 1] }, { dt: 0.1, cells: ['1', 2] }, NaN, null])
		t.is((await build(using(other))).length, 1);
});

test('14: a file that changed without another size or time is found to have changed', async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-semantics-'));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	const path = join(folder, 'a.csv');
	const using: Project = {
		folder,
		targets: { spikes: simulate({ over: grid({ a: [1] }), uses: 'a.csv', run: () => 1 }) },
	};
	const { build } = bench();
	writeFileSync(path, '1');
	const { atime, mtime } = statSync(path);
	await build(using);
	writeFileSync(path, '2');
	utimesSync(path, atime, mtime);
	t.deepEqual(await build(using), ['spikes {"a":1}']);
});

const chain = (run: { readonly rates?: () => unknown } = {}): Project => {
	const spikes = simulate({ over: grid({ a: [1, 2], b: [3, 4] }), run: (p) => `result ${p.a} ${p.b}` });
	const rates = aggregate({ from: spikes, by: ['a'], run: (rows) => run.rates?.() ?? rows.map((row) => row.result) });
	return { targets: { spikes, rates, figure: analyze({ from: { rates }, run: (tables) => tables.rates.length }) } };
};

test('16: a sweep tells columns by names, values, defaults, seeds and order: no change of them is taken for finished', async (t) => {
	// every space has two sets; all of one code and no inputs
	const spaces: AnySpace[] = [
		grid({ a: [1, 2] }),
		grid({ b: [1, 2] }),
		grid({ a: [1, 3] }),
		grid({ a: ['1', '2'] }),
		grid({ a: [1, 2] }).trials(1),
		grid({ a: [1, 2] }).trials(1, { seed: 'common' }),
	];
	const { build } = bench();
	for (const space of spaces) t.true((await build(over(space))).length > 0);
	for (const space of spaces) t.deepEqual(await build(over(space)), []);
});

test('16: the same sets in another order are not taken for finished: who takes the rows has them in that order', async (t) => {
	const sets = [
		{ a: 1, b: 3 },
		{ a: 1, b: 4 },
		{ a: 2, b: 3 },
		{ a: 2, b: 4 },
	];
	const project = (order: readonly number[]): Project => {
		const spikes = simulate({ over: list(order.map((i) => sets[i] as (typeof sets)[number])), run: () => 1 });
		return { targets: { spikes, figure: analyze({ from: { spikes }, run: (tables) => tables.spikes.length }) } };
	};
	const { build } = bench();
	await build(project([0, 1, 2, 3]));
	t.deepEqual(await build(project([0, 2, 1, 3])), ['figure {}']);
});

test('16: a sweep tells the results of its inputs: where they changed, what takes them is looked at again', async (t) => {
	const { build } = bench();
	await build(chain());
	const other: Project = { ...chain({ rates: () => 'other' }), codes: { rates: 'new' } };
	t.deepEqual(await build(other), ['figure {}', 'rates {"a":1}', 'rates {"a":2}']);
	t.deepEqual(await build(chain()), []);
});

test('16: a sweep of an older generation is not believed', async (t) => {
	const { store, spoil } = spoiling(memoryStore());
	const { build } = bench(store);
	await build(chain());
	const before = store.generation();
	spoil('result 1 3');
	// whoever reads the damaged result makes the store forget it
	await show(opened(chain()), store, 'spikes', ['a=1', 'b=3']);
	t.true(store.generation() > before);
	t.deepEqual(await build(chain()), ['spikes {"a":1,"b":3}']);
	t.deepEqual(await build(chain()), []);
});

test('16: a sweep is written after all records that it speaks of', async (t) => {
	const { store, calls } = watched(memoryStore());
	await bench(store).build({ targets: { spikes: chain().targets['spikes'] as never } });
	t.deepEqual(
		calls.filter((call) => call === 'commit' || call === 'putSweep'),
		['commit', 'commit', 'commit', 'commit', 'putSweep'],
	);
});

test('16: a build with nothing to do reads no result', async (t) => {
	const { store, calls } = watched(memoryStore());
	const { build } = bench(store);
	await build(chain());
	calls.length = 0;
	await build(chain());
	t.deepEqual(
		calls.filter((call) =>
			['read', 'readValue', 'readResult', 'copyFile', 'lookUp', 'has', 'sweepKeys'].includes(call),
		),
		[],
	);
});

test('16: damage is found when a result is read, then its task runs again and this is said', async (t) => {
	const { store, spoil } = spoiling(memoryStore());
	const { build, events, report } = bench(store);
	await build(chain());
	spoil('result 2 4');
	t.deepEqual(await build(chain()), [], 'nobody read it');
	t.deepEqual(await build({ ...chain(), codes: { rates: 'new' } }), [
		'rates {"a":1}',
		'rates {"a":2}',
		'spikes {"a":2,"b":4}',
	]);
	t.true(report().ok);
	t.true(events.some((event) => event.kind === 'notice' && event.message.includes('damaged')));
});

test('18: the predicates of a space are asked once a process, however often its rows are wanted', async (t) => {
	let asked = 0;
	const space = grid({ a: [1, 2, 3] }).where((p) => {
		asked++;
		return p.a > 1;
	});
	const { build } = bench();
	const input = generate({ over: space, run: (p) => p.a });
	const project = { targets: { input, spikes: simulate({ over: space, from: { input }, run: (p) => p.a }) } };
	await build(project);
	await build(project);
	t.true(asked <= 3);
});

test.serial('23: tasks never have a promise each', async (t) => {
	let promises = 0;
	const hook = createHook({
		init(_id, type) {
			if (type === 'PROMISE') promises++;
		},
	});
	const size = 10_000;
	hook.enable();
	const { tallies, executor } = await ranByHand({ sizes: [size], act: answering() });
	hook.disable();
	t.is(tallies[0]?.ran, size);
	t.true(executor.sent.length < 500);
	t.true(promises < size / 4, `${promises} promises`);
});
