// What becomes of Python functions: results, files, logs, rows, inputs. Failures are in pythons-loss.test.ts.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { resultDigest } from '../../../engine/digest.ts';
import { encodeValue } from '../../../engine/value.ts';
import { numbered } from './programs.ts';
import { hasPython, modules } from './pythons.ts';
import { table } from './threads.ts';

const one = [{ a: 1 }];

test('a Python function gets its parameters and gives a result with the digest that any other would have', async (t) => {
	if (!hasPython(t)) return;
	const { run } = modules(t, { 'model.py': 'def f(params):\n    return {"a": params.a, "half": params["a"] / 2}\n' });
	const ended = await run('f', numbered(3000), { bundleSize: 1000 });
	t.deepEqual(
		ended.map((task) => task?.value),
		numbered(3000).map(({ a }) => ({ a, half: a / 2 })),
	);
	t.true(ended.every((task) => task?.times === 1 && task.failure === undefined && task.log === undefined));
	t.is(ended[3]?.digest, Buffer.from(resultDigest(encodeValue({ a: 3, half: 1.5 }), [])).toString('hex'));
});

test('files of io.out come with the result, and their folders go', async (t) => {
	if (!hasPython(t)) return;
	const { play: playHere, target } = modules(t, {
		'model.py': `def f(params, inputs, io):
    if params.a % 2 == 0:
        return params.a
    with open(io.out("n.txt"), "w") as file:
        file.write(str(params.a))
    with open(io.out("large/x"), "w") as file:
        file.write("x" * (100000 if params.a == 3 else 10))
    return params.a
`,
	});
	const rule = { run: target('model.py', 'f'), sets: numbered(20) };
	const { ended, left } = await playHere({ rules: [rule], bundleSize: 7 });
	for (const [a, task] of (ended[0] ?? []).entries()) {
		t.is(task?.value, a);
		t.is(task?.times, 1);
		const names = task?.files?.map((file) => file.name);
		t.deepEqual(names, a % 2 === 0 ? undefined : ['n.txt', 'large/x']);
		if (a % 2 === 1) t.is(Buffer.from(task?.files?.[0]?.bytes ?? []).toString(), `${a}`);
		t.is(task?.digest, Buffer.from(resultDigest(encodeValue(a), task?.files ?? [])).toString('hex'));
	}
	const large = ended[0]?.[3]?.files?.[1];
	t.is(large?.size, 100_000);
	t.regex(large?.path ?? '', /\d+-3\/large\/x$/);
	// The engine takes the large one from there.
	t.deepEqual(
		left.filter((path) => /^\d+-\d+$/.test(path)),
		['0-3'],
	);
});

test('an output that was named and not written is a failure, and its folder goes', async (t) => {
	if (!hasPython(t)) return;
	const { play: playHere, target } = modules(t, { 'model.py': 'def f(p, i, io):\n    io.out("x")\n' });
	const { ended, left } = await playHere({ rules: [{ run: target('model.py', 'f'), sets: one }] });
	t.deepEqual(ended[0]?.[0]?.failure, { kind: 'missing-output', output: 'x' });
	t.false(left.includes('0-0'));
	const kept = await playHere({ rules: [{ run: target('model.py', 'f'), sets: one }], keepsFolders: true });
	t.true(kept.left.includes('0-0'));
});

test('what a function and what C prints is the log of its own task', async (t) => {
	if (!hasPython(t)) return;
	const { run } = modules(t, {
		'model.py': `import os, sys, ctypes
def f(params):
    print("printed", params.a)
    os.write(1, b"written\\n")
    ctypes.CDLL(None).puts(b"C says so")
    print("error", file=sys.stderr)
    return params.a
`,
	});
	const ended = await run('f', numbered(50));
	for (const [a, task] of ended.entries()) {
		t.is(task?.value, a);
		t.deepEqual(task?.log?.split('\n').sort(), ['', 'C says so', 'error', `printed ${a}`, 'written']);
	}
});

test('inputs, their files and rows reach a function; an aggregate has rows, an analyze tables', async (t) => {
	if (!hasPython(t)) return;
	const {
		play: playHere,
		target,
		path,
	} = modules(t, {
		'model.py': `def leaf(params, inputs, io):
    return [inputs.x, open(io.in_("x", "f")).read()]
def rows(rows, group):
    return [[row.params["a"], row.result, open(row.file("f")).read()] for row in rows]
def tables(tables):
    return {name: [row.result for row in rows] for name, rows in tables.items()}
`,
	});
	writeFileSync(path('given'), 'text');
	const files = new Map([0, 1].map((row) => [row, [{ name: 'f', path: path('given') }]]));
	const inputs = (members: readonly (readonly number[])[]) => [{ ...table('x', [10, [20]], members), files }];
	const { ended } = await playHere({
		rules: [
			{ run: target('model.py', 'leaf'), sets: numbered(2), inputs: () => inputs([[1], [0]]) },
			{ run: target('model.py', 'rows'), kind: 'aggregate', sets: [{}], inputs: () => inputs([[0, 1]]) },
			{ run: target('model.py', 'tables'), kind: 'analyze', sets: [{}], inputs: () => inputs([[0, 1]]) },
		],
		bundleSize: 2,
	});
	t.deepEqual(
		ended[0]?.map((task) => task?.value),
		[
			[[20], 'text'],
			[10, 'text'],
		],
	);
	t.deepEqual(ended[1]?.[0]?.value, [
		[0, 10, 'text'],
		[1, [20], 'text'],
	]);
	t.deepEqual(ended[2]?.[0]?.value, { x: [10, [20]] });
});

test('an interpreter is started once a slot, and its module imported once', async (t) => {
	if (!hasPython(t)) return;
	const { run, path } = modules(t, {
		'model.py': 'import os\nopen("started", "a").write("x")\ndef f(params):\n    return os.getpid()\n',
	});
	const ended = await run('f', numbered(2000), { bundleSize: 100, slots: 2 });
	const pids = new Set(ended.map((task) => task?.value));
	t.true(pids.size <= 2);
	t.is(readFileSync(path('started'), 'utf8').length, pids.size);
});

test('libraries may use as many cores as the rule says, and sets lie in the same order everywhere', async (t) => {
	if (!hasPython(t)) return;
	const { run } = modules(t, {
		'model.py': 'import os\ndef f(params):\n    return [os.environ["OMP_NUM_THREADS"], os.environ["PYTHONHASHSEED"]]\n',
	});
	t.deepEqual((await run('f', one))[0]?.value, ['1', '0']);
	t.deepEqual((await run('f', one, { cores: 2 }))[0]?.value, ['2', '0']);
});

test('no more tasks run at a time than there are cores for, beside shells or alone', async (t) => {
	if (!hasPython(t)) return;
	const {
		play: playHere,
		target,
		folder,
	} = modules(t, {
		'model.py': `import os, time
def f(params):
    open("log-%d" % os.getpid(), "a").write("+")
    mine = "running-%d" % os.getpid()
    open(mine, "w").close()
    others = [name for name in os.listdir(".") if name.startswith("running-")]
    time.sleep(0.02)
    os.remove(mine)
    return len(others)
`,
	});
	const rules = [{ run: target('model.py', 'f'), sets: numbered(20), cores: 2 }];
	const { ended } = await playHere({ rules, slots: 2 });
	t.deepEqual([...new Set(ended[0]?.map((task) => task?.value))], [1]);
	t.true(existsSync(folder) && readdirSync(folder).some((name) => name.startsWith('log-')));
});

test('what waits behind a task that takes its time is run by another worker, and by nobody twice', async (t) => {
	if (!hasPython(t)) return;
	const {
		play: playHere,
		target,
		path,
	} = modules(t, {
		'model.py': `import os, time
def f(params):
    with open("ran", "a") as file:
        file.write("%d\\n" % params.a)
    if params.a == 700:
        while sum(1 for _ in open("ran")) < 3000:
            time.sleep(0.02)
    return os.getpid()
`,
	});
	const { ended } = await playHere({ rules: [{ run: target('model.py', 'f'), sets: numbered(3000) }] });
	t.true(ended[0]?.every((task) => task?.times === 1));
	const ran = readFileSync(path('ran'), 'utf8').trim().split('\n');
	t.is(ran.length, 3000);
	t.is(new Set(ran).size, 3000);
});

test('rules that need other interpreters run one after the other in a slot', async (t) => {
	if (!hasPython(t)) return;
	const { play: playHere, target } = modules(t, {
		'model.py': 'import os\ndef f(params):\n    return [params.a, os.environ["OMP_NUM_THREADS"]]\n',
	});
	const run = target('model.py', 'f');
	const rules = [
		{ run, sets: numbered(40) },
		{ run, sets: numbered(40), cores: 2 },
	];
	const { ended } = await playHere({ rules, bundleSize: 5 });
	for (const [rule, tasks] of ended.entries())
		t.deepEqual(
			tasks.map((task) => task?.value),
			numbered(40).map(({ a }) => [a, `${rule + 1}`]),
		);
});

test('what is imported is what the key was made with, also where the file was edited since', async (t) => {
	if (!hasPython(t)) return;
	const {
		play: playHere,
		target,
		path,
	} = modules(t, {
		'model.py':
			'import os\nimport helper\ndef f(params):\n    os._exit(1) if params.a == 5 else None\n    return helper.value\n',
		'helper.py': 'value = 1\n',
	});
	let edits = 0;
	const { ended } = await playHere({
		rules: [{ run: target('model.py', 'f'), sets: numbered(50) }],
		bundleSize: 5,
		// Also an interpreter that is started anew has what the first had.
		onAnswer: () => writeFileSync(path('helper.py'), `value = ${++edits + 1}\n`),
	});
	t.deepEqual([...new Set(ended[0]?.map((task) => task?.value))], [1, undefined]);
	t.deepEqual(ended[0]?.[5]?.failure, { kind: 'exited', status: 1 });
});

test('sources that were edited before the first interpreter is started make their tasks fail, and no others', async (t) => {
	if (!hasPython(t)) return;
	const {
		play: playHere,
		target,
		path,
	} = modules(t, {
		'model.py': 'def f(params):\n    return 1\n',
		'other.py': 'def f(params):\n    return 2\n',
	});
	const before = () => writeFileSync(path('model.py'), 'def f(params):\n    return 3\n');
	const own = (name: string) => {
		const made = target(name, 'f');
		return { ...made, sources: made.sources.filter((source) => source.path === made.file) };
	};
	const rules = [own('model.py'), own('other.py')].map((run) => ({ run, sets: numbered(3) }));
	const { ended } = await playHere({ rules, before });
	t.deepEqual(
		ended[0]?.map((task) => task?.failure),
		numbered(3).map(() => ({ kind: 'input-changed', file: 'model.py' })),
	);
	t.deepEqual(
		ended[1]?.map((task) => task?.value),
		[2, 2, 2],
	);
});
