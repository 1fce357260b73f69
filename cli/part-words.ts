// The words for what of a recipe changed: declarations by name and file, statements, values, packages.
// Knows no target and no task.
import { unreachable } from '../engine/errors.ts';
import type { Cause, ChangedPart } from '../engine/report.ts';
import { cut, oneLine } from './columns.ts';
import { count } from './numbers.ts';

const partsShown = 3;
const betweenShown = 2;
const longestCommand = 80;
/** Characters of a long line in front of what changed. */
const shownBefore = 20;

/** The first parts, with the function that was given as `run` in front, and how many more. */
export function codeWords({ run, parts }: Pick<Extract<Cause, { kind: 'code' }>, 'run' | 'parts'>): string {
	const files = new Set(
		parts.flatMap(({ kind, file }) => (kind === 'declaration' || kind === 'statement' ? [file] : [])),
	);
	// a file as a whole says nothing where what changed in it is named
	const named = parts.filter(({ kind, file }) => kind !== 'file' || !files.has(file));
	const shown = named.slice(0, partsShown).map((part, at) => `${at === 0 ? wayTo(part, run) : ''}${partWords(part)}`);
	const rest = named.length - shown.length;
	if (rest > 0) return `${shown.join(', ')} and ${count(rest)} more`;
	return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** `\`relayCell\` → \`decay\` → `: what stands between the function that was given as `run` and a part. */
function wayTo({ kind, name, path = [] }: ChangedPart, run: string): string {
	if (run === '' || kind === 'order' || name === run) return '';
	const between = kind === 'package' ? [] : path.filter((one) => one !== run);
	const shown = between.slice(-betweenShown).map((one) => `\`${oneLine(one)}\``);
	const way = [`\`${run}\``, ...(between.length > betweenShown ? ['…'] : []), ...shown];
	return `${way.join(' → ')} → `;
}

/** What became of something, at the end of a sentence about it. */
export const became = { changed: 'changed', added: 'is new', removed: 'is gone' } as const;

function partWords(part: ChangedPart): string {
	const { kind, file, name, how, before, after, movedFrom } = part;
	const where = file === '' ? '' : ` in ${file}`;
	const what = oneLine(name);
	switch (kind) {
		case 'declaration':
			if (movedFrom !== undefined && movedFrom === before) return `\`${what}\` moved from ${movedFrom} to ${file}`;
			if (movedFrom !== undefined) return `\`${what}\`, which was in ${movedFrom} and is in ${file}, changed`;
			if (before !== undefined && after !== undefined && before !== after)
				return `\`${what}\`${where} went from ${oneLine(before)} to ${oneLine(after)}`;
			if (what === 'default') return `${file.endsWith('.json') ? '' : 'the default export of '}${file} ${became[how]}`;
			return `\`${what}\`${where} ${became[how]}`;
		case 'statement':
			if (before !== undefined && after !== undefined)
				return `the statement ${statement(before)}${where} is now ${statement(after)}`;
			return `the statement ${statement(what)}${where} ${became[how]}`;
		case 'value':
		case 'variable': {
			const thing = kind === 'value' ? `the value of ${valueName(what)}${where}` : `the environment ${what}`;
			const shown = (value: string) => (value === 'null' ? 'not set' : value);
			if (before === undefined || after === undefined) return `${thing} ${became[how]}`;
			return `${thing} went from ${shown(before)} to ${shown(after)}`;
		}
		case 'package':
			return packageWords(part);
		case 'file':
			return file === '' ? 'the code around it changed' : `the file ${file} ${became[how]}, all of which counts`;
		case 'number':
			return `its number among the functions made at that place went from ${before} to ${after}`;
		case 'words':
			if (name === 'output')
				return `its output is read as ${after ?? 'a result'} and was read as ${before ?? 'a result'}`;
			return commandWords(part);
		case 'order':
			return `\`${what}\`${where} refers to other declarations, or they are in another order`;
		default:
			return unreachable(kind);
	}
}

/** What the part is called that the interpreter is. */
const interpreter = 'package python';
/** In place of a version. */
const absent = 'not installed';

/** `the package numpy went from 1.24.2 to 1.26.0`, `Python went from 3.11 to 3.12`. */
function packageWords({ name, how, before: old, after: now, path = [] }: ChangedPart): string {
	const needing = path.length === 0 ? '' : `, which ${path.join(', ')} needs,`;
	const what = name === interpreter ? 'Python' : `the ${oneLine(name)}`;
	if (how !== 'changed') return `${what}${(now ?? old) === undefined ? '' : ` ${now ?? old}`}${needing} ${became[how]}`;
	if (old === undefined || now === undefined) return `${what}${needing} changed`;
	if (old === absent) return `${what}${needing} was ${absent} and is ${now} now`;
	if (now === absent) return `${what} ${old}${needing} is ${absent} any more`;
	return old === now ? `what ${what} resolves to changed` : `${what}${needing} went from ${old} to ${now}`;
}

function statement(text: string): string {
	return `\`${cut(oneLine(text), 40)}\``;
}

function valueName(what: string): string {
	return `\`${what.replace(/^value of /, '')}\``;
}

/** Both lines from a little before the place where they part. */
function commandWords({ how, before, after }: ChangedPart): string {
	if (how === 'added') return `${after === undefined ? 'a program' : lineFrom(after, 0)} in place of a function`;
	if (how === 'removed') return `a function in place of ${before === undefined ? 'a program' : lineFrom(before, 0)}`;
	if (before === undefined || after === undefined) return 'its words changed';
	let at = 0;
	while (at < before.length && before[at] === after[at]) at++;
	const start = Math.max(before.length, after.length) <= longestCommand ? 0 : Math.max(0, at - shownBefore);
	return `${lineFrom(before, start)} → ${lineFrom(after, start)}`;
}

function lineFrom(text: string, start: number): string {
	return `\`${start > 0 ? '…' : ''}${cut(oneLine(text.slice(start)), longestCommand)}\``;
}
