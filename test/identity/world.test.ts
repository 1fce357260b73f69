// What is outside the code: options of rules, the environment, files, packages, the clock.
import test from 'ava';
import { afterEdit, type Edit, type Files } from './ground.ts';
import { both, modelled, relayOnly, scanfile } from './projects.ts';
import { testEdits, testRefusals } from './rows.ts';

const constant = 'export const relay = (p: { weight: number }) => p.weight * 2;';

/** `relay` with options of its rule. */
function optioned(options: string, more: Files = {}): Files {
	const body = `const spikes = simulate({ over, run: relay, ${options} });\nconst others = simulate({ over, run: other });`;
	return { ...modelled(constant, more), 'Scanfile.ts': scanfile(body, '{ spikes, others }') };
}

const option = (title: string, before: string, after: string, reruns: Edit['reruns']): Edit => ({
	title,
	project: optioned(before),
	edits: { 'Scanfile.ts': optioned(after)['Scanfile.ts'] ?? '' },
	reruns,
});

/** An edit of the environment alone: variable W_`name` goes from 2 to 3. */
const environment = (title: string, name: string, model: string, reruns: Edit['reruns'] = relayOnly): Edit => ({
	title,
	project: modelled(model.replaceAll('VARIABLE', `W_${name}`)),
	variables: [{ [`W_${name}`]: '2' }, { [`W_${name}`]: '3' }],
	reruns,
});

const packages: Files = {
	'node_modules/solver/package.json':
		'{ "name": "solver", "version": "1.0.0", "main": "index.js", "dependencies": { "matrix": "1" } }',
	'node_modules/solver/index.js': "const matrix = require('matrix');\nexports.solve = (x) => x * matrix.size;",
	'node_modules/matrix/package.json': '{ "name": "matrix", "version": "1.0.0", "main": "index.js" }',
	'node_modules/matrix/index.js': 'exports.size = 2;',
	'node_modules/loud/package.json': '{ "name": "loud", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
	'node_modules/loud/index.js': 'export const say = (x) => x;',
};
const solving = modelled(
	"import { solve } from 'solver';\nimport { say } from 'loud';\nexport const relay = (p: { weight: number }) => solve(p.weight);\nexport const third = () => say(1);",
	packages,
);
const bump = (name: string, reruns: Edit['reruns'], title: string): Edit => ({
	title,
	project: solving,
	edits: { [`node_modules/${name}/package.json`]: [['1.0.0', '1.0.1']] },
	reruns,
});
const reading = (text: string, edits: Edit['edits'], title: string, reruns: Edit['reruns'] = relayOnly): Edit => ({
	title,
	project: modelled(`import { readFileSync } from 'node:fs';\n${text}`, { 'gain.json': '{ "k": 2 }' }),
	edits: edits ?? {},
	reruns,
});
const file = "readFileSync(new URL('./gain.json', import.meta.url), 'utf8')";

testEdits([
	option('a number of retries reruns nothing', 'retries: 0', 'retries: 3', {}),
	option('a timeout reruns nothing', 'timeout: "60s"', 'timeout: "2h"', {}),
	option('cores, memory and executor rerun nothing', 'cores: 1', 'cores: 2, memory: "2GiB", executor: "cluster"', {}),
	option('a version bumped by hand reruns its rule', 'version: 1', 'version: 2', relayOnly),
	option('a version that is text is not the number', 'version: 1', 'version: "1"', relayOnly),
	option('a used value reruns its rule', 'uses: value({ k: [1, 2] })', 'uses: value({ k: [1, 3] })', relayOnly),
	option(
		'the layout of a used value reruns nothing',
		'uses: value({ k: [1, 2] })',
		'uses: [value({\n  k: [ 1, 2 ] })]',
		{},
	),
	{
		title: 'a used file that is edited reruns its rule',
		project: optioned('uses: "data/*.txt"', { 'data/a.txt': 'one' }),
		edits: { 'data/a.txt': 'two' },
		reruns: relayOnly,
	},
	{
		title: 'a used file that is touched reruns nothing',
		project: optioned('uses: "data/*.txt"', { 'data/a.txt': 'one' }),
		edits: { 'data/a.txt': 'one' },
		reruns: {},
	},
	{
		title: 'a file more that a glob matches reruns its rule',
		project: optioned('uses: "data/*.txt"', { 'data/a.txt': 'one' }),
		edits: { 'data/b.txt': 'two' },
		reruns: relayOnly,
	},
	{
		title: 'a variable that a rule names in env reruns it',
		project: optioned('env: "W_NAMED"'),
		variables: [{ W_NAMED: '1' }, { W_NAMED: '2' }],
		reruns: relayOnly,
	},
	{
		title: 'a variable that is set empty is not one that is unset',
		project: optioned('env: "W_EMPTY"'),
		variables: [{ W_EMPTY: undefined }, { W_EMPTY: '' }],
		reruns: relayOnly,
	},
	environment(
		'a variable read at the top level counts by its value',
		'A',
		'const k = Number(process.env.VARIABLE);\nexport const relay = () => k;',
	),
	environment(
		'a variable read by a function that the top level calls counts',
		'B',
		'const read = () => Number(process.env.VARIABLE);\nconst k = read();\nexport const relay = () => k;',
	),
	environment(
		'a variable that decides an assignment counts',
		'C',
		"let k = 1;\nif (process.env.VARIABLE === '3') k = 2;\nexport const relay = () => k;",
	),
	environment(
		'a destructured variable counts',
		'D',
		'const { VARIABLE } = process.env;\nexport const relay = () => VARIABLE;',
	),
	environment(
		'a variable of node:process counts',
		'E',
		"import { env } from 'node:process';\nconst k = env.VARIABLE;\nexport const relay = () => k;",
	),
	environment(
		'a variable reached through an alias of globalThis counts',
		'F',
		'const world = globalThis;\nconst k = world.process.env.VARIABLE;\nexport const relay = () => k;',
	),
	environment(
		'a variable put into an array counts',
		'G',
		'const all: unknown[] = [];\nall.push(process.env.VARIABLE);\nexport const relay = () => all[0];',
	),
	environment(
		'a variable put into a global counts for every function',
		'H',
		'(globalThis as Open).wGlobal = process.env.VARIABLE;\nexport const relay = () => (globalThis as Open).wGlobal;',
		both,
	),
	environment(
		'a value made from a variable that is changed afterwards counts',
		'I',
		'let k = Number(process.env.VARIABLE);\nconst twice = k * 2;\nk = 0;\nexport const relay = () => twice;',
	),
	environment(
		'a function made from a variable counts by it',
		'J',
		'const make = (k: number) => () => k;\nconst k = Number(process.env.VARIABLE);\nexport const relay = make(k);',
	),
	environment(
		'a variable that only another function uses reruns nothing',
		'K',
		'const k = Number(process.env.VARIABLE);\nexport const third = () => k;\nexport const relay = () => 1;',
		{},
	),
	environment(
		'a property that is undefined is not one that is missing',
		'L',
		"const k: object = process.env.VARIABLE === '2' ? { a: undefined } : {};\nexport const relay = () => 'a' in k;",
	),
	reading(
		`const data = JSON.parse(${file});\nexport const relay = () => data.k;`,
		{ 'gain.json': '{ "k": 3 }' },
		'a file read at the top level counts by its value',
	),
	reading(
		`const data = JSON.parse(${file});\nexport const relay = () => data.k;`,
		{ 'gain.json': '{"k":2}' },
		'a file read to the same value reruns nothing',
		{},
	),
	reading(
		`const load = () => JSON.parse(${file});\nconst data = load();\nexport const relay = () => data.k;`,
		{ 'gain.json': '{ "k": 3 }' },
		'a file read by a function that the top level calls counts',
	),
	reading(
		`const data = { k: 1 };\nObject.assign(data, JSON.parse(${file}));\nexport const relay = () => data.k;`,
		{ 'gain.json': '{ "k": 3 }' },
		'a file read into an object counts',
		both,
	),
	bump('solver', relayOnly, 'a new version of a package reruns those who use it'),
	bump('matrix', relayOnly, "a new version of a package's dependency reruns those who use the package"),
	bump('loud', {}, 'a new version of a package that is not reached reruns nothing'),
]);

testRefusals([
	{
		title: 'a value of the top level that is no plain data is refused',
		project: modelled('const k = new Map([[1, process.env.HOME]]);\nexport const relay = () => k;'),
		message: /name what it reads in uses or env/,
	},
	{
		title: 'a value of the top level that hides a part is refused',
		project: modelled(
			'const k: Record<symbol, unknown> = {};\nk[Symbol()] = process.env.HOME;\nexport const relay = () => k;',
		),
		message: /name what it reads in uses or env/,
	},
	{
		title: 'a function that the environment chooses is refused',
		project: modelled('const a = () => 1;\nconst b = () => 2;\nexport const relay = process.env.W_CHOICE ? a : b;'),
		message: /name what it reads in uses or env/,
	},
]);

test('a variable that a function reads while it runs is worth a warning, and reruns nothing', async (t) => {
	const { after } = await afterEdit(
		environment('', 'M', 'export const relay = () => (process.env.VARIABLE === undefined ? 1 : 2);', {}),
	);
	t.deepEqual(after.ran, {});
	t.regex(after.warnings.join(), /^model\.ts:1 relay reads process\.env\.W_M .* env: \["W_M"\]/);
});

test('the clock at the top level reruns what is made with it, with a warning', async (t) => {
	const project = modelled(
		'const started = process.hrtime.bigint() > 0n ? Date.now() + Math.random() : 0;\nexport const relay = () => started;',
	);
	const { after } = await afterEdit({ title: '', project, reruns: {} });
	t.deepEqual(after.ran, relayOnly);
	t.regex(after.warnings.join(), /started is made with/);
});
