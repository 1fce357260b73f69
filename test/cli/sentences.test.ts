// The words for failures, plans and summaries.
import test from 'ava';
import { bytes, count, duration, rate, roughDuration } from '../../cli/numbers.ts';
import { plain } from '../../cli/paint.ts';
import { exitStatus, failureWords, gcSentence, problemLine } from '../../cli/sentences.ts';
import { commandLine, programName, sameCommand } from '../../cli/shell.ts';
import { errorLines, summaryLines } from '../../cli/summary.ts';
import type { Failure } from '../../engine/outcome.ts';
import type { FailedTask } from '../../engine/report.ts';
import { report, target } from './fake.ts';

const invocation = { program: 'npx scanmake', options: ['-f', 'my scan.ts'], typed: ['-f', 'my scan.ts', 'tuning'] };
const style = { columns: 100, paint: plain, invocation, cwd: '/project' };
const thrown: Failure = {
	kind: 'threw',
	message: 'TypeError: no weight',
	stack: 'TypeError: no weight\n    at cell (model.ts:7:3)',
};

function failed(trial: number, failure: Failure = thrown): FailedTask {
	return { target: 'spikes', rule: 'simulate', parameters: `weight=0.4 trial=${trial}`, failure };
}

test('each way to fail is a sentence about the task', (t) => {
	t.is(failureWords(thrown), 'threw TypeError: no weight (model.ts:7)');
	t.is(failureWords({ kind: 'threw', message: 'two\nlines', stack: '' }), 'threw Error: two lines');
	t.is(failureWords({ kind: 'threw', message: 'a thrown string: no', stack: '' }), 'threw a string: no');
	t.is(
		failureWords({ kind: 'timed-out', timeoutSeconds: 90 }),
		'took longer than its timeout of 1 min 30 s and was stopped',
	);
	t.is(failureWords({ kind: 'exited', status: 3 }), 'ended its process with exit status 3');
	t.is(failureWords({ kind: 'out-of-memory' }), 'ran out of memory');
	t.is(failureWords({ kind: 'crashed', message: 'thread gone' }), 'took its worker down: thread gone');
	t.is(
		failureWords({ kind: 'not-plain', path: 'fit.at', what: 'a Date' }),
		'its result is no plain data: at fit.at there is a Date',
	);
	t.is(
		failureWords({ kind: 'not-plain', path: '', what: 'a function' }),
		'its result is no plain data: there is a function',
	);
	t.is(failureWords({ kind: 'missing-output', output: 'a.txt' }), 'did not write its output "a.txt"');
	t.is(
		failureWords({ kind: 'work-path-in-result', path: 'file' }),
		"its result contains a path of io (at file); return the file's name instead",
	);
});

test('what fails in Python is said in the same words, with the kind of error that Python names and the place in its file', (t) => {
	const stack = 'at decay (my synapses.py:7)\nat simulate (model.py:12)';
	const threw = (message: string): Failure => ({ kind: 'threw', message, stack });
	t.is(failureWords(threw('ValueError: negative rate')), 'threw ValueError: negative rate (my synapses.py:7)');
	t.is(failureWords(threw('AssertionError')), 'threw AssertionError (my synapses.py:7)');
	t.is(
		failureWords(threw('numpy.linalg.LinAlgError: Singular matrix')),
		'threw numpy.linalg.LinAlgError: Singular matrix (my synapses.py:7)',
	);
	t.is(failureWords(threw("KeyError: 'a\nb'")), "threw KeyError: 'a b' (my synapses.py:7)");
	t.is(failureWords({ kind: 'exited', status: 3 }), 'ended its process with exit status 3');
	t.is(
		failureWords({ kind: 'crashed', message: 'Python was ended by SIGSEGV' }),
		'took its worker down: Python was ended by SIGSEGV',
	);
	t.is(
		failureWords({ kind: 'not-plain', path: 'result.rates[3]', what: 'a pandas DataFrame' }),
		'its result is no plain data: at result.rates[3] there is a pandas DataFrame',
	);
	t.is(
		failureWords({ kind: 'not-imported', file: 'model.py', message: "ModuleNotFoundError: No module named 'nest'" }),
		"its module model.py could not be imported: ModuleNotFoundError: No module named 'nest'; scanmake doctor says which Python runs it",
	);
	t.is(
		failureWords({
			kind: 'not-imported',
			file: 'lib/model.py',
			message: 'SyntaxError: invalid syntax (model.py, line 3)',
		}),
		'its module lib/model.py could not be imported: SyntaxError: invalid syntax (model.py, line 3)',
	);
});

test('a mistake in the Scanfile stands behind its place', (t) => {
	t.is(problemLine({ message: 'No.', file: 'Scanfile.ts', line: 12 }), 'Scanfile.ts:12: No.');
	t.is(problemLine({ message: 'No.', file: 'Scanfile.ts' }), 'Scanfile.ts: No.');
	t.is(problemLine({ message: 'No.' }), 'No.');
});

test('exit statuses: 2 for the command line and the Scanfile, 3 where scanmake could not go on', (t) => {
	t.deepEqual((['usage', 'scanfile', 'store', 'disk', 'executor'] as const).map(exitStatus), [2, 2, 3, 3, 3]);
});

test('a build with nothing to do is one short line', (t) => {
	const targets = [target('input', { tasks: 440, reused: 440 }), target('spikes', { tasks: 2640, reused: 2640 })];
	const written = [{ target: 'tuning', paths: ['tuning/a.svg'] }];
	t.deepEqual(summaryLines(report(targets, { written }), style), [
		'Nothing to do: 2 targets, 3,080 tasks up to date (0.15 s)',
	]);
});

test('tasks outside --where are not called up to date', (t) => {
	const targets = [target('spikes', { tasks: 2640, reused: 440, left: 2200 })];
	t.deepEqual(summaryLines(report(targets), style), [
		'Nothing to do: 1 target, 440 tasks up to date, 2,200 left aside (0.15 s)',
	]);
});

test('the summary accounts for every task, names the files written, and says how to go on', (t) => {
	const targets = [
		target('input', { tasks: 440, reused: 440 }),
		target('spikes', { tasks: 2640, reused: 2000, ran: 637, failed: 3, seconds: 12.34 }),
		target('response', { tasks: 22, ran: 19, blocked: 3, seconds: 0.1 }),
	];
	const failures = [failed(7), failed(8), failed(9, { kind: 'out-of-memory' })];
	const written = [{ target: 'tuning', paths: ['/project/.scanmake/curves.svg', '/far/off/curves.csv'] }];
	t.deepEqual(summaryLines(report(targets, { failures, written, seconds: 75 }), style), [
		'          tasks  reused  ran  failed  blocked  left        time',
		'input       440     440    0       0        0     0         0 s',
		'spikes    2,640   2,000  637       3        0     0        12 s',
		'response     22       0   19       0        3     0      0.10 s',
		'total     3,102   2,440  656       3        3     0  1 min 15 s',
		'tuning wrote .scanmake/curves.svg',
		'tuning wrote ../far/off/curves.csv',
		'2 tasks of spikes failed: threw TypeError: no weight (model.ts:7)',
		"  Its output: npx scanmake -f 'my scan.ts' show spikes weight=0.4 trial=7",
		'1 task of spikes failed: ran out of memory',
		"  Its output: npx scanmake -f 'my scan.ts' show spikes weight=0.4 trial=9",
		'3 tasks failed, 3 tasks could not run for want of an input. The same command reuses what is done and runs the rest again.',
	]);
});

test('tasks that could not run are told from tasks with nothing to do', (t) => {
	const lines = summaryLines(report([target('response', { tasks: 22, reused: 20, blocked: 2 })]), style);
	t.is(
		lines.at(-1),
		'2 tasks could not run for want of an input. The same command reuses what is done and runs the rest again.',
	);
});

test('failures of one kind are said once, however many they are', (t) => {
	const failures = Array.from({ length: 100 }, (_, trial) => failed(trial));
	const lines = errorLines(report([target('spikes', { tasks: 2640, failed: 2640 })], { failures }), style);
	t.deepEqual(lines.slice(0, -1), [
		'100 of the first 100 failed tasks are of spikes: threw TypeError: no weight (model.ts:7)',
		'  weight=0.4 trial=0',
		'  weight=0.4 trial=1',
		'  weight=0.4 trial=2',
		'  … and 97 more that failed alike',
		"  Its output: npx scanmake -f 'my scan.ts' show spikes weight=0.4 trial=0",
		'… and 2,540 more failed tasks',
	]);
});

test('the summary does not name again the parameter sets of the ten failures that were said as they happened', (t) => {
	const targets = [target('spikes', { tasks: 2640, failed: 15 })];
	const failures = Array.from({ length: 15 }, (_, trial) =>
		failed(trial, trial === 3 ? { kind: 'out-of-memory' } : thrown),
	);
	const lines = (all: typeof failures): readonly string[] =>
		summaryLines(
			report(
				targets.map((one) => ({ ...one, failed: all.length })),
				{ failures: all },
			),
			style,
		).slice(2, -1);
	t.deepEqual(lines(failures), [
		'14 tasks of spikes failed: threw TypeError: no weight (model.ts:7)',
		'  weight=0.4 trial=10',
		'  weight=0.4 trial=11',
		'  weight=0.4 trial=12',
		'  … and 11 more that failed alike',
		"  Its output: npx scanmake -f 'my scan.ts' show spikes weight=0.4 trial=0",
		'1 task of spikes failed: ran out of memory',
		"  Its output: npx scanmake -f 'my scan.ts' show spikes weight=0.4 trial=3",
	]);
	t.deepEqual(lines(failures.slice(0, 3)), [
		'3 tasks of spikes failed: threw TypeError: no weight (model.ts:7)',
		"  Its output: npx scanmake -f 'my scan.ts' show spikes weight=0.4 trial=0",
	]);
});

test('kinds of failure beyond the first eight are counted', (t) => {
	const failures = Array.from({ length: 10 }, (_, status) => failed(status, { kind: 'exited', status }));
	const lines = summaryLines(report([target('spikes', { tasks: 10, failed: 10 })], { failures }), style);
	t.is(lines.at(-2), '… and 2 more kinds of failure');
});

test('control characters of parameters, programs, files and messages are shown, not sent', (t) => {
	const failure: Failure = { kind: 'ended', program: './a\x1b[2J', status: 3 };
	const failures = [{ ...failed(1, failure), parameters: "$'name=a\\u001bb'" }];
	const evil = { ...failed(2, failure), parameters: 'name=\x1b]0;title\x07' };
	const written = [{ target: 'tuning', paths: ['/project/a\x1b.csv'] }];
	const broken = { kind: 'disk' as const, message: 'no\x1b[1m' };
	for (const shown of [
		summaryLines(
			report([target('spikes', { tasks: 9, failed: 2 })], { failures: [...failures, evil], written }),
			style,
		),
		errorLines(report([target('spikes', { tasks: 9, failed: 2 })], { failures: [evil, evil], broken }), style),
		[problemLine({ message: 'a\x1b', file: 'b\x1b.ts', line: 1 })],
	])
		t.notRegex(shown.join('\n'), /(?!\n)\p{Cc}/u);
	t.is(sameCommand({ ...invocation, typed: ['name=\x1b]\n'] }), "npx scanmake $'name=\\u001b]\\n'");
});

test('at 40 columns the summary leaves out what is zero everywhere and still accounts for every task', (t) => {
	const targets = [
		target('input', { tasks: 440, reused: 440 }),
		target('spikes', { tasks: 2640, reused: 2000, ran: 640, seconds: 12 }),
	];
	t.deepEqual(summaryLines(report(targets), { ...style, columns: 40 }), [
		'        tasks  reused  ran    time',
		'input     440     440    0     0 s',
		'spikes  2,640   2,000  640    12 s',
		'total   3,080   2,440  640  0.15 s',
	]);
});

test('after an interrupt it is said what is kept and which command goes on', (t) => {
	const targets = [target('spikes', { tasks: 2640, reused: 40, ran: 600, left: 2000 })];
	t.is(
		summaryLines(report(targets, { interrupted: true }), style).at(-1),
		"Interrupted. 640 finished tasks are kept. To go on from there: npx scanmake -f 'my scan.ts' tuning",
	);
});

test('a build that could not go on says why and what is kept', (t) => {
	const broken = { kind: 'disk' as const, message: 'the disk is full' };
	const lines = errorLines(report([target('spikes', { tasks: 2, ran: 1, left: 1 })], { broken }), style);
	t.deepEqual(lines, ['scanmake could not go on: the disk is full', '1 finished task is kept.']);
});

test('gc says what it removed', (t) => {
	t.is(
		gcSentence({ damaged: 0, kept: 5282, removed: 1, freedBytes: 12_595 }),
		'1 result removed, 5,282 kept, 12.3 KiB freed.',
	);
});

test('commands to copy are quoted for a shell and start with npx where npx was used', (t) => {
	t.is(commandLine(invocation, 'show', 'spikes'), "npx scanmake -f 'my scan.ts' show spikes");
	t.is(sameCommand({ ...invocation, typed: ['--where', "name='a'"] }), "npx scanmake --where 'name='\\''a'\\'''");
	t.is(programName({ npm_command: 'exec' }), 'npx scanmake');
	t.is(programName({ npm_command: 'run-script' }), 'scanmake');
});

test('numbers are as people read them', (t) => {
	t.deepEqual([0, 999, 1000, 1234567].map(count), ['0', '999', '1,000', '1,234,567']);
	t.deepEqual(
		[0, 0.000123, 0.0123, 0.154, 0.996, 9.94, 9.96, 59.6, 60, 75, 3599.6, 3600, 7500, 200_000].map(duration),
		[
			'0 s',
			'0.12 ms',
			'12 ms',
			'0.15 s',
			'1.0 s',
			'9.9 s',
			'10 s',
			'1 min',
			'1 min',
			'1 min 15 s',
			'1 h',
			'1 h',
			'2 h 5 min',
			'2 d 8 h',
		],
	);
	t.deepEqual([0.4, 59, 60, 68, 899].map(roughDuration), ['0 s', '59 s', '1 min', '1 min 10 s', '15 min']);
	t.deepEqual([812.3, 9.96, 1, 0.5, 0.001].map(rate), ['810/s', '10/s', '1.0/s', '30/min', '3.6/h']);
	t.deepEqual([0, 1, 1023, 1024, 1024 ** 3].map(bytes), ['0 bytes', '1 byte', '1,023 bytes', '1.0 KiB', '1.0 GiB']);
});
