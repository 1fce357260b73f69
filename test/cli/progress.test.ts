// What is said while a build runs, with a clock that the test turns and a terminal that it looks at.
import test from 'ava';
import { coloured, plain } from '../../cli/paint.ts';
import { followProgress } from '../../cli/progress.ts';
import type { EngineEvent, Tally } from '../../engine/events.ts';
import { handClock } from './fake.ts';
import { terminal } from './terminal.ts';

const planned: EngineEvent = {
	kind: 'planned',
	targets: [
		{ name: 'input', rule: 'generate', tasks: 440 },
		{ name: 'spikes', rule: 'simulate', tasks: 2640 },
	],
};
const started: EngineEvent = { kind: 'started', slots: 2 };

function follow({ isTerminal = false, columns = 80, rows = 24, quiet = false, colours = false } = {}) {
	const clock = handClock();
	const shown = terminal(columns, rows);
	const writes: string[] = [];
	const write = (text: string): void => {
		writes.push(text);
		if (isTerminal) shown.write(text);
	};
	const paint = colours ? coloured : plain;
	const screen = { write, isTerminal, columns: shown.columns, rows: shown.rows, unicode: true, paint, quiet };
	const progress = followProgress(screen, clock);
	return { ...progress, clock, all: () => writes.join(''), writes, shown };
}

function tally(numbers: Partial<Tally>): Tally {
	return { tasks: 2640, reused: 0, ran: 0, failed: 0, blocked: 0, left: 0, ...numbers };
}

/** How the second target stands. */
function progress(numbers: Partial<Tally>, running = 2): EngineEvent {
	return { kind: 'progress', target: 1, running, tally: tally(numbers) };
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

const failureSentence = (trial: number): string => `simulate trial=${trial}: threw Error: no (model.ts:7)`;

test('in a pipe the first line says how many tasks there are and how many were done before', (t) => {
	const { listen, all } = follow();
	listen(planned);
	listen({ kind: 'progress', target: 0, running: 0, tally: { ...tally({ reused: 440 }), tasks: 440 } });
	t.is(all(), '');
	listen(started);
	t.is(all(), '3,080 tasks (440 done before): input 440, spikes 2,640\n');
});

test('in a pipe a plain line comes after 2 s, then every 10 s, then less often, once a minute at last', (t) => {
	const { listen, clock, all, writes } = follow({ colours: true });
	listen(planned);
	listen(started);
	const at: number[] = [];
	for (let second = 1; second <= 400; second++) {
		const before = writes.length;
		listen(progress({ ran: second }));
		clock.turn(1000);
		if (writes.length > before) at.push(second);
	}
	t.deepEqual(at.slice(0, 4), [2, 12, 27, 50]);
	t.true(at.length > 8 && (at.at(-1) ?? 0) - (at.at(-2) ?? 0) === 60);
	t.regex(all().split('\n')[2] ?? '', /^12\/3,080 tasks; spikes 12\/2,640, 55\/min, 48 min left$/);
	t.false(all().includes('\x1b') || all().includes('\r'));
});

test('tasks outside --where are not waited for', (t) => {
	const { listen, clock, shown } = follow({ isTerminal: true });
	listen({ kind: 'planned', targets: [{ name: 'spikes', rule: 'simulate', tasks: 2640, outside: 2200 }] });
	listen(started);
	listen({ kind: 'progress', target: 0, running: 2, tally: tally({}) });
	clock.turn(500);
	listen({ kind: 'progress', target: 0, running: 2, tally: tally({ ran: 110, left: 2530 }) });
	clock.turn(100);
	t.regex(shown.lines()[0] ?? '', /^spikes {2}\S+ {2}110\/440 {2}\d+\/s {2}\d s left$/);
});

test('a build that ends at once writes nothing', (t) => {
	for (const isTerminal of [true, false]) {
		const { listen, clock, close, all } = follow({ isTerminal });
		listen(planned);
		if (isTerminal) listen(started);
		clock.turn(200);
		close();
		clock.turn(60_000);
		t.is(all(), '');
	}
});

test('at a terminal each target has one line, drawn at most ten times a second', (t) => {
	for (const columns of [8, 20, 40, 80, 200]) {
		const { listen, clock, writes, shown } = follow({ isTerminal: true, columns });
		listen(planned);
		listen(started);
		for (let step = 1; step <= 500; step++) {
			listen(progress({ ran: step }));
			clock.turn(10);
		}
		t.is(shown.lines().length, 2);
		t.true(writes.length > (columns < 40 ? 4 : 40) && writes.length <= 50, `${writes.length} drawings in 5 s`);
	}
});

test('tasks count as soon as a worker answers, though progress is told later', (t) => {
	const { listen, clock, shown } = follow({ isTerminal: true });
	const answered = { kind: 'answered' as const, target: 1, worker: 0, seconds: 1, at: 0 };
	listen(planned);
	listen(started);
	listen(progress({ ran: 10 }));
	listen({ ...answered, tasks: 5, failed: 2 });
	listen(failure(1));
	listen(failure(2, true));
	clock.turn(400);
	t.regex(shown.lines().at(-1) ?? '', /^spikes .* 14\/2,640 {2}1 failed {2}1 retry/);
	listen(progress({ ran: 13, failed: 1 }));
	clock.turn(100);
	t.regex(shown.lines().at(-1) ?? '', /^spikes .* 14\/2,640 {2}1 failed/);
});

test('a target waits until its first task is sent, and again when it has nothing to do for a while', (t) => {
	const { listen, clock, shown } = follow({ isTerminal: true });
	const spikes = (): string => shown.lines().at(-1) ?? '';
	listen(planned);
	listen(started);
	clock.turn(5000);
	t.regex(spikes(), / 0\/2,640 {2}waits$/);
	listen(progress({}, 2));
	clock.turn(10_000);
	t.regex(spikes(), / 0\/2,640 {2}for 10 s$/);
	listen(progress({ ran: 10 }, 0));
	clock.turn(1000);
	t.regex(spikes(), / 10\/2,640 .* left$/);
	clock.turn(1000);
	t.regex(spikes(), / 10\/2,640 {2}waits$/);
	listen(progress({ ran: 10 }, 1));
	listen(progress({ ran: 2640 }, 0));
	clock.turn(60_000);
	t.regex(spikes(), / 2,640\/2,640 {2}in 12 s$/);
});

test('failed tasks are said as they happen, above the block', (t) => {
	const { listen, clock, shown } = follow({ isTerminal: true, columns: 100 });
	listen(planned);
	listen(started);
	listen(failure(1));
	listen(progress({ ran: 10, failed: 1 }));
	clock.turn(1000);
	listen(failure(7));
	clock.turn(1000);
	const lines = shown.lines();
	t.deepEqual(lines.slice(0, 2), [failureSentence(1), failureSentence(7)]);
	t.is(lines.length, 4);
	t.regex(lines[3] ?? '', /^spikes .* 12\/2,640 {2}2 failed/);
});

test('after ten failed tasks they are only counted', (t) => {
	for (const isTerminal of [true, false]) {
		const { listen, clock, shown, all } = follow({ isTerminal });
		listen(planned);
		listen(started);
		clock.turn(1000);
		for (let trial = 0; trial < 1000; trial++) listen(failure(trial));
		clock.turn(100);
		const lines = isTerminal ? shown.lines().slice(0, -2) : all().trimEnd().split('\n').slice(1);
		t.is(lines.length, 11);
		t.is(lines.at(-1), 'More tasks fail; from here on they are only counted.');
	}
});

test('a task that will be tried again is no failure', (t) => {
	const { listen, clock, shown } = follow({ isTerminal: true });
	listen(planned);
	listen(started);
	listen(failure(7, true));
	clock.turn(500);
	t.is(shown.lines().length, 2);
	t.regex(shown.lines().at(-1) ?? '', /1 retry/);
});

test('a screen that is resized while tasks run shows the block alone', (t) => {
	const { listen, clock, shown } = follow({ isTerminal: true, columns: 100 });
	listen(planned);
	listen(started);
	listen(failure(7));
	let ran = 0;
	for (const [columns, rows] of [
		[60, 24],
		[20, 24],
		[100, 24],
		[45, 8],
		[100, 40],
	] as const) {
		listen(progress({ ran: ++ran, failed: 1 }));
		clock.turn(300);
		shown.resize(columns, rows);
		clock.turn(100);
		const [said, ...block] = shown.paragraphs();
		t.is(said, failureSentence(7));
		t.is(block.length, 2, `at ${columns} columns`);
		t.true(block.every((line) => line.length < columns));
	}
});

test('what was typed over the block is gone within a second', (t) => {
	const { listen, clock, shown } = follow({ isTerminal: true });
	listen(planned);
	clock.turn(400);
	const before = shown.lines();
	shown.write('^C');
	clock.turn(1000);
	t.deepEqual(shown.lines(), before);
});

test('no escape sequence comes from what others said', (t) => {
	const evil = '\x1b[2Ja\x9b31m\u202eb\nc\x07';
	const safe = '\\x1b[2Ja\\u009b31m\\u202eb c\\x07';
	const { listen, clock, shown, close } = follow({ isTerminal: true, columns: 200 });
	listen(planned);
	listen({ kind: 'notice', message: evil });
	const one = { ...failure(1), parameters: `name=${evil}` } as EngineEvent;
	listen(one);
	listen({ ...one, failure: { kind: 'crashed', message: evil } } as EngineEvent);
	listen({ ...one, failure: { kind: 'ended', program: evil, status: 3 } } as EngineEvent);
	listen({ ...one, failure: { kind: 'bad-output', output: evil, what: 'folder' } } as EngineEvent);
	clock.turn(500);
	close();
	t.is(shown.lines()[0], safe);
	t.is(shown.lines()[1], `simulate name=${safe}: threw Error: no (model.ts:7)`);
	t.is(shown.lines()[2], `simulate name=${safe}: took its worker down: ${safe}`);
	t.is(shown.lines()[3], `simulate name=${safe}: ${safe} ended with exit status 3`);
	t.false(shown.lines().join('').includes('\u202e'));
});

test('an interrupt is answered once, whoever says it first', (t) => {
	const { listen, interrupted, all } = follow();
	interrupted();
	listen({ kind: 'stopping', reason: 'interrupt' });
	t.is(all(), 'Stopping; what is done is kept. Ctrl-C again ends at once.\n');
});

test('a Ctrl-C is answered above the block', (t) => {
	const { listen, clock, interrupted, shown } = follow({ isTerminal: true });
	listen(planned);
	clock.turn(1000);
	shown.write('^C');
	interrupted();
	t.is(shown.lines()[0], 'Stopping; what is done is kept. Ctrl-C again ends at once.');
	clock.turn(200);
	t.regex(shown.lines()[1] ?? '', /^input .* not started$/);
	t.is(shown.lines().length, 3);
});

test('quiet says nothing of all this', (t) => {
	const { listen, clock, all } = follow({ isTerminal: true, quiet: true });
	listen(planned);
	listen(started);
	listen(failure(7));
	listen({ kind: 'notice', message: 'something' });
	clock.turn(60_000);
	t.is(all(), '');
});

test('after the end nothing is left of the block, and what stays is above', (t) => {
	const { listen, clock, close, shown, writes } = follow({ isTerminal: true });
	listen(planned);
	listen(started);
	listen(failure(7));
	clock.turn(1000);
	close();
	const length = writes.length;
	listen(progress({ ran: 10 }));
	clock.turn(10_000);
	t.deepEqual(shown.lines(), [failureSentence(7)]);
	t.is(writes.length, length);
});
