// What becomes of commands and shell lines: results, files, failures that cost no worker. By every shell that is there.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { resultDigest } from '../../../engine/digest.ts';
import { encodeValue } from '../../../engine/value.ts';
import { logPartBytes } from '../../../engine/workers/shared.ts';
import { command, file, given, json, out, param, shell, text } from '../../../rules/recipe.ts';
import type { Ended } from './ended.ts';
import { numbered, play, run } from './programs.ts';
import { table } from './threads.ts';

/** The shells that are there: `sh`, and one that is not the same. */
const shells = [
	['sh', '-s'],
	['bash', '--posix', '-s'],
].filter(([program = '']) => spawnSync(program, ['-c', ':']).status === 0);

const one = [{ a: 1 }];
const failureOf = (ended: readonly (Ended | undefined)[]) => ended[0]?.failure;

/** Words that a shell would make something else of. */
const hostile = [
	'',
	' ',
	"it's",
	'"quoted"',
	'two  words',
	'line\nbreak\n',
	'$(touch stolen)',
	'`touch stolen`',
	'$HOME',
	'../../etc',
	'-n',
	'--',
	'a;b|c&d',
	'*',
	'~',
	'\\',
	"\\'",
	'größe 🧠',
	'\t',
	'#',
	'!x',
	"'; touch stolen; '",
];

for (const words of shells) {
	const name = words[0] ?? '';

	test(`${name}: a command has no result by itself: it is null, and what it prints is its log`, async (t) => {
		const ended = await run(command(['printf', '%s\n', param('a')]), numbered(3), { shell: words });
		t.deepEqual(
			ended.map((task) => [task?.value, task?.log, task?.failure]),
			[
				[null, '0\n', undefined],
				[null, '1\n', undefined],
				[null, '2\n', undefined],
			],
		);
		t.is(ended[1]?.digest, Buffer.from(resultDigest(encodeValue(null), [])).toString('hex'));
	});

	test(`${name}: standard output is the result as text or as JSON; standard error stays the log`, async (t) => {
		const texts = await run(shell.with(text())`echo ${param('a')}; echo no >&2`, numbered(2), { shell: words });
		t.deepEqual(
			texts.map((task) => [task?.value, task?.log]),
			[
				['0\n', 'no\n'],
				['1\n', 'no\n'],
			],
		);
		const values = await run(shell.with(json())`echo '{"a": ['${param('a')}', NaN]}'`, numbered(2), { shell: words });
		t.deepEqual(
			values.map((task) => task?.value),
			[{ a: [0, Number.NaN] }, { a: [1, Number.NaN] }],
		);
	});

	test(`${name}: the words of a command reach the program unchanged, whatever they hold`, async (t) => {
		const sets = hostile.map((a) => ({ a }));
		const { ended, left } = await play({
			rules: [{ run: command(['printf', '<%s>', 'first', param('a')], text()), sets }],
			shell: words,
		});
		t.deepEqual(
			ended[0]?.map((task) => task?.value),
			hostile.map((a) => `<first><${a}>`),
		);
		t.false(left.some((path) => path.includes('stolen')));
	});

	test(`${name}: an interpolation of a shell line is one word, whatever it holds`, async (t) => {
		const sets = hostile.map((a) => ({ a }));
		const ended = await run(shell.with(text())`printf '<%s>' first ${param('a')} | cat; ls`, sets, {
			shell: words,
			slots: 1,
		});
		t.deepEqual(
			ended.map((task) => task?.value),
			hostile.map((a) => `<first><${a}>work\n`),
		);
	});

	test(`${name}: a mistake in a shell line fails its own task alone`, async (t) => {
		const lines = [
			'echo fine',
			'if',
			"echo 'open",
			')',
			'exit 7',
			'return 8',
			'exec 3>&-; exec <&-; echo fine',
			'set -e; false',
		];
		const rules = lines.map((line) => ({
			run: shell.with(text())({ raw: [line] } as unknown as TemplateStringsArray),
			sets: one,
		}));
		const { ended } = await play({ rules, shell: words, slots: 1 });
		const all = ended.map(([task]) => task);
		t.deepEqual([all[0]?.value, all[6]?.value], ['fine\n', 'fine\n']);
		for (const wrong of [1, 2, 3]) {
			t.is(all[wrong]?.failure?.kind, 'ended', lines[wrong]);
			t.regex(all[wrong]?.log ?? '', /syntax error|unterminated|unexpected/i);
		}
		t.like(all[4]?.failure, { kind: 'ended', program: 'its shell line', status: 7 });
		t.like(all[7]?.failure, { kind: 'ended', status: 1 });
	});

	test(`${name}: an exit status other than 0 is a failure, and a signal is named`, async (t) => {
		const end = async (recipe: unknown) => failureOf(await run(recipe, one, { shell: words }));
		t.deepEqual(await end(command(['sh', '-c', 'exit 3'])), { kind: 'ended', program: 'sh', status: 3 });
		t.deepEqual(await end(command(['sh', '-c', 'kill -SEGV $$'])), {
			kind: 'ended',
			program: 'sh',
			status: 139,
			signal: 'SIGSEGV',
		});
		t.like(await end(shell`sh -c 'kill -KILL $$'`), { kind: 'ended', status: 137, signal: 'SIGKILL' });
		t.deepEqual(await end(shell`exit 255`), { kind: 'ended', program: 'its shell line', status: 255 });
	});

	test(`${name}: a program that cannot be started is told from one that says 126 or 127 itself`, async (t) => {
		const before = (folder: string) => {
			writeFileSync(join(folder, 'plain'), '#!/bin/sh\n');
			writeFileSync(join(folder, 'says'), '#!/bin/sh\nexit "$1"\n');
			chmodSync(join(folder, 'says'), 0o755);
			mkdirSync(join(folder, 'folder'));
		};
		const end = async (recipe: unknown) => failureOf(await run(recipe, one, { shell: words, before }));
		const notStarted = (program: string, why: string) => ({ kind: 'not-started', program, why });
		t.deepEqual(await end(command(['no-such-program', param('a')])), notStarted('no-such-program', 'not-found'));
		t.deepEqual(await end(command(['./no/such'])), notStarted('./no/such', 'not-found'));
		t.deepEqual(await end(command(['-x'])), notStarted('-x', 'not-found'));
		t.deepEqual(await end(command([''])), notStarted('', 'not-found'));
		t.deepEqual(await end(command(['./plain'])), notStarted('./plain', 'not-executable'));
		t.deepEqual(await end(command(['./folder'])), notStarted('./folder', 'not-executable'));
		t.like(await end(command(['./says', '127'])), { kind: 'ended', program: './says', status: 127 });
		t.like(await end(command(['./says', '126'])), { kind: 'ended', program: './says', status: 126 });
		t.like(await end(shell`no-such-program`), { kind: 'ended', program: 'its shell line', status: 127 });
	});

	test(`${name}: no built-in, function or variable of the worker is a program`, async (t) => {
		for (const program of ['cd', 'scanmake_ended', 'export', '.']) {
			const failure = failureOf(await run(command([program]), one, { shell: words }));
			t.true(failure?.kind === 'not-started' || failure === undefined, `${program}: ${JSON.stringify(failure)}`);
		}
	});

	test(`${name}: 10,000 arguments arrive; more than the system takes is a failure of its own`, async (t) => {
		const many = Array.from({ length: 10_000 }, (_, i) => String(i));
		const count = await run(command(['sh', '-c', 'echo $#', 'sh', ...many], json()), one, { shell: words });
		t.is(count[0]?.value, 10_000);
		const tooLong = await run(command(['printf', '%s', 'x'.repeat(3_000_000)], text()), one, { shell: words });
		t.deepEqual(failureOf(tooLong), { kind: 'not-started', program: 'printf', why: 'too-long' });
	});

	test(`${name}: standard input is empty, and what a task does with its own descriptors is its own`, async (t) => {
		const ended = await run(shell.with(json())`wc -c; exec 3>&1 4>&1; exec <&- 2>&-`, numbered(3), {
			shell: words,
			slots: 1,
		});
		t.deepEqual(
			ended.map((task) => task?.value),
			[0, 0, 0],
		);
		const closed = await run(shell`exec >&-`, numbered(2), { shell: words });
		t.true(closed.every((task) => task?.failure === undefined));
		const seen = await run(
			shell.with(text())`echo x 2>/dev/null >&3 || echo no 3; (: <&4) 2>/dev/null || echo no 4`,
			one,
			{
				shell: words,
			},
		);
		t.is(seen[0]?.value, 'no 3\nno 4\n');
	});

	test(`${name}: what one task sets the next does not see`, async (t) => {
		const line = shell.with(text())`echo "$leak"; leak=${param('a')}; cd /; set -u; alias ls=false; umask 077`;
		const ended = await run(line, numbered(4), { shell: words, slots: 1 });
		t.true(ended.every((task) => task?.value === '\n'));
	});
}

test('parameters are written as JavaScript writes them, and given leaves words out', async (t) => {
	const recipe = command(['printf', '<%s>', param('a'), given('b', ['--b', param('b')])], text());
	const sets = [{ a: 0.1 }, { a: 1e-7, b: true }, { a: null, b: 'x' }, { a: -0 }, { a: 1e21 }];
	t.deepEqual(
		(await run(recipe, sets)).map((task) => task?.value),
		['<0.1>', '<1e-7><--b><true>', '<null><--b><x>', '<0>', '<1e+21>'],
	);
});

test('what no command line can carry and a parameter that is not there fail their own task', async (t) => {
	const nul = await run(command(['echo', param('a')]), [{ a: 'x' }, { a: 'x\0y' }, { a: 'z' }]);
	t.deepEqual(
		nul.map((task) => task?.failure),
		[undefined, { kind: 'unusable-parameter', name: 'a' }, undefined],
	);
	const absent = await run(shell`echo ${param('b')}`, [{ a: 1 }, { a: 1, b: 2 }]);
	t.deepEqual(absent[0]?.failure, { kind: 'missing-parameter', name: 'b' });
	t.is(absent[1]?.log, '2\n');
});

test('a whole bundle that fails before it begins is answered', async (t) => {
	const ended = await run(command(['echo', param('b')]), numbered(500), { bundleSize: 100 });
	t.true(ended.every((task) => task?.failure?.kind === 'missing-parameter' && task.times === 1));
});

test('files that are declared are kept with their name, execute bit, size and digest', async (t) => {
	const line = shell`echo ${param('a')} > ${out('n.txt')}; printf '#!/bin/sh\n' > ${out('deep/er/run')}; chmod +x ${out('deep/er/run')}`;
	const { ended, left } = await play({ rules: [{ run: line, sets: numbered(3) }] });
	const files = ended[0]?.[2]?.files ?? [];
	t.deepEqual(
		files.map((each) => [each.name, each.executable, each.size, Buffer.from(each.bytes ?? []).toString()]),
		[
			['n.txt', false, 2, '2\n'],
			['deep/er/run', true, 10, '#!/bin/sh\n'],
		],
	);
	t.is(ended[0]?.[2]?.digest, Buffer.from(resultDigest(encodeValue(null), files)).toString('hex'));
	t.deepEqual(
		left.filter((path) => !path.startsWith('log-')),
		[],
		'work folders are removed',
	);
});

test('a large file stays where it is until it is taken', async (t) => {
	const { ended, left } = await play({ rules: [{ run: shell`head -c 1000000 /dev/zero > ${out('big')}`, sets: one }] });
	const [big] = ended[0]?.[0]?.files ?? [];
	t.is(big?.size, 1_000_000);
	t.is(big?.bytes, undefined);
	t.true(left.some((path) => path.endsWith('0-0/big')) && big?.path?.endsWith('0-0/big'));
});

test('work folders and what was printed stay where that is asked for', async (t) => {
	const run = shell.with(text())`echo ${param('a')} | tee ${out('n')}; touch beside`;
	const { left } = await play({ rules: [{ run, sets: numbered(2) }], keepsFolders: true });
	for (const path of ['0-0', '0-0.out', '0-0/n', '0-1/n']) t.true(left.includes(path), path);
});

test('an output that is not there, a folder, a link out of its place or no file is a failure', async (t) => {
	const end = async (recipe: unknown) => failureOf(await run(recipe, one));
	const bad = (what: string) => ({ kind: 'bad-output', output: 'o', what });
	t.deepEqual(await end(shell`: ${out('o')}`), { kind: 'missing-output', output: 'o' });
	t.deepEqual(await end(shell`mkdir ${out('o')}; echo x > ${out('o')}/x`), bad('folder'));
	t.deepEqual(await end(shell`mkfifo ${out('o')}`), bad('special'));
	t.deepEqual(await end(shell`ln -s /etc/passwd ${out('o')}`), bad('link-out'));
	t.deepEqual(await end(shell`ln -s nowhere ${out('o')}`), { kind: 'missing-output', output: 'o' });
	const inside = await run(shell`echo x > ${out('p')}; ln -s p ${out('o')}`, one);
	t.deepEqual(
		inside[0]?.files?.map(({ name, size }) => [name, size]),
		[
			['p', 2],
			['o', 2],
		],
	);
});

test('no JSON, half a JSON, no output and no UTF-8 fail with the place', async (t) => {
	const end = async (line: string, how: 'json' | 'text' = 'json') => {
		const printed = how === 'json' ? json() : text();
		return failureOf(await run(shell.with(printed)({ raw: [line] } as unknown as TemplateStringsArray), one));
	};
	const unreadable = (what: string, wanted = 'json') => ({ kind: 'unreadable-result', wanted, what });
	t.deepEqual(await end(':'), unreadable('it is empty'));
	t.deepEqual(await end(`printf '{"a": [1,'`), unreadable('it ends where a value should follow'));
	t.deepEqual(await end('echo done: 3'), unreadable('in line 1 (byte 1: done: 3 ) stands no value'));
	const failed = await run(shell.with(json())`echo why; echo how >&2; exit 2`, one);
	t.is(failed[0]?.log, 'how\nwhy\n', 'what it has printed is in the log');
	t.deepEqual(await end(`printf 'ab\\377'`, 'text'), unreadable('byte 3 is not UTF-8', 'text'));
});

test('a result that holds a path of its work folder is refused', async (t) => {
	const ended = await run(shell.with(text())`echo ${out('o')} | tee ${out('o')}`, one);
	t.deepEqual(failureOf(ended), { kind: 'work-path-in-result', path: 'result' });
});

test('1 MB that is printed becomes a log of its beginning and its end', async (t) => {
	const ended = await run(shell`echo begin; head -c 1000000 /dev/zero | tr '\0' x; echo end`, numbered(8));
	for (const task of ended) {
		t.is(task?.failure, undefined);
		const log = task?.log ?? '';
		t.true(log.startsWith('begin\nxxx') && log.endsWith('xxxend\n'));
		t.true(log.includes(`\n[scanmake left out ${1_000_010 - 2 * logPartBytes} bytes of the log here]\n`));
	}
});

test('a log is that of its own task, however many were logged before', async (t) => {
	const line = shell`case ${param('a')} in *0 | *3 | *6) echo only ${param('a')};; esac`;
	const ended = await run(line, numbered(400), { bundleSize: 50 });
	t.true(ended.every((task, a) => task?.log === ([0, 3, 6].includes(a % 10) ? `only ${a}\n` : undefined)));
});

test('100 MB of text are read; more than 256 MiB are refused and never read', async (t) => {
	const [large] = await run(shell.with(text())`head -c 100000000 /dev/zero | tr '\0' x`, one);
	t.is((large?.value as string | undefined)?.length, 100_000_000);
	const sparse = await run(shell.with(json())`dd if=/dev/zero bs=1 count=1 seek=300000000 2>/dev/null`, one);
	t.deepEqual(failureOf(sparse), { kind: 'too-much-output', limitMiB: 256 });
});

test('upstream files are given by their path; one that is not there is that task’s failure', async (t) => {
	const { ended } = await play({
		rules: [
			{
				run: shell.with(text())`cat ${file('input', 'x.txt')}`,
				sets: numbered(2),
				inputs: (tasks) => [
					{
						...table(
							'input',
							[null, null],
							tasks.map((task) => [task]),
						),
						files: new Map([[0, [{ name: 'x.txt', path: '/etc/hostname' }]]]),
					},
				],
			},
		],
		before: () => {},
	});
	t.is(ended[0]?.[0]?.failure, undefined);
	t.like(ended[0]?.[1]?.failure, { kind: 'missing-input', input: 'input', file: 'x.txt' });
});

test('a shell that is not there, and a folder that is not there, break the executor with a sentence', async (t) => {
	const rules = [{ run: shell`:`, sets: one }];
	const { broken } = await play({ rules, shell: ['no-such-shell'] });
	t.regex(broken.join(), /shell that runs commands \(no-such-shell\) could not be started/);
	const gone = await play({ rules, folder: '/no/such/folder' });
	t.regex(gone.broken.join(), /folder in which commands run is not there: \/no\/such\/folder/);
	const dies = await play({ rules, shell: ['false'] });
	t.regex(dies.broken.join(), /\(false\) ended with exit status 1/);
});
