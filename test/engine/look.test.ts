import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { fromHex } from '../../engine/digest.ts';
import { checkout, graph, show, table } from '../../engine/look.ts';
import { memoryStore } from '../../engine/store/memory.ts';
import { aggregate, generate, grid, simulate } from '../../rules/index.ts';
import { bench, complaintOf, opened } from '../harness.ts';
import { storedFile, watched } from './fakes.ts';

const stimulus = grid({ a: [2, 1] });
const input = generate({ over: stimulus, run: (p) => p.a });
const spikes = simulate({
	over: stimulus.times(grid({ w: ['low', 'high'] })).trials(2),
	from: { input },
	run: (p) => {
		if (p.w === 'high' && p.a === 1) throw new Error('no cell');
		return { rate: p.a * 10 + p.trial };
	},
});
const rates = aggregate({ from: spikes, by: ['w'], run: (rows) => rows.length });
const project = { targets: { spikes, rates } };

async function built() {
	const { store, calls } = watched(memoryStore());
	const { build } = bench(store);
	await build(project);
	calls.length = 0;
	return { scan: opened(project), store, calls };
}

test('a table has all rows in the order of the space, parameters in declared order, the seed last', async (t) => {
	const { scan, store } = await built();
	const reader = await table(scan, store, 'spikes');
	t.deepEqual([reader.rule, reader.size, reader.parameters], ['simulate', 8, ['a', 'w', 'trial', 'seed']]);
	const rows = [...reader.rows()];
	t.deepEqual(
		rows.map(({ params, done, result }) => [params['a'], params['w'], params['trial'], done, result]),
		[
			[2, 'low', 0, true, { rate: 20 }],
			[2, 'low', 1, true, { rate: 21 }],
			[2, 'high', 0, true, { rate: 20 }],
			[2, 'high', 1, true, { rate: 21 }],
			[1, 'low', 0, true, { rate: 10 }],
			[1, 'low', 1, true, { rate: 11 }],
			[1, 'high', 0, false, undefined],
			[1, 'high', 1, false, undefined],
		],
	);
	t.true(Number.isInteger(rows[0]?.params['seed']));
});

test('before anything ran a table has its rows, none of them done', async (t) => {
	const reader = await table(opened(project), memoryStore({ isReadOnly: true }), 'rates');
	t.deepEqual(
		[...reader.rows()],
		[
			{ params: { w: 'low' }, done: false, result: undefined },
			{ params: { w: 'high' }, done: false, result: undefined },
		],
	);
});

test('looking writes nothing', async (t) => {
	const { scan, store, calls } = await built();
	await table(scan, store, 'spikes');
	await show(scan, store, 'spikes', ['a=1', 'w=low', 'trial=0']);
	graph(scan);
	t.deepEqual(
		calls.filter((call) => /put|commit|touch|start|keep|collect|forget/.test(call)),
		[],
	);
});

test('one task is shown with parameters, result and how it was made', async (t) => {
	const { scan, store } = await built();
	const view = await show(scan, store, 'spikes', ['a=2', 'w=low', 'trial=1']);
	t.is(view.state, 'done');
	t.deepEqual(view.result, { rate: 21 });
	t.is(view.params['a'], 2);
	t.is(view.build?.number, 1);
	t.is(view.attempt, 1);
	t.is(view.key?.length, 64);
	t.is(view.digest?.length, 64);
});

test('a failed task is shown with its failure, one whose inputs failed without a key, one that never ran with', async (t) => {
	const { scan, store } = await built();
	const failed = await show(scan, store, 'spikes', ['a=1', 'w=high', 'trial=0']);
	t.deepEqual([failed.state, failed.failure?.kind, failed.result], ['failed', 'threw', undefined]);
	const blocked = await show(scan, store, 'rates', ['w=high']);
	t.deepEqual([blocked.state, blocked.key], ['inputs-missing', undefined]);
	const fresh = await show(opened(project), memoryStore({ isReadOnly: true }), 'spikes.input', ['a=1']);
	t.is(fresh.state, 'not-run');
	t.is(fresh.key?.length, 64);
});

test('words that no parameter set has are a mistake, and so are words that several have, with examples', async (t) => {
	const { scan, store } = await built();
	t.is(
		await complaintOf(() => show(scan, store, 'spikes', ['a=3'])),
		'spikes has no parameter set with a=3. See: scanmake table spikes',
	);
	t.is(
		await complaintOf(() => show(scan, store, 'spikes', ['w=low'])),
		'4 parameter sets of spikes fit w=low; name one, for instance: a=2 w=low trial=0; a=2 w=low trial=1; a=1 w=low trial=0',
	);
	t.regex(await complaintOf(() => show(scan, store, 'spikes', [])), /^8 parameter sets of spikes fit; name one/);
});

test('a parameter or a target that there is not is a mistake, with the one that may have been meant', async (t) => {
	const { scan, store } = await built();
	t.is(
		await complaintOf(() => show(scan, store, 'spikes', ['trail=1'])),
		'spikes: there is no parameter trail. Did you mean trial?',
	);
	t.is(await complaintOf(() => table(scan, store, 'spike')), 'There is no target spike. Did you mean spikes?');
});

test('files are checked out into one folder a parameter set, with their execute bit', async (t) => {
	const folder = await mkdtemp(join(tmpdir(), 'scanmake-checkout-'));
	t.teardown(() => rm(folder, { recursive: true, force: true }));
	const { scan, store } = await built();
	const { key } = await show(scan, store, 'spikes', ['a=2', 'w=high', 'trial=0']);
	const record = store.read(fromHex(key ?? '')) ?? t.fail();
	const files = [storedFile('train.txt', 'spikes'), storedFile('plots/run', 'go', true)];
	store.commit([{ key: fromHex(key ?? ''), record: { ...record, digest: new Uint8Array(32).fill(1), files } }], []);
	const paths = await checkout(scan, store, 'spikes', folder);
	const below = join(folder, 'a=2', 'w=high', 'trial=0');
	t.deepEqual(paths, [join(below, 'train.txt'), join(below, 'plots/run')]);
	t.is(readFileSync(join(below, 'train.txt'), 'utf8'), 'spikes');
	t.is(statSync(join(below, 'plots/run')).mode & 0o777, 0o755);
	t.false(existsSync(join(folder, 'a=1')));
});

test('a value in a path cannot leave the folder', async (t) => {
	const folder = await mkdtemp(join(tmpdir(), 'scanmake-checkout-'));
	t.teardown(() => rm(folder, { recursive: true, force: true }));
	const odd = { targets: { odd: simulate({ over: grid({ x: ['../../up', '..'] }), run: () => 1 }) } };
	const store = memoryStore();
	await bench(store).build(odd);
	const scan = opened(odd);
	for (const x of ['"../../up"', '".."']) {
		const { key } = await show(scan, store, 'odd', [`x=${x}`]);
		const record = store.read(fromHex(key ?? '')) ?? t.fail();
		const digest = new Uint8Array(32).fill(x.length);
		store.commit([{ key: fromHex(key ?? ''), record: { ...record, digest, files: [storedFile('f', x)] } }], []);
	}
	const paths = await checkout(scan, store, 'odd', folder);
	t.deepEqual(
		paths.map((path) => path.slice(folder.length)),
		['/x=..%2F..%2Fup/f', '/x=../f'],
	);
});

test('the rules are listed upstream first, with rules that are no target named after their consumer', (t) => {
	t.deepEqual(
		graph(opened(project)).map(({ name, kind, isTarget, tasks, parameters, from }) => [
			name,
			kind,
			isTarget,
			tasks,
			parameters.join(),
			from.map(({ as, rule }) => `${as}=${rule}`).join(),
		]),
		[
			['spikes.input', 'generate', false, 2, 'a', ''],
			['spikes', 'simulate', true, 8, 'a,w,trial', 'input=spikes.input'],
			['rates', 'aggregate', true, 2, 'w', 'from=spikes'],
		],
	);
});
