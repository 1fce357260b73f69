// The values of an axis: as numpy's, rounded as a person would type them, with what is said of them.
import test from 'ava';
import fc from 'fast-check';
import { arange, axis, geomspace, grid, linspace, logspace } from '../../rules/index.ts';
import { problemsOf } from '../../rules/space.ts';

const seed = 20131;
const finite = fc.double({ noNaN: true, min: -1e9, max: 1e9 });

test('linspace has both ends as typed and equal steps between', (t) => {
	t.deepEqual([...linspace(0, 1, 5)], [0, 0.25, 0.5, 0.75, 1]);
	t.deepEqual([...linspace(0.2, 1.2, 6)], [0.2, 0.4, 0.6, 0.8, 1, 1.2]);
	t.deepEqual([...linspace(1, 0, 3)], [1, 0.5, 0]);
	t.deepEqual([...linspace(3, 7, 1)], [3]);
	t.deepEqual([...linspace(3, 7, 0)], []);
	t.is(linspace(0, 1).length, 50);
	t.is(linspace(0, 1 / 3, 4).at(-1), 1 / 3);
});

test('0.1 + 0.2 is the 0.3 that a person types', (t) => {
	t.deepEqual([...linspace(0, 0.3, 4)], [0, 0.1, 0.2, 0.3]);
	t.deepEqual([...linspace(0, 1, 11)], [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
	t.deepEqual([...arange(0, 1, 0.1)], [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
	t.deepEqual([...arange(-0.3, 0.35, 0.1)], [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]);
});

test('value i is a + (b − a) · i/(n−1), rounded to 15 significant digits', (t) => {
	const property = fc.property(finite, finite, fc.integer({ min: 3, max: 200 }), (start, stop, count) => {
		const noise = 1e-15 * Math.max(Math.abs(start), Math.abs(stop));
		const values = linspace(start, stop, count);
		for (let i = 1; i < count - 1; i++) {
			const exact = start + (stop - start) * (i / (count - 1));
			if (Math.abs(exact) >= noise && values[i] !== Number(exact.toPrecision(15))) return false;
		}
		return values[0] === start + 0 && values[count - 1] === stop + 0;
	});
	t.notThrows(() => fc.assert(property, { seed }));
});

test('a coarse axis lies exactly in a finer one', (t) => {
	const wide = fc.integer({ min: 2, max: 40 });
	const positive = fc.double({ noNaN: true, min: 1e-6, max: 1e6 });
	const property = fc.property(
		positive,
		positive,
		wide,
		fc.integer({ min: 1, max: 9 }),
		(start, stop, count, parts) => {
			for (const words of [linspace, geomspace]) {
				const fine = new Set(words(start, stop, (count - 1) * parts + 1));
				if (!words(start, stop, count).every((value) => fine.has(value))) return false;
			}
			return true;
		},
	);
	t.notThrows(() => fc.assert(property, { seed }));
});

test('geomspace and logspace have equal ratios and no noise in the last digits', (t) => {
	t.deepEqual([...geomspace(1, 64, 7)], [1, 2, 4, 8, 16, 32, 64]);
	t.deepEqual([...geomspace(1, 1000, 4)], [1, 10, 100, 1000]);
	t.deepEqual([...geomspace(-8, -1, 4)], [-8, -4, -2, -1]);
	t.deepEqual([...logspace(-3, 3, 7)], [0.001, 0.01, 0.1, 1, 10, 100, 1000]);
});

test('arange stops before its end, whatever the last bits say', (t) => {
	t.deepEqual([...arange(4)], [0, 1, 2, 3]);
	t.deepEqual([...arange(2, 5)], [2, 3, 4]);
	t.deepEqual([...arange(5, 0, -2)], [5, 3, 1]);
	t.deepEqual([...arange(5, 0)], []);
	t.deepEqual([...arange(1, 1.3, 0.1)], [1, 1.1, 1.2]);
	t.deepEqual([...arange(1000, 1000.3, 0.1)], [1000, 1000.1, 1000.2]);
	t.deepEqual([...arange(2 ** 53 - 3, 2 ** 53 - 1)], [2 ** 53 - 3, 2 ** 53 - 2]);
});

test('minus zero is zero', (t) => {
	const values = [...linspace(-0, 1, 2), ...linspace(-1, -0, 2), ...arange(-0, 1), ...geomspace(1, 2, 2)];
	t.false(values.some((value) => Object.is(value, -0)));
});

test('an axis is an array that remembers how it was made', (t) => {
	const weights = linspace(0, 1, 3);
	t.true(Array.isArray(weights));
	t.deepEqual(Object.keys(weights), ['0', '1', '2']);
	t.deepEqual(
		weights.map((weight) => weight * 2),
		[0, 1, 2],
	);
	t.deepEqual(weights.axis.origin, { kind: 'linspace', start: 0, stop: 1, count: 3 });
	t.deepEqual(arange(0, 1, 0.5).axis.origin, { kind: 'arange', start: 0, stop: 1, step: 0.5 });
	t.deepEqual(axis([1, 2]).axis.origin, { kind: 'listed' });
});

test('axis adds a default, a unit and a label, and keeps the origin', (t) => {
	const { axis: notes } = axis(linspace(10, 20, 3), { default: 10, unit: 'ms', label: 'time constant' });
	t.is(notes.origin.kind, 'linspace');
	t.is(notes.default, 10);
	t.is(notes.unit, 'ms');
	t.is(notes.label, 'time constant');
	t.is(axis(axis([1, 2], { unit: 'mV' }), { default: 1 }).axis.unit, 'mV');
	t.is(axis([null, 1], { default: null }).axis.default, null);
});

test('an axis is of integers only where that is said or arange has integers', (t) => {
	t.true(arange(0, 10, 2).axis.integer);
	t.false(arange(0, 10, 0.5).axis.integer);
	t.false(linspace(0, 10, 11).axis.integer);
	t.true(axis([1, 2], { integer: true }).axis.integer);
	t.regex(axis([1, 2.5], { integer: true }).axis.problems[0]?.message ?? '', /integers has the value 2\.5/);
});

const mistakes: [string, () => readonly { message: string }[], RegExp][] = [
	[
		'a number of values that is no whole number',
		() => linspace(0, 1, 2.5).axis.problems,
		/^linspace: .* 2\.5; give a whole/,
	],
	['an end that is NaN', () => linspace(Number.NaN, 1, 3).axis.problems, /^linspace: start is NaN/],
	['a geomspace through zero', () => geomspace(0, 1, 3).axis.problems, /^geomspace: from 0 to 1/],
	['a geomspace across zero', () => geomspace(-1, 1, 3).axis.problems, /both ends must be above 0, or both below/],
	['a step of zero', () => arange(0, 1, 0).axis.problems, /^arange: step is 0/],
	['an arange of too many values', () => arange(0, 1, 1e-12).axis.problems, /more than an axis holds/],
	['a default that is no value', () => axis([1], { default: Number.NaN }).axis.problems, /^axis: the default is NaN/],
	[
		'an unknown option',
		() => axis([1], JSON.parse('{"units":"ms"}')).axis.problems,
		/no option units; did you mean unit\?/,
	],
	['a unit that is no text', () => axis([1], JSON.parse('{"unit":3}')).axis.problems, /unit is 3; give text/],
	['values that are no list', () => axis(JSON.parse('3')).axis.problems, /^axis: the values are 3/],
];

for (const [what, problems, sentence] of mistakes) {
	test(`a problem, not an exception: ${what}`, (t) => {
		t.is(problems().length, 1);
		t.regex(problems()[0]?.message ?? '', sentence);
	});
}

test('the problems of an axis are problems of the space that takes it', (t) => {
	const [problem, ...others] = problemsOf(grid({ a: linspace(0, 1, -1), b: [1] }));
	t.regex(problem?.message ?? '', /^linspace: /);
	t.regex(problem?.stack ?? '', /axis\.test/);
	t.deepEqual(others, []);
});
