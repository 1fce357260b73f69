// A clock that jumps by an hour, between builds and within one: nothing is reused wrongly or runs in vain, nothing takes
// less than no time, and neither a timeout nor `gc` is taken in.
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { sleepText, words } from '../end-to-end/project.ts';
import { analysisFiles, drawn, type Ground, ground, numbers, undisturbed } from './ground.ts';
import { tasks } from './scan.ts';

const hour = 3_600_000;
const random = numbers(drawn(1).seed);

/** Builds with a clock that is off by `offset` and by `jump` more after some readings; returns what `--json` says. */
async function built(made: Ground, offset: number, jump: number) {
	const readings = 5 + random.below(60);
	const ended = await made.disturbed({ clock: { offset, readings, jump } }).ended;
	const { targets, seconds, ok } = JSON.parse(ended.stdout) as {
		targets: { name: string; tasks: number; reused: number; ran: number; seconds: number }[];
		seconds: number;
		ok: boolean;
	};
	const isShort = [seconds, ...targets.map((target) => target.seconds)].every((each) => each >= 0 && each < 1800);
	return { ok, isShort, ran: targets.filter((target) => target.ran > 0).map((target) => target.name) };
}

test('an hour forth and back, before and within builds: the same results, none of them twice', async (t) => {
	const wanted = await undisturbed(t);
	for (const [offset, jump] of [
		[hour, -2 * hour],
		[-hour, 2 * hour],
	] as const) {
		const made = ground(t);
		const first = await built(made, offset, jump);
		t.deepEqual(first, { ok: true, isShort: true, ran: first.ran });
		t.is(first.ran.length, Object.keys(tasks).length);
		for (const next of [-offset, offset, 0]) {
			t.deepEqual(await built(made, next, jump), { ok: true, isShort: true, ran: [] });
		}
		made.edit('Scanfile.ts', 'repeat(5000)', 'repeat(5001)');
		t.deepEqual((await built(made, -offset, jump)).ran, ['figure'], 'what was edited runs, nothing else');
		made.edit('Scanfile.ts', 'repeat(5001)', 'repeat(5000)');
		t.is((await made.start(['gc'], {}).ended).status, 0);
		t.deepEqual((await built(made, offset, -jump)).ran, [], 'gc took nothing that was used within the hour');
		t.deepEqual(analysisFiles(made.store), wanted.files);
		const shown = await made.scanmake('show', 'spikes', 'k=3', 'weight=1', '--json');
		const { seconds } = JSON.parse(shown.stdout) as { seconds: number };
		t.true(seconds >= 0 && seconds < 1800);
	}
});

test('a file that is used is digested again while the clock is behind it, however equal its times', async (t) => {
	const made = ground(
		t,
		`${words}
import { readFileSync } from "node:fs";
const run = () => readFileSync(import.meta.dirname + "/data.txt", "utf8");
export default scan({ read: simulate({ run, uses: ["data.txt"] }) });\n`,
	);
	for (const offset of [0, -hour, hour]) {
		for (const text of ['one', 'two']) {
			made.write('data.txt', text);
			const ahead = Date.now() / 1000 + 3600;
			utimesSync(made.path('data.txt'), ahead, ahead);
			t.true((await built(made, offset, 0)).ok);
			const shown = await made.scanmake('table', 'read', '--format', 'jsonl');
			t.is(shown.stdout, `{"result":"${text}"}\n`);
		}
	}
});

test('a clock that goes an hour forth while tasks run ends none of them before its time', async (t) => {
	const made = ground(
		t,
		`${words}${sleepText}
const run = (p: { k: number }) => { sleep(20); return p.k; };
const k = Array.from({ length: 20 }, (_, i) => i);
export default scan({ slow: simulate({ over: grid({ k }), run, timeout: "60s" }) });\n`,
	);
	t.deepEqual(await built(made, 0, hour), { ok: true, isShort: true, ran: ['slow'] });
});

test('a lock that nobody can read is no obstacle for longer than ten seconds, also when its time lies ahead', async (t) => {
	const made = ground(t, `${words}export default scan({ one: simulate({ run: () => 1 }) });\n`);
	mkdirSync(made.store);
	const lock = join(made.store, 'lock');
	writeFileSync(lock, '{"id":"');
	const ahead = Date.now() / 1000 + 3600;
	utimesSync(lock, ahead, ahead);
	t.deepEqual(await built(made, 0, 0), { ok: true, isShort: true, ran: ['one'] });
});
