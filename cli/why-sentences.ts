// The words for why tasks would run: one sentence a group, whose counts add up to the target's tasks.
// Knows neither terminal nor stream, and compares nothing: the engine says what differs.
import { unreachable } from '../engine/errors.ts';
import type { Behind, Cause, PlannedTarget, PlanReport, Sets, WhyGroup, WhyTarget, WhyTask } from '../engine/report.ts';
import { cut, oneLine } from './columns.ts';
import { count, counted, duration, instant } from './numbers.ts';
import { became, codeWords } from './part-words.ts';
import { failureWords } from './sentences.ts';
import { commandLine, type Invocation } from './shell.ts';

/** `2,640 to run: `spikes` ran before with other code: `relayCell` → `decay` in synapse.ts changed.` */
export function groupSentence(target: string, { state, tasks, causes, sets }: Omit<WhyGroup, 'example'>): string {
	const words = causes.map((cause) => causeWords(cause, target, tasks));
	const which = causes.some(namesSets) ? '' : whichWords(sets);
	if (state === 'waiting') {
		const [first = '', ...others] = words;
		const besides = others.length === 0 ? '' : `; besides, ${others.join('; ')}`;
		return oneLine(`${count(tasks)} of ${name(target)}${which} ${first}${besides}.`);
	}
	const namesTarget = causes[0]?.kind === 'code' && which === '';
	return oneLine(`${count(tasks)}${namesTarget ? '' : ` of ${name(target)}${which}`} to run: ${words.join('; ')}.`);
}

/** Sentences about what lies behind causes that are upstream, set in by two spaces for each step. */
export function behindSentences(behind: readonly Behind[], depth = 0): readonly string[] {
	const indent = '  '.repeat(depth);
	const lines = behind.slice(0, behindShown).flatMap((one): readonly string[] => {
		return [`${indent}${behindSentence(one)}`, ...behindSentences(one.behind, depth + 1)];
	});
	const rest = behind.length - behindShown;
	return rest > 0 ? [...lines, `${indent}${count(rest)} more ${rest === 1 ? 'cause' : 'causes'} upstream.`] : lines;
}

const behindShown = 4;

function behindSentence({ rule, state, ...group }: Behind): string {
	if (state === 'to-run') return groupSentence(rule, { state, ...group });
	const { tasks, causes, sets } = group;
	const words = causes.map((cause) => causeWords(cause, rule, tasks)).join('; ');
	const which = causes.some(namesSets) ? '' : whichWords(sets);
	return oneLine(
		`${count(tasks)} of ${name(rule)}${which} ${tasks === 1 ? 'differs' : 'differ'} since then: ${words}.`,
	);
}

/** Whether it says itself which parameter sets are meant. */
function namesSets(cause: Cause): boolean {
	if (cause.kind === 'new-set') return cause.values.length + cause.added.length + cause.removed.length > 0;
	return cause.kind === 'default' || cause.kind === 'seed' || cause.kind === 'file';
}

/** ` (weight=0.4)`; nothing where it takes more than a few words. */
function whichWords(sets: Sets | undefined): string {
	if (sets === undefined || (sets.isAll && sets.count > 1)) return '';
	const words = sets.where ?? (sets.count === 1 ? sets.examples : undefined);
	return words === undefined || words.join('') === '' ? '' : ` (${words.join(' ')})`;
}

/** The end of a sentence about so many tasks of a target. */
export function causeWords(cause: Cause, target: string, tasks: number): string {
	const [it, its] = tasks === 1 ? ['it', 'its'] : ['they', 'their'];
	switch (cause.kind) {
		case 'first':
			return 'no build of it is remembered in this store';
		case 'code':
			return `${name(target)} ran before with ${isProgram(cause) ? 'another command' : 'other code'}: ${codeWords(cause)}`;
		case 'uses':
			return usesWords(cause);
		case 'env':
			return envWords(cause);
		case 'version':
			return wentWords('its version', cause.before, cause.after);
		case 'keys':
			return `scanmake makes keys in another way (${cause.name})`;
		case 'new-set':
			return `${it} ${tasks === 1 ? 'was' : 'were'} not in the scan before${newWords(cause)}`;
		case 'default':
			return wentWords(`the default of ${name(cause.name)}`, cause.before, cause.after);
		case 'seed':
			return `${its} ${tasks === 1 ? 'seed is' : 'seeds are'} made in another way (${cause.before} → ${cause.after})`;
		case 'input':
			return inputWords(cause, its, tasks);
		case 'rows':
			return rowsWords(cause);
		case 'file':
			return fileWords(cause);
		case 'program':
			return programWords(cause);
		case 'failed':
			return `${it} failed the last time${tasks === 1 ? '' : ', for instance so'}: ${failureWords(cause.failure)}`;
		case 'unfinished':
			return cause.how === 'blocked'
				? `${it} could not run in the last build for want of an input`
				: `the last build did not come to ${tasks === 1 ? 'it' : 'them'} (--where, or it was stopped)`;
		case 'gone':
			return `nothing changed, but ${its} ${tasks === 1 ? 'result is' : 'results are'} not in the store any more`;
		case 'again':
			return `nothing of ${tasks === 1 ? 'it' : 'them'} changed, but ${it} ran again and gave ${tasks === 1 ? 'another result' : 'other results'}`;
		case 'waits': {
			const rules = [...new Set(cause.inputs.map(({ rule }) => name(rule)))].join(', ');
			return `${tasks === 1 ? 'waits' : 'wait'} for ${rules} to run first`;
		}
		default:
			return unreachable(cause);
	}
}

function isProgram({ parts }: Extract<Cause, { kind: 'code' }>): boolean {
	return parts.some(({ kind }) => kind === 'words');
}

/** As it is typed. */
export function name(text: string): string {
	return `\`${text}\``;
}

/** `LEVEL went from "1" to "2"`. */
function wentWords(what: string, before: string | undefined, after: string | undefined): string {
	if (before === undefined) return after === undefined ? `${what} changed` : `${what} is now ${after}`;
	return after === undefined ? `${what} was ${before} and is gone` : `${what} went from ${before} to ${after}`;
}

function usesWords({ what, name: used, how, before, after }: Extract<Cause, { kind: 'uses' }>): string {
	if (what === 'file') return `the file ${used} of its uses ${became[how]}`;
	if (what === 'value') {
		if (how === 'changed') return wentWords('a value of its uses', before || undefined, after || undefined);
		return `${used === '' ? 'a value' : `the value ${used}`} of its uses ${became[how]}`;
	}
	if (how !== 'changed') return `the tool ${name(used)} of its uses ${became[how]}`;
	return `${name(used)} says ${cutValue(after)} and said ${cutValue(before)}`;
}

function envWords({ name: variable, before, after }: Extract<Cause, { kind: 'env' }>): string {
	const shown = (value: string | undefined) => (value === 'null' ? 'not set' : cutValue(value));
	const what = `the environment variable ${variable}`;
	if (before === undefined) return `${what} is new in its env`;
	return after === undefined ? `${what} is gone from its env` : `${what} went from ${shown(before)} to ${shown(after)}`;
}

function programWords({ name: program, how, wasThere, isThere }: Extract<Cause, { kind: 'program' }>): string {
	const what = `the program ${program}`;
	if (how === 'added') return `${what} counts, which its keys did not have before`;
	if (how === 'removed') return `${what} does not count any more`;
	if (!isThere) return `${what} is not there any more`;
	return wasThere ? `${what} changed` : `${what} is there now and was not`;
}

const longest = 60;

function cutValue(text = ''): string {
	return cut(oneLine(text), longest);
}

function newWords({ values, added, removed }: Extract<Cause, { kind: 'new-set' }>): string {
	const parts = [
		...added.map((one) => `the parameter ${name(one)} is new`),
		...removed.map((one) => `the parameter ${name(one)} is gone`),
		...values.map(({ name: one, values: some, more }) => {
			const rest = more === 0 ? '' : ` and ${count(more)} more`;
			return `new for ${name(one)}: ${some.map((value) => cutValue(value)).join(', ')}${rest}`;
		}),
	];
	return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}

function inputWords(cause: Extract<Cause, { kind: 'input' }>, its: string, tasks: number): string {
	const which = whichWords(cause.sets);
	const input = `${its} input ${name(cause.name)}${which}`;
	if (cause.how === 'added') return `${input} is new`;
	if (cause.how === 'removed') return `the input ${name(cause.name)} is gone`;
	const short = (digest: string) => digest.slice(0, 8);
	const digests = cause.before && cause.after ? ` (${short(cause.before)} → ${short(cause.after)})` : '';
	return `${input} has ${tasks === 1 ? 'another result' : 'other results'}${digests}`;
}

function fileWords({ name: first, how, parts, others = [], more = 0 }: Extract<Cause, { kind: 'file' }>): string {
	if (parts !== undefined) return `the script ${first} ran before with other code: ${codeWords({ run: first, parts })}`;
	if (others.length === 0) return `the file ${first} that the command names ${became[how]}`;
	const rest = more === 0 ? '' : ` and ${count(more)} more`;
	const becameAll = { changed: 'changed', added: 'are new', removed: 'are gone' } as const;
	return `the files ${[first, ...others].join(', ')}${rest} that the command names ${becameAll[how]}`;
}

function rowsWords(cause: Extract<Cause, { kind: 'rows' }>): string {
	const { name: input, changed, added, removed, isReordered, changedSets, addedSets, removedSets } = cause;
	const rows = (number: number, sets: Sets | undefined) => `${counted(number, 'row')}${rowsWith(sets)}`;
	const parts = [
		changed === 0 ? '' : `${rows(changed, changedSets)} ${changed === 1 ? 'has another result' : 'have other results'}`,
		added === 0 ? '' : `${rows(added, addedSets)} ${added === 1 ? 'is' : 'are'} new`,
		removed === 0 ? '' : `${rows(removed, removedSets)} ${removed === 1 ? 'is' : 'are'} gone`,
		isReordered ? 'the rows come in another order' : '',
	].filter((part) => part !== '');
	return `of ${name(input)}, ${parts.join(', ')}`;
}

/** ` with weight=0.4`, ` (weight=0.4 trial=1, weight=0.6 trial=1 and 8 more)`. */
function rowsWith(sets: Sets | undefined): string {
	if (sets === undefined || (sets.isAll && sets.count > 1)) return '';
	if (sets.where !== undefined) return ` with ${sets.where.join(' ')}`;
	const examples = sets.examples ?? [];
	const rest = sets.count - examples.length;
	return ` (${examples.join(', ')}${rest > 0 ? ` and ${count(rest)} more` : ''})`;
}

/** What stands above the sentences of a target. */
export function whyHeading({ name: target, tasks, reused, left, groups }: WhyTarget): string {
	if (tasks === reused) return `${target}: ${counted(tasks, 'task')}, ${tasks === 1 ? '' : 'all '}reused`;
	const sum = (state: WhyGroup['state']) => groups.reduce((all, one) => all + (one.state === state ? one.tasks : 0), 0);
	const numbers = [
		[reused, 'reused'],
		[sum('to-run'), 'to run'],
		[sum('waiting'), 'waiting'],
		[left, 'left aside'],
	] as const;
	const shown = numbers.filter(([number]) => number > 0).map(([number, what]) => `${count(number)} ${what}`);
	return `${target}: ${counted(tasks, 'task')}: ${shown.join(', ')}`;
}

/** What is said of one task: whether it would run, and each part of its key that changed. */
export function taskSentences(task: WhyTask): readonly string[] {
	const { target, parameters, state, causes, build, endedAt, behind = [] } = task;
	const what = oneLine(`${target}${parameters === '' ? '' : ` ${parameters}`}`);
	const when = endedAt === undefined ? '' : `, of ${instant(endedAt)}`;
	if (state === 'reused') {
		const since = build === undefined ? '' : `: its result is of build ${build.number}${when}`;
		return [`${what} is reused${since}.`];
	}
	const compared = build === undefined ? '' : ` Compared with build ${build.number} of ${instant(build.startedAt)}:`;
	const words = causes.map((cause) => oneLine(`${causeWords(cause, target, 1)}.`));
	return [
		`${what} ${state === 'waiting' ? 'has to wait' : 'would run'}.${compared}`,
		...words.map((one) => `- ${one}`),
		...behindSentences(behind, 1),
	];
}

const groupsShown = 3;

/** Why the tasks of a planned target would run: the largest groups, and how to see the others. */
export function planSentences(target: PlannedTarget, invocation: Invocation): readonly string[] {
	const { name: of, groups } = target;
	const shown = groups.slice(0, groupsShown).map((group) => groupSentence(of, group));
	const rest = groups.slice(groupsShown);
	if (rest.length === 0) return shown;
	const tasks = rest.reduce((sum, group) => sum + group.tasks, 0);
	return [...shown, `${count(tasks)} more of ${name(of)} for other reasons: ${commandLine(invocation, 'why', of)}`];
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
