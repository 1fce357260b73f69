import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { UserError } from '../../engine/errors.ts';
import type { RunEnd } from '../../engine/run.ts';
import type { Lane } from '../../engine/schedule.ts';
import { memoryStore } from '../../engine/store/memory.ts';
import type { Store } from '../../engine/store/store.ts';
import { keyOf, type State, stateOf } from '../../engine/tasks.ts';
import { answersTo, oneLink, storedFile, thrown } from './fakes.ts';
import { answering, ran, tasksOf } from './hand.ts';

const done: RunEnd = { kind: 'done' };
const only = (lanes: readonly Lane[]): Lane => lanes[0] as Lane;

test('all that is missing runs, and each result is recorded under its key with what is known of it', async (t) => {
	const { end, tallies, store, lanes, told } = await ran({ sizes: [5], act: answering() });
	t.deepEqual(end, done);
	t.deepEqual(tallies[0], { tasks: 5, reused: 0, ran: 5, failed: 0, blocked: 0, left: 0 });
	const record = store.read(keyOf(only(lanes).table, 3));
	t.is(record?.build, 4);
	t.is(record?.attempt, 1);
	t.deepEqual(told, ['0 finished']);
});

test('what was recorded before is reused: nothing is sent', async (t) => {
	const { store } = await ran({ sizes: [3], act: answering() });
	const { tallies, executor } = await ran({ sizes: [3], store, act: answering() });
	t.is(executor.sent.length, 0);
	t.is(tallies[0]?.reused, 3);
});

test('a bundle answers as it goes: what waits for an answered task starts while the bundle runs', async (t) => {
	let first: (() => void) | undefined;
	const ran_: number[] = [];
	const { end } = await ran({
		sizes: [2, 2],
		slots: 2,
		links: { 1: [oneLink(0, [0, 1])] },
		act(bundle, events) {
			if (bundle.rule === 1) {
				ran_.push(...tasksOf(bundle));
				answering()(bundle, events);
				first?.();
				return;
			}
			const [task] = tasksOf(bundle);
			if (task === 1) answering()(bundle, events);
			else {
				// task 0 ends when the task behind task 1 has ended
				first = () => {
					first = undefined;
					answering()(bundle, events);
				};
			}
		},
	});
	t.deepEqual(end, done);
	t.deepEqual(ran_, [1, 0]);
});

test('a failed task is a value: it is recorded as a failure, never as a result, and the others go on', async (t) => {
	const { end, tallies, told, store, lanes } = await ran({
		sizes: [3],
		act: answering((task) => (task === 1 ? { failure: thrown } : { value: task })),
	});
	t.deepEqual(end, done);
	t.deepEqual(tallies[0], { tasks: 3, reused: 0, ran: 2, failed: 1, blocked: 0, left: 0 });
	t.deepEqual(told, ['0:1 failed', '0 finished']);
	const key = keyOf(only(lanes).table, 1);
	t.false(store.has(key));
	t.deepEqual(store.readFailure(key)?.failure, thrown);
});

test('a task that failed and then succeeded is a success: recorded, counted and not told of at the end', async (t) => {
	const tried = new Map<number, number>();
	const act = answering((task) => {
		tried.set(task, (tried.get(task) ?? 0) + 1);
		return task === 1 && (tried.get(1) ?? 0) < 3 ? { failure: thrown } : { value: task };
	});
	const { tallies, told, store, lanes } = await ran({ sizes: [3], retries: 2, act });
	t.deepEqual(tallies[0], { tasks: 3, reused: 0, ran: 3, failed: 0, blocked: 0, left: 0 });
	t.deepEqual(told, ['0:1 failed, again', '0:1 failed, again', '0 finished']);
	t.is(store.read(keyOf(only(lanes).table, 1))?.attempt, 3);
	const again = await ran({ sizes: [3], store, act });
	t.is(again.tallies[0]?.reused, 3);
});

test('retries end: a task that goes on failing has failed after one attempt more than its retries', async (t) => {
	const { tallies, told, store, lanes } = await ran({
		sizes: [1],
		retries: 2,
		act: answering(() => ({ failure: thrown })),
	});
	t.is(tallies[0]?.failed, 1);
	t.deepEqual(told, ['0:0 failed, again', '0:0 failed, again', '0:0 failed', '0 finished']);
	t.is(store.readFailure(keyOf(only(lanes).table, 0))?.attempt, 3);
});

test('fail-fast: after the first failure nothing more is sent, what runs may end, and what never started is left', async (t) => {
	const { end, tallies, executor, told } = await ran({
		sizes: [50],
		stop: { failFast: true },
		act: answering((task) => (task === 1 ? { failure: thrown } : { value: task })),
	});
	t.deepEqual(end, { kind: 'failed-fast' });
	t.true(executor.isClosed());
	t.is(tallies[0]?.failed, 1);
	t.is(tallies[0]?.tasks, 50);
	const { ran: count = 0, left = 0 } = tallies[0] ?? {};
	t.is(count, executor.sent.reduce((sum, bundle) => sum + bundle.tasks.size, 0) - 1);
	t.is(count + 1 + left, 50);
	t.true(left > 0);
	t.deepEqual(told, ['0:1 failed', 'fail-fast']);
});

test('without fail-fast a failure stops nothing', async (t) => {
	const { end, tallies } = await ran({
		sizes: [50],
		act: answering((task) => (task === 1 ? { failure: thrown } : { value: task })),
	});
	t.deepEqual(end, done);
	t.is(tallies[0]?.ran, 49);
});

test('a failure that shall be tried again is no reason for fail-fast', async (t) => {
	let tried = 0;
	const { end } = await ran({
		sizes: [1],
		retries: 1,
		stop: { failFast: true },
		act: answering(() => (tried++ === 0 ? { failure: thrown } : { value: 1 })),
	});
	t.deepEqual(end, done);
});

test('an interrupt ends the executor and keeps what was answered; the next run does the rest alone', async (t) => {
	const interrupt = new AbortController();
	const { end, tallies, executor, store, told } = await ran({
		sizes: [20],
		stop: { signal: interrupt.signal },
		act(bundle, events) {
			answering()(bundle, events);
			if (tasksOf(bundle).includes(5)) interrupt.abort();
		},
	});
	t.deepEqual(end, { kind: 'interrupted' });
	t.true(executor.isClosed());
	t.deepEqual(told, ['interrupt']);
	const before = tallies[0]?.ran ?? 0;
	t.true(before >= 6 && before < 20);
	t.is((tallies[0]?.left ?? 0) + before, 20);
	const rest = await ran({ sizes: [20], store, act: answering() });
	t.deepEqual([rest.tallies[0]?.reused, rest.tallies[0]?.ran], [before, 20 - before]);
});

test('an interrupt that came before the start starts nothing', async (t) => {
	const { end, executor } = await ran({ sizes: [3], stop: { signal: AbortSignal.abort() }, act: answering() });
	t.deepEqual(end, { kind: 'interrupted' });
	t.is(executor.sent.length, 0);
});

test('tasks of a lost worker that were not answered run again, and cost no retry', async (t) => {
	let lost = 0;
	const { end, tallies, told } = await ran({
		sizes: [40],
		act(bundle, events) {
			if (bundle.tasks.size > 2 && lost++ === 0) {
				events.answered(answersTo(bundle.id, new Map([[1, { value: 'x' }]])));
				events.finished(bundle.id);
			} else answering()(bundle, events);
		},
	});
	t.is(lost > 0, true);
	t.deepEqual(end, done);
	t.is(tallies[0]?.ran, 40);
	t.deepEqual(told, ['0 finished']);
});

test('what an executor that cannot go on says ends the run with it', async (t) => {
	const { end, executor, tallies } = await ran({
		sizes: [3],
		act: (_bundle, events) => events.broken('no threads'),
	});
	t.deepEqual(end, { kind: 'broken', error: 'executor', message: 'no threads' });
	t.true(executor.isClosed());
	t.is(tallies[0]?.left, 3);
});

test('what the store complains about ends the run with its message, and the executor is closed', async (t) => {
	const store: Store = {
		...memoryStore(),
		commit() {
			throw new UserError('disk', 'The disk is full.');
		},
	};
	const { end, executor } = await ran({ sizes: [3], store, act: answering() });
	t.deepEqual(end, { kind: 'broken', error: 'disk', message: 'The disk is full.' });
	t.true(executor.isClosed());
});

test('a damaged input ends the run, so that it is planned again', async (t) => {
	const inner = memoryStore();
	let isDamaged = true;
	const store: Store = {
		...inner,
		readResult(key) {
			if (!isDamaged) return inner.readResult(key);
			isDamaged = false;
			inner.forget([key]);
			return undefined;
		},
	};
	const said = { sizes: [1, 1], links: { 1: [oneLink(0, [0])] }, store, act: answering() };
	const first = await ran(said);
	t.deepEqual(first.end, { kind: 'damage', place: 0, rows: [0] });
	const second = await ran(said);
	t.deepEqual(second.end, done);
	t.deepEqual(
		second.tallies.map((tally) => tally.ran),
		[1, 1],
	);
});

test('what is furthest downstream goes first, so that results are used while more are made', async (t) => {
	const order: number[] = [];
	await ran({
		sizes: [12, 12],
		links: {
			1: [
				oneLink(
					0,
					Array.from({ length: 12 }, (_, i) => i),
				),
			],
		},
		act(bundle, events) {
			order.push(bundle.rule);
			answering()(bundle, events);
		},
	});
	t.true(order.indexOf(1) < order.lastIndexOf(0));
});

test('when the run is over no task is ready or runs, unless it was stopped', async (t) => {
	const { lanes } = await ran({ sizes: [7, 7], links: { 1: [oneLink(0, [0, 0, 1, 2, 3, 4, 5])] }, act: answering() });
	const states = new Set<State>(
		lanes.flatMap((lane) => Array.from({ length: 7 }, (_, task) => stateOf(lane.table, task))),
	);
	t.is(states.size, 1);
});

test('copies of upstream files that no running bundle needs go while the run goes on', async (t) => {
	const workFolder = mkdtempSync(join(tmpdir(), 'scanmake-run-'));
	t.teardown(() => rmSync(workFolder, { recursive: true, force: true }));
	const size = 1000;
	const { end, tallies } = await ran({
		sizes: [size, size],
		links: { 1: [oneLink(0, [...Array(size).keys()])] },
		workFolder,
		act(bundle, events) {
			const tasks = tasksOf(bundle);
			const answers = answersTo(bundle.id, new Map(tasks.map((task, i) => [i, { value: task }])));
			const extras = new Map(tasks.map((task, i) => [i, { files: [storedFile('x.txt', `${task}`)] }]));
			events.answered(bundle.rule === 0 ? { ...answers, extras } : answers);
			events.finished(bundle.id);
		},
	});
	t.deepEqual(end, { kind: 'done' });
	t.is(tallies[1]?.ran, size);
	const left = readdirSync(join(workFolder, 'in')).length;
	t.true(left < 600, `${left} copies`);
});
