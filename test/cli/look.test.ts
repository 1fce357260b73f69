// Commands that look and run nothing: plan, show, graph, checkout, gc.
import test from 'ava';
import { UserError } from '../../engine/errors.ts';
import type { PlanReport, RuleNode, TaskView } from '../../engine/report.ts';
import { scanmake, tableOf } from './fake.ts';

const planned: PlanReport = {
	targets: [
		{
			...{ name: 'spikes', rule: 'simulate', tasks: 100, reused: 60, toRun: 40, unknown: 0, blocked: 0, left: 0 },
			groups: [{ state: 'to-run', tasks: 40, causes: [{ kind: 'gone' }], example: 'weight=0.4' }],
		},
		{
			...{ name: 'response', rule: 'aggregate', tasks: 10, reused: 0, toRun: 0, unknown: 10, blocked: 0, left: 0 },
			groups: [
				{
					state: 'waiting',
					tasks: 10,
					causes: [{ kind: 'waits', inputs: [{ name: 'spikes', rule: 'spikes' }] }],
					example: '',
				},
			],
		},
	],
	warnings: [{ message: 'Date is read inside a function.', file: 'model.ts', line: 3 }],
	ok: true,
	seconds: 0.05,
};

test('plan shows what would run, why, and the warnings with their places; --dry-run is the same', async (t) => {
	for (const line of ['plan', '--dry-run', 'plan -j 4 --fail-fast']) {
		const { stdout, status, asked } = await scanmake(line, { plan: async () => planned });
		t.is(status, 0);
		t.deepEqual(asked, ['open read', 'close']);
		const lines = stdout.trimEnd().split('\n');
		t.deepEqual(lines.slice(0, 3), [
			'          tasks  reused  to run  unknown',
			'spikes      100      60      40        0',
			'response     10       0       0       10',
		]);
		t.regex(lines[3] ?? '', /^40 of `spikes` to run: nothing changed, but/);
		t.regex(lines[4] ?? '', /^10 of `response` wait for `spikes` to run first\.$/);
		t.is(lines.at(-1), 'model.ts:3: Date is read inside a function.');
	}
});

test('plan --json has toRun and unknown in the place of ran', async (t) => {
	const { stdout, stderr } = await scanmake('plan --json', { plan: async () => planned });
	const answer: unknown = JSON.parse(stdout);
	t.like(answer, { ok: true, seconds: 0.05 });
	t.true(
		stdout.includes(
			'{"name":"spikes","rule":"simulate","tasks":100,"reused":60,"toRun":40,"unknown":0,"failed":0,"blocked":0,"left":0,"seconds":0}',
		),
	);
	t.is(stderr, 'model.ts:3: Date is read inside a function.\n');
});

const done: TaskView = {
	target: 'spikes',
	rule: 'simulate',
	params: { weight: 0.4, trial: 7, seed: 12345 },
	state: 'done',
	key: 'ab12',
	digest: 'cd34',
	result: { rate: 12.5, times: Float64Array.of(0.1, Number.NaN) },
	files: [{ name: 'train.bin', size: 12_595, executable: false, digest: 'ef' }],
	log: 'hello\n\nworld\n',
	failure: undefined,
	seconds: 0.0123,
	endedAt: 0,
	attempt: 1,
	build: undefined,
};

test('show is a page of one task: parameters, result, files, log, provenance', async (t) => {
	const { stdout, status } = await scanmake('show spikes weight=0.4 trial=7', { show: async () => done });
	t.is(status, 0);
	t.is(
		stdout,
		`spikes (simulate): done in 12 ms

Parameters
  weight  0.4
  trial   7
  seed    12345

Result
  { rate: 12.5, times: Float64Array(2) [ 0.1, NaN ] }

Files
  train.bin  12.3 KiB
  to get them: scanmake checkout spikes

Log
  hello

  world

Provenance
  ended   1970-01-01 00:00:00 UTC
  key     ab12
  digest  cd34
`,
	);
});

test('show hands the name=value words on and says of a task that was not run how to run it', async (t) => {
	let given: readonly string[] = [];
	const show = async (name: string, conditions: readonly string[]): Promise<TaskView> => {
		given = [name, ...conditions];
		return { ...done, state: 'not-run', result: undefined, files: [], log: '', seconds: undefined, endedAt: undefined };
	};
	const { stdout } = await scanmake(['-f', 'a b.ts', 'show', 'spikes', 'weight=-0.4', 'mode=a b'], { show });
	t.deepEqual(given, ['spikes', 'weight=-0.4', 'mode=a b']);
	t.true(stdout.startsWith("spikes (simulate): not run yet. To run it: scanmake -f 'a b.ts' spikes\n"));
});

test('show says how a task failed, and where', async (t) => {
	const failure = { kind: 'threw' as const, message: 'Error: no', stack: 'Error: no\n    at cell (model.ts:7:3)' };
	const { stdout } = await scanmake('show spikes', {
		show: async () => ({ ...done, state: 'failed', failure, result: undefined }),
	});
	t.true(stdout.startsWith('spikes (simulate): threw Error: no (model.ts:7) (12 ms)\n'));
	t.true(stdout.includes('\nStack\n  Error: no\n      at cell (model.ts:7:3)\n'));
});

test('show gives the traceback of Python once: in the log, or as a stack where the log has been cut', async (t) => {
	const failure = { kind: 'threw' as const, message: 'ValueError: no', stack: 'at decay (lib/decay.py:3)' };
	const log = 'begun\nTraceback (most recent call last):\n  File "lib/decay.py", line 3, in decay\nValueError: no\n';
	const page = async (log: string) =>
		(
			await scanmake('show spikes', {
				show: async () => ({ ...done, state: 'failed', failure, result: undefined, log }),
			})
		).stdout;
	const whole = await page(log);
	t.true(whole.startsWith('spikes (simulate): threw ValueError: no (lib/decay.py:3) (12 ms)\n'));
	t.true(
		whole.includes('\nLog\n  begun\n  Traceback (most recent call last):\n    File "lib/decay.py", line 3, in decay\n'),
	);
	t.false(whole.includes('\nStack\n'));
	t.true((await page('begun\n')).includes('\nStack\n  at decay (lib/decay.py:3)\n'));
});

test('show --json is one object: what is unknown is null, NaN too', async (t) => {
	const { stdout } = await scanmake('show spikes --json', { show: async () => done });
	const answer: unknown = JSON.parse(stdout);
	t.like(answer, { target: 'spikes', state: 'done', params: done.params, build: null, failure: null });
	t.like(answer, { result: { rate: 12.5, times: [0.1, null] } });
});

const rules: readonly RuleNode[] = [
	{ name: 'spikes.input', kind: 'generate', isTarget: false, tasks: 440, parameters: ['k'], from: [] },
	{
		name: 'spikes',
		kind: 'simulate',
		isTarget: true,
		tasks: 2640,
		parameters: ['k'],
		from: [{ as: 'input', rule: 'spikes.input' }],
	},
	{
		name: 'tu"ning',
		kind: 'analyze',
		isTarget: true,
		tasks: 1,
		parameters: [],
		from: [{ as: 'fast', rule: 'spikes' }],
	},
];

test('graph draws the rules for Mermaid, Graphviz and programs', async (t) => {
	const graph = async () => rules;
	t.is(
		(await scanmake('graph', { graph })).stdout,
		`flowchart TD
  r0(["spikes.input<br/>generate, 440 tasks"])
  r1["spikes<br/>simulate, 2,640 tasks"]
  r2{{"tu#34;ning<br/>analyze, 1 task"}}
  r0 --> r1
  r1 -->|"fast"| r2
`,
	);
	t.is(
		(await scanmake('graph --format dot', { graph })).stdout,
		`digraph scan {
  node [shape=box];
  r0 [label="spikes.input\\ngenerate, 440 tasks"];
  r1 [label="spikes\\nsimulate, 2,640 tasks"];
  r2 [label="tu\\"ning\\nanalyze, 1 task"];
  r0 -> r1;
  r1 -> r2 [label="fast"];
}
`,
	);
	t.deepEqual(JSON.parse((await scanmake('graph --json', { graph })).stdout), { rules });
});

test('checkout writes into ./TARGET or the folder that is named', async (t) => {
	const folders: string[] = [];
	const checkout = async (name: string, folder: string) => {
		folders.push(`${name} ${folder}`);
		return [`${folder}/a`, `${folder}/b`];
	};
	t.is((await scanmake('checkout tuning', { checkout })).stdout, 'tuning: 2 files in tuning\n');
	t.deepEqual(JSON.parse((await scanmake('checkout tuning out/figures --json', { checkout })).stdout), {
		target: 'tuning',
		folder: '/project/out/figures',
		paths: ['/project/out/figures/a', '/project/out/figures/b'],
	});
	t.deepEqual(folders, ['tuning /project/tuning', 'tuning /project/out/figures']);
});

test('only building and gc open the store for writing', async (t) => {
	const gc = async () => ({ damaged: 0, kept: 3, removed: 2, freedBytes: 0 });
	const cleaned = await scanmake('gc', { gc });
	t.is(cleaned.stdout, '2 results removed, 3 kept.\n');
	t.is(cleaned.asked[0], 'open write');
	t.is((await scanmake('table spikes', { table: async () => tableOf(['k'], []) })).asked[0], 'open read');
	t.is((await scanmake('graph', { graph: async () => rules })).asked[0], 'open read');
	t.is((await scanmake('show spikes', { show: async () => done })).asked[0], 'open read');
	t.is((await scanmake('checkout tuning', { checkout: async () => [] })).asked[0], 'open read');
});

test('the engine is closed whatever happens', async (t) => {
	const { asked } = await scanmake('spikes', {
		build: async () => {
			throw new UserError('executor', 'No worker starts.');
		},
	});
	t.deepEqual(asked, ['open write', 'build spikes', 'close']);
});
