// Edits of the retina's code, each with the tasks that must run again: comments, layout, helpers, methods, data.
import type { Edits, Reruns } from './ground.ts';
import { everything, fromSpikes, retina } from './projects.ts';
import { testEdits } from './rows.ts';

const one = (old: string, now: string) => [[old, now]] as const;
const nothing: Reruns = {};

const edits: readonly (readonly [title: string, edits: Edits, reruns: Reruns])[] = [
	['editing nothing reruns nothing', {}, nothing],
	['a comment reruns nothing', { 'model.ts': one('/** Spike times. */', '// Times of spikes, in seconds.') }, nothing],
	[
		'a comment inside a function reruns nothing',
		{ 'model.ts': one('const local =', '/* sum */ const local =') },
		nothing,
	],
	['layout reruns nothing', { 'model.ts': one('const unit = 1;', 'const\n\n  unit    =\n 1') }, nothing],
	[
		'quotes and parentheses rerun nothing',
		{ 'response.ts': one("['red', 'blue']", '[("red"), `blue`]'.replaceAll('`', "'")) },
		nothing,
	],
	['a quoted property name reruns nothing', { 'settings.ts': one('tau: 10', '"tau": 10') }, nothing],
	['a number typed in another way reruns nothing', { 'settings.ts': one('tau: 10', 'tau: 1e1') }, nothing],
	['an edit of types reruns nothing', { 'model.ts': one('(rate: number): number', '(rate: 1 | 2 | number)') }, nothing],
	[
		'a type that is exported reruns nothing',
		{ 'synapse.ts': one('const rate = 3;', 'export interface Weight { w: number }\nconst rate = 3;') },
		nothing,
	],
	['an unrelated function reruns nothing', { 'model.ts': one("'never used'", "'still not used'") }, nothing],
	['an unrelated function two modules away reruns nothing', { 'numbers.ts': one('x / 2', 'x / 3') }, nothing],
	[
		'an export that nobody uses reruns nothing',
		{ 'numbers.ts': one('export function half', 'export const third = 1 / 3;\nexport function half') },
		nothing,
	],
	[
		'a top-level name that is shadowed where it seems to be used reruns nothing',
		{ 'synapse.ts': one('const rate = 3', 'const rate = 4') },
		nothing,
	],
	['the name that shadows it reruns simulate', { 'synapse.ts': one('const rate = 2', 'const rate = 5') }, fromSpikes],
	[
		'a constant that only another function uses reruns nothing of simulate',
		{ 'response.ts': one('bins = 10', 'bins = 20') },
		{ response: 4, tuning: 1 },
	],
	['the code of analyze reruns analyze alone', { 'response.ts': one('.join()', ".join('; ')") }, { tuning: 1 }],
	['data of the analysis rerun analyze alone', { 'response.ts': one("'blue'", "'green'") }, { tuning: 1 }],
	[
		'a helper of generate reruns generate and what stands on it',
		{ 'model.ts': one('rate + unit', 'rate - unit') },
		everything,
	],
	[
		'a constant of a helper of generate reruns it and what stands on it',
		{ 'model.ts': one('unit = 1', 'unit = 2') },
		everything,
	],
	['generate edited to the same result stops there', { 'model.ts': one('rate + unit', 'unit + rate') }, { input: 6 }],
	[
		'simulate edited to the same result stops there',
		{ 'model.ts': one('new Synapse(params.weight)', 'new Synapse(+params.weight)') },
		{ spikes: 12 },
	],
	[
		'aggregate edited to the same result stops there',
		{ 'response.ts': one('rows.length / bins', '(rows.length * bins)') },
		{ response: 4 },
	],
	['a helper two modules away reruns all of simulate', { 'numbers.ts': one('x / 8 + 1', 'x / 8 - 1') }, fromSpikes],
	['a method reruns those who make the class', { 'synapse.ts': one('x * this.weight', 'x / this.weight') }, fromSpikes],
	[
		'a constructor reruns those who call it',
		{ 'synapse.ts': one('this.weight = weight', 'this.weight = weight + 1') },
		fromSpikes,
	],
	['the default of a function parameter reruns it', { 'model.ts': one('scale = 2', 'scale = 3') }, fromSpikes],
	['a field of a constant object reruns those who read it', { 'settings.ts': one('tau: 10', 'tau: 20') }, fromSpikes],
	['an imported JSON file reruns those who read it', { 'data.json': one('"gain": 3', '"gain": 4') }, fromSpikes],
	['the layout of an imported JSON file reruns nothing', { 'data.json': '{"gain":3,\n"name":"lgn"}' }, nothing],
	[
		'a function that was unused and is used reruns its new user',
		{ 'model.ts': one('rate + unit', 'rate + unit + unrelated().length') },
		everything,
	],
	[
		'a function moved to another module reruns nothing',
		{
			'model.ts': [
				['const draw = (rate: number): number => rate + unit;\nconst unit = 1;\n', ''],
				["import './setup.ts';", "import './setup.ts';\nimport { draw } from './draw.ts';"],
			],
			'draw.ts': 'export const draw = (rate: number): number => rate + unit;\nconst unit = 1;\n',
		},
		nothing,
	],
	[
		'a renamed module reruns nothing',
		{
			'synapse.ts': [["'./numbers.ts'", "'./counts.ts'"]],
			'numbers.ts': null,
			'counts.ts': retina['numbers.ts'] ?? '',
		},
		nothing,
	],
	[
		'the order of declarations reruns nothing',
		{
			'model.ts': [
				['const draw = (rate: number): number => rate + unit;\nconst unit = 1;\n', ''],
				['/** Spike times. */', 'const unit = 1;\nconst draw = (rate: number): number => rate + unit;\n'],
			],
		},
		nothing,
	],
	[
		'the order of rules and of targets reruns nothing',
		{
			'Scanfile.ts': [
				['const input = generate({ over: stimulus.trials(2), run: poissonInput });\n', ''],
				['const cell =', 'const input = generate({ over: stimulus.trials(2), run: poissonInput });\nconst cell ='],
				['scan({ input, spikes, response', 'scan({ response, spikes, input'],
			],
		},
		nothing,
	],
	[
		'the order of imports reruns nothing',
		{
			'model.ts': [
				[
					"import { Synapse, decayed } from './synapse.ts';\nimport { settings } from './settings.ts';",
					"import { settings } from './settings.ts';\nimport { decayed, Synapse } from './synapse.ts';",
				],
			],
			'Scanfile.ts': [
				[
					"import { poissonInput, relayCell } from './model.ts';\nimport { meanResponse, tuningCurves } from './response.ts';",
					"import { meanResponse, tuningCurves } from './response.ts';\nimport { poissonInput, relayCell } from './model.ts';",
				],
			],
		},
		nothing,
	],
	[
		'a renamed target reruns nothing',
		{ 'Scanfile.ts': one('scan({ input, spikes,', 'scan({ input, cells: spikes,') },
		nothing,
	],
	[
		'a target more over the same rule reruns nothing',
		{ 'Scanfile.ts': one('scan({ input,', 'scan({ again: input, input,') },
		nothing,
	],
	[
		'a target less reruns nothing',
		{ 'Scanfile.ts': one('scan({ input, spikes, response, tuning })', 'scan({ tuning })') },
		nothing,
	],
	[
		'a name given to a constant that holds a rule reruns nothing',
		{
			'Scanfile.ts': [
				['const tuning = ', 'const curves = '],
				['response, tuning })', 'response, tuning: curves })'],
			],
		},
		nothing,
	],
	[
		'a print while the Scanfile is read reruns nothing',
		{ 'Scanfile.ts': one('export default', 'console.error(cell.size);\nexport default') },
		nothing,
	],
	[
		'names that the bundler has to change rerun nothing',
		{
			'numbers.ts': one(
				'export function half',
				'import { rate, unit } from "./more.ts";\nexport const both = rate + unit;\nexport function half',
			),
			'more.ts':
				'export const rate = Math.abs(-7);\nexport const unit = Math.abs(-8);\nexport const settings = [rate];\n',
			'response.ts': one(
				'const bins',
				'import { both } from "./numbers.ts";\nexport const twice = both * Math.abs(2);\nconst bins',
			),
		},
		nothing,
	],
	[
		'a new module with a name of another one, used instead of it, reruns its users',
		{
			'model.ts': [["from './settings.ts'", "from './more.ts'"]],
			'more.ts':
				"export { settings as old } from './settings.ts';\nexport const settings = { tau: 9, list: [1, 2] };\n",
		},
		fromSpikes,
	],
	[
		'a method patched two modules away reruns those who call it',
		{
			'response.ts': one('const bins', "import './patch.ts';\nconst bins"),
			'patch.ts': "import { Synapse } from './synapse.ts';\nSynapse.prototype.decay = (x: number) => x;\n",
		},
		fromSpikes,
	],
	[
		'Object.assign on what is read reruns those who read it',
		{ 'settings.ts': one('};', '};\nObject.assign(settings, { tau: 11 });') },
		fromSpikes,
	],
	[
		'an element pushed at the top level reruns those who read the array',
		{ 'settings.ts': one('};', '};\nsettings.list.push(3);') },
		fromSpikes,
	],
	[
		'an assignment into an object from another module reruns those who read it',
		{ 'response.ts': one('const bins', "import { settings } from './settings.ts';\nsettings.tau = 99;\nconst bins") },
		fromSpikes,
	],
	[
		'a function that changes what is read and is called at the top level reruns those who read it',
		{
			'response.ts': one(
				'const bins',
				"import { settings } from './settings.ts';\nfunction slow() {\n\tsettings.tau = 99;\n}\nslow();\nconst bins",
			),
		},
		fromSpikes,
	],
	[
		'a function that would change what is read and is never called reruns nothing',
		{
			'response.ts': one(
				'const bins',
				"import { settings } from './settings.ts';\nexport function slow() {\n\tsettings.tau = 99;\n}\nconst bins",
			),
		},
		nothing,
	],
];

testEdits(edits.map(([title, edit, reruns]) => ({ title, project: retina, edits: edit, reruns })));
