// The lines that say how far a build is: a block with one line per target, and plain lines for a pipe. They fit the size
// they are given. Knows no terminal and no clock.
import { bar } from './bar.ts';
import { cut, textWidth } from './columns.ts';
import { sumOf, type TargetCourse } from './course.ts';
import type { ScreenSize } from './live.ts';
import { count, counted, rate, roughDuration } from './numbers.ts';
import type { Paint, Style } from './paint.ts';

/** How lines look. */
export interface Look {
	readonly paint: Paint;
	/** Whether block characters and ellipses can be shown. */
	readonly unicode: boolean;
	/** Nothing new is started: how long it takes is not said. */
	readonly isStopping: boolean;
}

const widestName = 24;
const shortestName = 5;
const barWidths = [24, 16, 10, 6];
/** The bar does not shrink when a target's first rate and time left appear. */
const usualTail = 28;
/** `12 s left`: its room is there from the begin, so that numbers do not turn into a percentage later. */
const shortestTail = 9;

/** One line per target, upstream first; where the screen has not enough rows, those that move and the sum. */
export function blockLines(standings: readonly TargetCourse[], size: ScreenSize, look: Look): readonly string[] {
	const rows = chosen(standings, Math.max(1, size.rows - 2));
	const tails = rows.map((row) => tailParts(row, look));
	const places = layOut([...standings, ...rows], tails, Math.max(1, size.columns - 1));
	return rows.map((row, at) => line(row, tails[at] ?? [], places, look));
}

type Row = TargetCourse & { readonly others?: number };

function chosen(standings: readonly TargetCourse[], room: number): readonly Row[] {
	if (standings.length <= room) return standings;
	// of those that wait the next ones, of those that are over the last ones
	const rank = (at: number): number => {
		const state = standings[at]?.state;
		return state === 'runs' ? at : state === 'waits' ? standings.length + at : 3 * standings.length - at;
	};
	const order = standings.map((_, at) => at).sort((a, b) => rank(a) - rank(b));
	const kept = new Set(order.slice(0, room - 1));
	const sum = { ...sumOf(standings), others: standings.length - kept.size };
	return [...standings.filter((_, at) => kept.has(at)), sum];
}

interface Part {
	readonly text: string;
	/** 1 stays longest. */
	readonly rank: number;
	readonly style?: Style;
}

/** What stands behind the numbers, in its order. */
function tailParts(row: Row, { isStopping }: Look): readonly Part[] {
	const { total, settled, reused, failed, blocked, retries, state, perSecond, others = 0 } = row;
	if (total === 0) return [{ text: 'nothing to do', rank: 2, style: 'dim' }];
	if (reused === total) return [{ text: 'all reused', rank: 2, style: 'dim' }];
	const time = roughDuration(Math.ceil((total - settled) / perSecond));
	const parts: Part[] = [
		{ text: reused > 0 ? `${count(reused)} reused` : '', rank: 5 },
		{ text: failed > 0 ? `${count(failed)} failed` : '', rank: 1, style: 'red' },
		{ text: blocked > 0 ? `${count(blocked)} blocked` : '', rank: 3, style: 'yellow' },
		{ text: retries > 0 ? counted(retries, 'retry', 'retries') : '', rank: 6, style: 'yellow' },
		{ text: perSecond > 0 ? rate(perSecond) : '', rank: 4 },
		{ text: others > 0 ? `${others} more targets` : '', rank: 7, style: 'dim' },
	];
	if (state === 'waits') parts.push({ text: isStopping ? 'not started' : 'waits', rank: 2, style: 'dim' });
	else if (state === 'over') parts.push({ text: row.seconds > 0 ? `in ${roughDuration(row.seconds)}` : '', rank: 2 });
	else if (perSecond > 0) parts.push({ text: isStopping ? 'stopping' : `${time} left`, rank: 2 });
	else if (row.seconds >= 1) parts.push({ text: `for ${roughDuration(row.seconds)}`, rank: 2, style: 'dim' });
	return parts.filter((part) => part.text !== '');
}

/** Where things stand in all lines. A bar of width 0 is none. */
interface Places {
	readonly gap: number;
	readonly name: number;
	readonly bar: number;
	readonly numbers: number;
	readonly asPercent: boolean;
	readonly tail: number;
}

/**
 * Numbers, failures and time left stay, with less space between them and a percentage for the numbers if need be; then the
 * name; then the bar; then the rest of the tail.
 */
function layOut(rows: readonly Row[], tails: readonly (readonly Part[])[], width: number): Places {
	const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(textWidth));
	const names = Math.min(widestName, widest(rows.map((row) => row.name)));
	const leastName = Math.min(names, shortestName);
	const written = widest(rows.map(numbersOf));
	const tailWidth = (leastRank: number, gap: number): number =>
		Math.max(0, ...tails.map((parts) => joinedWidth(parts, leastRank, gap)));
	const isTight = (gap: number): boolean =>
		leastName + gap + written + Math.max(tailWidth(2, gap), gap + shortestTail) > width;
	const gap = isTight(2) ? 1 : 2;
	const asPercent = isTight(gap);
	const numbers = asPercent ? Math.min(4, width) : written;
	const room = width - gap - numbers;
	const name = Math.max(0, Math.min(names, room, Math.max(leastName, room - tailWidth(2, gap))));
	const before = (name > 0 ? name + gap : 0) + numbers;
	const fits = (tail: number) => (bar: number) => before + gap + bar + tail <= width;
	const roomy = fits(Math.max(tailWidth(Number.POSITIVE_INFINITY, gap), usualTail));
	const bar = barWidths.slice(0, 3).find(roomy) ?? barWidths.slice(2).find(fits(tailWidth(2, gap))) ?? 0;
	const tail = width - before - (bar > 0 ? gap + bar : 0) - gap;
	return { gap, name, bar, numbers, asPercent, tail };
}

/** The width of the parts up to this rank, with a gap before each. */
function joinedWidth(parts: readonly Part[], leastRank: number, gap: number): number {
	return parts.reduce((sum, { text, rank }) => sum + (rank <= leastRank ? gap + textWidth(text) : 0), 0);
}

function line(row: Row, tail: readonly Part[], places: Places, { paint, unicode }: Look): string {
	const gap = ' '.repeat(places.gap);
	const cells: string[] = [];
	if (places.name > 0) {
		const name = cut(row.name, places.name, unicode ? '…' : '~');
		cells.push(name + ' '.repeat(places.name - textWidth(name)));
	}
	if (places.bar > 0) cells.push(paintedBar(row, bar(fractionOf(row), places.bar, unicode), paint));
	const numbers = places.asPercent ? `${Math.floor(fractionOf(row) * 100)}%` : numbersOf(row);
	if (numbers.length <= places.numbers) cells.push(numbers.padStart(places.numbers));
	for (const part of fitting(tail, places))
		cells.push(part.style === undefined ? part.text : paint(part.style, part.text));
	return cells.join(gap);
}

/** The parts that have room, the important ones first, in their order. */
function fitting(parts: readonly Part[], { tail, gap }: Places): readonly Part[] {
	let room = tail;
	const kept = new Set<Part>();
	for (const part of [...parts].sort((a, b) => a.rank - b.rank)) {
		const width = textWidth(part.text) + (kept.size > 0 ? gap : 0);
		if (width > room) continue;
		room -= width;
		kept.add(part);
	}
	return parts.filter((part) => kept.has(part));
}

function paintedBar(row: Row, text: string, paint: Paint): string {
	if (row.state === 'waits' || row.reused === row.total) return paint('dim', text);
	if (row.state === 'runs') return text;
	return paint(row.failed > 0 ? 'red' : row.blocked > 0 ? 'yellow' : 'green', text);
}

function numbersOf({ settled, total }: TargetCourse): string {
	return `${count(settled)}/${count(total)}`;
}

function fractionOf({ settled, total }: TargetCourse): number {
	return total === 0 ? 1 : settled / total;
}

/** `5,282 tasks (560 done before): input 560, spikes 4,700, …`: what a pipe is told first. */
export function planLine(standings: readonly TargetCourse[]): string {
	const { total, reused } = sumOf(standings);
	const tasks = `${counted(total, 'task')}${reused > 0 ? ` (${count(reused)} done before)` : ''}`;
	const long = `${tasks}: ${standings.map((each) => `${each.name} ${count(each.total)}`).join(', ')}`;
	return textWidth(long) <= 200 ? long : `${counted(standings.length, 'target')}, ${tasks}`;
}

/** `1,440/3,080 tasks, 440 reused, 2 failed; spikes 1,000/2,640, 310/s, 5 s left`: what a pipe is told now and then. */
export function plainLine(standings: readonly TargetCourse[], look: Look): string {
	const moving = standings.filter(({ state }) => state === 'runs');
	const sum = sumOf(standings);
	const told = (row: Row, ranks: readonly number[]): string =>
		tailParts(row, look)
			.filter(({ rank }) => ranks.includes(rank))
			.map(({ text }) => `, ${text}`)
			.join('');
	const each = moving.slice(0, 3).map((row) => `; ${row.name} ${numbersOf(row)}${told(row, [2, 4])}`);
	return `${numbersOf(sum)} tasks${told(sum, [1, 3, 5, 6])}${each.join('')}`;
}
