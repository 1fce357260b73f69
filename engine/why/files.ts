// Which files of a list as keys have it are other than they were. Knows only names and digests.
import type { Cause } from './cause.ts';

/** `[["data/a.txt","<digest>"],…]` then and now; undefined and empty: none. */
export function fileCauses(before: string | undefined, now: string | undefined): readonly Cause[] {
	const [old, present] = [digestsIn(before), digestsIn(now)];
	const causes: Cause[] = [];
	for (const name of new Set([...present.keys(), ...old.keys()])) {
		const [left, right] = [old.get(name), present.get(name)];
		if (left === right) continue;
		causes.push({
			kind: 'file',
			name,
			how: left === undefined ? 'added' : right === undefined ? 'removed' : 'changed',
		});
	}
	return causes;
}

function digestsIn(text: string | undefined): ReadonlyMap<string, string> {
	return new Map(text ? (JSON.parse(text) as readonly (readonly [string, string])[]) : []);
}
