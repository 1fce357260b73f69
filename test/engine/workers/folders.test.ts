// Folders of tasks: each task has its own, empty, whatever was there before.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { discards, makeTaskFolder } from '../../../engine/workers/folders.ts';

test('a folder is made empty, with what its outputs need below it, whatever an earlier attempt has left there', (t) => {
	const root = mkdtempSync(join(tmpdir(), 'scanmake-folders-'));
	t.teardown(() => rmSync(root, { recursive: true, force: true }));
	const folder = join(root, '1-0');
	makeTaskFolder(folder, new Map([['a.txt', join(folder, 'a.txt')]]));
	t.deepEqual(readdirSync(folder), []);
	writeFileSync(join(folder, 'left behind'), '');
	makeTaskFolder(folder, new Map([['a/b.txt', join(folder, 'a/b.txt')]]));
	t.deepEqual(readdirSync(folder), ['a']);
});

test('a discarded folder goes with all that is in it', async (t) => {
	const root = mkdtempSync(join(tmpdir(), 'scanmake-folders-'));
	t.teardown(() => rmSync(root, { recursive: true, force: true }));
	const folder = join(root, '1-0');
	const discarded = discards();
	await discarded.over();
	for (const extra of ['', 'left behind']) {
		makeTaskFolder(folder, new Map());
		writeFileSync(join(folder, 'out.txt'), '');
		if (extra !== '') mkdirSync(join(folder, extra));
		discarded.discard(folder, [join(folder, 'out.txt')]);
		await discarded.over();
		t.false(existsSync(folder));
		t.deepEqual(readdirSync(root), []);
	}
});
