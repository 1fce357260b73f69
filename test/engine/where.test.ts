// Conditions on parameters, as typed after `--where` and behind `show`.
import test from 'ava';
import { UserError } from '../../engine/errors.ts';
import { conditionWord, holds, parseCondition, parseWhere } from '../../engine/where.ts';
import type { Value } from '../../rules/index.ts';

type Parameters = Readonly<Record<string, Value>>;

const meets = (text: string, parameters: Parameters): boolean =>
	parseWhere(text).every((condition) => holds(condition, parameters[condition.name]));

const complaint = (text: string): string => {
	try {
		parseWhere(text);
	} catch (error) {
		if (error instanceof UserError && error.kind === 'usage') return error.message;
		throw error;
	}
	return 'no complaint';
};

test('a value is met exactly, a range with both its ends, a comparison as in arithmetic', (t) => {
	t.deepEqual(
		[0.3, 0.4, 0.5].map((weight) => meets('weight=0.4', { weight })),
		[false, true, false],
	);
	t.deepEqual(
		[1, 2, 3, 4, 5].map((k) => meets('k=2..4', { k })),
		[false, true, true, true, false],
	);
	t.deepEqual(
		[-1, 0, 1].map((k) => meets('k>0', { k })),
		[false, false, true],
	);
	t.deepEqual(
		[-1, 0, 1].map((k) => meets('k>=0', { k })),
		[false, true, true],
	);
	t.deepEqual(
		[-1, 0, 1].map((k) => meets('k<0', { k })),
		[true, false, false],
	);
	t.deepEqual(
		[-1, 0, 1].map((k) => meets('k<=0', { k })),
		[true, true, false],
	);
	t.deepEqual(
		[-1, 0, 1].map((k) => meets('k!=0', { k })),
		[true, false, true],
	);
	t.true(meets('k=-2.5e-3..-1e-3', { k: -0.002 }));
});

test('all conditions hold together, also several on one name; spaces around signs do not matter', (t) => {
	t.deepEqual(
		[1, 2, 3].map((k) => meets(' k > 1 ,k<3, mode = fast ', { k, mode: 'fast' })),
		[false, true, false],
	);
	t.false(meets('k>1, mode=fast', { k: 2, mode: 'slow' }));
});

test('values and ranges stand beside each other behind |; != excludes them all', (t) => {
	t.deepEqual(
		[1, 2, 3, 4, 5, 6].map((k) => meets('k=1|3..4|6', { k })),
		[true, false, true, true, false, true],
	);
	t.deepEqual(
		['a', 'b', 'c'].map((mode) => meets('mode!=a|b', { mode })),
		[false, false, true],
	);
});

test('true, false and null are values; without quotes the string of the same letters is met too', (t) => {
	t.true(meets('on=true', { on: true }));
	t.true(meets('on=true', { on: 'true' }));
	t.false(meets('on="true"', { on: true }));
	t.true(meets('x=null', { x: null }));
	t.true(meets('subject=007', { subject: '007' }));
	t.true(meets('subject=007', { subject: 7 }));
	t.false(meets('subject="007"', { subject: 7 }));
});

test('quotes keep commas, bars, signs and spaces in a value', (t) => {
	t.true(meets(`name="a, b|c=1", k=1`, { name: 'a, b|c=1', k: 1 }));
	t.true(meets(`name='say "hi"'|other`, { name: 'say "hi"' }));
	t.true(meets(`name="back\\\\slash \\"x\\""`, { name: 'back\\slash "x"' }));
	t.true(meets("name=don't, k=1", { name: "don't", k: 1 }));
});

test('nested names are joined by dots', (t) => {
	t.true(meets('cell.tau=10', { 'cell.tau': 10 }));
});

test('an absent parameter meets no condition, not even !=', (t) => {
	for (const text of ['k=1', 'k!=1', 'k<1', 'k>=1', 'k=0..2', 'k=null']) t.false(meets(text, {}), text);
});

test('a comparison is met by numbers only', (t) => {
	t.false(meets('k>1', { k: '2' }));
	t.false(meets('k<1', { k: null }));
	t.false(meets('k=0..2', { k: true }));
});

test('a mistake is a sentence that names the part', (t) => {
	t.is(complaint('weight'), 'The condition "weight" cannot be read: it has no =, !=, <, <=, > or >=.');
	t.is(
		complaint('weight=0.4, trial>x'),
		'The condition "trial>x" (in "weight=0.4, trial>x") cannot be read: > compares numbers, and "x" is none.',
	);
	t.regex(complaint('2x=3'), /"2x" is no name of a parameter/);
	t.regex(complaint('k='), /no value after =/);
	t.regex(complaint('k=1|'), /a value is missing beside \|/);
	t.regex(complaint('k=5..1'), /nothing lies in 5\.\.1; write 1\.\.5/);
	t.regex(complaint('k=1..'), /a number on both sides/);
	t.regex(complaint('k=1..b'), /"b" is none/);
	t.regex(complaint('k="open'), /quotation mark is not closed/);
	t.regex(complaint('k="a"b'), /follows the closing quotation mark/);
	t.regex(complaint('a=1 b=2'), /separated by commas/);
	t.regex(complaint(' , '), /there is no condition in it/);
});

test('the word of a value names that value, and besides a boolean or null only the string of the same letters', (t) => {
	const values: readonly Value[] = [
		...[0, -1.5, 1e21, 5e-324, true, false, null, '', 'fast', 'true', 'null', '007', '1..2', 'a..1', 'a,b', 'a|b'],
		...['a b', ' a', "don't", 'say "hi"', 'back\\slash', 'x=1', 'ümlaut', '-1', '/a/b.txt', 'a\nb'],
	];
	for (const value of values) {
		const condition = parseCondition(conditionWord('p', value));
		const met = values.filter((other) => holds(condition, other));
		const spelt = typeof value === 'boolean' || value === null ? [value, String(value)] : [value];
		t.deepEqual(new Set(met), new Set(spelt.filter((one) => values.includes(one))), JSON.stringify(value));
	}
});

test('in a word of its own a comma belongs to the value', (t) => {
	t.true(holds(parseCondition('name=a,b'), 'a,b'));
});
