// Identities of the forms that `run` may have: imported, inline, wrapped, made in loops and helpers.
import test from 'ava';
import { UserError } from '../../../engine/errors.ts';
import { changedTargets, edited, type Files, identitiesByTarget, loadProject } from './projects.ts';

const model = `
const gain = 2;
const slope = 3;
export function relay(p: { weight: number }): number {
	return p.weight * gain;
}
export function burst(p: { weight: number }): number {
	return p.weight * slope;
}
`;

/** A Scanfile over one axis; `body` makes the rules that `targets` names. */
function scanfile(body: string, targets: string, imports = "import { burst, relay } from './model.ts';"): Files {
	const text = `
import { aggregate, grid, scan, simulate } from 'scanmake';
${imports}
const cell = grid({ weight: [0.2, 0.4] });
${body}
export default scan(${targets});
`;
	return { 'Scanfile.ts': text, 'model.ts': model };
}

interface Form {
	readonly title: string;
	readonly files: Files;
	readonly changed: Readonly<Record<string, readonly string[]>>;
}

const ofGain = 'the constant of relay';
const ofSlope = 'the constant of burst';
const ofAxis = 'the axis';
const byName: Readonly<Record<string, Parameters<typeof edited>[1]>> = {
	[ofGain]: { 'model.ts': ['gain = 2', 'gain = 5'] },
	[ofSlope]: { 'model.ts': ['slope = 3', 'slope = 5'] },
	[ofAxis]: { 'Scanfile.ts': ['[0.2, 0.4]', '[0.2, 0.3, 0.4]'] },
};

const one = '{ spikes: simulate({ over: cell, run: RUN }) }';
const asRun = (run: string, body = '', imports?: string): Files => scanfile(body, one.replace('RUN', run), imports);
const relayOnly = { [ofGain]: ['spikes'], [ofSlope]: [], [ofAxis]: [] };
const relayAndBurst = { [ofGain]: ['spikes'], [ofSlope]: ['spikes'], [ofAxis]: [] };
const anything = { [ofGain]: ['spikes'], [ofAxis]: ['spikes'] };

const forms: readonly Form[] = [
	{ title: 'an imported function', files: asRun('relay'), changed: relayOnly },
	{ title: 'an arrow function that calls it', files: asRun('(p) => relay(p)'), changed: relayOnly },
	{ title: 'an async arrow function', files: asRun('async (p) => relay(p)'), changed: relayOnly },
	{ title: 'a function expression', files: asRun('function (p) { return relay(p); }'), changed: relayOnly },
	{
		title: 'a method in the rule',
		files: scanfile('', '{ spikes: simulate({ over: cell, run(p) { return relay(p); } }) }'),
		changed: relayOnly,
	},
	{
		title: 'a name of a namespace',
		files: asRun('models.relay', '', "import * as models from './model.ts';"),
		changed: relayOnly,
	},
	{
		title: 'a choice',
		files: asRun('cell.size > 1 ? relay : burst'),
		changed: { ...relayAndBurst, [ofAxis]: ['spikes'] },
	},
	{ title: 'a constant', files: asRun('run', 'const run = (p: { weight: number }) => relay(p);'), changed: relayOnly },
	{
		title: 'a function that is assigned later',
		files: asRun('run', 'let run: (p: { weight: number }) => number;\nrun = (p) => relay(p);'),
		changed: relayOnly,
	},
	{
		title: 'a static method',
		files: asRun('Model.run', 'class Model { static run(p: { weight: number }) { return relay(p); } }'),
		changed: relayOnly,
	},
	{
		title: 'a static method that uses its class',
		files: asRun(
			'Model.run',
			'class Model { static gain = burst({ weight: 2 }); static run = (p: { weight: number }) => relay(p) * Model.gain; }',
		),
		changed: relayAndBurst,
	},
	{
		title: 'a property of an object of the project',
		files: asRun('models.relay', 'const models = { relay };'),
		changed: relayOnly,
	},
	{
		title: 'options that are spread into the rule',
		files: scanfile(
			'const common = { run: relay, retries: cell.size };',
			'{ spikes: simulate({ ...common, over: cell }) }',
		),
		changed: relayOnly,
	},
	{
		title: 'options in a constant',
		files: scanfile('const options = { run: relay, over: cell };', '{ spikes: simulate(options) }'),
		changed: relayOnly,
	},
	{
		title: 'a rule made by a helper of the project',
		files: scanfile(
			'const rule = (n: number) => simulate({ over: cell.trials(n), run: relay });',
			'{ spikes: rule(2) }',
		),
		changed: relayOnly,
	},
	{
		title: 'a function given to a helper that makes the rule',
		files: scanfile(
			'const rule = (run: (p: { weight: number }) => number) => simulate({ over: cell, run });\nconst spikes = rule(relay);',
			'{ spikes }',
		),
		changed: relayOnly,
	},
	{
		title: 'options given to a helper that makes the rule',
		files: scanfile(
			'type Run = (p: { weight: number }) => number;\nconst rule = (options: { run: Run }) => simulate({ over: cell, retries: 2, ...options });\nconst spikes = rule({ run: relay });',
			'{ spikes }',
		),
		changed: relayOnly,
	},
	{
		title: 'words that come through a module of the project',
		files: {
			...scanfile(
				'',
				'{ spikes: words.simulate({ over: cell, run: relay }) }',
				"import { relay } from './model.ts';\nimport * as words from './words.ts';",
			),
			'words.ts': "export * from 'scanmake';\n",
		},
		changed: relayOnly,
	},
	{
		title: 'a word under another name',
		files: scanfile('const sim = simulate;\nconst spikes = sim({ over: cell, run: relay });', '{ spikes }'),
		changed: relayOnly,
	},
	{
		title: 'a declared function in a rule made in a loop',
		files: scanfile(
			'const rules: Record<string, ReturnType<typeof simulate>> = {};\nfor (const n of [1]) rules.spikes = simulate({ over: cell.trials(n), run: relay });',
			'rules',
		),
		changed: relayOnly,
	},
	{
		title: 'a function made in a loop',
		files: scanfile(
			'const rules: Record<string, ReturnType<typeof simulate>> = {};\nfor (const n of [1]) rules.spikes = simulate({ over: cell, run: (p) => relay(p) + n });',
			'rules',
		),
		changed: anything,
	},
	{
		title: 'a function made by a function',
		files: asRun('make(2)', 'const make = (k: number) => (p: { weight: number }) => relay(p) * k;'),
		changed: anything,
	},
	{
		title: 'a function made in a block',
		files: scanfile(
			'let spikes;\n{ const k = 2; spikes = simulate({ over: cell, run: (p) => relay(p) * k }); }',
			'{ spikes }',
		),
		changed: anything,
	},
	{
		title: 'a function wrapped by a function of the project',
		files: asRun('logged(relay)', 'const logged = (f: typeof relay) => (p: { weight: number }) => f(p);'),
		changed: anything,
	},
	{
		title: 'a function that calls eval',
		files: asRun("(p: { weight: number }) => (0, eval)('1') + relay(p)"),
		changed: anything,
	},
	{
		title: 'a function that imports a module of the project when it runs',
		files: asRun("async (p: { weight: number }) => (await import('./model.ts')).relay(p)", '', ''),
		changed: { [ofGain]: ['spikes'] },
	},
];

for (const { title, files, changed } of forms) {
	for (const [name, targets] of Object.entries(changed)) {
		const verb = targets.length === 0 ? 'does not change' : 'changes';
		test(`${title}: ${name} ${verb} its identity`, async (t) => {
			t.deepEqual(await changedTargets(files, edited(files, byName[name] ?? {})), targets);
		});
	}
	test(`${title}: a comment does not change its identity, nor does the project's folder`, async (t) => {
		t.deepEqual(
			await changedTargets(files, edited(files, { 'model.ts': ['\nconst gain', '\n// Gain.\n\nconst gain'] })),
			[],
		);
	});
}

const make = 'const make = (k: number) => (p: { weight: number }) => relay(p) * k;';

test('make(2) and make(3) are two functions', async (t) => {
	const files = scanfile(
		make,
		'{ two: simulate({ over: cell, run: make(2) }), three: simulate({ over: cell, run: make(3) }) }',
	);
	const { two, three } = identitiesByTarget(await loadProject(files));
	t.not(two, three);
	t.deepEqual(await changedTargets(files, edited(files, { 'Scanfile.ts': ['make(3)', 'make(4)'] })), ['three', 'two']);
});

test('a function made by a function has the text of the whole bundle: another rule, too', async (t) => {
	const files = scanfile(
		make,
		'{ two: simulate({ over: cell, run: make(2) }), other: simulate({ over: cell, run: burst }) }',
	);
	t.deepEqual(await changedTargets(files, edited(files, byName[ofSlope] ?? {})), ['other', 'two']);
});

test('two rules never share a key through a function made in a loop', async (t) => {
	const body = `const rules: Record<string, ReturnType<typeof simulate>> = {};
for (const k of [1, 2, 3]) rules['r' + k] = simulate({ over: cell, run: (p) => relay(p) * k });`;
	const identities = Object.values(identitiesByTarget(await loadProject(scanfile(body, 'rules'))));
	t.is(new Set(identities).size, 3);
});

test('two rules that were given the same declared function have the same identity', async (t) => {
	const files = scanfile(
		'',
		'{ a: simulate({ over: cell, run: relay }), b: simulate({ over: cell.trials(2), run: relay }) }',
	);
	const { a, b } = identitiesByTarget(await loadProject(files));
	t.is(a, b);
});

test('two functions with the same text are told apart by where their rules are', async (t) => {
	const files = scanfile(
		'',
		'{ a: simulate({ over: cell, run: (p) => relay(p) }), b: simulate({ over: cell, run: (p) => relay(p) }) }',
	);
	t.deepEqual(await changedTargets(files, edited(files, byName[ofGain] ?? {})), ['a', 'b']);
	t.deepEqual(await changedTargets(files, edited(files, byName[ofSlope] ?? {})), []);
});

test('an export default of a module keeps its identity when the module is renamed', async (t) => {
	const before = { ...asRun('relay', '', "import relay from './model.ts';"), 'model.ts': 'export default () => 1;' };
	const after = { ...asRun('relay', '', "import relay from './cell.ts';"), 'cell.ts': 'export default () => 1;' };
	t.deepEqual(await changedTargets(before, after), []);
});

const refused: readonly (readonly [string, string, RegExp])[] = [
	['a bound function', 'relay.bind(null)', /run: \(params, inputs, io\) => relay\(params, inputs, io\)/],
	['a function of the language', 'String', /is not written in the Scanfile/],
	['a function that a package made', 'wrap(relay)', /Write an arrow function/],
];
for (const [title, run, message] of refused) {
	test(`${title} is refused with a remedy and its line`, async (t) => {
		const files = {
			...asRun(run, '', "import { relay } from './model.ts';\nimport { wrap } from 'wrapper';"),
			'node_modules/wrapper/package.json':
				'{ "name": "wrapper", "version": "1.0.0", "type": "module", "main": "index.js" }',
			'node_modules/wrapper/index.js': 'export const wrap = (f) => (...given) => f(...given);',
		};
		const error = await t.throwsAsync(loadProject(files), { instanceOf: UserError });
		t.regex(error.message, message);
		t.deepEqual(
			error.problems.map(({ file, line }) => [file, line]),
			[['Scanfile.ts', 7]],
		);
	});
}

test('the parts name what was reached, with the digest of its own text', async (t) => {
	const files = asRun('relay');
	const [before, after] = [await loadProject(files), await loadProject(edited(files, byName[ofGain] ?? {}))];
	const parts = before.identities[0]?.parts ?? [];
	t.deepEqual(
		parts.map(({ file, name }) => [file, name]),
		[
			['model.ts', 'relay'],
			['model.ts', 'gain'],
		],
	);
	const same = parts.filter(({ digest }, i) => digest === after.identities[0]?.parts[i]?.digest);
	t.deepEqual(
		same.map(({ name }) => name),
		['relay'],
	);
});
