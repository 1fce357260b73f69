// Identities and what is outside the text: values of initialisers, packages, scanmake's own words; and the warnings.
import test from 'ava';
import { UserError } from '../../../engine/errors.ts';
import { changedTargets, edited, type Files, identitiesByTarget, loadProject } from './projects.ts';

function project(model: string, more: Files = {}): Files {
	return {
		'Scanfile.ts': `
import { grid, scan, simulate } from 'scanmake';
import { other, relay } from './model.ts';
const over = grid({ weight: [0.2, 0.4] });
export default scan({ spikes: simulate({ over, run: relay }), others: simulate({ over, run: other }) });
`,
		'model.ts': `${model}\nexport const other = () => 1;\n`,
		...more,
	};
}

async function withVariable<T>(name: string, value: string, use: () => Promise<T>): Promise<T> {
	process.env[name] = value;
	try {
		return await use();
	} finally {
		delete process.env[name];
	}
}

test('the value of an initialiser that reads the environment is in the identity of what reaches it', async (t) => {
	const files = project('const rate = Number(process.env.TEST_RATE_A);\nexport const relay = () => rate;');
	const load = (value: string) =>
		withVariable('TEST_RATE_A', value, async () => identitiesByTarget(await loadProject(files)));
	const [one, again, two] = [await load('1'), await load('1'), await load('2')];
	t.deepEqual(one, again);
	t.not(one['spikes'], two['spikes']);
	t.is(one['others'], two['others']);
});

test('a value that a function of the project reads from the environment counts, too', async (t) => {
	const files = project(
		'const read = () => Number(process.env.TEST_RATE_B);\nconst rate = read();\nexport const relay = () => rate;',
	);
	const load = (value: string) =>
		withVariable('TEST_RATE_B', value, async () => identitiesByTarget(await loadProject(files)));
	t.not((await load('1'))['spikes'], (await load('2'))['spikes']);
});

test('a value that is assigned later from the environment counts, too', async (t) => {
	const files = project('let rate = 0;\nrate = Number(process.env.TEST_RATE_C);\nexport const relay = () => rate;');
	const load = (value: string) =>
		withVariable('TEST_RATE_C', value, async () => identitiesByTarget(await loadProject(files)));
	t.not((await load('1'))['spikes'], (await load('2'))['spikes']);
});

test('a value read from a file counts, and not where the project lies', async (t) => {
	const files = project(
		`import { readFileSync } from 'node:fs';
const path = import.meta.dirname + '/table.json';
const table = JSON.parse(readFileSync(new URL('./table.json', import.meta.url), 'utf8'));
export const relay = () => [table, path];`,
		{ 'table.json': '[1, 2]' },
	);
	t.deepEqual(await changedTargets(files, edited(files, { 'table.json': '[1,2]' })), []);
	t.deepEqual(await changedTargets(files, edited(files, { 'table.json': '[1, 3]' })), ['spikes']);
});

test('a date of the text is a value, a space made from the environment counts by its sets', async (t) => {
	const files = project(
		`import { grid } from 'scanmake';
const start = new Date('2020-01-01');
const space = grid({ n: [Number(process.env.TEST_RATE_D)] });
export const relay = () => start.getTime() + space.size;`,
	);
	const load = (value: string) =>
		withVariable('TEST_RATE_D', value, async () => identitiesByTarget(await loadProject(files)));
	t.not((await load('1'))['spikes'], (await load('2'))['spikes']);
});

const unplain: readonly (readonly [string, string, number])[] = [
	[
		'a function',
		"import { createRequire } from 'node:module';\nconst load = createRequire(import.meta.url);\nexport const relay = () => load;",
		2,
	],
	['the environment itself', 'const environment = process.env;\nexport const relay = () => environment.HOME;', 1],
	['a map', 'const table = new Map([[1, process.env.HOME]]);\nexport const relay = () => table;', 1],
];
for (const [what, model, line] of unplain) {
	test(`a value made from the world that is ${what} is refused: it names uses and env`, async (t) => {
		const error = await t.throwsAsync(loadProject(project(model)), { instanceOf: UserError });
		t.regex(error.message, /uses or env/);
		t.deepEqual(
			error.problems.map((problem) => [problem.file, problem.line]),
			[['model.ts', line]],
		);
	});
}

test('a value made from the world that no function reaches is not asked for', async (t) => {
	await t.notThrowsAsync(
		loadProject(
			project(
				'export const load = () => cache;\nconst cache = new Map([[process.env.HOME, 1]]);\nexport const relay = () => 1;',
			),
		),
	);
});

test('setting an environment variable at the top level is no reading of it', async (t) => {
	const files = project("process.env.TEST_THREADS = '1';\nexport const relay = () => 1;");
	await t.notThrowsAsync(loadProject(files));
	t.deepEqual(await changedTargets(files, edited(files, { 'model.ts': ["'1'", "'2'"] })), ['others', 'spikes']);
});

const packages: Files = {
	'node_modules/solver/package.json':
		'{ "name": "solver", "version": "1.0.0", "main": "index.js", "dependencies": { "matrix": "1" }, "peerDependencies": { "plot": "*" } }',
	'node_modules/solver/index.js': "const matrix = require('matrix');\nexports.solve = (x) => x * matrix.size;",
	'node_modules/matrix/package.json': '{ "name": "matrix", "version": "1.0.0", "main": "index.js" }',
	'node_modules/matrix/index.js': 'exports.size = 2;',
	'node_modules/esm/package.json': '{ "name": "esm", "version": "1.0.0", "type": "module", "exports": "./main.js" }',
	'node_modules/esm/main.js': 'export default (x) => x;\nexport const named = 1;',
};
const solving = project(
	"import { solve } from 'solver';\nimport identity from 'esm';\nexport const relay = () => solve(1);\nexport const third = () => identity(1);",
	packages,
);

test('the version of a package that is reached counts', async (t) => {
	t.deepEqual(
		await changedTargets(solving, edited(solving, { 'node_modules/solver/package.json': ['1.0.0', '1.0.1'] })),
		['spikes'],
	);
});

test('the version of a package that a reached package depends on counts', async (t) => {
	t.deepEqual(
		await changedTargets(solving, edited(solving, { 'node_modules/matrix/package.json': ['1.0.0', '1.1.0'] })),
		['spikes'],
	);
});

test('a package nearer to the one that depends on it counts', async (t) => {
	const nearer = {
		...solving,
		'node_modules/solver/node_modules/matrix/package.json':
			'{ "name": "matrix", "version": "2.0.0", "main": "index.js" }',
		'node_modules/solver/node_modules/matrix/index.js': 'exports.size = 3;',
	};
	t.deepEqual(await changedTargets(solving, nearer), ['spikes']);
});

test('a peer dependency counts where it is there', async (t) => {
	const plot = { 'node_modules/plot/package.json': '{ "name": "plot", "version": "1.0.0" }' };
	t.deepEqual(await changedTargets(solving, { ...solving, ...plot }), ['spikes']);
});

test('a package that is not reached does not count', async (t) => {
	t.deepEqual(
		await changedTargets(solving, edited(solving, { 'node_modules/esm/package.json': ['1.0.0', '2.0.0'] })),
		[],
	);
});

test('a package without a version counts by its bytes', async (t) => {
	const bare = edited(solving, { 'node_modules/solver/package.json': '{ "name": "solver", "main": "index.js" }' });
	t.deepEqual(await changedTargets(bare, edited(bare, { 'node_modules/solver/index.js': ['x * ', 'x + '] })), [
		'spikes',
	]);
});

test('a package imported for its side effects by a reached module counts', async (t) => {
	const files = project("import 'esm';\nexport const relay = () => 1;", packages);
	t.deepEqual(await changedTargets(files, edited(files, { 'node_modules/esm/package.json': ['1.0.0', '2.0.0'] })), [
		'others',
		'spikes',
	]);
});

test('packages are imported as Node imports them: default, namespace, names, re-exports, CommonJS', async (t) => {
	const files = project(
		`import identity, { named } from 'esm';
import * as all from 'esm';
import solver, { solve } from 'solver';
export { named as again } from 'esm';
export const relay = () => [identity(1), named, all.named, solver.solve(1), solve(1)];
export const values = relay();`,
		packages,
	);
	const loud = edited(files, {
		'Scanfile.ts': [
			'const over',
			"import { again, values } from './model.ts';\nif (JSON.stringify([values, again]) !== '[[1,1,1,2,2],1]') throw new Error(JSON.stringify(values));\nconst over",
		],
	});
	await t.notThrowsAsync(loadProject(loud));
});

test("scanmake's own words count by their name alone, and giving a function to them changes nothing", async (t) => {
	const files = project(
		"import { linspace } from 'scanmake';\nconst times = linspace(0, 1, 5);\nexport const relay = () => times;",
	);
	t.deepEqual(await changedTargets(files, edited(files, { 'Scanfile.ts': ['0.4]', '0.5]'] })), []);
	t.deepEqual(await changedTargets(files, edited(files, { 'model.ts': ['5)', '6)'] })), ['spikes']);
});

test('the clock, chance, the environment and the network in a function are worth a warning with its line', async (t) => {
	const model = `export const relay = (): unknown => [
	Math.random(),
	Date.now(),
	new Date(),
	new Date(2020, 1, 1),
	performance.now(),
	process.env.HOME,
	fetch,
];`;
	const { warnings } = await loadProject(project(model));
	t.deepEqual(
		warnings.map(({ file, line }) => `${file}:${line}`),
		[2, 3, 4, 6, 7, 8].map((line) => `model.ts:${line}`),
	);
	t.regex(warnings[4]?.message ?? '', /^relay reads process\.env\.HOME .* env: \["HOME"\]\.$/);
});

test('an environment variable that the rule names is no warning, and functions that are not reached give none', async (t) => {
	const files = project('export const relay = () => process.env.HOME;\nexport const unused = () => Math.random();');
	t.is((await loadProject(files)).warnings.length, 1);
	const named = edited(files, { 'Scanfile.ts': ['run: relay', "run: relay, env: ['HOME']"] });
	t.deepEqual((await loadProject(named)).warnings, []);
});

test('a function made by a function has all values that the bundle reads, named or not', async (t) => {
	const scanfile = (run: string): Files => ({
		'Scanfile.ts': `
import { scan, simulate } from 'scanmake';
const make = (k: number) => () => k;
const rules: Record<string, ReturnType<typeof simulate>> = {};
${run}
export default scan(rules);
`,
	});
	const forms = [
		'const k = Number(process.env.TEST_RATE_E);\nrules.spikes = simulate({ run: make(k) });',
		'for (const k of [Number(process.env.TEST_RATE_E)]) rules.spikes = simulate({ run: make(k) });',
		'const rule = (k: number) => simulate({ run: make(k) });\nrules.spikes = rule(Number(process.env.TEST_RATE_E));',
	];
	for (const form of forms) {
		const load = (value: string) =>
			withVariable('TEST_RATE_E', value, async () => identitiesByTarget(await loadProject(scanfile(form))));
		t.not((await load('1'))['spikes'], (await load('2'))['spikes'], form);
		t.is((await load('1'))['spikes'], (await load('1'))['spikes'], form);
	}
	const chosen = loadProject(scanfile('rules.spikes = simulate({ run: make(Number(process.env.TEST_RATE_E)) });'));
	const error = await t.throwsAsync(chosen, {
		instanceOf: UserError,
		message: /run is chosen by process\.env\.TEST_RATE_E/,
	});
	t.is(error.problems[0]?.line, 5);
});

test('the parts name packages and values', async (t) => {
	const files = project(
		"import { solve } from 'solver';\nconst home = String(process.env.HOME);\nexport const relay = () => solve(home);",
		packages,
	);
	const names = (await loadProject(files)).identities[0]?.parts.map(({ name }) => name);
	t.deepEqual(names, ['relay', 'home', 'package solver', 'package matrix', 'value of home']);
});
