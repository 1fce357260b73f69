// What is wrong with a shell line by itself: interpolations that stand where quoting does not make them one word.
// Knows the sentences; where an interpolation stands is for the cutter to say.
import type { ShellRecipe } from './recipe.ts';
import { cutShell, type HolePlace } from './shellwords.ts';

/** What is wrong, as a sentence without its full stop. */
export type CommandProblem = string;

/** What is wrong with a shell line by itself: interpolations where quoting does not make them one word. */
export function shellProblems(recipe: ShellRecipe): readonly CommandProblem[] {
	return cutShell(recipe).places.flatMap((place, index) => {
		const why = reasons[place];
		return why === '' ? [] : [`the ${ordinal(index + 1)} \${…} of the shell line stands ${why}`];
	});
}

const inQuotes = (quote: string) => `inside quotes (${quote}); it is quoted by itself: take the quotes around it away`;

const reasons: Readonly<Record<HolePlace, string>> = {
	nothing: '',
	"'": inQuotes("'"),
	'"': inQuotes('"'),
	backquotes: 'inside backquotes, where quoting does not hold; write $(…) instead',
	'here-document':
		'inside a here-document, where quotes are text; write the lines with printf: printf "%s\\n" WORD > file',
	comment: 'inside a comment, which a line break in a value would end; take it out',
	arithmetic: 'inside $((…)), where quotes are wrong; give it to a variable first: n=WORD; echo $((n + 1))',
	backslash: 'behind a backslash, which would take its quotes away; take the backslash out',
	dollar: 'behind a $, which would change the meaning of its quotes; take the $ out or put it in quotes',
};

function ordinal(number: number): string {
	return ['first', 'second', 'third'][number - 1] ?? `${number}th`;
}
