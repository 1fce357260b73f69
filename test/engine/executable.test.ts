// Where programs are: as a shell finds them.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { programIn } from '../../engine/executable.ts';

test('a program is the first executable file of PATH, or what lies where its name says', (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-executable-'));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	for (const name of ['one', 'two', 'three']) mkdirSync(join(folder, name));
	const write = (name: string, mode: number) => {
		writeFileSync(join(folder, name), '');
		chmodSync(join(folder, name), mode);
		return join(folder, name);
	};
	const dull = write('one/run', 0o644);
	const found = write('two/run', 0o755);
	mkdirSync(join(folder, 'three/run'));
	const there = (path: string) => ({ kind: 'there', path });
	t.deepEqual(programIn('run', folder, 'three:one:two'), there(found), 'relative folders of PATH begin at the folder');
	t.deepEqual(programIn('run', join(folder, 'two'), ':/nowhere'), there(found), 'an empty one is the folder');
	t.deepEqual(programIn('run', folder, 'one:/nowhere'), { kind: 'not-executable', path: dull });
	t.deepEqual(programIn('run', folder, 'three'), { kind: 'not-found' }, 'a folder on PATH is passed over');
	t.deepEqual(programIn('two/run', folder, ''), there(found));
	t.deepEqual(programIn(found, '/', ''), there(found));
	t.deepEqual(programIn('three/run', folder, folder), { kind: 'not-executable', path: join(folder, 'three/run') });
	for (const name of ['', './run', 'one/run/run'])
		t.deepEqual(programIn(name, folder, 'two'), { kind: 'not-found' }, name);
});
