// The lines of the block and of a pipe, from how targets stand.
import test from 'ava';
import { bar } from '../../cli/bar.ts';
import { textWidth } from '../../cli/columns.ts';
import type { TargetCourse } from '../../cli/course.ts';
import { paceFrom } from '../../cli/pace.ts';
import { coloured, isUnicode, plain } from '../../cli/paint.ts';
import { blockLines, plainLine, planLine } from '../../cli/status.ts';

const look = { paint: plain, unicode: true, isStopping: false };

function standing(name: string, more: Partial<TargetCourse> = {}): TargetCourse {
	const none = { settled: 0, reused: 0, failed: 0, blocked: 0, retries: 0, perSecond: 0, seconds: 0, age: 0 };
	return { name, total: 22, state: 'waits', ...none, ...more };
}

const four: readonly TargetCourse[] = [
	standing('input', { total: 440, settled: 440, reused: 440, state: 'over' }),
	standing('spikes', {
		...{ total: 2640, settled: 1320, reused: 440, failed: 2, state: 'runs', perSecond: 312, seconds: 3, age: 3 },
	}),
	standing('response', { settled: 22, blocked: 1, retries: 1, state: 'over', seconds: 12, age: 20 }),
	standing('tuning', { total: 1 }),
];

function drawn(columns: number, rows = 24, standings = four, how = look): readonly string[] {
	return blockLines(standings, { columns, rows }, how);
}

test('each target has a line: those all reused, at work, over, waiting', (t) => {
	t.deepEqual(drawn(100), [
		'input     ████████████████████████      440/440  all reused',
		'spikes    ████████████············  1,320/2,640  440 reused  2 failed  310/s  5 s left',
		'response  ████████████████████████        22/22  1 blocked  1 retry  in 12 s',
		'tuning    ························          0/1  waits',
	]);
});

test('on a narrower screen the bar shrinks, then the rate and what was reused go, then the bar, then names are cut', (t) => {
	t.is(drawn(81)[1], 'spikes    ████████········  1,320/2,640  440 reused  2 failed  310/s  5 s left');
	t.is(drawn(61)[1], 'spikes    █████·····  1,320/2,640  2 failed  310/s  5 s left');
	t.is(drawn(50)[1], 'spikes    ███···  1,320/2,640  2 failed  5 s left');
	t.deepEqual(drawn(40), [
		'input       440/440  all reused',
		'spikes  1,320/2,640  2 failed  5 s left',
		'respo…        22/22  1 blocked  in 12 s',
		'tuning          0/1  waits',
	]);
	t.deepEqual(drawn(20), ['input 100%', 'spik…  50% 2 failed', 'resp… 100% in 12 s', 'tuni…   0% waits']);
});

test('no line is as wide as the screen, however narrow it is and however long the names and numbers are', (t) => {
	const long = standing(`a${'_long'.repeat(20)}_name`, {
		...{ total: 12_345_678, settled: 1_234_567, reused: 1_000_000, failed: 99_999, blocked: 1_000, retries: 12 },
		...{ state: 'runs', perSecond: 0.001, seconds: 90_000 },
	});
	for (const paint of [plain, coloured]) {
		for (let columns = 1; columns < 200; columns++) {
			for (const line of drawn(columns, 24, [...four, long], { ...look, paint }))
				t.true(textWidth(line) <= Math.max(1, columns - 1), `${columns}: ${line}`);
		}
	}
});

test('the share of a target is never said to be all before it is', (t) => {
	const nearly = standing('spikes', { total: 100_000, settled: 99_999, state: 'runs' });
	t.is(drawn(15, 24, [nearly])[0], 'spikes  99%');
	t.is(bar(99_999 / 100_000, 10, true), '█████████▉');
	t.is(bar(99_999 / 100_000, 10, false), '#########-');
	t.is(bar(1 / 100_000, 10, true), '▏·········');
	t.deepEqual(
		[0, 0.5, 1].map((share) => bar(share, 5, true)),
		['·····', '██▌··', '█████'],
	);
	t.deepEqual(
		[0, 0.5, 1].map((share) => bar(share, 5, false)),
		['-----', '##---', '#####'],
	);
});

test('without Unicode all is ASCII', (t) => {
	for (const columns of [100, 40, 20])
		for (const line of drawn(columns, 24, four, { ...look, unicode: false })) t.regex(line, /^[ -~]*$/);
	t.is(drawn(100, 24, four, { ...look, unicode: false })[3], 'tuning    ------------------------          0/1  waits');
});

test('Unicode is what the locale says: LC_ALL, else LC_CTYPE, else LANG', (t) => {
	t.true(isUnicode({ LANG: 'en_GB.UTF-8' }));
	t.true(isUnicode({ LANG: 'C', LC_CTYPE: 'C.utf8' }));
	t.false(isUnicode({ LANG: 'en_GB.UTF-8', LC_ALL: 'C' }));
	t.true(isUnicode({ LANG: 'de_DE.UTF-8', LC_ALL: '' }));
	t.false(isUnicode({}));
});

test('more targets than rows: those that move, then the next ones that wait, and the sum', (t) => {
	const many = Array.from({ length: 20 }, (_, at) =>
		standing(`stage${at}`, {
			...(at < 8 ? { state: 'over', settled: 22, seconds: 1, age: 9 } : {}),
			...(at === 8 || at === 15 ? { state: 'runs', settled: 11, perSecond: 2, seconds: 4, age: 4 } : {}),
		}),
	);
	t.deepEqual(drawn(80, 8, many), [
		'stage8   ████████████············    11/22  2.0/s  6 s left',
		'stage9   ························     0/22  waits',
		'stage10  ························     0/22  waits',
		'stage11  ························     0/22  waits',
		'stage15  ████████████············    11/22  2.0/s  6 s left',
		'total    ██████████▊·············  198/440  15 more targets  for 9 s',
	]);
	for (let rows = 1; rows < 30; rows++) t.true(drawn(80, rows, many).length <= Math.max(1, rows - 2));
});

test('a target that runs but has ended nothing yet says for how long', (t) => {
	t.is(
		drawn(60, 24, [standing('tuning', { total: 1, state: 'runs', seconds: 75 })])[0],
		'tuning  ················  0/1  for 1 min 15 s',
	);
});

test('once nothing new is started no time left is said', (t) => {
	const [, spikes, , tuning] = drawn(100, 24, four, { ...look, isStopping: true });
	t.regex(spikes ?? '', /310\/s {2}stopping$/);
	t.regex(tuning ?? '', /not started$/);
});

test('a pipe is told the totals and the targets that move', (t) => {
	t.is(
		plainLine(four, look),
		'1,782/3,103 tasks, 880 reused, 2 failed, 1 blocked, 1 retry; spikes 1,320/2,640, 310/s, 5 s left',
	);
	t.is(planLine(four), '3,103 tasks (880 done before): input 440, spikes 2,640, response 22, tuning 1');
	t.is(planLine(Array.from({ length: 50 }, (_, at) => standing(`stage${at}`))), '50 targets, 1,100 tasks');
});

test('the rate is that of the last ten seconds, and of the last eight times where tasks are long', (t) => {
	const fast = paceFrom(0, 0);
	for (let at = 100; at <= 20_000; at += 100) fast.note(at, at <= 10_000 ? at / 10 : 1000 + (at - 10_000) / 100);
	t.is(Math.round(fast.perSecond(20_000)), 10);
	const slow = paceFrom(0, 0);
	for (let ended = 1; ended <= 30; ended++) slow.note(ended * 60_000, ended);
	t.is(Math.round(slow.perSecond(30 * 60_000) * 60), 1);
	t.true(slow.perSecond(40 * 60_000) < slow.perSecond(31 * 60_000), 'it sinks while nothing ends');
	const uneven = paceFrom(0, 0);
	for (let ended = 1, at = 0; ended <= 40; ended++) {
		at += ended % 2 === 0 ? 10_000 : 110_000;
		uneven.note(at, ended);
		if (ended > 8) t.true(Math.abs(uneven.perSecond(at) * 60 - 1) < 0.3, `${uneven.perSecond(at) * 60} a minute`);
	}
	t.is(paceFrom(0, 0).perSecond(60_000), 0);
	const begun = paceFrom(0, 0);
	begun.note(100, 100);
	t.is(begun.perSecond(200), 0, 'no rate from a moment');
});

test('wide characters take two places, accents none', (t) => {
	t.deepEqual(['spikes', '神経', 'e\u0301', '🧠', '\x1b[31mred\x1b[39m'].map(textWidth), [6, 4, 1, 2, 3]);
});
