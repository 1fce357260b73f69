// Building from the words typed to what is written and the exit status, against an engine that is told what to answer.
import test from 'ava';
import type { BuildOptions } from '../../engine/report.ts';
import { output, report, scanmake, target } from './fake.ts';

test('without a command the targets are built; options may stand before and behind', async (t) => {
	for (const line of [
		'spikes input',
		'build spikes input',
		'--quiet build spikes -j 2 input',
		'-j2 spikes input --json',
		'-f build.ts spikes input',
	]) {
		const { asked } = await scanmake(line);
		t.deepEqual(asked, ['open write', 'build spikes input', 'close'], line);
	}
	t.deepEqual((await scanmake('')).asked, ['open write', 'build', 'close']);
});

test('the options of a build reach the engine', async (t) => {
	let given: BuildOptions | undefined;
	const build = async (_targets: readonly string[], options: BuildOptions) => {
		given = options;
		return report([]);
	};
	const words = [
		'-f',
		'my scan.ts',
		'--store',
		'/s',
		'--where',
		'k=1',
		'--where',
		'j=2',
		'--jobs=3',
		'--fail-fast',
		'spikes',
		'spikes',
	];
	const { request, asked } = await scanmake(words, { build });
	t.deepEqual(
		{ file: request?.file, store: request?.store, cwd: request?.cwd },
		{ file: 'my scan.ts', store: '/s', cwd: '/project' },
	);
	t.is(
		request?.command,
		"scanmake -f 'my scan.ts' --store /s --where k=1 --where j=2 --jobs=3 --fail-fast spikes spikes",
	);
	t.deepEqual(
		{ jobs: given?.jobs, failFast: given?.failFast, where: given?.where },
		{ jobs: 3, failFast: true, where: 'k=1, j=2' },
	);
	t.is(asked[1], 'build spikes');
});

test('exit status: 0 all built, 1 a task failed, 3 could not go on, 130 interrupted', async (t) => {
	const status = async (...given: Parameters<typeof report>): Promise<number> =>
		(await scanmake('', { build: async () => report(...given) })).status;
	t.is(await status([target('spikes', { tasks: 1, ran: 1 })]), 0);
	t.is(await status([target('spikes', { tasks: 1, failed: 1 })]), 1);
	t.is(await status([target('spikes', { tasks: 1, left: 1 })], { interrupted: true }), 130);
	t.is(await status([], { ok: false, broken: { kind: 'store', message: 'gone' } }), 3);
});

test('--json prints one object on standard output and everything else on standard error', async (t) => {
	const targets = [target('spikes', { tasks: 2640, reused: 2637, ran: 2, failed: 1, seconds: 0.0204 })];
	const { stdout, stderr, status } = await scanmake('--json', { build: async () => report(targets, { seconds: 0.2 }) });
	t.is(
		stdout,
		'{"targets":[{"name":"spikes","rule":"simulate","tasks":2640,"reused":2637,"ran":2,"failed":1,"blocked":0,"left":0,"seconds":0.02}],"ok":false,"seconds":0.2}\n',
	);
	t.regex(stderr, /^spikes +2,640/m);
	t.is(status, 1);
});

test('without --json nothing of a build is on standard output', async (t) => {
	const { stdout } = await scanmake('', { build: async () => report([target('spikes', { tasks: 1, ran: 1 })]) });
	t.is(stdout, '');
});

test('--quiet leaves the errors', async (t) => {
	const done = await scanmake('--quiet', { build: async () => report([target('spikes', { tasks: 1, ran: 1 })]) });
	t.is(done.stderr, '');
	const failure = {
		target: 'spikes',
		rule: 'simulate' as const,
		parameters: 'k=1',
		failure: { kind: 'out-of-memory' as const },
	};
	const failed = await scanmake('--quiet', {
		build: async () => report([target('spikes', { tasks: 1, failed: 1 })], { failures: [failure] }),
	});
	t.regex(
		failed.stderr,
		/^1 task of spikes failed: ran out of memory\n {2}Its output: scanmake show spikes k=1\n1 task failed\./,
	);
});

test('colours are for terminals, unless NO_COLOR or --no-color is given', async (t) => {
	const build = async () => report([target('spikes', { tasks: 1, ran: 1 })]);
	const coloured = async (line: string, isTerminal: boolean, env: Record<string, string> = {}): Promise<boolean> =>
		(await scanmake(line, { build }, { stderr: output(isTerminal), env })).stderr.includes('\x1b[3');
	t.true(await coloured('', true));
	t.false(await coloured('', false));
	t.false(await coloured('--no-color', true));
	t.false(await coloured('', true, { NO_COLOR: '1' }));
	t.true(await coloured('', true, { NO_COLOR: '' }));
});

test('a first Ctrl-C aborts the build’s signal, a second one ends the process', async (t) => {
	const exits: number[] = [];
	let press = (): void => {};
	const build = async (_targets: readonly string[], { signal }: BuildOptions) => {
		press();
		t.true(signal?.aborted);
		t.deepEqual(exits, []);
		press();
		return report([target('spikes', { tasks: 9, ran: 4, left: 5 })], { interrupted: true });
	};
	const { status, stderr } = await scanmake(
		'spikes',
		{ build },
		{
			interrupts: (act) => {
				press = act;
			},
			exit: (code) => void exits.push(code),
		},
	);
	t.is(status, 130);
	t.deepEqual(exits, [130]);
	t.regex(stderr, /^Stopping; what is done is kept/);
});
