// The block of lines that is drawn again and again, on a terminal that wraps, scrolls and is resized.
import test from 'ava';
import { liveBlock } from '../../cli/live.ts';
import { terminal } from './terminal.ts';

const block = (step: number, lines = 3): readonly string[] =>
	Array.from({ length: lines }, (_, at) => `target${at} `.padEnd(28, '=') + step);

function follow(columns = 40, rows = 10, reflows = true) {
	const screen = terminal(columns, rows, reflows);
	let size = { columns, rows };
	return {
		screen,
		live: liveBlock(screen.write),
		size: () => size,
		/** The screen changes; we are told. */
		resize(width: number, height: number) {
			screen.resize(width, height);
			size = { columns: width, rows: height };
		},
	};
}

test('the block is drawn in place, also on the last rows of the screen', (t) => {
	for (const before of [0, 3, 30]) {
		const { screen, live, size } = follow();
		screen.write('$\n'.repeat(before));
		for (let step = 0; step < 20; step++) live.show(block(step), size());
		t.deepEqual(screen.lines(), [...Array(before).fill('$'), ...block(19)]);
	}
});

test('a block of more or fewer lines than before leaves nothing behind', (t) => {
	const { screen, live, size } = follow();
	screen.write('$\n'.repeat(8));
	for (const lines of [2, 5, 1, 3, 3, 2]) {
		live.show(block(lines, lines), size());
		t.deepEqual(screen.lines(), [...Array(8).fill('$'), ...block(lines, lines)]);
	}
});

test('lines that stay go above the block, and wrap', (t) => {
	const { screen, live, size } = follow(20);
	const said = 'a failure that is said in more than one row';
	const narrow = ['one', 'two', 'three'];
	for (let step = 0; step < 12; step++) {
		live.show(narrow, size());
		live.line(`${step} ${said}`);
	}
	t.deepEqual(screen.paragraphs(), [...Array.from({ length: 12 }, (_, step) => `${step} ${said}`), ...narrow]);
	live.close();
	t.deepEqual(screen.paragraphs().length, 12);
});

test('after a resize nothing is left of what was drawn before, whether or not the terminal lays its lines out anew', (t) => {
	for (const reflows of [true, false]) {
		for (const before of [2, 30]) {
			const { screen, live, size, resize } = follow(60, 12, reflows);
			for (let at = 0; at < before; at++) live.line(`$${at}`);
			const kept = Array.from({ length: before }, (_, at) => `$${at}`);
			for (const [width, height] of [
				[20, 12],
				[60, 12],
				[33, 12],
				[31, 6],
				[25, 20],
				[80, 24],
			] as const) {
				live.show(block(width), size());
				resize(width, height);
				const lines = block(width).map((line) => line.slice(0, width - 1));
				live.show(lines, size());
				t.deepEqual(screen.paragraphs(), [...kept, ...lines], `${width} columns, reflow ${reflows}`);
				live.line(`now ${width}`);
				kept.push(`now ${width}`);
				t.deepEqual(screen.paragraphs(), [...kept, ...lines]);
			}
		}
	}
});

test('what is drawn for the old width, before the new one is known, leaves nothing behind either', (t) => {
	for (const reflows of [true, false]) {
		const { screen, live, size, resize } = follow(60, 12, reflows);
		screen.write('$\n'.repeat(5));
		live.show(block(0), size());
		screen.resize(20, 12);
		for (let step = 1; step < 4; step++) live.show(block(step), size());
		t.is(screen.lines().length, 8, 'each line is cut at the edge');
		resize(20, 12);
		const lines = block(4).map((line) => line.slice(0, 19));
		live.show(lines, size());
		t.deepEqual(screen.paragraphs(), [...Array(5).fill('$'), ...lines]);
	}
});

test('between two drawings long lines wrap as ever and the cursor is at the block’s first character', (t) => {
	const { screen, live, size } = follow();
	screen.write('$\n');
	live.show(block(1), size());
	t.true(screen.wrapsLines());
	t.deepEqual(screen.cursor(), { x: 0, y: 1 });
});

test('a closed block is gone, and stays so', (t) => {
	const { screen, live, size } = follow();
	live.line('kept');
	live.show(block(1), size());
	live.close();
	live.show(block(2), size());
	live.line('late');
	live.close();
	t.deepEqual(screen.lines(), ['kept']);
});
