// Which files or programs of a list as keys have it are other than they were. Knows only names and digests.
import type { Cause } from './cause.ts';
import { changedParts } from './parts.ts';
import type { Scripts } from './snapshot.ts';

/** Scripts then and now; undefined: not known. */
export type KnownScripts = readonly [before: Scripts | undefined, now: Scripts | undefined];

/** `[["data/a.txt","<digest>"],…]` then and now; undefined and empty: none. */
export function fileCauses(
	before: string | undefined,
	now: string | undefined,
	[oldScripts = {}, scripts = {}]: KnownScripts,
): readonly Cause[] {
	const [old, present] = [digestsIn(before), digestsIn(now)];
	const causes: Cause[] = [];
	for (const name of new Set([...present.keys(), ...old.keys()])) {
		const [left, right] = [old.get(name), present.get(name)];
		if (left === right) continue;
		const how = left === undefined ? 'added' : right === undefined ? 'removed' : 'changed';
		const [gone, come] = [oldScripts[name], scripts[name]];
		const isScript = how === 'changed' && gone !== undefined && come !== undefined;
		const changed = isScript ? changedParts({ run: name, parts: gone }, { run: name, parts: come }) : [];
		// some other program may read the script's own text
		const parts = changed.filter(({ kind }) => kind !== 'order');
		causes.push({ kind: 'file', name, how, ...(parts.length === 0 ? {} : { parts }) });
	}
	return causes;
}

/** `[["sort","<digest>"],["nest",null],…]` then and now; undefined: none. */
export function programCauses(before: string | undefined, now: string | undefined): readonly Cause[] {
	const [old, present] = [digestsIn(before), digestsIn(now)];
	const causes = new Map<string, Cause>();
	for (const listed of new Set([...present.keys(), ...old.keys()])) {
		const [left, right] = [old.get(listed), present.get(listed)];
		if (left === right) continue;
		const name = listed.replace(/: sys\.executable$/, '');
		const how = left === undefined ? 'added' : right === undefined ? 'removed' : 'changed';
		const isThere = right !== null;
		if (!causes.has(name)) causes.set(name, { kind: 'program', name, how, wasThere: left !== null, isThere });
	}
	return [...causes.values()];
}

function digestsIn(text: string | undefined): ReadonlyMap<string, string | null> {
	return new Map(text ? (JSON.parse(text) as readonly (readonly [string, string | null])[]) : []);
}
