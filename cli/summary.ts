// What a build leaves on the screen at its end: a table that accounts for every task, the files written, the failures.
// Lays out; the sentences are those of sentences.ts.
import { isAbsolute, relative, sep } from 'node:path';
import type { BuildReport, FailedTask, TargetReport } from '../engine/report.ts';
import { alignedLines, cut, oneLine, textWidth } from './columns.ts';
import { count, counted, duration } from './numbers.ts';
import type { Paint } from './paint.ts';
import { failedAlike, failuresSaid, failureWords, goOn, nothingToDo, showCommand, totals } from './sentences.ts';
import type { Invocation } from './shell.ts';

/** How wide and how coloured, and how scanmake was called. */
export interface SummaryStyle {
	readonly columns: number;
	readonly paint: Paint;
	readonly invocation: Invocation;
	readonly cwd: string;
}

const kindsShown = 8;
const setsShown = 3;

/** The whole summary; one line where there was nothing to do. */
export function summaryLines(report: BuildReport, style: SummaryStyle): readonly string[] {
	const nothing = nothingToDo(report);
	if (nothing !== undefined) return [nothing];
	return [
		...accountLines(report, style),
		...writtenLines(report, style.cwd),
		...failureLines(report, style, failuresSaid),
		...goOn(report, style.invocation),
	];
}

/** What `--quiet` leaves: the errors. */
export function errorLines(report: BuildReport, style: SummaryStyle): readonly string[] {
	return [...failureLines(report, style, 0), ...goOn(report, style.invocation)];
}

/** Tasks per target: tasks = reused + ran + failed + blocked + left. */
function accountLines(report: BuildReport, style: SummaryStyle): readonly string[] {
	const total = { ...totals(report.targets), seconds: report.seconds };
	const all = report.targets.length > 1 ? [...report.targets, total] : report.targets;
	const full = accountTable(all, () => true, style.paint);
	if (full.every((line) => textWidth(line) <= style.columns)) return full;
	// On a narrow screen the columns that are zero everywhere go first, then the time.
	const filled = accountTable(
		all,
		(field) => field === 'tasks' || field === 'seconds' || total[field] > 0,
		style.paint,
	);
	if (filled.every((line) => textWidth(line) <= style.columns)) return filled;
	return accountTable(all, (field) => field === 'tasks' || (field !== 'seconds' && total[field] > 0), style.paint);
}

type Field = 'tasks' | 'reused' | 'ran' | 'failed' | 'blocked' | 'left' | 'seconds';
const fields: readonly Field[] = ['tasks', 'reused', 'ran', 'failed', 'blocked', 'left', 'seconds'];

function accountTable(
	targets: readonly TargetReport[],
	shown: (field: Field) => boolean,
	paint: Paint,
): readonly string[] {
	const kept = fields.filter(shown);
	const headings = kept.map((field) => ({ heading: field === 'seconds' ? 'time' : field, align: 'right' as const }));
	const rows = targets.map((target) => [cut(target.name, 24), ...kept.map((field) => cell(target, field, paint))]);
	return alignedLines([{ heading: '', align: 'left' }, ...headings], rows);
}

function cell(target: TargetReport, field: Field, paint: Paint): string {
	if (field === 'seconds') return duration(target.seconds);
	const text = count(target[field]);
	if (target[field] === 0) return paint('dim', text);
	if (field === 'failed') return paint('red', text);
	if (field === 'blocked' || field === 'left') return paint('yellow', text);
	return field === 'ran' ? paint('green', text) : text;
}

function writtenLines(report: BuildReport, cwd: string): readonly string[] {
	return report.written.flatMap(({ target, paths }) =>
		paths.map((path) => `${target} wrote ${oneLine(pathFrom(cwd, path))}`),
	);
}

/** As it is typed from here, unless that leads far away. */
function pathFrom(cwd: string, path: string): string {
	const near = relative(cwd, path);
	return near.startsWith(`..${sep}..`) || isAbsolute(near) ? path : near;
}

/**
 * Failures of one kind together: how many, how, and the command that shows more. The first `said` of the report were
 * said in full as they happened; of the others the first parameter sets are named.
 */
function failureLines(report: BuildReport, style: SummaryStyle, said: number): readonly string[] {
	const kinds = new Map<string, FailedTask[]>();
	for (const task of report.failures) {
		const kind = JSON.stringify([task.target, failureWords(task.failure)]);
		const tasks = kinds.get(kind);
		if (tasks === undefined) kinds.set(kind, [task]);
		else tasks.push(task);
	}
	const already = new Set(report.failures.slice(0, said));
	const unmentioned = totals(report.targets).failed - report.failures.length;
	const lines: string[] = [];
	for (const tasks of [...kinds.values()].slice(0, kindsShown)) {
		const [first] = tasks;
		if (first === undefined) continue;
		lines.push(
			style.paint('red', failedAlike(first, tasks.length, unmentioned > 0 ? report.failures.length : undefined)),
		);
		const named = tasks.length === 1 ? [] : tasks.filter((task) => !already.has(task)).slice(0, setsShown);
		lines.push(...named.map(({ parameters }) => `  ${oneLine(parameters)}`));
		const more = tasks.length - named.length;
		if (named.length > 0 && more > 0) lines.push(`  … and ${count(more)} more that failed alike`);
		lines.push(`  Its output: ${showCommand(first, style.invocation)}`);
	}
	const otherKinds = kinds.size - kindsShown;
	if (otherKinds > 0) lines.push(`… and ${counted(otherKinds, 'more kind')} of failure`);
	if (unmentioned > 0) lines.push(`… and ${counted(unmentioned, 'more failed task')}`);
	return lines;
}
