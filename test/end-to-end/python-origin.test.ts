// Where modules of a Python model come from, the switches that it runs with, and what is recorded of its interpreter.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { pythonWith } from '../python.ts';
import { type Project, project } from './project.ts';

/** A project in `own`, with rules of `f` in modules and what they say besides; undefined where there is no Python. */
function pythonProject(
	t: ExecutionContext,
	rules: Readonly<Record<string, readonly [file: string, options?: string]>>,
	files: Readonly<Record<string, string>>,
): Project | undefined {
	const interpreter = pythonWith();
	if (interpreter === undefined) {
		t.log('skipped: no python3 of 3.8 or newer is here');
		t.pass();
		return undefined;
	}
	const lines = Object.entries(rules).map(
		([name, [file, options = '']]) =>
			`const ${name} = simulate({ over: grid({ a: [1, 2] }), run: python("${file}", "f"), ${options} });\n`,
	);
	const scanned = `export default scan({ ${Object.keys(rules).join(', ')} }, { python: ${JSON.stringify(interpreter)} });\n`;
	const words = 'import { generate, grid, python, scan, simulate } from "scanmake";\n';
	return project(t, { ...files, 'Scanfile.ts': `${words}${lines.join('')}${scanned}` });
}

const extension = `#include <Python.h>
static PyObject *times(PyObject *self, PyObject *x) { return PyLong_FromLong(FACTOR * PyLong_AsLong(x)); }
static PyMethodDef methods[] = {{"times", times, METH_O, ""}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "fast", NULL, -1, methods};
PyMODINIT_FUNC PyInit_fast(void) { return PyModule_Create(&module); }
`;

/** Whether the extension could be built. */
function compile(own: Project, factor: number): boolean {
	const asked = 'import sysconfig; print(sysconfig.get_path("include")); print(sysconfig.get_config_var("EXT_SUFFIX"))';
	const [include = '', suffix = ''] = spawnSync(pythonWith() ?? '', ['-c', asked])
		.stdout.toString()
		.split('\n');
	const words = [`-I${include}`, `-DFACTOR=${factor}`, '-shared', '-fPIC', '-o', `fast${suffix}`, 'fast.c'];
	if (process.platform === 'darwin') words.push('-undefined', 'dynamic_lookup');
	return spawnSync('cc', words, { cwd: own.folder }).status === 0;
}

test('a compiled module beside the model is imported, and building it anew reruns', async (t) => {
	const computed = 'import importlib\ndef f(p):\n    return importlib.import_module("fa" + "st").times(p.a)\n';
	const own = pythonProject(
		t,
		{ direct: ['model.py'], computed: ['computed.py'], used: ['computed.py', 'uses: ["fast*"]'] },
		{
			'model.py': 'import fast\ndef f(p):\n    return fast.times(p.a)\n',
			'computed.py': computed,
			'fast.c': extension,
		},
	);
	if (own === undefined) return;
	if (!compile(own, 2)) {
		t.log('skipped: no C compiler and headers of Python are here');
		t.pass();
		return;
	}
	const built = await own.build();
	t.deepEqual(built.did, { direct: 'ran 2', computed: 'failed 2', used: 'ran 2' });
	t.regex(built.stderr, /it imports fast\.\S+, which scanmake did not see .+ name it in uses: \["fast\.\S+"\]/);
	t.is((await own.scanmake('table', 'direct')).stdout, 'a,result\n1,2\n2,4\n');
	t.true(compile(own, 3));
	t.deepEqual((await own.build()).did, { direct: 'ran 2', computed: 'failed 2', used: 'ran 2' });
	t.is((await own.scanmake('table', 'direct')).stdout, 'a,result\n1,3\n2,6\n');
});

test("a module in a folder that is not the Scanfile's is refused until it is named, by each rule", async (t) => {
	const model = `import importlib, os, sys
sys.path.append(os.path.dirname(os.getcwd()) + "/lib-" + os.path.basename(os.getcwd()))
def f(p):
    return importlib.import_module("help" + "er").factor * p.a
`;
	const rules = { one: ['model.py'], two: ['model.py', 'version: 2'] } as const;
	const own = pythonProject(t, rules, { 'model.py': model });
	if (own === undefined) return;
	const lib = `../lib-${own.folder.split('/').at(-1)}`;
	mkdirSync(own.path(lib));
	t.teardown(() => spawnSync('rm', ['-r', own.path(lib)]));
	writeFileSync(own.path(`${lib}/helper.py`), 'factor = 2\n');
	const built = await own.build('-j', '1');
	t.deepEqual(built.did, { one: 'failed 2', two: 'failed 2' });
	t.true(built.stderr.includes(`name it in uses: ["${lib}/helper.py"]`), built.stderr);
	own.edit('Scanfile.ts', 'python("model.py", "f")', `python("model.py", "f"), uses: ["${lib}/helper.py"]`);
	t.deepEqual((await own.build('-j', '1')).did, { one: 'ran 2', two: 'failed 2' });
	writeFileSync(own.path(`${lib}/helper.py`), 'factor = 3\n');
	t.deepEqual((await own.build('-j', '1')).did, { one: 'ran 2', two: 'failed 2' });
	t.is((await own.scanmake('table', 'one')).stdout, 'a,result\n1,3\n2,6\n');
});

test('switches of the environment change no result, unless the rule names them', async (t) => {
	const model = `import os
def f(p):
    """words"""
    return "|".join([f.__doc__ or "", str(hash("a")), os.environ["OMP_NUM_THREADS"], open("text").read()])
`;
	const rules = { plain: ['model.py'], named: ['model.py', 'env: ["PYTHONOPTIMIZE", "OMP_NUM_THREADS"]'] } as const;
	const own = pythonProject(t, rules, { 'model.py': model, text: 'é' });
	if (own === undefined) return;
	const table = async () => (await own.scanmake('table', 'plain')).stdout;
	await own.start([]).ended;
	const before = await table();
	t.regex(before, /^1,words\|-?\d+\|1\|é$/m);
	own.edit('model.py', 'return', 'return "" or');
	const env = { PYTHONOPTIMIZE: '2', OMP_NUM_THREADS: '7', PYTHONHASHSEED: '5', PYTHONUTF8: '0', LC_ALL: 'C' };
	const again = await own.start([], env).ended;
	t.is(again.status, 0, again.stderr);
	t.is(await table(), before);
	t.regex((await own.start(['table', 'named'], env).ended).stdout, /^1,\|-?\d+\|7\|é$/m);
});

test('the interpreter that ran a Python function is recorded, and shown with its tasks alone', async (t) => {
	const own = pythonProject(t, { one: ['model.py'] }, { 'model.py': 'def f(p):\n    return p.a\n' });
	if (own === undefined) return;
	own.edit('Scanfile.ts', 'scan({ one', 'scan({ other: generate({ run: () => 1 }), one');
	t.deepEqual((await own.build()).did, { other: 'ran 1', one: 'ran 2' });
	const said = spawnSync(pythonWith() ?? '', ['-c', 'import sys; print(sys.executable)'])
		.stdout.toString()
		.trim();
	const shown = (await own.scanmake('show', 'one', 'a=1')).stdout;
	t.regex(shown, /interpreter\s+(python|pypy) 3\.\d+\.\d+ \(/);
	t.true(shown.includes(`(${said})`), shown);
	t.notRegex((await own.scanmake('show', 'other')).stdout, /interpreter/);
});
