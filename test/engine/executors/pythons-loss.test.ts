// What a Python task costs that fails, hangs, takes all memory or takes its interpreter down: itself, and nothing else.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { pythonWith } from '../../python.ts';
import type { Ended } from './ended.ts';
import { numbered } from './programs.ts';
import { hasPython, modules } from './pythons.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;

const isAlive = (pid: number): boolean => {
	try {
		// What has ended and was not noticed by anybody does not run.
		return !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		return false;
	}
};

async function eventually(isTrue: () => boolean, waitSeconds = 60): Promise<boolean> {
	for (let i = 0; i < waitSeconds * 50 && !isTrue(); i++) await new Promise((resolve) => setTimeout(resolve, 20));
	return isTrue();
}

const pidIn = (path: string): number => Number(readFileSync(path, 'utf8'));

/** A function that does `what` in every 50th task. */
const oneIn50 = (what: string): string => `import ctypes, os, subprocess, sys, threading, time
def f(params):
    print("before", flush=True) if params.a % 50 == 0 else None
    if params.a % 50 == 0:
        ${what}
    return params.a
`;

function othersAreThere(t: ExecutionContext, ended: readonly (Ended | undefined)[]): void {
	for (const [a, task] of ended.entries()) {
		t.is(task?.times, 1, `${a}`);
		if (a % 50 === 0) continue;
		t.is(task?.value, a);
		t.is(task?.log, undefined);
	}
}

const ends = [
	['raise ValueError("no")', { kind: 'threw', message: 'ValueError: no' }],
	['sys.exit(3)', { kind: 'exited', status: 3 }],
	['os._exit(4)', { kind: 'exited', status: 4 }],
	['ctypes.string_at(0)', { kind: 'crashed', message: 'Python was ended by SIGSEGV' }],
	['os.abort()', { kind: 'crashed', message: 'Python was ended by SIGABRT' }],
	['os.kill(os.getpid(), 9)', { kind: 'crashed', message: 'Python was ended by SIGKILL' }],
	['os.killpg(0, 9)', { kind: 'crashed', message: 'Python was ended by SIGKILL' }],
	['return object()', { kind: 'not-plain' }],
] as const;

for (const [what, failure] of ends) {
	test(`one task in 50 does ${what}: no other is lost, and each fails by itself`, async (t) => {
		if (!hasPython(t)) return;
		const { run } = modules(t, { 'model.py': oneIn50(what) });
		const ended = await run('f', numbered(150), { bundleSize: 60 });
		othersAreThere(t, ended);
		for (const a of [0, 50, 100]) {
			t.like(ended[a]?.failure, failure);
			t.regex(ended[a]?.log ?? '', /^before\n/);
		}
	});
}

const hangs = [
	['time.sleep(60)', ''],
	['while True: pass', ''],
	['ctypes.PyDLL(None).sleep(60)', ' in C, which holds the lock of the interpreter'],
	['__import__("re").match("(a+)+$", "a" * 60 + "b")', ' in a regular expression'],
	['subprocess.run(["sleep", "60"])', ' in a process that it has started'],
] as const;

for (const [what, where] of hangs) {
	test(`a task that takes longer than its timeout is stopped, also${where === '' ? ` in ${what}` : where}`, async (t) => {
		if (!hasPython(t)) return;
		const { run } = modules(t, { 'model.py': oneIn50(what) });
		const ended = await run('f', numbered(51), { timeoutSeconds: 0.4 });
		othersAreThere(t, ended);
		for (const a of [0, 50]) t.deepEqual(ended[a]?.failure, { kind: 'timed-out', timeoutSeconds: 0.4 });
	});
}

test('what an import takes is not the time of the first task', async (t) => {
	if (!hasPython(t)) return;
	const { run } = modules(t, { 'model.py': 'import time\ntime.sleep(1)\ndef f(params):\n    return params.a\n' });
	const ended = await run('f', numbered(4), { timeoutSeconds: 0.5 });
	t.deepEqual(
		ended.map((task) => task?.value),
		[0, 1, 2, 3],
	);
});

onLinux(
	'whatever a task started goes with its interpreter: when it is stopped and when the pool is closed',
	async (t) => {
		if (!hasPython(t)) return;
		const { run, path } = modules(t, {
			'model.py': `import multiprocessing, os, signal, subprocess, time
def note(name, pid):
    with open(name + "-part", "w") as file:
        file.write(str(pid))
    os.rename(name + "-part", name)
def sleeper(name):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    note(name, os.getpid())
    time.sleep(600)
def f(params):
    a = "%d" % params.a
    note("worker" + a, os.getpid())
    note("program" + a, subprocess.Popen(["sleep", "600"]).pid)
    multiprocessing.get_context("fork").Process(target=sleeper, args=("fork" + a,)).start()
    if os.fork() == 0:
        sleeper("raw" + a)
    while not all(os.path.exists(name + a) for name in ("fork", "raw")):
        time.sleep(0.01)
    if params.a == 0:
        time.sleep(600)
    return params.a
`,
		});
		const ended = await run('f', numbered(2), { timeoutSeconds: 2, slots: 1 });
		t.like(ended[0]?.failure, { kind: 'timed-out' });
		t.is(ended[1]?.value, 1);
		for (const a of [0, 1])
			for (const name of ['worker', 'program', 'fork', 'raw'])
				t.true(await eventually(() => !isAlive(pidIn(path(`${name}${a}`)))), `${name}${a}`);
	},
);

test('a task that forks answers once, and threads that it leaves are no matter', async (t) => {
	if (!hasPython(t)) return;
	const { run } = modules(t, {
		'model.py': oneIn50('os.fork(); threading.Thread(target=time.sleep, args=(60,), daemon=True).start()'),
	});
	const ended = await run('f', numbered(200), { bundleSize: 70 });
	othersAreThere(t, ended);
	t.is(ended[0]?.value, 0);
});

onLinux('a task that holds more memory than it may is out of memory, alone; others run on', async (t) => {
	if (!hasPython(t)) return;
	const { run } = modules(t, {
		'model.py': oneIn50('kept = []\n        while True: kept.append(bytes(range(256)) * 65536)'),
	});
	const ended = await run('f', numbered(60), { memoryMiB: 200 });
	othersAreThere(t, ended);
	for (const a of [0, 50]) t.deepEqual(ended[a]?.failure, { kind: 'out-of-memory' });
});

onLinux('memory that earlier tasks have left behind is not blamed on the one that runs', async (t) => {
	if (!hasPython(t)) return;
	const { run } = modules(t, {
		'model.py': `import time
kept = []
def f(params):
    kept.append(bytes(range(256)) * 4096 * 40)
    time.sleep(0.2)
    return params.a
`,
	});
	const ended = await run('f', numbered(12), { memoryMiB: 300, slots: 1 });
	t.deepEqual(
		ended.map((task) => task?.value),
		numbered(12).map(({ a }) => a),
	);
});

test('a module that cannot be imported fails the tasks of its rule, and a function that is not there too', async (t) => {
	if (!hasPython(t)) return;
	const { run } = modules(t, { 'model.py': 'def simulate(params):\n    return 1\n' });
	const ended = await run('simulat', numbered(2));
	for (const task of ended) t.like(task?.failure, { kind: 'not-imported', file: 'model.py' });
	const broken = modules(t, { 'model.py': 'import nothing_of_this_name\n' });
	for (const task of await broken.run('f', numbered(300)))
		t.like(task?.failure, {
			kind: 'not-imported',
			file: 'model.py',
			message: "ModuleNotFoundError: No module named 'nothing_of_this_name'",
		});
});

test('an interpreter that ends before it is ready three times in a row is said, with the end of what it printed', async (t) => {
	const { play, target } = modules(t, { 'model.py': '' });
	const missing = await play({
		rules: [{ run: target('model.py', 'f', { interpreter: '/nowhere/python3' }), sets: numbered(3) }],
	});
	t.is(missing.broken.length, 1);
	t.regex(
		missing.broken[0] ?? '',
		/^Python \(\/nowhere\/python3\) ended with exit status 127 before it could run anything: .*not found/,
	);
});

test('where there is no interpreter, nothing is run, and it is said why', async (t) => {
	const { play, target } = modules(t, { 'model.py': '' });
	const interpreter = { problem: 'There is no python3 on PATH' };
	const { broken } = await play({ rules: [{ run: target('model.py', 'f', { interpreter }), sets: numbered(3) }] });
	t.deepEqual(broken, ['There is no python3 on PATH']);
});

test('closing stops what runs, whatever it does', async (t) => {
	if (!hasPython(t)) return;
	const { play, target } = modules(t, {
		'model.py': `import ctypes, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
def f(params):
    if params.a > 3:
        ctypes.PyDLL(None).sleep(60)
    return params.a
`,
	});
	const { ended, finished } = await play({
		rules: [{ run: target('model.py', 'f'), sets: numbered(100) }],
		bundleSize: 10,
		onAnswer: (answered, _, end) => {
			if (answered === 4) setTimeout(end, 300);
		},
	});
	t.is(ended[0]?.filter((task) => task !== undefined).length, 4);
	for (const times of finished.values()) t.is(times, 1);
});

for (const how of ['kill', 'exit'])
	onLinux(`when the engine is gone (${how}), no Python is left behind`, async (t) => {
		if (!hasPython(t)) return;
		const folder = mkdtempSync(join(tmpdir(), 'scanmake-killed-'));
		t.teardown(() => rmSync(folder, { recursive: true, force: true }));
		const engine = spawn(
			process.execPath,
			[fileURLToPath(new URL('./killed-python.js', import.meta.url)), folder, how, pythonWith() ?? ''],
			{ stdio: 'ignore' },
		);
		const names = ['worker', 'program'];
		t.true(await eventually(() => names.every((name) => existsSync(join(folder, name)))));
		const pids = names.map((name) => pidIn(join(folder, name)));
		if (how === 'kill') engine.kill('SIGKILL');
		for (const pid of pids) t.true(await eventually(() => !isAlive(pid)));
	});

test('a task that closes the descriptors by which its process answers fails alone, and is told so', async (t) => {
	if (!hasPython(t)) return;
	const { run } = modules(t, {
		'model.py': `import os
def f(params):
    if params.a == 2:
        os.closerange(0, 4000)
    return params.a
`,
	});
	const ended = await run('f', numbered(5));
	const message = 'it closed the descriptors by which its process answers (os.closerange?)';
	t.deepEqual(ended[2]?.failure, { kind: 'crashed', message });
	t.deepEqual(
		ended.map((task) => task?.value),
		[0, 1, undefined, 3, 4],
	);
});
