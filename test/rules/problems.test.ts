// Mistakes in how a space is written: problems with a sentence and a place, all of them together, never an exception.
import test from 'ava';
import { axis, grid, list, type ParameterSets, zip } from '../../rules/index.ts';
import { layoutOf, layoutProblems, problemsOf } from '../../rules/space.ts';

// What JavaScript, or a cast, lets through.
const untyped = (thing: unknown): never => thing as never;
const base = grid({ a: [1, 2], weight: [3] });
const tried = grid({ a: [1, 2] }).trials(2);
type Made = ParameterSets<unknown>;

const mistakes: [string, () => Made, RegExp, number][] = [
	[
		'NaN on an axis',
		() => grid({ a: [1, Number.NaN] }),
		/^grid: a\[1\] is NaN; a value is a finite number, a string, true, false or null\.$/,
		1,
	],
	['an infinity on an axis', () => grid({ a: [1, 2, -1 / 0] }), /^grid: a\[2\] is -Infinity; a value/, 2],
	['a Date on an axis', () => grid({ a: untyped([new Date(0)]), b: [1] }), /^grid: a\[0\] is a Date; a value/, 0],
	['undefined on an axis', () => zip({ a: untyped([undefined, 2]) }), /^zip: a\[0\] is undefined; a value/, 1],
	['a hole on an axis', () => grid({ a: untyped(new Array(1)) }), /^grid: a\[0\] is undefined/, 0],
	['an object on an axis', () => grid({ a: untyped([{ b: 1 }, 2]) }), /^grid: a\[0\] is an object; a value/, 1],
	['a function on an axis', () => grid({ a: untyped([() => 1, 2]) }), /^grid: a\[0\] is a function; a value/, 1],
	['a bigint on an axis', () => grid({ a: untyped([1n, 2]) }), /^grid: a\[0\] is a bigint; a value/, 1],
	[
		'half a character',
		() => grid({ a: ['\ud800', 'b'] }),
		/^grid: a\[0\] is text that is not well-formed Unicode; a value/,
		1,
	],
	['one value in place of a list', () => grid({ a: untyped(3), b: [1] }), /^grid: a is 3; give a list of values\.$/, 1],
	[
		'values without names',
		() => grid(untyped([1, 2])),
		/^grid: it takes lists of values by name, not a list: grid\(\{ a: \[1, 2\] \}\)\.$/,
		1,
	],
	['a name that begins with a digit', () => grid({ '2a': [1], b: [1, 2] }), /^grid: "2a" cannot be a name/, 2],
	['a name with a blank', () => grid({ 'a b': [1], b: [1, 2] }), /^grid: "a b" cannot be a name/, 2],
	['a name that ends with a dot', () => grid({ 'a.': [1], 'b.c': [1, 2] }), /^grid: "a\." cannot be a name/, 2],
	['trial as a name', () => grid({ trial: [1, 2] }), /^grid: the name trial belongs to \.trials/, 1],
	[
		'seed as a name',
		() =>
			list([
				{ seed: 1, a: 1 },
				{ seed: 2, a: 2 },
			]),
		/^list: the name seed belongs to \.trials/,
		2,
	],
	['seed as a derived name', () => base.derive('seed', () => 1), /^\.derive: the name seed belongs to \.trials/, 2],
	['trial as a constant', () => base.with({ trial: 1 }), /^\.with: the name trial belongs to \.trials/, 2],
	['a name of JavaScript', () => grid({ ['__proto__']: [1, 2], a: [1] }), /^grid: the name __proto__/, 1],
	[
		'zip of unequal lengths',
		() => zip({ a: [1, 2, 3], b: [1, 2], c: [1, 2] }),
		/^zip: the lists are of unequal length: a has 3, b has 2, c has 2\. For every combination write grid\.$/,
		2,
	],
	[
		'NaN in a list',
		() =>
			list([
				{ a: 1, b: 1 },
				{ a: 2, b: Number.NaN },
			]),
		/^list: b of set 1 is NaN; a value/,
		2,
	],
	['a set that is none', () => list(untyped([{ a: 1 }, 3])), /^list: set 1 is 3; a set gives values by name/, 2],
	['a set that is a Date', () => list(untyped([new Date(0), { a: 1 }])), /^list: set 0 is a Date; a set gives/, 2],
	['a list that is none', () => list(untyped({ a: 1 })), /^list: it takes sets, not an object/, 0],
	[
		'a name in both sides of times',
		() => base.times(untyped(grid({ weight: [1, 2], b: [1] }))),
		/^\.times: both sides have weight; a name can come from one side only\.$/,
		4,
	],
	['names in both sides of times', () => base.times(untyped(base)), /^\.times: both sides have a and weight;/, 4],
	['times of something else', () => base.times(untyped([1, 2])), /^\.times: it takes a space, not a list/, 2],
	['plus of something else', () => base.plus(untyped(undefined)), /^\.plus: it takes a space, not undefined/, 2],
	[
		'times of a space with trials',
		() => base.times(untyped(grid({ b: [1] }).trials(2))),
		/^\.times: .* has trials; \.trials comes last/,
		2,
	],
	[
		'plus of trials and none',
		() => base.plus(untyped(tried)),
		/^\.plus: one side has trials and the other has none/,
		2,
	],
	[
		'plus of none and trials',
		() => tried.plus(untyped(base)),
		/^\.plus: one side has trials and the other has none/,
		4,
	],
	[
		'plus of two kinds of seed',
		() => tried.plus(untyped(base.trials(2, { seed: 'common' }))),
		/^\.plus: .* "independent" .* "common"; a space has one kind/,
		4,
	],
	[
		'two defaults for one name',
		() => grid({ tau: axis([1, 2], { default: 1 }) }).plus(grid({ tau: axis([2, 3], { default: 2 }) })),
		/^\.plus: tau has two defaults, 1 and 2; give it one\.$/,
		3,
	],
	[
		'drop of an unknown name',
		() => base.drop(untyped('wieght'), () => true),
		/^\.drop: the space has no parameter wieght; did you mean weight\?$/,
		2,
	],
	[
		'pick of an unknown name',
		() => base.pick(untyped('wieght'), 'a'),
		/^\.pick: the space has no parameter wieght; did you mean weight\?/,
		2,
	],
	[
		'where without a function',
		() => base.where(untyped('a > 1')),
		/^\.where: it takes a function, not "a > 1": \.where\(p => p\.a > 0\)\.$/,
		2,
	],
	[
		'drop without a function',
		() => base.drop('a', untyped(undefined)),
		/^\.drop: it takes a function, not undefined/,
		2,
	],
	['derive without a function', () => base.derive('b', untyped(3)), /^\.derive: it takes a function, not 3/, 2],
	['a constant that is no value', () => base.with({ b: untyped(new Map()), c: 1 }), /^\.with: b is a Map; a value/, 2],
	['constants without names', () => base.with(untyped(3)), /^\.with: it takes constants by name, not 3/, 2],
	['no trials', () => base.trials(0), /^\.trials: the number of trials is 0; give a whole number, 1 or more\.$/, 2],
	['half a trial', () => base.trials(2.5), /^\.trials: the number of trials is 2\.5/, 2],
	[
		'an unknown kind of seed',
		() => base.trials(1, { seed: untyped('same') }),
		/^\.trials: seed is "same"; write "independent" or "common"\.$/,
		2,
	],
	[
		'an unknown option of trials',
		() => base.trials(1, untyped({ seeds: 'common' })),
		/^\.trials: there is no option seeds; the only one is seed\.$/,
		2,
	],
	['options that are none', () => base.trials(1, untyped('common')), /^\.trials: the options are "common"; write/, 2],
];

for (const word of ['where', 'drop', 'pick', 'with', 'derive', 'times', 'trials']) {
	const call = () =>
		(tried as unknown as Record<string, (...given: unknown[]) => Made>)[word]?.('a', () => true) ?? tried;
	mistakes.push([
		`${word} after trials`,
		call,
		new RegExp(`^\\.${word}: \\.trials comes last; write \\.${word} before it\\.$`),
		4,
	]);
}

for (const [what, make, sentence, size] of mistakes) {
	test(`a problem with its place, and the space goes on: ${what}`, (t) => {
		const space = make();
		const [problem, ...others] = problemsOf(space);
		t.deepEqual(others, []);
		t.regex(problem?.message ?? '', sentence);
		const frame = problem?.stack?.split('\n')[1] ?? '';
		t.regex(frame, /problems\.test/, 'the first frame is where the user wrote it');
		t.is(space.size, size);
		t.deepEqual(layoutProblems(space), []);
	});
}

test('the problems of all parts of a space are listed together, each once', (t) => {
	const wrong = grid({ a: [Number.NaN, 1], 'b!': [1] });
	const space = wrong.times(zip({ c: [1], d: [1, 2] })).plus(wrong.with({ seed: 1 }));
	t.deepEqual(
		problemsOf(space).map(({ message }) => message.slice(0, message.indexOf(' '))),
		['grid:', 'grid:', 'zip:', '.with:'],
	);
});

test('a space with problems keeps its seeds and its trials', (t) => {
	const space = (tried as unknown as typeof base).where(() => false);
	t.is(layoutOf(space).seeds, 'independent');
	t.deepEqual([...space.points()], [...tried.points()]);
});
