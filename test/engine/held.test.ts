import test from 'ava';
import { held } from '../../engine/held.ts';

test('when 256 MiB of values wait to be recorded no more is read, until half of it is recorded', (t) => {
	const turns: boolean[] = [];
	const note = held((isHeld) => turns.push(isHeld));
	const mib = 1024 * 1024;
	note(256 * mib);
	t.deepEqual(turns, []);
	note(1);
	note(100 * mib);
	t.deepEqual(turns, [true]);
	note(-200 * mib);
	t.deepEqual(turns, [true]);
	note(-100 * mib);
	t.deepEqual(turns, [true, false]);
	note(-56 * mib - 1);
	note(300 * mib);
	t.deepEqual(turns, [true, false, true]);
});
