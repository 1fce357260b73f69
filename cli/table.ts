// A target's rows as text: CSV, a JSON array, JSON lines, aligned columns. Rows go by one at a time.
// Knows neither stream nor file; every format is an iterable of pieces of text.
import type { TableReader } from '../engine/report.ts';
import { cut, oneLine, textWidth } from './columns.ts';
import { columnsOf, eachField, jsonOf } from './flatten.ts';

/** CSV after RFC 4180, but with line feeds alone; the columns are those of all rows, so these are read twice. */
export function* csvText(table: TableReader): Generator<string> {
	const columns = columnsOf(table);
	yield `${columns.map(csvCell).join(',')}\n`;
	for (const cells of cellsOf(table, columns)) yield `${cells.map(csvCell).join(',')}\n`;
}

/** One object a line. */
export function* jsonLines(table: TableReader): Generator<string> {
	for (const object of jsonObjects(table)) yield `${object}\n`;
}

/** One array of objects. */
export function* jsonArray(table: TableReader): Generator<string> {
	let opening = '[\n';
	for (const object of jsonObjects(table)) {
		yield opening + object;
		opening = ',\n';
	}
	yield opening === '[\n' ? '[]\n' : '\n]\n';
}

/** Text is put together by hand: an object of ours would put fields such as `"0"` first. */
function* jsonObjects(table: TableReader): Generator<string> {
	const taken = new Set(table.parameters);
	for (const row of table.rows()) {
		const pairs: string[] = [];
		const put = (name: string, value: unknown): void => {
			pairs.push(`${JSON.stringify(name)}:${jsonOf(value)}`);
		};
		for (const name of table.parameters) {
			const value = row.params[name];
			if (value !== undefined) put(name, value);
		}
		if (row.done) eachField(row.result, taken, put);
		yield `{${pairs.join(',')}}`;
	}
}

/** The cells of each row under these columns; undefined where there is nothing. */
function* cellsOf(table: TableReader, columns: readonly string[]): Generator<readonly unknown[]> {
	const taken = new Set(table.parameters);
	const places = new Map(columns.map((column, at) => [column, at]));
	for (const row of table.rows()) {
		const cells: unknown[] = columns.map((column) => (taken.has(column) ? row.params[column] : undefined));
		if (row.done) {
			eachField(row.result, taken, (column, value) => {
				const place = places.get(column);
				if (place !== undefined) cells[place] = value;
			});
		}
		yield cells;
	}
}

/** One cell: NaN, inf and -inf as numpy reads them; arrays as JSON; an empty string is told from nothing by its quotes. */
export function csvCell(value: unknown): string {
	if (value === undefined || value === null) return '';
	if (typeof value === 'number') return numberText(value);
	if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
	const text = typeof value === 'string' ? value : jsonOf(value);
	return text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function numberText(value: number): string {
	if (Number.isFinite(value)) return String(value);
	return Number.isNaN(value) ? 'NaN' : value > 0 ? 'inf' : '-inf';
}

/** A table for eyes: aligned, cells cut, as many columns as fit; `leftOut` is told the others. */
export function* alignedText(
	table: TableReader,
	width: number,
	leftOut: (columns: readonly string[]) => void,
): Generator<string> {
	const columns = columnsOf(table);
	const headings = columns.map((column) => cut(oneLine(column), widestCell));
	const widths = headings.map(textWidth);
	const leftAligned = columns.map(() => false);
	for (const cells of cellsOf(table, columns)) {
		for (const [at, value] of cells.entries()) {
			widths[at] = Math.max(widths[at] ?? 0, textWidth(eyeCell(value)));
			if (typeof value !== 'number' && value !== undefined && value !== null) leftAligned[at] = true;
		}
	}
	let shown = 0;
	let used = 0;
	while (shown < columns.length && (shown === 0 || used + 2 + (widths[shown] ?? 0) <= width)) {
		used += (shown === 0 ? 0 : 2) + (widths[shown] ?? 0);
		shown++;
	}
	const line = (cells: readonly string[]): string =>
		cells
			.slice(0, shown)
			.map((cell, at) => pad(cell, widths[at] ?? 0, leftAligned[at] === true))
			.join('  ')
			.trimEnd();
	yield `${line(headings)}\n`;
	for (const cells of cellsOf(table, columns)) yield `${line(cells.map(eyeCell))}\n`;
	if (shown < columns.length) leftOut(columns.slice(shown));
}

const widestCell = 32;

function eyeCell(value: unknown): string {
	if (typeof value === 'number' && Number.isFinite(value)) {
		const short = String(Number(value.toPrecision(6)));
		return Number.isInteger(value) ? String(value) : short;
	}
	return cut(oneLine(typeof value === 'string' ? value : csvCell(value)), widestCell);
}

function pad(text: string, width: number, left: boolean): string {
	const gap = ' '.repeat(Math.max(0, width - textWidth(text)));
	return left ? text + gap : gap + text;
}
