// Text from outside on its way to a terminal: control characters are shown, never sent.
import test from 'ava';
import { cut, oneLine, visible } from '../../cli/columns.ts';
import type { TaskView } from '../../engine/report.ts';
import { output, scanmake, tableOf } from './fake.ts';

const evil = '\x1b]0;title\x07\x9b2J\u202e';
const safe = '\\x1b]0;title\\x07\\u009b2J\\u202e';

test('control characters and those that turn the direction of writing are written out', (t) => {
	t.is(visible(evil), safe);
	t.is(visible('a\tb\r\nc\rd\n'), 'a\tb\nc\\x0dd\n');
	t.is(oneLine(`  two\n\n lines ${evil}\n`), `two lines ${safe}`);
	t.is(visible('神経 é 🧠 \ud800'), '神経 é 🧠 \\ud800');
});

test('a cut text is as wide as it may be and no wider', (t) => {
	t.is(cut('spikes', 6), 'spikes');
	t.is(cut('spikes', 5), 'spik…');
	t.is(cut('spikes', 5, '~'), 'spik~');
	t.is(cut('神経細胞', 6), '神経…');
});

const failed: TaskView = {
	target: 'spikes',
	rule: 'simulate',
	params: { name: evil },
	state: 'failed',
	key: 'ab',
	digest: undefined,
	result: undefined,
	files: [{ name: `${evil}.txt`, size: 1, executable: false, digest: 'ef' }],
	log: `first ${evil}\nsecond\n`,
	failure: { kind: 'threw', message: evil, stack: `Error: ${evil}\n    at cell (model.ts:7:3)` },
	seconds: 1,
	endedAt: 0,
	attempt: 1,
	build: undefined,
};

test('show shows what a task printed, its parameters, files and errors without their escape sequences', async (t) => {
	for (const view of [failed, { ...failed, state: 'done', result: { text: evil } } as TaskView]) {
		const { stdout } = await scanmake('show spikes', { show: async () => view });
		t.notRegex(stdout, /(?![\n\t])[\p{Cc}\u202e]/u);
		t.true(stdout.includes(`  first ${safe}\n  second\n`));
	}
});

test('a table for the eye shows them too; CSV leaves them as they are', async (t) => {
	const table = async () => tableOf(['name'], [{ params: { name: evil }, result: { [evil]: evil } }]);
	const { stdout } = await scanmake('table spikes', { table }, { stdout: output(true, 200) });
	t.notRegex(stdout, /(?!\n)[\p{Cc}\u202e]/u);
	t.true((await scanmake('table spikes --format csv', { table })).stdout.includes(evil));
});
