// Commands and shell lines that do harm beside their work: change what they were given, leave processes behind, take their
// shell down, or are interrupted. No other task has anything of it, and the user is told.
import { existsSync, readFileSync } from 'node:fs';
import test from 'ava';
import { noInnards, project, until } from './project.ts';

const words =
	'import { command, file, generate, given, grid, json, list, out, param, scan, shell, simulate, text } from "scanmake";\n';

test('a command that changes a file it was given has failed, and is told so', async (t) => {
	const { build, read } = project(t, {
		'Scanfile.ts': `${words}
const greedy = simulate({ run: command(["sed", "-i", "s/one/two/", "model.txt"]) });
export default scan({ greedy });
`,
		'model.txt': 'one\n',
	});
	const built = await build();
	t.is(built.status, 1);
	t.deepEqual(built.did, { greedy: 'failed 1' });
	t.regex(
		built.stderr,
		/^simulate: its input model\.txt has changed since the build began: a command must not change what it is given/m,
	);
	t.is(read('model.txt'), 'two\n');
	noInnards(t, built);
});

test('a command that writes over the file of another rule has failed, and spoils no result of any other task', async (t) => {
	const { build, scanmake, read } = project(t, {
		'Scanfile.ts': `${words}
const input = generate({ run: shell\`echo 1 > \${out("train.txt")}\` });
const over = grid({ k: [1, 2, 3, 4, 5, 6] });
const spoils = simulate({ over, from: { input }, run: shell.with(text())\`
	cat \${file("input", "train.txt")}
	if [ \${param("k")} = 2 ]; then chmod u+w \${file("input", "train.txt")}; echo spoilt > \${file("input", "train.txt")}; fi\` });
const reads = simulate({ over, from: { input }, run: shell.with(text())\`cat \${file("input", "train.txt")}\` });
export default scan({ input, spoils, reads });
`,
	});
	const built = await build('-j', '1');
	t.is(built.status, 1);
	t.regex(
		built.stderr,
		/^simulate k=2: its input input\/train\.txt has changed since the build began: a command must not change what it is given/m,
	);
	noInnards(t, built);
	t.is((await build('reads')).status, 0, 'what was read while it was spoilt is read again');
	for (const target of ['spoils', 'reads']) {
		const rows = JSON.parse((await scanmake('table', target, '--json')).stdout) as { k: number; result?: string }[];
		for (const { k, result } of rows) {
			if (target === 'reads') t.is(result, '1\n', `k=${k}`);
			else t.true(result === '1\n' || result === undefined || result === null, `k=${k}: ${result}`);
			if (target === 'spoils' && k === 2) t.not(result, '1\n');
		}
	}
	t.is((await scanmake('checkout', 'input', 'files')).status, 0);
	t.is(read('files/train.txt'), '1\n');
});

test('a command that reads standard input finds it empty, and one that leaves a process behind does not wait for it', async (t) => {
	const { build, scanmake, path, lines } = project(t, {
		'Scanfile.ts': `${words}
const over = grid({ n: [1, 2, 3, 4] });
const reads = simulate({ over, run: command(["cat"], text()) });
const line = simulate({ over, run: shell.with(text())\`read -r line; echo "[$line]"\` });
const leaves = simulate({ over, timeout: "60s", run: shell.with(json<number>())\`sh -c 'echo $$ >> pids; exec sleep 600' & echo \${param("n")}\` });
export default scan({ reads, line, leaves });
`,
	});
	const built = await build('-j', '2');
	t.is(built.status, 0, built.stderr);
	t.deepEqual(built.did, { reads: 'ran 4', line: 'ran 4', leaves: 'ran 4' });
	const said = JSON.parse((await scanmake('table', 'line', '--json')).stdout) as { result: string }[];
	t.deepEqual(
		said.map(({ result }) => result),
		['[]\n', '[]\n', '[]\n', '[]\n'],
	);
	t.true(existsSync(path('pids')));
	const left = lines('pids').map(Number);
	await until(() => left.every((pid) => !runs(pid)));
	t.true(left.length <= 4);
});

test('where one task in fifty takes its shell down, all others have their own results and files', async (t) => {
	const { build, scanmake, path } = project(t, {
		'Scanfile.ts': `${words}
const over = grid({ n: Array.from({ length: 300 }, (_, n) => n) }).derive("how", (p) => (p.n % 50 === 7 ? "kill" : "on"));
const risky = simulate({ over, run: shell.with(text())\`
	echo \${param("n")} > \${out("n.txt")}
	[ \${param("how")} = on ] || kill -KILL $$
	cat \${out("n.txt")}\` });
export default scan({ risky });
`,
	});
	const built = await build('-j', '2');
	t.is(built.status, 1);
	t.deepEqual(built.did, { risky: 'ran 294, failed 6' });
	t.regex(built.stderr, /^simulate n=7 how=kill: took its worker down: its shell was ended by SIGKILL/m);
	noInnards(t, built);
	const rows = JSON.parse((await scanmake('table', 'risky', '--json')).stdout) as { n: number; result?: string }[];
	for (const { n, result } of rows) if (n % 50 !== 7) t.is(result, `${n}\n`);
	t.is((await scanmake('checkout', 'risky', 'files')).status, 0);
	for (const n of [0, 8, 56, 58, 299]) t.is(readFileSync(path(`files/n=${n}/how=on/n.txt`), 'utf8'), `${n}\n`);
});

test('an interrupt ends what commands run, with all that they have started, and the rest is kept', async (t) => {
	const { start, build, path, lines } = project(t, {
		'Scanfile.ts': `${words}
const quick = simulate({ over: grid({ n: [1, 2, 3] }), run: shell.with(json<number>())\`echo \${param("n")}\` });
const slow = simulate({ over: grid({ n: [1, 2, 3] }), from: { quick }, run: shell\`sh -c 'echo $$ >> pids; sleep 600; true'\` });
export default scan({ quick, slow });
`,
	});
	const running = start(['-j', '2']);
	await until(() => lines('pids').length >= 2, 60);
	running.child.kill('SIGINT');
	const ended = await running.ended;
	t.is(ended.status, 130, ended.stderr);
	noInnards(t, ended);
	await until(() => lines('pids').every((pid) => !runs(Number(pid))));
	t.is((await build('quick')).did['quick'], 'reused 3');
	t.true(existsSync(path('.scanmake')));
});

/** Whether a process is still there and no mere entry of one that has ended. */
function runs(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		return false;
	}
}
