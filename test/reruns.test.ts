import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import {
	aggregate,
	analyze,
	axis,
	generate,
	grid,
	type Rule,
	simulate,
	type UsedValue,
	value,
} from '../rules/index.ts';
import { bench, complaintOf, type Project } from './harness.ts';

interface Wishes {
	readonly amplitudes?: readonly number[];
	readonly weights?: readonly number[];
	readonly version?: number | string;
	readonly env?: readonly string[];
	readonly uses?: readonly (string | UsedValue)[];
	readonly executor?: string;
	readonly seed?: 'independent' | 'common';
	/** What `input` gives. */
	readonly input?: (amplitude: number) => unknown;
}

/** input < spikes < rates < figure, `spikes` with the wishes. */
function rules(wishes: Wishes = {}): Record<'input' | 'spikes' | 'rates' | 'figure', Rule> {
	const { amplitudes = [1, 2], weights = [1, 2], seed = 'independent', input: give = (a: number) => a * 10 } = wishes;
	const { version, env, uses, executor } = wishes;
	const stimulus = grid({ amplitude: amplitudes });
	const input = generate({ over: stimulus, run: (p) => give(p.amplitude) });
	const spikes = simulate({
		over: stimulus.times(grid({ weight: weights })).trials(1, { seed }),
		from: { input },
		version,
		env,
		uses,
		executor,
		run: (p, inputs) => [inputs.input, p.weight],
	});
	const rates = aggregate({ from: spikes, by: ['amplitude'], run: (rows) => rows.map((row) => row.result) });
	const figure = analyze({ from: { rates }, run: (tables) => tables.rates.length });
	return { input, spikes, rates, figure };
}

const project = (wishes?: Wishes): Project => ({ targets: rules(wishes) });

/** How many tasks of each target ran. */
function counts(ran: readonly string[]): Record<string, number> {
	const counted: Record<string, number> = {};
	for (const task of ran) {
		const [target = ''] = task.split(' ');
		counted[target] = (counted[target] ?? 0) + 1;
	}
	return counted;
}

/** Which tasks run in the last of these projects when the others were built before. */
async function reruns(...projects: readonly Project[]): Promise<Record<string, number>> {
	const { build } = bench();
	let ran: string[] = [];
	for (const each of projects) ran = await build(each);
	return counts(ran);
}

test('nothing changed: nothing runs', async (t) => {
	t.deepEqual(await reruns(project(), project()), {});
});

test('the identity of the recipe: other code runs all tasks of its rule', async (t) => {
	t.deepEqual(await reruns(project(), { ...project(), codes: { figure: 'new' } }), { figure: 1 });
	t.is((await reruns(project(), { ...project(), codes: { spikes: 'new' } }))['spikes'], 4);
});

test('code that was there before is not run again: going back costs nothing', async (t) => {
	const changed = { ...project(), codes: { spikes: 'new', rates: 'new' } };
	t.deepEqual(await reruns(project(), changed, project()), {});
});

test('a task whose inputs reran to the same bytes does not run', async (t) => {
	t.deepEqual(await reruns(project(), { ...project(), codes: { spikes: 'new' } }), { spikes: 4 });
	t.deepEqual(await reruns(project(), { ...project(), codes: { input: 'new', spikes: 'new' } }), {
		input: 2,
		spikes: 4,
	});
});

test('the digests of inputs: what takes a result that changed runs, what takes another does not', async (t) => {
	const changed = { targets: rules({ input: (a) => (a === 2 ? 'other' : a * 10) }), codes: { input: 'new' } };
	t.deepEqual(await reruns(project(), changed), { input: 2, spikes: 2, rates: 1, figure: 1 });
});

test('the canonical parameters: 3e0 is 3, the number 3 is not the text', async (t) => {
	t.deepEqual(await reruns(project({ weights: [1, 3] }), project({ weights: [1, 3] })), {});
	const over = (w: number | string) => ({ targets: { spikes: simulate({ over: grid({ w: [w] }), run: () => 1 }) } });
	t.deepEqual(await reruns(over(3), over('3')), { spikes: 1 });
});

test('the seed mode: from independent to common all tasks with seeds run', async (t) => {
	t.deepEqual((await reruns(project(), project({ seed: 'common' })))['spikes'], 4);
});

test('`uses`: another value runs all tasks of the rule, the same value none', async (t) => {
	const using = (dt: number) => project({ uses: [value({ dt })] });
	t.deepEqual(await reruns(using(0.1), using(0.1)), {});
	t.deepEqual(await reruns(using(0.1), using(0.2)), { spikes: 4 });
	t.deepEqual(await reruns(project(), using(0.1)), { spikes: 4 });
});

test('`uses`: a file whose bytes changed runs all tasks of the rule, one that was only touched none', async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-reruns-'));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	const { build } = bench();
	const using = { ...project({ uses: ['*.csv'] }), folder };
	writeFileSync(join(folder, 'a.csv'), '1');
	await build(using);
	writeFileSync(join(folder, 'a.csv'), '1');
	t.deepEqual(await build(using), []);
	writeFileSync(join(folder, 'a.csv'), '2');
	t.deepEqual(counts(await build(using)), { spikes: 4 });
	writeFileSync(join(folder, 'b.csv'), '1');
	t.deepEqual(counts(await build(using)), { spikes: 4 });
});

test('`env`: another value of a named variable runs all tasks of the rule, one that is not named none', async (t) => {
	const [named, other] = ['SCANMAKE_TEST_NAMED', 'SCANMAKE_TEST_OTHER'];
	t.teardown(() => {
		delete process.env[named];
		delete process.env[other];
	});
	const { build } = bench();
	await build(project({ env: [named] }));
	process.env[other] = '1';
	t.deepEqual(await build(project({ env: [named] })), []);
	process.env[named] = '';
	t.deepEqual(counts(await build(project({ env: [named] }))), { spikes: 4 }, 'empty is not unset');
	process.env[named] = '1';
	t.deepEqual(counts(await build(project({ env: [named] }))), { spikes: 4 });
});

test('`version`: another one runs all tasks of the rule; the number 1 is not the text', async (t) => {
	t.deepEqual(await reruns(project(), project({ version: 1 })), { spikes: 4 });
	t.deepEqual(await reruns(project({ version: 1 }), project({ version: 2 })), { spikes: 4 });
	t.deepEqual(await reruns(project({ version: 1 }), project({ version: '1' })), { spikes: 4 });
	t.deepEqual(await reruns(project({ version: 1 }), project({ version: 1 })), {});
});

test("the target's name is not in the key", async (t) => {
	const { input, spikes, rates, figure } = rules();
	const renamed: Project = {
		targets: { stimuli: input, responses: spikes, means: rates, picture: figure },
		codes: { stimuli: 'input', responses: 'spikes', means: 'rates', picture: 'figure' },
	};
	t.deepEqual(await reruns(project(), renamed), {});
});

test('the executor, how often a task is tried and how long it may take are not in the key', async (t) => {
	t.deepEqual(await reruns(project(), project({ executor: 'cluster' })), {});
	const over = (more: object) => ({ targets: { spikes: simulate({ over: grid({ w: [1] }), run: () => 1, ...more }) } });
	t.deepEqual(await reruns(over({}), over({ retries: 3, timeout: '2h', cores: 2, memory: '2GiB' })), {});
});

test('the size of the scan is not in the key: a value more on an axis runs the new sets alone', async (t) => {
	const { build } = bench();
	await build(project());
	t.deepEqual(await build(project({ weights: [1, 1.5, 2] })), [
		'figure {}',
		'rates {"amplitude":1}',
		'rates {"amplitude":2}',
		'spikes {"amplitude":1,"weight":1.5,"trial":0}',
		'spikes {"amplitude":2,"weight":1.5,"trial":0}',
	]);
	t.deepEqual(counts(await build(project({ weights: [1, 1.5, 2], amplitudes: [1, 2, 3] }))), {
		input: 1,
		spikes: 3,
		rates: 1,
		figure: 1,
	});
	t.deepEqual(await build(project()), [], 'and fewer values run nothing');
});

test('a task is reused whatever scan it was part of', async (t) => {
	const { spikes } = rules({ amplitudes: [2], weights: [2] });
	t.deepEqual(
		await reruns(
			project(),
			{ targets: { spikes }, codes: {} },
			{ targets: { other: spikes }, codes: { other: 'spikes' } },
		),
		{},
	);
});

test('the order of axes and of values is not in the key of generate and simulate; it is in that of aggregate and analyze', async (t) => {
	const over = (space: 'ab' | 'ba' | 'turned'): Project => {
		const spaces = {
			ab: grid({ a: [1, 2], b: [3, 4] }),
			ba: grid({ b: [3, 4], a: [1, 2] }),
			turned: grid({ a: [2, 1], b: [4, 3] }),
		};
		const input = generate({ over: spaces[space], run: (p) => p.a });
		const spikes = simulate({ over: spaces[space].trials(2), from: { input }, run: (p) => [p.a, p.b, p.trial] });
		const rates = aggregate({ from: spikes, by: ['a'], run: (rows) => rows.map((row) => row.params.trial) });
		return { targets: { input, spikes, rates, figure: analyze({ from: { spikes }, run: () => 1 }) } };
	};
	t.deepEqual(await reruns(over('ab'), over('ba')), { figure: 1 }, 'the groups have the same rows in the same order');
	t.deepEqual(await reruns(over('ab'), over('turned')), { figure: 1, rates: 2 });
});

const defaulted = (taus: readonly number[], fallback: number): Project => {
	const space = grid({ weight: [1, 2] }).times(grid({ tau: axis(taus, { default: fallback }) }));
	const spikes = simulate({ over: space.trials(2), run: (p) => p.weight });
	return { targets: { spikes, rates: aggregate({ from: spikes, by: ['weight'], run: (rows) => rows.length }) } };
};

const plain: Project = (() => {
	const spikes = simulate({ over: grid({ weight: [1, 2] }).trials(2), run: (p) => p.weight });
	return { targets: { spikes, rates: aggregate({ from: spikes, by: ['weight'], run: (rows) => rows.length }) } };
})();

test('a new axis with a default runs nothing for the sets that have it', async (t) => {
	t.deepEqual(await reruns(plain, defaulted([10], 10)), {});
	t.deepEqual(await reruns(plain, defaulted([10, 20], 10)), { spikes: 4, rates: 2 });
	t.deepEqual(await reruns(defaulted([10, 20], 10), plain), { rates: 2 }, 'and away again: the groups have other rows');
});

test('a new axis without a default runs all', async (t) => {
	const spikes = simulate({ over: grid({ weight: [1, 2], tau: [10] }).trials(2), run: (p) => p.weight });
	t.deepEqual(await reruns({ targets: { spikes: plain.targets['spikes'] as Rule } }, { targets: { spikes } }), {
		spikes: 4,
	});
});

test('another default for the same code is a problem, never a reuse', async (t) => {
	const { build } = bench();
	await build(defaulted([10, 20], 10));
	t.regex(await complaintOf(() => build(defaulted([10, 20], 20))), /tau = 10 where it is not given/);
	t.deepEqual(await build(defaulted([10, 20], 10)), []);
});

test('a task that failed runs again, one that was blocked runs when its input is there', async (t) => {
	const failing = (isBroken: boolean): Project => ({
		targets: rules({
			input: (a) => {
				if (isBroken && a === 2) throw new Error('no');
				return a;
			},
		}),
	});
	t.deepEqual(await reruns(failing(true), failing(true)), { input: 1 });
	t.deepEqual(await reruns(failing(true), failing(false)), { input: 1, spikes: 2, rates: 1, figure: 1 });
});

test('with one generate task asleep, every simulate task that does not need it ends before it does', async (t) => {
	const amplitudes = Array.from({ length: 20 }, (_, i) => i);
	const ended: string[] = [];
	let wake: (how: string) => void = () => {};
	const asleep = new Promise<string>((resolve) => {
		wake = resolve;
	});
	// where the engine waits for all of `input` first, nobody wakes it
	const alarm = setTimeout(() => wake('by the alarm'), 5_000);
	t.teardown(() => clearTimeout(alarm));
	const stimulus = grid({ amplitude: amplitudes });
	const input = generate({
		over: stimulus,
		run: async (p) => {
			if (p.amplitude === 0) ended.push(`input ended ${await asleep}`);
			return p.amplitude;
		},
	});
	const spikes = simulate({
		over: stimulus.times(grid({ weight: [1, 2] })),
		from: { input },
		run: (p) => {
			ended.push(`spikes ${p.amplitude}`);
			if (ended.length === 38) wake('by the last');
			return p.weight;
		},
	});
	const { build, report } = bench();
	await build({ targets: { input, spikes } });
	t.true(report().ok);
	t.is(ended[38], 'input ended by the last');
	t.deepEqual(ended.slice(39), ['spikes 0', 'spikes 0']);
});
