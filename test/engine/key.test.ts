import { createHash } from 'node:crypto';
import test from 'ava';
import {
	columnsDigest,
	type KeyInput,
	type KeyMaker,
	keyVersion,
	keyWriter,
	manifestPrefix,
	manifestWriter,
	type RuleManifest,
	resultsDigest,
	type SweepInput,
	sweepName,
} from '../../engine/key.ts';
import { groupRows } from '../../engine/links.ts';
import { digestOf, keyOf, State, setState, type TaskTable, taskTable } from '../../engine/tasks.ts';
import { aggregate, analyze, axis, grid, list, simulate } from '../../rules/index.ts';
import { type AnySpace, type Layout, layoutOf, pointAt } from '../../rules/space.ts';
import { oneLink } from './fakes.ts';

const plain: RuleManifest = { recipe: 'ab12', uses: '', env: '', version: undefined };

function maker(layout: Layout, inputs: readonly KeyInput[] = [], prefix = 'prefix\n'): KeyMaker {
	return { prefix, layout, seeds: new Uint32Array(layout.size), inputs };
}

function manifest(made: KeyMaker, task = 0): string {
	let text = '';
	manifestWriter(made)(task, (piece) => {
		text += piece;
	});
	return text;
}

function keys(made: KeyMaker): string[] {
	const table = taskTable(made.layout.size);
	const write = keyWriter(made, table);
	return Array.from({ length: table.size }, (_, task) => {
		write(task);
		return Buffer.from(keyOf(table, task)).toString('hex');
	});
}

const keysOver = (space: AnySpace) => keys(maker(layoutOf(space)));

/** A finished upstream table whose task i has the digest i, i, i … */
function finished(size: number): TaskTable {
	const table = taskTable(size);
	for (let task = 0; task < size; task++) {
		setState(table, task, State.ran);
		digestOf(table, task).fill(task);
	}
	return table;
}

const hexOf = (task: number) => task.toString(16).padStart(2, '0').repeat(32);

test('the manifest is one field a line: recipe, files, uses, env, version, parameters, seed, files of its own, inputs by name', (t) => {
	const prefix = manifestPrefix({ recipe: 'ab12', files: '["f"]', uses: '["u"]', env: '{"E":null}', version: 3 });
	const layout = layoutOf(grid({ b: [2], a: ['x\ny'] }).trials(1));
	const upstream = { layout: layoutOf(grid({ a: [1] })), table: finished(1) };
	const made = maker(
		layout,
		[
			{ link: oneLink(1, [0], 'z'), ...upstream },
			{ link: oneLink(2, [0], 'i'), ...upstream },
		],
		prefix,
	);
	t.is(
		manifest({ ...made, files: (task) => `["own ${task}"]` }),
		`scanmake key ${keyVersion}\nrecipe ab12\nfiles ["f"]\nuses ["u"]\nenv {"E":null}\nversion 3\n` +
			`params {"a":"x\\ny","b":2,"trial":0}\nseed ${pointAt(layout, 0)['seed']}\nparameter-files ["own 0"]\ninput "i" ${hexOf(0)}\ninput "z" ${hexOf(0)}\n`,
	);
});

test('the key is the SHA-256 of the manifest, however long it is', (t) => {
	for (const size of [3, 3000]) {
		const upstream = layoutOf(grid({ a: Array.from({ length: size }, (_, i) => i) }));
		const made = maker({ size: 1, columns: [], seeds: 'none' }, [
			{ link: { kind: 'all', name: 'rows', upstream: 0 }, layout: upstream, table: finished(size) },
		]);
		t.is(keys(made)[0], createHash('sha256').update(manifest(made)).digest('hex'));
	}
});

test('recipe, uses, env and version are in the key', (t) => {
	const prefixes = [
		plain,
		{ ...plain, recipe: 'ab13' },
		{ ...plain, files: '["u"]' },
		{ ...plain, uses: '["u"]' },
		{ ...plain, env: '{"E":"1"}' },
		{ ...plain, version: 1 },
		{ ...plain, version: '1' },
	].map(manifestPrefix);
	t.is(new Set(prefixes).size, prefixes.length);
	const layout = layoutOf(grid({ a: [1] }));
	t.is(new Set(prefixes.map((prefix) => keys(maker(layout, [], prefix))[0])).size, prefixes.length);
});

test('the order of axes is not in the key, and the size of the scan neither', (t) => {
	const [ab, ba] = [keysOver(grid({ a: [1, 2], b: [3] })), keysOver(grid({ b: [3], a: [2, 1, 7] }))];
	t.is(ab[0], ba[1]);
	t.is(ab[1], ba[0]);
	t.is(new Set([...ab, ...ba]).size, 3);
});

test('a parameter at its default is left out, as if it were not there', (t) => {
	const [at, other] = keysOver(grid({ a: [1], tau: axis([10, 20], { default: 10 }) }));
	const [without] = keysOver(grid({ a: [1] }));
	t.is(at, without);
	t.not(other, without);
	const trials = (space: AnySpace) => keysOver(space)[0];
	t.is(
		trials(grid({ a: [1], tau: axis([10], { default: 10 }) }).trials(1)),
		trials(grid({ a: [1] }).trials(1)),
		'nor is it in the seed',
	);
});

test('how the seed is made is in the key, and the seed written beside it is the one that the function gets', (t) => {
	const space = grid({ a: [1, 2] });
	const [independent, common] = [layoutOf(space.trials(2)), layoutOf(space.trials(2, { seed: 'common' }))];
	t.is(new Set([...keys(maker(independent)), ...keys(maker(common))]).size, 8);
	for (const layout of [independent, common]) {
		const made = maker(layout);
		keys(made);
		t.deepEqual(
			[...made.seeds],
			Array.from({ length: 4 }, (_, row) => pointAt(layout, row)['seed']),
		);
	}
});

test('inputs are in the key by their name and the digest of their result, in whatever order they are given', (t) => {
	const layout = layoutOf(list([{ a: 1 }]));
	const upstream = { layout: layoutOf(grid({ a: [1, 2] })), table: finished(2) };
	const x = { link: oneLink(0, [0], 'x'), ...upstream };
	const y = { link: oneLink(0, [1], 'y'), ...upstream };
	const key = (...inputs: KeyInput[]) => keys(maker(layout, inputs))[0];
	t.is(key(x, y), key(y, x));
	const others = [
		key(x),
		key(x, y),
		key({ link: oneLink(0, [1], 'x'), ...upstream }),
		key({ link: oneLink(0, [0], 'w'), ...upstream }),
		key({ link: oneLink(0, [1], 'x'), ...upstream }, { link: oneLink(0, [0], 'y'), ...upstream }),
	];
	t.is(new Set(others).size, others.length);
});

/** Keys of the groups of `upstream` by `a`. */
function groupKeys(upstream: Layout, table: TaskTable): string[] {
	const grouped = groupRows(upstream, ['a']);
	const [column] = upstream.columns.filter(({ name }) => name === 'a');
	if (column === undefined) throw new Error('no column');
	const codes = Uint8Array.from(grouped.first, (row) => column.codes[row] ?? 0);
	const layout: Layout = { size: codes.length, columns: [{ ...column, codes }], seeds: 'none' };
	return keys(
		maker(layout, [{ link: { kind: 'groups', name: 'from', upstream: 0, ...grouped }, layout: upstream, table }]),
	);
}

test('rows come into the key of an aggregate in the order of the space, with parameters and digest', (t) => {
	const upstream = layoutOf(grid({ a: [1], b: [5, 6] }));
	const table = finished(2);
	const link = { kind: 'groups', name: 'from', upstream: 0, ...groupRows(upstream, ['a']) } as const;
	const text = manifest(maker(layoutOf(list([{ a: 1 }])), [{ link, layout: upstream, table }]));
	t.is(
		text,
		`prefix\nparams {"a":1}\nrows "from" seeds none\nrow {"a":1,"b":5} ${hexOf(0)}\nrow {"a":1,"b":6} ${hexOf(1)}\n`,
	);
	const swapped = layoutOf(grid({ a: [1], b: [6, 5] }));
	const turned = finished(2);
	digestOf(turned, 0).fill(1);
	digestOf(turned, 1).fill(0);
	t.not(groupKeys(swapped, turned)[0], groupKeys(upstream, table)[0], 'the same rows in another order');
});

test('a member without a result is no row', (t) => {
	const upstream = layoutOf(grid({ a: [1], b: [5, 6] }));
	const table = finished(2);
	setState(table, 0, State.failed);
	const link = { kind: 'groups', name: 'from', upstream: 0, ...groupRows(upstream, ['a']) } as const;
	const text = manifest(maker(layoutOf(list([{ a: 1 }])), [{ link, layout: upstream, table }]));
	t.is(text, `prefix\nparams {"a":1}\nrows "from" seeds none\nrow {"a":1,"b":6} ${hexOf(1)}\n`);
});

test('the seeds of the rows are in the key of what takes them', (t) => {
	const space = grid({ a: [1], b: [5] });
	const [ours, theirs] = [layoutOf(space.trials(2)), layoutOf(space.trials(2, { seed: 'common' }))];
	t.not(groupKeys(ours, finished(2))[0], groupKeys(theirs, finished(2))[0]);
});

test('an analysis and an aggregate of one group have no key in common: they are called differently', (t) => {
	const upstream = layoutOf(grid({ a: [1, 2] }));
	const none: Layout = { size: 1, columns: [], seeds: 'none' };
	const rows = { layout: upstream, table: finished(2) };
	const all = keys(maker(none, [{ link: { kind: 'all', name: 'from', upstream: 0 }, ...rows }]));
	const group = { kind: 'groups', name: 'from', upstream: 0, ...groupRows(upstream, []) } as const;
	t.notDeepEqual(keys(maker(none, [{ link: group, ...rows }])), all);
});

test('the digest of columns tells names, values, their types, defaults, seeds and order', (t) => {
	const spaces = [
		grid({ a: [1, 2], b: [3] }),
		grid({ a: [1, 2], c: [3] }),
		grid({ a: [1, 4], b: [3] }),
		grid({ a: ['1', '2'], b: [3] }),
		grid({ a: [2, 1], b: [3] }),
		grid({ b: [3], a: [1, 2] }),
		grid({ a: [1, 2], b: axis([3], { default: 3 }) }),
		grid({ a: [1, 2], b: axis([3], { default: 4 }) }),
		grid({ a: [1, 2], b: [3] }).drop('b', (p) => p.a === 2),
		grid({ a: [1, 2], b: [3, 4] }),
		list([
			{ a: 1, b: 3 },
			{ a: 2, b: 3 },
			{ a: 1, b: 4 },
			{ a: 2, b: 4 },
		]),
		grid({ a: [1, 2], b: [3] }).trials(1),
		grid({ a: [1, 2], b: [3] }).trials(1, { seed: 'common' }),
	];
	t.is(new Set(spaces.map((space) => columnsDigest(layoutOf(space)))).size, spaces.length);
	t.is(columnsDigest(layoutOf(grid({ a: [1, 2], b: [3] }))), columnsDigest(layoutOf(grid({ a: [1, 2], b: [3] }))));
});

test('a sweep is named by the manifest, the columns, how missing members are taken, and each input by name, columns and results', (t) => {
	const upstream = simulate({ over: grid({ a: [1] }), run: () => 1 });
	const fail = aggregate({ from: upstream, by: ['a'], run: () => 1 });
	const skip = aggregate({ from: upstream, by: ['a'], missing: 'skip', run: () => 1 });
	const input: SweepInput = { name: 'from', columns: 'c', results: 'r' };
	const second: SweepInput = { name: 'more', columns: 'c', results: 's' };
	const name = (...given: Parameters<typeof sweepName>) => Buffer.from(sweepName(...given)).toString('hex');
	const names = [
		name(fail, 'p', 'x', [input]),
		name(skip, 'p', 'x', [input]),
		name(analyze({ from: { upstream }, run: () => 1 }), 'p', 'x', [input]),
		name(fail, 'q', 'x', [input]),
		name(fail, 'p', 'y', [input]),
		name(fail, 'p', 'x', []),
		name(fail, 'p', 'x', [{ ...input, name: 'other' }]),
		name(fail, 'p', 'x', [{ ...input, columns: 'd' }]),
		name(fail, 'p', 'x', [{ ...input, results: 's' }]),
		name(fail, 'p', 'x', [input, second]),
	];
	t.is(new Set(names).size, names.length);
	t.deepEqual([name(fail, 'p', 'x', [second, input])], names.slice(9));
});

test('the digest of all results tells each result and their order', (t) => {
	const table = finished(2);
	const turned = finished(2);
	digestOf(turned, 0).fill(1);
	digestOf(turned, 1).fill(0);
	const digests = [table, turned, finished(3)].map((each) => Buffer.from(resultsDigest(each)).toString('hex'));
	t.is(new Set(digests).size, 3);
	t.deepEqual(resultsDigest(finished(2)), resultsDigest(table));
});
