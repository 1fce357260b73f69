// Text in aligned columns. Knows nothing of what stands in them.

/** One column: its heading and on which side its cells are flush. */
export interface TextColumn {
	readonly heading: string;
	readonly align: 'left' | 'right';
}

/** Characters that a text takes, escape sequences not counted. */
export function textWidth(text: string): number {
	return [...text.replace(escapes, '')].length;
}

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

/** The text, or its beginning and an ellipsis where it is wider. */
export function cut(text: string, width: number): string {
	const characters = [...text];
	return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** On one line and without control characters: what a user's code said must not move our cursor. */
export function oneLine(text: string): string {
	return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
