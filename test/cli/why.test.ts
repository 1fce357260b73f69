// `scanmake why` and the sentences of `plan`: what is asked of the engine, and how its answer reads.
import test from 'ava';
import { groupSentence, planEnd, planSentences, taskSentences, whyHeading } from '../../cli/why-sentences.ts';
import type { Behind, Cause, PlannedTarget, WhyGroup, WhyReport, WhyTask } from '../../engine/report.ts';
import { output, scanmake } from './fake.ts';

const code: Cause = {
	kind: 'code',
	run: 'relayCell',
	parts: [{ how: 'changed', kind: 'declaration', file: 'synapse.ts', name: 'decay' }],
};
const group = (tasks: number, causes: readonly Cause[], more: Partial<WhyGroup> = {}): WhyGroup => ({
	...{ state: 'to-run', tasks, causes, example: 'weight=0.4 trial=7' },
	...more,
});
const report: WhyReport = {
	kind: 'targets',
	targets: [
		{ name: 'input', rule: 'generate', tasks: 240, reused: 240, left: 0, groups: [] },
		{
			...{ name: 'spikes', rule: 'simulate', tasks: 2760, reused: 20, left: 0 },
			groups: [
				group(2640, [code]),
				group(100, [{ kind: 'waits', inputs: [{ name: 'input', rule: 'input' }] }], { state: 'waiting' }),
			],
		},
	],
	seconds: 0.25,
};

/** `why` with a fake engine that answers `answer`; tells what it was asked. */
async function asked(line: string, answer: WhyReport = report, columns?: number) {
	const questions: unknown[] = [];
	const stdout = output(columns !== undefined, columns);
	const why = async (targets: readonly string[], conditions: readonly string[]) => {
		questions.push([targets, conditions]);
		return answer;
	};
	const outcome = await scanmake(line, { why }, { stdout, env: { NO_COLOR: '1' } });
	return { ...outcome, questions };
}

test('the sentence of the manual: how many, which function, which declaration in which file', (t) => {
	t.is(
		groupSentence('spikes', group(2640, [code])),
		'2,640 to run: `spikes` ran before with other code: `relayCell` → `decay` in synapse.ts changed.',
	);
});

test('a long value is cut to 60 places, between two characters, however many code units they have', (t) => {
	const cause = (value: string): Cause => ({
		kind: 'new-set',
		values: [{ name: 'a', values: [value], more: 0 }],
		added: [],
		removed: [],
	});
	const shown = (value: string) =>
		/new for `a`: (.*)\)\.$/.exec(groupSentence('spikes', group(1, [cause(value)])))?.[1];
	t.is(shown('x'.repeat(60)), 'x'.repeat(60));
	t.is(shown('x'.repeat(61)), `${'x'.repeat(59)}…`);
	t.is(shown('😀'.repeat(31)), `${'😀'.repeat(29)}…`);
});

test('why asks for all targets, for some, or for the parameter sets of one', async (t) => {
	t.deepEqual((await asked('why')).questions, [[[], []]]);
	t.deepEqual((await asked('why spikes input')).questions, [[['spikes', 'input'], []]]);
	t.deepEqual((await asked('why spikes weight=0.4 trial>3')).questions, [[['spikes'], ['weight=0.4', 'trial>3']]]);
	t.deepEqual((await asked('why spikes')).asked, ['open read', 'close']);
});

test('a target that is not there is named with the nearest', async (t) => {
	const { status, stderr } = await asked('why spike');
	t.is(status, 2);
	t.regex(stderr, /no target spike\. Did you mean spikes\?/);
});

test('conditions need one target', async (t) => {
	for (const line of ['why weight=0.4', 'why input spikes weight=0.4', 'why spikes weight=0.4 input']) {
		const { status, stderr } = await asked(line);
		t.is(status, 2, line);
		t.regex(stderr, /why takes one target with name=value words/);
	}
});

test('in a pipe each sentence is one line; groups that are not all of a target have an example to copy', async (t) => {
	const { stdout } = await asked('why');
	t.deepEqual(stdout.trimEnd().split('\n'), [
		'input: 240 tasks, all reused',
		'spikes: 2,760 tasks: 20 reused, 2,640 to run, 100 waiting',
		'  2,640 to run: `spikes` ran before with other code: `relayCell` → `decay` in synapse.ts changed.',
		'    for instance: scanmake why spikes weight=0.4 trial=7',
		'  100 of `spikes` wait for `input` to run first.',
		'    for instance: scanmake why spikes weight=0.4 trial=7',
	]);
});

for (const columns of [40, 80]) {
	test(`at a terminal of ${columns} columns no line is longer but commands to copy`, async (t) => {
		const { stdout } = await asked('why', report, columns);
		const lines = stdout.trimEnd().split('\n');
		t.true(
			lines.every((line) => line.length <= columns || line.includes('for instance: scanmake why ')),
			stdout,
		);
		t.is(stdout.replace(/\s+/g, ' '), (await asked('why')).stdout.replace(/\s+/g, ' '));
	});
}

const task: WhyTask = {
	...{ target: 'spikes', rule: 'simulate', parameters: 'weight=0.4 trial=7', state: 'to-run', key: 'ab12' },
	causes: [code, { kind: 'env', name: 'LEVEL', before: '"1"', after: '"2"' }],
	build: {
		...{ number: 3, startedAt: 1_700_000_000_000, host: 'ada', node: '20', scanmake: '1', platform: 'linux' },
		...{ scanfile: 'Scanfile.ts', targets: [], commit: undefined },
	},
	endedAt: undefined,
};

test('one task: each part of its key that changed on a line of its own', async (t) => {
	const { stdout } = await asked('why spikes weight=0.4 trial=7', { kind: 'task', task, seconds: 0 });
	t.deepEqual(stdout.trimEnd().split('\n'), [
		'spikes weight=0.4 trial=7 would run. Compared with build 3 of 2023-11-14 22:13:20 UTC:',
		'- `spikes` ran before with other code: `relayCell` → `decay` in synapse.ts changed.',
		'- the environment variable LEVEL went from "1" to "2".',
	]);
	const reused: WhyTask = { ...task, state: 'reused', causes: [], endedAt: 1_700_000_001_000 };
	t.deepEqual(taskSentences(reused), [
		'spikes weight=0.4 trial=7 is reused: its result is of build 3, of 2023-11-14 22:13:21 UTC.',
	]);
});

const followed: Behind = {
	...{ rule: 'spikes', state: 'differs', tasks: 30, sets: { count: 30, isAll: false, where: ['amplitude=1'] } },
	causes: [
		{ kind: 'input', name: 'input', how: 'changed', sets: { count: 1, isAll: false, examples: ['amplitude=1'] } },
	],
	behind: [{ rule: 'input', state: 'differs', tasks: 1, causes: [code], behind: [] }],
};

test('what lies behind a cause stands below it, set in by a step for each rule', async (t) => {
	const behind = [followed];
	const { stdout } = await asked('why spikes weight=0.4', { kind: 'task', task: { ...task, behind }, seconds: 0 });
	const said = [
		'30 of `spikes` (amplitude=1) differ since then: their input `input` (amplitude=1) has other results.',
		'  1 of `input` differs since then: `input` ran before with other code: `relayCell` → `decay` in synapse.ts changed.',
	];
	t.deepEqual(
		stdout.trimEnd().split('\n').slice(-2),
		said.map((line) => `  ${line}`),
	);
	const targets = [{ name: 'rates', rule: 'aggregate', tasks: 9, reused: 0, left: 0 } as const];
	const groups = [group(9, [{ kind: 'gone' }], { behind })];
	const all: WhyReport = { kind: 'targets', targets: targets.map((one) => ({ ...one, groups })), seconds: 0 };
	t.deepEqual(
		(await asked('why', all)).stdout.trimEnd().split('\n').slice(-2),
		said.map((line) => `    ${line}`),
	);
	const narrow = (await asked('why', all, 60)).stdout.trimEnd().split('\n');
	t.true(narrow.every((line) => line.length <= 60));
	t.is(narrow.join(' ').replace(/\s+/g, ' '), (await asked('why', all)).stdout.trimEnd().replace(/\s+/g, ' '));
	const json = JSON.parse((await asked('why --json', all)).stdout) as {
		readonly targets: readonly { readonly reasons: readonly { readonly behind: unknown }[] }[];
	};
	t.deepEqual(json.targets[0]?.reasons[0]?.behind, behind);
});

test('why --json has counts, causes and sentences', async (t) => {
	const { targets, ok } = JSON.parse((await asked('why --json')).stdout) as {
		readonly targets: readonly {
			readonly tasks: number;
			readonly reused: number;
			readonly left: number;
			readonly reasons: readonly { readonly tasks: number; readonly sentence: string; readonly causes: unknown }[];
		}[];
		readonly ok: boolean;
	};
	t.true(ok);
	for (const { tasks, reused, left, reasons } of targets)
		t.is(tasks, reused + left + reasons.reduce((sum, one) => sum + one.tasks, 0));
	t.deepEqual(targets[1]?.reasons[0]?.causes, [code]);
	t.regex(targets[1]?.reasons[0]?.sentence ?? '', /^2,640 to run: /);
	const one = await asked('why spikes weight=0.4 --json', { kind: 'task', task, seconds: 0 });
	t.like(JSON.parse(one.stdout), { target: 'spikes', state: 'to-run', key: 'ab12', endedAt: null, ok: true });
});

test('what a user named cannot move the cursor', (t) => {
	const sentence = groupSentence('spikes', group(1, [{ kind: 'file', name: 'a\x1b[2Jb\nc', how: 'changed' }]));
	t.notRegex(sentence, /[\p{Cc}]/u);
});

const plan: PlannedTarget = {
	...{ name: 'spikes', rule: 'simulate', tasks: 100, reused: 60, toRun: 40, unknown: 0, blocked: 0, left: 0 },
	groups: [group(40, [code])],
};
const invocation = { program: 'scanmake', options: ['-f', 'a.ts'], typed: [] };

test('a plan gives the three largest reasons of a target, and the command for the others', (t) => {
	t.deepEqual(planSentences({ ...plan, groups: [] }, invocation), []);
	const groups = [9, 8, 7, 3, 2].map((tasks) => group(tasks, [{ kind: 'gone' }]));
	const lines = planSentences({ ...plan, groups }, invocation);
	t.is(lines.length, 4);
	t.is(lines[3], '5 more of `spikes` for other reasons: scanmake -f a.ts why spikes');
});

test('the end of a plan sums up', (t) => {
	const ended = { warnings: [], ok: true, seconds: 0.1 };
	t.is(
		planEnd({ targets: [plan, { ...plan, toRun: 0, unknown: 22 }], ...ended }),
		'40 tasks would run, and up to 22 more whose inputs are not known yet (planned in 0.10 s).',
	);
	t.is(
		planEnd({ targets: [{ ...plan, toRun: 0 }], ...ended }),
		'Nothing to do: 1 target, 60 tasks up to date (0.10 s)',
	);
});

test('the heading of a target names only what there is', (t) => {
	const [, spikes] = report.kind === 'targets' ? report.targets : [];
	t.is(
		spikes && whyHeading({ ...spikes, left: 5 }),
		'spikes: 2,760 tasks: 20 reused, 2,640 to run, 100 waiting, 5 left aside',
	);
});
