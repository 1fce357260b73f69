import test from 'ava';
import fc from 'fast-check';
import { forecast } from '../../engine/forecast.ts';
import { plan } from '../../engine/plan.ts';
import { standings } from '../../engine/standing.ts';
import { memoryStore } from '../../engine/store/memory.ts';
import { State, stateOf } from '../../engine/tasks.ts';
import { aggregate, analyze, axis, generate, grid, simulate } from '../../rules/index.ts';
import { bench, complaintOf, opened, type Project } from '../harness.ts';
import { seeded } from '../seeded.ts';

interface Drawing {
	readonly amplitudes: number;
	readonly weights: number;
	readonly trials: number;
	/** A weight at which the simulation fails. */
	readonly fails: number;
	readonly skips: boolean;
	readonly code: string;
}

function drawn({ amplitudes, weights, trials, fails, skips, code }: Drawing): Project {
	const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);
	const stimulus = grid({ amplitude: upTo(amplitudes) });
	const input = generate({ over: stimulus.trials(trials), run: (p) => p.amplitude });
	const spikes = simulate({
		over: stimulus.times(grid({ weight: upTo(weights) })).trials(trials),
		from: { input },
		run: (p) => {
			if (p.weight === fails) throw new Error('no');
			return p.weight;
		},
	});
	const rates = aggregate({
		from: spikes,
		by: ['amplitude'],
		missing: skips ? 'skip' : 'fail',
		run: (rows) => rows.length,
	});
	const figure = analyze({ from: { rates, spikes }, run: () => 1 });
	return { targets: { input, spikes, rates, figure }, codes: { spikes: code } };
}

const few = fc.integer({ min: 1, max: 3 });
const drawing: fc.Arbitrary<Drawing> = fc.record({
	amplitudes: few,
	weights: few,
	trials: few,
	fails: fc.nat(4),
	skips: fc.boolean(),
	code: fc.constantFrom('x', 'y'),
});
const where = fc.constantFrom(undefined, 'weight=0', 'amplitude<1', 'weight=0|2, trial=0');

test('the counts of a plan add up to the tasks, and the build that follows keeps to it', async (t) => {
	await fc.assert(
		fc.asyncProperty(fc.array(fc.tuple(drawing, where), { minLength: 1, maxLength: 4 }), async (builds) => {
			const { build, report, store } = bench();
			for (const [now, condition] of builds) {
				const project = drawn(now);
				const planned = await forecast(opened(project), store, [], condition);
				await build(project, { where: condition });
				for (const [i, target] of planned.targets.entries()) {
					const built = report().targets[i];
					t.is(target.tasks, target.reused + target.toRun + target.unknown + target.blocked + target.left);
					t.is(built?.tasks, target.tasks);
					t.is(
						target.tasks,
						(built?.reused ?? 0) +
							(built?.ran ?? 0) +
							(built?.failed ?? 0) +
							(built?.blocked ?? 0) +
							(built?.left ?? 0),
					);
					// what is known to run ran or failed, what is known to be reused was
					t.true((built?.ran ?? 0) + (built?.failed ?? 0) >= target.toRun);
					t.true((built?.reused ?? 0) >= target.reused);
					t.true((built?.left ?? 0) >= target.left);
				}
			}
		}),
		seeded(60),
	);
});

const stimulus = grid({ a: [1, 2] });
const input = generate({ over: stimulus, run: (p) => p.a });
const spikes = simulate({ over: stimulus.times(grid({ w: [1, 2] })), from: { input }, run: (p) => p.w });
const project = { targets: { input, spikes } };

test('a plan says which tasks run, which are reused and which wait for inputs, and why', async (t) => {
	const { build, store } = bench();
	const planned = async (of: Project) =>
		(await forecast(opened(of), store, [], undefined)).targets.map(({ name, reused, toRun, unknown, groups }) => [
			name,
			reused,
			toRun,
			unknown,
			groups.map(({ causes }) => causes.map(({ kind }) => kind).join()).join(),
		]);
	t.deepEqual(await planned(project), [
		['input', 0, 2, 0, 'first'],
		['spikes', 0, 0, 4, 'waits'],
	]);
	await build(project, { targets: ['input'] });
	t.deepEqual(await planned(project), [
		['input', 2, 0, 0, ''],
		['spikes', 0, 4, 0, 'first'],
	]);
	await build(project);
	t.deepEqual(await planned(project), [
		['input', 2, 0, 0, ''],
		['spikes', 4, 0, 0, ''],
	]);
	const more = simulate({ over: stimulus.times(grid({ w: [1, 2, 3] })), from: { input }, run: (p) => p.w });
	t.deepEqual((await planned({ targets: { input, spikes: more } }))[1], ['spikes', 4, 2, 0, 'new-set']);
});

test('a plan runs nothing and writes nothing', async (t) => {
	const store = memoryStore({ isReadOnly: true });
	await t.notThrowsAsync(forecast(opened(project), store, [], undefined));
});

test('tasks with equal keys are planned to run once', async (t) => {
	const same = generate({ over: grid({ a: [2, 3] }), run: (p) => p.a });
	const { targets } = await forecast(
		opened({ targets: { input, same }, codes: { same: 'input' } }),
		memoryStore(),
		[],
		undefined,
	);
	t.deepEqual(
		targets.map(({ toRun, reused }) => [toRun, reused]),
		[
			[2, 0],
			[1, 1],
		],
	);
});

test('a finished rule has no tasks looked at, unless its rows are wanted', async (t) => {
	const { build, store } = bench();
	await build(project);
	const scan = opened(project);
	const places = scan.needed([]);
	const stands = await standings(scan, places, store);
	const bare = plan(scan, places, stands, store, { conditions: [], rowsOf: [] });
	t.deepEqual([...bare.settled].sort(), [...places].sort());
	t.is(bare.schedule.lanes.length, 0);
	const [first] = places as [number];
	const asked = plan(scan, places, stands, store, { conditions: [], rowsOf: [first] });
	t.deepEqual(
		asked.schedule.lanes.map((lane) => lane.place),
		[first],
	);
	t.is(stateOf(asked.schedule.lanes[0]?.table ?? t.fail(), 0), State.reused);
});

test('a sweep whose records are not all there is not believed', async (t) => {
	const { build, store } = bench();
	await build(project);
	// as a store that lost a record without knowing
	const forgetful = {
		...store,
		lookUp(...[keys, rows, digests, found]: Parameters<typeof store.lookUp>) {
			const some = rows.filter((row) => row !== 0);
			return store.lookUp(keys, some, digests, found);
		},
	};
	const scan = opened(project);
	const places = scan.needed([]);
	const stands = await standings(scan, places, store);
	const planned = plan(scan, places, stands, forgetful, { conditions: [], rowsOf: places });
	t.is(planned.settled.size, 0);
});

test('two rules of one code under two defaults of a name are a problem: their keys would name two works', async (t) => {
	const run = (p: { tau: number }) => p.tau;
	const ten = simulate({ over: grid({ tau: axis([10], { default: 10 }) }), run });
	const twenty = simulate({ over: grid({ tau: axis([20], { default: 20 }) }), run });
	const both = { targets: { ten, twenty }, codes: { ten: 'x', twenty: 'x' } };
	const { build } = bench();
	t.regex(
		await complaintOf(() => build(both)),
		/^twenty: it has the code of ten, whose axis says that tau = 10 .* the default is 20\./,
	);
	await t.notThrowsAsync(build({ ...both, codes: { ten: 'x', twenty: 'y' } }));
});
