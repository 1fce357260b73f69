// What programs print as results: JSON with three numbers more, and where it is none.
import test from 'ava';
import fc from 'fast-check';
import { readJson, readPrinted } from '../../../engine/workers/printed.ts';
import { seeded } from '../../seeded.ts';

const mistakeIn = (text: string) => {
	const read = readJson(text);
	return 'what' in read ? read.what : undefined;
};

test('NaN and infinities are read as Python prints them, wherever a value may stand', (t) => {
	t.deepEqual(readJson('{"a": NaN, "b": [Infinity, -Infinity, 1e400, -0.5], "c": {"NaN": NaN}}\n'), {
		value: {
			a: Number.NaN,
			b: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -0.5],
			c: { NaN: Number.NaN },
		},
	});
	t.deepEqual(readJson('NaN'), { value: Number.NaN });
});

test('inside a string they are text', (t) => {
	t.deepEqual(readJson('["NaN", "a \\"Infinity\\" b", NaN]'), { value: ['NaN', 'a "Infinity" b', Number.NaN] });
});

test('with one NaN in it, JSON is read as JSON.parse reads the rest', (t) => {
	const value = fc.jsonValue({ noUnicodeString: false, maxDepth: 4 } as never);
	fc.assert(
		fc.property(value, fc.constantFrom(undefined, '\t', 1), (value, space) => {
			const json = JSON.stringify([value, 0], undefined, space);
			const withNaN = json.replace(/0(\s*\])$/, 'NaN$1');
			t.deepEqual(readJson(withNaN), { value: [JSON.parse(JSON.stringify(value)), Number.NaN] });
		}),
		seeded(300),
	);
});

test('what JSON refuses is refused, with one NaN in front as well', (t) => {
	const wrong = [
		'01',
		'1.',
		'.5',
		'+1',
		"'a'",
		'[1,]',
		'{"a":1,}',
		'{a:1}',
		'nan',
		'inf',
		'-NaN',
		'undefined',
		'"a\nb"',
		'"\\x"',
		'1 2',
		'[1 2]',
		'{"a" 1}',
		'',
		'tru',
		'[',
		'{',
		'"',
		'"\\',
	];
	for (const text of wrong) {
		t.throws(() => JSON.parse(text));
		t.is(typeof mistakeIn(text), 'string', text);
		t.is(typeof mistakeIn(`[NaN, ${text}]`), 'string', text);
	}
});

test('a mistake is told with its line, its byte and what stands there', (t) => {
	t.is(mistakeIn('  \n'), 'it is empty');
	t.is(mistakeIn('{"a": 1,\n "é": x}'), 'in line 2 (byte 17: x}) stands no value');
	t.is(mistakeIn('[1, 2'), 'it ends where a comma or the end of the array should follow');
	t.is(mistakeIn('{"a": "b'), 'it ends where the rest of a string should follow');
	t.is(mistakeIn('{"a"'), 'it ends where a colon should follow');
	t.is(mistakeIn('[1]\nwarning: slow'), 'in line 2 (byte 5: warning: slow) something follows the end of the JSON text');
	t.is(
		mistakeIn('Loading the model, please wait for a while'),
		'in line 1 (byte 1: Loading the model, please wait…) stands no value',
	);
	t.is(mistakeIn(`${'['.repeat(100_000)}NaN`), 'it is nested more than 1000 levels deep');
});

test('names are names, whatever they are', (t) => {
	const read = readJson('{"__proto__": NaN, "a": 1, "a": 2}');
	const value = 'value' in read ? (read.value as object) : {};
	t.deepEqual(Object.entries(value), [
		['__proto__', Number.NaN],
		['a', 2],
	]);
	t.is(Object.getPrototypeOf(value), Object.prototype);
});

test('a mark of UTF-8 in front of JSON is no part of it', (t) => {
	t.deepEqual(readPrinted(Buffer.from('\ufeff{"a": 1}'), 'json'), { value: { a: 1 } });
});

test('text is the result as it is, and must be UTF-8', (t) => {
	t.deepEqual(readPrinted(Buffer.from('größe 🧠\n\n'), 'text'), { value: 'größe 🧠\n\n' });
	t.deepEqual(readPrinted(new Uint8Array(0), 'text'), { value: '' });
	fc.assert(
		fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.string({ unit: 'grapheme' }), (before, after) => {
			const good = Buffer.from(before);
			const bytes = Buffer.concat([good, Buffer.of(0xff), Buffer.from(after)]);
			t.deepEqual(readPrinted(bytes, 'text'), { what: `byte ${good.length + 1} is not UTF-8` });
			t.deepEqual(readPrinted(bytes, 'json'), { what: `byte ${good.length + 1} is not UTF-8` });
		}),
		seeded(200),
	);
});
