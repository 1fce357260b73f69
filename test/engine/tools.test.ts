// Programs in `uses`: what they print counts; how often they are started; what is wrong with one.
import {
	chmodSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	realpathSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { standings } from '../../engine/standing.ts';
import { memoryStore } from '../../engine/store/memory.ts';
import { type Tools, toolsOf } from '../../engine/tools.ts';
import { simulate, tool } from '../../rules/index.ts';
import type { Rule } from '../../rules/rule.ts';
import { complaintOf, opened } from '../harness.ts';

function ground(t: ExecutionContext) {
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-tools-'));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	const started = join(folder, 'started');
	return {
		folder,
		write(name: string, body: string) {
			writeFileSync(join(folder, name), `#!/bin/sh\necho x >> ${started}\n${body}\n`);
			chmodSync(join(folder, name), 0o755);
		},
		starts: () => (existsSync(started) ? readFileSync(started, 'utf8').length / 2 : 0),
	};
}

function isRunning(pid: number): boolean {
	try {
		// a process that has ended and waits to be taken note of is none
		return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		return false;
	}
}

const rule = (...uses: readonly ReturnType<typeof tool>[]): Rule => simulate({ uses, run: () => 1 }) as Rule;

async function prefixOf(folder: string, ...uses: readonly ReturnType<typeof tool>[]): Promise<string> {
	const stands = await standings(opened({ targets: { rule: rule(...uses) }, folder }), [0], memoryStore());
	return stands.prefixOf(0);
}

const answers = async (tools: Tools, ...asked: readonly ReturnType<typeof tool>[]) =>
	Promise.all(asked.map((one) => tools.ask(one)));

test('what a tool prints is in the key, standard output and standard error', async (t) => {
	const { folder, write } = ground(t);
	write('nest', 'echo " nest 3.6"; echo beta >&2');
	const before = await prefixOf(folder, tool('./nest', '--version'));
	t.true(before.includes('uses [["tool",["./nest","--version"],"nest 3.6\\nbeta"]]\n'), before);
	write('nest', 'echo nest 3.7; echo beta >&2');
	t.true((await prefixOf(folder, tool('./nest', '--version'))).includes('nest 3.7\\nbeta'));
	write('nest', `printf '%0400d' 1`);
	t.regex(await prefixOf(folder, tool('./nest', '-v')), /\["tool",\["\.\/nest","-v"\],"sha256 [0-9a-f]{64}"\]/);
});

test('a tool gets its arguments as they are, no standard input, and runs in the folder of the Scanfile', async (t) => {
	const { folder, write } = ground(t);
	write('say', 'printf "%s|" "$@"; cat; pwd');
	const [said] = await answers(
		toolsOf(folder, () => undefined),
		tool('./say', '$HOME a', '*'),
	);
	t.deepEqual(said, { kind: 'said', text: `$HOME a|*|${folder}` });
});

test('a tool that is not there counts by its name', async (t) => {
	const { folder } = ground(t);
	const prefix = await prefixOf(folder, tool('no-such-program', '--version'), tool('./none'));
	t.true(prefix.includes('uses [["tool",["./none"],null],["tool",["no-such-program","--version"],null]]\n'), prefix);
});

test('a tool that cannot say what it is, is a problem that names it and says what to do', async (t) => {
	const { folder, write } = ground(t);
	write('bad', 'echo what?; exit 3');
	write('killed', 'kill -9 $$');
	writeFileSync(join(folder, 'text'), 'no program');
	mkdirSync(join(folder, 'folder'));
	const uses = [tool('./bad', '-v'), tool('./killed'), tool('./text'), tool('./folder')];
	const complaint = await complaintOf(() => prefixOf(folder, ...uses));
	t.regex(
		complaint,
		/rule: uses: tool\("\.\/bad", "-v"\) ended with exit status 3 \(It printed: what\?\), .* Give it arguments/,
	);
	t.regex(complaint, /tool\("\.\/killed"\) ended with SIGKILL \(It printed nothing\)/);
	for (const name of ['text', 'folder'])
		t.true(complaint.includes(`tool("./${name}") cannot be started: ${join(folder, name)} is not executable. Make`));
});

test('a tool that does not end is ended, with what it started, and is a problem', async (t) => {
	const { folder, write } = ground(t);
	write('hangs', 'sleep 60 & echo $! > child; wait');
	const [said] = await answers(
		toolsOf(folder, () => undefined, 1),
		tool('./hangs'),
	);
	t.is(said?.kind, 'wrong');
	t.true(said?.kind === 'wrong' && said.message.startsWith('tool("./hangs") had not ended after 1 seconds, so that'));
	const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
	// killed at once, gone when whoever inherited it has taken note
	for (let i = 0; i < 100 && isRunning(child); i++) await setTimeout(50);
	t.false(isRunning(child));
});

test('tools are asked side by side', async (t) => {
	const { folder, write } = ground(t);
	const waits = (own: string, other: string) =>
		`: > ${own}; i=0; while [ ! -e ${other} ] && [ $i -lt 90 ]; do i=$((i + 1)); sleep 0.1; done; [ -e ${other} ]`;
	write('one', waits('a', 'b'));
	write('two', waits('b', 'a'));
	await t.notThrowsAsync(prefixOf(folder, tool('./one'), tool('./two')), 'each waits for the other');
});

test('a tool is started once while a scan is open, however often it is planned and whoever uses it', async (t) => {
	const { folder, write, starts } = ground(t);
	write('nest', 'echo 1');
	const scan = opened({ targets: { one: rule(tool('./nest', '-v')), other: rule(tool('./nest', '-v')) }, folder });
	for (let i = 0; i < 2; i++) await standings(scan, [0, 1], memoryStore());
	t.is(starts(), 1);
});

test('a tool that leaves a process behind that holds its output has ended all the same', async (t) => {
	const { folder, write } = ground(t);
	write('leaves', 'echo 1; sleep 60 & echo $! > child');
	t.deepEqual(
		await answers(
			toolsOf(folder, () => undefined),
			tool('./leaves'),
		),
		[{ kind: 'said', text: '1' }],
	);
});

test('while the file of a tool is as it was it is not started again; other arguments, edits and code to run are asked anew', async (t) => {
	const { folder, write, starts } = ground(t);
	const facts = new Map<string, Uint8Array>();
	const ask = async (...args: readonly string[]) => {
		const tools = toolsOf(folder, (name) => facts.get(name));
		const [said] = await answers(tools, tool('./nest', ...args));
		for (const [name, fact] of tools.learned()) facts.set(name, fact);
		return said?.kind === 'said' ? `${said.text} ${starts()}` : said;
	};
	// a script would be asked each time: a shell under another name, which runs the files that it is given
	const install = () => copyFileSync(realpathSync('/bin/sh'), join(folder, 'nest'));
	install();
	for (const name of ['version', 'V']) write(name, 'echo one');
	t.is(await ask('version'), 'one 1');
	t.is(await ask('version'), 'one 2', 'younger than two seconds: its times could not tell a later change');
	await setTimeout(2100);
	t.is(await ask('version'), 'one 3');
	t.is(await ask('version'), 'one 3');
	t.is(await ask('V'), 'one 4');
	t.is(await ask('-c', '. ./V'), 'one 5');
	t.is(await ask('-c', '. ./V'), 'one 6', 'what it finds elsewhere may have changed');
	install();
	t.is(await ask('version'), 'one 7');
});
