// The block of lines at the end of a terminal that is drawn again and again, and lines that stay above it.
// Knows how cursors move and nothing of what the lines say.

/** Places and lines of a terminal. */
export interface ScreenSize {
	readonly columns: number;
	readonly rows: number;
}

/** The block of one build. */
export interface LiveBlock {
	/** Draws the block; each of its lines has to be narrower than the screen. */
	show(lines: readonly string[], size: ScreenSize): void;
	/** A line that stays, above the block. It may be wider than the screen. */
	line(text: string): void;
	/** Clears the block; nothing is drawn any more. */
	close(): void;
}

/**
 * Between two drawings the cursor rests at the block's first character. A terminal that lays its lines out anew when it
 * is resized keeps its cursor at the same character, so however many rows the old lines take by then, all that has to
 * go is behind the cursor.
 */
export function liveBlock(write: (text: string) => void): LiveBlock {
	let drawn: readonly string[] = [];
	let size: ScreenSize = { columns: 0, rows: 0 };
	let closed = false;
	return {
		show(lines, now) {
			if (closed) return;
			const fits = lines.length <= drawn.length && now.columns === size.columns && now.rows === size.rows;
			write(fits ? frame(lines) : clearBelow + roomFor(lines) + frame(lines));
			drawn = lines;
			size = now;
		},
		line(text) {
			if (closed) return;
			if (drawn.length === 0) write(`${text}\n`);
			else write(`${clearBelow}${text}\n${roomFor(drawn)}${frame(drawn)}`);
		},
		close() {
			if (!closed && drawn.length > 0) write(clearBelow);
			closed = true;
		},
	};
}

/**
 * To the line's begin; what is there and below goes. The line is cleared by itself, since tmux keeps what is cleared from
 * the screen's first place on: it would come back when the screen grows.
 */
const clearBelow = '\r\x1b[K\x1b7\x1b[B\x1b[J\x1b8';

/** Scrolls so far that the lines have room below the cursor. */
function roomFor(lines: readonly string[]): string {
	const below = lines.length - 1;
	return below > 0 ? `${'\n'.repeat(below)}\x1b[${below}A` : '';
}

/**
 * From the saved cursor downwards, and back to it; moving down does not scroll. While it is drawn no line may wrap: in the
 * moment before the size of a narrower screen is known to us its lines are cut at the edge.
 */
function frame(lines: readonly string[]): string {
	const last = lines.length - 1;
	const rows = lines.map((line, at) => `${line}${at === last ? '\x1b[J' : '\x1b[K\r\x1b[B'}`);
	return `\r\x1b7\x1b[?7l${rows.join('')}\x1b8\x1b[?7h`;
}
