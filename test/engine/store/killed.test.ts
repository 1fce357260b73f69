// Writers that are killed with SIGKILL at moments that no two runs share: what they said was committed is there.
// Knows only what `openStore` gives.
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { openStore } from '../../../engine/store/records.ts';
import { lastNumber, startChild } from './children.ts';
import { batchOf, columnOf, digestOf, ownFolder, rowsOf } from './samples.ts';

test('a process killed at any moment loses nothing that was committed', async (t) => {
	const folder = ownFolder(t);
	let known = 0;
	for (let round = 0; round < 10; round++) {
		const child = startChild('committer', [folder, String(known), '700']);
		t.teardown(() => child.process.kill('SIGKILL'));
		await child.line('committed');
		// moments that no two rounds share, from right after the first commit to some dozens later
		await wait(7 * round + Math.random() * 20);
		child.process.kill('SIGKILL');
		await child.ended;
		known = Math.max(known, lastNumber(child.lines(), 'committed'));

		const mode = round % 2 === 0 ? 'write' : 'read';
		const store = await openStore({ folder, mode });
		const tasks = batchOf('task', known);
		const digests = new Uint8Array(32 * known);
		t.is(store.lookUp(columnOf(tasks), rowsOf(known), digests, new Uint8Array(known)), known, `round ${round}`);
		for (const { key, record } of tasks.filter((_, i) => i % 50 === round)) t.deepEqual(store.read(key), record);
		for (const line of child.lines().filter((printed) => printed.startsWith('swept'))) {
			const size = Number(line.slice('swept '.length));
			const sweep = store.sweep(digestOf(`sweep ${size}`));
			t.deepEqual(sweep?.digest, digestOf(`${size}`), line);
			t.is(
				Buffer.compare(store.sweepKeys(digestOf(`sweep ${size}`)) ?? Buffer.alloc(0), columnOf(tasks.slice(0, size))),
				0,
			);
		}
		await store.close();
	}
	t.true(known > 10 * 700, 'every round committed something');
});

test('a gc that is killed at any moment loses nothing that it keeps, and can be run again', async (t) => {
	const folder = ownFolder(t);
	const all = batchOf('task', 8000);
	const kept = all.filter((_, i) => i % 2 === 0);
	for (let round = 0; round < 5; round++) {
		const child = startChild('teller', [folder]);
		t.teardown(() => child.process.kill('SIGKILL'));
		await child.line('opened');
		child.process.stdin?.write('commit 8000\nhalve 8000\n');
		await child.line('done commit');
		await wait(15 * round + Math.random() * 30);
		child.process.kill('SIGKILL');
		await child.ended;
		const store = await openStore({ folder, mode: 'write' });
		for (const { key, record } of kept) t.deepEqual(store.readValue(key), record.value);
		if (round % 2 === 1) {
			const report = await store.collect({ reachable: [columnOf(kept)], now: 1_900_000_000_000, keepDays: 30 });
			t.is(report.kept, kept.length);
			t.true(all.every(({ key }, i) => store.has(key) === (i % 2 === 0)));
		}
		await store.close();
	}
});
