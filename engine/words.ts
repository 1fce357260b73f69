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

/** The word as a POSIX shell has to be given it; one with control characters shows them, as bash and zsh read them. */
export function shellWord(word: string): string {
	if (/^[\w@%+=:,./-]+$/.test(word)) return word;
	if (!/\p{Cc}/u.test(word)) return `'${word.replaceAll("'", `'\\''`)}'`;
	return `$'${word.replace(/[\\']/g, '\\$&').replace(/\p{Cc}/gu, escaped)}'`;
}

function escaped(character: string): string {
	if (character === '\n') return '\\n';
	if (character === '\t') return '\\t';
	return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
