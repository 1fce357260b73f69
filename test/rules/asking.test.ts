// The functions in a space: how often they are asked, what they see, and what becomes of their mistakes.
import test from 'ava';
import { arange, grid, type ParameterSets } from '../../rules/index.ts';
import { layoutProblems, problemsOf } from '../../rules/space.ts';

function counting<P, R>(ask: (p: P) => R): { ask: (p: P) => R; calls(): number } {
	let calls = 0;
	return {
		ask: (p) => {
			calls++;
			return ask(p);
		},
		calls: () => calls,
	};
}

const big = grid({ a: arange(50), b: arange(40), c: arange(30) });

test('a function that reads one name is asked once for each of its values', (t) => {
	const { ask, calls } = counting((p: { b: number }) => p.b % 2 === 0);
	t.is(big.where(ask).size, 30_000);
	t.is(calls(), 40);
});

test('many values of a name that varies fast are asked about once each', (t) => {
	const { ask, calls } = counting((p: { b: number }) => p.b % 2 === 0);
	t.is(grid({ a: arange(20), b: arange(3000) }).where(ask).size, 30_000);
	t.is(calls(), 3000);
});

test('a function that reads nothing is asked once', (t) => {
	const { ask, calls } = counting(() => true);
	t.is(big.where(ask).size, 60_000);
	t.is(calls(), 1);
});

test('a function that reads a second name only sometimes is asked for the pairs that matter', (t) => {
	const { ask, calls } = counting((p: { a: number; c: number }) => p.a === 7 && p.c > 10);
	t.is(big.where(ask).size, 40 * 19);
	t.is(calls(), 49 + 30);
});

test('a function that reads everything is asked once for each set, and answers the same', (t) => {
	const { ask, calls } = counting((p: { a: number; b: number; c: number }) => (p.a * 31 + p.b * 17 + p.c) % 7 === 0);
	const expected = [...big.points()].filter((p) => (p.a * 31 + p.b * 17 + p.c) % 7 === 0);
	t.deepEqual([...big.where(ask).points()], expected);
	t.is(calls(), 60_000);
});

test('absence is seen in every way in which one can look', (t) => {
	const space = grid({ a: [0, 1], f: [1, 2] }).drop('f', (p) => p.a === 0);
	const looks: ((p: { a: number; f: number | undefined }) => boolean)[] = [
		(p) => p.f === undefined,
		(p) => !('f' in p),
		(p) => !Object.hasOwn(p, 'f'),
		(p) => !Object.keys(p).includes('f'),
		(p) => Object.entries(p).length === 1,
		(p) => JSON.stringify(p) === '{"a":0}',
		({ a: _, ...others }) => Object.keys(others).length === 0,
		(p) => Object.values({ ...p }).length === 1,
	];
	for (const look of looks) t.deepEqual([...space.where(look).points()], [{ a: 0 }]);
});

test('a parameter set has no names but its own', (t) => {
	t.is(grid({ a: [1] }).where((p) => 'seed' in p || 'b' in p).size, 0);
	t.is(grid({ a: [1] }).where((p) => `${p}` === '[object Object]').size, 1);
});

test('a function that does not depend on the set alone is still asked to the end', (t) => {
	let calls = 0;
	const space = big.where((p) => (calls++ % 2 === 0 ? p.a : p.b) >= 0);
	t.is(space.size, 60_000);
	t.true(calls > 50_000, 'its answers are not taken for those of other sets');
	t.deepEqual(layoutProblems(space), []);
});

const base = grid({ a: [0, 1], name: ['on', 'off'] });
const untyped = <T>(thing: unknown): T => thing as T;
const fail = (p: { a: number }): boolean => {
	if (p.a === 1) throw new Error('no such cell');
	return true;
};

const throwText = () => {
	const text: unknown = 'too hot';
	throw text;
};
const write = (p: { a: number }) => {
	p.a = 3;
	return true;
};

const mistakes: [string, () => ParameterSets<unknown>, RegExp, number][] = [
	['where throws', () => base.where(fail), /^\.where: its function threw for a=1 name=on: no such cell$/, 4],
	['drop throws', () => base.drop('name', fail), /^\.drop: the function of name threw for a=1 name=on/, 4],
	['derive throws', () => base.derive('b', fail), /^\.derive: the function of b threw for a=1 name=on/, 4],
	['text is thrown', () => base.where(untyped(throwText)), /^\.where: its function threw for a=0 name=on: too hot$/, 4],
	[
		'where is async',
		() => base.where(untyped(async () => true)),
		/gives a promise; it must answer at once.*a=0 name=on\.$/,
		4,
	],
	[
		'derive gives nothing',
		() =>
			base.derive(
				'b',
				untyped(() => undefined),
			),
		/gives undefined; a value is .* about a=0 name=on\.$/,
		4,
	],
	['derive gives NaN', () => base.derive('b', () => Number.NaN), /gives NaN; a value is/, 4],
	[
		'derive is async',
		() =>
			base.derive(
				'b',
				untyped(async () => 1),
			),
		/gives a promise; a value is/,
		4,
	],
	['a set is written to', () => base.where(untyped(write)), /threw for a=0 name=on/, 4],
];

for (const [what, space, sentence, size] of mistakes) {
	test(`a problem that names the parameter set: ${what}`, (t) => {
		const made = space();
		t.deepEqual(problemsOf(made), [], 'nothing is asked before the space is laid out');
		const [problem, ...others] = layoutProblems(made);
		t.regex(problem?.message ?? '', sentence);
		t.regex(problem?.stack ?? '', /asking\.test/);
		t.deepEqual(others, []);
		t.is(made.size, size);
	});
}

test('a problem in a space that is used twice is told once', (t) => {
	const wrong = base.where(fail);
	const both = wrong.plus(wrong.with({ c: 1 }));
	t.is(layoutProblems(both).length, 1);
});

test('more sets than memory holds are a problem, not a crash', (t) => {
	const wide = grid({ a: arange(10_000), b: arange(10_000) });
	for (const space of [
		wide.times(grid({ c: arange(1000) })),
		wide.trials(1000),
		grid({ a: arange(100_000), b: arange(100_000) }),
	]) {
		t.regex(layoutProblems(space)[0]?.message ?? '', /parameter sets; scanmake holds 268,435,456 at most/);
		t.regex(layoutProblems(space)[0]?.stack ?? '', /asking\.test/);
		t.is(space.size, 0);
	}
});
