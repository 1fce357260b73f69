// The rows of the benchmark and how they look. Knows nothing of what was measured.

/** One line of the table. */
export interface Row {
	readonly what: string;
	readonly measured: string;
	/** What it is held against: a peer, or scanmake itself on something smaller. */
	readonly against?: string;
	readonly ratio?: number;
	/** In words, as `at most 0.5 ×`, and whether it holds. */
	readonly bound?: { readonly words: string; readonly holds: boolean };
}

const heads = ['what', 'measured', 'against', 'ratio', 'bound', ''];

/** The rows as text, columns lined up. */
export function tableText(rows: readonly Row[]): string {
	const cells = rows.map((row) => [
		row.what,
		row.measured,
		row.against ?? '',
		row.ratio?.toFixed(2) ?? '',
		row.bound?.words ?? '',
		row.bound === undefined ? '' : row.bound.holds ? 'holds' : 'MISSED',
	]);
	const widths = heads.map((head, i) => Math.max(head.length, ...cells.map((line) => line[i]?.length ?? 0)));
	const line = (words: readonly string[]) =>
		words
			.map((word, i) => word.padEnd(widths[i] ?? 0))
			.join('  ')
			.trimEnd();
	return [line(heads), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}

/** Seconds, short. */
export function secondsText(seconds: number): string {
	return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
}

/** A count with thousands apart. */
export function countText(count: number): string {
	return Math.round(count).toLocaleString('en');
}

/** A row that holds medians against each other; `most`: the largest ratio that is allowed. */
export function ratioRow(what: string, seconds: number, other: { name: string; seconds: number }, most?: number): Row {
	const ratio = seconds / other.seconds;
	return {
		what,
		measured: secondsText(seconds),
		against: `${other.name} ${secondsText(other.seconds)}`,
		ratio,
		...(most === undefined ? {} : { bound: { words: `at most ${most} ×`, holds: ratio <= most } }),
	};
}
