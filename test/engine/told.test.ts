// What a build tells of its rules while it works: enough for a line per target that is never behind.
import test from 'ava';
import { aggregate, grid, simulate } from '../../rules/index.ts';
import { bench } from '../harness.ts';

const spikes = simulate({ over: grid({ w: [1, 2] }), run: (p) => p.w });
const rates = aggregate({ from: spikes, by: ['w'], run: (rows) => rows.length });

test('that tasks of a rule run is told before its first answer, and how it stands once all of them are over', async (t) => {
	const { build, events } = bench();
	await build({ targets: { spikes, rates } });
	const told = [0, 1].map((target) =>
		events.flatMap((event) => (event.kind === 'progress' && event.target === target ? [event] : [])),
	);
	for (const one of told) {
		t.true(one.some(({ running, tally }) => running > 0 && tally.ran === 0));
		t.like(one.at(-1), { running: 0, tally: { tasks: 2, ran: 2, left: 0 } });
	}
});

test('a rule that is finished before is told, too', async (t) => {
	const { build, events } = bench();
	await build({ targets: { spikes } });
	events.length = 0;
	await build({ targets: { spikes, rates } });
	const first = events.find((event) => event.kind === 'progress' && event.target === 0);
	t.like(first, { running: 0, tally: { tasks: 2, reused: 2, left: 0 } });
});
