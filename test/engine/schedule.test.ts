import test from 'ava';
import fc from 'fast-check';
import { invert, type Link } from '../../engine/links.ts';
import { isFinished, type Lane, type LaneSpec, type Schedule, schedule } from '../../engine/schedule.ts';
import { State, stateOf, tallyOf } from '../../engine/tasks.ts';
import { seeded } from '../seeded.ts';
import { laneSpec, oneLink } from './fakes.ts';

const groupsLink = (upstream: number, groups: readonly number[]): Link => ({
	kind: 'groups',
	name: 'from',
	upstream,
	groups: Uint32Array.from(groups),
	...invert(groups, Math.max(-1, ...groups) + 1),
});
const allLink = (upstream: number): Link => ({ kind: 'all', name: 'rows', upstream });

function lanesOf<const N extends readonly LaneSpec[]>(...specs: N): [Schedule, ...{ [K in keyof N]: Lane }] {
	const made = schedule(specs);
	return [made, ...(made.lanes as unknown as { [K in keyof N]: Lane })];
}

/** Keys all that can be keyed, finds none of it in the store, and starts it; returns the tasks. */
function start(made: Schedule, lane: Lane): number[] {
	for (const task of made.takeKeyable(lane, 100)) made.ready(lane, task);
	return [...made.takeReady(lane, 100)];
}

const states = (lane: Lane) => [...lane.table.states];

test('a task can be keyed as soon as its own inputs are there, whatever others of the rule still wait for', (t) => {
	const [made, input, spikes] = lanesOf(laneSpec(0, 3), laneSpec(1, 3, [oneLink(0, [2, 1, 1])]));
	t.false(made.hasKeyable(spikes));
	t.deepEqual(start(made, input), [0, 1, 2]);
	made.done(input, 1, State.ran);
	t.deepEqual(start(made, spikes), [1, 2]);
	t.is(stateOf(spikes.table, 0), State.waiting);
	made.done(input, 2, State.reused);
	t.deepEqual(start(made, spikes), [0]);
});

test('a task with several inputs waits for the last of them', (t) => {
	const [made, left, right, both] = lanesOf(
		laneSpec(0, 1),
		laneSpec(1, 1),
		laneSpec(2, 1, [oneLink(0, [0], 'left'), oneLink(1, [0], 'right')]),
	);
	made.done(left, 0, State.ran);
	t.false(made.hasKeyable(both));
	made.done(right, 0, State.ran);
	t.true(made.hasKeyable(both));
});

test('an aggregate waits for its own members alone, an analysis for all', (t) => {
	const [made, spikes, rates, figure] = lanesOf(
		laneSpec(0, 4),
		laneSpec(1, 2, [groupsLink(0, [0, 1, 0, 1])]),
		laneSpec(2, 1, [allLink(1)]),
	);
	start(made, spikes);
	made.done(spikes, 1, State.ran);
	made.done(spikes, 3, State.ran);
	t.deepEqual(start(made, rates), [1]);
	made.done(rates, 1, State.ran);
	t.false(made.hasKeyable(figure));
	for (const task of [0, 2]) made.done(spikes, task, State.ran);
	t.deepEqual(start(made, rates), [0]);
	made.done(rates, 0, State.ran);
	t.deepEqual(start(made, figure), [0]);
});

test('an analysis of no rows can start at once', (t) => {
	const [made, , figure] = lanesOf(laneSpec(0, 0), laneSpec(1, 1, [allLink(0)]));
	t.deepEqual(start(made, figure), [0]);
});

test('what depends on a failed task is blocked, all the way; the others are not', (t) => {
	const [made, input, spikes, figure] = lanesOf(
		laneSpec(0, 2),
		laneSpec(1, 3, [oneLink(0, [0, 1, 0])]),
		laneSpec(2, 1, [allLink(1)]),
	);
	start(made, input);
	made.lost(input, 0, State.failed);
	t.deepEqual(states(spikes), [State.blocked, State.waiting, State.blocked]);
	t.deepEqual(states(figure), [State.blocked]);
	made.done(input, 1, State.ran);
	t.deepEqual(start(made, spikes), [1]);
	made.done(spikes, 1, State.ran);
	t.deepEqual(states(figure), [State.blocked]);
});

test('what depends on a task that is left is left, all the way, and not blocked', (t) => {
	const [made, input, spikes, figure] = lanesOf(laneSpec(0, 2), laneSpec(1, 2, [oneLink(0, [0, 1])]), {
		...laneSpec(2, 1, [allLink(1)]),
		skipsMissing: true,
	});
	made.takeKeyable(input, 2);
	made.lost(input, 0, State.left);
	t.deepEqual(states(spikes), [State.left, State.waiting]);
	t.deepEqual(states(figure), [State.left]);
});

test('an aggregate that skips what is missing goes on with the members that succeeded, once none is open', (t) => {
	const [made, spikes, rates] = lanesOf(laneSpec(0, 4), {
		...laneSpec(1, 2, [groupsLink(0, [0, 0, 1, 1])]),
		skipsMissing: true,
	});
	start(made, spikes);
	made.lost(spikes, 0, State.failed);
	t.false(made.hasKeyable(rates));
	made.done(spikes, 1, State.ran);
	t.deepEqual(start(made, rates), [0]);
	made.lost(spikes, 2, State.failed);
	made.lost(spikes, 3, State.failed);
	t.is(stateOf(rates.table, 1), State.blocked, 'no member succeeded');
});

test('a blocked member is missing as a failed one is', (t) => {
	const [made, input, spikes, rates] = lanesOf(laneSpec(0, 2), laneSpec(1, 2, [oneLink(0, [0, 1])]), {
		...laneSpec(2, 1, [groupsLink(1, [0, 0])]),
		skipsMissing: true,
	});
	made.lost(input, 0, State.failed);
	made.done(input, 1, State.ran);
	made.done(spikes, 1, State.ran);
	t.is(stateOf(spikes.table, 0), State.blocked);
	t.deepEqual(start(made, rates), [0]);
});

test('a task that runs again goes before those that did not run yet, and is lost for none', (t) => {
	const [made, lane] = lanesOf(laneSpec(0, 4));
	for (const task of made.takeKeyable(lane, 4)) made.ready(lane, task);
	t.deepEqual([...made.takeReady(lane, 2)], [0, 1]);
	made.retry(lane, 1);
	t.is(made.readyCount(lane), 3);
	t.is(stateOf(lane.table, 1), State.ready);
	t.deepEqual([...made.takeReady(lane, 2)], [1, 2]);
	t.deepEqual([...made.takeReady(lane, 2)], [3]);
	t.is(made.readyCount(lane), 0);
});

test('no more tasks are taken than were asked for', (t) => {
	const [made, lane] = lanesOf(laneSpec(0, 5));
	t.deepEqual([...made.takeKeyable(lane, 2)], [0, 1]);
	t.deepEqual([...made.takeKeyable(lane, 2)], [2, 3]);
	for (const task of [0, 1, 2, 3]) made.ready(lane, task);
	t.deepEqual([...made.takeReady(lane, 3)], [0, 1, 2]);
	t.deepEqual([...made.takeKeyable(lane, 2)], [4]);
	t.false(made.hasKeyable(lane));
});

test('of a large rule every task is met once, and some from all over it early', (t) => {
	for (const size of [1, 4096, 4097, 9000, 100_000]) {
		const [made, lane] = lanesOf(laneSpec(0, size));
		const met = made.takeKeyable(lane, size + 1);
		t.deepEqual(
			met.toSorted(),
			Int32Array.from({ length: size }, (_, task) => task),
		);
	}
	const [made, lane] = lanesOf(laneSpec(0, 1_000_000));
	const early = made.takeKeyable(lane, 32_768);
	for (let tenth = 0; tenth < 1; tenth += 0.2)
		t.true(early.some((task) => task >= tenth * 1e6 && task < (tenth + 0.2) * 1e6));
});

test('a finished rule is waited for by nobody', (t) => {
	const [made, , spikes] = lanesOf({ ...laneSpec(0, 2), isSettled: true }, laneSpec(1, 2, [oneLink(0, [0, 1])]));
	t.deepEqual(start(made, spikes), [0, 1]);
});

test('a rule is finished when none of its tasks waits, can be keyed, is ready or runs', (t) => {
	const [made, lane] = lanesOf(laneSpec(0, 1));
	t.false(isFinished(lane));
	start(made, lane);
	t.false(isFinished(lane));
	made.retry(lane, 0);
	t.false(isFinished(lane));
	made.lost(lane, 0, State.failed);
	t.true(isFinished(lane));
});

test('whatever ends how, in whatever order, every task comes to an end and each is counted once', (t) => {
	const shape = fc.record({
		size: fc.integer({ min: 1, max: 6 }),
		rows: fc.array(fc.nat(5), { minLength: 6, maxLength: 6 }),
		groups: fc.array(fc.nat(2), { minLength: 6, maxLength: 6 }),
		skips: fc.boolean(),
		ends: fc.array(fc.constantFrom('ran', 'reused', 'failed', 'left', 'retry'), { minLength: 40, maxLength: 40 }),
	});
	fc.assert(
		fc.property(shape, ({ size, rows, groups, skips, ends }) => {
			const ranks = [...new Set(groups)];
			const [made] = lanesOf(
				laneSpec(0, size),
				laneSpec(1, 6, [
					oneLink(
						0,
						rows.map((row) => row % size),
					),
				]),
				{
					...laneSpec(2, ranks.length, [
						groupsLink(
							1,
							groups.map((group) => ranks.indexOf(group)),
						),
					]),
					skipsMissing: skips,
				},
				laneSpec(3, 1, [allLink(2), allLink(0)]),
			);
			const left = [...ends];
			for (let moved = true; moved; ) {
				moved = false;
				for (const lane of made.lanes) {
					for (const task of start(made, lane)) {
						moved = true;
						const end = left.pop() ?? 'ran';
						if (end === 'retry') made.retry(lane, task);
						else if (end === 'failed' || end === 'left') made.lost(lane, task, State[end]);
						else made.done(lane, task, end === 'ran' ? State.ran : State.reused);
					}
				}
			}
			return made.lanes.every((lane) => {
				const { tasks, reused, ran, failed, blocked, left: never } = tallyOf(lane.table);
				return isFinished(lane) && tasks === reused + ran + failed + blocked + never;
			});
		}),
		seeded(200),
	);
	t.pass();
});
