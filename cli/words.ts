// What may stand on the command line: names of commands and options, and where the command stands among the words.
// Knows no command's doing; it is looked at before anything else is loaded.

/** Commands that are there. */
export const commandNames = [
	'build',
	'plan',
	'why',
	'show',
	'table',
	'graph',
	'checkout',
	'gc',
	'doctor',
	'init',
	'completion',
] as const;

export type CommandName = (typeof commandNames)[number];

/** Commands of a later time; their names are taken, too. */
export const laterCommands: readonly string[] = [
	...['query', 'status', 'watch', 'dashboard'],
	...['try', 'log', 'verify', 'lock', 'export', 'import', 'remote', 'cancel'],
];

/** Options that take a value: the word behind them is no target. */
export const valueOptions: readonly string[] = [
	...['-f', '--file', '--store', '-j', '--jobs', '--where', '--format', '-o', '--output', '--on', '--trace', '--line'],
];

/** Options that stand alone. */
export const flags: readonly string[] = [
	...['--json', '--quiet', '--no-color', '--keep-going', '--fail-fast', '--dry-run', '--keep', '--json-events'],
	...['--words', '-h', '--help', '--version'],
];

/** Options of a later time. */
export const laterOptions: readonly string[] = ['--on'];

/** The words of a command line, sorted. */
export interface Arranged {
	/** The command named; `build` where none is. */
	readonly command: string;
	/** Whether the command was written out. */
	readonly named: boolean;
	/** All other words, in order, `-j4` taken apart. */
	readonly words: readonly string[];
	/** Those of `words` that are flags: neither targets nor values of options. */
	readonly flags: readonly string[];
}

/** Finds the command: the first word that is neither an option nor an option's value. */
export function arrange(typed: readonly string[]): Arranged {
	const words: string[] = [];
	const found: string[] = [];
	let command: string | undefined;
	let targetsBegan = false;
	for (let at = 0; at < typed.length; at++) {
		const word = typed[at] ?? '';
		if (word === '--') {
			words.push(...typed.slice(at));
			break;
		}
		if (word.startsWith('-') && word !== '-') {
			const joined = /^(-[fjo])([^=].*)$/s.exec(word);
			if (joined !== null) words.push(joined[1] ?? '', joined[2] ?? '');
			else if (valueOptions.includes(word) && at + 1 < typed.length) words.push(word, typed[++at] ?? '');
			else {
				words.push(word);
				found.push(word);
			}
		} else if (!targetsBegan && isCommand(word)) {
			command = word;
			targetsBegan = true;
		} else {
			words.push(word);
			targetsBegan = true;
		}
	}
	return { command: command ?? 'build', named: command !== undefined, words, flags: found };
}

/** Whether the word is a command, now or later. */
export function isCommand(word: string): boolean {
	return (commandNames as readonly string[]).includes(word) || laterCommands.includes(word);
}
