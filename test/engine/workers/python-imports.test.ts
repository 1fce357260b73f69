// Modules are imported from the bytes that their identity was made with; what cannot be imported is said so.
import test from 'ava';
import { inPython, valuesIn } from './python-hand.ts';

test('what is imported is what the identity was made with, whatever the files say by now', async (t) => {
	const run = await inPython(t, {
		// folder/deep.py is gone by now, with its folder
		gone: ['folder/deep.py'],
		files: {
			'model.py': 'edited since(',
			'folder/deep.py': '',
			'package/__init__.py': '',
			'package/part.py': 'raise ValueError("edited since")',
			'package/sibling.py': '',
		},
		frozen: {
			'model.py': `
import inspect, os
import package.part
from folder import deep
def simulate():
    import traceback
    try: package.part.fails()
    except ValueError: text = traceback.format_exc()
    return [package.part.VALUE, deep.DEEP, os.path.relpath(package.part.__file__), package.part.__package__,
            inspect.getsource(package.part.fails), "raise ValueError('frozen')" in text]
`,
			'package/__init__.py': 'NAME = "p"',
			'package/part.py': `from .sibling import VALUE\nfrom . import NAME\ndef fails(): raise ValueError('frozen')\n`,
			'package/sibling.py': 'VALUE = "frozen"',
			'folder/deep.py': 'DEEP = "frozen"',
		},
	});
	if (run === undefined) return;
	const source = "def fails(): raise ValueError('frozen')\n";
	t.deepEqual(run.told[0]?.value, ['frozen', 'frozen', 'package/part.py', 'package', source, true]);
});

test('a module that another finder leads to is imported from the same bytes', async (t) => {
	const values = await valuesIn(t, {
		files: { 'model.py': '', 'src/pkg/__init__.py': '', 'src/pkg/cell.py': 'VALUE = "edited"' },
		frozen: {
			'model.py': `
import os, sys
from importlib.util import spec_from_file_location
class Editable:
    @staticmethod
    def find_spec(name, path=None, target=None):
        place = os.path.abspath("src/pkg")
        if name == "pkg": return spec_from_file_location(name, place + "/__init__.py", submodule_search_locations=[place])
sys.meta_path.append(Editable)
import pkg.cell
def simulate(): return [pkg.VALUE, pkg.cell.VALUE]
`,
			'src/pkg/__init__.py': 'VALUE = "frozen"',
			'src/pkg/cell.py': 'VALUE = "frozen too"',
		},
	});
	if (values !== undefined) t.deepEqual(values, [['frozen', 'frozen too']]);
});

test('a module in a package is imported by its full name', async (t) => {
	const files = {
		'package/__init__.py': '',
		'package/models/__init__.py': 'from ..tools import double',
		'package/tools.py': 'def double(x): return 2 * x',
		'package/models/cell.py': 'from . import double\ndef simulate(weight): return [double(weight), __name__]',
	};
	const values = await valuesIn(t, { files, module: 'package.models.cell', columns: { weight: [2] } });
	if (values !== undefined) t.deepEqual(values, [[4, 'package.models.cell']]);
});

test('a module of the project that scanmake did not see is named, with what to write', async (t) => {
	const files = {
		'model.py': `
import importlib
def simulate(n):
    return importlib.import_module("plug" + "ins.extra").VALUE if n == 1 else n
`,
		'plugins/extra.py': 'VALUE = 1',
	};
	const values = await valuesIn(t, { files, unseen: ['plugins/extra.py'], columns: { n: [0, 1, 2] } });
	if (values === undefined) return;
	const message =
		'it imports plugins/extra.py, which scanmake did not see when it read the code: name it in uses: ["plugins/extra.py"]';
	const failure = { kind: 'not-imported', file: 'model.py', message };
	t.deepEqual(values, [0, failure, failure]);
	t.deepEqual(await valuesIn(t, { files, columns: { n: [1] } }), [1]);
});

const broken: readonly [what: string, text: string, message: RegExp][] = [
	['raises', 'raise RuntimeError("no licence")', /^RuntimeError: no licence$/],
	['has an error of syntax', 'def simulate(:', /^SyntaxError: .+ \(model\.py:2\)$/],
	['imports what is not there', 'import nest_is_not_here', /^ModuleNotFoundError: No module named 'nest_is_not_here'$/],
	['calls sys.exit', 'import sys\nsys.exit(3)', /^it calls sys\.exit where it is imported$/],
	['lacks the function', 'def simulated(): pass', /^it has no function simulate; did you mean simulated\?/],
];

for (const [what, text, message] of broken) {
	test(`a module that ${what} fails each task of its rule, and says so once in a log`, async (t) => {
		const files = { 'model.py': `print("importing")\n${text}` };
		const run = await inPython(t, { files, columns: { n: [0, 1] } });
		if (run === undefined) return;
		t.is(run.status, 0);
		const [first, second] = run.told;
		if (first?.failure?.kind !== 'not-imported') return t.fail(JSON.stringify(run));
		t.is(first.failure.file, 'model.py');
		t.regex(first.failure.message, message);
		t.deepEqual(second, { task: 1, failure: first.failure });
		if (what !== 'has an error of syntax') t.true(first.log?.startsWith('importing\n'));
		if (what === 'raises') t.true(first.log?.includes('Traceback (most recent call last):\n  File "model.py", line 2'));
	});
}

test("modules called as those of the standard library, or as those of the worker, are the project's own", async (t) => {
	const values = await valuesIn(t, {
		files: {
			'model.py': `
import json, socket, worker, hashlib, wave
def simulate(): return [json.OWN, socket.OWN, worker.OWN, hashlib.sha256(b"").hexdigest()[:4], wave.OWN]
`,
			'json.py': 'OWN = "json"',
			'socket.py': 'OWN = "socket"',
			'worker.py': 'OWN = "worker"',
			'wave.py': 'OWN = "wave"',
		},
	});
	if (values !== undefined) t.deepEqual(values, [['json', 'socket', 'worker', 'e3b0', 'wave']]);
});

test('a module itself may have the name of a module of the standard library', async (t) => {
	const files = { 'select.py': 'def simulate(): return "own"' };
	const values = await valuesIn(t, { files, module: 'select' });
	if (values !== undefined) t.deepEqual(values, ['own']);
});

test('the folder of the worker is not where modules are found, and __main__ is none of its', async (t) => {
	const values = await valuesIn(t, {
		files: {
			'model.py': `
import sys, os
def simulate():
    import __main__
    return [any(os.path.exists(os.path.join(place, "worker.py")) for place in sys.path), hasattr(__main__, "start"), __name__]
`,
		},
	});
	if (values !== undefined) t.deepEqual(values, [[false, false, 'model']]);
});
