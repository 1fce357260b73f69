// What runs side by side: cores and memory that tasks ask for, given and given back.
import test from 'ava';
import { demandOf, room } from '../../../engine/executors/room.ts';

const none = () => {};

test('tasks run side by side while cores and memory are there for all of them', (t) => {
	const all = room({ cores: 4, memoryMiB: 1000 }, none);
	t.true(all.take({ cores: 2, memoryMiB: 400 }));
	t.true(all.take({ cores: 1, memoryMiB: 400 }));
	t.false(all.take({ cores: 1, memoryMiB: 400 }), 'too much memory');
	t.false(all.take({ cores: 2, memoryMiB: 0 }), 'too many cores');
	t.true(all.take({ cores: 1, memoryMiB: 200 }));
});

test('a task that asks for more than there is has everything, alone', (t) => {
	const all = room({ cores: 2, memoryMiB: 1000 }, none);
	const large = { cores: 64, memoryMiB: 100_000 };
	t.true(all.take(large));
	t.false(all.take({ cores: 1, memoryMiB: 0 }));
	all.free(large);
	t.true(all.take({ cores: 1, memoryMiB: 0 }));
	t.false(all.take(large), 'not beside another');
});

test('who waits is told soon, and once, that room was given back', async (t) => {
	let told = 0;
	const all = room({ cores: 2, memoryMiB: 0 }, () => told++);
	const one = demandOf({});
	t.true(all.take(one) && all.take(one));
	all.free(one);
	all.free(one);
	t.is(told, 0);
	await new Promise(setImmediate);
	t.is(told, 1);
});

test('a rule that says nothing asks for one core and no memory of its own', (t) => {
	t.deepEqual(demandOf({}), { cores: 1, memoryMiB: 0 });
	t.deepEqual(demandOf({ cores: 3, memoryMiB: 512 }), { cores: 3, memoryMiB: 512 });
});
