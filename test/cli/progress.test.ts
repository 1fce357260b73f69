// What is said while a build runs, with a clock that the test turns.
import test from 'ava';
import { coloured, plain } from '../../cli/paint.ts';
import { followProgress } from '../../cli/progress.ts';
import { statusLine } from '../../cli/status.ts';
import type { EngineEvent, Tally } from '../../engine/events.ts';
import { handClock } from './fake.ts';

const invocation = { program: 'scanmake', options: ['-f', 'Scan.ts'], typed: [] };
const planned: EngineEvent = {
	kind: 'planned',
	targets: [
		{ name: 'input', tasks: 440 },
		{ name: 'spikes', tasks: 2640 },
	],
};

function follow({ isTerminal = false, columns = 80, quiet = false, colours = false } = {}) {
	const clock = handClock();
	let written = '';
	const write = (text: string): void => {
		written += text;
	};
	const paint = colours ? coloured : plain;
	const screen = { write, isTerminal, columns: () => columns, paint, quiet };
	const progress = followProgress(screen, clock, invocation);
	return { ...progress, clock, all: () => written, shown: () => terminalLines(written) };
}

/** What a terminal shows after these characters. */
function terminalLines(written: string): readonly string[] {
	return written.split('\n').map((line) => line.replaceAll('\x1b[K', '').split('\r').at(-1) ?? '');
}

function tally(numbers: Partial<Tally>): Tally {
	return { tasks: 2640, reused: 0, ran: 0, failed: 0, blocked: 0, left: 0, ...numbers };
}

function failure(trial: number, willRetry = false): EngineEvent {
	const thrown = { kind: 'threw' as const, message: 'Error: no', stack: 'Error: no\n    at cell (model.ts:7:3)' };
	return {
		kind: 'task-failed',
		target: 'spikes',
		rule: 'simulate',
		parameters: `trial=${trial}`,
		failure: thrown,
		willRetry,
	};
}

test('as soon as tasks run the first line says how many there are and how many were done before', (t) => {
	const { listen, all } = follow();
	listen(planned);
	listen({ kind: 'progress', target: 0, tally: { ...tally({ reused: 440 }), tasks: 440 } });
	t.is(all(), '');
	listen({ kind: 'started', slots: 2 });
	t.is(all(), '3,080 tasks (440 done before): input 440, spikes 2,640\n');
});

test('tasks outside --where are not waited for, and what is left may still be run', (t) => {
	const { listen, clock, shown } = follow({ isTerminal: true });
	listen({ kind: 'planned', targets: [{ name: 'spikes', tasks: 2640, outside: 2200 }] });
	listen({ kind: 'started', slots: 2 });
	listen({ kind: 'progress', target: 0, tally: tally({ ran: 110, left: 2530 }) });
	clock.turn(500);
	t.deepEqual(shown(), ['440 tasks: spikes 440', 'spikes · 110/440 · 220/s · 2 s left']);
});

test('the target that is named is the one whose tasks ended last', (t) => {
	const { listen, clock, shown } = follow({ isTerminal: true });
	listen(planned);
	listen({ kind: 'started', slots: 2 });
	for (const ran of [1, 2]) {
		listen({ kind: 'progress', target: 1, tally: tally({ ran }) });
		listen({ kind: 'progress', target: 0, tally: tally({ tasks: 440, ran: 0 }) });
		clock.turn(300);
	}
	t.regex(shown().at(-1) ?? '', /^spikes · 2\/3,080/);
});

test('a build that ends at once, with nothing to run, writes nothing', (t) => {
	for (const isTerminal of [true, false]) {
		const { listen, clock, close, all } = follow({ isTerminal });
		listen(planned);
		clock.turn(200);
		close();
		clock.turn(60_000);
		t.is(all(), '');
	}
});

test('a plan that takes its time is announced before the first task runs', (t) => {
	const { listen, clock, shown } = follow({ isTerminal: true });
	listen(planned);
	clock.turn(600);
	t.deepEqual(shown(), ['3,080 tasks: input 440, spikes 2,640']);
});

test('in a pipe a plain line comes every ten seconds, without escape sequences', (t) => {
	const { listen, clock, all } = follow({ colours: true });
	listen(planned);
	listen({ kind: 'started', slots: 2 });
	for (let second = 1; second <= 25; second++) {
		listen({ kind: 'progress', target: 1, tally: tally({ ran: second * 100 }) });
		clock.turn(1000);
	}
	const lines = all().trimEnd().split('\n');
	t.is(lines.length, 3);
	t.is(lines[1], 'spikes · 1,000/3,080 · 100/s · 21 s left');
	t.false(all().includes('\x1b') || all().includes('\r'));
});

test('at a terminal one line is rewritten and never wider than the screen', (t) => {
	for (const columns of [12, 24, 40, 80, 200]) {
		const { listen, clock, all, shown } = follow({ isTerminal: true, columns });
		listen(planned);
		listen({ kind: 'started', slots: 2 });
		for (let step = 1; step <= 50; step++) {
			listen({ kind: 'progress', target: 1, tally: tally({ ran: step * 50, failed: step }) });
			clock.turn(250);
		}
		t.is(all().split('\n').length, 2, 'one line that stays, one that is rewritten');
		for (const line of all().split('\r').slice(1)) {
			const width = line.replace('\x1b[K', '').replace('\n', '').length;
			t.true(width < columns, `${width} of ${columns}: ${line}`);
		}
		t.regex(shown().at(-1) ?? '', columns >= 40 ? /^(spikes · )?2,550\/3,080/ : /^.{0,24}$/);
	}
});

test('at 40 columns the line still says done, failed and time left', (t) => {
	const status = {
		total: 5282,
		settled: 1234,
		reused: 0,
		finished: 1234,
		failed: 3,
		name: 'spikes',
		perSecond: 812,
		retries: 0,
		seconds: 2,
	};
	t.is(statusLine(status, 39), '1,234/5,282 · 3 failed · 5 s left');
	t.is(statusLine(status, 79), 'spikes · 1,234/5,282 · 3 failed · 812/s · 5 s left');
	t.is(statusLine({ ...status, failed: 0, perSecond: 0 }, 39), 'spikes · 1,234/5,282 · 2 s');
});

test('a failed task is said when it happens, above the rewritten line, with the command that shows more', (t) => {
	const { listen, clock, shown } = follow({ isTerminal: true, columns: 200 });
	listen(planned);
	listen({ kind: 'started', slots: 2 });
	listen({ kind: 'progress', target: 1, tally: tally({ ran: 10 }) });
	clock.turn(1000);
	listen(failure(7));
	t.deepEqual(shown().slice(1), [
		'simulate trial=7: threw Error: no (model.ts:7)  Its output: scanmake -f Scan.ts show spikes trial=7',
		'spikes · 10/3,080 · 10/s · 5 min 7 s left',
	]);
});

test('after ten failed tasks they are only counted', (t) => {
	const { listen, all } = follow();
	listen(planned);
	listen({ kind: 'started', slots: 2 });
	for (let trial = 0; trial < 1000; trial++) listen(failure(trial));
	const lines = all().trimEnd().split('\n');
	t.is(lines.length, 12);
	t.is(lines.at(-1), 'More tasks fail; from here on they are only counted.');
});

test('a task that will be tried again is no failure', (t) => {
	const { listen, clock, shown } = follow({ isTerminal: true });
	listen(planned);
	listen({ kind: 'started', slots: 2 });
	listen(failure(7, true));
	clock.turn(500);
	t.is(shown().length, 2);
	t.regex(shown().at(-1) ?? '', /1 retry/);
});

test('control characters of a user’s message do not reach the terminal', (t) => {
	const { listen, all } = follow();
	listen({ kind: 'notice', message: 'a\x1b[2Jb\nc' });
	t.is(all(), 'a [2Jb c\n');
});

test('an interrupt is answered once, whoever says it first', (t) => {
	const { listen, interrupted, all } = follow();
	interrupted();
	listen({ kind: 'stopping', reason: 'interrupt' });
	t.is(all(), 'Stopping; what is done is kept. Ctrl-C again ends at once.\n');
});

test('quiet says nothing of all this', (t) => {
	const { listen, clock, all } = follow({ isTerminal: true, quiet: true });
	listen(planned);
	listen({ kind: 'started', slots: 2 });
	listen(failure(7));
	listen({ kind: 'notice', message: 'something' });
	clock.turn(60_000);
	t.is(all(), '');
});

test('after the end nothing is left of the rewritten line', (t) => {
	const { listen, clock, close, shown, all } = follow({ isTerminal: true });
	listen(planned);
	listen({ kind: 'started', slots: 2 });
	clock.turn(1000);
	close();
	const length = all().length;
	listen({ kind: 'progress', target: 1, tally: tally({ ran: 10 }) });
	clock.turn(10_000);
	t.is(shown().at(-1), '');
	t.is(all().length, length);
});
