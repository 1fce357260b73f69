// What a task prints, in whatever way, is in its log and nowhere else.
import test from 'ava';
import { inPython } from './python-hand.ts';

test('what is printed is in the log of its task, from C and from other processes too', async (t) => {
	const run = await inPython(t, {
		files: {
			'model.py': `
import ctypes, os, subprocess, sys, warnings
libc = ctypes.CDLL(None)
print("imported")
def simulate(n, io):
    if n == 0: print("zero"); print("one", end="", file=sys.stderr)
    if n == 1: libc.printf(b"from C")
    if n == 2: os.write(1, b"raw"); os.write(2, b" and 2")
    if n == 3: subprocess.run(["sh", "-c", "echo child; echo error >&2"])
    if n == 4: print("a", end=""); io.log("b"); print("c \\ud800 é")
    if n == 5: warnings.warn("careful")
    if n == 6: sys.__stdout__.write("x" * 200000)
    return n
`,
		},
		columns: { n: [0, 1, 2, 3, 4, 5, 6, 7] },
	});
	if (run === undefined) return;
	const logs = run.told.map(({ log }) => log);
	t.deepEqual(logs.slice(0, 4), ['imported\nzero\none', 'from C', 'raw and 2', 'child\nerror\n']);
	t.is(logs[4], 'ab\nc \\ud800 é\n');
	t.true(logs[5]?.includes('UserWarning: careful'));
	t.is(
		logs[6],
		`${'x'.repeat(65536)}\n[scanmake left out ${200000 - 131072} bytes of the log here]\n${'x'.repeat(65536)}`,
	);
	t.is(logs[7], undefined);
	t.is(run.log, '');
});

test('a task that closes, replaces or redirects its streams leaves them in order for the next', async (t) => {
	const trouble = [
		'sys.stdout = io.StringIO()',
		'sys.stdout.close()',
		'os.close(1)',
		'os.close(2); os.close(1)',
		'sys.stderr = None; sys.stdout = None',
		'os.dup2(os.open(os.devnull, os.O_WRONLY), 1); time.sleep(0.002)',
		'sys.stdout = io.TextIOWrapper(sys.stdout.buffer, "latin1")',
		'os.close(0)',
		'os.closerange(3, 300)',
		'os.close(1); open("other.txt", "w").write("x"); os.close(2)',
		'sys.stdin = None; sys.stderr.detach()',
		'logging.basicConfig(stream=sys.stdout); sys.stdout.detach()',
	];
	const run = await inPython(t, {
		files: {
			'model.py': `
import io, logging, os, sys, time
def simulate(n):
    if n % 2 == 1:
        print("task", n)
        os.write(2, b"two")
    ${trouble.map((text, i) => `elif n == ${2 * i}: ${text}`).join('\n    ')}
    return n
`,
		},
		columns: { n: trouble.flatMap((_, i) => [2 * i, 2 * i + 1]) },
	});
	if (run === undefined) return;
	for (const [n, told] of run.told.entries()) {
		t.is(told.value, n, trouble[n >> 1]);
		if (n % 2 === 1) t.is(told.log, `task ${n}\ntwo`, trouble[n >> 1]);
	}
	t.is(run.told.length, 2 * trouble.length);
});
