// What is too much to be looked at in Python code is said, and what is nested too deeply is a problem; packages by their
// files, and what a build has to look at again.
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { pythonWith } from '../../python.ts';
import { codeOf, type Files, reach, workFolder, write } from './python-pairs.ts';

const python = pythonWith();
const check = python === undefined ? test.skip : test;
const asked = python ?? '';

function project(files: Files, environment: (folder: string) => NodeJS.ProcessEnv = () => ({})) {
	const folder = workFolder();
	write(folder, files);
	const functions = [{ file: join(folder, 'model.py'), name: 'simulate' }];
	const ask = (more: { readonly scripts?: readonly string[] } = {}) =>
		reach(asked, { folder, functions: more.scripts === undefined ? functions : [], ...more }, environment(folder));
	return { folder, ask };
}

const inSite = (folder: string) => ({ PYTHONPATH: join(folder, 'site-packages') });

check('of more sources than are looked at where any may be imported, one is told', (t) => {
	const model = 'import importlib\ndef simulate(p):\n    return importlib.import_module(p.name).f(p)\n';
	const files = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`m/a${i}.py`, '']));
	const { folder, ask } = project({ 'model.py': model, ...files });
	const said = () => ask().functions[0]?.warnings.map(({ message, line }) => `${line} ${message}`) ?? [];
	t.true(
		said().some((one) => one.startsWith('0 this imports or runs what the text does not name, and of the .py files')),
	);
	write(folder, { 'm/a0.txt': '' });
	const few = project({ 'model.py': model, 'm/a.py': '' });
	t.false(few.ask().functions[0]?.warnings.some(({ line }) => line === 0));
});

check('a module that may lie in a folder that is not looked at is named', (t) => {
	const files = Object.fromEntries(Array.from({ length: 210 }, (_, i) => [`d${i}/e/x.txt`, '']));
	const { folder, ask } = project({ 'run.py': 'import deep, x0\n', 'd0/x0.py': '', 'd209/e/deep.py': '', ...files });
	const messages = ask({ scripts: [join(folder, 'run.py')] }).scripts[0]?.warnings.map(({ message }) => message);
	t.is(messages?.length, 1);
	t.regex(
		messages?.[0] ?? '',
		/^the module deep was looked for in the upper 211 folders of the project only: .*deep\.py/,
	);
});

check(
	'a package without metadata counts by its files, which are watched and looked at again; of a huge one that is said',
	(t) => {
		const { folder, ask } = project(
			{
				'model.py': 'import bar\ndef simulate(p):\n    return bar.f(p)\n',
				'site-packages/bar/__init__.py': 'from bar.inner.deep import f\n',
				'site-packages/bar/inner/deep.py': 'def f(p): return 1\n',
			},
			inSite,
		);
		const site = join(folder, 'site-packages');
		const first = ask();
		const deep = join(site, 'bar/inner/deep.py');
		t.true(first.watched.files.some(({ path }) => path === deep));
		t.true(first.watched.folders.includes(join(site, 'bar/inner')));
		t.deepEqual(
			first.functions[0]?.packages.map(({ name, path }) => [name, path]),
			[
				['package bar', join(site, 'bar/__init__.py')],
				['package bar', deep],
			],
		);
		t.deepEqual(first.functions[0]?.warnings, []);
		const large = join(site, 'bar/z.so');
		writeFileSync(large, '');
		truncateSync(large, 65 * 2 ** 20);
		const second = ask();
		t.regex(second.functions[0]?.warnings[0]?.message ?? '', /^the package bar has no metadata .* only sizes are seen/);
		t.is(second.functions[0]?.packages.length, 2);
		t.true(second.watched.files.some(({ path }) => path === large));
		truncateSync(large, 66 * 2 ** 20);
		t.not(ask().functions[0]?.digest, second.functions[0]?.digest);
	},
);

check('of packages with versions the files that say these are told, those of what they require among them', (t) => {
	const { folder, ask } = project(
		{
			'model.py': 'import bar\ndef simulate(p):\n    return bar.f(p)\n',
			'site-packages/bar/__init__.py': '',
			'site-packages/bar-1.0.dist-info/METADATA': 'Name: bar\nVersion: 1.0\nRequires-Dist: foo\n',
			'site-packages/foo-2.0.egg-info': 'Name: foo\nVersion: 2.0\n',
		},
		inSite,
	);
	const [code] = ask().functions;
	t.deepEqual(
		code?.packages.map(({ name, path }) => [name, path.slice(folder.length)]),
		[
			['package bar 1.0', '/site-packages/bar-1.0.dist-info/METADATA'],
			['package foo 2.0', '/site-packages/foo-2.0.egg-info'],
		],
	);
	t.true(ask().watched.files.some(({ path }) => path.endsWith('METADATA')));
});

check('code that is nested too deeply is a problem, wherever it is', (t) => {
	const sums = (size: number) => `x = ${Array.from({ length: size }, () => '1').join(' + ')}\n`;
	const calls = (size: number) => `def g(p): return ${'g('.repeat(size)}p${')'.repeat(size)}\n`;
	const blocks = (size: number) =>
		`${Array.from({ length: size }, (_, i) => `${' '.repeat(i)}if x:\n`).join('')}${' '.repeat(size)}pass\n`;
	const chains = (size: number) => `y = z${'.a'.repeat(size)}\n`;
	const elses = (size: number) =>
		`if z: x = 0\n${Array.from({ length: size }, (_, i) => `elif z == ${i}: x = ${i}\n`).join('')}`;
	for (const [text, size] of [
		...[sums(100_000), sums(20_000), calls(5000), calls(150), blocks(150), blocks(90)],
		...[chains(50_000), chains(5000), elses(20_000), elses(2000)],
	].map((one) => [one, one.length] as const)) {
		const { problems, digest } = codeOf(asked, `${text}def simulate(p):\n    return x, y, g(p)\n`);
		const [problem] = problems;
		const what = `${text.slice(0, 20)} ${size}`;
		if (problem === undefined) t.regex(digest, /^[0-9a-f]{64}$/, what);
		else t.regex(problem.message, /nested too deeply|too many/i, what);
	}
});

check('a guard with more conditions than the name of the module is a statement like any other', (t) => {
	const text =
		'import sys\nx = 1\nif __name__ == "__main__" and sys.argv:\n    x = 2\ndef simulate(p):\n    return x\n';
	t.not(codeOf(asked, text).digest, codeOf(asked, text.replace('x = 2', 'x = 3')).digest);
	const plain = text.replace(' and sys.argv', '');
	t.is(codeOf(asked, plain).digest, codeOf(asked, plain.replace('x = 2', 'x = 3')).digest);
});

check('a plan and a worker suggest the same name', (t) => {
	const [problem] = codeOf(asked, 'def simulates(p): return 1\ndef tau(p): return 2\n', { name: 'tua' }).problems;
	t.is(problem?.message, 'model.py has no function tua; did you mean tau?');
});
