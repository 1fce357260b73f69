// What a build leaves for `why`: as much as changed, and what can be read again.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { groupSentence } from '../../../cli/why-sentences.ts';
import { UserError } from '../../../engine/errors.ts';
import { settledPlan } from '../../../engine/look.ts';
import { memoryStore } from '../../../engine/store/memory.ts';
import type { Store } from '../../../engine/store/store.ts';
import { keyOf } from '../../../engine/tasks.ts';
import { encodeValue } from '../../../engine/value.ts';
import { shapeBytes, shapeLayout, stateBytes, statesOf, textBytes, textsOf } from '../../../engine/why/shape.ts';
import { why } from '../../../engine/why/why.ts';
import { aggregate, axis, command, grid, param, simulate } from '../../../rules/index.ts';
import { layoutOf } from '../../../rules/space.ts';
import { bench, opened, type Project } from '../../harness.ts';
import { recordOf } from '../store/samples.ts';

function project(fails = 0, code = 'one'): Project {
	const run = (p: { readonly w: number }) => {
		if (p.w === fails) throw new Error('no');
		return p.w;
	};
	const spikes = simulate({ over: grid({ w: [1, 2, 3] }), run });
	const rates = aggregate({ from: spikes, by: ['w'], run: (rows) => rows.length });
	return { targets: { spikes, rates }, codes: { spikes: code } };
}

/** A store that notes which snapshots and columns are written, and which facts. */
function noting() {
	const inner = memoryStore();
	const noted: string[] = [];
	const store: Store = {
		...inner,
		putSnapshot(name, snapshot, columns) {
			const noting = ([of, make]: [string, () => Uint8Array]): [string, () => Uint8Array] => {
				const told = () => {
					noted.push(of.split(' ')[0] ?? '');
					return make();
				};
				return [of, told];
			};
			const told = new Map([...columns].map(noting));
			noted.push(name);
			inner.putSnapshot(name, snapshot, told);
		},
	};
	return { store, noted };
}

test('a build leaves each rule and its rows once; one with nothing to do leaves nothing', async (t) => {
	const { store, noted } = noting();
	await bench(store).build(project());
	t.deepEqual(noted.splice(0), ['spikes', 'shape', 'rates', 'shape', 'rule']);
	await bench(store).build(project());
	t.deepEqual(noted, []);
});

test('after an edit only the rules that differ are left again, and no rows that are there', async (t) => {
	const { store, noted } = noting();
	await bench(store).build(project());
	noted.length = 0;
	await bench(store).build(project(0, 'two'));
	t.deepEqual(noted.splice(0), ['spikes', 'rates', 'rule']);
	await bench(store).build(project());
	t.deepEqual(noted, ['spikes', 'rates'], 'nothing ran, but this is now the last build');
});

test('an unfinished rule leaves the states of its tasks', async (t) => {
	const { store, noted } = noting();
	await bench(store).build(project(2));
	t.deepEqual(noted, ['spikes', 'states', 'shape', 'rates', 'states', 'shape', 'rule']);
});

test('a disk that is full when all is done costs what is left for why, not the build', async (t) => {
	const store: Store = {
		...memoryStore(),
		putSnapshot() {
			throw new UserError('disk', 'The disk is full.');
		},
	};
	const { build, report } = bench(store);
	t.is((await build(project())).length, 6);
	t.true(report().ok);
	t.deepEqual(await build(project()), []);
});

test('rows are read as they were: absent values, defaults, wide columns', (t) => {
	const wide = grid({ n: Array.from({ length: 300 }, (_, i) => i), tau: axis(['a', 'é'], { default: 'a' }) });
	const layout = layoutOf(wide.drop('tau', (p) => p.n === 7).trials(2));
	const read = shapeLayout(shapeBytes(layout));
	t.is(read?.size, layout.size);
	t.is(read?.seeds, layout.seeds);
	t.deepEqual(
		read?.columns.map(({ name, values, codes, default: fallback }) => [name, values, [...codes], fallback]),
		layout.columns.map(({ name, values, codes, default: fallback }) => [name, [...values], [...codes], fallback]),
	);
});

test('what is damaged is not read as rows, states or texts', (t) => {
	for (const read of [shapeLayout, statesOf, textsOf]) t.is(read(Buffer.from('rubbish')), undefined);
	const states = Uint8Array.of(4, 4, 6, 7);
	t.deepEqual([...(statesOf(stateBytes(states)) ?? [])], [...states]);
	const texts = textsOf(textBytes(3, (row) => ['x', '', 'x'][row] ?? ''));
	t.deepEqual(
		[0, 1, 2].map((row) => texts?.(row)),
		['x', '', 'x'],
	);
});

test('files that a command names are told apart: those of all tasks, and those of single parameters', async (t) => {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'scanmake-why-')));
	t.teardown(() => rmSync(folder, { recursive: true }));
	const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
	for (const name of ['all.txt', 'one.txt', 'two.txt']) write(name, name);
	const run = command(['cat', 'all.txt', param('file')]);
	const spikes = simulate({ over: grid({ file: ['one.txt', 'two.txt'], w: [1, 2] }), run });
	const of: Project = { targets: { spikes }, folder };
	const { build, store } = bench();
	await record(of, store);
	t.deepEqual(await build(of), []);
	const said = async () => {
		const report = await why(opened(of), store, [], []);
		return report.kind === 'targets' ? report.targets[0]?.groups.map((group) => groupSentence('spikes', group)) : [];
	};
	write('one.txt', 'another text');
	t.deepEqual(await said(), ['2 of `spikes` to run: the file one.txt that the command names changed.']);
	write('two.txt', 'another text');
	t.deepEqual(await said(), ['4 of `spikes` to run: the files one.txt, two.txt that the command names changed.']);
	write('two.txt', 'two.txt');
	write('all.txt', 'another text');
	t.deepEqual(await said(), [
		'2 of `spikes` to run: the file all.txt that the command names changed; the file one.txt that the command names changed.',
		'2 of `spikes` to run: the file all.txt that the command names changed.',
	]);
});

/** Gives every task of the first rule a result, without running it. */
async function record(of: Project, store: Store): Promise<void> {
	const table = (await settledPlan(opened(of), [0], store, [])).laneOf(0)?.table;
	if (table === undefined) throw new Error('no table');
	const result = { ...recordOf('0'), value: encodeValue(0) };
	const records = Array.from({ length: table.size }, (_, task) => ({
		key: keyOf(table, task).slice(),
		record: result,
	}));
	store.commit(records, []);
}
