// Parameter sets as the `name=value` words that a user types and reads.
// Knows nothing of tasks; values are data, so one that a shell would split or expand is quoted.
import { type Layout, pointAt } from '../rules/space.ts';
import { conditionWord } from './where.ts';

/** `name=value` words of one row as a shell wants them; `seed` aside, since the others determine it. */
export function parameterWords(layout: Layout, row: number): string {
	return Object.entries(pointAt(layout, row))
		.filter(([name, value]) => name !== 'seed' && value !== undefined)
		.map(([name, value]) => shellWord(conditionWord(name, value ?? null)))
		.join(' ');
}

/** The word as a POSIX shell has to be given it. */
export function shellWord(word: string): string {
	return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
