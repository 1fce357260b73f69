// What starts a project and what checks the ground, as users type them, in real folders.
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { pythonWith } from '../python.ts';
import { type Ended, noInnards, type Project, project, words } from './project.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));

interface Check {
	readonly check: string;
	readonly state: string;
	readonly message: string;
	readonly remedy?: string;
}

async function doctor(
	{ scanmake }: Project,
	...typed: readonly string[]
): Promise<Ended & { checks: readonly Check[] }> {
	const ended = await scanmake('doctor', '--json', ...typed);
	return { ...ended, ...(JSON.parse(ended.stdout) as { checks: readonly Check[] }) };
}

const wrong = (checks: readonly Check[]) =>
	checks.filter(({ state }) => state === 'problem').map(({ message }) => message);
const dubious = (checks: readonly Check[]) =>
	checks.filter(({ state }) => state === 'warning').map(({ message }) => message);

/** All files below a folder, so that a test can say that none came or went. */
const filesIn = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

/** A PATH on which no Python is. */
const withoutPython = { PATH: '/nowhere' };

/** Builds a fresh project twice, and checks its types where scanmake is installed. */
async function runsAtOnce(t: ExecutionContext, outer: Project, name: string): Promise<() => Promise<string>> {
	const file = `${name}/Scanfile.ts`;
	const built = await outer.build('-f', file);
	t.deepEqual(built.did, { spikes: 'ran 210', rates: 'ran 21', strongest: 'ran 1' }, built.stderr);
	const again = await outer.build('-f', file);
	t.deepEqual(again.did, { spikes: 'reused 210', rates: 'reused 21', strongest: 'reused 1' });
	const rates = JSON.parse((await outer.scanmake('table', 'rates', '--json', '-f', file)).stdout) as {
		current: number;
		noise: number;
		mean: number;
	}[];
	t.is(rates.length, 21);
	// without noise: none up to 1.5 nA (the threshold of 15 mV over 10 MOhm), and above it 1 / (tau ln(10 I / (10 I - 15)))
	for (const { current, mean } of rates.filter(({ noise }) => noise === 0)) {
		const known = current <= 1.5 ? 0 : 1000 / (20 * Math.log((10 * current) / (10 * current - 15)));
		t.true(Math.abs(mean - known) <= 0.03 * known + 1, `${current} nA: ${mean} is not ${known}`);
	}
	const folder = outer.path(name);
	mkdirSync(join(folder, 'node_modules'));
	symlinkSync(root, join(folder, 'node_modules', 'scanmake'));
	const compiler = join(root, 'node_modules/.bin/tsc');
	return async () => {
		const ended = run(compiler, ['--noEmit'], { cwd: folder });
		return (await ended.catch((error: { stdout: string }) => error)).stdout;
	};
}

test('a project that init made has its model in Python and runs at once, and its types hold', async (t) => {
	if (pythonWith() === undefined) {
		t.log('skipped: there is no python3 of 3.8 or newer');
		t.pass();
		return;
	}
	const outer = project(t, {});
	const made = await outer.scanmake('init', 'My Scan');
	t.is(made.status, 0, made.stderr);
	t.regex(made.stdout, /cd 'My Scan'/);
	t.regex(made.stdout, /npm install/);
	t.notRegex(made.stdout, /TypeScript/);
	const files = ['.gitignore', 'Scanfile.ts', 'model.py', 'package.json', 'tsconfig.json'];
	t.deepEqual(readdirSync(outer.path('My Scan')).sort(), files);
	t.is((JSON.parse(outer.read('My Scan/package.json')) as { name: string }).name, 'my-scan');
	const types = await runsAtOnce(t, outer, 'My Scan');
	t.is(await types(), '');

	// what its first lines say of an edit
	outer.edit('My Scan/model.py', '# mV above rest', '# millivolts');
	outer.edit('My Scan/model.py', 'The current and noise', 'Current and noise');
	t.deepEqual((await outer.build('-f', 'My Scan/Scanfile.ts')).did, {
		...{ spikes: 'reused 210', rates: 'reused 21', strongest: 'reused 1' },
	});
	outer.edit('My Scan/model.py', 'pstdev(rates)}', 'pstdev(rates) + 1}');
	t.deepEqual((await outer.build('-f', 'My Scan/Scanfile.ts')).did, {
		...{ spikes: 'reused 210', rates: 'ran 21', strongest: 'ran 1' },
	});
	outer.edit('My Scan/Scanfile.ts', '"current", "noise"', '"currant", "noise"');
	t.regex(await types(), /currant/, 'a misspelt parameter does not compile');
});

test('without a Python the model of a new project is in TypeScript, which is said with the reason', async (t) => {
	const outer = project(t, {});
	const made = await outer.start(['init', 'My Scan'], withoutPython).ended;
	t.is(made.status, 0, made.stderr);
	t.regex(made.stdout, /^New in My Scan: model\.ts, Scanfile\.ts, /);
	t.regex(made.stdout, /^The model is in TypeScript, since Python cannot run here\. There is no python3 on PATH, /m);
	const types = await runsAtOnce(t, outer, 'My Scan');
	t.is(await types(), '');
	outer.edit('My Scan/model.ts', 'p.current', 'p.currant');
	t.regex(await types(), /currant/, 'a misspelt parameter does not compile');

	const moved = await outer.start(['init', 'other', '--json'], { VIRTUAL_ENV: outer.path('gone') }).ended;
	const { written, notes } = JSON.parse(moved.stdout) as { written: readonly string[]; notes: readonly string[] };
	t.true(written.includes('model.ts'));
	t.regex(notes[0] ?? '', /VIRTUAL_ENV names .*\/gone, which has no bin\/python/);
});

test('init writes over nothing, and says what it left alone', async (t) => {
	const { start, scanmake, read, folder } = project(t, {
		'model.ts': 'export {};\n',
		'package.json': '{"name":"mine"}\n',
	});
	const made = await start(['init'], withoutPython).ended;
	t.is(made.status, 0);
	t.regex(made.stdout, /Left as they were: .*model\.ts/);
	t.regex(made.stdout, /Left as they were: .*package\.json/);
	t.regex(made.stdout, /npm install --save-dev scanmake/);
	t.is(read('model.ts'), 'export {};\n');
	t.is(read('package.json'), '{"name":"mine"}\n');
	const built = await scanmake();
	t.is(built.status, 0, built.stderr);
	const before = filesIn(folder);
	const again = await scanmake('init');
	t.regex(again.stdout, /^Nothing is new in this folder/);
	t.deepEqual(filesIn(folder), before);
});

test('a model.py that is there stays as it is, and the new one has another name', async (t) => {
	if (pythonWith() === undefined) {
		t.log('skipped: there is no python3 of 3.8 or newer');
		t.pass();
		return;
	}
	const { build, scanmake, read } = project(t, { 'model.py': 'raise SystemExit("mine")\n' });
	const made = await scanmake('init');
	t.regex(made.stdout, /^New in this folder: scan_model\.py, Scanfile\.ts, /);
	t.regex(made.stdout, /Left as they were: model\.py$/m);
	t.is(read('model.py'), 'raise SystemExit("mine")\n');
	t.is((await build('strongest')).status, 0);
});

test('init says where it cannot write', async (t) => {
	const one = project(t, { file: 'x' });
	for (const [typed, words, status] of [
		[['init', 'file'], /^file is no folder; name one for the project/, 2],
		[['init', 'file/in'], /could not be written: its folder is no folder/, 3],
		[['init', '/proc/nowhere'], /^\/proc\/nowhere could not be written: /, 3],
		[['init', 'a', 'b'], /"b" is one word too many/, 2],
		[['init', '--file', 'x'], /takes no --file/, 2],
	] as const) {
		const ended = await one.scanmake(...typed);
		t.is(ended.status, status, ended.stderr);
		t.regex(ended.stderr, words);
		noInnards(t, ended);
	}
	t.deepEqual(filesIn(one.folder), ['file']);
});

const fine = `${words}export default scan({ spikes: simulate({ over: grid({ a: [1, 2] }), run: (p) => p.a }) });\n`;

test('doctor finds nothing wrong where nothing is, with a build before or without, and writes nothing', async (t) => {
	const one = project(t, { 'Scanfile.ts': fine });
	const fresh = await doctor(one);
	t.deepEqual(wrong(fresh.checks), []);
	t.is(fresh.status, 0);
	t.deepEqual(filesIn(one.folder), ['Scanfile.ts']);
	await one.build();
	const before = filesIn(one.folder);
	const { status, checks } = await doctor(one);
	t.is(status, 0);
	t.true(checks.some(({ message }) => /: format \d+, /.test(message)));
	t.deepEqual(filesIn(one.folder), before);
	const page = await one.scanmake('doctor');
	t.regex(page.stdout, /^ok {7}Node\.js/);
	t.regex(page.stdout, /Nothing is wrong/);
	const quiet = await one.scanmake('doctor', '--quiet');
	t.is(quiet.stdout, '');
});

test('doctor says that there is no Scanfile, or what is wrong with it, and looks at the rest all the same', async (t) => {
	const one = project(t, {});
	const none = await doctor(one);
	t.is(none.status, 0);
	t.regex(dubious(none.checks).join('\n'), /There is no Scanfile\.ts/);
	const named = await doctor(one, '-f', 'Other.ts');
	t.is(named.status, 1, 'one that is named must be there');
	one.write('Scanfile.ts', 'export default scan(;\n');
	const broken = await doctor(one);
	t.is(broken.status, 1);
	t.regex(wrong(broken.checks).join('\n'), /Scanfile\.ts:1: This does not compile/);
	t.true(broken.checks.some(({ check }) => check === 'store'));
	one.write('Scanfile.ts', fine.replace('run:', 'uses: ["nowhere.txt"], run:'));
	t.regex(wrong((await doctor(one)).checks).join('\n'), /'nowhere\.txt' matches no file/);
	one.write('Scanfile.ts', fine.replace('=> p.a', '=> p.a + Date.now()'));
	const clock = await doctor(one);
	t.is(clock.status, 0);
	t.regex(dubious(clock.checks).join('\n'), /reads the clock \(Date\.now\)/);
});

test('doctor names a store that is none, is of another format, is a file, or is written to', async (t) => {
	const one = project(t, {
		'Scanfile.ts': fine,
		'thesis/text.txt': 'x',
		'next/format.json': '{"format":99}',
		plain: 'x',
	});
	for (const [store, words] of [
		['thesis', /is no store of scanmake's/],
		['next', /has format 99/],
		['plain', /is no folder/],
	] as const) {
		const ended = await doctor(one, '--store', store);
		t.is(ended.status, 1);
		t.regex(wrong(ended.checks).join('\n'), words);
		noInnards(t, ended);
	}
	t.deepEqual(filesIn(one.path('thesis')), ['text.txt']);
	await one.build();
	const lock = { id: 'x', pid: process.pid, host: hostname(), user: 'me', since: Date.now(), command: 'scanmake all' };
	one.write('.scanmake/lock', JSON.stringify(lock));
	const { checks, status } = await doctor(one);
	t.is(status, 0, 'a build that runs is nothing wrong');
	t.true(checks.some(({ message }) => /Process \d+ of me on .* \(scanmake all\) has been writing/.test(message)));
});

test('doctor looks for script files in the folder of the Scanfile, wherever it is called', async (t) => {
	const scanfile = `import { command, grid, param, scan, simulate } from "scanmake";
export default scan({ a: simulate({ over: grid({ n: [1, 2] }), run: command(["sh", "sim.sh", param("n")]) }) });
`;
	const one = project(t, { 'sub/Scanfile.ts': scanfile, 'sim.sh': '' });
	const { checks } = await doctor(one, '-f', 'sub/Scanfile.ts');
	t.regex(dubious(checks).join('\n'), /sim\.sh is named by a and is not there/);
	one.write('sub/sim.sh', '');
	t.notRegex(dubious((await doctor(one, '-f', 'sub/Scanfile.ts')).checks).join('\n'), /sim\.sh/);
});

test('doctor finds the programs that commands and shell lines start, and says what is missing', async (t) => {
	const scanfile = `import { command, grid, param, scan, shell, simulate, tool } from "scanmake";
const over = grid({ n: [1, 2] });
const a = simulate({ over, run: command(["./there", param("n")]), uses: [tool("nonsuch-tool", "--version")] });
const b = simulate({ over, run: shell\`cat x | nonsuch-sort \${param("n")}\`, cores: 9999, memory: "999TiB" });
const c = simulate({ over, run: command(["./dull"]) });
const d = simulate({ over, run: command(["sh", "missing.sh"]) });
export default scan({ a, b, c, d });
`;
	const one = project(t, { 'Scanfile.ts': scanfile, there: '#!/bin/sh\n', dull: '' });
	chmodSync(one.path('there'), 0o755);
	const { checks, status } = await doctor(one);
	t.is(status, 1);
	t.deepEqual(wrong(checks).sort(), [
		'a starts nonsuch-tool, but it is not on PATH.',
		'b starts nonsuch-sort, but it is not on PATH.',
		`c starts ./dull, but ${one.path('dull')} is not executable.`,
	]);
	const ok = checks.filter(({ state }) => state === 'ok').map(({ message }) => message);
	t.true(ok.includes(`./there (of a) is ${one.path('there')}`));
	t.true(ok.some((message) => message.startsWith('cat (of b) is ')));
	t.regex(dubious(checks).join('\n'), /missing\.sh is named by d and is not there/);
	t.regex(dubious(checks).join('\n'), /A task of b asks for 9,999 cores and 999\.0 TiB/);
	t.true(checks.every(({ state, remedy }) => state !== 'problem' || remedy !== undefined));
});
