// Folders of tasks that are made, removed and given to later tasks: each task has its own, empty, whatever came before.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { taskFolders } from '../../../engine/workers/folders.ts';

test('tasks that are run again in any order have a folder each, and none takes another’s', (t) => {
	const root = mkdtempSync(join(tmpdir(), 'scanmake-folders-'));
	t.teardown(() => rmSync(root, { recursive: true, force: true }));
	const folders = taskFolders();
	const paths = ['1-0', '1-1', '1-2', '1-3'].map((name) => join(root, name));
	for (const path of paths) folders.make(path, new Map());
	for (const path of paths) folders.remove(path, []);
	// as after a worker that was lost: the same tasks, while the first of them already write
	for (const [i, path] of paths.entries()) {
		folders.make(path, new Map());
		writeFileSync(join(path, `file ${i}`), '');
		for (const [j, earlier] of paths.slice(0, i + 1).entries())
			t.deepEqual(existsSync(earlier) && readdirSync(earlier), [`file ${j}`], `${earlier} once ${path} was made`);
	}
});

test('a folder that was left empty is given to a later task, one that was not is removed', (t) => {
	const root = mkdtempSync(join(tmpdir(), 'scanmake-folders-'));
	t.teardown(() => rmSync(root, { recursive: true, force: true }));
	const folders = taskFolders();
	const [first, second, third] = [join(root, 'first'), join(root, 'second'), join(root, 'third')];
	folders.make(first, new Map());
	writeFileSync(join(first, 'out.txt'), '');
	writeFileSync(join(first, 'left behind'), '');
	folders.remove(first, [join(first, 'out.txt')]);
	t.false(existsSync(first));
	folders.make(second, new Map([['a/b.txt', join(second, 'a/b.txt')]]));
	t.deepEqual(readdirSync(second), ['a']);
	rmSync(join(second, 'a'), { recursive: true });
	folders.remove(second, []);
	folders.make(third, new Map());
	t.deepEqual(readdirSync(third), []);
	t.false(existsSync(second), 'it was renamed');
});
