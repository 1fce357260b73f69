// What is said of a Python function or script besides its digest: packages, problems, how it can be called, remarks, sources, what
// to watch; and what an interpreter that is too old says.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { ownFile } from '../../../engine/version.ts';
import { pythonWith } from '../../python.ts';
import { codeOf, type Files, filesIn, reach, workFolder, write } from './python-pairs.ts';

const python = pythonWith();
const check = python === undefined ? test.skip : test;
const asked = python ?? '';

const remarks = (text: string) => codeOf(asked, text).warnings.map(({ line, message }) => `${line} ${message}`);
const problems = (text: string, name = 'simulate') =>
	codeOf(asked, text, { name }).problems.map(({ line, message }) => `${line} ${message}`);

/** A project with packages in a folder that is on the path as site-packages. */
function withPackages(files: Files) {
	const folder = workFolder();
	const site = join(folder, 'lib', 'site-packages');
	write(site, files);
	write(folder, { 'model.py': 'import box\ndef simulate(p):\n    return box.f(p)\n' });
	const functions = [{ file: join(folder, 'model.py'), name: 'simulate' }];
	const ask = () => reach(asked, { folder, functions }, { PYTHONPATH: site });
	return { folder, site, ask, digest: () => ask().functions[0]?.digest };
}

const metadata = (name: string, version: string, ...more: string[]) =>
	[`Name: ${name}`, `Version: ${version}`, ...more, '', 'A text. Version: 9'].join('\n');

check('a package counts by its version, not by its files', (t) => {
	const { site, digest } = withPackages({
		'box/__init__.py': 'def f(p): return 1',
		'box_kit-1.0.dist-info/METADATA': metadata('box-kit', '1.0'),
		'box_kit-1.0.dist-info/RECORD': 'box/__init__.py,,\n',
	});
	const first = digest();
	write(site, { 'box/__init__.py': 'def f(p): return 2' });
	t.is(digest(), first);
	write(site, { 'box_kit-1.0.dist-info/METADATA': metadata('box-kit', '1.1') });
	t.not(digest(), first);
});

check('a package counts with those that it requires in turn, extras aside', (t) => {
	const needs = ['Requires-Dist: deep (>=1) ; python_version > "3"', 'Requires-Dist: nice ; extra == "plots"'];
	const { site, digest, ask } = withPackages({
		'box/__init__.py': 'def f(p): return 1',
		'box-1.0.dist-info/METADATA': metadata('box', '1.0', ...needs),
		'deep-1.0.dist-info/METADATA': metadata('deep', '1.0', 'Requires-Dist: deeper'),
		'deeper-1.0.egg-info/PKG-INFO': metadata('deeper', '1.0'),
		'nice-1.0.dist-info/METADATA': metadata('nice', '1.0'),
	});
	const first = digest();
	write(site, { 'nice-1.0.dist-info/METADATA': metadata('nice', '2.0') });
	t.is(digest(), first);
	write(site, { 'deeper-1.0.egg-info/PKG-INFO': metadata('deeper', '2.0') });
	t.not(digest(), first);
	t.deepEqual(
		ask()
			.functions[0]?.parts.filter(({ kind }) => kind === 'package')
			.map(({ name, shown }) => [name, name === 'package python' ? '' : shown]),
		[
			['package python', ''],
			['package box', '1.0'],
		],
	);
	t.true(ask().watched.folders.includes(site));
});

check('a package that Debian lists in requires.txt counts', (t) => {
	const { site, digest } = withPackages({
		'box.py': 'def f(p): return 1',
		'Box-1.0.egg-info/PKG-INFO': metadata('Box', '1.0'),
		'Box-1.0.egg-info/requires.txt': 'deep>=1\n\n[:platform_system == "Linux"]\nalso\n\n[test]\npytest\n',
		'Box-1.0.egg-info/top_level.txt': 'box\n',
		'deep-1.0.egg-info': metadata('deep', '1.0'),
		'also-1.0.egg-info': metadata('also', '1.0'),
		'pytest-1.0.egg-info': metadata('pytest', '1.0'),
	});
	const first = digest();
	write(site, { 'pytest-1.0.egg-info': metadata('pytest', '2.0') });
	t.is(digest(), first);
	write(site, { 'also-1.0.egg-info': metadata('also', '2.0') });
	t.not(digest(), first);
});

check('an installed package that no distribution names counts by the contents of its files', (t) => {
	const { site, digest } = withPackages({ 'box/__init__.py': 'from .f import f', 'box/f.py': 'def f(p): return 1' });
	const first = digest();
	write(site, { 'box/f.py': 'def f(p): return 2' });
	t.not(digest(), first);
});

check('a module on PYTHONPATH is followed as the project’s own', (t) => {
	const folder = workFolder();
	write(folder, {
		'project/model.py': 'import box\ndef simulate(p):\n    return box.f(p)\n',
		'lib/box.py': 'def f(p): return 1',
	});
	const functions = [{ file: join(folder, 'project/model.py'), name: 'simulate' }];
	const ask = () => reach(asked, { folder: join(folder, 'project'), functions }, { PYTHONPATH: join(folder, 'lib') });
	const first = ask();
	t.true(first.functions[0]?.sources.some(({ path }) => path === join(folder, 'lib/box.py')));
	t.true(first.watched.absent.includes(join(folder, 'project/box.py')));
	write(folder, { 'lib/box.py': 'def f(p): return 2' });
	t.not(ask().functions[0]?.digest, first.functions[0]?.digest);
});

check('a compiled extension of the project counts by its content', (t) => {
	const folder = workFolder();
	const suffix = spawnSync(asked, ['-c', 'import _imp; print(_imp.extension_suffixes()[0])'], {
		encoding: 'utf8',
	}).stdout.trim();
	write(folder, { 'model.py': 'import fast\ndef simulate(p):\n    return fast.f(p)\n', [`fast${suffix}`]: 'one' });
	const ask = () => reach(asked, { folder, functions: [{ file: join(folder, 'model.py'), name: 'simulate' }] });
	const first = ask();
	t.true(first.watched.files.some(({ path }) => path === join(folder, `fast${suffix}`)));
	write(folder, { [`fast${suffix}`]: 'two' });
	t.not(ask().functions[0]?.digest, first.functions[0]?.digest);
});

check('a function that is not there is a problem that names the nearest', (t) => {
	t.deepEqual(problems('x = 1\ndef simulate(p): return 1', 'simulat'), [
		'2 model.py has no function simulat; did you mean simulate?',
	]);
	t.deepEqual(problems('def rate(p): return 1', 'simulate'), [
		'0 model.py has no function simulate. Write it there, or name one that it has: rate.',
	]);
	t.deepEqual(problems('from math import *', 'simulat'), []);
	t.deepEqual(problems('globals()["simulate"] = print'), []);
});

check('what is no function is a problem', (t) => {
	t.deepEqual(problems('class simulate: pass'), [
		'1 simulate of model.py is a class, not a function. Write a function that uses it, and name that.',
	]);
	t.deepEqual(problems('x = 1\nsimulate = 3'), ['2 simulate of model.py is a value, not a function. Name a function.']);
	t.deepEqual(problems('import math as simulate'), []);
	t.deepEqual(problems('simulate = print'), []);
});

check('a syntax error is a problem with file and line', (t) => {
	t.deepEqual(
		problems('import s\ndef simulate(p): return s.f\n# file: s.py\nx = 1\ndef f(:\n').map(
			(text) => text.split(/ \d\./)[0],
		),
		['2 this is not Python'],
	);
	t.deepEqual(problems('def g(): import s\ndef simulate(p): return 1\n# file: s.py\ndef f(:\n'), []);
});

check('a file that is not there is a problem', (t) => {
	const folder = workFolder();
	const file = join(folder, 'gone.py');
	const { functions, scripts, watched } = reach(asked, { folder, functions: [{ file, name: 'f' }], scripts: [file] });
	t.deepEqual(
		[functions[0]?.problems[0]?.message, scripts[0]?.problems[0]?.message],
		['gone.py is not there.', 'gone.py is not there.'],
	);
	t.true(watched.absent.includes(file));
});

check('how a function can be called is read from how it is written', (t) => {
	const signature = codeOf(asked, 'def simulate(a, b=1, /, c=2, *, d, e=3, **rest): pass').signature;
	t.like(signature, {
		names: [
			{ name: 'a', required: true },
			{ name: 'b', required: false },
			{ name: 'c', required: false },
			{ name: 'd', required: true },
			{ name: 'e', required: false },
		],
		positional: 3,
		rest: true,
	});
	t.is(codeOf(asked, 'import functools\n@functools.lru_cache\ndef simulate(a): pass').signature, null);
	t.is(codeOf(asked, 'from s import f as simulate\n# file: s.py\ndef f(a): pass').signature?.positional, 1);
});

check('reads of the environment, of chance, of the clock and of the network are remarked', (t) => {
	const body = (line: string, before = '') =>
		remarks(`${before}import os, random, time, urllib.request\ndef simulate(p):\n    return ${line}\n`);
	t.regex(body('os.environ["DT"]')[0] ?? '', /^3 .*environment variable DT.*env: \["DT"\]/);
	t.regex(body('os.getenv("DT", 3)')[0] ?? '', /^3 .*environment variable DT/);
	t.regex(body('random.random()')[0] ?? '', /^3 random\.random .*no task seeds/);
	t.deepEqual(body('random.seed(p) or random.random()'), []);
	t.regex(body('random.Random()')[0] ?? '', /without a seed/);
	t.deepEqual(body('random.Random(p)'), []);
	t.regex(body('time.time()')[0] ?? '', /clock/);
	t.regex(body('urllib.request.urlopen("http://x")')[0] ?? '', /cannot see when the answer changes/);
	t.deepEqual(remarks('import random\ndef other(): return random.random()\ndef simulate(p): return 1'), []);
});

check('a text that names a file of the project is remarked', (t) => {
	const text = 'def simulate(p):\n    return open("data/w.npy").read(), "none.npy"\n# file: data/w.npy\nx';
	const [warning, ...more] = codeOf(asked, text).warnings;
	t.is(
		warning?.message,
		'this names the file data/w.npy: put it into uses: ["data/w.npy"], or a change of it reruns nothing.',
	);
	t.is(warning?.names, 'data/w.npy');
	t.deepEqual(more, []);
});

check('sources are all modules that are imported, with the packages around them', (t) => {
	const code = codeOf(
		asked,
		'import pkg.a\ndef simulate(p): return 1\n# file: pkg/__init__.py\nfrom . import b\n# file: pkg/a.py\n# file: pkg/b.py\ndef f():\n    import c\n# file: c.py\nx = 1',
	);
	t.deepEqual(
		code.sources.map(({ path }) => path.split('/').slice(3).join('/')),
		['model.py', 'pkg/__init__.py', 'pkg/b.py', 'pkg/a.py'],
	);
});

check('a module of a package is known by its full name, and its root is where the packages begin', (t) => {
	const folder = workFolder();
	write(
		folder,
		filesIn(
			'# file: pkg/__init__.py\n# file: pkg/model.py\nfrom .s import f\ndef simulate(p): return f(p)\n# file: pkg/s.py\ndef f(x): return 1',
		),
	);
	const { functions } = reach(asked, { folder, functions: [{ file: join(folder, 'pkg/model.py'), name: 'simulate' }] });
	t.is(functions[0]?.module, 'pkg.model');
	t.deepEqual(functions[0]?.path, [folder]);
	t.deepEqual(
		functions[0]?.parts.map(({ name }) => name),
		['package python', 'simulate', 'f'],
	);
});

check('a script counts with what it runs itself and what it imports', (t) => {
	const script =
		'from s import f\nif __name__ == "__main__":\n    print(f(3))\n# file: s.py\ndef f(x): return 1\ndef g(x): return 1\n';
	const digest = (text: string) => codeOf(asked, text, { script: 'model.py' }).digest;
	t.not(digest(script), digest(script.replace('f(3)', 'f(4)')));
	t.not(digest(script), digest(script.replace('f(x): return 1', 'f(x): return 2')));
	t.is(digest(script), digest(script.replace('g(x): return 1', 'g(x): return 2')));
	t.is(digest(script), digest(script.replace('print', '# says\n    print')));
});

test('a Python that is too old says so', (t) => {
	const versions = join(homedir(), '.pyenv', 'versions');
	const names = existsSync(versions) ? readdirSync(versions).filter((name) => /^(2\.|3\.[0-7]\.)/.test(name)) : [];
	if (names.length === 0) t.log('skipped: there is no Python older than 3.8');
	for (const name of names) {
		const program = ownFile('engine/code/python/reach.py');
		const { stdout } = spawnSync(join(versions, name, 'bin', 'python'), [program], { input: '{}', encoding: 'utf8' });
		t.deepEqual(JSON.parse(stdout), { python: { version: name.split('.').map(Number) }, tooOld: true });
	}
	t.pass();
});
