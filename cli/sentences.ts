// The words for what happened: failures, reasons, what to do next. The one place that makes sentences of the engine's data.
// Knows neither terminal nor stream; a caller decides where a sentence goes.
import { type Complaint, type ErrorKind, unreachable } from '../engine/errors.ts';
import type { Failure } from '../engine/outcome.ts';
import type { BuildReport, FailedTask, GcReport, PlannedTarget, PlanReport, TargetReport } from '../engine/report.ts';
import { oneLine } from './columns.ts';
import { bytes, count, counted, duration } from './numbers.ts';
import { commandLine, type Invocation, sameCommand } from './shell.ts';

/** The exit status of what scanmake could not do: 2 the command line or the Scanfile, 3 the rest. */
export function exitStatus(kind: ErrorKind): number {
	return kind === 'usage' || kind === 'scanfile' ? 2 : 3;
}

/** `Scanfile.ts:12: message`. */
export function problemLine(problem: Complaint): string {
	if (problem.file === undefined) return problem.message;
	return `${problem.file}:${problem.line === undefined ? '' : `${problem.line}:`} ${problem.message}`;
}

/** How a task failed, as the end of a sentence that begins with the task. */
export function failureWords(failure: Failure): string {
	switch (failure.kind) {
		case 'threw':
			return `threw ${thrown(oneLine(failure.message))}${placeIn(failure.stack)}`;
		case 'timed-out':
			return `took longer than its timeout of ${asTyped(failure.timeoutSeconds)} and was stopped`;
		case 'exited':
			return `ended its process with exit status ${failure.status}`;
		case 'out-of-memory':
			return 'ran out of memory';
		case 'crashed':
			return `took its worker down: ${oneLine(failure.message)}`;
		case 'not-plain':
			return `its result is no plain data: ${failure.path === '' ? '' : `at ${failure.path} `}there is ${oneLine(failure.what)}`;
		case 'missing-output':
			return `did not write the file ${JSON.stringify(failure.output)} that it asked a path for`;
		case 'work-path-in-result':
			return `its result contains a path of io${failure.path === '' ? '' : ` (at ${failure.path})`}; return the file's name instead`;
		default:
			return unreachable(failure);
	}
}

/** A duration as its author may have written it: `0.3 s`, `1 min 30 s`. */
function asTyped(seconds: number): string {
	return seconds < 60 ? `${Number(seconds.toPrecision(3))} s` : duration(seconds);
}

/** An error without a kind of its own comes as its message alone, and what is no error as `a thrown string: …`. */
function thrown(message: string): string {
	if (message.startsWith('a thrown ')) return message.replace('thrown ', '');
	return /^[A-Z]\w*: /.test(message) ? message : `Error: ${message}`;
}

/** The first place that a stack names, as ` (model.ts:12)`. */
function placeIn(stack: string): string {
	const found = /(?:^|[\s(])([^\s()]+\.[cm]?[jt]sx?:\d+):\d+\)?\s*$/m.exec(stack);
	return found === null ? '' : ` (${found[1]})`;
}

/** What failed: the rule and the parameter set, and how. */
export function failedTask(task: {
	readonly rule: string;
	readonly parameters: string;
	readonly failure: Failure;
}): string {
	const name = task.parameters === '' ? task.rule : `${task.rule} ${task.parameters}`;
	return `${name}: ${failureWords(task.failure)}`;
}

/** The command that shows a task's output. The parameters are words for a shell already. */
export function showCommand(task: Pick<FailedTask, 'target' | 'parameters'>, invocation: Invocation): string {
	const command = commandLine(invocation, 'show', task.target);
	return task.parameters === '' ? command : `${command} ${task.parameters}`;
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
	if (report.broken !== undefined) return [`scanmake could not go on: ${report.broken.message}`, kept(done)];
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

/** Why the tasks of a target would run; undefined where none would. */
export function planSentence(target: PlannedTarget): string | undefined {
	const run = counted(target.toRun, 'task');
	const waiting =
		target.unknown > 0
			? `${counted(target.unknown, 'task')} ${target.unknown === 1 ? 'waits' : 'wait'} for inputs that have to run first`
			: '';
	switch (target.reason.kind) {
		case 'nothing-to-do':
			return undefined;
		case 'inputs-first':
			return `${target.name}: ${waiting}.`;
		case 'new-code':
			return `${target.name}: ${join(`${run} would run, since this code has never run in this store`, waiting)}.`;
		case 'new-sets':
			return `${target.name}: ${join(knownCodeSentence(target.toRun, target.reason.failedBefore ?? 0), waiting)}.`;
		default:
			return unreachable(target.reason);
	}
}

function knownCodeSentence(toRun: number, failed: number): string {
	const run = `${counted(toRun, 'task')} would run`;
	const others = 'the code is known, but not with these parameters, inputs, uses, env or version';
	if (failed === 0) return `${run}: ${others}`;
	if (failed === toRun) return `${run}: ${toRun === 1 ? 'it' : 'they'} failed the last time`;
	return `${run}: ${counted(failed, 'task')} failed the last time; as for the others, ${others}`;
}

function join(first: string, second: string): string {
	return second === '' ? first : `${first}; ${second}`;
}

/** The last line of a plan. */
export function planEnd(report: PlanReport): string {
	const sum = (of: (target: PlannedTarget) => number): number =>
		report.targets.reduce((total, target) => total + of(target), 0);
	const [toRun, unknown] = [sum((target) => target.toRun), sum((target) => target.unknown)];
	if (toRun + unknown === 0) {
		const tasks = counted(
			sum((target) => target.reused),
			'task',
		);
		return `Nothing to do: ${counted(report.targets.length, 'target')}, ${tasks} up to date (${duration(report.seconds)})`;
	}
	const more = unknown > 0 ? `, and up to ${count(unknown)} more whose inputs are not known yet` : '';
	return `${counted(toRun, 'task')} would run${more} (planned in ${duration(report.seconds)}).`;
}

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
