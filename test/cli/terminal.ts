// A terminal as far as we use one: what is visible after these characters, with wrapping at the width, scrolling and resizing.
// An escape sequence that it does not know is an error.

const escapeCharacter = String.fromCharCode(27);
const tokens = new RegExp(`${escapeCharacter}\\[([?\\d;]*[A-Za-z])|${escapeCharacter}(.)|[^]`, 'gu');

interface Row {
	text: string[];
	/** Its text goes on in the next row. */
	wraps: boolean;
}

/** `reflows`: whether lines are laid out anew for another width (tmux, VTE, kitty), or cut (xterm). */
export function terminal(columns: number, height: number, reflows = true) {
	let width = columns;
	let screenRows = height;
	let rows: Row[] = [];
	let [x, y, top] = [0, 0, 0];
	let saved = { x: 0, y: 0 };
	let autowrap = true;

	const row = (at: number): Row => {
		while (rows.length <= at) rows.push({ text: [], wraps: false });
		return rows[at] as Row;
	};
	const down = (): void => {
		y++;
		top = Math.max(top, y - screenRows + 1);
	};
	const put = (character: string): void => {
		if (x >= width) {
			if (autowrap) {
				row(y).wraps = true;
				down();
				x = 0;
			} else x = width - 1;
		}
		const { text } = row(y);
		while (text.length < x) text.push(' ');
		text[x] = character;
		x++;
	};
	const clearRow = (): void => {
		row(y).text.length = Math.min(row(y).text.length, x);
		row(y).wraps = false;
	};
	const sequences: Readonly<Record<string, (count: number) => void>> = {
		A: (count) => {
			y = Math.max(top, y - count);
		},
		B: (count) => {
			y = Math.min(top + screenRows - 1, y + count);
		},
		J: () => {
			clearRow();
			rows.length = Math.min(rows.length, y + 1);
		},
		K: clearRow,
		m: () => {},
		'?7l': () => {
			autowrap = false;
		},
		'?7h': () => {
			autowrap = true;
		},
		'7': () => {
			saved = { x, y: y - top };
		},
		'8': () => {
			[x, y] = [saved.x, saved.y + top];
		},
	};

	return {
		columns: () => width,
		rows: () => screenRows,
		write(text: string): void {
			for (const [token, bracket, single] of text.matchAll(tokens)) {
				if (token === '\n') {
					down();
					x = 0;
				} else if (token === '\r') x = 0;
				else if (!token.startsWith('\x1b')) put(token);
				else {
					const [, count = '', name = ''] = /^([\d;]*)(.*)$/.exec(bracket ?? '') ?? [];
					const act = sequences[single ?? name];
					if (act === undefined) throw new Error(`an unknown escape sequence: ${JSON.stringify(token)}`);
					act(count === '' ? 1 : Number(count));
				}
			}
		},
		/** The size changes, as a terminal does it before anyone is told. */
		resize(nextWidth: number, nextHeight: number): void {
			const old = rows;
			rows = [];
			let cursor = { x, y: 0 };
			let joined: string[] = [];
			let cursorAt = -1;
			old.forEach((each, at) => {
				if (at === y) cursorAt = joined.length + Math.min(x, each.text.length);
				joined.push(...each.text);
				if (each.wraps && reflows) return;
				const pieces = Math.max(1, reflows ? Math.ceil(joined.length / nextWidth) : 1);
				if (cursorAt >= 0) {
					const piece = reflows ? Math.min(pieces - 1, Math.floor(cursorAt / nextWidth)) : 0;
					cursor = { x: Math.min(nextWidth - 1, cursorAt - piece * nextWidth), y: rows.length + piece };
					cursorAt = -1;
				}
				for (let piece = 0; piece < pieces; piece++)
					rows.push({
						text: joined.slice(piece * nextWidth, (piece + 1) * nextWidth),
						wraps: reflows && piece < pieces - 1,
					});
				joined = [];
			});
			[x, y] = y < old.length ? [cursor.x, cursor.y] : [0, rows.length];
			const isLower = nextHeight < screenRows;
			[width, screenRows] = [nextWidth, nextHeight];
			// a lower screen loses what is below the cursor first
			const end = isLower ? y + 1 : Math.max(rows.length, y + 1);
			top = Math.max(0, Math.min(y, end - screenRows));
			rows.length = Math.min(rows.length, top + screenRows);
		},
		/** Everything that can be seen or scrolled back to, without empty lines at the end. */
		lines(): readonly string[] {
			const shown = rows.map(({ text }) =>
				[...text]
					.map((character) => character ?? ' ')
					.join('')
					.trimEnd(),
			);
			while (shown.at(-1) === '') shown.pop();
			return shown;
		},
		/** The same with lines that wrapped joined again. */
		paragraphs(): readonly string[] {
			const joined: string[] = [];
			let open = '';
			for (const { text, wraps } of rows) {
				open += text.join('');
				if (wraps) continue;
				joined.push(open.trimEnd());
				open = '';
			}
			while (joined.at(-1) === '') joined.pop();
			return joined;
		},
		/** Whether a line that is too long goes on in the next one. */
		wrapsLines: () => autowrap,
		cursor: () => ({ x, y: y - top }),
	};
}
