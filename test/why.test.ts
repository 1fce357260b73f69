// What a user reads of why tasks would run, for each thing that a key is made of, over short histories of edits.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { causeWords, groupSentence, taskSentences, whyHeading } from '../cli/why-sentences.ts';
import { settledPlan } from '../engine/look.ts';
import type { WhyReport } from '../engine/report.ts';
import type { Store } from '../engine/store/store.ts';
import { keyOf, type TaskTable } from '../engine/tasks.ts';
import { encodeValue } from '../engine/value.ts';
import { why } from '../engine/why/why.ts';
import { aggregate, analyze, axis, generate, grid, simulate, value } from '../rules/index.ts';
import { recordOf } from './engine/store/samples.ts';
import { bench, opened, type Project } from './harness.ts';

const stimulus = grid({ a: [1, 2] });
const cells = stimulus.times(grid({ w: [1, 2, 3] }));

interface Wishes {
	readonly over?: object;
	readonly options?: object;
	readonly codes?: Readonly<Record<string, string>>;
	readonly folder?: string;
	readonly input?: (p: { readonly a: number }) => number;
	readonly spikes?: (p: object) => number;
}

/** `input` (2 tasks), `spikes` (6), `rates` (3) and `report` (1). */
function project({ over = cells, options = {}, codes, folder, input: draw, spikes: run }: Wishes = {}): Project {
	const input = generate({ over: stimulus, run: draw ?? ((p) => p.a) });
	const spikes = simulate({ over: over as typeof cells, from: { input }, run: run ?? (() => 1), ...options });
	const rates = aggregate({ from: spikes, by: ['w'], run: (rows) => rows.length });
	const report = analyze({ from: { rates }, run: ({ rates: rows }) => rows.length });
	return {
		targets: { input, spikes, rates, report },
		...(codes === undefined ? {} : { codes }),
		...(folder === undefined ? {} : { folder }),
	};
}

/** The sentences about a target. */
async function sentences(of: Project, store: Store, target = 'spikes'): Promise<readonly string[]> {
	const report = await why(opened(of), store, [], []);
	return groupsOf(report, target).map((group) => groupSentence(target, group));
}

function groupsOf(report: WhyReport, target: string) {
	if (report.kind !== 'targets') throw new Error('one task was explained');
	return report.targets.find(({ name }) => name === target)?.groups ?? [];
}

/** What is said of `spikes` once a project was built and became another. */
async function after(before: Project, now: Project): Promise<readonly string[]> {
	const { build, store } = bench();
	await build(before);
	return await sentences(now, store);
}

test('what was never built is said to be so, and what waits names what it waits for', async (t) => {
	const { store } = bench();
	t.deepEqual(await sentences(project(), store, 'input'), [
		'2 of `input` to run: no build of it is remembered in this store.',
	]);
	t.deepEqual(await sentences(project(), store), ['6 of `spikes` wait for `input` to run first.']);
});

test('a build with nothing to do is explained by headings alone', async (t) => {
	const { build, store } = bench();
	await build(project());
	const report = await why(opened(project()), store, [], []);
	t.deepEqual(report.kind === 'targets' ? report.targets.map(whyHeading) : [], [
		'input: 2 tasks, all reused',
		'spikes: 6 tasks, all reused',
		'rates: 3 tasks, all reused',
		'report: 1 task, reused',
	]);
});

test('other code is named by declaration and file', async (t) => {
	t.deepEqual(await after(project(), project({ codes: { spikes: 'faster' } })), [
		'6 to run: `spikes` ran before with other code: `spikes` in model.ts changed.',
	]);
});

test('a version is named with what it was and is', async (t) => {
	t.deepEqual(await after(project({ options: { version: 1 } }), project({ options: { version: '2b' } })), [
		'6 of `spikes` to run: its version went from 1 to "2b".',
	]);
	t.deepEqual(await after(project(), project({ options: { version: 1 } })), [
		'6 of `spikes` to run: its version is now 1.',
	]);
	t.deepEqual(await after(project({ options: { version: 1 } }), project()), [
		'6 of `spikes` to run: its version was 1 and is gone.',
	]);
});

test.serial('an environment variable is named with its values', async (t) => {
	const of = project({ options: { env: ['SCANMAKE_TEST_LEVEL'] } });
	const { build, store } = bench();
	t.teardown(() => {
		delete process.env['SCANMAKE_TEST_LEVEL'];
	});
	process.env['SCANMAKE_TEST_LEVEL'] = '1';
	await build(of);
	process.env['SCANMAKE_TEST_LEVEL'] = '2';
	t.deepEqual(await sentences(of, store), [
		'6 of `spikes` to run: the environment variable SCANMAKE_TEST_LEVEL went from "1" to "2".',
	]);
	delete process.env['SCANMAKE_TEST_LEVEL'];
	t.deepEqual(await sentences(of, store), [
		'6 of `spikes` to run: the environment variable SCANMAKE_TEST_LEVEL went from "1" to not set.',
	]);
	t.deepEqual(await sentences(project(), store), [
		'6 of `spikes` to run: the environment variable SCANMAKE_TEST_LEVEL is gone from its env.',
	]);
});

test('files and values of uses are named', async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-why-'));
	t.teardown(() => rmSync(folder, { recursive: true }));
	const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
	write('cells.csv', '1');
	write('rates.csv', '1');
	const of = project({ folder, options: { uses: ['*.csv', value({ model: 3 })] } });
	const { build, store } = bench();
	await build(of);
	write('cells.csv', '22');
	t.deepEqual(await sentences(of, store), ['6 of `spikes` to run: the file cells.csv of its uses changed.']);
	write('more.csv', '1');
	rmSync(join(folder, 'rates.csv'));
	t.deepEqual(await sentences(of, store), [
		'6 of `spikes` to run: the file cells.csv of its uses changed; the file more.csv of its uses is new; ' +
			'the file rates.csv of its uses is gone.',
	]);
	await build(of);
	t.deepEqual(await sentences(project({ folder, options: { uses: ['*.csv', value({ model: 4 })] } }), store), [
		'6 of `spikes` to run: a value of its uses went from { model: 3 } to { model: 4 }.',
	]);
});

test('new values of an axis are named, and only the new sets run', async (t) => {
	const more = stimulus.times(grid({ w: [1, 2, 3, 4, 5] }));
	t.deepEqual(await after(project(), project({ over: more })), [
		'4 of `spikes` to run: they were not in the scan before (new for `w`: 4, 5).',
	]);
	const other = stimulus.times(grid({ w: [1, 2, 3], tau: [10] }));
	t.deepEqual(await after(project(), project({ over: other })), [
		'6 of `spikes` to run: they were not in the scan before (the parameter `tau` is new).',
	]);
});

test('code and new sets at once: the sets that were there run because of the code', async (t) => {
	const more = stimulus.times(grid({ w: [1, 2, 3, 4] }));
	t.deepEqual(await after(project(), project({ over: more, codes: { spikes: 'faster' } })), [
		'6 of `spikes` (w=1..3) to run: `spikes` ran before with other code: `spikes` in model.ts changed.',
		'2 of `spikes` to run: they were not in the scan before (new for `w`: 4).',
	]);
});

test('a default that went is named', async (t) => {
	const tau = (fallback?: number) =>
		cells.times(grid({ tau: axis([10, 20], fallback === undefined ? {} : { default: fallback }) }));
	t.deepEqual(await after(project({ over: tau(10) }), project({ over: tau() })), [
		'6 of `spikes` to run: the default of `tau` was 10 and is gone.',
	]);
});

test('another way to make seeds is named', async (t) => {
	const trials = (seed: 'independent' | 'common') => cells.trials(2, { seed });
	const said = await after(project({ over: trials('independent') }), project({ over: trials('common') }));
	t.deepEqual(said, ['12 of `spikes` to run: their seeds are made in another way (independent → common).']);
});

test('an input with another result is named; those with the same result are reused', async (t) => {
	const { build, store } = bench();
	await build(project());
	const now = project({ codes: { input: 'other' }, input: (p) => (p.a === 2 ? 5 : p.a) });
	t.deepEqual(await sentences(now, store), ['6 of `spikes` wait for `input` to run first.']);
	await build(now, { targets: ['input'] });
	t.deepEqual(await sentences(now, store), [
		'3 of `spikes` (a=2) to run: their input `input` (a=2) has other results.',
	]);
	const one = await why(opened(now), store, ['spikes'], ['a=2', 'w=1']);
	t.regex(
		one.kind === 'task' ? taskSentences(one.task).join('\n') : '',
		/^spikes a=2 w=1 would run\. Compared with build 1 of .*:\n- its input `input` \(a=2\) has another result \([0-9a-f]{8} → [0-9a-f]{8}\)\.\n {2}1 of `input` \(a=2\) differs since then: `input` ran before with other code: `input` in model\.ts changed\.$/,
	);
});

test('rows of an aggregate that are new, gone, other or in another order are counted', async (t) => {
	const { build, store } = bench();
	await build(project());
	const more = project({ over: grid({ a: [2] }).times(grid({ w: [3, 2, 1, 4] })) });
	await build(more, { targets: ['spikes'] });
	t.deepEqual(await sentences(more, store, 'rates'), [
		'3 of `rates` (w=1..3) to run: of `spikes`, 3 rows with a=1 are gone.',
		'1 of `rates` to run: it was not in the scan before (new for `w`: 4).',
	]);
	const other = project({ codes: { spikes: 'other' }, spikes: () => 2 });
	await build(other, { targets: ['spikes'] });
	t.deepEqual(await sentences(other, store, 'rates'), ['3 of `rates` to run: of `spikes`, 6 rows have other results.']);
	await build(project());
	const turned = project({ over: grid({ a: [2, 1] }).times(grid({ w: [1, 2, 3] })) });
	await build(turned, { targets: ['spikes'] });
	t.deepEqual(await sentences(turned, store, 'rates'), [
		'3 of `rates` to run: of `spikes`, the rows come in another order.',
	]);
});

test('an input that came or went is named', async (t) => {
	const { build, store } = bench();
	await build(project());
	const spikes = simulate({ over: cells, run: () => 1 });
	t.deepEqual(await sentences({ targets: { spikes } }, store), ['6 of `spikes` to run: the input `input` is gone.']);
	await build({ targets: { spikes } });
	await build(project(), { targets: ['input'] });
	const input = generate({ over: stimulus, run: (p) => p.a });
	const again = simulate({ over: cells, from: { input, more: input }, run: () => 1 });
	t.deepEqual(await sentences({ targets: { input, spikes: again } }, store), [
		'6 of `spikes` to run: their input `input` is new; their input `more` is new.',
	]);
});

test('an input under another name is a new one, and the old one is gone', async (t) => {
	const input = generate({ over: stimulus, run: (p) => p.a });
	const before = simulate({ over: cells, from: { input }, run: () => 1 });
	const now = simulate({ over: cells, from: { train: input }, run: () => 1 });
	t.deepEqual(await after({ targets: { input, spikes: before } }, { targets: { input, spikes: now } }), [
		'6 of `spikes` to run: their input `train` is new; the input `input` is gone.',
	]);
});

test('behind an unfinished rule the inputs that were there are known to be the same', async (t) => {
	const input = (p: { readonly a: number }) => {
		if (p.a === 1) throw new Error('no stimulus');
		return p.a;
	};
	t.deepEqual(await after(project({ input }), project({ input, options: { version: 2 } })), [
		'3 of `spikes` (a=2) to run: its version is now 2.',
		'3 of `spikes` (a=1) wait for `input` to run first; besides, its version is now 2.',
	]);
});

test('what failed the last time, what was left aside and what an input held up are told apart', async (t) => {
	const { build, store } = bench();
	const failing = project({
		input: (p) => {
			if (p.a === 2) throw new TypeError('no stimulus');
			return 1;
		},
	});
	await build(failing, { where: 'w=1..2' });
	t.deepEqual(await sentences(failing, store, 'input'), [
		'1 of `input` (a=2) to run: it failed the last time: threw TypeError: no stimulus.',
	]);
	t.deepEqual(await sentences(failing, store), [
		'1 of `spikes` (a=1 w=3) to run: the last build did not come to it (--where, or it was stopped).',
		'3 of `spikes` (a=2) wait for `input` to run first.',
	]);
	await build(project(), { targets: ['input'] });
	t.deepEqual(await sentences(project(), store), [
		'3 of `spikes` (a=2) to run: they could not run in the last build for want of an input.',
		'1 of `spikes` (a=1 w=3) to run: the last build did not come to it (--where, or it was stopped).',
	]);
});

test('a result that is not in the store any more is said to be gone', async (t) => {
	const { build, store } = bench();
	await build(project());
	const one = await why(opened(project()), store, ['spikes'], ['a=1', 'w=2']);
	const key = one.kind === 'task' ? one.task.key : undefined;
	store.forget([Buffer.from(key ?? '', 'hex')]);
	t.deepEqual(await sentences(project(), store), [
		'1 of `spikes` (a=1 w=2) to run: nothing changed, but its result is not in the store any more.',
	]);
});

test('one task that is reused says of which build its result is', async (t) => {
	const { build, store } = bench();
	await build(project());
	await build(project({ codes: { report: 'other' } }));
	const of = async (...words: string[]) => {
		const report = await why(opened(project()), store, ['spikes'], words);
		return report.kind === 'task' ? taskSentences(report.task) : report.targets.map(whyHeading);
	};
	const [line = ''] = await of('a=1', 'w=2');
	t.regex(line, /^spikes a=1 w=2 is reused: its result is of build 1, of \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\.$/);
	t.deepEqual(await of('a=1'), ['spikes: 3 tasks, all reused']);
	await t.throwsAsync(of('a=9'), { message: /spikes has no parameter set with a=9/ });
	await t.throwsAsync(of('b=1'), { message: /spikes: there is no parameter b/ });
});

test('conditions that fit several sets explain those sets', async (t) => {
	const { build, store } = bench();
	await build(project());
	const more = project({ over: stimulus.times(grid({ w: [1, 2, 3, 4] })) });
	const report = await why(opened(more), store, ['spikes'], ['w=3..4']);
	t.deepEqual(
		groupsOf(report, 'spikes').map(({ tasks }) => tasks),
		[2],
	);
	t.is(report.kind === 'targets' ? report.targets.map(whyHeading).join() : '', 'spikes: 4 tasks: 2 reused, 2 to run');
});

test('code that is as it was before the last build is compared with the last build, and nothing runs', async (t) => {
	const { build, store } = bench();
	await build(project());
	await build(project({ codes: { spikes: 'other' } }));
	await build(project());
	t.deepEqual(await sentences(project({ codes: { spikes: 'third' } }), store), [
		'6 to run: `spikes` ran before with other code: `spikes` in model.ts changed.',
	]);
});

test('without what the last build left, why says so and makes no mistake of it', async (t) => {
	const { build, store } = bench();
	await build(project());
	const forgetful: Store = { ...store, snapshotColumn: () => undefined };
	t.deepEqual(await sentences(project({ codes: { spikes: 'other' } }), forgetful), [
		'6 of `spikes` to run: no build of it is remembered in this store.',
	]);
	const torn: Store = { ...store, sweepKeys: () => undefined };
	t.deepEqual(await sentences(project({ codes: { spikes: 'other' } }), torn), [
		'6 to run: `spikes` ran before with other code: `spikes` in model.ts changed.',
	]);
});

test('a hundred thousand tasks are all accounted for', async (t) => {
	const { build, store } = bench();
	const many = (offset: number): Project => {
		const over = grid({ x: Array.from({ length: 50_000 }, (_, i) => i + offset), y: [1, 2] });
		return { targets: { many: simulate({ over, run: () => 0 }) } };
	};
	await record(many(0), store);
	t.deepEqual(await build(many(0)), []);
	const sizes = (report: WhyReport) => groupsOf(report, 'many').map(({ tasks }) => tasks);
	const report = await why(opened(many(100)), store, [], []);
	t.deepEqual(sizes(report), [200]);
	const [cause] = groupsOf(report, 'many')[0]?.causes ?? [];
	t.is(
		cause && causeWords(cause, 'many', 200),
		'they were not in the scan before (new for `x`: 50000, 50001, 50002, 50003 and 96 more)',
	);
	t.deepEqual(sizes(await why(opened({ ...many(100), codes: { many: 'other' } }), store, [], [])), [99_800, 200]);
});

/** Gives every task of a project without links a result, without running it. */
async function record(of: Project, store: Store): Promise<void> {
	const planned = await settledPlan(opened(of), [0], store, []);
	const table = planned.laneOf(0)?.table as TaskTable;
	const record = { ...recordOf('0'), value: encodeValue(0) };
	store.commit(
		Array.from({ length: table.size }, (_, task) => ({ key: keyOf(table, task).slice(), record })),
		[],
	);
}
