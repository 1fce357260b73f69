// Colours of the terminal, or none, and whether it shows more than ASCII. Knows only text and the variables of the process.

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** Text in a style; as it is where there are no colours. */
export type Paint = (style: Style, text: string) => string;

const codes: Readonly<Record<Style, readonly [number, number]>> = {
	bold: [1, 22],
	dim: [2, 22],
	red: [31, 39],
	green: [32, 39],
	yellow: [33, 39],
};

/** Leaves every text as it is. */
export const plain: Paint = (_style, text) => text;

/** Paints with escape sequences. */
export const coloured: Paint = (style, text) => {
	const [on, off] = codes[style];
	return text === '' ? '' : `\x1b[${on}m${text}\x1b[${off}m`;
};

/** Whether colours are wanted decides a terminal, NO_COLOR and --no-color. */
export function paintFor(
	isTerminal: boolean,
	env: Readonly<Record<string, string | undefined>>,
	noColor: boolean,
): Paint {
	const { NO_COLOR: unwanted = '' } = env;
	return isTerminal && !noColor && unwanted === '' ? coloured : plain;
}

/** Whether the locale's characters are Unicode, as POSIX reads its variables. */
export function isUnicode(env: Readonly<Record<string, string | undefined>>): boolean {
	const { LC_ALL: all = '', LC_CTYPE: characters = '', LANG: language = '' } = env;
	return /utf-?8/i.test(all || characters || language);
}
