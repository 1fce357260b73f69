// One writer: who is refused, whose lock is taken over, and what happens when several try at once.
// Knows nothing of records.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { UserError } from '../../../engine/errors.ts';
import { takeLock } from '../../../engine/store/lock.ts';
import { openStore } from '../../../engine/store/records.ts';
import { startChild } from './children.ts';
import { ownFolder } from './samples.ts';

const refusal = (pid: number) => ({
	instanceOf: UserError,
	message: new RegExp(`is in use: process ${pid} of \\S+ on .*since \\d{4}-`),
});

test('a second writer is told who holds the store, since when and what to do', async (t) => {
	const folder = ownFolder(t);
	const child = startChild('committer', [folder]);
	t.teardown(() => child.process.kill('SIGKILL'));
	await child.line('committed');
	const error = await t.throwsAsync(openStore({ folder, mode: 'write' }), refusal(child.process.pid!));
	t.is((error as UserError).kind, 'store');
	t.regex(error?.message ?? '', /commit for ever/);
	t.regex(error?.message ?? '', /Wait until it has ended/);
	const reader = await openStore({ folder, mode: 'read' });
	t.true(reader.generation() >= 0, 'a reader works beside it');
	await reader.close();
});

test('two stores in one process exclude each other, too', async (t) => {
	const folder = ownFolder(t);
	const store = await openStore({ folder, mode: 'write' });
	await t.throwsAsync(openStore({ folder, mode: 'write' }), refusal(process.pid));
	await store.close();
	await (await openStore({ folder, mode: 'write' })).close();
	t.false(existsSync(join(folder, 'lock')));
});

test('the lock of a killed process is taken over', async (t) => {
	const folder = ownFolder(t);
	const child = startChild('committer', [folder]);
	await child.line('committed');
	child.process.kill('SIGKILL');
	await child.ended;
	t.true(existsSync(join(folder, 'lock')));
	const store = await openStore({ folder, mode: 'write' });
	t.is(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8')).pid, process.pid);
	await store.close();
	t.deepEqual(
		readdirSync(folder).filter((name) => name.startsWith('lock')),
		[],
	);
});

test('of two processes that race for the lock of a dead one exactly one gets it', async (t) => {
	const folder = ownFolder(t);
	const racers = [startChild('racer', [folder]), startChild('racer', [folder])];
	for (const { process } of racers) t.teardown(() => process.kill('SIGKILL'));
	await Promise.all(racers.map((racer) => racer.line('ready')));
	for (let round = 0; round < 20; round++) {
		const stale = { id: `stale-${round}`, pid: 2 ** 22 + 1, host: hostname(), user: 'u', since: 0, command: 'c' };
		writeFileSync(join(folder, 'lock'), JSON.stringify(stale));
		// one in four begins with a taker that died between winning the right to replace and replacing
		const dead = { ...stale, id: `dead-${round}` };
		if (round % 4 === 3) writeFileSync(join(folder, `lock.stale-${round}`), JSON.stringify(dead));
		const start = Date.now() + 20;
		for (const { process } of racers) process.stdin?.write(`${round} ${start}\n`);
		const answers = await Promise.all(racers.map((racer) => racer.line(`${round} `)));
		t.deepEqual(answers.map((answer) => answer.split(' ')[1]).sort(), ['got', 'refused'], `round ${round}`);
		for (const { process } of racers) process.stdin?.write('release\n');
		await Promise.all(racers.map((racer) => racer.line(`released ${round}`)));
		t.deepEqual(readdirSync(folder), [], 'nothing is left');
	}
});

test('a lock whose process number belongs to a later process is stale', (t) => {
	if (!existsSync('/proc/self/stat')) {
		t.log('not shown: this system has no /proc');
		t.pass();
		return;
	}
	const folder = ownFolder(t);
	const first = takeLock(folder, { command: 'a' });
	const holder = JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'));
	first.release();
	writeFileSync(join(folder, 'lock'), JSON.stringify({ ...holder, id: 'b', ticks: '1' }));
	takeLock(folder, { command: 'b' }).release();
	writeFileSync(join(folder, 'lock'), JSON.stringify({ ...holder, id: 'c', boot: 'another' }));
	takeLock(folder, { command: 'c' }).release();
	writeFileSync(join(folder, 'lock'), JSON.stringify({ ...holder, id: 'd' }));
	t.throws(() => takeLock(folder, { command: 'd' }), refusal(process.pid));
});

test('the lock of a process on another machine stays, and the error names the file to delete', (t) => {
	const folder = ownFolder(t);
	const elsewhere = { id: 'x', pid: 1, host: 'elsewhere', user: 'u', since: 0, command: 'c' };
	writeFileSync(join(folder, 'lock'), JSON.stringify(elsewhere));
	t.throws(() => takeLock(folder, { command: 'd' }), {
		message: /no such process on elsewhere any more, delete .*lock\.$/,
	});
});

test('releasing a lock that another process has taken over since leaves it alone', (t) => {
	const folder = ownFolder(t);
	const lock = takeLock(folder, { command: 'a' });
	const other = { id: 'x', pid: 1, host: 'elsewhere', user: 'u', since: 0, command: 'c' };
	writeFileSync(join(folder, 'lock'), JSON.stringify(other));
	lock.release();
	t.is(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8')).id, 'x');
});
