// The JSON that programs read: fields, names and order are part of the contract with them.
// Knows no stream; each function returns the text of one object.
import { type Complaint, UserError } from '../engine/errors.ts';
import type { BuildReport, PlanReport, TaskView, WhyGroup, WhyReport } from '../engine/report.ts';
import { jsonOf } from './flatten.ts';
import { groupSentence, taskSentences } from './why-sentences.ts';

/** What a build did: per target tasks = reused + ran + failed + blocked + left. */
export function buildJson(report: BuildReport): string {
	const targets = report.targets.map(({ name, rule, tasks, reused, ran, failed, blocked, left, seconds }) => ({
		...{ name, rule, tasks, reused, ran, failed, blocked, left },
		seconds: rounded(seconds),
	}));
	const problems = report.broken === undefined ? {} : { problems: [{ message: report.broken.message }] };
	return JSON.stringify({ targets, ok: report.ok, seconds: rounded(report.seconds), ...problems });
}

/** What a build would do: per target tasks = reused + toRun + unknown + failed + blocked + left. */
export function planJson(report: PlanReport): string {
	const targets = report.targets.map(({ name, rule, tasks, reused, toRun, unknown, blocked, left }) => ({
		...{ name, rule, tasks, reused, toRun, unknown, failed: 0, blocked, left },
		seconds: 0,
	}));
	const reasons = report.targets.flatMap(({ name, groups }) =>
		groups.map((group) => ({ target: name, ...reasonOf(name, group) })),
	);
	return JSON.stringify({ targets, ok: report.ok, seconds: rounded(report.seconds), reasons });
}

/** Why tasks would run: per target tasks = reused + left + those of all reasons; or one task. */
export function whyJson(report: WhyReport): string {
	const seconds = rounded(report.seconds);
	if (report.kind === 'task') {
		const { key, build, endedAt, ...task } = report.task;
		const known = { key: key ?? null, build: build ?? null, endedAt: endedAt ?? null };
		return JSON.stringify({ ...task, ...known, sentences: taskSentences(report.task), ok: true, seconds });
	}
	const targets = report.targets.map(({ groups, ...target }) => ({
		...target,
		reasons: groups.map((group) => reasonOf(target.name, group)),
	}));
	return JSON.stringify({ targets, ok: true, seconds });
}

function reasonOf(target: string, group: WhyGroup) {
	const { tasks, state, example, causes, sets, behind } = group;
	return { tasks, state, sentence: groupSentence(target, group), example, causes, sets, behind };
}

/** What is wrong, for `problemsJson`. */
export function problemsOf(error: unknown): readonly Complaint[] {
	if (error instanceof UserError) return error.problems;
	return [{ message: error instanceof Error ? error.message : String(error) }];
}

/** Why scanmake could not start. */
export function problemsJson(problems: readonly Complaint[]): string {
	const list = problems.map(({ message, file, line }) => ({ message, file, line }));
	return JSON.stringify({ ok: false, problems: list });
}

/** One task; what is not known is null. */
export function taskJson(task: TaskView): string {
	const { key, digest, result, failure, seconds, endedAt, attempt, build, ...known } = task;
	const unknown = { key, digest, result, failure, seconds, endedAt, attempt, build };
	return jsonOf({
		...known,
		...Object.fromEntries(Object.entries(unknown).map(([name, value]) => [name, value ?? null])),
	});
}

/** Milliseconds are enough. */
function rounded(seconds: number): number {
	return Math.round(seconds * 1000) / 1000;
}
