// Every word of a parameter space, by its sentence in the manual.
import test from 'ava';
import { axis, grid, linspace, list, type ParameterSets, zip } from '../../rules/index.ts';
import { seedOf } from '../../rules/seed.ts';
import { canonicalWriter, layoutOf, namesOf, seedAt, seedsOf } from '../../rules/space.ts';

/** All sets of a space. */
function sets<P>(space: ParameterSets<P>): P[] {
	return [...space.points()];
}

/** All sets of a space as the key sees them. */
function texts(space: ParameterSets<unknown>): string[] {
	const layout = layoutOf(space);
	return Array.from({ length: layout.size }, (_, row) => canonicalWriter(layout)(row));
}

test('grid is every combination, the first name varying slowest', (t) => {
	t.deepEqual(sets(grid({ a: [1, 2], b: ['x', 'y', 'z'] })), [
		{ a: 1, b: 'x' },
		{ a: 1, b: 'y' },
		{ a: 1, b: 'z' },
		{ a: 2, b: 'x' },
		{ a: 2, b: 'y' },
		{ a: 2, b: 'z' },
	]);
	t.deepEqual(sets(grid({})), [{}]);
	t.is(grid({ a: [], b: [1, 2] }).size, 0);
});

test('the sets of a space are distinct: of equal values on an axis the first stays', (t) => {
	t.deepEqual(sets(grid({ a: [2, 1, 2, -0, 0] })), [{ a: 2 }, { a: 1 }, { a: 0 }]);
	t.true(Object.is(grid({ a: [-0] }).point(0).a, 0));
	t.is(grid({ a: [1, '1', true, null] }).size, 4);
});

test('zip puts values side by side', (t) => {
	t.deepEqual(sets(zip({ a: [1, 1, 2, 1], b: ['x', 'y', 'x', 'x'] })), [
		{ a: 1, b: 'x' },
		{ a: 1, b: 'y' },
		{ a: 2, b: 'x' },
	]);
});

test('list is these sets; coinciding sets become one, undefined is absent', (t) => {
	const space = list([{ a: 1 }, { b: 'x', a: 2 }, { a: 1, b: undefined }, {}, { a: 2, b: 'x' }]);
	t.deepEqual(sets(space), [{ a: 1 }, { a: 2, b: 'x' }, {}]);
	t.deepEqual(namesOf(space), ['a', 'b']);
	t.is(list([]).size, 0);
});

test('times is every combination of the two, the other varying fastest', (t) => {
	t.deepEqual(sets(list([{ a: 1 }, { b: 2 }]).times(grid({ c: [1, 2] }))), [
		{ a: 1, c: 1 },
		{ a: 1, c: 2 },
		{ b: 2, c: 1 },
		{ b: 2, c: 2 },
	]);
	t.is(grid({ a: [1, 2] }).times(grid({ b: [] })).size, 0);
});

test('plus is the union: a set that is in both occurs once', (t) => {
	const union = grid({ a: [1, 2], b: [1] }).plus(grid({ b: [1], a: [3, 2] }));
	t.deepEqual(sets(union), [
		{ a: 1, b: 1 },
		{ a: 2, b: 1 },
		{ a: 3, b: 1 },
	]);
	t.deepEqual(sets(grid({ a: [1] }).plus(grid({ b: [1] }))), [{ a: 1 }, { b: 1 }]);
	const same = grid({ a: [1, 2] });
	t.is(same.plus(same).size, 2);
});

test('a union of ten thousand spaces is laid out at once', (t) => {
	let space = grid({ a: [0] });
	for (let i = 1; i < 10_000; i++) space = space.plus(grid({ a: [i % 5000] }));
	t.is(space.size, 5000);
	t.deepEqual(space.point(4999), { a: 4999 });
});

test('where keeps only the sets for which it holds', (t) => {
	t.deepEqual(sets(grid({ a: [1, 2, 3], b: [1, 2] }).where((p) => p.a + p.b === 4)), [
		{ a: 2, b: 2 },
		{ a: 3, b: 1 },
	]);
	t.is(grid({ a: [1, 2] }).where(() => false).size, 0);
});

test('drop makes a name absent, and the sets that then coincide become one', (t) => {
	const space = grid({ amplitude: [0, 1], frequency: [1, 2, 4] }).drop('frequency', (p) => p.amplitude === 0);
	t.deepEqual(sets(space), [
		{ amplitude: 0 },
		{ amplitude: 1, frequency: 1 },
		{ amplitude: 1, frequency: 2 },
		{ amplitude: 1, frequency: 4 },
	]);
	t.false('frequency' in space.point(0));
	t.deepEqual(JSON.stringify(space.point(0)), '{"amplitude":0}');
	t.deepEqual(sets(grid({ a: [1, 2] }).drop('a', () => true)), [{}]);
});

test('pick keeps only these names; coinciding sets become one', (t) => {
	const space = grid({ a: [1, 2], b: [1, 2], c: [1, 2] }).where((p) => p.c === 1 || p.a === 2);
	t.deepEqual(sets(space.pick('c', 'a')), [
		{ c: 1, a: 1 },
		{ c: 1, a: 2 },
		{ c: 2, a: 2 },
	]);
	t.deepEqual(namesOf(space.pick('c', 'a')), ['c', 'a']);
	t.deepEqual(sets(space.pick()), [{}]);
});

test('with adds constants and derive a value computed from the others', (t) => {
	const space = grid({ a: [1, 2] })
		.with({ c: 3, mode: 'fast' })
		.derive('sum', (p) => p.a + p.c);
	t.deepEqual(sets(space), [
		{ a: 1, c: 3, mode: 'fast', sum: 4 },
		{ a: 2, c: 3, mode: 'fast', sum: 5 },
	]);
});

test('with and derive can replace a name; coinciding sets become one', (t) => {
	const space = grid({ a: [1, 2, 3], b: [1, 2] });
	t.deepEqual(sets(space.with({ a: 7 })), [
		{ a: 7, b: 1 },
		{ a: 7, b: 2 },
	]);
	t.deepEqual(sets(space.pick('a').derive('a', (p) => Math.min(p.a, 2) * 10)), [{ a: 10 }, { a: 20 }]);
});

test('trials come last and vary fastest; each has a number and a seed', (t) => {
	const space = grid({ a: [1, 2] }).trials(2);
	t.deepEqual(
		sets(space).map(({ a, trial }) => [a, trial]),
		[
			[1, 0],
			[1, 1],
			[2, 0],
			[2, 1],
		],
	);
	t.deepEqual(namesOf(space), ['a', 'trial']);
	for (const { seed } of space.points()) t.true(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31);
});

test('a seed is of the whole set and the trial; common ones are of the trial alone', (t) => {
	const space = grid({ b: [0.1], a: ['x', 'y'] });
	t.is(space.trials(3).point(5).seed, seedOf('{"a":"y","b":0.1,"trial":2}'));
	const common = sets(space.trials(2, { seed: 'common' })).map(({ seed }) => seed);
	t.deepEqual(
		common,
		[0, 1, 0, 1].map((trial) => seedOf(`{"trial":${trial}}`)),
	);
});

test('a seed does not depend on the order or size of the scan', (t) => {
	const seeds = (space: ParameterSets<{ a: number; seed: number; trial: number }>) =>
		new Map(sets(space).map(({ a, trial, seed }) => [`${a} ${trial}`, seed]));
	const small = seeds(grid({ a: [1, 2], b: [1] }).trials(2));
	const large = seeds(
		grid({ b: [1, 2], a: [3, 2, 1] })
			.where((p) => p.b === 1)
			.trials(5),
	);
	for (const [set, seed] of small) t.is(large.get(set), seed);
	t.is(large.size, 15);
});

test('seeds in bulk are the seeds of the points', (t) => {
	for (const seed of ['independent', 'common'] as const) {
		const space = grid({ a: [1, 2, 3] }).trials(2, { seed });
		const layout = layoutOf(space);
		const expected = [4, 0, 1].map((row) => space.point(row).seed);
		t.deepEqual([...seedsOf(layout, [4, 0, 1])], expected);
		t.is(seedAt(layout, 4), space.point(4).seed);
	}
	t.deepEqual([...seedsOf(layoutOf(grid({ a: [1] })), [0])], [0]);
});

test('size, point and points say how many, one and all', (t) => {
	const space = grid({ a: [1, 2, 3] });
	t.is(space.size, 3);
	t.deepEqual(space.point(2), { a: 3 });
	for (const index of [3, -1, 0.5, Number.NaN])
		t.throws(() => space.point(index), { instanceOf: RangeError, message: /3 parameter sets/ });
	const points = space.points();
	t.deepEqual(points.next().value, { a: 1 });
	t.deepEqual([...points], [{ a: 2 }, { a: 3 }]);
});

test('a space is a value: making another of it changes nothing', (t) => {
	const base = grid({ a: [1, 2], b: [1, 2] });
	const values = [5, 6];
	const listed = grid({ a: values });
	values.push(7);
	base.where((p) => p.a === 1).drop('b', () => true);
	t.is(base.size, 4);
	t.is(listed.size, 2);
	t.is(base.where((p) => p.a === 1).size, 2);
});

test('a set with its default is the set without the name', (t) => {
	const space = grid({ a: [1] }).plus(grid({ a: [1], tau: axis([10, 20], { default: 10 }) }));
	t.deepEqual(sets(space), [{ a: 1 }, { a: 1, tau: 20 }]);
	t.is(grid({ tau: axis([10, 20], { default: 10 }) }).drop('tau', (p) => p.tau === 20).size, 1);
	t.is(list([{ a: 1 }, { a: 1, tau: 10 }]).plus(grid({ a: [2], tau: axis([10], { default: 10 }) })).size, 2);
});

test('a new dimension whose default is given changes neither the canonical text nor the seeds of old sets', (t) => {
	const old = grid({ a: [1, 2] }).trials(2);
	const wider = grid({ tau: axis([5, 10], { default: 10 }), a: [1, 2] }).trials(2);
	const known = new Map(texts(old).map((text, row) => [text, old.point(row).seed]));
	for (const [row, text] of texts(wider).entries()) {
		const { tau, seed } = wider.point(row);
		t.is(known.get(text), tau === 10 ? seed : undefined);
	}
});

test('a default travels with its name through times, plus, where, drop, pick and trials', (t) => {
	const tau = grid({ tau: axis([10, 20], { default: 10 }) });
	const b = grid({ b: [1, 2] });
	const travelled = [
		tau.times(b),
		b.times(tau),
		b.plus(tau),
		tau.plus(b),
		tau.times(b).where((p) => p.b === 1),
		tau.times(b).drop('b', (p) => p.b === 1),
		tau.times(b).pick('tau'),
		tau.with({ c: 1 }),
		tau.derive('c', (p) => p.tau),
		zip({ tau: axis([10, 20], { default: 10 }), c: [1, 2] }),
	];
	for (const space of travelled) {
		const column = layoutOf(space.trials(2)).columns.find(({ name }) => name === 'tau');
		t.is(column?.default, 10);
		t.false(texts(space).some((text) => text.includes('"tau":10')));
	}
});

test('trial stays the last name, also in a union', (t) => {
	const space = grid({ a: [1] })
		.trials(2)
		.plus(grid({ b: [1] }).trials(1));
	t.deepEqual(namesOf(space), ['a', 'b', 'trial']);
	t.deepEqual(
		layoutOf(space).columns.map(({ name }) => name),
		['a', 'b', 'trial'],
	);
	t.is(space.size, 3);
});

test('canonical text sorts names and leaves out what is absent', (t) => {
	t.deepEqual(texts(grid({ b: ['x"'], a: [1e21, 0.5] }).drop('b', (p) => p.a === 0.5)), [
		'{"a":1e+21,"b":"x\\""}',
		'{"a":0.5}',
	]);
});

test('making a space computes nothing, and its layout is computed once', (t) => {
	let calls = 0;
	const base = grid({ a: linspace(0, 1, 1000), b: linspace(0, 1, 1000) }).where((p) => {
		calls++;
		return p.a > 0.5;
	});
	const left = base.derive('c', (p) => p.a);
	const right = base.pick('b');
	t.is(calls, 0);
	t.is(left.size, 500_000);
	t.is(right.size, 1000);
	t.is(base.size, 500_000);
	t.is(layoutOf(base), layoutOf(base));
	t.is(calls, 1000);
});

test('a dictionary has the order of the axis, and codes are as narrow as they can be', (t) => {
	const [a, b, c] = layoutOf(grid({ a: [3, 1, 2], b: linspace(0, 1, 256), c: [1] }).where((p) => p.a < 3)).columns;
	t.deepEqual(a?.values, [3, 1, 2]);
	t.true(a?.codes instanceof Uint8Array && b?.codes instanceof Uint16Array && c?.codes instanceof Uint8Array);
	t.true(layoutOf(grid({ a: linspace(0, 1, 70_000) })).columns[0]?.codes instanceof Uint32Array);
});
