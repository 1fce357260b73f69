import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { fileDigests } from '../../engine/files.ts';
import { toolsOf } from '../../engine/tools.ts';
import { envText, usesText } from '../../engine/uses.ts';
import { simulate, type UsedValue, value } from '../../rules/index.ts';

/** A project folder with these files; returns how to make the text of `uses` in it. */
function project(t: ExecutionContext, files: Readonly<Record<string, string>>) {
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-uses-'));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	const write = (name: string, text: string) => {
		mkdirSync(join(folder, name, '..'), { recursive: true });
		writeFileSync(join(folder, name), text);
	};
	for (const [name, text] of Object.entries(files)) write(name, text);
	const asked = (...uses: readonly (string | UsedValue)[]) =>
		usesText(
			simulate({ uses, run: () => 1 }),
			folder,
			fileDigests(() => undefined),
			toolsOf(folder, () => undefined),
		);
	return {
		folder,
		write,
		asked,
		text: async (...uses: readonly (string | UsedValue)[]) => (await asked(...uses)).text,
	};
}

const names = (text: string) => (text === '' ? [] : (JSON.parse(text) as [string, string][]).map(([, name]) => name));

test('nothing used is no text', async (t) => {
	t.is(await project(t, {}).text(), '');
});

test('a used file counts by its path in the project and its bytes, not by when it was written', async (t) => {
	const one = project(t, { 'data/a.csv': '1' });
	const other = project(t, { 'data/a.csv': '1' });
	const text = await one.text('data/a.csv');
	t.deepEqual(names(text), ['data/a.csv']);
	t.is(await other.text('data/a.csv'), text);
	other.write('data/a.csv', '2');
	t.not(await other.text('data/a.csv'), text);
});

test('a glob and a folder stand for the files in them, whatever order they are named in', async (t) => {
	const { text, write } = project(t, { 'data/b.csv': 'b', 'data/a.csv': 'a', 'data/deep/c.csv': 'c', 'x.txt': 'x' });
	t.deepEqual(names(await text('data/*.csv')), ['data/a.csv', 'data/b.csv']);
	t.deepEqual(names(await text('data')), ['data/a.csv', 'data/b.csv', 'data/deep/c.csv']);
	t.is(await text('x.txt', 'data/*.csv'), await text('data/*.csv', 'x.txt'));
	t.is(await text('data/*.csv', 'data/a.csv'), await text('data/*.csv'), 'named twice is used once');
	const before = await text('data/*.csv');
	write('data/d.csv', 'd');
	t.not(await text('data/*.csv'), before, 'a file more that matches counts');
});

test('a file with the letters of a glob in its name is that file', async (t) => {
	const { text } = project(t, { 'a[1].txt': '1', 'a1.txt': '2' });
	t.deepEqual(names(await text('a[1].txt')), ['a[1].txt']);
});

test('a path or glob that matches nothing is a problem that names it', async (t) => {
	const { asked } = project(t, { 'a.csv': '' });
	const { complaints } = await asked('b.csv', 'a.csv', '*.txt');
	t.deepEqual(
		complaints.map(({ message }) => message.split(' matches')[0]),
		["uses: 'b.csv'", "uses: '*.txt'"],
	);
});

test('the state of scanmake, installed packages and git are not used by a glob', async (t) => {
	const { text } = project(t, { 'a.js': '', 'node_modules/p/a.js': '', '.git/a.js': '', '.scanmake/a.js': '' });
	t.deepEqual(names(await text('**/*.js')), ['a.js']);
});

test('a value counts by what it is; a file and a value never look alike', async (t) => {
	const { text } = project(t, { x: '' });
	t.is(await text(value({ dt: 0.1 })), await text(value({ dt: 0.1 })));
	const texts = [
		await text(value({ dt: 0.1 })),
		await text(value({ dt: 0.2 })),
		await text(value('x')),
		await text('x'),
	];
	t.is(new Set(texts).size, 4);
});

test('an environment variable counts by its value; one that is not set is none that is empty', (t) => {
	const rule = simulate({ env: ['B_X', 'A_X', 'B_X'], run: () => 1 });
	t.is(envText(rule, { A_X: '1', B_X: '2', C_X: '3' }), '{"A_X":"1","B_X":"2"}');
	t.is(envText(rule, { A_X: '' }), '{"A_X":"","B_X":null}');
	t.is(envText(simulate({ run: () => 1 }), { A_X: '1' }), '');
});
