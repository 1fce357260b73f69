// Which interpreters there are, what they are told, and how they begin and end: by themselves, or while they import.
import { existsSync, readFileSync } from 'node:fs';
import test from 'ava';
import { numbered, type PlayedRule } from './programs.ts';
import { hasPython, modules } from './pythons.ts';
import { table } from './threads.ts';

const sets = numbered(40);

test('what one module does when it is imported does not reach the functions of another', async (t) => {
	if (!hasPython(t)) return;
	const { play, target } = modules(t, {
		'plots.py': 'import sys, decimal\ndecimal.getcontext().prec = 3\ndef f(params):\n    return params.a\n',
		'model.py': 'import decimal\ndef f(params):\n    return str(decimal.Decimal(1) / 3)\n',
	});
	const rules = ['plots.py', 'model.py'].map((file): PlayedRule => ({ run: target(file, 'f'), sets }));
	const { ended } = await play({ rules, slots: 1, bundleSize: 10 });
	t.deepEqual(
		ended[0]?.map((task) => task?.value),
		sets.map(({ a }) => a),
	);
	for (const task of ended[1] ?? []) t.is(task?.value, `0.${'3'.repeat(28)}`);
});

test('of a column with very many values only those are told that a bundle has', async (t) => {
	if (!hasPython(t)) return;
	const many = 6000;
	const values = Array.from({ length: many }, (_, i) => i / 2);
	const { play, target } = modules(t, {
		'model.py': `import gc
def f(params):
    if params.a % 100 == 0:
        assert max(len(each) for each in gc.get_objects() if type(each) is list) < 4000
    return params.a
def g(rows, params):
    return [params.a, [[row.params.a, row.result] for row in rows]]
`,
	});
	const upstream = (tasks: readonly number[]) => {
		const made = table(
			'x',
			tasks,
			tasks.map((_, i) => [i]),
		);
		return [{ ...made, rows: { ...made.rows, codes: Uint32Array.from(tasks, (task) => many - task) } }];
	};
	const f: PlayedRule = { run: target('model.py', 'f'), sets: values.map((a) => ({ a })) };
	const { ended } = await play({
		rules: [f, { kind: 'aggregate', run: target('model.py', 'g'), sets: numbered(7), inputs: upstream }],
		bundleSize: 500,
	});
	t.deepEqual(
		ended[0]?.map((task) => task?.value),
		values,
	);
	t.deepEqual(
		ended[1]?.map((task) => task?.value),
		numbered(7).map(({ a }) => [a, [[values[many - a - 1], a]]]),
	);
});

test('an interpreter that has nothing to do at the end runs what it was asked to do at its exit', async (t) => {
	if (!hasPython(t)) return;
	const { play, target, path } = modules(t, {
		'model.py': `import atexit, os, pathlib
atexit.register(lambda: pathlib.Path("ended%d" % os.getpid()).write_text("yes"))
def f(params):
    return os.getpid()
`,
	});
	const { ended, broken } = await play({ rules: [{ run: target('model.py', 'f'), sets }], bundleSize: 10 });
	t.deepEqual(broken, []);
	const pids = new Set(ended[0]?.map((task) => task?.value));
	t.true(pids.size > 0);
	for (const pid of pids) t.is(readFileSync(path(`ended${pid}`), 'utf8'), 'yes');
});

test('an interpreter that does not come to an end is ended', async (t) => {
	if (!hasPython(t)) return;
	const { play, target, path } = modules(t, {
		'model.py': `import atexit, pathlib, signal, time
def hang():
    pathlib.Path("begun").write_text("yes")
    time.sleep(600)
    pathlib.Path("done").write_text("yes")
atexit.register(hang)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
def f(params):
    return params.a
`,
	});
	const { ended } = await play({ rules: [{ run: target('model.py', 'f'), sets: numbered(2) }], slots: 1 });
	t.is(ended[0]?.[1]?.value, 1);
	t.true(existsSync(path('begun')));
	t.false(existsSync(path('done')));
});

for (const [what, how] of [
	['os._exit(4)', 'Python ended with exit status 4'],
	['os.kill(os.getpid(), 11)', 'Python was ended by SIGSEGV'],
] as const) {
	test(`a module that does ${what} where it is imported is tried twice, then all tasks of its rules fail`, async (t) => {
		if (!hasPython(t)) return;
		const { play, target, path } = modules(t, {
			'model.py': `import os
with open("tries", "a") as file:
    file.write("x")
print("so far")
${what}
def f(params):
    return params.a
`,
			'other.py': 'def f(params):\n    return params.a\n',
		});
		const rules = ['model.py', 'other.py'].map((file): PlayedRule => ({ run: target(file, 'f'), sets }));
		const { ended, broken } = await play({ rules, slots: 1, bundleSize: 10 });
		t.deepEqual(broken, []);
		for (const task of ended[0] ?? []) {
			t.deepEqual(task?.failure, { kind: 'not-imported', file: 'model.py', message: how });
			t.is(task?.times, 1);
		}
		const logs = ended[0]?.map((task, a) => [a, task?.log]).filter(([, log]) => log !== undefined);
		t.deepEqual(
			logs?.map(([a]) => a),
			[0, 10, 20, 30],
		);
		t.deepEqual(
			ended[1]?.map((task) => task?.value),
			sets.map(({ a }) => a),
		);
		t.is(readFileSync(path('tries'), 'utf8'), 'xx');
	});
}

test('while results are held up nothing more is read, no task is blamed for that, and then all come', async (t) => {
	if (!hasPython(t)) return;
	const { play, target } = modules(t, {
		'model.py': 'def f(params):\n    return bytes(2**20) + bytes([params.a])\n',
	});
	const run = target('model.py', 'f');
	let isHeld = false;
	let late = 0;
	const { ended } = await play({
		rules: [{ run, sets, timeoutSeconds: 0.3 }],
		bundleSize: 10,
		onAnswer(_answered, pool) {
			if (isHeld) late++;
			if (isHeld || late > 0) return;
			isHeld = true;
			pool.hold?.(true);
			setTimeout(() => {
				isHeld = false;
				pool.hold?.(false);
			}, 1000);
		},
	});
	for (const [a, task] of (ended[0] ?? []).entries()) {
		const value = task?.value;
		t.is(value instanceof Uint8Array ? value[2 ** 20] : undefined, a);
	}
	t.true(late <= 20, `${late}`);
});
