// The words for what happened: failures, reasons, what to do next. The one place that makes sentences of the engine's data.
// Knows neither terminal nor stream; a caller decides where a sentence goes.
import { relative } from 'node:path';
import { type Complaint, type ErrorKind, unreachable } from '../engine/errors.ts';
import type { Failure } from '../engine/outcome.ts';
import type { BuildReport, FailedTask, GcReport, TargetReport } from '../engine/report.ts';
import { oneLine, visible } from './columns.ts';
import { bytes, count, counted, duration } from './numbers.ts';
import { commandLine, type Invocation, sameCommand } from './shell.ts';

/** The exit status of what scanmake could not do: 2 the command line or the Scanfile, 3 the rest. */
export function exitStatus(kind: ErrorKind): number {
	return kind === 'usage' || kind === 'scanfile' ? 2 : 3;
}

/** `Scanfile.ts:12: message`. */
export function problemLine(problem: Complaint): string {
	const message = visible(problem.message);
	if (problem.file === undefined) return message;
	return `${oneLine(problem.file)}:${problem.line === undefined ? '' : `${problem.line}:`} ${message}`;
}

/** How a task failed, as the end of a sentence that begins with the task. What a user's code said is made harmless. */
export function failureWords(failure: Failure): string {
	return oneLine(wordsOf(failure));
}

function wordsOf(failure: Failure): string {
	switch (failure.kind) {
		case 'threw':
			return `threw ${thrown(oneLine(failure.message), failure.stack)}${placeIn(failure.stack)}`;
		case 'timed-out':
			return `took longer than its timeout of ${asTyped(failure.timeoutSeconds)} and was stopped`;
		case 'exited':
			return `ended its process with exit status ${failure.status}`;
		case 'ended':
			return failure.signal === undefined
				? `${failure.program} ended with exit status ${failure.status}`
				: `${failure.program} was ended by ${failure.signal} (exit status ${failure.status})`;
		case 'not-started':
			return `${failure.program} could not be started: ${notStarted[failure.why]}`;
		case 'not-imported':
			return `its module ${oneLine(failure.file)} could not be imported: ${oneLine(failure.message)}${importRemedy(failure.message)}`;
		case 'out-of-memory':
			return 'ran out of memory';
		case 'crashed':
			return `took its worker down: ${oneLine(failure.message)}`;
		case 'not-plain':
			return `its result is no plain data: ${failure.path === '' || failure.path === 'result' ? '' : `at ${failure.path} `}there is ${oneLine(failure.what)}`;
		case 'missing-output':
			return `did not write its output ${JSON.stringify(failure.output)}`;
		case 'bad-output':
			return `wrote no file of its own as ${JSON.stringify(failure.output)}: there is ${badOutput[failure.what]}`;
		case 'unreadable-result':
			return `printed no ${failure.wanted === 'json' ? 'JSON' : 'text'}: ${oneLine(failure.what)}`;
		case 'too-much-output':
			return `printed more than ${failure.limitMiB} MiB as its result; write a file with out("name") instead`;
		case 'lost-result':
			return 'lost its result: something removed or altered the file in the store’s work folder before it was kept';
		case 'input-changed':
			if (failure.file.startsWith('package '))
				return `the ${failure.file} has changed since the build began, so that nobody knows which one it was run with: run the same command again`;
			return `its input ${failure.file} has changed since the build began: a command must not change what it is given (write out("name")); if you changed it, run the same command again`;
		case 'missing-parameter':
			return `its command names the parameter ${failure.name}, which this parameter set does not have; write given(${JSON.stringify(failure.name)}, [...]) around it`;
		case 'missing-input':
			return `its command names the file ${JSON.stringify(failure.file)} of ${failure.input}, which is not there: ${failure.what}`;
		case 'unusable-parameter':
			return `the value of ${failure.name} holds a NUL character, which no command line can carry`;
		case 'work-path-in-result':
			return `its result contains a path of io${failure.path === '' || failure.path === 'result' ? '' : ` (at ${failure.path})`}; return the file's name instead`;
		default:
			return unreachable(failure);
	}
}

const notStarted = {
	'not-found': 'there is no such program',
	'not-executable': 'it is not executable (chmod +x makes it so)',
	'too-long': 'its arguments are longer than the system allows',
	'no-folder': "the Scanfile's folder is not there",
} as const;

const badOutput = {
	folder: 'a folder',
	'link-out': "a link to a place outside the task's folder",
	special: 'something that is no regular file',
	changing: 'a file that something still writes to, or has removed, after the task has ended',
} as const;

/** A duration as its author may have written it: `0.3 s`, `1 min 30 s`. */
function asTyped(seconds: number): string {
	return seconds < 60 ? `${Number(seconds.toPrecision(3))} s` : duration(seconds);
}

/** An error without a kind of its own comes as its message alone, and what is no error as `a thrown string: …`. */
function thrown(message: string, stack: string): string {
	if (message.startsWith('a thrown ')) return message.replace('thrown ', '');
	// Python names the kind of each, also of one without a message, and with its module where it has one
	return /^[A-Z]\w*: /.test(message) || isOfPython(stack) ? message : `Error: ${message}`;
}

/** The first place that a stack names, as ` (model.ts:12)`. */
function placeIn(stack: string): string {
	const found = /(?:^|[\s(])([^\s()]+\.[cm]?[jt]sx?:\d+):\d+\)?\s*$/m.exec(stack) ?? pythonPlace.exec(stack);
	return found === null ? '' : ` (${oneLine(found[1] ?? '')})`;
}

const pythonPlace = /^\s*at .*\(([^()\n]+\.py:\d+)\)\s*$/m;

/** Whether a stack is one of Python's: `at simulate (model.py:12)`. */
export function isOfPython(stack: string): boolean {
	return pythonPlace.test(stack);
}

/** A package that is not there is most often in another Python. */
function importRemedy(message: string): string {
	const isMissing = message.startsWith('ModuleNotFoundError: ');
	return isMissing ? '; scanmake doctor says which Python runs it' : '';
}

/** What failed: the rule and the parameter set, and how. */
export function failedTask(task: {
	readonly rule: string;
	readonly parameters: string;
	readonly failure: Failure;
}): string {
	const name = task.parameters === '' ? task.rule : `${task.rule} ${oneLine(task.parameters)}`;
	return `${name}: ${failureWords(task.failure)}`;
}

/** Tasks of one target that failed alike; `known`: of so many failures only, since there are more. */
export function failedAlike(first: FailedTask, tasks: number, known: number | undefined): string {
	const which =
		known === undefined
			? `${counted(tasks, 'task')} of ${first.target} failed`
			: `${count(tasks)} of the first ${count(known)} failed tasks ${tasks === 1 ? 'is' : 'are'} of ${first.target}`;
	return `${which}: ${failureWords(first.failure)}`;
}

/** So many failed tasks are said in full as they happen; at the end they are only counted. */
export const failuresSaid = 10;

/** The command that shows a task's output. The parameters are words for a shell already. */
export function showCommand(task: Pick<FailedTask, 'target' | 'parameters'>, invocation: Invocation): string {
	const command = commandLine(invocation, 'show', task.target);
	return task.parameters === '' ? command : `${command} ${oneLine(task.parameters)}`;
}

/** `Nothing to do: 4 targets, 5,282 tasks up to date (0.15 s)`; undefined where something was done or failed. */
export function nothingToDo(report: BuildReport): string | undefined {
	const total = totals(report.targets);
	if (total.ran + total.failed + total.blocked > 0 || report.interrupted || report.broken !== undefined)
		return undefined;
	const outside = total.left > 0 ? `, ${count(total.left)} left aside` : '';
	const tasks = `${counted(report.targets.length, 'target')}, ${counted(total.reused, 'task')} up to date${outside}`;
	return `Nothing to do: ${tasks} (${duration(report.seconds)})`;
}

/** All targets together. */
export function totals(targets: readonly TargetReport[]): TargetReport {
	const sum = {
		name: 'total',
		rule: 'simulate' as const,
		tasks: 0,
		reused: 0,
		ran: 0,
		failed: 0,
		blocked: 0,
		left: 0,
		seconds: 0,
	};
	for (const target of targets) {
		sum.tasks += target.tasks;
		sum.reused += target.reused;
		sum.ran += target.ran;
		sum.failed += target.failed;
		sum.blocked += target.blocked;
		sum.left += target.left;
	}
	return sum;
}

/** What a build that did not do everything leaves to be done, and how. */
export function goOn(report: BuildReport, invocation: Invocation): readonly string[] {
	const total = totals(report.targets);
	const done = total.reused + total.ran;
	if (report.broken !== undefined) return [`scanmake could not go on: ${visible(report.broken.message)}`, kept(done)];
	if (report.interrupted) {
		return [`Interrupted. ${kept(done)} To go on from there: ${sameCommand(invocation)}`];
	}
	if (total.failed + total.blocked === 0) return [];
	const left = total.left > 0 ? `, ${counted(total.left, 'task was', 'tasks were')} not started` : '';
	const blocked = `${counted(total.blocked, 'task')} could not run for want of an input`;
	const first = total.failed === 0 ? blocked : `${counted(total.failed, 'task')} failed`;
	const second = total.failed > 0 && total.blocked > 0 ? `, ${blocked}` : '';
	return [`${first}${second}${left}. The same command reuses what is done and runs the rest again.`];
}

function kept(done: number): string {
	return `${counted(done, 'finished task')} ${done === 1 ? 'is' : 'are'} kept.`;
}

/** What a first Ctrl-C says. */
export const stopping = 'Stopping; what is done is kept. Ctrl-C again ends at once.';

/** What fail-fast says when it stops. */
export const stoppingAfterFailure = 'A task failed and --fail-fast was given: nothing new is started.';

/** What is said once many tasks have failed. */
export const moreFailures = 'More tasks fail; from here on they are only counted.';

/** What a table with gaps says beside its rows. */
export function missingRows(
	table: { readonly target: string; readonly size: number },
	missing: number,
	invocation: Invocation,
): string {
	const build = commandLine(invocation, table.target);
	return `${table.target}: ${count(missing)} of ${counted(table.size, 'row')} have no result yet. To build them: ${build}`;
}

/** Behind a table some of whose results the store cannot give back. */
export function damagedRows(table: { readonly target: string }, damaged: number, invocation: Invocation): string {
	return `${table.target}: ${counted(damaged, 'result')} in the store ${damaged === 1 ? 'is' : 'are'} damaged. ${damagedRemedy(invocation)}`;
}

/** What to do about damaged results. */
export function damagedRemedy(invocation: Invocation): string {
	return `To forget what is damaged: ${commandLine(invocation, 'gc')}  The next build runs it again.`;
}

/** What gc did. */
export function gcSentence(report: GcReport): string {
	const freed = report.freedBytes > 0 ? `, ${bytes(report.freedBytes)} freed` : '';
	const damaged = report.damaged > 0 ? `${counted(report.damaged, 'damaged result')} forgotten, ` : '';
	return `${damaged}${counted(report.removed, 'result')} removed, ${count(report.kept)} kept${freed}.`;
}

/** Where the work folders are that `--keep` left, as they are reached from here. */
export function keptSentence(kept: string | undefined, cwd: string, invocation: Invocation): string {
	if (kept === undefined) return 'No task of this build had a work folder to keep.';
	const near = relative(cwd, kept);
	const folder = near.startsWith('..') ? kept : near;
	return `Work folders kept: ${folder} (index.jsonl says whose they are). To remove them: ${commandLine(invocation, 'gc')}`;
}
