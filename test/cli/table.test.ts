// Rows as CSV, JSON, JSON lines and aligned columns.
import test from 'ava';
import { dataText } from '../../cli/arrays.ts';
import { alignedText, csvCell, csvText, jsonArray, jsonLines } from '../../cli/table.ts';
import { tableOf } from './fake.ts';

const text = (pieces: Iterable<string>): string => [...pieces].join('');

const mixed = tableOf(
	['weight', 'frequency', 'trial', 'seed'],
	[
		{ params: { weight: 0.2, trial: 0, seed: 11 }, result: { rate: 1, fit: { a: Number.NaN, b: [1, 2] } } },
		{
			params: { weight: 0.2, frequency: 4, trial: 1, seed: 12 },
			result: { rate: Number.POSITIVE_INFINITY, note: 'a "b", c' },
		},
		{ params: { weight: 0.4, frequency: 4, trial: 0, seed: 13 } },
	],
);

test('CSV has the parameters, then the fields of all rows in order of first appearance', (t) => {
	t.is(
		text(csvText(mixed)),
		[
			'weight,frequency,trial,seed,rate,fit.a,fit.b,note',
			'0.2,,0,11,1,NaN,"[1,2]",',
			'0.2,4,1,12,inf,,,"a ""b"", c"',
			'0.4,4,0,13,,,,',
			'',
		].join('\n'),
	);
});

test('JSON is an array of flat objects; absent parameters and the fields of rows without a result are missing', (t) => {
	t.deepEqual(JSON.parse(text(jsonArray(mixed))), [
		{ weight: 0.2, trial: 0, seed: 11, rate: 1, 'fit.a': null, 'fit.b': [1, 2] },
		{ weight: 0.2, frequency: 4, trial: 1, seed: 12, rate: null, note: 'a "b", c' },
		{ weight: 0.4, frequency: 4, trial: 0, seed: 13 },
	]);
	t.deepEqual(JSON.parse(text(jsonArray(tableOf(['a'], [])))), []);
});

test('JSON lines are the same objects, one a line', (t) => {
	const lines = text(jsonLines(mixed)).trimEnd().split('\n');
	t.deepEqual(
		lines.map((line) => JSON.parse(line)),
		JSON.parse(text(jsonArray(mixed))),
	);
});

test('a result that is no object stands in the column result', (t) => {
	const table = tableOf(
		['k'],
		[3.5, null, 'x', [1, 2], Float64Array.of(0.5, Number.NaN)].map((result, k) => ({ params: { k }, result })),
	);
	t.is(text(csvText(table)), 'k,result\n0,3.5\n1,\n2,x\n3,"[1,2]"\n4,"[0.5,null]"\n');
	t.deepEqual(JSON.parse(text(jsonArray(table))), [
		{ k: 0, result: 3.5 },
		{ k: 1, result: null },
		{ k: 2, result: 'x' },
		{ k: 3, result: [1, 2] },
		{ k: 4, result: [0.5, null] },
	]);
});

/** As an array of numpy with several axes comes. */
function shaped<T extends object>(array: T, ...shape: number[]): T {
	return Object.defineProperty(array, 'shape', { value: shape });
}

test('an array with several axes is lists in a list, row by row; one without numbers keeps its axes', (t) => {
	const rate = shaped(Float64Array.of(1, 2, 3, Number.NaN, 5, 6), 2, 3);
	const cube = shaped(
		Int32Array.from({ length: 8 }, (_, at) => at),
		2,
		2,
		2,
	);
	const table = tableOf(['k'], [{ params: { k: 1 }, result: { rate, cube, none: shaped(new Float32Array(0), 2, 0) } }]);
	const known = {
		rate: [
			[1, 2, 3],
			[null, 5, 6],
		],
		cube: [
			[
				[0, 1],
				[2, 3],
			],
			[
				[4, 5],
				[6, 7],
			],
		],
		none: [[], []],
	};
	t.deepEqual(JSON.parse(text(jsonArray(table))), [{ k: 1, ...known }]);
	t.is(text(csvText(table)), 'k,rate,cube,none\n1,"[[1,2,3],[null,5,6]]","[[[0,1],[2,3]],[[4,5],[6,7]]]","[[],[]]"\n');
	t.is(
		dataText({ rate, list: [1, 2] }),
		'{\n  rate: Float64Array(2 × 3) [ [ 1, 2, 3 ], [ NaN, 5, 6 ] ],\n  list: [ 1, 2 ]\n}',
	);
	const long = dataText(shaped(new Uint8Array(100), 50, 2));
	t.regex(long, /^Uint8Array\(50 × 2\) \[/);
	t.regex(long, /… 30 more/);
	t.is(long.match(/\[ 0, 0 \]/g)?.length, 20);
});

test('a field named like a parameter becomes result.NAME, also nested and for result itself', (t) => {
	t.is(text(csvText(tableOf(['k'], [{ params: { k: 1 }, result: { k: 2 } }]))), 'k,result.k\n1,2\n');
	t.is(text(csvText(tableOf(['a.b'], [{ params: { 'a.b': 1 }, result: { a: { b: 2 } } }]))), 'a.b,result.a.b\n1,2\n');
	t.is(text(csvText(tableOf(['result'], [{ params: { result: 1 }, result: 2 }]))), 'result,result.result\n1,2\n');
});

test('fields keep their order even where their names are numbers, and __proto__ is a name like another', (t) => {
	const result: unknown = JSON.parse('{"rate": 1, "__proto__": 2, "0": 3}');
	const table = tableOf(['k'], [{ params: { k: 1 }, result: { z: 1, inner: result } }]);
	t.is(text(jsonLines(table)), '{"k":1,"z":1,"inner.0":3,"inner.rate":1,"inner.__proto__":2}\n');
});

test('an empty object is a value and not lost', (t) => {
	t.is(text(csvText(tableOf(['k'], [{ params: { k: 1 }, result: { a: {}, b: [] } }]))), 'k,a,b\n1,{},[]\n');
});

test('cells are quoted as RFC 4180 says; an empty string is told from an empty cell', (t) => {
	t.is(csvCell('plain'), 'plain');
	t.is(csvCell('two\nlines'), '"two\nlines"');
	t.is(csvCell('a\rb'), '"a\rb"');
	t.is(csvCell(' space'), '" space"');
	t.is(csvCell(''), '""');
	t.is(csvCell(undefined), '');
	t.is(csvCell(Number.NEGATIVE_INFINITY), '-inf');
	t.is(csvCell(-0), '0');
	t.is(csvCell(1e-7), '1e-7');
	t.is(csvCell(true), 'true');
	t.is(csvCell(12345678901234567890n), '12345678901234567890');
});

test('a million rows are read one at a time and never held', (t) => {
	let alive = 0;
	let most = 0;
	const table = {
		...tableOf(['k'], []),
		size: 1_000_000,
		*rows() {
			for (let k = 0; k < 2000; k++) {
				alive++;
				most = Math.max(most, alive);
				yield { params: { k }, done: true, result: { value: k } };
				alive--;
			}
		},
	};
	let lines = 0;
	for (const _ of csvText(table)) lines++;
	t.is(lines, 2001);
	t.is(most, 1);
});

test('for eyes numbers are flush right, texts left, cells are cut, and columns that do not fit are named', (t) => {
	const table = tableOf(
		['weight', 'mode'],
		[
			{ params: { weight: 0.2, mode: 'fast' }, result: { rate: 1 / 3, note: 'x'.repeat(50) } },
			{ params: { weight: 10, mode: 'slow' }, result: { rate: 12, note: '' } },
		],
	);
	const left: string[] = [];
	const lines = text(alignedText(table, 30, (columns) => left.push(...columns)));
	t.is(lines, 'weight  mode      rate\n   0.2  fast  0.333333\n    10  slow        12\n');
	t.deepEqual(left, ['note']);
	t.regex(text(alignedText(table, 100, () => {})), /x{31}…\n/);
});
