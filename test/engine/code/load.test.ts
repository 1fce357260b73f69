// Loading a Scanfile: what is wrong with it, said with file and line, and what it may and may not do meanwhile.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import test from 'ava';
import { evaluateScan, placesOf, userFrames } from '../../../engine/code/evaluate.ts';
import { loadScan } from '../../../engine/code/load.ts';
import { UserError } from '../../../engine/errors.ts';
import { functionOf } from '../../function-of.ts';
import { type Files, inProject, loadProject } from './projects.ts';

const good: Files = {
	'Scanfile.ts': `// One rule.
import { grid, scan, simulate } from 'scanmake';
import { relay } from './model.ts';

interface Unused { a: number }

const over = grid({ weight: [0.2, 0.4] });
const spikes = simulate({ over, run: relay });
export default scan({ spikes });
`,
	'model.ts': `
/** Fails for small weights. */
export function relay(p: { weight: number }): number {
	if (p.weight < 0.3) {
		throw new Error('too small');
	}
	return p.weight;
}
`,
};

async function problemsOf(files: Files): Promise<readonly string[]> {
	try {
		await loadProject(files);
	} catch (error) {
		if (error instanceof UserError) {
			return error.problems.map(({ message, file, line }) => `${file ?? ''}:${line ?? ''}: ${message}`);
		}
		throw error;
	}
	return [];
}

const scanfile = (text: string): Files => ({ 'Scanfile.ts': text });
const lines = (...all: string[]): string => all.join('\n');

const mistakes: readonly (readonly [title: string, files: Files, problems: readonly RegExp[]])[] = [
	[
		'a Scanfile that does not compile',
		scanfile(lines('const a = 1;', 'const b = = 2;')),
		[/^Scanfile\.ts:2: .*does not compile: .*=/],
	],
	[
		'a module that does not compile',
		{ 'Scanfile.ts': "import './sub/model.ts';", 'sub/model.ts': lines('', '', 'export const = 3;') },
		[/^sub\/model\.ts:3: .*does not compile/],
	],
	[
		'a file that is not there',
		scanfile(lines('', "import './modle.ts';")),
		[/^Scanfile\.ts:2: There is no file "\.\/modle\.ts"/],
	],
	[
		'a package that is not installed',
		scanfile(lines('', "import _ from '@lab/tools/x';", '_;')),
		[/^Scanfile\.ts:2: .*npm install @lab\/tools$/],
	],
	[
		'several at once',
		{ 'Scanfile.ts': lines("import './a.ts';", "import './b.ts';"), 'a.ts': 'let a = ;', 'b.ts': 'let b = ;' },
		[/^a\.ts:1: /, /^b\.ts:1: /],
	],
	[
		'a misspelt word',
		scanfile(lines('', "import { simulat } from 'scanmake';", 'simulat;')),
		[/^Scanfile\.ts:2: "scanmake" exports no "simulat"; did you mean simulate\?$/],
	],
	[
		'a Scanfile that throws',
		scanfile(lines('interface A { a: 1 }', '', "throw new RangeError('three');")),
		[/^Scanfile\.ts:3: Scanfile\.ts throws: RangeError: three$/],
	],
	[
		'a module that throws',
		{
			'Scanfile.ts': "import './model.ts';",
			'model.ts': lines('type A = 1;', 'function f(): never {', "  throw new Error('deep');", '}', 'f();'),
		},
		[/^model\.ts:3: model\.ts throws: deep$/],
	],
	['something thrown that is no error', scanfile("throw 'words';"), [/^Scanfile\.ts:: Scanfile\.ts throws: words$/]],
	[
		'a rejected top-level await',
		scanfile(lines('', "await Promise.reject(new Error('late'));")),
		[/^Scanfile\.ts:2: .*late$/],
	],
	['process.exit', scanfile(lines('', '', 'process.exit(3);')), [/^Scanfile\.ts:3: process\.exit is called/]],
	[
		'process.exit that is caught',
		scanfile(lines('try {', '  process.exit(3);', '} catch {}')),
		[/^Scanfile\.ts:2: process\.exit is called/],
	],
	[
		'no default export',
		scanfile('export const scan = 3;'),
		[/^Scanfile\.ts:: Scanfile\.ts has no default export\. .*export default scan\(/],
	],
	[
		'a default export that is no scan',
		scanfile('export default [1];'),
		[/^Scanfile\.ts:: The default export of Scanfile\.ts is no scan but a list\. .*export default scan\(/],
	],
	[
		'impossible rules',
		scanfile(
			lines(
				"import { grid, scan, simulate } from 'scanmake';",
				'const over = grid({ a: [NaN] });',
				'const spikes = simulate({ over });',
				'const other = simulate({ over, run: () => 1, retrys: 3 });',
				'export default scan({ spikes, other });',
			),
		),
		[/^Scanfile\.ts:2: .*NaN/, /^Scanfile\.ts:3: .*run is missing/, /^Scanfile\.ts:4: .*retrys; did you mean retries/],
	],
];

for (const [title, files, expected] of mistakes) {
	test(`a mistake is told with file and line: ${title}`, async (t) => {
		const problems = await problemsOf(files);
		t.is(problems.length, expected.length, problems.join('\n'));
		for (const [i, pattern] of expected.entries()) t.regex(problems[i] ?? '', pattern);
	});
}

test('a Scanfile that does not exist is told with where it was looked for and what to do', async (t) => {
	const load = loadScan({ file: '/nowhere/Scanfile.ts', cacheFolder: undefined });
	const error = await t.throwsAsync(load, {
		instanceOf: UserError,
		message: /no Scanfile \/nowhere\/Scanfile\.ts\. .*init/,
	});
	t.is(error.kind, 'scanfile');
});

test('what is evaluated in a worker from the same source is the same scan', async (t) => {
	const { source, scan } = await loadProject(good);
	const again = await evaluateScan(structuredClone(source));
	t.deepEqual(
		again.targets.map(({ name }) => name),
		scan.targets.map(({ name }) => name),
	);
	t.is(again.rules.length, 1);
	const evaluate = fileURLToPath(new URL('../../../engine/code/evaluate.js', import.meta.url));
	const code = `import(${JSON.stringify(evaluate)}).then(async ({ evaluateScan }) => {
		const { workerData, parentPort } = await import('node:worker_threads');
		parentPort.postMessage((await evaluateScan(workerData)).targets.map(({ name }) => name));
	});`;
	const worker = new Worker(code, { eval: true, workerData: source });
	const answer = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
	t.deepEqual(answer, ['spikes']);
	await worker.terminate();
});

test('stacks are told in source positions, with the user’s frames only', async (t) => {
	await inProject(good, async (folder) => {
		const { source, scan, place } = await loadScan({ file: join(folder, 'Scanfile.ts'), cacheFolder: undefined });
		t.deepEqual(place(scan.rules[0]?.site ?? ''), { file: 'Scanfile.ts', line: 8, column: 16 });
		const run = functionOf(scan.rules[0]);
		const error = t.throws(() => run({ weight: 0.1 }));
		t.deepEqual(placesOf(source)(error.stack ?? ''), { file: 'model.ts', line: 5, column: 9 });
		t.is(userFrames(source, error.stack ?? ''), 'Error: too small\n    at relay (model.ts:5:9)');
	});
});

test('import.meta is that of the file in which it stands', async (t) => {
	const files = {
		'Scanfile.ts':
			"import { place } from './sub/model.ts';\nthrow new Error(JSON.stringify([import.meta.filename, place]));",
		'sub/model.ts': 'export const place = [import.meta.dirname, import.meta.url, import.meta.filename];',
	};
	await inProject(files, async (folder) => {
		const load = loadScan({ file: join(folder, 'Scanfile.ts'), cacheFolder: undefined });
		const sub = join(folder, 'sub');
		const expected = [join(folder, 'Scanfile.ts'), [sub, `file://${sub}/model.ts`, join(sub, 'model.ts')]];
		await t.throwsAsync(load, { message: `Scanfile.ts throws: ${JSON.stringify(expected)}` });
	});
});

/** Loads a Scanfile in a process of its own; what it says and how it ends. */
async function inProcess(files: Files): Promise<{ output: string; errors: string; status: number | null }> {
	return await inProject(files, async (folder) => {
		const load = fileURLToPath(new URL('../../../engine/code/load.js', import.meta.url));
		const code = `import { loadScan } from ${JSON.stringify(load)};
const loading = loadScan({ file: ${JSON.stringify(join(folder, 'Scanfile.ts'))}, cacheFolder: undefined });
loading.then(() => console.log('loaded'), (error) => console.log(error.message));`;
		const child = spawn(process.execPath, ['--input-type=module', '-e', code]);
		let output = '';
		let errors = '';
		child.stdout.on('data', (chunk) => (output += chunk));
		child.stderr.on('data', (chunk) => (errors += chunk));
		const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
		return { output, errors, status };
	});
}

test('what a Scanfile prints goes to standard error, and only while it is evaluated', async (t) => {
	const text = `console.log('one');\nconsole.info('two');\nprocess.stdout.write('three\\n');\nprocess.exitCode = 7;\n${good['Scanfile.ts']}`;
	const { output, errors, status } = await inProcess({ ...good, 'Scanfile.ts': text });
	t.is(output, 'loaded\n');
	t.is(errors, 'one\ntwo\nthree\n');
	t.is(status, 0);
});

test('a top-level await that never ends is told, rather than that the process ends without a word', async (t) => {
	const { output, status } = await inProcess(scanfile('await new Promise(() => {});'));
	t.regex(output, /awaits something at its top level that never ends/);
	t.is(status, 0);
});
