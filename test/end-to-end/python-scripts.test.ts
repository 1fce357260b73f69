// Python scripts that commands run: which edits rerun them, and how often an interpreter is started to know that. With the
// machine's own Python; where there is none, each test says so.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { pythonWith } from '../python.ts';
import { type Project, project, words } from './project.ts';

const files = {
	'run.py': '"""Prints a rate."""\nimport sys\nfrom lib.rates import rate\n\nprint(rate(float(sys.argv[1])))\n',
	'lib/__init__.py': '',
	'lib/rates.py':
		'from lib.gain import gain\n\n\ndef rate(x):\n    return gain(x) + 1\n\n\ndef unused(x):\n    return x\n',
	'lib/gain.py': 'def gain(x):\n    return 2 * x\n',
	'README.md': 'nothing',
};

const scanfile = (run: string) => `${words}import { command, json, param, shell } from "scanmake";
const spikes = simulate({ over: grid({ x: [1, 2] }), run: ${run} });
export default scan({ spikes });
`;

const byCommand = 'command(["python3", "run.py", param("x")], json<number>())';

function scriptProject(t: ExecutionContext, run = byCommand): Project | undefined {
	if (pythonWith() === undefined) {
		t.log('skipped: there is no python3 of 3.8 or newer');
		t.pass();
		return undefined;
	}
	return project(t, { ...files, 'Scanfile.ts': scanfile(run) });
}

test('a comment, a docstring or a function that a script does not use rerun nothing; what it imports reruns it', async (t) => {
	const made = scriptProject(t);
	if (made === undefined) return;
	const { build, edit, write, read } = made;
	t.is((await build()).did['spikes'], 'ran 2');
	t.is((await build()).did['spikes'], 'reused 2');
	edit('run.py', '"""Prints a rate."""', '"""Prints the rate."""  # of a neuron\n');
	edit('lib/gain.py', 'return 2 * x', 'return 2 * x  # twice');
	t.is((await build()).did['spikes'], 'reused 2');
	edit('lib/gain.py', '2 * x', '3 * x');
	t.is((await build()).did['spikes'], 'ran 2');
	write('lib/other.py', 'x = 1\n');
	t.is((await build()).did['spikes'], 'reused 2');
	edit('run.py', 'rate(float(sys.argv[1]))', '1 + rate(float(sys.argv[1]))');
	t.is((await build()).did['spikes'], 'ran 2');
	write('run.py', `import os\n${read('run.py')}`);
	t.regex((await build()).did['spikes'] ?? '', /^(reused|ran) 2$/);
});

test('a script of a shell line, and a module that is started by its name, count in the same way', async (t) => {
	for (const run of [
		'shell.with(json<number>())`cat README.md > /dev/null; python3 run.py $' + '{param("x")}`',
		'command(["python3", "-m", "tool.run", param("x")], json<number>())',
	]) {
		const made = scriptProject(t, run);
		if (made === undefined) return;
		const { build, edit, write, read } = made;
		write(
			'tool/run.py',
			read('run.py').replace('rate(', 'more * rate(').replace('import sys', 'import sys\nfrom .more import more'),
		);
		write('tool/more.py', 'more = 1\n');
		t.is((await build()).did['spikes'], 'ran 2');
		edit('lib/gain.py', 'return 2 * x', 'return 2 * x  # twice');
		t.is((await build()).did['spikes'], 'reused 2', run);
		edit('lib/gain.py', '2 * x', '3 * x');
		t.is((await build()).did['spikes'], 'ran 2', run);
		edit('tool/more.py', '1', '2');
		t.is((await build()).did['spikes'], run.includes('tool.run') ? 'ran 2' : 'reused 2', run);
	}
});

test('a script that a parameter names reruns the sets that name it', async (t) => {
	const made = scriptProject(t);
	if (made === undefined) return;
	const { build, edit, write } = made;
	for (const name of ['a.py', 'b.py']) write(name, `from ${name[0]}lib import x\nprint(x)\n`);
	for (const name of ['alib.py', 'blib.py']) write(name, 'x = 1\n');
	write(
		'Scanfile.ts',
		scanfile('command(["python3", param("script")], json<number>())').replace('x: [1, 2]', 'script: ["a.py", "b.py"]'),
	);
	t.is((await build()).did['spikes'], 'ran 2');
	edit('alib.py', 'x = 1', 'x = 2');
	t.is((await build()).did['spikes'], 'reused 1, ran 1');
});

test('a script or a module of it that is edited while it runs spoils the results that were made with it', async (t) => {
	const made = scriptProject(t);
	if (made === undefined) return;
	const { build, edit } = made;
	edit('run.py', 'print(', 'open("lib/gain.py", "a").write("# more\\n")\nprint(');
	const { did, stderr } = await build();
	t.is(did['spikes'], 'failed 2');
	t.regex(stderr, /lib\/gain\.py/);
});

test('while nothing changed no interpreter is started to read scripts', async (t) => {
	const python = pythonWith();
	const made = scriptProject(t);
	if (made === undefined || python === undefined) return;
	const { build, edit, write, lines, path, scanmake } = made;
	// nobody can tell what it starts: the scan's Python is asked, and does not run it
	edit('Scanfile.ts', '"python3"', '"./start"');
	write('start', `#!/bin/sh\nexec ${realpathSync(python)} "$@"\n`);
	chmodSync(path('start'), 0o755);
	mkdirSync(path('.venv/bin'), { recursive: true });
	writeFileSync(
		path('.venv/bin/python'),
		`#!/bin/sh\necho x >> ${path('started')}\nexec ${realpathSync(python)} "$@" # pyenv exec\n`,
	);
	chmodSync(path('.venv/bin/python'), 0o755);
	await build();
	t.is(lines('started').length, 1);
	await build();
	await scanmake('plan');
	await scanmake('why', 'spikes');
	t.is(lines('started').length, 1);
	edit('lib/gain.py', '2 * x', '3 * x');
	t.is((await build()).did['spikes'], 'ran 2');
	t.is(lines('started').length, 1, 'what the script in its place led to is started by itself');
});

test('without a usable interpreter all text beside a script counts, comments too', async (t) => {
	const made = scriptProject(t, 'command(["echo", "run.py"])');
	if (made === undefined) return;
	const { build, edit, path, write, scanmake } = made;
	mkdirSync(path('.venv'));
	for (const command of ['plan', 'doctor'])
		t.regex(
			(await scanmake(command)).stdout,
			/\.venv has no bin\/python: .* Until then run\.py counts by all/,
			command,
		);
	t.is((await build()).did['spikes'], 'ran 2');
	t.is((await build()).did['spikes'], 'reused 2');
	edit('lib/rates.py', 'def unused(x)', 'def never(x)');
	t.is((await build()).did['spikes'], 'ran 2');
	write('README.md', 'more');
	t.is((await build()).did['spikes'], 'reused 2');
});

test('what a script reaches counts however it is started: by its first line, by PYTHONPATH, as code in the recipe', async (t) => {
	for (const run of [
		'command(["./start", param("x")], json<number>())',
		'shell.with(json<number>())`PYTHONPATH=lib python3 run.py $' + '{param("x")}`',
		'command(["python3", "-c", "from lib.gain import gain; print(gain(1))", param("x")], json<number>())',
	]) {
		const made = scriptProject(t, run);
		if (made === undefined) return;
		const { build, edit, write, path } = made;
		const text = 'from gain import gain\n\nprint(gain(1))\n';
		write('run.py', text);
		write('start', `#!/usr/bin/env python3\nimport sys\nsys.path.insert(0, "lib")\n${text}`);
		chmodSync(path('start'), 0o755);
		t.is((await build()).did['spikes'], 'ran 2', run);
		t.is((await build()).did['spikes'], 'reused 2', run);
		edit('lib/gain.py', '2 * x', '3 * x');
		t.is((await build()).did['spikes'], 'ran 2', run);
	}
});

test('a package that is upgraded in the environment that runs a script reruns it, and one in another does not', async (t) => {
	const python = pythonWith();
	const made = scriptProject(t, 'command(["env2/bin/python", "run.py", param("x")], json<number>())');
	if (made === undefined || python === undefined) return;
	const { build, write, path } = made;
	const packages = new Map<string, string>();
	for (const name of ['.venv', 'env2']) {
		execFileSync(python, ['-m', 'venv', '--without-pip', path(name)]);
		const asked = ['-c', 'import site; print(site.getsitepackages()[0])'];
		const site = execFileSync(path(`${name}/bin/python`), asked, { encoding: 'utf8' }).trim();
		packages.set(name, relative(path('.'), site));
	}
	const install = (name: string, version: string) => {
		const site = packages.get(name);
		write(`${site}/decay.py`, `rate = ${version}\n`);
		write(`${site}/decay-0.dist-info/METADATA`, `Metadata-Version: 2.1\nName: decay\nVersion: ${version}\n`);
		write(`${site}/decay-0.dist-info/top_level.txt`, 'decay\n');
		write(`${site}/decay-0.dist-info/RECORD`, 'decay.py,,\ndecay-0.dist-info/METADATA,,\n');
	};
	for (const name of packages.keys()) install(name, '1.0');
	write('run.py', 'import decay\n\nprint(decay.rate)\n');
	t.is((await build()).did['spikes'], 'ran 2');
	t.is((await build()).did['spikes'], 'reused 2');
	install('.venv', '2.0');
	t.is((await build()).did['spikes'], 'reused 2');
	// a folder's times see no change within one tick of its clock
	await setTimeout(50);
	for (const name of ['decay.py', 'decay-0.dist-info'])
		rmSync(path(`${packages.get('env2')}/${name}`), { recursive: true });
	install('env2', '2.0');
	t.is((await build()).did['spikes'], 'ran 2');
});
