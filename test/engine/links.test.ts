import test from 'ava';
import { groupRows, invert, linkRows } from '../../engine/links.ts';
import { axis, grid, list } from '../../rules/index.ts';
import { layoutOf } from '../../rules/space.ts';

const rows = (linked: { readonly rows: Int32Array }) => [...linked.rows];

test('a task is linked to the one upstream task that agrees with it on all names they share', (t) => {
	const spikes = layoutOf(grid({ weight: [1, 2], amplitude: [0, 5] }));
	const input = layoutOf(grid({ amplitude: [5, 0] }));
	const linked = linkRows(spikes, input);
	t.deepEqual(rows(linked), [1, 0, 1, 0]);
	t.deepEqual([linked.none, linked.several, linked.conflicts], [0, 0, []]);
});

test('the seed links nothing: spaces whose seeds are made differently agree on the trial', (t) => {
	const space = grid({ amplitude: [1, 2] });
	const own = layoutOf(space.times(grid({ weight: [3] })).trials(2, { seed: 'common' }));
	t.deepEqual(rows(linkRows(own, layoutOf(space.trials(2)))), [0, 1, 2, 3]);
});

test('absent agrees with absent, and with a default on either side', (t) => {
	const dropped = grid({ a: [0, 1], f: [8, 16] }).drop('f', (p) => p.a === 0);
	t.deepEqual(rows(linkRows(layoutOf(dropped.times(grid({ w: [1, 2] }))), layoutOf(dropped))), [0, 0, 1, 1, 2, 2]);
	const plain = layoutOf(list([{ a: 1 }, { a: 2 }]).plus(grid({ a: [3], tau: [10] })));
	const defaulted = layoutOf(grid({ a: [1, 2, 3], tau: axis([10], { default: 10 }) }));
	t.deepEqual(rows(linkRows(plain, defaulted)), [0, 1, 2]);
	t.deepEqual(rows(linkRows(defaulted, plain)), [0, 1, 2]);
});

test('absent does not agree with a value that is no default', (t) => {
	const linked = linkRows(layoutOf(grid({ a: [0], f: [8] }).drop('f', () => true)), layoutOf(grid({ f: [8] })));
	t.deepEqual([rows(linked), linked.none], [[-1], 1]);
});

test('rows without an upstream task and rows with several are counted and marked', (t) => {
	const linked = linkRows(
		layoutOf(grid({ a: [1, 2, 3, 4] })),
		layoutOf(list([{ a: 2 }, { a: 3, b: 1 }, { a: 3, b: 2 }])),
	);
	t.deepEqual(rows(linked), [-1, 0, -2, -1]);
	t.deepEqual([linked.none, linked.several], [2, 1]);
});

test('without shared names every task takes the only upstream task', (t) => {
	const one = { size: 1, columns: [], seeds: 'none' } as const;
	t.deepEqual(rows(linkRows(layoutOf(grid({ a: [1, 2] })), one)), [0, 0]);
	t.is(linkRows(one, layoutOf(grid({ a: [1, 2] }))).several, 1);
});

test('two different defaults of a shared name are told', (t) => {
	const ten = layoutOf(grid({ tau: axis([10, 20], { default: 10 }) }));
	const twenty = layoutOf(grid({ tau: axis([10, 20], { default: 20 }) }));
	t.deepEqual(linkRows(ten, twenty).conflicts, ['tau']);
	t.deepEqual(linkRows(ten, ten).conflicts, []);
});

test('groups are in order of first appearance, their members in the order of the space', (t) => {
	const upstream = layoutOf(list([{ a: 9 }, { a: 1 }, { a: 9, b: 2 }, { a: 5 }, { a: 1, b: 2 }]));
	const { groups, starts, members, first } = groupRows(upstream, ['a']);
	t.deepEqual([...groups], [0, 1, 0, 2, 1]);
	t.deepEqual([...first], [0, 1, 3]);
	t.deepEqual([...starts], [0, 2, 4, 5]);
	t.deepEqual([...members], [0, 2, 1, 4, 3]);
	const smallestLast = layoutOf(grid({ b: [1, 2], a: [1, 2] }).where((p) => p.b === 2 || p.a === 2));
	t.deepEqual([...groupRows(smallestLast, ['a']).groups], [0, 1, 0]);
});

test('absent and the default are one group; by no name all rows are one group, by none of no rows there is none', (t) => {
	const tau = layoutOf(grid({ a: [1, 2] }).plus(grid({ a: [3], tau: axis([10, 20], { default: 10 }) })));
	t.deepEqual([...groupRows(tau, ['tau']).groups], [0, 0, 0, 1]);
	t.deepEqual([...groupRows(tau, []).groups], [0, 0, 0, 0]);
	t.is(groupRows({ size: 0, columns: [], seeds: 'none' }, []).first.length, 0);
});

test('inverting says which rows point to each target, in their order', (t) => {
	const { starts, members } = invert([2, 0, 2, 2], 4);
	const pointing = [0, 1, 2, 3].map((target) => [...members.subarray(starts[target], starts[target + 1])]);
	t.deepEqual(pointing, [[1], [], [0, 2, 3], []]);
});
