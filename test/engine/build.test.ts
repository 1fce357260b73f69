import test from 'ava';
import { UserError } from '../../engine/errors.ts';
import { memoryStore } from '../../engine/store/memory.ts';
import { aggregate, analyze, generate, grid, simulate } from '../../rules/index.ts';
import { bench, type Project } from '../harness.ts';
import { spoiling, watched } from './fakes.ts';

interface Wishes {
	readonly weights?: readonly number[];
	readonly fails?: number;
	readonly retries?: number;
	readonly missing?: 'skip' | 'fail';
}

/** input < spikes < rates < figure. Results tell what they were made of. */
function project({ weights = [1, 2], fails = NaN, retries = 0, missing = 'fail' }: Wishes = {}): Project {
	const stimulus = grid({ a: [1, 2] });
	const input = generate({ over: stimulus, run: (p) => `input ${p.a}` });
	const spikes = simulate({
		over: stimulus.times(grid({ w: weights })),
		from: { input },
		retries,
		run: (p, inputs) => {
			if (p.w === fails) throw new Error(`no cell ${p.w}`);
			return `${inputs.input} weight ${p.w}`;
		},
	});
	const rates = aggregate({ from: spikes, by: ['a'], missing, run: (rows) => rows.map((row) => row.result) });
	const figure = analyze({ from: { rates }, run: (tables) => tables.rates.map((row) => row.result) });
	return { targets: { input, spikes, rates, figure } };
}

test('a build runs what is missing and accounts for every task; the next one reuses all', async (t) => {
	const { build, report } = bench();
	t.is((await build(project())).length, 9);
	t.true(report().ok);
	t.deepEqual(
		report().targets.map(({ name, rule, tasks, ran }) => [name, rule, tasks, ran]),
		[
			['input', 'generate', 2, 2],
			['spikes', 'simulate', 4, 4],
			['rates', 'aggregate', 2, 2],
			['figure', 'analyze', 1, 1],
		],
	);
	t.deepEqual(await build(project()), []);
	t.true(report().targets.every(({ tasks, reused }) => tasks === reused));
	t.true(report().ok);
});

test('with nothing to do no build is recorded, no executor is started and no result is read', async (t) => {
	const { store, calls } = watched(memoryStore());
	const { build, events } = bench(store);
	await build(project());
	const builds = store.builds().length;
	calls.length = 0;
	events.length = 0;
	await build(project());
	t.is(store.builds().length, builds);
	t.deepEqual(events, []);
	const reads = new Set(['read', 'readValue', 'readResult', 'lookUp', 'has', 'startBuild', 'commit', 'putSweep']);
	t.deepEqual(
		calls.filter((call) => reads.has(call)),
		[],
	);
});

test('only the targets that are named, and what they need, are built', async (t) => {
	const { build, report } = bench();
	await build(project(), { targets: ['spikes'] });
	t.deepEqual(
		report().targets.map(({ name }) => name),
		['input', 'spikes'],
	);
	t.deepEqual(await build(project(), { targets: ['rates'] }), ['rates {"a":1}', 'rates {"a":2}']);
});

test('after a failure the build is not in order: it names the task, and what depends on it is blocked', async (t) => {
	const { build, report } = bench();
	const ran = await build(project({ fails: 2 }));
	t.false(ran.some((task) => task.startsWith('rates') || task.startsWith('figure')));
	t.false(report().ok);
	t.deepEqual(
		report().targets.map(({ name, ran: count, failed, blocked }) => [name, count, failed, blocked]),
		[
			['input', 2, 0, 0],
			['spikes', 2, 2, 0],
			['rates', 0, 0, 2],
			['figure', 0, 0, 1],
		],
	);
	t.deepEqual(
		report()
			.failures.map(({ target, parameters }) => `${target} ${parameters}`)
			.sort(),
		['spikes a=1 w=2', 'spikes a=2 w=2'],
	);
	t.deepEqual(
		await build(project({ fails: 2 })),
		['spikes {"a":1,"w":2}', 'spikes {"a":2,"w":2}'],
		'failed tasks are tried again',
	);
});

test('a failed task is tried again by the next build, and then what was blocked runs', async (t) => {
	const { build, report } = bench();
	await build(project({ fails: 2 }));
	t.deepEqual(await build(project()), [
		'figure {}',
		'rates {"a":1}',
		'rates {"a":2}',
		'spikes {"a":1,"w":2}',
		'spikes {"a":2,"w":2}',
	]);
	t.true(report().ok);
});

test('an aggregate that skips what is missing uses the members that succeeded, and runs again when more do', async (t) => {
	const { build, report } = bench();
	await build(project({ fails: 2, missing: 'skip' }));
	t.is(report().targets[2]?.ran, 2);
	t.is(report().targets[3]?.ran, 1);
	t.false(report().ok);
	t.is((await build(project({ missing: 'skip' }))).filter((task) => task.startsWith('rates')).length, 2);
	t.deepEqual(await build(project({ missing: 'skip' })), []);
});

test('a retried task that then succeeds is a success, and reused ever after', async (t) => {
	let tries = 0;
	const flaky = (values: readonly number[]): Project => ({
		targets: {
			spikes: simulate({
				over: grid({ a: values }),
				retries: 1,
				run: () => {
					tries++;
					if (tries === 1) throw new Error('once');
					return 1;
				},
			}),
		},
	});
	const { build, report, events } = bench();
	await build(flaky([1]));
	t.true(report().ok);
	t.is(report().targets[0]?.ran, 1);
	t.deepEqual(
		events.flatMap((event) => (event.kind === 'task-failed' ? [event.willRetry] : [])),
		[true],
	);
	t.deepEqual(await build(flaky([1])), []);
	t.deepEqual(await build(flaky([1, 2])), ['spikes {"a":2}'], 'in another scan, too');
});

test('outside `--where` tasks are reused where their result is known and left otherwise, with all that depends on them', async (t) => {
	const { build, report } = bench();
	const ran = await build(project(), { where: 'w=1' });
	t.deepEqual(ran, ['input {"a":1}', 'input {"a":2}', 'spikes {"a":1,"w":1}', 'spikes {"a":2,"w":1}']);
	t.true(report().ok);
	t.deepEqual(
		report().targets.map(({ ran: count, left }) => [count, left]),
		[
			[2, 0],
			[2, 2],
			[0, 2],
			[0, 1],
		],
	);
	t.deepEqual(await build(project(), { where: 'w=2, a=1' }), ['rates {"a":1}', 'spikes {"a":1,"w":2}']);
	t.deepEqual(
		report().targets.map(({ reused, left }) => [reused, left]),
		[
			[2, 0],
			[2, 1],
			[0, 1],
			[0, 1],
		],
	);
});

test('tasks with equal keys run once in a build, also across targets, and all of them have the result', async (t) => {
	const spikes = simulate({ over: grid({ w: [1, 2] }), run: (p) => p.w });
	const same = simulate({ over: grid({ w: [2, 3] }), run: (p) => p.w });
	const { build, report } = bench();
	const ran = await build({ targets: { spikes, same }, codes: { spikes: 'x', same: 'x' } });
	t.deepEqual(ran.map((task) => task.replace(/^\w+/, '')).sort(), [' {"w":1}', ' {"w":2}', ' {"w":3}']);
	t.deepEqual(
		report().targets.map((target) => target.ran + target.reused),
		[2, 2],
	);
});

test('tasks with equal keys share a failure', async (t) => {
	const run = (p: { readonly w: number }) => {
		throw new Error(`${p.w}`);
	};
	const targets = {
		spikes: simulate({ over: grid({ w: [1] }), run }),
		same: simulate({ over: grid({ w: [1] }), run }),
	};
	const { build, report } = bench();
	t.is((await build({ targets, codes: { spikes: 'x', same: 'x' } })).length, 1);
	t.deepEqual(
		report().targets.map(({ failed }) => failed),
		[1, 1],
	);
});

test('a damaged result runs again, it alone, is said and counted; then the build goes on', async (t) => {
	const { store, spoil } = spoiling(memoryStore());
	const { build, report, events } = bench(store);
	await build(project());
	spoil('input 2 weight 1');
	events.length = 0;
	// a new code reads what it aggregates
	const ran = await build({ ...project(), codes: { rates: 'new' } });
	t.deepEqual(
		ran.filter((task) => task.startsWith('spikes')),
		['spikes {"a":2,"w":1}'],
	);
	t.true(report().ok);
	t.deepEqual(
		events.flatMap((event) => (event.kind === 'notice' ? [event.message] : [])),
		['1 result of spikes in the store was damaged: its task runs again'],
	);
	t.deepEqual(
		report().targets.map(({ reused, ran: count }) => [reused, count]),
		[
			[2, 0],
			[3, 1],
			[0, 2],
			[1, 0],
		],
	);
	t.deepEqual(await build({ ...project(), codes: { rates: 'new' } }), []);
});

test('what ran before damage was met counts as run, each task once', async (t) => {
	const { store, spoil } = spoiling(memoryStore());
	const { build, report } = bench(store);
	await build(project());
	spoil('input 1');
	await build(project({ weights: [1, 2, 3] }));
	for (const { tasks, reused, ran, failed, blocked, left } of report().targets)
		t.is(tasks, reused + ran + failed + blocked + left);
	t.deepEqual(
		report().targets.map(({ ran }) => ran),
		[1, 2, 2, 1],
	);
});

test('what failed before damage was met runs again, too, and is named once', async (t) => {
	const { store, spoil } = spoiling(memoryStore());
	const { build, report } = bench(store);
	const input = generate({ over: grid({ a: [1, 2] }), run: (p) => `input ${p.a}` });
	let count = 0;
	let wake: () => void = () => {};
	const failed = new Promise<void>((resolve) => {
		wake = resolve;
	});
	const fails = simulate({
		over: grid({ w: [1, 2] }),
		run: (p) => {
			count++;
			if (count === 2) wake();
			throw new Error(`no cell ${p.w}`);
		},
	});
	// the damaged input is read when both have failed
	const slow = generate({ run: () => failed.then(() => 1) });
	const late = simulate({ over: grid({ a: [1, 2] }), from: { input, slow }, run: (p) => p.a });
	const targets = { input, fails, slow, late };
	await build({ targets }, { targets: ['input'] });
	spoil('input 2');
	await build({ targets });
	t.deepEqual(
		report()
			.failures.map(({ parameters }) => parameters)
			.sort(),
		['w=1', 'w=2'],
	);
	t.deepEqual(
		report()
			.targets.map(({ name, failed: number }) => [name, number])
			.sort(),
		[
			['fails', 2],
			['input', 0],
			['late', 0],
			['slow', 0],
		],
	);
});

test('an interrupt is told, keeps what is done and leaves the rest', async (t) => {
	const interrupt = new AbortController();
	const spikes = simulate({
		over: grid({ w: Array.from({ length: 30 }, (_, i) => i) }),
		run: (p) => {
			if (p.w === 4) interrupt.abort();
			return p.w;
		},
	});
	const { build, report, events } = bench();
	const first = await build({ targets: { spikes } }, { signal: interrupt.signal });
	t.true(report().interrupted);
	t.false(report().ok);
	t.true(events.some((event) => event.kind === 'stopping' && event.reason === 'interrupt'));
	const { ran = 0, left = 0 } = report().targets[0] ?? {};
	t.is(ran + left, 30);
	t.true(first.length < 30);
	t.is((await build({ targets: { spikes } })).length, 30 - ran);
});

test('fail-fast leaves what had not started', async (t) => {
	const spikes = simulate({
		over: grid({ w: Array.from({ length: 50 }, (_, i) => i) }),
		run: (p) => {
			if (p.w === 3) throw new Error('no');
			return p.w;
		},
	});
	const { build, report } = bench();
	await build({ targets: { spikes } }, { failFast: true });
	t.false(report().ok);
	t.false(report().interrupted);
	t.is(report().targets[0]?.failed, 1);
	t.true((report().targets[0]?.left ?? 0) > 0);
});

test('a store that cannot go on ends the build with its message; what was kept is reused', async (t) => {
	const inner = memoryStore();
	let commits = 0;
	const full = {
		...inner,
		commit(...given: Parameters<typeof inner.commit>) {
			if (commits++ === 3) throw new UserError('disk', 'The disk is full.');
			inner.commit(...given);
		},
	};
	const { build, report } = bench(full);
	await build(project());
	t.deepEqual(report().broken, { kind: 'disk', message: 'The disk is full.' });
	t.false(report().ok);
	const kept = report().targets.reduce((sum, target) => sum + target.ran, 0);
	t.true(kept >= 3);
	t.is((await build(project())).length, 9 - kept);
	t.is(report().broken, undefined);
});

test('a build tells what is planned, when it starts and how far it is', async (t) => {
	const { build, events } = bench();
	await build(project());
	t.deepEqual(events[0], {
		kind: 'planned',
		targets: [
			{ name: 'input', rule: 'generate', tasks: 2 },
			{ name: 'spikes', rule: 'simulate', tasks: 4 },
			{ name: 'rates', rule: 'aggregate', tasks: 2 },
			{ name: 'figure', rule: 'analyze', tasks: 1 },
		],
	});
	t.deepEqual(
		events.filter((event) => event.kind === 'started'),
		[{ kind: 'started', slots: 2 }],
	);
	t.true(events.some((event) => event.kind === 'progress'));
});

test('a scan without any parameter set is built, too', async (t) => {
	const none = grid({ w: [1] }).where(() => false);
	const spikes = simulate({ over: none, run: () => 1 });
	const rates = aggregate({ from: spikes, by: ['w'], run: () => 1 });
	const figure = analyze({ from: { rates }, run: (tables) => tables.rates.length });
	const { build, report } = bench();
	t.deepEqual(await build({ targets: { spikes, rates, figure } }), ['figure {}']);
	t.true(report().ok);
	t.deepEqual(await build({ targets: { spikes, rates, figure } }), []);
});
