// The forms that code takes in the language: an edit of each reruns what runs it, and nothing else.
import type { Edit, Edits, Files, Reruns } from './ground.ts';
import { modelled, relayOnly } from './projects.ts';
import { testEdits } from './rows.ts';

/** A row whose edit replaces one part of a file, the model where none is named. */
function form(title: string, model: string, [old, now]: readonly [string, string], more: Form = {}): Edit {
	const { reruns = relayOnly, file = 'model.ts', files = {}, edits } = more;
	const sentence = title.endsWith('nothing') ? title : `an edit reruns what hangs on it: ${title}`;
	return { title: sentence, project: modelled(model, files), edits: edits ?? { [file]: [[old, now]] }, reruns };
}

interface Form {
	readonly reruns?: Reruns;
	readonly file?: string;
	readonly files?: Files;
	readonly edits?: Edits;
}

const k = ['= 2', '= 3'] as const;
const named = (text: string, expression: string) =>
	`${text}\nexport const relay = (p: { weight: number }): unknown => ${expression}`;
const inGain = (text: string): Form => ({ file: 'gain.ts', files: { 'gain.ts': text } });

testEdits([
	form(
		'a default export that is a function',
		"import gain from './gain.ts';\nexport const relay = () => gain();",
		k,
		inGain('const k = 2;\nexport default function () { return k; }'),
	),
	form(
		'a default export that is an expression',
		"import gain from './gain.ts';\nexport const relay = () => gain;",
		['2', '3'],
		inGain('export default 2;'),
	),
	form(
		'a default export that is a class',
		"import Model from './gain.ts';\nexport const relay = () => new Model().k;",
		k,
		inGain('export default class { k = 2; }'),
	),
	form(
		'a default export that is reassigned',
		"import gain from './gain.ts';\nexport const relay = () => gain();",
		['=> 2', '=> 3'],
		inGain('let gain = () => 1;\nexport { gain as default };\ngain = () => 2;'),
	),
	form('a static method', named('class Model { static run() { return Model.k; } static k = 2; }', 'Model.run();'), k),
	form('a static block', named('class Model { static k: number; static { Model.k = 2; } }', 'Model.k;'), k),
	form(
		'a static block that changes another name',
		named('let gain = 1;\nexport class Model { static { gain = 2; } }', 'gain;'),
		k,
	),
	form('a private field', named('class Model { #k = 2; get k() { return this.#k; } }', 'new Model().k;'), k),
	form(
		'a private static field that a call sets',
		named(
			'class Model { static #k = 1; static set(k: number) { Model.#k = k; } static k() { return Model.#k; } }\nModel.set(2);',
			'Model.k();',
		),
		['set(2)', 'set(3)'],
	),
	form('a getter', named('const settings = { get k() { return 2; } };', 'settings.k;'), ['return 2', 'return 3']),
	form('a getter made a method', named('const settings = { get k() { return 2; } };', 'typeof settings.k;'), [
		'get k',
		'k',
	]),
	form('a base class', named('class Base { k() { return 2; } }\nclass Model extends Base {}', 'new Model().k();'), [
		'return 2',
		'return 3',
	]),
	form(
		'a namespace import',
		"import * as gains from './gain.ts';\nexport const relay = () => gains.k;",
		k,
		inGain('export const k = 2;\nexport const other = 5;'),
	),
	form(
		'another name of a namespace import reruns nothing',
		"import * as gains from './gain.ts';\nexport const relay = () => gains.k;",
		['= 5', '= 6'],
		{ ...inGain('export const k = 2;\nexport const other = 5;'), reruns: {} },
	),
	form('a re-export through a barrel', "import { k } from './index.ts';\nexport const relay = () => k;", k, {
		file: 'gain.ts',
		files: { 'index.ts': "export * from './gain.ts';", 'gain.ts': 'export const k = 2;\nexport const other = 5;' },
	}),
	form(
		'another name behind a barrel reruns nothing',
		"import { k } from './index.ts';\nexport const relay = () => k;",
		['= 5', '= 6'],
		{
			file: 'gain.ts',
			reruns: {},
			files: {
				'index.ts': "export * from './gain.ts';\nexport * as all from './gain.ts';",
				'gain.ts': 'export const k = 2;\nexport const other = 5;',
			},
		},
	),
	form(
		'another module behind a barrel',
		"import { k } from './index.ts';\nexport const relay = () => k;",
		['./a.ts', './b.ts'],
		{
			file: 'index.ts',
			files: {
				'index.ts': "export * from './a.ts';",
				'a.ts': 'const unit = 2;\nexport const k = unit;',
				'b.ts': 'const unit = 3;\nexport const k = unit;',
			},
		},
	),
	form(
		'circular imports',
		"import { even } from './gain.ts';\nexport const odd = (n: number): boolean => n > 0 && even(n - 1);\nexport const relay = () => odd(3);",
		['n === 0', 'n === 1'],
		inGain("import { odd } from './model.ts';\nexport const even = (n: number): boolean => n === 0 || odd(n - 1);"),
	),
	form(
		'two functions that call each other',
		named(
			'function a(n: number): number { return n > 0 ? b(n - 1) : 2; }\nfunction b(n: number): number { return n > 0 ? a(n - 1) : 7; }',
			'a(4);',
		),
		['n > 0 ? b', 'n > 1 ? b'],
	),
	form('a CommonJS module', "import data from './data.cjs';\nexport const relay = () => data.k;", k, {
		file: 'help.cjs',
		files: { 'data.cjs': "exports.k = require('./help.cjs').k;", 'help.cjs': 'exports.k = 2;' },
	}),
	form('a text file', "import text from './gain.txt';\nexport const relay = () => text;", ['two', 'three'], {
		file: 'gain.txt',
		files: { 'gain.txt': 'two' },
	}),
	form(
		'a module that is imported when the function runs',
		"export const relay = async () => (await import('./gain.ts')).k;",
		k,
		{ ...inGain('export const k = 2;') },
	),
	form('an async function', 'const gain = async () => 2;\nexport const relay = async () => await gain();', [
		'=> 2',
		'=> 3',
	]),
	form('async made sync', 'const gain = async () => 2;\nexport const relay = () => typeof gain() === "object";', [
		'async () => 2',
		'() => 2',
	]),
	form('a generator', named('function* count() { yield 1; yield 2; }', '[...count()];'), ['yield 2', 'yield 3']),
	form(
		'an async generator',
		'async function* count() { yield 2; }\nexport const relay = async () => { const all = []; for await (const one of count()) all.push(one); return all; };',
		['yield 2', 'yield 3'],
	),
	form('a template literal', named('', '`a\\`$' + '{p.weight}`;'), ['`a', '`b']),
	form('a tagged template', named('const tag = (parts: TemplateStringsArray) => parts.raw[0];', 'tag`a\\u0062`;'), [
		'`a\\u0062`',
		'`ab`',
	]),
	form('a tag', named('const tag = (parts: TemplateStringsArray) => parts[0] + "2";', 'tag`ab`;'), ['"2"', '"3"']),
	form('a regular expression', named('const word = /a+/;', 'word.test("b");'), ['/a+/', '/a*/']),
	form('flags of a regular expression', named('const word = /A/;', 'word.test("a");'), ['/A/', '/A/i']),
	form('a big integer', named('const big = 2n;', 'String(big);'), ['2n', '3n']),
	form('the sign of zero', named('const zero = 0;', 'Object.is(zero, -0);'), ['= 0', '= -0']),
	form('parentheses that change what is meant', named('', 'p.weight + 1 * 2;'), [
		'p.weight + 1 * 2',
		'(p.weight + 1) * 2',
	]),
	form('a hole in an array', named('const list = [undefined, 1];', '0 in list;'), ['[undefined, 1]', '[, 1]']),
	form('a computed key', named("const key = 'a';\nconst settings = { [key]: 2 };", 'Object.keys(settings).join();'), [
		"'a'",
		"'b'",
	]),
	form(
		'a symbol as a key',
		named('const key = Symbol();\nconst settings: Record<symbol, number> = {};\nsettings[key] = 2;', 'settings[key];'),
		k,
	),
	form('the default of a destructured name', named('const { k = 2 } = {} as { k?: number };', 'k;'), k),
	form('a destructured parameter', named('', '((({ k = 2 }) => k) as (x: object) => number)({});'), k),
	form('a value awaited at the top level', named('const k = await Promise.resolve(2);', 'k;'), ['(2)', '(3)']),
	form('a value reassigned at the top level', named('let k = 1;\nk = 2;', 'k;'), k),
	form('a value counted up at the top level', named('let k = 1;\nk++;', 'k;'), ['k++', 'k--']),
	form('a value assigned by destructuring', named('let k = 1;\n[k] = [2];', 'k;'), ['[2]', '[3]']),
	form('a value assigned in a loop', named('let k = 1;\nfor (k of [2]);', 'k;'), ['[2]', '[3]']),
	form('a variable declared twice', named('var k = 1;\nvar k = 2;', 'k;'), k),
	form('a variable declared in a block', named('var k = 1;\nif (k) { var k = 2; }', 'k;'), k),
	form('a function used above its declaration', named('const k = gain();\nfunction gain() { return 2; }', 'k;'), [
		'return 2',
		'return 3',
	]),
	form('a property put on a function', 'export function relay() { return relay.k; }\nrelay.k = 2;', k),
	form('an immediately called function', named('const k = (() => { const inner = 2; return inner; })();', 'k;'), k),
	form('a closure of the top level', 'export const relay = ((k: number) => () => k)(2);', ['(2)', '(3)'], {
		reruns: relayOnly,
	}),
	form('a switch', named('', '{ switch (p.weight) { case 1: return 2; default: return 7; } };'), ['case 1', 'case 2']),
	form('a label', named('', '{ a: for (const x of [1, 2]) { for (;;) continue a; } return 2; };'), [
		'return 2',
		'return 3',
	]),
	form(
		'let made var in a loop',
		named('', '{ const all = []; for (let i = 0; i < 2; i++) all.push(() => i); return all[0]?.(); };'),
		['let i', 'var i'],
	),
	form('a local name that hides another', named('const k = 2;', '((j: number) => k)(p.weight);'), ['(j:', '(k:']),
	form('two names exchanged', named('const a = 1;\nconst b = 2;', 'a - b;'), ['=> a - b', '=> b - a']),
	form('two numbered names exchanged', named('const a1 = 1;\nconst a2 = 2;', 'a1 - a2;'), ['=> a1 - a2', '=> a2 - a1']),
	form('the values of two numbered names exchanged', named('const a1 = 1;\nconst a2 = 2;', 'a1 - a2;'), k, {
		edits: {
			'model.ts': [
				['a1 = 1', 'a1 = 2'],
				['a2 = 2', 'a2 = 1'],
			],
		},
	}),
	form('a numbered property', named('const o = { a1: 1, a2: 2 };', 'o.a1;'), ['o.a1', 'o.a2']),
	form(
		'the same name and text of another module',
		"import { gain } from './a.ts';\nexport const relay = () => gain();",
		['./a.ts', './b.ts'],
		{
			files: {
				'a.ts': 'const k = 2;\nexport const gain = () => k;',
				'b.ts': 'const k = 3;\nexport const gain = () => k;',
			},
		},
	),
]);
