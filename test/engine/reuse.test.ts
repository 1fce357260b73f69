import test from 'ava';
import { keyWriter } from '../../engine/key.ts';
import { type ReuseRule, reuse } from '../../engine/reuse.ts';
import { type Lane, schedule } from '../../engine/schedule.ts';
import { memoryStore } from '../../engine/store/memory.ts';
import { digestOf, keyOf, State, setState, taskTable } from '../../engine/tasks.ts';
import { grid } from '../../rules/index.ts';
import { type AnySpace, layoutOf } from '../../rules/space.ts';
import { laneSpec, recordOf } from './fakes.ts';

interface Said {
	readonly over: AnySpace;
	readonly prefix?: string;
	readonly mayCoincide?: boolean;
	readonly outside?: readonly number[];
}

/** Rules without inputs over these spaces; `known` are the tasks of the first that the store has. */
function ground(said: readonly Said[], known: readonly number[] = []) {
	const store = memoryStore();
	const rules = new Map(
		said.map(({ over, prefix = 'p\n', mayCoincide = false, outside }, place): [number, ReuseRule] => {
			const layout = layoutOf(over);
			const maker = { prefix, layout, seeds: new Uint32Array(layout.size), inputs: [] };
			return [place, { maker, mayCoincide, outside: outside === undefined ? undefined : Uint8Array.from(outside) }];
		}),
	);
	const first = rules.get(0)?.maker;
	if (first !== undefined) {
		const table = taskTable(first.layout.size);
		const write = keyWriter(first, table);
		for (const task of known) {
			write(task);
			store.commit([{ key: keyOf(table, task).slice(), record: recordOf(task) }], []);
		}
	}
	const made = schedule([...rules].map(([place, rule]) => laneSpec(place, rule.maker.layout.size)));
	return { made, lanes: made.lanes as [Lane, Lane], ...reuse(made, rules, store) };
}

const states = (lane: Lane) => [...lane.table.states];
const a = (...values: number[]) => grid({ a: values });

test('a task whose key is in the store is reused with the digest of its result, the others are ready', (t) => {
	const { lanes, made, settle } = ground([{ over: a(1, 2, 3) }], [1]);
	const [lane] = lanes;
	t.is(settle(lane, 100), 3);
	t.deepEqual(states(lane), [State.ready, State.reused, State.ready]);
	t.deepEqual(Buffer.from(digestOf(lane.table, 1)), Buffer.from(recordOf(1).digest));
	t.deepEqual([...made.takeReady(lane, 9)], [0, 2]);
	t.is(settle(lane, 100), 0);
});

test('no more tasks are keyed at once than were asked for', (t) => {
	const { lanes, settle } = ground([{ over: a(1, 2, 3) }]);
	t.is(settle(lanes[0], 2), 2);
	t.deepEqual(states(lanes[0]), [State.ready, State.ready, State.keyable]);
});

test('a task outside `--where` is reused where its result is there and left where it is not', (t) => {
	const { lanes, settle } = ground([{ over: a(1, 2, 3), outside: [1, 1, 0] }], [1]);
	settle(lanes[0], 100);
	t.deepEqual(states(lanes[0]), [State.left, State.reused, State.ready]);
});

test('of tasks with equal keys one runs, and the others have its result as reused', (t) => {
	const twins = { mayCoincide: true };
	const { lanes, made, settle, settleTwins } = ground([
		{ over: a(1, 2), ...twins },
		{ over: a(2, 3), ...twins },
	]);
	const [left, right] = lanes;
	settle(left, 100);
	settle(right, 100);
	t.deepEqual(states(right), [State.keyable, State.ready]);
	made.takeReady(left, 9);
	digestOf(left.table, 1).fill(7);
	made.done(left, 1, State.ran);
	settleTwins(left, 1);
	t.is(states(right)[0], State.reused);
	t.true(digestOf(right.table, 0).every((byte) => byte === 7));
});

test('tasks with equal keys share a failure, also those that are met after it', (t) => {
	const twins = { mayCoincide: true };
	const { lanes, made, settle, settleTwins } = ground([
		{ over: a(1, 2), ...twins },
		{ over: a(2, 1), ...twins },
	]);
	const [left, right] = lanes;
	settle(left, 100);
	settle(right, 1);
	made.takeReady(left, 9);
	for (const task of [0, 1]) {
		made.lost(left, task, State.failed);
		settleTwins(left, task);
	}
	t.deepEqual(states(right), [State.failed, State.keyable]);
	settle(right, 100);
	t.deepEqual(states(right), [State.failed, State.failed]);
});

test('where codes differ, nothing coincides', (t) => {
	const { lanes, settle } = ground([
		{ over: a(1), prefix: 'p\n', mayCoincide: true },
		{ over: a(1), prefix: 'q\n', mayCoincide: true },
	]);
	for (const lane of lanes) settle(lane, 100);
	t.deepEqual([states(lanes[0]), states(lanes[1])], [[State.ready], [State.ready]]);
});

test('a key is made when the inputs are there: an earlier state of the table does not count', (t) => {
	const { lanes, settle } = ground([{ over: a(1) }]);
	t.true(keyOf(lanes[0].table, 0).every((byte) => byte === 0));
	setState(lanes[0].table, 0, State.keyable);
	settle(lanes[0], 1);
	t.false(keyOf(lanes[0].table, 0).every((byte) => byte === 0));
});
