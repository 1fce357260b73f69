// Text in aligned columns. Knows nothing of what stands in them.

/** One column: its heading and on which side its cells are flush. */
export interface TextColumn {
	readonly heading: string;
	readonly align: 'left' | 'right';
}

/** Places that a text takes on a line: two for a wide character, none for escape sequences and accents. */
export function textWidth(text: string): number {
	if (ascii.test(text)) return text.length;
	let width = 0;
	for (const character of text.replace(escapes, '')) width += characterWidth(character);
	return width;
}

function characterWidth(character: string): number {
	if (character < '\u0300') return 1;
	if (wide.test(character)) return 2;
	return placeless.test(character) ? 0 : 1;
}

const ascii = /^[ -~]*$/;
const placeless = /[\p{Mn}\p{Me}\p{Cf}]/u;
// What terminals draw across two places: East Asian scripts, their full-width forms, and pictures.
const wide =
	/[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}\u{20000}-\u{3fffd}]/u;
const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** Lines with the heading first; two spaces between columns, none at the end of a line. */
export function alignedLines(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): readonly string[] {
	const widths = columns.map((column, at) =>
		rows.reduce((widest, row) => Math.max(widest, textWidth(row[at] ?? '')), textWidth(column.heading)),
	);
	const line = (cells: readonly string[]): string =>
		columns
			.map((column, at) => {
				const cell = cells[at] ?? '';
				const gap = ' '.repeat(Math.max(0, (widths[at] ?? 0) - textWidth(cell)));
				return column.align === 'right' ? gap + cell : cell + gap;
			})
			.join('  ')
			.trimEnd();
	return [line(columns.map((column) => column.heading)), ...rows.map(line)];
}

/** The text, or its beginning and an ellipsis of one character where it is wider. */
export function cut(text: string, width: number, ellipsis = '…'): string {
	if (textWidth(text) <= width) return text;
	let kept = '';
	let room = width - 1;
	for (const character of text) {
		room -= characterWidth(character);
		if (room < 0) break;
		kept += character;
	}
	return kept + ellipsis;
}

/** On one line and harmless: what a user's code said must not move our cursor. */
export function oneLine(text: string): string {
	return visible(text.replace(/[\s\u0085]+/gu, ' ').trim());
}

/** Control characters, and those that turn the direction of writing, are shown as `\x1b`; lines and tabs stay. */
export function visible(text: string): string {
	return text.replaceAll('\r\n', '\n').replace(harmful, escaped);
}

/** A character as JavaScript and most shells write it. */
function escaped(character: string): string {
	const code = character.charCodeAt(0);
	return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

const harmful = /(?![\n\t])[\p{Cc}\p{Cs}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
