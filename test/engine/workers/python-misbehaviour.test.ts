// What a task does to its process costs that task at most; what it prints is in its log, and nowhere else.
import { join } from 'node:path';
import test from 'ava';
import { inPython, valuesIn } from './python-hand.ts';

test('an exception fails its task alone, with the frames of the user and a traceback in the log', async (t) => {
	const run = await inPython(t, {
		files: {
			'lib/decay.py': 'import json\ndef decay(x):\n    return json.loads(x)\n',
			'model.py': `
from lib.decay import decay
class NegativeRate(Exception): pass
def simulate(n):
    if n == 0: raise ValueError("negative rate")
    if n == 1: return decay("{")
    if n == 2:
        try: {}["x"]
        except KeyError as error: raise NegativeRate("no x") from error
    return n
`,
		},
		columns: { n: [0, 1, 2, 3] },
	});
	if (run === undefined) return;
	const [plain, inside, caused, fine] = run.told;
	const stack = 'at simulate (model.py:5)';
	t.deepEqual(plain?.failure, { kind: 'threw', message: 'ValueError: negative rate', stack });
	t.is(
		plain?.log,
		`Traceback (most recent call last):
  File "model.py", line 5, in simulate
    if n == 0: raise ValueError("negative rate")
ValueError: negative rate
`,
	);
	t.like(inside?.failure, { kind: 'threw', stack: 'at decay (lib/decay.py:3)\nat simulate (model.py:6)' });
	t.false(inside?.log?.includes('json/'));
	t.like(caused?.failure, { message: "NegativeRate: no x (caused by: KeyError: 'x')" });
	t.regex(
		caused?.log ?? '',
		/^Traceback[\s\S]+KeyError: 'x'\n\nThe above exception was the direct cause[\s\S]+NegativeRate: no x\n$/,
	);
	t.deepEqual(fine, { task: 3, value: 3 });
});

const raised: readonly [text: string, message: RegExp][] = [
	['raise Rude()', /^Rude: its message cannot be shown, since __str__ raised ZeroDivisionError$/],
	['raise ValueError("\\ud800 x")', /^ValueError: \ud800 x$/],
	['raise ValueError("x" * 10 ** 6)', /^ValueError: x{8000,8200} …$/],
	['raise KeyError', /^KeyError$/],
	['raise MemoryError', /^MemoryError: it asked for more memory than there is$/],
	['raise StopIteration(3)', /^StopIteration: 3$/],
	['raise KeyboardInterrupt', /^KeyboardInterrupt$/],
	['deeper(0)', /^RecursionError: maximum recursion depth exceeded/],
	['raise Odd()', /^Odd$/],
	['hash([])', /^TypeError: (unhashable|cannot use)/],
	['bytearray(10 ** 16)', /^MemoryError/],
];

test('whatever is raised, a sentence is made of it', async (t) => {
	const cases = raised.map(([text], i) => `    if n == ${i}: ${text}\n`).join('');
	const run = await inPython(t, {
		files: {
			'model.py': `
class Rude(Exception):
    def __str__(self): return 1 / 0
class Odd(BaseException): pass
def deeper(n): return deeper(n + 1)
def simulate(n):
${cases}    return "fine"
`,
		},
		columns: { n: [...raised.keys(), 99] },
	});
	if (run === undefined) return;
	for (const [i, { failure }] of run.told.slice(0, -1).entries()) {
		t.is(failure?.kind, 'threw');
		if (failure?.kind === 'threw') t.regex(failure.message, raised[i]?.[1] ?? /$^/);
	}
	t.is(run.told.at(-1)?.value, 'fine');
});

test('sys.exit ends a task with its status, and a text goes to the log', async (t) => {
	const run = await inPython(t, {
		files: {
			'model.py': `
import sys
def simulate(n):
    if n == 0: sys.exit()
    if n == 1: sys.exit(3)
    if n == 2: sys.exit("no licence")
    return n
`,
		},
		columns: { n: [0, 1, 2, 3] },
	});
	if (run === undefined) return;
	const exited = (status: number): object => ({ kind: 'exited', status });
	t.deepEqual(
		run.told.map((told) => told.failure ?? told.value),
		[exited(0), exited(3), exited(1), 3],
	);
	t.is(run.told[2]?.log, 'no licence\n');
});

test('a process that ends leaves the tasks that were not answered', async (t) => {
	for (const [text, status, signal] of [
		['os._exit(5)', 5, null],
		['os.kill(os.getpid(), signal.SIGSEGV)', null, 'SIGSEGV'],
		['os.closerange(0, 4000)', 1, null],
	] as const) {
		const run = await inPython(t, {
			files: {
				'model.py': `import os, signal\ndef simulate(n):\n    print("before", n)\n    if n == 2: ${text}\n    return n`,
			},
			columns: { n: [0, 1, 2, 3] },
		});
		if (run === undefined) return;
		t.deepEqual(
			run.told.map(({ value }) => value),
			[0, 1],
		);
		t.deepEqual([run.status, run.signal], [status, signal], text);
		if (!text.startsWith('os.close')) t.is(run.log, 'before 2\n');
	}
});

test('each task begins in the folder of the Scanfile, with the recursion limit of its modules', async (t) => {
	const run = await inPython(t, {
		files: {
			'model.py': `
import os, signal, sys, tempfile, threading, time
sys.setrecursionlimit(1500)
os.chdir("/")
def simulate(n):
    if n == 0: os.chdir(tempfile.gettempdir()); sys.setrecursionlimit(100)
    if n == 2: threading.Thread(target=time.sleep, args=(60,)).start()
    if n == 3: signal.signal(signal.SIGTERM, signal.SIG_IGN); sys.setrecursionlimit(10 ** 6); return deep(5000)
    return [os.path.basename(os.getcwd()).startswith("scanmake-python-"), sys.getrecursionlimit()]
def deep(n):
    value = 1
    for _ in range(n): value = [value]
    return value
`,
		},
		columns: { n: [0, 1, 2, 3, 4] },
	});
	if (run === undefined) return;
	const [, one, two, three, four] = run.told;
	for (const told of [one, two, four]) t.deepEqual(told?.value, [true, 1500]);
	t.like(three?.failure, { kind: 'not-plain', what: 'nested more than 1000 levels deep' });
	t.is(run.status, 0);
});

test('a child that a task forks never answers, however it comes back', async (t) => {
	const values = await valuesIn(t, {
		files: {
			'model.py': `
import os, sys
def simulate(n):
    child = os.fork()
    if child == 0:
        if n == 1: raise ValueError("in the child")
        if n == 2: sys.exit(7)
        return "of the child"
    return os.WEXITSTATUS(os.waitpid(child, 0)[1])
`,
		},
		columns: { n: [0, 1, 2] },
	});
	if (values !== undefined) t.deepEqual(values, [0, 1, 7]);
});

test('multiprocessing works in a task, by fork and by spawn, with the modules as they were', async (t) => {
	const run = await inPython(t, {
		files: { 'model.py': 'raise RuntimeError("edited since")', 'factor.py': 'FACTOR = 3' },
		frozen: {
			'factor.py': 'FACTOR = 2',
			'model.py': `
import multiprocessing
from factor import FACTOR
def simulate(start):
    with multiprocessing.get_context(start).Pool(2) as pool:
        return pool.map(double, [1, 2, 3])
def double(x): return FACTOR * x
`,
		},
		columns: { start: ['fork', 'spawn'] },
	});
	if (run === undefined) return;
	t.deepEqual(
		run.told.map((told) => told.failure ?? told.value),
		[
			[2, 4, 6],
			[2, 4, 6],
		],
	);
	t.is(run.status, 0);
});

test('tasks are not run where the skip file is there', async (t) => {
	const unless = join(process.cwd(), 'package.json');
	const files = { 'model.py': 'def simulate(n): return n' };
	const run = await inPython(t, { files, columns: { n: [5, 6, 7] }, unless });
	if (run === undefined) return;
	t.deepEqual([run.told, run.skipped], [[], [0, 1, 2]]);
});

test('what waits behind a long task is taken back by the skip file', async (t) => {
	const run = await inPython(t, {
		files: {
			'model.py': `
import time
def simulate(n):
    if n == 1:
        open("skip", "w").close()
        time.sleep(0.05)
    return n
`,
		},
		columns: { n: [0, 1, 2, 3] },
	});
	if (run === undefined) return;
	t.deepEqual(
		[run.told.map(({ value }) => value), run.skipped],
		[
			[0, 1],
			[2, 3],
		],
	);
});
