// Code that is changed by a module which no function reaches: state, globals, patches. Each edit of that module changes
// what `relay` answers.
import type { Edit, Files, Reruns } from './ground.ts';
import { besides, both, modelled, relayOnly } from './projects.ts';
import { testEdits } from './rows.ts';

type Exchange = readonly [old: string, now: string];

/** An edit of a module that the Scanfile imports and no function reaches. */
function beside(title: string, model: string, module: string, edit: Exchange, more: readonly [Reruns, Files?]): Edit {
	const [reruns, files] = more;
	return {
		title: `what another module does is seen: ${title}`,
		project: besides(model, module, files),
		edits: { 'beside.ts': [edit] },
		reruns,
	};
}

const k2 = ['k = 2', 'k = 3'] as const;

testEdits([
	beside(
		'a live binding that another module changes',
		"import { k } from './state.ts';\nexport const relay = () => k;",
		"import { set } from './state.ts';\nset(2);",
		['set(2)', 'set(3)'],
		[relayOnly, { 'state.ts': 'export let k = 1;\nexport const set = (x: number) => { k = x; };' }],
	),
	beside(
		'a registry that another module fills',
		"import { all } from './state.ts';\nexport const relay = () => all.length;",
		"import { add } from './state.ts';\nadd(2);",
		['add(2);', 'add(2); add(3);'],
		[
			relayOnly,
			{ 'state.ts': 'export const all: number[] = [];\nexport const add = (x: number) => { all.push(x); };' },
		],
	),
	beside(
		'a weak map that another module fills',
		"import { key, map } from './state.ts';\nexport const relay = () => map.get(key);",
		"import { key, map } from './state.ts';\nmap.set(key, 2);",
		['key, 2', 'key, 3'],
		[relayOnly, { 'state.ts': 'export const key = {};\nexport const map = new WeakMap();' }],
	),
	beside(
		'a handler that another module calls',
		"import { on } from './state.ts';\nlet k = 1;\non((x: number) => { k = x; });\nexport const relay = () => k;",
		"import { emit } from './state.ts';\nemit(2);",
		['emit(2)', 'emit(3)'],
		[
			relayOnly,
			{
				'state.ts':
					'const all: ((x: number) => void)[] = [];\nexport const on = (f: (x: number) => void) => { all.push(f); };\nexport const emit = (x: number) => { for (const f of all) f(x); };',
			},
		],
	),
	beside(
		'data of a CommonJS module that another one changes',
		"import data from './data.cjs';\nexport const relay = () => data.k;",
		"import data from './data.cjs';\ndata.k = 2;",
		k2,
		[relayOnly, { 'data.cjs': 'exports.k = 1;' }],
	),
	beside(
		'a global',
		'export const relay = () => (globalThis as Open).hiddenA;',
		'(globalThis as Open).hiddenA = 2;',
		['= 2', '= 3'],
		[both],
	),
	beside(
		'a global by Object.assign',
		'export const relay = () => (globalThis as Open).hiddenB;',
		'Object.assign(globalThis, { hiddenB: 2 });',
		[': 2', ': 3'],
		[both],
	),
	beside(
		'a method of a global',
		"import './first.ts';\nexport const relay = () => (globalThis as Open).hiddenC.length;",
		'(globalThis as Open).hiddenC.push(1);',
		['(1)', '(1, 2)'],
		[both, { 'first.ts': '(globalThis as Open).hiddenC = [];' }],
	),
	beside(
		'a map behind a global',
		'export const relay = () => (globalThis as Open).hiddenD.get(1);',
		'const map = new Map();\n(globalThis as Open).hiddenD = map;\nmap.set(1, 2);',
		['1, 2', '1, 3'],
		[both],
	),
	beside(
		'a global by eval',
		'export const relay = () => (globalThis as Open).hiddenE;',
		'(0, eval)("globalThis.hiddenE = 2");',
		['= 2', '= 3'],
		[both],
	),
	beside(
		'a prototype of the language',
		'export const relay = () => ([] as Open).hiddenF();',
		'(Array.prototype as Open).hiddenF = () => 2;',
		['=> 2', '=> 3'],
		[both],
	),
	beside(
		'a prototype of the language, from a literal',
		'export const relay = () => ([] as Open).hiddenG();',
		'(Object.getPrototypeOf([]) as Open).hiddenG = () => 2;',
		['=> 2', '=> 3'],
		[both],
	),
	beside(
		'a prototype of the language by `__proto__`',
		'export const relay = () => ([] as Open).hiddenH();',
		'([] as Open).__proto__.hiddenH = () => 2;',
		['=> 2', '=> 3'],
		[both],
	),
	beside(
		'a prototype of the language by `constructor`',
		'export const relay = () => ("" as Open).hiddenI();',
		'("" as Open).constructor.prototype.hiddenI = () => 2;',
		['=> 2', '=> 3'],
		[both],
	),
	beside(
		'a module of Node',
		"import os from 'node:os';\nexport const relay = () => (os as Open).hiddenJ();",
		"import os from 'node:os';\n(os as Open).hiddenJ = () => 2;",
		['=> 2', '=> 3'],
		[both],
	),
	beside(
		'the state of a package, set through another of its files',
		"import { read } from 'state';\nexport const relay = () => read();",
		"import { set } from 'state/config.js';\nset(2);",
		['set(2)', 'set(3)'],
		[
			relayOnly,
			{
				'node_modules/state/package.json':
					'{ "name": "state", "version": "1.0.0", "type": "module", "main": "index.js" }',
				'node_modules/state/index.js': "import { config } from './config.js';\nexport const read = () => config.k;",
				'node_modules/state/config.js': 'export const config = { k: 1 };\nexport const set = (k) => { config.k = k; };',
			},
		],
	),
	{
		title: 'what other modules do is seen: the order of imports that are made for their side effects',
		project: modelled("import './a.ts';\nimport './b.ts';\nexport const relay = () => (globalThis as Open).hiddenK;", {
			'a.ts': '(globalThis as Open).hiddenK = 2;',
			'b.ts': '(globalThis as Open).hiddenK = 3;',
		}),
		edits: { 'model.ts': [["import './a.ts';\nimport './b.ts';", "import './b.ts';\nimport './a.ts';"]] },
		reruns: both,
	},
]);
