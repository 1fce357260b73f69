// Python scripts that commands name: what they count as in keys, and what is looked at before results are recorded. What
// they reach is said by a made-up interpreter.
import { readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { digestBytes, hex } from '../../engine/digest.ts';
import { plan } from '../../engine/plan.ts';
import { modulePaths, startedPythons } from '../../engine/python-words.ts';
import { type Standings, standings } from '../../engine/standing.ts';
import { memoryStore } from '../../engine/store/memory.ts';
import { command, grid, param, shell } from '../../rules/index.ts';
import { opened } from '../harness.ts';
import { type FakePython, fakePython } from './code/python/fake.ts';
import { ruleOf } from './keyed.ts';

interface Ground extends FakePython {
	stands(run: unknown, over?: Parameters<typeof ruleOf>[1]): Promise<{ stands: Standings; shared: readonly string[] }>;
}

function ground(t: ExecutionContext): Ground {
	const fake = fakePython(t);
	const stands: Ground['stands'] = async (run, over) => {
		const scan = opened({ targets: { rule: ruleOf(run, over) }, folder: fake.folder });
		const store = memoryStore();
		const python = fake.project({ keptFolder: undefined });
		const withPython = { ...scan, loaded: { ...scan.loaded, python } };
		const found = await standings(withPython, [0], store);
		const { keyedFiles } = plan(withPython, [0], found, store, { conditions: [], rowsOf: [0] }).rules.get(0) ?? {};
		const shared = (keyedFiles?.shared ?? []).map(({ name }) => name);
		const own = (keyedFiles?.own?.(0) ?? []).map(({ name }) => name);
		// programs lie elsewhere
		return { stands: found, shared: [...shared, ...own].filter((name) => !name.startsWith('/')) };
	};
	return { ...fake, stands };
}

const digestOf = (path: string) => hex(digestBytes(readFileSync(path)));

const filesLine = (stands: Standings) => /^files (.*)$/m.exec(stands.prefixOf(0))?.[1];

test('a script counts by what it reaches, not by its text; what it reaches is looked at before results are recorded', async (t) => {
	const { stands, write, answers } = ground(t);
	const [script, module] = [write('run.py', 'import lib\n'), write('lib.py', 'x = 1\n')];
	const says = (digest: string) =>
		answers({
			scripts: [{ digest, sources: [script, module].map((file) => ({ path: file, digest: digestOf(file) })) }],
		});
	says('one');
	const first = await stands(command(['python3', 'run.py']));
	t.deepEqual(first.shared, ['run.py', 'lib.py']);
	t.deepEqual(
		first.stands.filesOf(0).scripts.map(({ name }) => name),
		['run.py'],
	);
	write('run.py', 'import lib  # more\n');
	says('one');
	t.is(filesLine((await stands(command(['python3', 'run.py']))).stands), filesLine(first.stands));
	t.is(filesLine((await stands(shell`python3 run.py`)).stands), filesLine(first.stands));
	says('two');
	t.not(filesLine((await stands(command(['python3', 'run.py']))).stands), filesLine(first.stands));
});

test('a script that something else than Python reads counts by its text, too', async (t) => {
	const { stands, write, answers } = ground(t);
	write('run.py', 'x = 1\n');
	answers({ scripts: [{ digest: 'one' }] });
	const first = await stands(command(['cat', 'run.py']));
	write('run.py', 'x = 1  # more\n');
	t.not(filesLine((await stands(command(['cat', 'run.py']))).stands), filesLine(first.stands));
});

test('a script that this Python cannot read counts by all text beside and below it', async (t) => {
	const { stands, write, answers, path } = ground(t);
	write('two/run.py', 'print "two"\n');
	write('two/lib.py', '');
	answers({ scripts: [{ problems: [{ message: 'syntax', file: path('two/run.py'), line: 1 }] }] });
	const first = await stands(command(['python2', 'two/run.py']));
	t.deepEqual([...first.shared].sort(), ['two/lib.py', 'two/run.py']);
	write('two/lib.py', '# more');
	t.not(filesLine((await stands(command(['python2', 'two/run.py']))).stands), filesLine(first.stands));
});

test('scripts that parameters name count for the sets that name them; all are asked for at once', async (t) => {
	const { stands, write, answers, starts, request, path } = ground(t);
	const scripts = ['a.py', 'b.py'].map((name) => write(name, ''));
	const lib = write('lib.py', '');
	answers({
		scripts: scripts.map((file, at) => ({
			digest: `${at}`,
			sources: [file, lib].map((path) => ({ path, digest: digestOf(path) })),
		})),
	});
	const run = command(['python3', param('file' as never)]);
	const { shared } = await stands(run, grid({ file: ['a.py', 'b.py', 'none.py'] }));
	t.deepEqual(shared, ['a.py', 'lib.py'], 'of the first set');
	t.is(starts(), 1);
	t.deepEqual(request().scripts, [path('a.py'), path('b.py')]);
});

test('a module that Python starts by name counts as a script, with the packages that it is in', async (t) => {
	const { stands, write, answers, request, path } = ground(t);
	for (const name of ['pkg/__init__.py', 'pkg/run.py', 'tool/__main__.py']) write(name, '');
	answers({ scripts: [{}, {}, {}] });
	await stands(shell`python3 -u -m pkg.run && python3 -m tool && make -m none`);
	t.deepEqual(request().scripts, [path('pkg/run.py'), path('pkg/__init__.py'), path('tool/__main__.py')]);
	t.deepEqual(modulePaths(command(['python3', '-m', 'pkg']) as never), [
		'pkg.py',
		'pkg/__main__.py',
		'pkg/__init__.py',
	]);
	t.deepEqual(modulePaths(command(['make', '-m', 'pkg']) as never), []);
});

test('without an interpreter a script counts by all text beside and below it', async (t) => {
	const { stands, write, program } = ground(t);
	program('bin/python3', 'exit 1');
	write('src/run.py', '');
	const first = await stands(command(['python3', 'src/run.py']));
	write('other.py', '');
	t.is(filesLine((await stands(command(['python3', 'src/run.py']))).stands), filesLine(first.stands));
	write('src/lib/other.py', '');
	const second = await stands(command(['python3', 'src/run.py']));
	t.not(filesLine(second.stands), filesLine(first.stands));
	t.is(second.shared.length, 2);
});

test('what interpreters run is told from the words: the first script of each, no file behind it', (t) => {
	const run = (recipe: unknown) => {
		const { interpreters, scripts, runsMade } = startedPythons(recipe as never);
		return [interpreters.join(), scripts.filter((name) => name.endsWith('.py')).join(), runsMade];
	};
	t.deepEqual(run(command(['python3', 'a.py', 'b.py'])), ['python3', 'a.py', false]);
	t.deepEqual(run(command(['/usr/bin/python3.11', '-uB', '-W', 'ignore', 'a.py'])), [
		...['/usr/bin/python3.11', 'a.py', false],
	]);
	t.deepEqual(run(command(['mpirun', '-n', '2', 'python', 'a.py'])), ['python', 'a.py', false]);
	t.deepEqual(run(command(['python3', param('file' as never), 'b.py'])), ['python3', '', true]);
	t.deepEqual(run(command(['python3', '-um', 'pkg', 'b.py'])), ['python3', '', false]);
	t.deepEqual(run(command(['python3', '-c', 'pass', 'b.py'])), ['python3', '', false]);
	t.deepEqual(run(command(['./run.py', 'b.py'])), ['', './run.py', false]);
	t.deepEqual(run(shell`cd data && python3 a.py b.py; X=1 env/bin/pypy3 c.py < d.py`), [
		...['python3,env/bin/pypy3', 'a.py,c.py', false],
	]);
	t.deepEqual(run(shell`. env/bin/activate && python3 a.py`), ['env/bin/python3', 'a.py', false]);
	t.deepEqual(run(command(['sh', '-c', 'python3 a.py b.py'])), ['python3', 'a.py', false]);
	for (const other of [command(['cat', 'a.py']), command(['./pythonic', 'a.py']), shell`wc -l a.py`])
		t.deepEqual(run(other), ['', '', false]);
});

test('a script that is given to another one counts by its text, too', async (t) => {
	const { stands, write, answers } = ground(t);
	for (const name of ['count.py', 'template.py']) write(name, 'x = 1\n');
	answers({ scripts: [{ digest: 'one' }, { digest: 'two' }] });
	const line = async (run: unknown) => filesLine((await stands(run)).stands);
	for (const run of [command(['python3', 'count.py', 'template.py']), shell`python3 count.py < template.py`]) {
		write('template.py', 'x = 1\n');
		const first = await line(run);
		write('count.py', `x = 1  # more\n`);
		t.is(await line(run), first);
		write('template.py', 'x = 1  # more\n');
		t.not(await line(run), first);
	}
});

/** A second interpreter, which answers for itself; returns what changes its answer. */
function second({ write, program, path, answers }: FakePython, name: string): (digest: string) => void {
	const own = `${name}.answer`;
	program(name, `cat > /dev/null; cat ${path(own)}`);
	return (digest) => {
		answers({ executable: path(name), scripts: [{ digest }] });
		write(own, readFileSync(path('answer'), 'utf8'));
		answers({ scripts: [{ digest: 'own' }] });
	};
}

test('a script counts by what it reaches in the interpreter that runs it, not by that of the scan', async (t) => {
	const made = ground(t);
	const { stands, write, program, path } = made;
	const says = second(made, 'env2/bin/python');
	write('run.py', 'import numpy\n');
	program('start', '');
	write('start', `#!${path('env2/bin/python')}\nimport numpy\n`);
	const line = async (run: unknown) => filesLine((await stands(run)).stands);
	const runs: readonly unknown[] = [
		...[command(['env2/bin/python', 'run.py']), command(['nice', 'env2/bin/python', 'run.py'])],
		...[shell`env2/bin/python run.py`, shell`. env2/bin/activate; python run.py`, command(['./start'])],
		command(['python3', '-c', '', 'run.py', 'env2/bin/python']),
	];
	const before = [];
	says('one');
	for (const run of runs) before.push(await line(run));
	write('run.py', 'import numpy # more\n');
	for (const [at, run] of runs.slice(0, 4).entries()) t.is(await line(run), before[at]);
	write('run.py', 'import numpy\n');
	says('two');
	for (const [at, run] of runs.slice(0, 5).entries()) t.not(await line(run), before[at], JSON.stringify(run));
	t.is(await line(runs[5]), before[5]);
});

test('where nobody can tell which interpreter runs a script it counts by the one of the scan, and by its text', async (t) => {
	const { stands, write, answers } = ground(t);
	const line = async (run: unknown) => filesLine((await stands(run)).stands);
	const runs = [
		...[command(['python9.9', 'run.py']), shell`PATH=env2/bin:$$PATH python3 run.py`, command(['uv', 'run', 'run.py'])],
		shell`module load python; python3 run.py`,
	];
	for (const run of runs) {
		write('run.py', 'x = 1\n');
		answers({ scripts: [{ digest: 'one' }] });
		const first = await line(run);
		t.is(await line(run), first);
		write('run.py', 'x = 1  # more\n');
		t.not(await line(run), first, JSON.stringify(run));
		write('run.py', 'x = 1\n');
		answers({ scripts: [{ digest: 'two' }] });
		t.not(await line(run), first, JSON.stringify(run));
	}
});

test('what other interpreters say is kept as well, each by itself', async (t) => {
	const made = fakePython(t);
	const { write, path, program, project } = made;
	const says = second(made, 'env2/bin/python');
	const script = write('run.py', '');
	says('one');
	const ask = async () => {
		const python = project();
		const own = await python.script(script);
		const other = await python.startedAs('env2/bin/python')?.script(script);
		python.save();
		return [own.digest, other?.digest];
	};
	t.deepEqual(await ask(), ['own', 'one']);
	says('two');
	t.deepEqual(await ask(), ['own', 'one'], 'nothing was started');
	t.is(made.starts(), 1);
	program('env2/bin/python', `cat > /dev/null; cat ${path('env2/bin/python.answer')}; true`);
	t.deepEqual(await ask(), ['own', 'two']);
	t.is(made.starts(), 1);
});

test('an interpreter that cannot be asked is said, with the scripts that it was wanted for', async (t) => {
	const { stands, write, program } = ground(t);
	write('run.py', '');
	t.deepEqual((await stands(command(['python3', 'run.py']))).stands.warnings, []);
	program('bin/python3', 'exit 1;');
	const { warnings } = (await stands(command(['python3', 'run.py']))).stands;
	t.regex(warnings[0]?.message ?? '', /bin\/python3 .* ended with exit status 1.* Until then run\.py counts by all/);
});
