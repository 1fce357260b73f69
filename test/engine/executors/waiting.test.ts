// Bundles wait in order, and each is over once, whatever becomes of its tasks.
import test from 'ava';
import type { Bundle, RuleSetup } from '../../../engine/executors/executor.ts';
import { aheadOf, mostTasksAhead, notePace, type TaskPace } from '../../../engine/executors/pace.ts';
import { type OpenBundle, takeTask, untakenCount, waitingBundles } from '../../../engine/executors/waiting.ts';
import type { ProgramRunner } from '../../../engine/workers/program.ts';

function bundles(...sizes: readonly number[]) {
	const told: string[] = [];
	const waiting = waitingBundles({
		answered: ({ bundle, worker, tasks }) => told.push(`${bundle} by ${worker}: ${[...tasks]}`),
		finished: (bundle) => told.push(`${bundle} over`),
	});
	for (const [id, size] of sizes.entries()) {
		const tasks = { rule: 0, codes: new Uint32Array(0), seeds: new Uint32Array(0), size };
		const bundle: Bundle = { id, rule: 0, tasks, inputs: [], workFolder: '/nowhere', keepsFolders: false };
		waiting.add(bundle, {} as RuleSetup, {} as ProgramRunner);
	}
	const answer = (open: OpenBundle, worker: number, task: number) =>
		waiting.answer(open, worker, { task, seconds: 0, tagged: undefined, digest: undefined, extra: undefined });
	return { waiting, told, answer };
}

const front = ({ waiting }: ReturnType<typeof bundles>) => waiting.front() as OpenBundle;

test('bundles are taken in the order in which they came, and what was given back comes first', (t) => {
	const all = bundles(2, 2);
	const first = front(all);
	t.deepEqual([takeTask(first), takeTask(first), takeTask(first)], [0, 1, undefined]);
	const second = front(all);
	t.is(second.bundle.id, 1);
	t.is(takeTask(second), 0);
	all.waiting.giveBack(first, 1);
	all.waiting.giveBack(first, 0);
	t.is(front(all), first);
	t.is(untakenCount(first), 2);
	t.deepEqual([takeTask(first), takeTask(first)], [0, 1]);
	t.is(front(all), second);
	t.is(takeTask(second), 1);
	t.is(all.waiting.front(), undefined);
});

test('answers are handed over by worker, and a bundle is over with its last', (t) => {
	const all = bundles(4);
	const open = front(all);
	for (let task = 0; task < 4; task++) takeTask(open);
	all.answer(open, 0, 0);
	all.answer(open, 1, 1);
	all.answer(open, 0, 2);
	t.deepEqual(all.told, []);
	all.waiting.handOver();
	t.deepEqual(all.told, ['0 by 0: 0,2', '0 by 1: 1']);
	all.answer(open, 1, 3);
	t.deepEqual(all.told.slice(2), ['0 by 1: 3', '0 over']);
	t.is(all.waiting.count(), 0);
	all.answer(open, 1, 3);
	all.waiting.finishAll();
	t.is(all.told.length, 4);
});

test('given up, a bundle is over once what was taken has ended or is given back', (t) => {
	const all = bundles(3, 2);
	const open = front(all);
	takeTask(open);
	takeTask(open);
	all.waiting.giveUp();
	t.deepEqual(all.told, ['1 over']);
	all.answer(open, 0, 0);
	all.waiting.giveBack(open, 1);
	t.deepEqual(all.told, ['1 over', '0 by 0: 0', '0 over']);
	t.is(all.waiting.front(), undefined);
});

test('a worker gets ahead what takes some 20 ms, one task where one takes longer', (t) => {
	const pace: TaskPace = { meanSeconds: undefined };
	t.is(aheadOf(pace), 1);
	notePace(pace, 0.001);
	t.is(aheadOf(pace), 20);
	for (let i = 0; i < 50; i++) notePace(pace, 0.0001);
	t.is(aheadOf(pace), mostTasksAhead);
	notePace(pace, 10);
	t.is(aheadOf(pace), 1);
});
