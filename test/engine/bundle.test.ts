import test from 'ava';
import fc from 'fast-check';
import { bundleSize, firstPace, type Pace, updatePace } from '../../engine/bundle.ts';
import { seeded } from '../seeded.ts';

const pace = (meanSeconds: number, largest = 4096): Pace => ({ meanSeconds, largest });

test('before the first answer one task goes out at a time: nobody knows how long it takes', (t) => {
	t.is(bundleSize(firstPace, 1_000_000, 2), 1);
});

test('a bundle takes about 0.2 seconds, so that a worker answers several times a second', (t) => {
	t.is(bundleSize(pace(0.01), 1_000_000, 2), 20);
	t.is(bundleSize(pace(0.001), 1_000_000, 2), 200);
	t.is(bundleSize(pace(3), 1_000_000, 2), 1);
});

test('a bundle grows at most eightfold at a time, since the first tasks may be the quick ones', (t) => {
	t.is(bundleSize(pace(0.000_001, 1), 1_000_000, 2), 8);
	t.is(bundleSize(pace(0.000_001, 8), 1_000_000, 2), 64);
});

test('a bundle is never larger than 4096 tasks', (t) => {
	t.is(bundleSize(pace(0), 1_000_000, 2), 4096);
});

test('the last tasks are shared out, so that workers end together', (t) => {
	t.is(bundleSize(pace(0.01), 40, 2), 10);
	t.is(bundleSize(pace(0.01), 8, 2), 2);
	t.is(bundleSize(pace(0.000_1), 100, 2), 50, 'but not below what is worth a message');
});

test('every bundle has at least one task and no more than are ready', (t) => {
	fc.assert(
		fc.property(
			fc.double({ min: 0, max: 100, noNaN: true }),
			fc.nat(5000),
			fc.integer({ min: 1, max: 100_000 }),
			fc.integer({ min: 1, max: 64 }),
			(mean, largest, ready, slots) => {
				const size = bundleSize(pace(mean, largest), ready, slots);
				return Number.isInteger(size) && size >= 1 && size <= ready;
			},
		),
		seeded(100),
	);
	t.pass();
});

test('the pace follows a scan whose tasks get slower', (t) => {
	let now = updatePace(firstPace, 10, 0.1);
	t.is(now.meanSeconds, 0.01);
	now = updatePace(now, 1, 1);
	t.true((now.meanSeconds ?? 0) > 0.5);
	t.is(updatePace(now, 0, 0), now);
});
