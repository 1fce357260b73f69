// Scanfiles with Python functions: their identities, what is wrong with them, what workers are told. The interpreter is
// made up; what it says of code is the test's.
import { mkdirSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { loadScan } from '../../../../engine/code/load.ts';
import type { PythonCode } from '../../../../engine/code/python/ask.ts';
import { UserError } from '../../../../engine/errors.ts';
import { identitiesByTarget } from '../projects.ts';
import { type FakePython, fakePython } from './fake.ts';
import { pythonReleases } from './releases.ts';

const scanfile = (options: string, python = 'bin/python3', call = 'python("model.py", "simulate")') => `
import { grid, python, scan, simulate } from 'scanmake';
const spikes = simulate({ over: grid({ weight: [1, 2] }).trials(2), run: ${call}, ${options} });
export default scan({ spikes }, { python: ${JSON.stringify(python)} });
`;

function ground(t: ExecutionContext): FakePython & { says(code: Partial<PythonCode>): void } {
	const fake = fakePython(t);
	fake.write('model.py', 'def simulate(params): return 1\n');
	fake.write('Scanfile.ts', scanfile(''));
	return { ...fake, says: (code) => fake.answers({ functions: [code] }) };
}

const load = (fake: FakePython) => loadScan({ file: fake.path('Scanfile.ts'), cacheFolder: fake.path('.scanmake') });

async function wrongIn(fake: FakePython) {
	try {
		await load(fake);
	} catch (error) {
		if (error instanceof UserError) return error.problems;
		throw error;
	}
	return [];
}

async function identity(fake: FakePython): Promise<string> {
	return identitiesByTarget(await load(fake))['spikes'] ?? 'none';
}

test('the identity is that of the code, whatever the file is called', async (t) => {
	const fake = ground(t);
	fake.says({ digest: 'one' });
	const first = await identity(fake);
	fake.write('other.py', 'def simulate(params): return 1\n');
	fake.write('Scanfile.ts', scanfile('', 'bin/python3', 'python("other.py", "simulate")'));
	t.is(await identity(fake), first);
	fake.says({ digest: 'two' });
	fake.write('.python-version', 'another');
	t.not(await identity(fake), first);
});

test('another release of Python is another identity; its parts say so', async (t) => {
	const releases = [...pythonReleases()];
	if (releases.length < 2) t.log('skipped: there are no two releases of Python here');
	const fake = ground(t);
	const found = new Map<string, string>();
	for (const [release, path] of releases) {
		fake.write('Scanfile.ts', scanfile('', path));
		const loaded = await load(fake);
		const parts = loaded.identities[0]?.parts ?? [];
		found.set(identitiesByTarget(loaded)['spikes'] ?? '', release);
		t.deepEqual(
			parts.filter(({ kind }) => kind === 'package').map(({ name, shown }) => `${name} ${shown}`),
			[`package python ${release}`],
		);
		t.is(loaded.pythonOf(0)?.interpreter, path);
	}
	t.deepEqual([...found.values()], [...releases.map(([release]) => release)]);
});

test('a release that is too old says so, by its own words', async (t) => {
	const old = [...pythonReleases('old')];
	if (old.length === 0) t.log('skipped: there is no old release of Python here');
	for (const [release, path] of old) {
		const fake = ground(t);
		fake.write('Scanfile.ts', scanfile('', path));
		const loaded = await load(fake);
		const said = `${path} (the python option of the scan) is Python ${release}`;
		t.true(loaded.warnings[0]?.message.startsWith(said), loaded.warnings[0]?.message);
	}
	t.pass();
});

test('parts are named by files as seen from the Scanfile', async (t) => {
	const fake = ground(t);
	const parts = [
		{ file: fake.path('lib/synapse.py'), name: 'decay', digest: 'd' },
		{ file: '', name: 'package numpy', digest: 'n', kind: 'package' } as const,
	];
	fake.says({ parts });
	t.deepEqual((await load(fake)).identities[0]?.parts, [{ ...parts[0], file: 'lib/synapse.py' }, parts[1]] as never);
});

test('a worker is told the interpreter, the module, where it is found and the sources', async (t) => {
	const fake = ground(t);
	const sources = [{ path: fake.path('model.py'), digest: 'x' }];
	fake.says({ sources, module: 'model', path: [fake.folder] });
	const loaded = await load(fake);
	t.deepEqual(loaded.pythonOf(0), {
		...{ kind: 'python', interpreter: fake.path('bin/python3'), path: [fake.folder], module: 'model' },
		...{ file: fake.path('model.py'), name: 'simulate', sources },
	});
	t.is(loaded.pythonOf(1), undefined);
});

test('what is wrong with the code is said with its own file and line, with all else that is wrong', async (t) => {
	const fake = ground(t);
	fake.says({
		problems: [{ message: 'model.py has no simulate; did you mean simulated?', file: fake.path('model.py'), line: 7 }],
	});
	t.deepEqual(await wrongIn(fake), [
		{ message: 'model.py has no simulate; did you mean simulated?', file: 'model.py', line: 7 },
	]);
});

test('a function that asks for what no rule gives is a problem where it is written', async (t) => {
	const fake = ground(t);
	const names = [
		{ name: 'wieght', required: true },
		{ name: 'trial', required: true },
	];
	fake.says({ signature: { names, positional: 2, rest: false, line: 3 } });
	const message = 'simulate takes wieght, which is no parameter of the rule; did you mean weight?';
	t.deepEqual(await wrongIn(fake), [{ message, file: 'model.py', line: 3 }]);
	fake.says({ signature: { names, positional: 2, rest: false, line: 3, file: fake.path('lib/impl.py') } });
	fake.write('.python-version', '0');
	t.like((await wrongIn(fake))[0], { message, file: 'lib/impl.py', line: 3 });
	fake.says({ signature: { names, positional: 2, rest: false } });
	fake.write('.python-version', '1');
	t.like((await wrongIn(fake))[0], { message, file: 'Scanfile.ts' });
});

test('a file that is not there is a problem that names the nearest, and no interpreter is started', async (t) => {
	const fake = ground(t);
	fake.write('Scanfile.ts', scanfile('', 'bin/python3', 'python("modle.py", "simulate")'));
	const [problem] = await wrongIn(fake);
	t.is(
		problem?.message,
		`python("modle.py", "simulate"): there is no file ${fake.path('modle.py')}; did you mean model.py?`,
	);
	t.is(problem?.file, 'Scanfile.ts');
	mkdirSync(fake.path('folder.py'));
	fake.write('Scanfile.ts', scanfile('', 'bin/python3', 'python("folder.py", "simulate")'));
	t.regex((await wrongIn(fake))[0]?.message ?? '', /folder\.py is no file\. Name the module's file/);
	t.is(fake.starts(), 0);
});

test('remarks come with file and line; those on what the rule names in env and uses do not', async (t) => {
	const fake = ground(t);
	const place = { file: fake.path('model.py'), line: 2 };
	const warnings = [
		{ message: 'simulate reads os.environ["OMP"]', ...place, variable: 'OMP' },
		{ message: 'simulate reads data.csv', ...place, names: 'data.csv' },
	];
	fake.says({ warnings });
	fake.write('data.csv', '');
	const messages = async () =>
		(await load(fake)).warnings.map(({ message, file, line }) => `${file}:${line} ${message}`);
	t.deepEqual(await messages(), ['model.py:2 simulate reads os.environ["OMP"]', 'model.py:2 simulate reads data.csv']);
	fake.write('Scanfile.ts', scanfile('env: ["OMP"], uses: ["./data.csv"]'));
	t.deepEqual(await messages(), []);
	fake.write('Scanfile.ts', scanfile('env: ["OMP"], uses: ["*.csv"]'));
	t.deepEqual(await messages(), []);
	fake.write('Scanfile.ts', scanfile('uses: ["*.py"]'));
	t.is((await messages()).length, 2);
});

test('without an interpreter a scan can be read all the same: text counts, a remark says why, workers get the sentence', async (t) => {
	const fake = ground(t);
	fake.says({ digest: 'one' });
	const first = await identity(fake);
	fake.write('Scanfile.ts', scanfile('', '.venv/bin/python'));
	const loaded = await load(fake);
	const text = identitiesByTarget(loaded)['spikes'];
	t.not(text, first);
	const [warning] = loaded.warnings;
	t.regex(warning?.message ?? '', /names no interpreter: there is no .*\.venv\/bin\/python/);
	t.is(warning?.file, 'Scanfile.ts');
	t.deepEqual(loaded.pythonOf(0)?.interpreter, { problem: warning?.message ?? '' });
	fake.write('helper.py', 'x = 1\n');
	t.not(await identity(fake), text);
});

test('a scan without Python functions looks for no interpreter', async (t) => {
	const fake = ground(t);
	fake.write('Scanfile.ts', scanfile('', 'none/at/all', '() => 1'));
	const { warnings } = await load(fake);
	t.deepEqual(warnings, []);
	t.is(fake.starts(), 0);
});
