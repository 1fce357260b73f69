// What all tasks of a rule have in common in their keys, then and now: code, `uses`, `env`, `version`. Compared line by line,
// as the text that the keys begin with; every line that differs becomes a cause.
import type { Cause, How } from './cause.ts';
import { fileCauses, programCauses } from './files.ts';
import { changedParts } from './parts.ts';
import type { RuleSnapshot } from './snapshot.ts';

/** A rule as it is now. */
export type Present = Pick<RuleSnapshot, 'prefix' | 'parts' | 'run' | 'values' | 'scripts'>;

/** Why all keys of the rule differ; empty where they begin with the same text. */
export function prefixCauses(before: Present, now: Present): readonly Cause[] {
	if (before.prefix === now.prefix) return [];
	const [old, present] = [linesOf(before.prefix), linesOf(now.prefix)];
	const causes: Cause[] = [];
	for (const name of new Set([...present.keys(), ...old.keys()])) {
		const [left, right] = [old.get(name), present.get(name)];
		if (left === right) continue;
		if (name === 'recipe') causes.push({ kind: 'code', run: now.run, parts: changedParts(before, now) });
		else if (name === 'uses') causes.push(...usesCauses(left, right, { ...before.values, ...now.values }));
		else if (name === 'files') causes.push(...fileCauses(left, right, [before.scripts, now.scripts]));
		else if (name === 'programs') causes.push(...programCauses(left, right));
		else if (name === 'env') causes.push(...envCauses(left, right));
		else if (name === 'version') causes.push({ kind: 'version', before: left, after: right });
		else causes.push({ kind: 'keys', name });
	}
	return withoutFollowing(causes).sort((a, b) => Number(b.kind === 'code') - Number(a.kind === 'code'));
}

// Where something else changed, other programs may count for that reason: which ones says nothing more.
function withoutFollowing(causes: readonly Cause[]): Cause[] {
	const follows = (cause: Cause) => cause.kind === 'program' && cause.how !== 'changed';
	return causes.every(follows) ? [...causes] : causes.filter((cause) => !follows(cause));
}

/** Lines by their first word; `scanmake key 1` by its first two. */
function linesOf(prefix: string): ReadonlyMap<string, string> {
	const lines = new Map<string, string>();
	for (const line of prefix.split('\n')) {
		if (line === '') continue;
		const [, name = line, rest = ''] = /^(scanmake \w+|\S+) ?(.*)$/s.exec(line) ?? [];
		lines.set(name, lines.has(name) ? `${lines.get(name)}\n${rest}` : rest);
	}
	return lines;
}

/** `["file",path,digest]`, `["tool",[program,…],what it said]`, `["value",digest]`. */
type Used = readonly (string | readonly string[] | null)[];

function usesCauses(before: string | undefined, now: string | undefined, values: RuleSnapshot['values']): Cause[] {
	const old = new Map(usedIn(before).map((used) => [nameOf(used), used]));
	const present = new Map(usedIn(now).map((used) => [nameOf(used), used]));
	const causes: Cause[] = [];
	for (const name of new Set([...present.keys(), ...old.keys()])) {
		const [left, right] = [old.get(name), present.get(name)];
		if (left?.at(-1) === right?.at(-1)) continue;
		const [what = ''] = right ?? left ?? [];
		const how: How = left === undefined ? 'added' : right === undefined ? 'removed' : 'changed';
		const words = [(right ?? left)?.[1] ?? ''].flat().join(' ');
		if (what === 'value') causes.push({ kind: 'uses', what, name: values[words] ?? '', how });
		else if (what === 'file') causes.push({ kind: 'uses', what, name: words, how });
		else causes.push({ kind: 'uses', what: 'tool', name: words, how, ...answers(left, right) });
	}
	return pairedValues(causes);
}

function usedIn(text: string | undefined): readonly Used[] {
	if (text === undefined) return [];
	return JSON.parse(text) as readonly Used[];
}

/** What a tool said of itself; null: it was not there. */
function answers(left: Used | undefined, right: Used | undefined) {
	const said = (used: Used | undefined) => (typeof used?.[2] === 'string' ? used[2].trim() : 'not there');
	return { ...(left && { before: said(left) }), ...(right && { after: said(right) }) };
}

// A value has no other name than what it is.
const nameOf = (used: Used): string => JSON.stringify(used[0] === 'value' ? used : used.slice(0, -1));

/** One value that went and one that came are one that changed. */
function pairedValues(causes: readonly Cause[]): Cause[] {
	const of = (how: How) =>
		causes.flatMap((cause) => (cause.kind === 'uses' && cause.what === 'value' && cause.how === how ? [cause] : []));
	const [gone, come] = [of('removed'), of('added')];
	const pairs = come.slice(0, gone.length).map((added, at): Cause => {
		const { name } = gone[at] ?? added;
		return { kind: 'uses', what: 'value', name: added.name, how: 'changed', before: name, after: added.name };
	});
	const taken = new Set<Cause>([...come.slice(0, pairs.length), ...gone.slice(0, pairs.length)]);
	return [...causes.filter((cause) => !taken.has(cause)), ...pairs];
}

function envCauses(before: string | undefined, now: string | undefined): Cause[] {
	const read = (text: string | undefined) =>
		text === undefined ? {} : (JSON.parse(text) as Record<string, string | null>);
	const [old, present] = [read(before), read(now)];
	const causes: Cause[] = [];
	for (const name of new Set([...Object.keys(present), ...Object.keys(old)])) {
		const shown = (of: Record<string, string | null>) =>
			Object.hasOwn(of, name) ? JSON.stringify(of[name]) : undefined;
		const [left, right] = [shown(old), shown(present)];
		if (left !== right) causes.push({ kind: 'env', name, before: left, after: right });
	}
	return causes;
}
