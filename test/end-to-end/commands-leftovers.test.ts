// What commands leave behind, or take away, where others work: processes, files that still grow, folders that are gone.
// Each costs the task that did it, no other; and no result is another's.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import test from 'ava';
import { noInnards, command as program, project } from './project.ts';

const words = 'import { command, file, generate, grid, out, param, scan, simulate, text } from "scanmake";\n';

test('a process that a program leaves in its folder writes into no other task’s result', async (t) => {
	const { build, scanmake } = project(t, {
		'Scanfile.ts': `${words}
const over = grid({ i: Array.from({ length: 30 }, (_, i) => i) });
const b = generate({ over, run: command(["sh", "bg.sh", out("o.txt"), param("i")]) });
const c = simulate({ over, from: { b }, run: command(["cat", file("b", "o.txt")], text()) });
export default scan({ c });
`,
		'bg.sh': 'cd "$(dirname "$1")"; echo $2 > o.txt; (sleep 0.15; echo LATE$2 > o.txt) >/dev/null 2>&1 & sleep 0.1\n',
	});
	const built = await build('-j', '4');
	t.is(built.status, 0, built.stderr);
	const rows = JSON.parse((await scanmake('table', 'c', '--json')).stdout) as { i: number; result: string }[];
	t.deepEqual(
		rows.map(({ result }) => result),
		rows.map(({ i }) => `${i}\n`),
	);
});

test('a task whose output was taken away while it ran has failed: nothing is no result', async (t) => {
	const { build, scanmake } = project(t, {
		'Scanfile.ts': `${words}
const over = grid({ i: Array.from({ length: 20 }, (_, i) => i) });
export default scan({ ok: simulate({ over, run: command(["sh", "-c", "test $1 = 7 && rm -f .scanmake/work/*/*.out; printf %s $1", "sh", param("i")], text()) }) });
`,
	});
	const built = await build('-j', '1');
	t.is(built.status, 1);
	t.regex(built.stderr, /^simulate i=\d+: printed no text: the file that it went to has gone/m);
	noInnards(t, built);
	const rows = JSON.parse((await scanmake('table', 'ok', '--json')).stdout) as { i: number; result?: string | null }[];
	for (const { i, result } of rows) t.true(result === String(i) || (result ?? null) === null, `${i}: ${result}`);
	// those that had ended and were not read yet lost theirs, too: they run again
	t.regex((await build('-j', '1')).did['ok'] ?? '', /reused \d+.*failed \d/);
});

test('a file that something still writes to costs its own task, and the build goes on', async (t) => {
	const { build } = project(t, {
		'Scanfile.ts': `${words}
const over = grid({ i: [1, 2, 3, 4, 5, 6] });
export default scan({ big: simulate({ over, run: command(["sh", "big.sh", out("o.txt"), param("i")]) }) });
`,
		'big.sh': `lines=10000; [ "$2" = 3 ] && lines=3000000
awk -v n=$lines 'BEGIN { for (i = 0; i < n; i++) print i }' > "$1"
[ "$2" = 3 ] && { (while :; do echo more >> "$1"; done) >/dev/null 2>&1 & }
exit 0
`,
	});
	const built = await build('-j', '2');
	t.is(built.status, 1, built.stderr);
	t.regex(
		built.stderr,
		/^simulate i=3: wrote no file of its own as "o\.txt": there is a file that something still writes to/m,
	);
	t.deepEqual(built.did, { big: 'ran 5, failed 1' });
	noInnards(t, built);
});

test('a store where there can be no folders is a sentence, and so is a full disk behind standard output', async (t) => {
	const { folder, scanmake } = project(t, {
		'Scanfile.ts': `${words}export default scan({ one: simulate({ run: command(["true"]) }) });\n`,
	});
	const nowhere = await scanmake('--store', '/proc/scanmake-nowhere');
	t.is(nowhere.status, 3);
	t.regex(nowhere.stderr, /There can be no store at \/proc\/scanmake-nowhere/);
	noInnards(t, nowhere);
	t.is((await scanmake()).status, 0);
	const full = openSync('/dev/full', 'w');
	const unwritten = spawnSync(process.execPath, [program, 'table', 'one'], {
		cwd: folder,
		stdio: ['ignore', full, 'pipe'],
		encoding: 'utf8',
	});
	closeSync(full);
	t.is(unwritten.status, 3);
	t.regex(unwritten.stderr, /Standard output could not be written: .*no space left/);
});
