// How Python functions are called, and what they get: parameters, inputs, rows, io.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { inPython, valuesIn } from './python-hand.ts';

test('a function is called with as many of (params, inputs, io) as it takes', async (t) => {
	const calls = [
		['def simulate(): return "none"', 'none'],
		['def simulate(p): return p.weight', 0.5],
		['def simulate(p, i): return [p["weight"], i.input]', [0.5, { rate: 3 }]],
		['def simulate(p, i, o): return [p.seed, i["input"], o is None]', [2 ** 31 - 1, { rate: 3 }, false]],
		['def simulate(p, i, o, more=1): return more', 1],
		['def simulate(*all): return len(all)', 3],
		['def simulate(p, *rest): return len(rest)', 2],
		['class Model:\n    def __call__(self, p): return p.weight\nsimulate = Model()', 0.5],
		['import functools\ndef f(a, p): return [a, p.weight]\nsimulate = functools.partial(f, 1)', [1, 0.5]],
		['async def simulate(p): return p.weight', 0.5],
	] as const;
	for (const [text, wanted] of calls) {
		const values = await valuesIn(t, {
			files: { 'model.py': text },
			columns: { weight: [0.5] },
			seeded: true,
			inputs: { input: [{ rate: 3 }] },
		});
		if (values === undefined) return;
		t.deepEqual(values, [wanted], text);
	}
});

test('a function that names a parameter gets single parameters, and the words by their names', async (t) => {
	const calls = [
		['def simulate(weight, seed): return [weight, seed]', [0.5, 2 ** 31 - 1]],
		['def simulate(weight, inputs, io, params): return [weight, inputs.input, params.tau]', [0.5, 'x', 10]],
		['def simulate(*, tau, **rest): return [tau, rest]', [10, { weight: 0.5, 'cell.area': 3, seed: 2 ** 31 - 1 }]],
		['def simulate(**all): return sorted(all)', ['cell.area', 'seed', 'tau', 'weight']],
		['def simulate(weight, cell): return cell.area', 3],
		['def simulate(weight, unknown=7): return unknown', 7],
	] as const;
	for (const [text, wanted] of calls) {
		const values = await valuesIn(t, {
			files: { 'model.py': text },
			columns: { weight: [0.5], tau: [10], 'cell.area': [3] },
			seeded: true,
			inputs: { input: ['x'] },
		});
		if (values === undefined) return;
		t.deepEqual(values, [wanted], text);
	}
});

test('an absent parameter has the default of the function, and without one the task fails with a sentence', async (t) => {
	const columns = { weight: [0.5, 0.5], tau: [10, undefined] };
	const files = { 'model.py': 'def simulate(weight, tau=20): return tau\ndef strict(weight, tau): return tau\n' };
	const values = await valuesIn(t, { files, columns });
	if (values === undefined) return;
	t.deepEqual(values, [10, 20]);
	const strict = await valuesIn(t, { files, columns, name: 'strict' });
	t.like(strict?.[1], {
		kind: 'threw',
		message: 'TypeError: strict takes tau, which this parameter set does not have; give it a default: tau=None',
	});
});

test('params are a dict and attributes, nested by their dots; a misspelt name is told the nearest', async (t) => {
	const values = await valuesIn(t, {
		files: {
			'model.py': `
import copy, json, pickle
def simulate(p):
    found = [isinstance(p, dict), json.dumps(p), p.cell.area, p["cell.area"], p.get("nothing"), hasattr(p, "wieght"),
             type(copy.deepcopy(p)).__name__, type(pickle.loads(pickle.dumps(p))).__name__]
    for look in (lambda: p.wieght, lambda: p["wieght"], lambda: p.cell.aera):
        try: look()
        except (AttributeError, KeyError) as error: found.append(str(error))
    return found
`,
		},
		columns: { weight: [0.5], 'cell.area': [3] },
	});
	if (values === undefined) return;
	const unknown = 'there is no parameter wieght; did you mean weight? (there are weight, cell.area)';
	t.deepEqual(values, [
		[
			...[true, '{"weight": 0.5, "cell.area": 3}', 3, 3, null, false, 'dict', 'dict', unknown, unknown],
			'there is no parameter aera; did you mean area? (there are area)',
		],
	]);
});

test('an aggregate gets its rows as a sequence, and its group', async (t) => {
	const values = await valuesIn(t, {
		kind: 'aggregate',
		files: {
			'model.py': `
def simulate(rows, group):
    again = [row.result["x"] for row in rows[1:]]
    rows[0].result["x"] += 100
    return [len(rows), [row.params.n for row in rows], rows[-1].result["x"], again, group.weight, rows[0].result["x"],
            [row.params["n"] for row in reversed(rows)], rows[0] is rows[0], bool(rows)]
`,
		},
		columns: { weight: [0.5] },
		inputs: { spikes: [{ x: 1 }, { x: 2 }, { x: 3 }] },
	});
	if (values === undefined) return;
	t.deepEqual(values, [[3, [0, 1, 2], 3, [2, 3], 0.5, 101, [2, 1, 0], true, true]]);
});

test('an analyze gets a table by name; a name that is none is told the nearest', async (t) => {
	const values = await valuesIn(t, {
		kind: 'analyze',
		files: {
			'model.py': `
def simulate(tables, io):
    try: tables.rate
    except AttributeError as error: said = str(error)
    return [[row.result for row in tables.rates], len(tables["spikes"]), said]
`,
		},
		inputs: { rates: [1.5, 'x'], spikes: [null] },
	});
	if (values === undefined) return;
	t.deepEqual(values, [[[1.5, 'x'], 1, 'there is no table rate; did you mean rates? (there are rates, spikes)']]);
});

test('io gives paths of files to write and to read, which no result may contain', async (t) => {
	const run = await inPython(t, {
		files: {
			'given.txt': 'spikes',
			'model.py': `
def simulate(n, inputs, io):
    if n == 0:
        with open(io.out("plots/rate.txt"), "w") as file: file.write(open(io.in_("input", "given.txt")).read())
        return getattr(io, "in")("input", "given.txt") == io.in_("input", "given.txt")
    if n == 1: return {"path": io.out("x")}
    if n == 2: return ["see " + io.in_("input", "given.txt")]
    if n == 3: return io.out("../x")
    if n == 4: return io.in_("input", "give.txt")
    if n == 5: return io.in_("inptu", "given.txt")
`,
		},
		columns: { n: [0, 1, 2, 3, 4, 5] },
		inputs: { input: [1, 2, 3, 4, 5, 6] },
		inputFiles: [{ name: 'given.txt', path: '/tmp/scanmake-given/given.txt' }],
	});
	if (run === undefined) return;
	const [first, ...others] = run.told;
	// There is no such file: the worker only hands out paths.
	t.like(first?.failure, { kind: 'threw' });
	t.deepEqual(first?.outputs, ['plots/rate.txt']);
	t.true(existsSync(join(run.folder, 'work/3-0/plots')));
	t.deepEqual(others[0]?.failure, { kind: 'work-path-in-result', path: 'result.path' });
	const messages = others.map(({ failure }) => (failure?.kind === 'threw' ? failure.message : failure?.kind));
	t.deepEqual(messages.slice(1), [
		'LookupError: there is no file given.txt: this result has no files',
		'ValueError: io.out: "../x" is no name of a file in the task\'s folder; write one such as "spikes.txt" or "plots/rate.svg"',
		'LookupError: there is no file give.txt: this result has no files',
		'LookupError: io.in_: there is no input inptu; did you mean input? (there are input)',
	]);
});

test('a file that a task writes is where its folder is, and an earlier attempt leaves nothing there', async (t) => {
	const run = await inPython(t, {
		files: {
			'work/3-0/old.txt': 'of an attempt that was ended',
			'model.py': `
import os
def simulate(params, inputs, io):
    with open(io.out("a.txt"), "w") as file: file.write("new")
    return [io.out("a.txt") == io.out("a.txt"), sorted(os.listdir(os.path.dirname(io.out("a.txt"))))]
`,
		},
	});
	if (run === undefined) return;
	t.deepEqual(run.told[0]?.value, [true, ['a.txt']]);
	t.is(readFileSync(join(run.folder, 'work/3-0/a.txt'), 'utf8'), 'new');
});
