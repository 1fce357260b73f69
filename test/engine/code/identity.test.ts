// When a function is the same code: a table of edits of one project, each with the targets whose identity must change.
// The forms that `run` may have are in identity-forms.test.ts.
import test from 'ava';
import { changedTargets, edited, type Files } from './projects.ts';

const project: Files = {
	'Scanfile.ts': `
import { aggregate, analyze, generate, grid, scan, simulate } from 'scanmake';
import { poissonInput, relayCell } from './model.ts';
import { meanResponse, palette, tuningCurves } from './response.ts';

const stimulus = grid({ amplitude: [0, 0.5], frequency: [1, 8] }).drop('frequency', (p) => p.amplitude === 0);
const cell = stimulus.times(grid({ weight: [0.2, 0.4] }));
const input = generate({ over: stimulus.trials(2), run: poissonInput });
const spikes = simulate({ over: cell.trials(2), from: { input }, run: relayCell });
const response = aggregate({ from: spikes, by: ['weight'], run: meanResponse });
const tuning = analyze({ from: { response }, run: (tables) => tuningCurves(tables.response.length, palette) });
export default scan({ input, spikes, response, tuning });
`,
	'model.ts': `
import { Synapse, decayed } from './synapse.ts';
import { settings } from './settings.ts';
import './setup.ts';
import data from './data.json' with { type: 'json' };

/** Spike times. */
export function poissonInput(params: { frequency?: number | undefined }): number[] {
	return [draw(params.frequency ?? 0)];
}

export function relayCell(params: { weight: number }, inputs: { input: number[] }, scale = 2): number {
	const local = inputs.input.length * data.gain;
	const synapse = new Synapse(params.weight);
	return decayed(synapse.decay(local), settings.tau) * scale;
}

const draw = (rate: number): number => rate + unit;
const unit = 1;
const label = 'never used';
export function unrelated(): string {
	return label;
}
`,
	'synapse.ts': `
import { exponent } from './numbers.ts';
const rate = 3;
export class Synapse {
	weight: number;
	constructor(weight: number) {
		this.weight = weight;
	}
	decay(x: number): number {
		return x * this.weight;
	}
}
export function decayed(x: number, tau: number): number {
	const steps = exponent(x);
	{
		const rate = 2;
		return steps * rate * tau;
	}
}
export const other = rate;
`,
	'numbers.ts': `
export function exponent(x: number): number {
	return Math.exp(-x);
}
export function half(x: number): number {
	return x / 2;
}
`,
	'settings.ts': 'export const settings = { tau: 10, list: [1, 2] };\n',
	'setup.ts': "declare global { var dt: number }\nglobalThis.dt = 0.1;\nexport const version = 'a';\n",
	'data.json': '{ "gain": 3, "name": "lgn" }\n',
	'response.ts': `
const bins = 10;
export const palette = ['red', 'blue'];
export function meanResponse(rows: readonly { result: number }[]): number {
	return rows.reduce((sum, { result }) => sum + result, 0) / rows.length / bins;
}
export function tuningCurves(n: number, colours: readonly string[]): string {
	return colours.slice(0, n).join();
}
`,
};

type Edit = readonly [title: string, edits: Parameters<typeof edited>[1], changed: readonly string[]];
const all = ['input', 'response', 'spikes', 'tuning'];
const models = ['input', 'spikes'];

const edits: readonly Edit[] = [
	['a comment', { 'model.ts': ['/** Spike times. */', '// Times of spikes, in seconds.'] }, []],
	['a comment inside a function', { 'model.ts': ['const local =', '/* inputs */ const local ='] }, []],
	['the layout', { 'model.ts': ['const unit = 1;', 'const\n\n  unit    =\n 1'] }, []],
	['quotes, semicolons, parentheses', { 'model.ts': ['return [draw(', 'return [(draw)('] }, []],
	['types', { 'model.ts': ['(rate: number): number =>', '(rate: 1 | 2 | number) =>'] }, []],
	[
		'a type that is exported',
		{ 'synapse.ts': ['const rate = 3;', 'export type Weight = number;\nconst rate = 3;'] },
		[],
	],
	['an unrelated function', { 'model.ts': ["'never used'", "'still not used'"] }, []],
	['an unrelated function of a used module', { 'numbers.ts': ['x / 2', 'x / 3'] }, []],
	[
		'an added export',
		{ 'numbers.ts': ['export function half', 'export const third = 1 / 3;\nexport function half'] },
		[],
	],
	['a shadowed name at the top level', { 'synapse.ts': ['const rate = 3', 'const rate = 4'] }, []],
	['the name that shadows it', { 'synapse.ts': ['const rate = 2', 'const rate = 5'] }, ['spikes']],
	['a function that is used', { 'model.ts': ['rate + unit', 'rate - unit'] }, ['input']],
	['a constant of a helper', { 'model.ts': ['unit = 1', 'unit = 2'] }, ['input']],
	['a helper two modules away', { 'numbers.ts': ['Math.exp(-x)', 'Math.exp(x)'] }, ['spikes']],
	['a method of a class', { 'synapse.ts': ['x * this.weight', 'x / this.weight'] }, ['spikes']],
	['a constructor', { 'synapse.ts': ['this.weight = weight', 'this.weight = weight + 1'] }, ['spikes']],
	['the default of a parameter', { 'model.ts': ['scale = 2', 'scale = 3'] }, ['spikes']],
	['a field of a constant object', { 'settings.ts': ['tau: 10', 'tau: 20'] }, ['spikes']],
	['a constant of the aggregation', { 'response.ts': ['bins = 10', 'bins = 20'] }, ['response']],
	['the analysis', { 'response.ts': ['.join()', ".join(' ')"] }, ['tuning']],
	['the data of the analysis', { 'response.ts': ["'blue'", "'green'"] }, ['tuning']],
	['an inline function', { 'Scanfile.ts': ['.response.length,', '.response.length + 1,'] }, ['tuning']],
	['imported JSON', { 'data.json': ['"gain": 3', '"gain": 4'] }, ['spikes']],
	['the layout of imported JSON', { 'data.json': '{"gain":3,"name":"lgn"}' }, []],
	['a value of an axis', { 'Scanfile.ts': ['[0.2, 0.4]', '[0.2, 0.3, 0.4]'] }, []],
	['a predicate of a space', { 'Scanfile.ts': ['p.amplitude === 0', 'p.amplitude < 0.1'] }, []],
	['the number of trials', { 'Scanfile.ts': ['cell.trials(2)', 'cell.trials(20)'] }, []],
	['options of a rule', { 'Scanfile.ts': ['run: relayCell', 'run: relayCell, retries: 3'] }, []],
	['the name of a constant that holds a rule', { 'Scanfile.ts': ['scan({ input,', 'scan({ input: input,'] }, []],
	['the order of targets', { 'Scanfile.ts': ['scan({ input, spikes, response', 'scan({ response, spikes, input'] }, []],
	[
		'a print while the Scanfile is read',
		{ 'Scanfile.ts': ['export default', 'console.log(cell.size);\nexport default'] },
		[],
	],
	[
		'the order of imports',
		{
			'Scanfile.ts': [
				"import { poissonInput, relayCell } from './model.ts';\nimport { meanResponse, palette, tuningCurves } from './response.ts';",
				"import { meanResponse, palette, tuningCurves } from './response.ts';\nimport { poissonInput, relayCell } from './model.ts';",
			],
			'model.ts': [
				"import { Synapse, decayed } from './synapse.ts';\nimport { settings } from './settings.ts';",
				"import { settings } from './settings.ts';\nimport { Synapse, decayed } from './synapse.ts';",
			],
		},
		[],
	],
	[
		'a module with the same top-level names',
		{
			'numbers.ts': [
				'export function half',
				'import { rate, unit } from "./more.ts";\nexport const both = rate + unit;\nexport function half',
			],
			'more.ts':
				'export const rate = Math.abs(-7);\nexport const unit = Math.abs(-8);\nexport const settings = [rate];\n',
			'response.ts': [
				'const bins',
				'import { both } from "./numbers.ts";\nexport const twice = both * Math.abs(2);\nconst bins',
			],
		},
		[],
	],
	[
		'a method patched two modules away',
		{
			'response.ts': ['const bins', "import './patch.ts';\nconst bins"],
			'patch.ts': "import { Synapse } from './synapse.ts';\nSynapse.prototype.decay = (x) => x;\n",
		},
		['spikes'],
	],
	[
		'a method patched through another name',
		{
			'synapse.ts': [
				'export const other = rate',
				'const alias = Synapse.prototype;\nalias.decay = (x) => x;\nexport const other = rate',
			],
		},
		['spikes'],
	],
	[
		'Object.assign on a reached object',
		{ 'settings.ts': ['};', '};\nObject.assign(settings, { tau: 11 });'] },
		['spikes'],
	],
	['an element pushed at the top level', { 'settings.ts': ['};', '};\nsettings.list.push(3);'] }, ['spikes']],
	[
		'a function that changes a reached object and is called at the top level',
		{
			'response.ts': [
				'const bins',
				"import { settings } from './settings.ts';\nfunction slow() {\n\tsettings.tau = 99;\n}\nslow();\nconst bins",
			],
		},
		['spikes'],
	],
	[
		'a function that assigns a reached name and is called in another module',
		{
			'settings.ts': [
				'export const',
				'let step = 1;\nexport const setStep = (to: number) => {\n\tstep = to;\n};\nexport const',
			],
			'numbers.ts': [
				'export function half',
				"import { setStep } from './settings.ts';\nsetStep(5);\nexport function half",
			],
		},
		[],
	],
	[
		'a registry that is filled in another module',
		{
			'numbers.ts':
				'export const functions = new Map<string, (x: number) => number>();\nexport const register = (name: string, f: (x: number) => number) => {\n\tfunctions.set(name, f);\n};\nexport function exponent(x: number): number {\n\treturn Math.exp(-x) + functions.size;\n}\n',
			'response.ts': [
				'const bins',
				"import { register } from './numbers.ts';\nregister('half', (x) => x / 2);\nconst bins",
			],
		},
		['spikes'],
	],
	[
		'a function that would change a reached object and is never called',
		{
			'response.ts': [
				'const bins',
				"import { settings } from './settings.ts';\nexport function slow() {\n\tsettings.tau = 99;\n}\nconst bins",
			],
		},
		[],
	],
	['a global that is set', { 'setup.ts': ['dt = 0.1', 'dt = 0.2'] }, all],
	[
		'a patch of the language',
		{ 'response.ts': ['const bins', 'Object.defineProperty(Array.prototype, "sum", {});\nconst bins'] },
		all,
	],
	['what a module for side effects exports', { 'setup.ts': ["'a'", "'b'"] }, []],
	[
		'a side effect of an imported module',
		{ 'setup.ts': ['export const version', "process.on('warning', () => {});\nexport const version"] },
		['input', 'spikes', 'tuning'],
	],
	[
		'a side effect of a module that only the analysis imports',
		{ 'response.ts': ['const bins', "process.on('warning', () => {});\nconst bins"] },
		['response', 'tuning'],
	],
	[
		'a constant in a chain of initialisers',
		{ 'settings.ts': 'const base = 10;\nexport const settings = { tau: base * 2, list: [1, 2] };\n' },
		['spikes'],
	],
	[
		'a function that was unused and is used',
		{ 'model.ts': ['rate + unit', 'rate + unit + unrelated().length'] },
		['input'],
	],
];

test('what fills a registry, or assigns a reached name from another module, is part of the identity', async (t) => {
	const files = edited(project, {
		'settings.ts':
			'export let step = 1;\nexport const setStep = (to: number) => {\n\tstep = to;\n};\nexport const settings = { get tau() { return step; }, list: [1] };\n',
		'response.ts': ['const bins', "import { setStep } from './settings.ts';\nsetStep(5);\nconst bins"],
	});
	t.deepEqual(await changedTargets(files, edited(files, { 'response.ts': ['setStep(5)', 'setStep(6)'] })), ['spikes']);
});

for (const [title, edit, changed] of edits) {
	test(`${changed.length === 0 ? 'nothing reruns after an edit of' : `${changed.join(', ')} rerun after an edit of`}: ${title}`, async (t) => {
		t.deepEqual(await changedTargets(project, edited(project, edit)), [...changed].sort());
	});
}

test('there are at least forty edits', (t) => t.true(edits.length >= 40));

test('edits of two models are seen by those that use them', async (t) => {
	const both = edited(project, { 'model.ts': ['unit = 1', 'unit = 2'], 'numbers.ts': ['exp(-x)', 'exp(x)'] });
	t.deepEqual(await changedTargets(project, both), models);
});
