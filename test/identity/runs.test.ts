// What may be given as `run`, and what two rules share: expressions, factories, wrapped functions, equal code.
import test from 'ava';
import { afterEdit, type Edit, type Files } from './ground.ts';
import { scanfile } from './projects.ts';
import { testEdits, testRefusals } from './rows.ts';

type Weight = string;
const weight: Weight = '(p: { weight: number })';
const model = `
const gain = 2;
const slope = 3;
export const relay = ${weight} => p.weight * gain;
export const other = ${weight} => p.weight + slope;
`;

/** A Scanfile with these rules, over weights 1 and 2. */
function rules(body: string, targets = '{ spikes }', imports?: string): Files {
	return { 'Scanfile.ts': scanfile(body, targets, imports), 'model.ts': model };
}

const gain = { 'model.ts': [['gain = 2', 'gain = 5']] } as const;
const slope = { 'model.ts': [['slope = 3', 'slope = 5']] } as const;
const one = { spikes: 2 };

/** `run` is this expression: an edit of relay's constant reruns it, one of other's does not. */
function runs(title: string, expression: string, body = '', imports?: string): Edit[] {
	const project = rules(`${body}\nconst spikes = simulate({ over, ${expression} });`, '{ spikes }', imports);
	return [
		{ title: `${title}: what it reaches reruns it`, project, edits: gain, reruns: one },
		{ title: `${title}: what it does not reach reruns nothing`, project, edits: slope, reruns: {} },
	];
}

const make = `const make = (k: number) => ${weight} => p.weight * k;\n`;
const two = `${make}const a = simulate({ over, run: make(2) });\nconst b = simulate({ over, run: make(3) });`;
const loop = `const rules: Record<string, ReturnType<typeof simulate>> = {};
for (const k of [2, 3]) rules['r' + k] = simulate({ over, run: ${weight} => relay(p) * k });`;
const scanEdit = (old: string, now: string) => ({ 'Scanfile.ts': [[old, now]] }) as const;
const memoize = `function memoize<T>(f: (p: T) => number) { const known = new Map<string, number>(); return (p: T) => {
	const key = JSON.stringify(p); let found = known.get(key); if (found === undefined) { found = f(p); known.set(key, found); } return found; }; }\n`;

testEdits([
	...runs('an imported function', 'run: relay'),
	...runs('an arrow function', `run: ${weight} => relay(p)`),
	...runs('a method of the rule', `run${weight} { return relay(p); }`),
	...runs('a name of a namespace', 'run: models.relay', '', "import * as models from './model.ts';"),
	...runs('a property of an object', 'run: models.relay', 'const models = { relay };'),
	...runs('a static method', 'run: Model.run', `class Model { static run${weight} { return relay(p); } }`),
	...runs('options spread into the rule', '...common', 'const common = { run: relay, retries: 2 };'),
	...runs('options spread in front of it', '...common, run: relay', 'const common = { run: other, retries: 2 };'),
	...runs(
		'a constant that is assigned later',
		'run',
		`let run: ${weight.replace(')', ') ')} => number;\nrun = (p) => relay(p);`,
	),
	{
		title: 'a choice reruns with either',
		project: rules('const spikes = simulate({ over, run: over.size > 1 ? relay : other });'),
		edits: slope,
		reruns: one,
	},
	{
		title: 'a choice that falls on another function reruns',
		project: rules('const spikes = simulate({ over, run: over.size > 1 ? relay : other });'),
		edits: scanEdit('size > 1', 'size > 2'),
		reruns: one,
	},
	{ title: 'two factory calls never share a result', project: rules(two, '{ a, b }'), reruns: {} },
	{
		title: 'the argument of a factory reruns what it made',
		project: rules(two, '{ a, b }'),
		edits: scanEdit('make(3)', 'make(4)'),
		reruns: { a: 2, b: 2 },
	},
	{
		title: 'exchanged arguments of a factory are not taken for each other',
		project: rules(two, '{ a, b }'),
		edits: {
			'Scanfile.ts': [
				['make(2)', 'make(9)'],
				['make(3)', 'make(2)'],
				['make(9)', 'make(3)'],
			],
		},
		reruns: { a: 2, b: 2 },
	},
	{ title: 'functions of a loop never share a result', project: rules(loop, 'rules'), reruns: {} },
	{
		title: 'an edited list of a loop reruns its functions',
		project: rules(loop, 'rules'),
		edits: scanEdit('[2, 3]', '[3, 2]'),
		reruns: { r2: 2, r3: 2 },
	},
	{
		title: 'a function of a factory over an imported value reruns with it',
		project: {
			...rules(`${make}const spikes = simulate({ over, run: make(k) });`, '{ spikes }', "import { k } from './k.ts';"),
			'k.ts': 'export const k = 2;',
		},
		edits: { 'k.ts': 'export const k = 3;' },
		reruns: one,
	},
	{
		title: "a function wrapped by the project's own memoize reruns with what it wraps",
		project: rules(`${memoize}const spikes = simulate({ over, run: memoize(relay) });`),
		edits: gain,
		reruns: one,
	},
	{
		title: 'a wrapped function that is exchanged reruns',
		project: rules(`${memoize}const spikes = simulate({ over, run: memoize(relay) });`),
		edits: scanEdit('memoize(relay)', 'memoize(other)'),
		reruns: one,
	},
	{
		title: 'a second target with code and sets that have run runs nothing',
		project: rules('const a = simulate({ over, run: relay });', '{ a }'),
		edits: {
			'Scanfile.ts':
				rules('const a = simulate({ over, run: relay });\nconst b = simulate({ over, run: relay });', '{ a, b }')[
					'Scanfile.ts'
				] ?? '',
		},
		reruns: {},
	},
	{
		title: 'a rule under two targets runs once',
		project: rules('const a = simulate({ over, run: relay });', '{ a, b: a }'),
		edits: gain,
		reruns: { a: 2 },
	},
	{
		title: 'generate and simulate of the same code share their results',
		project: rules('const a = simulate({ over, run: relay });', '{ a }'),
		edits: scanEdit('const a = simulate', 'const a = generate'),
		reruns: {},
	},
	{
		title: 'another name in from is another input',
		project: rules(
			'const a = simulate({ over, run: relay });\nconst b = simulate({ over, from: { x: a }, run: (p: object, inputs: object) => JSON.stringify(inputs) });',
			'{ a, b }',
		),
		edits: scanEdit('from: { x: a }', 'from: { y: a }'),
		reruns: { b: 2 },
	},
	{
		title: 'the order of by reruns nothing, since a group is one set of parameters',
		project: rules(
			"const a = simulate({ over: over.times(grid({ x: [5] })), run: relay });\nconst b = aggregate({ from: a, by: ['weight', 'x'], run: (rows, group) => [group.weight, group.x, rows.length] });",
			'{ a, b }',
		),
		edits: scanEdit("['weight', 'x']", "['x', 'weight']"),
		reruns: {},
	},
	{
		title: 'another grouping reruns the aggregate',
		project: rules(
			"const a = simulate({ over: over.times(grid({ x: [5, 6] })), run: relay });\nconst b = aggregate({ from: a, by: ['weight'], run: (rows) => rows.length });",
			'{ a, b }',
		),
		edits: scanEdit("by: ['weight']", "by: ['weight', 'x']"),
		reruns: { b: 4 },
	},
]);

const wrapper: Files = {
	'node_modules/wrapper/package.json':
		'{ "name": "wrapper", "version": "1.0.0", "type": "module", "main": "index.js" }',
	'node_modules/wrapper/index.js': 'export const memoize = (f) => (...given) => f(...given);',
};
const refused = (title: string, run: string, imports = ''): Edit & { message: RegExp } => {
	const files = rules(
		`const spikes = simulate({ over, run: ${run} });`,
		'{ spikes }',
		`import { relay } from './model.ts';\n${imports}`,
	);
	return { title, project: { ...files, ...wrapper }, reruns: {}, message: /Write an arrow function/ };
};

testRefusals([
	refused("a package's memoize is refused, with a remedy", 'memoize(relay)', "import { memoize } from 'wrapper';"),
	refused('a bound function is refused, with a remedy', 'relay.bind(null)'),
	refused('a function of the language is refused, with a remedy', 'String'),
]);

test('two targets with equal code and sets run once', async (t) => {
	const body = 'const a = simulate({ over, run: relay });\nconst b = simulate({ over, run: relay });';
	const { before, after, fresh } = await afterEdit({
		title: '',
		project: rules(body, '{ a, b }'),
		edits: gain,
		reruns: {},
	});
	const count = ({ ran }: typeof after) => Object.values(ran).reduce((sum, one) => sum + one, 0);
	t.deepEqual([count(before), count(after)], [2, 2]);
	t.deepEqual(after.rows, fresh.rows);
	t.deepEqual(after.rows['a'], after.rows['b']);
});
