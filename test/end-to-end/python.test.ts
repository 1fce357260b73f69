// Python functions from the Scanfile to what the user reads: results, what ran, and what bad code costs.
import { readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { pythonWith } from '../python.ts';
import { noInnards, type Project, project, until } from './project.ts';

const words = 'import { aggregate, analyze, arange, grid, python, scan, simulate } from "scanmake";\n';

/** A project whose one rule runs `f` of `model.py`; undefined where there is no Python. */
function pythonProject(t: ExecutionContext, model: string, more = '', sets = 4): Project | undefined {
	const interpreter = pythonWith();
	if (interpreter === undefined) {
		t.log('skipped: no python3 of 3.8 or newer is here');
		t.pass();
		return undefined;
	}
	return project(t, {
		'model.py': model,
		'Scanfile.ts': `${words}const spikes = simulate({ over: grid({ a: arange(0, ${sets}, 1) }), run: python("model.py", "f")${more} });
export default scan({ spikes }, { python: ${JSON.stringify(interpreter)} });
`,
	});
}

const onLinux = process.platform === 'linux' ? test : test.skip;

const isAlive = (pid: number): boolean => {
	try {
		return !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		return false;
	}
};

test('a Python model runs, its results are reused, and an edit of its code reruns it', async (t) => {
	const own = pythonProject(t, '# a model\ndef f(params):\n    return {"rate": params.a * 2}\n');
	if (own === undefined) return;
	t.deepEqual((await own.build()).did, { spikes: 'ran 4' });
	t.is((await own.scanmake('table', 'spikes')).stdout, 'a,rate\n0,0\n1,2\n2,4\n3,6\n');
	t.deepEqual((await own.build()).did, { spikes: 'reused 4' });
	own.edit('model.py', '# a model', '# the model');
	t.deepEqual((await own.build()).did, { spikes: 'reused 4' });
	own.edit('model.py', '* 2', '* 3');
	t.deepEqual((await own.build()).did, { spikes: 'ran 4' });
});

test('rules of Python and of TypeScript take what the others give', async (t) => {
	const interpreter = pythonWith();
	if (interpreter === undefined) {
		t.log('skipped: no python3 of 3.8 or newer is here');
		t.pass();
		return;
	}
	const own = project(t, {
		'model.py': `def simulate(params, inputs):
    return {"rate": inputs.x["y"] + params.a}
def mean(rows, group):
    return sum(row.result["rate"] for row in rows) / len(rows)
def total(tables):
    return [row.result for row in tables.means]
`,
		'Scanfile.ts': `${words}import { generate } from "scanmake";
const over = grid({ a: [1, 2], b: [10, 20] });
const x = generate({ over, run: (p) => ({ y: p.b }) });
const spikes = simulate({ over, from: { x }, run: python<{ rate: number }>("model.py", "simulate") });
const means = aggregate({ from: spikes, by: ["a"], run: python<number>("model.py", "mean") });
const all = analyze({ from: { means }, run: python<number[]>("model.py", "total") });
const twice = analyze({ from: { means }, run: (tables) => tables.means.map((row) => row.result * 2) });
export default scan({ spikes, means, all, twice }, { python: ${JSON.stringify(interpreter)} });
`,
	});
	const { did } = await own.build();
	t.deepEqual(did, { 'spikes.x': 'ran 4', spikes: 'ran 4', means: 'ran 2', all: 'ran 1', twice: 'ran 1' });
	t.regex((await own.scanmake('show', 'all')).stdout, /16[,\s]+17/);
	t.regex((await own.scanmake('show', 'twice')).stdout, /32[,\s]+34/);
});

const bad = [
	['print from C', 'import ctypes\ndef f(p):\n    ctypes.CDLL(None).puts(b"noise")\n    return p.a\n', 'ran 4'],
	['a write to descriptor 1', 'import os\ndef f(p):\n    os.write(1, b"noise")\n    return p.a\n', 'ran 4'],
	[
		'a module that changes the folder',
		'import os\nos.chdir("/")\ndef f(p):\n    os.chdir("/tmp")\n    return p.a\n',
		'ran 4',
	],
	['a fork', 'import os\ndef f(p):\n    os.fork()\n    return p.a\n', 'ran 4'],
	[
		'threads',
		'import threading, time\nthreading.Thread(target=time.sleep, args=(99,)).start()\ndef f(p):\n    threading.Thread(target=time.sleep, args=(99,)).start()\n    return p.a\n',
		'ran 4',
	],
	[
		'a crash',
		'import ctypes\ndef f(p):\n    ctypes.string_at(0) if p.a == 2 else None\n    return p.a\n',
		'ran 3, failed 1',
	],
	['a cycle', 'def f(p):\n    x = []\n    x.append(x)\n    return x if p.a == 2 else p.a\n', 'ran 3, failed 1'],
	['an exit', 'import os\ndef f(p):\n    os._exit(0) if p.a == 2 else None\n    return p.a\n', 'ran 3, failed 1'],
] as const;

for (const [what, model, did] of bad) {
	test(`${what} costs no other task anything`, async (t) => {
		const own = pythonProject(t, model);
		if (own === undefined) return;
		const built = await own.build();
		t.deepEqual(built.did, { spikes: did });
		t.is(built.status, did.includes('failed') ? 1 : 0);
		noInnards(t, built);
		const rows = JSON.parse((await own.scanmake('table', 'spikes', '--format', 'json')).stdout) as {
			result: unknown;
		}[];
		for (const [a, row] of rows.entries()) if (!did.includes('failed') || a !== 2) t.is(row.result, a);
	});
}

onLinux('a task that asks for more memory than its rule may have fails alone, and that is said', async (t) => {
	const model = `def f(p):
    kept = []
    while p.a == 2 and len(kept) < 640:
        kept.append(bytes(range(256)) * 65536)
    return p.a
`;
	const own = pythonProject(t, model, ', memory: "200MiB"');
	if (own === undefined) return;
	const built = await own.build();
	t.deepEqual(built.did, { spikes: 'ran 3, failed 1' });
	t.regex(built.stderr, /simulate a=2: ran out of memory/);
});

test('a module that cannot be imported is said with its file, and is not tried again', async (t) => {
	const model = 'open("imported", "a").write("x\\n")\nimport nothing_of_this_name\ndef f(p):\n    return 1\n';
	const own = pythonProject(t, model, ', retries: 3', 1);
	if (own === undefined) return;
	const built = await own.build('--trace', 'trace.json');
	t.is(built.status, 1);
	t.deepEqual(built.did, { spikes: 'failed 1' });
	t.is(own.read('trace.json').split('"spikes failed"').length, 2);
	t.is(own.lines('imported').length, 1);
	t.regex(built.stderr, /model\.py could not be imported: ModuleNotFoundError: No module named 'nothing_of_this_name'/);
	noInnards(t, built);
});

const hangs = `import ctypes, os
def f(p):
    if p.a == 2:
        with open("part", "w") as file:
            file.write(str(os.getpid()))
        os.rename("part", "pid")
        ctypes.PyDLL(None).sleep(600)
    return p.a
`;

for (const signal of ['SIGINT', 'SIGKILL'] as const)
	onLinux(`${signal} leaves no function behind that is in the middle of C`, async (t) => {
		const own = pythonProject(t, hangs);
		if (own === undefined) return;
		const running = own.start(['-j', '1']);
		await until(() => isThere(own, 'pid'));
		const pid = Number(own.read('pid'));
		running.child.kill(signal);
		t.is((await running.ended).status, signal === 'SIGINT' ? 130 : null);
		await until(() => !isAlive(pid));
		t.false(isAlive(pid));
	});

function isThere(own: Project, name: string): boolean {
	try {
		own.read(name);
		return true;
	} catch {
		return false;
	}
}
