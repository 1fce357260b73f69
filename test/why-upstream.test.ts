// What a user reads of causes that lie upstream: which parameter sets of an input, and what was changed to make them other.
import test from 'ava';
import { behindSentences, groupSentence, taskSentences } from '../cli/why-sentences.ts';
import type { Behind, WhyReport } from '../engine/report.ts';
import type { Store } from '../engine/store/store.ts';
import { why } from '../engine/why/why.ts';
import { aggregate, analyze, generate, grid, simulate } from '../rules/index.ts';
import { bench, opened, type Project } from './harness.ts';

interface Wishes {
	readonly codes?: Readonly<Record<string, string>>;
	readonly input?: (p: { readonly a: number }) => number;
	readonly spikes?: (p: { readonly a: number; readonly w: number }, inputs: { readonly input: number }) => number;
	readonly version?: number;
	readonly stimulus?: readonly number[];
	readonly weights?: readonly number[];
}

/** `input` (3 tasks), `spikes` (12), `rates` (4), `totals` (3) and `report` (1), each with the results of what is before it. */
function project({ codes = {}, input: draw, spikes: run, version, ...wishes }: Wishes = {}): Project {
	const stimulus = grid({ a: [...(wishes.stimulus ?? [1, 2, 3])] });
	const cells = stimulus.times(grid({ w: [...(wishes.weights ?? [1, 2, 3, 4])] }));
	const input = generate({ over: stimulus, run: draw ?? ((p) => p.a), ...(version === undefined ? {} : { version }) });
	const spikes = simulate({ over: cells, from: { input }, run: run ?? ((p, inputs) => p.w * inputs.input) });
	const sum = (rows: readonly { readonly result: number }[]) => rows.reduce((all, { result }) => all + result, 0);
	const rates = aggregate({ from: spikes, by: ['w'], run: sum });
	const totals = aggregate({ from: spikes, by: ['a'], run: sum });
	const report = analyze({ from: { rates, totals }, run: (tables) => sum(tables.rates) + sum(tables.totals) });
	return { targets: { input, spikes, rates, totals, report }, codes };
}

/** The input at 2 is another. */
const edited = { codes: { input: 'other' }, input: (p: { readonly a: number }) => (p.a === 2 ? 20 : p.a) };

function linesOf(report: WhyReport, target: string): readonly string[] {
	if (report.kind === 'task') return taskSentences(report.task).slice(1);
	const groups = report.targets.find(({ name }) => name === target)?.groups ?? [];
	return groups.flatMap((group) => [groupSentence(target, group), ...behindSentences(group.behind ?? [], 1)]);
}

/** What is said of a target, or of one task of it. */
async function said(of: Project, store: Store, target: string, ...words: string[]): Promise<readonly string[]> {
	return linesOf(await why(opened(of), store, words.length === 0 ? [] : [target], words), target);
}

const inputChanged = '`input` ran before with other code: `input` in model.ts changed.';

test('waiting tasks say what makes the tasks run that they wait for, however far upstream, once', async (t) => {
	const { build, store } = bench();
	await build(project());
	const now = project(edited);
	t.deepEqual(await said(now, store, 'spikes'), [
		'12 of `spikes` wait for `input` to run first.',
		`  3 to run: ${inputChanged}`,
	]);
	t.deepEqual(await said(now, store, 'report'), [
		'1 of `report` waits for `rates`, `totals` to run first.',
		`  3 to run: ${inputChanged}`,
	]);
});

test('one waiting task says what makes its own upstream tasks run, and no others', async (t) => {
	const { build, store } = bench();
	await build(project());
	t.deepEqual(await said(project(edited), store, 'spikes', 'a=3', 'w=1'), [
		'- waits for `input` to run first.',
		`  1 of \`input\` (a=3) to run: ${inputChanged}`,
	]);
	const more = project({ stimulus: [1, 2, 3, 4] });
	t.deepEqual(await said(more, store, 'rates', 'w=1'), [
		'- waits for `spikes` to run first.',
		'  1 of `input` to run: it was not in the scan before (new for `a`: 4).',
	]);
});

test('where an input has other results, its parameter sets are named, and what was changed upstream', async (t) => {
	const { build, store } = bench();
	await build(project());
	await build(project(edited), { targets: ['input'] });
	const behind = `  1 of \`input\` (a=2) differs since then: ${inputChanged}`;
	t.deepEqual(await said(project(edited), store, 'spikes'), [
		'4 of `spikes` (a=2) to run: their input `input` (a=2) has other results.',
		behind,
	]);
	const [first, second] = await said(project(edited), store, 'spikes', 'a=2', 'w=3');
	t.regex(first ?? '', /^- its input `input` \(a=2\) has another result \([0-9a-f]{8} → [0-9a-f]{8}\)\.$/);
	t.is(second, behind);
	t.deepEqual(await said(project(edited), store, 'rates'), [
		'4 of `rates` wait for `spikes` to run first.',
		'  4 of `spikes` (a=2) to run: their input `input` (a=2) has other results.',
		`  ${behind}`,
	]);
});

test('what was changed is followed through rules that have run since', async (t) => {
	const { build, store } = bench();
	await build(project());
	await build(project(edited), { targets: ['spikes'] });
	const spikes = '4 of `spikes` (a=2) differ since then: their input `input` (a=2) has other results.';
	const behind = [`  ${spikes}`, `    1 of \`input\` (a=2) differs since then: ${inputChanged}`];
	t.deepEqual(await said(project(edited), store, 'rates'), [
		'4 of `rates` to run: of `spikes`, 4 rows with a=2 have other results.',
		...behind,
	]);
	t.deepEqual(await said(project(edited), store, 'totals'), [
		'1 of `totals` (a=2) to run: of `spikes`, 4 rows have other results.',
		...behind,
	]);
	await build(project(edited), { targets: ['rates', 'totals'] });
	t.deepEqual(await said(project(edited), store, 'report'), [
		'1 of `report` to run: of `rates`, 4 rows have other results; of `totals`, 1 row (a=2) has another result.',
		'  4 of `rates` differ since then: of `spikes`, 4 rows with a=2 have other results.',
		...behind.map((line) => `  ${line}`),
		'  1 of `totals` (a=2) differs since then: of `spikes`, 4 rows have other results.',
	]);
});

test('a consumer that was not built for several builds is compared with what it ran with', async (t) => {
	const { build, store } = bench();
	await build(project({ version: 1 }));
	for (const version of [2, 3, 4]) {
		const input = (p: { readonly a: number }) => p.a + version;
		await build(project({ version, input }), { targets: ['input'] });
	}
	t.deepEqual((await said(project({ version: 4 }), store, 'spikes')).slice(1), [
		'  3 of `input` differ since then: its version went from 1 to 4.',
	]);
});

test('rows that came and went are named', async (t) => {
	const { build, store } = bench();
	await build(project());
	const now = project({ stimulus: [1, 3, 4, 5, 6] });
	await build(now, { targets: ['spikes'] });
	const [rates, ...behind] = await said(now, store, 'rates');
	t.is(rates, '4 of `rates` to run: of `spikes`, 12 rows with a=4..6 are new, 4 rows with a=2 are gone.');
	t.deepEqual(behind, ['  12 of `spikes` differ since then: they were not in the scan before (new for `a`: 4, 5, 6).']);
});

test('rows that no condition describes are counted, and the first are named', async (t) => {
	const { build, store } = bench();
	await build(project());
	const odd = (p: { readonly a: number; readonly w: number }, inputs: { readonly input: number }) =>
		p.w * inputs.input + ((p.a + p.w) % 2 === 0 ? 100 : 0);
	const now = project({ codes: { spikes: 'odd' }, spikes: odd });
	await build(now, { targets: ['spikes'] });
	const [rates] = await said(now, store, 'rates');
	t.is(rates, '4 of `rates` to run: of `spikes`, 6 rows (a=1 w=1, a=1 w=3, a=2 w=2 and 3 more) have other results.');
});

test('a result that another run made other, with nothing changed, is said to be so', async (t) => {
	const { build, store } = bench();
	await build(project());
	const key = async (of: string, ...words: string[]) => {
		const report = await why(opened(project()), store, [of], words);
		return Buffer.from(report.kind === 'task' ? (report.task.key ?? '') : '', 'hex');
	};
	store.forget([await key('input', 'a=1')]);
	await build(project({ input: (p) => p.a + 0.5 }), { targets: ['input'] });
	t.deepEqual(await said(project(), store, 'spikes'), [
		'4 of `spikes` (a=1) to run: their input `input` (a=1) has other results.',
		'  1 of `input` (a=1) differs since then: nothing of it changed, but it ran again and gave another result.',
	]);
});

test('what lies behind adds up to no more than there is, and many causes are counted', (t) => {
	const one = (rule: string): Behind => ({
		...{ rule, state: 'to-run', tasks: 2, causes: [{ kind: 'first' }], behind: [] },
	});
	t.deepEqual(behindSentences(['a', 'b', 'c', 'd', 'e', 'f'].map(one)).slice(3), [
		'2 of `d` to run: no build of it is remembered in this store.',
		'2 more causes upstream.',
	]);
});

test('without what was left of an input, why says what is different and no more', async (t) => {
	const { build, store } = bench();
	await build(project());
	await build(project(edited), { targets: ['input'] });
	const forgetful: Store = {
		...store,
		snapshotColumn: (name) => (name.startsWith('rule ') ? undefined : store.snapshotColumn(name)),
	};
	t.deepEqual(await said(project(edited), forgetful, 'spikes'), [
		'4 of `spikes` (a=2) to run: their input `input` (a=2) has other results.',
	]);
});
