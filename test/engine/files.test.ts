import { appendFileSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { digestBytes, hex } from '../../engine/digest.ts';
import { fileDigests } from '../../engine/files.ts';

function file(t: ExecutionContext, text: string): string {
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-files-'));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	const path = join(folder, 'data.txt');
	writeFileSync(path, text);
	return path;
}

const wrong = new Uint8Array(32).fill(9);

/** What an earlier run remembers of the file as it is, with a digest that shows whether it was believed. */
function remembered(path: string, digest = wrong): Map<string, Uint8Array> {
	const { size, mtimeNs, ctimeNs, ino } = statSync(path, { bigint: true });
	const stamp = Buffer.alloc(32);
	for (const [i, part] of [size, mtimeNs, ctimeNs, ino].entries()) stamp.writeBigUInt64LE(part, i * 8);
	return new Map([[`file ${path}`, Buffer.concat([stamp, digest])]]);
}

async function digested(path: string, facts: ReadonlyMap<string, Uint8Array> = new Map()) {
	const files = fileDigests((name) => facts.get(name));
	return { digest: hex(await files.digestOf(path)), learned: files.learned(), files };
}

test('the digest of a file is that of its bytes', async (t) => {
	t.is((await digested(file(t, 'rate 20 Hz'))).digest, hex(digestBytes('rate 20 Hz')));
});

test('a file whose size, times and inode are as remembered is not read again', async (t) => {
	const path = file(t, 'x');
	t.is((await digested(path, remembered(path))).digest, hex(wrong));
});

test('a file of which anything differs is digested again', async (t) => {
	const path = file(t, 'x');
	const facts = remembered(path);
	appendFileSync(path, 'y');
	t.is((await digested(path, facts)).digest, hex(digestBytes('xy')));
	const [name, fact] = [...remembered(path)][0] as [string, Uint8Array];
	for (const at of [0, 8, 16, 24]) {
		const changed = Uint8Array.from(fact);
		changed[at] = (changed[at] ?? 0) ^ 1;
		t.is((await digested(path, new Map([[name, changed]]))).digest, hex(digestBytes('xy')), `byte ${at}`);
	}
});

test('a file touched back to its old time is digested again: the change time tells', async (t) => {
	const path = file(t, 'a');
	const { atime, mtime } = statSync(path);
	const facts = remembered(path);
	// the change time has the clock's grain: write until it moves
	const before = statSync(path, { bigint: true }).ctimeNs;
	do {
		writeFileSync(path, 'b');
		utimesSync(path, atime, mtime);
	} while (statSync(path, { bigint: true }).ctimeNs === before);
	t.is((await digested(path, facts)).digest, hex(digestBytes('b')));
});

test('a file younger than two seconds is not remembered, so that it is digested again', async (t) => {
	const { learned } = await digested(file(t, 'x'));
	t.is(learned.size, 0);
});

test('a file whose change is two seconds old is remembered with the stamp it had', async (t) => {
	const path = file(t, 'x');
	await new Promise((resolve) => setTimeout(resolve, 2100));
	const { learned } = await digested(path);
	t.deepEqual([...learned.keys()], [`file ${path}`]);
	const [known] = [...remembered(path, Buffer.from(digestBytes('x'))).values()] as [Uint8Array];
	t.deepEqual(Buffer.from(learned.get(`file ${path}`) ?? []), Buffer.from(known));
	t.is((await digested(path, learned)).digest, hex(digestBytes('x')));
});

test('an old modification time alone does not make a file old: its change time is young', async (t) => {
	const path = file(t, 'x');
	utimesSync(path, new Date(0), new Date(0));
	t.is((await digested(path)).learned.size, 0);
});

test('within one run a file has one digest', async (t) => {
	const path = file(t, 'x');
	const { files, digest } = await digested(path);
	writeFileSync(path, 'longer');
	t.is(hex(await files.digestOf(path)), digest);
});
