// When the interpreter is started to read code, what of its answers is kept, and what counts without it. The interpreters
// are made up.
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import { readAnswers } from '../../../../engine/code/python/answers.ts';
import type { PythonProject } from '../../../../engine/code/python/project.ts';
import { type FakePython, fakePython } from './fake.ts';

async function digests(python: PythonProject, ...asked: readonly { file: string; name: string }[]): Promise<string[]> {
	const codes = await python.functions(asked);
	python.save();
	return codes.map(({ digest }) => digest);
}

/** A project with one function and one thing of each kind that is watched. */
async function ground(fake: FakePython) {
	const model = { file: fake.write('model.py', 'def simulate(params): return 1\n'), name: 'simulate' };
	mkdirSync(fake.path('site'), { recursive: true });
	const answer = (now: string) =>
		fake.answers({
			functions: [{ digest: now }],
			files: [model.file],
			folders: [fake.path('site')],
			absent: [fake.path('helper.py')],
		});
	answer('one');
	// a folder that changes while the interpreter starts is listed again: this one has been there
	await setTimeout(50);
	return { model, answer };
}

test('one process is started for all functions, and none while nothing changed', async (t) => {
	const fake = fakePython(t);
	const files = ['a.py', 'b.py'].map((name) => fake.write(name, 'def f(): pass\n'));
	fake.answers({ functions: [{ digest: 'one' }, { digest: 'two' }], files });
	const asked = files.map((file) => ({ file, name: 'f' }));
	t.deepEqual(await digests(fake.project(), ...asked), ['one', 'two']);
	t.deepEqual(fake.request(), { folder: fake.folder, functions: asked, scripts: [] });
	t.is(fake.starts(), 1);
	t.deepEqual(await digests(fake.project(), ...asked), ['one', 'two']);
	t.is((await fake.project().interpreter()).kind, 'found');
	t.is(fake.starts(), 1);
});

const changes: readonly (readonly [string, boolean, (fake: FakePython) => void])[] = [
	['an edit', true, (fake) => fake.write('model.py', 'def simulate(params): return 2\n')],
	['a file that is gone', true, (fake) => rmSync(fake.path('model.py'))],
	['a module that is now found first', true, (fake) => fake.write('helper.py', '')],
	['a package that was installed', true, (fake) => fake.write('site/numpy/__init__.py', '')],
	['a touch', false, (fake) => utimesSync(fake.path('model.py'), 2000, 2000)],
	['a file that nothing looks at', false, (fake) => fake.write('other.py', '')],
];
for (const [what, isAsked, change] of changes) {
	test(`${what} ${isAsked ? 'starts the interpreter again' : 'starts nothing'}`, async (t) => {
		const fake = fakePython(t);
		const { model } = await ground(fake);
		t.deepEqual(await digests(fake.project(), model), ['one']);
		t.deepEqual(await digests(fake.project(), model), ['one']);
		t.is(fake.starts(), 1);
		change(fake);
		fake.answers({ functions: [{ digest: 'two' }] });
		t.deepEqual(await digests(fake.project(), model), [isAsked ? 'two' : 'one']);
		t.is(fake.starts(), isAsked ? 2 : 1);
	});
}

test('a touched file is looked at once: its new times are kept', async (t) => {
	const fake = fakePython(t);
	const { model } = await ground(fake);
	await digests(fake.project(), model);
	utimesSync(model.file, 2000, 2000);
	await digests(fake.project(), model);
	const [kept = ''] = readdirSync(fake.path('kept'));
	t.true(readFileSync(fake.path(`kept/${kept}`), 'utf8').includes(' 2000000000000 '));
});

test('a function that was not asked before starts it once more, for all of them; scripts are kept beside', async (t) => {
	const fake = fakePython(t);
	const { model } = await ground(fake);
	await digests(fake.project(), model);
	const other = { file: model.file, name: 'other' };
	fake.answers({ scripts: [{ digest: 'script' }] });
	const project = fake.project();
	t.is((await project.script(fake.write('run.py', ''))).digest, 'script');
	project.save();
	fake.answers({ functions: [{ digest: 'one' }, { digest: 'two' }] });
	t.deepEqual(await digests(fake.project(), model, other), ['one', 'two']);
	t.deepEqual(fake.request().functions, [model, other]);
	const starts = fake.starts();
	t.is((await fake.project().script(fake.path('run.py'))).digest, 'script');
	t.deepEqual(await digests(fake.project(), model, other), ['one', 'two']);
	t.is(fake.starts(), starts);
});

test('scripts that are asked one by one after all were asked for start nothing', async (t) => {
	const fake = fakePython(t);
	const scripts = ['a.py', 'b.py'].map((name) => fake.write(name, ''));
	fake.answers({ scripts: [{ digest: 'a' }, { digest: 'b' }] });
	const project = fake.project({ keptFolder: undefined });
	await project.scripts(scripts);
	const codes = await Promise.all(scripts.map((path) => project.script(path)));
	t.deepEqual(
		codes.map(({ digest }) => digest),
		['a', 'b'],
	);
	t.is(fake.starts(), 1);
});

test('another environment, another interpreter or another program under its name is asked anew', async (t) => {
	const fake = fakePython(t);
	const { model } = await ground(fake);
	const environment = { PATH: `${fake.path('bin')}:${process.env['PATH']}`, HOME: fake.folder };
	const ask = async (more: NodeJS.ProcessEnv) => {
		const before = fake.starts();
		await digests(fake.project({ environment: { ...environment, ...more } }), model);
		return fake.starts() - before;
	};
	t.is(await ask({}), 1);
	t.is(await ask({}), 0);
	t.is(await ask({ PYTHONPATH: '/nowhere' }), 1);
	t.is(await ask({ PYTHONPATH: '/nowhere' }), 0);
	t.is(await ask({}), 1);
	const body = readFileSync(fake.path('bin/python3'), 'utf8');
	fake.program('bin/python3', `${body.split('\n')[1]}; true`);
	t.is(await ask({}), 1);
	t.is(await ask({}), 0);
	fake.program('.venv/bin/python', body.split('\n')[1] ?? '');
	t.is(await ask({}), 1);
	t.is(await ask({}), 0);
});

test('a shim is asked once; what it leads to may change with files and variables that shims read', async (t) => {
	const fake = fakePython(t);
	const { model } = await ground(fake);
	const real = fake.program('versions/3.12/bin/python3', 'true');
	const answers = () => fake.answers({ functions: [{ digest: 'one' }], executable: real, files: [model.file] });
	answers();
	const environment = {
		PATH: `${fake.path('bin')}:${process.env['PATH']}`,
		HOME: fake.folder,
		PYENV_ROOT: fake.folder,
	};
	const ask = async (more: NodeJS.ProcessEnv = {}) => {
		const before = fake.starts();
		const project = fake.project({ environment: { ...environment, ...more } });
		await digests(project, model);
		const interpreter = await project.interpreter();
		t.is(interpreter.kind === 'found' ? interpreter.path : interpreter.message, real);
		return fake.starts() - before;
	};
	t.deepEqual([await ask(), await ask()], [1, 0]);
	fake.write('.python-version', '3.12\n');
	t.deepEqual([await ask(), await ask()], [1, 0]);
	fake.write('.python-version', '3.12\n');
	t.is(await ask(), 0, 'the same text');
	fake.program(
		'versions/3.12/bin/python3',
		`echo r >> ${fake.path('started')}; cat > /dev/null; cat ${fake.path('answer')}`,
	);
	await ask();
	fake.write('model.py', 'def simulate(params): return 2\n');
	answers();
	t.deepEqual([await ask(), await ask()], [1, 0]);
	t.true(readFileSync(fake.path('started'), 'utf8').endsWith('x\nr\n'), 'what the shim led to is started by itself');
	fake.write('version', '3.13\n');
	t.deepEqual([await ask(), await ask()], [1, 0]);
	fake.write('.tool-versions', 'python 3.13\n');
	t.deepEqual([await ask(), await ask()], [1, 0]);
	t.deepEqual([await ask({ PYENV_VERSION: '3.9' }), await ask({ PYENV_VERSION: '3.9' })], [1, 0]);
	await ask();
	fake.program('versions/3.12/bin/python3', 'true; true');
	t.deepEqual([await ask(), await ask()], [1, 0], 'the interpreter itself was replaced');
});

test('an interpreter that is too old says its version, and is not asked again', async (t) => {
	const fake = fakePython(t);
	const { model } = await ground(fake);
	fake.write('answer', '{"python": {"version": [3, 7, 16]}, "tooOld": true}\n');
	const project = fake.project();
	const [code] = await project.functions([model]);
	project.save();
	t.deepEqual(
		code?.sources.map(({ path }) => path),
		[model.file],
	);
	const interpreter = await fake.project().interpreter();
	t.is(interpreter.kind, 'too-old');
	t.regex(
		interpreter.kind === 'too-old' ? interpreter.message : '',
		/bin\/python3 \(the first python3 on PATH\) is Python 3\.7\.16, and scanmake needs 3\.8 or newer\. Name another one/,
	);
	t.is(fake.starts(), 1);
});

test('a program that is no Python, fails or does not end is said to be broken, with what it printed', async (t) => {
	const fake = fakePython(t);
	const { model } = await ground(fake);
	const said = async (body: string, limitSeconds = 30) => {
		fake.program('bin/python3', body);
		const project = fake.project({ limitSeconds });
		const [code] = await project.functions([model]);
		t.is(code?.sources.length, 1, 'text decides');
		const interpreter = await project.interpreter();
		t.is(interpreter.kind, 'broken');
		return interpreter.kind === 'broken' ? interpreter.message : '';
	};
	t.regex(
		await said('echo "pyenv: version 3.9 is not installed" >&2; echo more >&2; exit 127'),
		/ended with exit status 127 \(it printed: pyenv: version 3\.9 is not installed\) when it was asked/,
	);
	t.regex(
		await said('printf "Traceback (most recent call last):\\n  File\\nKeyError: 1\\n" >&2; exit 1'),
		/ended with exit status 1 \(it printed: KeyError: 1\)/,
	);
	t.regex(await said('echo hello'), /gave no answer that can be read \(it printed: hello\)/);
	t.regex(await said('kill -9 $$'), /ended with SIGKILL, without a word/);
	t.regex(await said('exec sleep 60', 0.2), /had not answered after 0\.2 seconds when/);
});

test('what the interpreter prints by itself before its answer does no harm', async (t) => {
	const fake = fakePython(t);
	const { model } = await ground(fake);
	fake.write('answer', `hello from sitecustomize\n${readFileSync(fake.path('answer'), 'utf8')}\n`);
	t.deepEqual(await digests(fake.project(), model), ['one']);
});

test('what is kept and damaged, or of another release, is made again', async (t) => {
	const fake = fakePython(t);
	const { model } = await ground(fake);
	await digests(fake.project(), model);
	const [name = ''] = readdirSync(fake.path('kept'));
	const file = fake.path(`kept/${name}`);
	const text = readFileSync(file, 'utf8');
	for (const damaged of [text.replace('"one"', '"ond"'), '', 'x', text.slice(0, -5)]) {
		writeFileSync(file, damaged);
		const before = fake.starts();
		t.deepEqual(await digests(fake.project(), model), ['one']);
		t.is(fake.starts(), before + 1);
	}
});

test('where only is read nothing is written; a folder that cannot be written costs only time', async (t) => {
	const fake = fakePython(t);
	const { model } = await ground(fake);
	t.deepEqual(await digests(fake.project({ readOnly: true }), model), ['one']);
	t.throws(() => readdirSync(fake.path('kept')), { code: 'ENOENT' });
	const keptFolder = `${fake.write('a-file', '')}/below`;
	t.deepEqual(await digests(fake.project({ keptFolder }), model), ['one']);
	t.deepEqual(await digests(fake.project({ keptFolder }), model), ['one']);
	t.is(fake.starts(), 3);
});

test('a file that is written while the interpreter reads is looked at again', async (t) => {
	const fake = fakePython(t);
	const { model, answer } = await ground(fake);
	fake.program(
		'bin/python3',
		`${readFileSync(fake.path('bin/python3'), 'utf8').split('\n')[1]}; echo '# more' >> ${model.file}`,
	);
	t.deepEqual(await digests(fake.project(), model), ['one']);
	answer('two');
	t.deepEqual(await digests(fake.project(), model), ['two']);
});

test('what is kept does not grow: functions are those of the last scan, of scripts the last few', async (t) => {
	const fake = fakePython(t);
	const groups = () => readAnswers(fake.path('kept'))?.groups ?? [];
	for (const name of ['f', 'g', 'h']) {
		fake.answers({ functions: [{}] });
		await digests(fake.project(), { file: fake.path('model.py'), name });
	}
	t.deepEqual(
		groups().map(({ functions }) => Object.keys(functions)),
		[[JSON.stringify([fake.path('model.py'), 'h'])]],
	);
	fake.answers({ scripts: [{}] });
	for (let i = 0; i < 20; i++) {
		const project = fake.project();
		await project.script(fake.path(`${i}.py`));
		project.save();
	}
	t.deepEqual([groups().length, Object.keys(groups().at(-1)?.scripts ?? {})], [16, [fake.path('19.py')]]);
});

test('a folder that is written to while the interpreter reads is listed again', async (t) => {
	const fake = fakePython(t);
	const { model } = await ground(fake);
	const body = readFileSync(fake.path('bin/python3'), 'utf8').split('\n')[1];
	fake.program('bin/python3', `${body}; [ -e ${fake.path('site/new')} ] || : > ${fake.path('site/new')}`);
	await digests(fake.project(), model);
	await digests(fake.project(), model);
	t.is(fake.starts(), 2);
	await digests(fake.project(), model);
	t.is(fake.starts(), 2);
});

test('a virtual environment that is made anew in its place is asked anew', async (t) => {
	const fake = fakePython(t);
	const { model } = await ground(fake);
	fake.program('.venv/bin/python', readFileSync(fake.path('bin/python3'), 'utf8').split('\n')[1] ?? '');
	fake.write('.venv/pyvenv.cfg', 'include-system-site-packages = false\n');
	for (const starts of [1, 1]) {
		await digests(fake.project(), model);
		t.is(fake.starts(), starts);
	}
	fake.write('.venv/pyvenv.cfg', 'include-system-site-packages = true\n');
	await digests(fake.project(), model);
	t.is(fake.starts(), 2);
});

test('without an interpreter all text below the folder of the package counts, and nothing beside', async (t) => {
	const fake = fakePython(t);
	const environment = { PATH: fake.path('none'), HOME: fake.folder };
	fake.write('src/pkg/__init__.py', '');
	const file = fake.write('src/pkg/model.py', 'def f(): pass\n');
	fake.write('src/.venv/lib/x.py', '');
	fake.write('src/env/pyvenv.cfg', '');
	fake.write('src/env/lib.py', '');
	const read = async () => {
		const [code] = await fake.project({ environment }).functions([{ file, name: 'f' }]);
		return code;
	};
	const first = await read();
	t.is(first?.module, 'pkg.model');
	t.deepEqual(first?.path, [fake.path('src'), fake.folder]);
	t.deepEqual(
		first?.parts.map((part) => part.file),
		[`${dirname(file)}/__init__.py`, file],
	);
	fake.write('src/env/lib.py', 'changed');
	fake.write('beside.py', 'changed');
	t.is((await read())?.digest, first?.digest);
	fake.write('src/other.py', '');
	t.not((await read())?.digest, first?.digest);
	t.is((await fake.project({ environment }).interpreter()).kind, 'missing');
	const script = await fake.project({ environment }).script(file);
	t.not(script.digest, first?.digest);
	fake.write('src/pkg/other.py', '');
	t.not((await fake.project({ environment }).script(file)).digest, script.digest);
});

test('a script of anything else under the name of a Python is started to see where it leads', async (t) => {
	const fake = fakePython(t);
	const { model, answer } = await ground(fake);
	for (const version of ['one', 'two'])
		fake.program(
			`${version}/python`,
			`[ "$1" = -S ] && echo ${version} && exit; cat > /dev/null; cat ${fake.path('answer')}`,
		);
	symlinkSync('one', fake.path('current'));
	fake.write('bin/python3', `#!/bin/sh\nexec ${fake.path('current/python')} "$@"\n`);
	t.deepEqual(await digests(fake.project(), model), ['one']);
	answer('two');
	t.deepEqual(await digests(fake.project(), model), ['one']);
	rmSync(fake.path('current'));
	symlinkSync('two', fake.path('current'));
	t.deepEqual(await digests(fake.project(), model), ['two']);
});
