import test from 'ava';
import { type Check, checksEnd, checksOf } from '../../cli/checks.ts';
import { projectName } from '../../cli/starter.ts';
import type { Findings, StoreFound } from '../../engine/doctor.ts';
import { machine } from '../../engine/machine.ts';

const invocation = { program: 'scanmake', options: [], typed: ['doctor'] };

const store: StoreFound = {
	folder: '/project/.scanmake',
	exists: true,
	format: 1,
	problem: undefined,
	isWritable: true,
	bytes: 5000,
	hasMore: false,
	space: { freeBytes: 2 ** 34, freeFiles: 1e6 },
	files: { renames: true, hasFineTimes: true },
	lock: undefined,
};

const findings: Findings = {
	machine: { node: '20.19.2', isNewEnough: true, cores: 2, memoryMiB: 8192, limits: { files: 4096, processes: 4096 } },
	scan: {
		...{ kind: 'loaded', file: '/project/Scanfile.ts', targets: 2, warnings: [], problems: [] },
		...{ hasPrograms: true, missingScripts: [], greedy: [] },
	},
	store,
	programs: [],
	python: undefined,
	shell: '/usr/bin/dash',
	checkout: { commit: 'abc1234', changed: 1 },
};

const bad = (checks: readonly Check[]) =>
	checks
		.filter(({ state }) => state === 'warning' || state === 'problem')
		.map(({ state, message }) => `${state} ${message}`);

test('where all is well no point is bad, and the end names the next command', (t) => {
	const checks = checksOf(findings, invocation);
	t.deepEqual(bad(checks), []);
	t.is(checksEnd(checks, invocation), 'Nothing is wrong. To see what a build would do: scanmake plan');
	t.true(checks.some(({ message }) => message === 'Commit abc1234, 1 file changed since'));
});

test('what is bad about the machine is said with a remedy', (t) => {
	const { machine: here } = findings;
	const limits = { files: 256, processes: 4096 };
	const checks = checksOf(
		{ ...findings, machine: { ...here, node: '18.1.0', isNewEnough: false, memoryMiB: 512, limits }, shell: undefined },
		invocation,
	);
	t.deepEqual(bad(checks), [
		'problem Node.js 18.1.0 is too old; scanmake needs 20.19 or newer.',
		'warning 2 cores, 512.0 MiB of memory: that is little for worker threads.',
		'problem There is no sh on PATH.',
		'warning Open files: 256, processes: 4,096: that is few.',
	]);
	t.true(checks.every(({ state, remedy }) => state === 'ok' || state === 'note' || remedy !== undefined));
	t.is(checksEnd(checks, invocation), '2 problems, 2 warnings.');
});

test('a disk that is nearly full is worth a warning, a full one and one that cannot be written are problems', (t) => {
	const of = (more: Partial<StoreFound>) => bad(checksOf({ ...findings, store: { ...store, ...more } }, invocation));
	t.deepEqual(of({ space: { freeBytes: 5e8, freeFiles: undefined } }), ['warning 476.8 MiB free on its disk']);
	t.deepEqual(of({ space: { freeBytes: 0, freeFiles: 9 } }), [
		'problem 0 bytes free on its disk',
		'problem Only 9 more files can be made on its disk (inodes).',
	]);
	t.deepEqual(of({ isWritable: false }), ['problem /project/.scanmake cannot be written.']);
	t.regex(of({ files: { renames: true, hasFineTimes: false } })[0] ?? '', /^warning .* whole seconds/);
	t.deepEqual(of({ files: { renames: undefined, hasFineTimes: undefined } }), []);
});

test('who holds the store is said, and is nothing wrong', (t) => {
	const holder = {
		id: 'x',
		pid: 7,
		host: 'ada',
		user: 'me',
		since: 0,
		command: 'scanmake',
		ticks: undefined,
		boot: undefined,
	};
	for (const [isAlive, words] of [
		[true, /^Process 7 of me on ada \(scanmake\) has been writing to it since 1970-01-01 00:00:00 UTC/],
		[false, /was ended while it wrote to it; the next build goes on from there$/],
	] as const) {
		const checks = checksOf({ ...findings, store: { ...store, lock: { ...holder, isAlive } } }, invocation);
		t.deepEqual(bad(checks), []);
		t.true(checks.some(({ message }) => words.test(message)));
	}
});

test('the interpreter of Python functions is shown with what it is and where it comes from; where there is none it is a problem', (t) => {
	const python = {
		rules: ['spikes', 'rates'],
		interpreter: {
			kind: 'found',
			path: '/env/bin/python',
			version: [3, 12, 1],
			implementation: 'cpython',
			from: '.venv',
		},
		numpy: '2.1.0',
	} as const;
	const said = (more: object) =>
		checksOf({ ...findings, python: { ...python, ...more } }, invocation).find(({ check }) => check === 'python');
	t.is(
		said({})?.message,
		'Python 3.12.1 (of spikes, rates) is /env/bin/python, .venv beside the Scanfile, with numpy 2.1.0',
	);
	t.regex(said({ numpy: undefined })?.message ?? '', /, without numpy$/);
	const missing = { kind: 'missing', from: 'PATH', message: 'There is no python3 on PATH.' } as const;
	t.like(said({ interpreter: missing }), { state: 'problem', message: 'spikes, rates: There is no python3 on PATH.' });
	const { scan } = findings;
	const warned = scan.kind === 'loaded' ? { ...scan, warnings: [{ message: missing.message }] } : scan;
	const both = checksOf({ ...findings, scan: warned, python: { ...python, interpreter: missing } }, invocation);
	t.is(bad(both).length, 1, 'it is said once');
	t.false(checksOf(findings, invocation).some(({ check }) => check === 'python'));
});

test('Node is new enough from 20.19 on', (t) => {
	for (const [version, isNewEnough] of [
		['18.20.1', false],
		['20.18.9', false],
		['20.19.0', true],
		['22.1.0', true],
	] as const)
		t.is(machine(version).isNewEnough, isNewEnough, version);
});

test('a project gets a name that npm takes, and never that of a package it needs', (t) => {
	t.is(projectName('my-scan'), 'my-scan');
	t.is(projectName('Épargne 2 (new)'), 'e-pargne-2-new');
	t.is(projectName('scanmake'), 'scanmake-project');
	t.is(projectName('日本'), 'my-scan');
	t.is(projectName('.hidden'), 'hidden');
});
