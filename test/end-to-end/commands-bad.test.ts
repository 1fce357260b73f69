// Commands and shell lines at their limits: strange values, programs that cannot be started, output that is none. What the
// user reads is asserted, never a stack trace. (The plain ways to fail: test/fixtures/failures.test.ts.)
import { chmodSync, existsSync } from 'node:fs';
import test from 'ava';
import { noInnards, project } from './project.ts';

const words =
	'import { command, file, generate, given, grid, json, list, out, param, scan, shell, simulate, text } from "scanmake";\n';

/** Values that a careless shell line would take for something else. */
const strange = [
	...['plain', 'two words', ' ', '', '  leading and trailing  ', "it's", '"quoted"', `'"'"'`, 'a\nb\n', '\ttab'],
	...[
		'$(touch pwned)',
		'`touch pwned`',
		'$HOME',
		['$', '{HOME}'].join(''),
		'; touch pwned',
		'& touch pwned',
		'| cat',
		'> pwned',
	],
	...[
		'../x',
		'/etc/passwd',
		'~',
		'*',
		'[a-z]',
		'{a,b}',
		'-n',
		'--help',
		'-',
		'--',
		'-e a\\nb',
		'a\\nb\\c',
		'\\',
		'%s%d',
		'#',
	],
	...['!!', 'a=b', 'ünï', '🧠', '\u0001\u001b[31m', '\r\n', 'x'.repeat(5000)],
];

test('every parameter value reaches a program and a shell line as it is, and nothing of it is run', async (t) => {
	const { build, scanmake, path } = project(t, {
		'Scanfile.ts': `${words}
const values = ${JSON.stringify(strange)};
const over = grid({ value: values });
const program = simulate({ over, run: command(["printf", "%s", param("value")], text()) });
const line = simulate({ over, run: shell.with(text())\`printf %s \${param("value")}\` });
const inside = simulate({ over, run: shell.with(text())\`printf %s a\${param("value")}b\` });
const second = simulate({ over, run: command(["sh", "-c", 'printf %s "$2"', "sh", "x", param("value")], text()) });
export default scan({ program, line, inside, second });
`,
	});
	const built = await build('-j', '2');
	t.is(built.status, 0, built.stderr);
	for (const target of ['program', 'line', 'inside', 'second']) {
		const rows = JSON.parse((await scanmake('table', target, '--json')).stdout) as { value: string; result: string }[];
		t.deepEqual(
			rows.map(({ result }) => result),
			strange.map((value) => (target === 'inside' ? `a${value}b` : value)),
			target,
		);
	}
	t.false(existsSync(path('pwned')));
});

test('numbers, booleans and null are words as JavaScript writes them', async (t) => {
	const values = [0.1, -1.5, 1e21, 1e-7, 123456789012, true, false, null];
	const { build, scanmake } = project(t, {
		'Scanfile.ts': `${words}
const over = list(${JSON.stringify(values)}.map((value, i) => ({ i, value })));
const said = simulate({ over, run: command(["printf", "%s", param("value")], text()) });
export default scan({ said });
`,
	});
	t.is((await build()).status, 0);
	const rows = JSON.parse((await scanmake('table', 'said', '--json')).stdout) as { result: string }[];
	t.deepEqual(
		rows.map(({ result }) => result),
		['0.1', '-1.5', '1e+21', '1e-7', '123456789012', 'true', 'false', 'null'],
	);
});

test('what a command line cannot carry is that task’s failure: a NUL, arguments without end', async (t) => {
	const { build, scanmake } = project(t, {
		'Scanfile.ts': `${words}
const nul = simulate({ over: grid({ value: ["a", "a\\0b"] }), run: command(["printf", "%s", param("value")], text()) });
const space = grid({ depth: [0, 1], frequency: [1, 2] }).drop("frequency", (p) => p.depth === 0);
const present = simulate({ over: space, run: command(["printf", "%s", "f", given("frequency", [param("frequency")])], text()) });
const many = simulate({ over: grid({ n: [1] }), run: command(["sh", "-c", "echo $#", "sh", ...Array.from({ length: 10_000 }, (_, i) => "word " + i)], json<number>()) });
const endless = simulate({ over: grid({ n: [1] }), run: command(["true", ...Array.from({ length: 300 }, () => "x".repeat(20_000))]) });
const after = simulate({ over: grid({ n: [1, 2] }), run: command(["true"]) });
export default scan({ nul, present, many, endless, after });
`,
	});
	const built = await build('-j', '1');
	t.is(built.status, 1);
	t.deepEqual(built.did, {
		nul: 'ran 1, failed 1',
		present: 'ran 3',
		many: 'ran 1',
		endless: 'failed 1',
		after: 'ran 2',
	});
	t.regex(built.stderr, /: the value of value holds a NUL character, which no command line can carry/);
	t.regex(built.stderr, /^simulate n=1: true could not be started: its arguments are longer than the system allows/m);
	noInnards(t, built);
	const counted = JSON.parse((await scanmake('table', 'many', '--json')).stdout) as unknown;
	t.deepEqual(counted, [{ n: 1, result: 10_000 }]);
});

test('a command that names a parameter where it is absent is a problem of the Scanfile, with an example and the remedy', async (t) => {
	const { scanmake } = project(t, {
		'Scanfile.ts': `${words}
const space = grid({ depth: [0, 1], frequency: [1, 2] }).drop("frequency", (p) => p.depth === 0);
const absent = simulate({ over: space, run: command(["printf", "%s", param("frequency")], text()) });
export default scan({ absent });
`,
	});
	const ended = await scanmake();
	t.is(ended.status, 2);
	t.regex(
		ended.stderr,
		/^Scanfile\.ts:4: absent: param\("frequency"\) is absent in 1 of 3 parameter sets, for instance depth=0\./m,
	);
	t.regex(ended.stderr, /Write given\("frequency", \[…\]\) around the words that are to be left out there\.$/m);
	noInnards(t, ended);
});

test('programs that cannot be started say why: a folder, a file that is no program, a name that is nowhere', async (t) => {
	const { build, path } = project(t, {
		'Scanfile.ts': `${words}
const programs = ["./model", "./notes.txt", "lif-of-nobody", "./gone/lif", "./no-interpreter"];
const started = simulate({ over: grid({ program: programs }), run: command([param("program"), "5"]) });
const line = simulate({ over: grid({ program: ["lif-of-nobody"] }), run: shell\`\${param("program")} 5 | cat\` });
const failing = simulate({ over: grid({ n: [1] }), run: shell\`lif-of-nobody 5\` });
const unfinished = simulate({ over: grid({ n: [1, 2] }), run: shell\`if [ \${param("n")} = 1 ]; then echo\` });
const after = simulate({ over: grid({ n: [1, 2, 3, 4] }), run: shell.with(json<number>())\`echo \${param("n")}\` });
export default scan({ started, line, failing, unfinished, after });
`,
		'model/readme': 'a folder\n',
		'notes.txt': 'no program\n',
		'no-interpreter': '#!/nowhere/python\n',
	});
	chmodSync(path('no-interpreter'), 0o755);
	const built = await build('-j', '2');
	t.is(built.status, 1);
	t.is(built.did['started'], 'failed 5');
	t.is(built.did['line'], 'ran 1', 'a shell takes the status of the last program in a pipe');
	t.is(built.did['failing'], 'failed 1');
	t.is(built.did['unfinished'], 'failed 2');
	t.is(built.did['after'], 'ran 4', 'a line that is no shell breaks nothing but itself');
	t.regex(built.stderr, /program="?\.\/model"?'?: \.\/model could not be started: it is not executable/);
	t.regex(built.stderr, /: \.\/notes\.txt could not be started: it is not executable \(chmod \+x makes it so\)/);
	t.regex(built.stderr, /program=lif-of-nobody: lif-of-nobody could not be started: there is no such program/);
	t.regex(built.stderr, /: \.\/gone\/lif could not be started: there is no such program/);
	t.regex(built.stderr, /: \.\/no-interpreter (ended with exit status 127|could not be started: )/);
	t.regex(built.stderr, /^simulate n=1: its shell line ended with exit status 127/m);
	t.regex(built.stderr, /^simulate n=[12]: its shell line ended with exit status 2/m);
	noInnards(t, built);
});

test('output that is no result is told with its place, and a result may be large', async (t) => {
	const { build, scanmake } = project(t, {
		'Scanfile.ts': `${words}
const prints = { nothing: "", half: '{"rate": [1, 2', text: "rate 5", two: "1 2", python: "[NaN, -Infinity, 1e400]", latin: "\\\\351", fine: "[1]" };
const over = grid({ what: Object.keys(prints) }).derive("printed", (p) => prints[p.what as keyof typeof prints]);
const read = simulate({ over, run: shell.with(json())\`printf \${param("printed")}\` });
const said = simulate({ over, run: shell.with(text())\`printf \${param("printed")}\` });
const large = simulate({ run: shell.with(text())\`head -c 100000000 /dev/zero | tr '\\0' x\` });
const size = simulate({ from: { large }, run: (_p, { large }) => large.length });
const loud = simulate({ run: shell\`head -c 100000000 /dev/zero | tr '\\0' x; echo the end\` });
export default scan({ read, said, size, loud });
`,
	});
	const built = await build('-j', '2');
	t.is(built.status, 1, built.stderr);
	t.deepEqual(built.did, {
		read: 'ran 2, failed 5',
		said: 'ran 6, failed 1',
		'size.large': 'ran 1',
		size: 'ran 1',
		loud: 'ran 1',
	});
	for (const sentence of [
		/what=nothing .*: printed no JSON: it is empty/,
		/what=half .*: printed no JSON: it ends where a comma or the end of the array should follow/,
		/what=text .*: printed no JSON: in line 1 \(byte 1: rate 5\) stands no value/,
		/what=two .*: printed no JSON: in line 1 \(byte 3: 2\) something follows the end of the JSON text/,
		/what=latin .*: printed no JSON: byte 1 is not UTF-8/,
		/what=latin .*: printed no text: byte 1 is not UTF-8/,
	])
		t.regex(built.stderr, sentence);
	noInnards(t, built);
	const python = await scanmake('show', 'read', 'what=python', '--json');
	t.regex(python.stdout, /NaN|null/);
	t.regex((await scanmake('table', 'size', '--json')).stdout, /100000000/);
	const loud = await scanmake('show', 'loud');
	t.true(loud.stdout.length < 10_000_000, 'a log is kept to its beginning and its end');
});

test('files have to lie where they were asked for: no link out of its place, no folder, no pipe', async (t) => {
	const { build } = project(t, {
		'Scanfile.ts': `${words}
const make = { link: 'ln -s /etc/passwd "$1"', up: 'ln -s "$PWD/Scanfile.ts" "$1"', dangling: 'ln -s nowhere "$1"', folder: 'mkdir "$1"', pipe: 'mkfifo "$1"', inside: 'echo 1 > "$1.txt"; ln -s "$(basename "$1").txt" "$1"', removed: 'echo 1 > "$1"; rm "$1"', empty: ': > "$1"', below: 'mkdir -p "$1"; rmdir "$1"; echo 1 > "$1"' };
const over = grid({ how: Object.keys(make) }).derive("script", (p) => make[p.how as keyof typeof make]);
const wrote = simulate({ over, run: command(["sh", "-c", param("script"), "sh", out("a b/s.txt")]) });
const both = simulate({ run: shell\`echo 1 > \${out("one")}\` });
const nothing = simulate({ run: shell\`echo 1 > \${out("one")}; true \${out("two")}\` });
export default scan({ wrote, both, nothing });
`,
	});
	const built = await build('-j', '2');
	t.is(built.status, 1);
	for (const sentence of [
		/how=link .*: wrote no file of its own as "a b\/s\.txt": there is a link to a place outside the task's folder/,
		/how=up .*: wrote no file of its own as "a b\/s\.txt": there is a link to a place outside the task's folder/,
		/how=dangling .*: (did not write its output|wrote no file of its own as) "a b\/s\.txt"/,
		/how=folder .*: wrote no file of its own as "a b\/s\.txt": there is a folder/,
		/how=pipe .*: wrote no file of its own as "a b\/s\.txt": there is something that is no regular file/,
		/how=removed .*: did not write its output "a b\/s\.txt"/,
		/^simulate: did not write its output "two"/m,
	])
		t.regex(built.stderr, sentence);
	t.is(built.did['wrote'], 'ran 3, failed 6');
	t.deepEqual([built.did['both'], built.did['nothing']], ['ran 1', 'failed 1']);
	noInnards(t, built);
});
