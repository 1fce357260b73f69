// What a build leaves for those who look inside: traces, events, work folders.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { command, project, sleepText, until, words } from './project.ts';

const slow = `${words}${sleepText}export default scan({
  spikes: simulate({ over: grid({ a: linspace(1, 200, 200) }), run: (p) => { sleep(p.a === 1 ? 200 : 20); return p.a; } }),
});
`;

const files = `${words}import { writeFileSync } from "node:fs";
const spikes = simulate({ over: grid({ kind: ["a b", "c"], n: [1, 2] }), run: (p, _, io) => {
  writeFileSync(io.out("x.txt"), String(p.n));
  if (p.n === 2 && p.kind === "c") throw new Error("no");
  return p.n;
} });
export default scan({ spikes });
`;

interface TraceEvent {
	readonly ph: string;
	readonly name: string;
	readonly tid: number;
	readonly args: Readonly<Record<string, unknown>>;
}
const eventsOf = (text: string) => (JSON.parse(text) as { traceEvents: readonly TraceEvent[] }).traceEvents;

test('--trace accounts for every task that ran, and shows a long one by its parameters', async (t) => {
	const { build, read } = project(t, { 'Scanfile.ts': slow });
	const built = await build('--trace', 'trace.json', '-j', '2');
	t.deepEqual(built.did, { spikes: 'ran 200' }, built.stderr);
	const spans = eventsOf(read('trace.json')).filter(({ ph }) => ph === 'X');
	const tasks = spans.filter(({ tid }) => tid > 0);
	t.is(
		tasks.reduce((sum, { args }) => sum + Number(args['tasks']), 0),
		200,
	);
	t.true(tasks.some(({ args }) => args['parameters'] === 'a=1'));
	const own = new Set(spans.filter(({ tid }) => tid === 0).map(({ name }) => name));
	for (const name of ['load', 'commit']) t.true(own.has(name), name);
});

test('a trace is whole after Ctrl-C', async (t) => {
	const { start, read, path } = project(t, { 'Scanfile.ts': slow });
	const { child, ended } = start(['--trace', 'trace.json', '-j', '1']);
	let said = '';
	child.stderr?.on('data', (text: string) => {
		said += text;
	});
	await until(() => said.includes('200 tasks') && existsSync(path('trace.json')));
	child.kill('SIGINT');
	t.is((await ended).status, 130);
	const events = eventsOf(read('trace.json'));
	t.true(events.some(({ name }) => name === 'stopping'));
});

test('--keep leaves the work folders, an index that says whose they are, and gc removes them', async (t) => {
	const { scanmake, folder, path, build } = project(t, { 'Scanfile.ts': files });
	const built = await scanmake('--keep');
	t.is(built.status, 1);
	const place = /Work folders kept: (\S+) \(index\.jsonl says whose they are\)/.exec(built.stderr)?.[1] ?? '';
	t.is(place, join('.scanmake', 'work', '1'), built.stderr);
	const index = readFileSync(join(folder, place, 'index.jsonl'), 'utf8')
		.trimEnd()
		.split('\n');
	const rows = index.map(
		(line) => JSON.parse(line) as { target: string; parameters: string; folder: string; failed: string | null },
	);
	t.deepEqual(rows.map(({ parameters }) => parameters).sort(), [
		'\'kind="a b"\' n=1',
		'\'kind="a b"\' n=2',
		'kind=c n=1',
		'kind=c n=2',
	]);
	t.is(new Set(rows.map((row) => row.folder)).size, 4);
	for (const row of rows) {
		t.is(row.target, 'spikes');
		t.is(readFileSync(join(folder, place, row.folder, 'x.txt'), 'utf8'), row.parameters.slice(-1));
		t.is(row.failed, row.parameters === 'kind=c n=2' ? 'threw' : null);
	}
	t.is((await scanmake('gc')).status, 0);
	t.false(existsSync(path('.scanmake/work')));
	await build();
	t.false(existsSync(path('.scanmake/work/2')), 'without --keep nothing stays');
});

test('--keep of a build without work folders says so', async (t) => {
	const { scanmake } = project(t, {
		'Scanfile.ts': `${words}export default scan({ a: simulate({ run: () => 1 }) });\n`,
	});
	const { stderr, status } = await scanmake('--keep');
	t.is(status, 0);
	t.regex(stderr, /No task of this build had a work folder to keep\./);
});

test('--json-events follows a real build to its report', async (t) => {
	const { scanmake } = project(t, { 'Scanfile.ts': files });
	const { stdout, status } = await scanmake('--json-events');
	t.is(status, 1);
	const lines = stdout
		.trimEnd()
		.split('\n')
		.map((line) => JSON.parse(line) as Record<string, unknown>);
	const kinds = lines.map(({ kind }) => kind);
	t.is(kinds[0], 'scanmake');
	t.is(kinds.at(-1), 'ended');
	for (const kind of ['planned', 'started', 'answered', 'task-failed']) t.true(kinds.includes(kind), kind);
	t.like(lines.at(-1)?.['report'], { ok: false });
	const ran = lines.filter(({ kind }) => kind === 'answered').reduce((sum, { tasks }) => sum + Number(tasks), 0);
	t.is(ran, 4);
});

test('a reader of --json-events that leaves after a line does not end the build', async (t) => {
	const { folder, build } = project(t, { 'Scanfile.ts': slow });
	const { PATH = '' } = process.env;
	const child = spawn('sh', ['-c', `'${process.execPath}' '${command}' --json-events | head -n 1`], {
		cwd: folder,
		env: { PATH, HOME: folder },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	child.stderr.resume();
	child.stdout.resume();
	await new Promise((resolve) => child.on('close', resolve));
	t.deepEqual((await build()).did, { spikes: 'reused 200' });
});
