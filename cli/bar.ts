// A bar that fills up: eighths of a character where the terminal shows them, # and - elsewhere. Knows no task.

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** `fraction` of `width` characters; full only at 1, and never empty once something is done. */
export function bar(fraction: number, width: number, unicode: boolean): string {
	const steps = unicode ? 8 : 1;
	const all = width * steps;
	const done = fraction >= 1 ? all : Math.min(all - 1, Math.floor(fraction * all));
	const filled = fraction > 0 ? Math.max(1, done) : 0;
	const text = (unicode ? '█' : '#').repeat(Math.floor(filled / steps)) + (unicode ? eighths[filled % 8] : '');
	return text + (unicode ? '·' : '-').repeat(width - text.length);
}
