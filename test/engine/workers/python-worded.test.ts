// What a Python task is told where it takes names that are not there, or has one that something else has.
import test from 'ava';
import { inPython, valuesIn } from './python-hand.ts';

test('a parameter that is misspelt or set by attribute is said with what to write', async (t) => {
	const run = await inPython(t, {
		files: {
			'model.py': `
import pickle
def simulate(weight, params):
    if weight == 1: params.zz = 3
    if weight == 2: params["wieght"]
    if weight == 3: params.wieght
    if weight == 4:
        try: params["wieght"]
        except KeyError as error: return [type(pickle.loads(pickle.dumps(error))) is KeyError, params.get("x", 7)]
`,
		},
		columns: { weight: [1, 2, 3, 4] },
	});
	if (run === undefined) return;
	const said = run.told.map(({ failure }) => (failure?.kind === 'threw' ? failure.message : undefined));
	t.deepEqual(said, [
		'AttributeError: params.zz cannot be set: write params["zz"] = …',
		'KeyError: there is no parameter wieght; did you mean weight? (there are weight)',
		'AttributeError: there is no parameter wieght; did you mean weight? (there are weight)',
		undefined,
	]);
	t.deepEqual(run.told[3]?.value, [true, 7]);
});

const taken: readonly [file: string, message: string][] = [
	['sys.py', "sys is a module of Python's own, which comes first: rename sys.py"],
	['os.py', "os is a module of Python's own, which comes first: rename os.py"],
	['os/model.py', "os is a module of Python's own, which comes first: rename the folder os"],
	['_scanmake_rows.py', "_scanmake_rows is a module of scanmake's own, which comes first: rename _scanmake_rows.py"],
];

for (const [file, message] of taken)
	test(`a model in ${file} is told to have another name`, async (t) => {
		const module = file.replace('.py', '').replace('/', '.');
		const files = { [file]: 'def simulate(): return 1', 'os/__init__.py': '' };
		const values = await valuesIn(t, { files, module });
		if (values !== undefined) t.deepEqual(values, [{ kind: 'not-imported', file, message }]);
	});

test('what a task could not write any more is in no other log', async (t) => {
	const run = await inPython(t, {
		files: {
			'model.py': `
import os, sys
def simulate(n):
    if n == 0:
        sys.stdout.write("of 0")
        os.dup2(os.open("/dev/full" if os.path.exists("/dev/full") else os.devnull, os.O_WRONLY), 1)
    if n == 1:
        os.close(1)
        sys.stdout.write("of 1")
    if n == 2: print("of 2")
    if n == 3:
        os.close(2)
        sys.stderr.write("of 3")
        raise ValueError(n)
    return n
`,
		},
		columns: { n: [0, 1, 2, 3, 4] },
	});
	if (run === undefined) return;
	const logs = run.told.map(({ log }) => log ?? '');
	t.false(logs.slice(1).some((log) => log.includes('of 0')));
	t.is(logs[1], 'of 1');
	t.is(logs[2], 'of 2\n');
	t.regex(logs[3] ?? '', /of 3/);
	t.is(logs[4], '');
});

test('a pandas DataFrame is refused by its name, with what to return instead', async (t) => {
	const files = {
		'model.py':
			'import sys\nsys.path.append("site-packages")\nimport pandas\ndef simulate(): return {"table": pandas.DataFrame()}',
		'site-packages/pandas/__init__.py': 'from pandas.core.frame import DataFrame',
		'site-packages/pandas/core/__init__.py': '',
		'site-packages/pandas/core/frame.py': 'class DataFrame:\n    def to_dict(self, orient): return {}',
	};
	const values = await valuesIn(t, { files, unseen: Object.keys(files).slice(1) });
	if (values === undefined) return;
	t.like(values[0], { kind: 'not-plain', path: 'result.table' });
	t.regex((values[0] as { readonly what: string }).what, /a pandas DataFrame.+to_dict/);
});
