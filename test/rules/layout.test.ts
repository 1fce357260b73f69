// Spaces against a model that is too simple to be wrong: arrays of objects, compared as text.
import test from 'ava';
import fc from 'fast-check';
import { canonicalParams } from '../../rules/canonical.ts';
import { arange, axis, grid, list, type Params, type Space, type Trials, type Value, zip } from '../../rules/index.ts';
import { seedOf } from '../../rules/seed.ts';
import { layoutProblems, namesOf, problemsOf } from '../../rules/space.ts';

const seed = 2013;

// The model: names in declared order, defaults, and the sets.

interface Model {
	readonly names: readonly string[];
	readonly defaults: ReadonlyMap<string, Value>;
	readonly sets: readonly Params[];
}

function keyOf(set: Params, defaults: Model['defaults']): string {
	const entries = Object.entries(set).flatMap(([name, value]) =>
		value === undefined || defaults.get(name) === value ? [] : [[name, value] as const],
	);
	return canonicalParams(entries);
}

function model(names: readonly string[], defaults: Model['defaults'], sets: readonly Params[]): Model {
	const firsts = new Map<string, Params>();
	for (const given of sets) {
		const present = names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]]));
		const set: Params = Object.fromEntries(present);
		const key = keyOf(set, defaults);
		if (!firsts.has(key)) firsts.set(key, set);
	}
	return {
		names,
		defaults: new Map([...defaults].filter(([name]) => names.includes(name))),
		sets: [...firsts.values()],
	};
}

// A space under test and the model of it, built side by side.

type Any = Record<string, Value | undefined>;
interface Pair {
	readonly space: Space<Any>;
	readonly model: Model;
}

// A name has the same default in every space, where it has one.
const defaultOf: Readonly<Record<string, Value>> = { a: 1, d: 'x' };
const values: fc.Arbitrary<Value> = fc.constantFrom<Value[]>(0, 1, 2, 3, 'x', '1', true, null);
const name = fc.constantFrom('a', 'b', 'c', 'd');
const axes = fc.dictionary(name, fc.record({ values: fc.array(values, { maxLength: 4 }), stated: fc.boolean() }), {
	maxKeys: 3,
	noNullPrototype: true,
});
type Axes = Record<string, { values: Value[]; stated: boolean }>;

function axesOf(given: Axes): { plain: Record<string, readonly Value[]>; defaults: Map<string, Value> } {
	const plain: Record<string, readonly Value[]> = {};
	const defaults = new Map<string, Value>();
	for (const [axisName, { values: listed, stated }] of Object.entries(given)) {
		const fallback = stated ? defaultOf[axisName] : undefined;
		plain[axisName] = fallback === undefined ? listed : axis<readonly Value[]>(listed, { default: fallback as never });
		if (fallback !== undefined) defaults.set(axisName, fallback);
	}
	return { plain, defaults };
}

function gridPair(given: Axes): Pair {
	const { plain, defaults } = axesOf(given);
	let sets: Params[] = [{}];
	for (const [axisName, { values: listed }] of Object.entries(given)) {
		sets = sets.flatMap((set) => listed.map((value) => ({ ...set, [axisName]: value })));
	}
	return { space: grid(plain) as Space<Any>, model: model(Object.keys(given), defaults, sets) };
}

function zipPair(given: Axes): Pair {
	const { plain, defaults } = axesOf(given);
	const size = Math.min(...Object.values(given).map(({ values: listed }) => listed.length), 4);
	const cut = Object.fromEntries(
		Object.entries(plain).map(([axisName, listed]) => [
			axisName,
			defaults.has(axisName)
				? axis<readonly Value[]>(listed.slice(0, size), { default: defaults.get(axisName) as never })
				: listed.slice(0, size),
		]),
	);
	const rows = Object.keys(given).length === 0 ? 1 : size;
	const sets = Array.from({ length: rows }, (_, row) =>
		Object.fromEntries(Object.entries(plain).map(([n, listed]) => [n, listed[row]])),
	);
	return { space: zip(cut) as Space<Any>, model: model(Object.keys(given), defaults, sets as Params[]) };
}

const listed = fc.array(fc.dictionary(name, values, { noNullPrototype: true }), { maxLength: 6 }).map((sets): Pair => {
	const names = [...new Set(sets.flatMap((set) => Object.keys(set)))];
	return { space: list(sets) as Space<Any>, model: model(names, new Map(), sets) };
});

const base = fc.oneof(axes.map(gridPair), axes.map(zipPair), listed);

// Functions of a set that read it in different ways.

const asked = fc
	.record({
		names: fc.uniqueArray(name, { minLength: 1 }),
		modulus: fc.integer({ min: 1, max: 4 }),
		style: fc.nat({ max: 4 }),
	})
	.map(({ names, modulus, style }) => (p: Params): boolean => {
		const digit = (value: unknown) => (value === undefined ? 3 : JSON.stringify(value).length + Number(value === 1));
		if (style === 0) return names.some((n) => digit(p[n]) % modulus === 0);
		if (style === 1) return names.every((n) => n in p);
		if (style === 2) return JSON.stringify(p).length % (modulus + 1) === 0;
		if (style === 3) return Object.values({ ...p }).length >= modulus;
		return names.reduce((sum, n) => sum + digit(p[n]), 0) % (modulus + 1) === 0;
	});

type Step = (pair: Pair) => Pair;

const steps: fc.Arbitrary<Step> = fc.oneof(
	asked.map(
		(ask): Step =>
			({ space, model: m }) => ({
				space: space.where(ask),
				model: model(m.names, m.defaults, m.sets.filter(ask)),
			}),
	),
	fc.tuple(asked, fc.nat()).map(
		([ask, choice]): Step =>
			({ space, model: m }) => {
				const dropped = m.names[choice % m.names.length];
				if (dropped === undefined) return { space, model: m };
				const sets = m.sets.map((set) => (ask(set) ? { ...set, [dropped]: undefined } : set));
				return { space: space.drop(dropped, ask), model: model(m.names, m.defaults, sets) };
			},
	),
	fc.nat().map(
		(choice): Step =>
			({ space, model: m }) => {
				const names = m.names.filter((_, i) => ((choice >> i) & 1) === 1).reverse();
				return { space: space.pick(...names), model: model(names, m.defaults, m.sets) };
			},
	),
	fc.tuple(name, values).map(
		([n, value]): Step =>
			({ space, model: m }) => ({
				space: space.with({ [n]: value }) as Space<Any>,
				model: model(
					[...new Set([...m.names, n])],
					m.defaults,
					m.sets.map((set) => ({ ...set, [n]: value })),
				),
			}),
	),
	fc.tuple(name, asked).map(
		([n, ask]): Step =>
			({ space, model: m }) => ({
				space: space.derive(n, (p) => (ask(p) ? 1 : 'no')) as Space<Any>,
				model: model(
					[...new Set([...m.names, n])],
					m.defaults,
					m.sets.map((set) => ({ ...set, [n]: ask(set) ? 1 : 'no' })),
				),
			}),
	),
	base.map(
		(other): Step =>
			({ space, model: m }) => ({
				space: space.plus(other.space) as Space<Any>,
				model: model(
					[...new Set([...m.names, ...other.model.names])],
					new Map([...m.defaults, ...other.model.defaults]),
					[...m.sets, ...other.model.sets],
				),
			}),
	),
	fc.tuple(fc.array(values, { maxLength: 3 }), fc.boolean()).map(
		([listedValues, before]): Step =>
			({ space, model: m }) => {
				const free = ['e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'].find((n) => !m.names.includes(n)) ?? 'm';
				const other = gridPair({ [free]: { values: listedValues, stated: false } });
				const [left, right] = before ? [other.model, m] : [m, other.model];
				return {
					space: (before ? other.space.times(space as never) : space.times(other.space as never)) as Space<Any>,
					model: model(
						[...left.names, ...right.names],
						m.defaults,
						left.sets.flatMap((l) => right.sets.map((r) => ({ ...l, ...r }))),
					),
				};
			},
	),
);

const pairs = fc
	.tuple(base, fc.array(steps, { maxLength: 6 }))
	.map(([first, later]) => later.reduce((pair, step) => step(pair), first));

test('a space has the sets that plain arrays of objects would have, in the same order', (t) => {
	const property = fc.property(pairs, ({ space, model: expected }) => {
		t.deepEqual(problemsOf(space), []);
		t.deepEqual(layoutProblems(space), []);
		t.is(JSON.stringify([...space.points()]), JSON.stringify(expected.sets));
		t.is(space.size, expected.sets.length);
		t.deepEqual(namesOf(space), expected.names);
	});
	fc.assert(property, { seed, numRuns: 2000 });
	t.pass();
});

test('trials of any space are its sets, each some times, with the seeds of their canonical text', (t) => {
	const property = fc.property(pairs, fc.integer({ min: 1, max: 3 }), ({ space, model: expected }, count) => {
		const trials = (mode: 'independent' | 'common'): Trials<Any> =>
			space.trials(count, { seed: mode }) as unknown as Trials<Any>;
		const sets = expected.sets.flatMap((set) => Array.from({ length: count }, (_, trial) => ({ ...set, trial })));
		const independent = sets.map((set) => ({ ...set, seed: seedOf(keyOf(set, expected.defaults)) }));
		const common = sets.map((set) => ({ ...set, seed: seedOf(`{"trial":${set.trial}}`) }));
		t.is(JSON.stringify([...trials('independent').points()]), JSON.stringify(independent));
		t.is(JSON.stringify([...trials('common').points()]), JSON.stringify(common));
	});
	fc.assert(property, { seed, numRuns: 300 });
	t.pass();
});

test('rows are compared exactly where the possible sets are too many for a bit each', (t) => {
	const rows = Array.from({ length: 4000 }, (_, i) => ({ a: i % 1999, b: (i * 7) % 1201, c: (i * 13) % 997 }));
	const space = list(rows)
		.drop('c', (p) => p.a % 3 === 0)
		.plus(list(rows.toReversed()));
	const sets = [...rows.map(({ a, b, c }) => (a % 3 === 0 ? { a, b } : { a, b, c })), ...rows.toReversed()];
	const expected = model(['a', 'b', 'c'], new Map(), sets);
	t.is(JSON.stringify([...space.points()]), JSON.stringify(expected.sets));
});

test('no row is taken for another because of a hash', (t) => {
	const size = 300_000; // some ten of these rows share all 32 bits of their hash with another
	t.is(zip({ a: arange(size), b: arange(size).map((i) => (i * 7919) % size) }).size, size);
});

test('a space that is used twice is the same in both', (t) => {
	const shared = grid({ a: [0, 1], b: [1, 2] }).drop('b', (p) => p.a === 0);
	const left = shared.times(grid({ c: [1, 2] }));
	const right = shared.plus(list([{ a: 0 }, { a: 5 }]));
	t.is(left.size, 6);
	t.deepEqual([...right.points()], [{ a: 0 }, { a: 1, b: 1 }, { a: 1, b: 2 }, { a: 5 }]);
	t.is(shared.size, 3);
});
