// Packages that are links: an edit in one reruns what reaches it, with the same version; what is not code reruns nothing.
import type { Edit, Files } from './ground.ts';
import { modelled, relayOnly } from './projects.ts';
import { testEdits } from './rows.ts';

const neuron: Files = {
	'packages/neuron/package.json': '{ "name": "neuron", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
	'packages/neuron/index.js':
		"import { rate } from './rate.js';\nexport const decay = (x) => x / rate;\nexport const grow = (x) => x * 3;\n",
	'packages/neuron/rate.js': 'export const rate = 3;\n',
	'packages/neuron/README.md': 'one\n',
};
const model = "import { decay } from 'neuron';\nexport const relay = (p: { weight: number }) => decay(p.weight);\n";
const links = { 'node_modules/neuron': '../packages/neuron' };
const linked = (title: string, edits: Edit['edits'], reruns: Edit['reruns']): Edit => ({
	...{ title, links, reruns },
	project: modelled(model, neuron),
	edits: edits ?? {},
});
const cjs = (body: string): Files => ({
	'packages/neuron/package.json': '{ "name": "neuron", "version": "1.0.0", "main": "index.cjs" }',
	'packages/neuron/index.cjs': body,
});
const scoped: Files = Object.fromEntries(
	Object.entries(neuron).map(([path, text]) => [path, text.replace('"neuron"', '"@lab/neuron"')]),
);

/** Modules that read what lies beside them. */
const reading: Files = {
	...neuron,
	'packages/neuron/rate.js':
		"import { readFileSync } from 'node:fs';\nexport const rate = () => JSON.parse(readFileSync(new URL('./table.json', import.meta.url), 'utf8')).rate;\nexport const unused = 1;\n",
	'packages/neuron/index.js':
		"import { rate } from './rate.js';\nexport const decay = (x) => x / rate();\nexport const grow = (x) => x * 3;\n",
	'packages/neuron/table.json': '{ "rate": 3 }',
	'packages/neuron/index.test.js': 'one();\n',
};
const beside = (title: string, edits: Edit['edits'], reruns: Edit['reruns'], text = model): Edit => ({
	...{ title, links, reruns },
	project: modelled(text, reading),
	edits: edits ?? {},
});

testEdits([
	beside(
		'data that a linked package reads beside itself reruns what reaches the reading',
		{ 'packages/neuron/table.json': [['3', '4']] },
		relayOnly,
	),
	beside('data that is not there yet may be read', { 'packages/neuron/more/deep.csv': '1' }, relayOnly),
	beside(
		'data of a linked package reruns nothing that does not reach a module that reads beside itself',
		{ 'packages/neuron/table.json': [['3', '4']] },
		{},
		model.replaceAll('decay', 'grow'),
	),
	beside(
		'what only people and tests read in a linked package that reads beside itself reruns nothing',
		{
			'packages/neuron/README.md': 'two\n',
			'packages/neuron/index.test.js': 'two();\n',
			'packages/neuron/rate.js': [['unused = 1', 'unused = 2']],
			'packages/neuron/node_modules/x/index.js': '1',
		},
		{},
	),
	linked(
		'what a function reaches in a linked package reruns it',
		{ 'packages/neuron/index.js': [['x / rate', 'x / rate / 2']] },
		relayOnly,
	),
	linked(
		'what that reaches in another file of the package reruns it, too',
		{ 'packages/neuron/rate.js': [['3', '4']] },
		relayOnly,
	),
	linked(
		'what no function reaches in a linked package reruns nothing',
		{ 'packages/neuron/index.js': [['x * 3', 'x * 4']], 'packages/neuron/README.md': 'two\n' },
		{},
	),
	linked(
		'a comment in a linked package reruns nothing',
		{ 'packages/neuron/index.js': [['export const decay', '// decays\nexport const decay']] },
		{},
	),
	linked(
		'a version of a linked package reruns nothing by itself',
		{ 'packages/neuron/package.json': [['1.0.0', '1.0.1']] },
		{},
	),
	{
		title: 'a linked package with a scope is followed as well',
		links: { 'node_modules/@lab/neuron': '../../packages/neuron' },
		project: modelled(model.replace('neuron', '@lab/neuron'), scoped),
		edits: { 'packages/neuron/rate.js': [['3', '4']] },
		reruns: relayOnly,
	},
	{
		title: 'a linked package of CommonJS modules is followed as well',
		links,
		project: modelled(model, cjs('// one\nconst rate = 3;\nexports.decay = (x) => x / rate;\n')),
		edits: { 'packages/neuron/index.cjs': [['// one', '// two']] },
		reruns: {},
	},
	{
		title: 'an edit in a linked package of CommonJS modules reruns what reaches it',
		links,
		project: modelled(model, cjs('const rate = 3;\nexports.decay = (x) => x / rate;\n')),
		edits: { 'packages/neuron/index.cjs': [['3', '4']] },
		reruns: relayOnly,
	},
]);
