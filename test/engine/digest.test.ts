// Digests: SHA-256, each purpose with a tag of its own, the same whatever the order of files.
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import {
	base64,
	digestBytes,
	digestFile,
	digestInto,
	filesDigest,
	fromHex,
	hex,
	resultDigest,
	valueDigest,
	valueTag,
} from '../../engine/digest.ts';
import { encodeValue } from '../../engine/value.ts';

const value = encodeValue({ rate: 20 });
const file = (name: string, content: string, executable = false) => ({
	name,
	executable,
	digest: digestBytes(content),
});

test('the digest of bytes is their SHA-256', (t) => {
	t.is(hex(digestBytes('abc')), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
	t.deepEqual(digestBytes(Buffer.from('é')), digestBytes('é'));
});

test('a tagged value hashed where it lies has the digest of the value', (t) => {
	const target = new Uint8Array(40);
	digestInto(Buffer.concat([valueTag, value]), target, 5);
	t.deepEqual(Buffer.from(target.subarray(5, 37)), Buffer.from(valueDigest(value)));
	t.deepEqual([...target.subarray(0, 5), ...target.subarray(37)], new Array(8).fill(0));
});

test('a value’s digest is not that of its bytes: purposes are kept apart', (t) => {
	t.notDeepEqual(valueDigest(value), digestBytes(value));
	t.deepEqual(resultDigest(value, []), valueDigest(value));
});

test('a result’s digest covers its value and each file’s name, execute bit and bytes', (t) => {
	const results = [
		resultDigest(value, []),
		resultDigest(value, [file('a', 'x')]),
		resultDigest(encodeValue(1), [file('a', 'x')]),
		resultDigest(value, [file('b', 'x')]),
		resultDigest(value, [file('a', 'y')]),
		resultDigest(value, [file('a', 'x', true)]),
		resultDigest(value, [file('a', 'x'), file('b', 'x')]),
	];
	t.is(new Set(results.map(hex)).size, results.length);
	t.deepEqual(filesDigest(valueDigest(value), [file('a', 'x')]), results[1]);
});

test('the order in which files were written does not count', (t) => {
	const files = [file('b', '1'), file('a', '2'), file('aa', '3')];
	t.deepEqual(resultDigest(value, files), resultDigest(value, [...files].reverse()));
});

test('a file is digested piece by piece to the SHA-256 of its bytes', async (t) => {
	const folder = await mkdtemp(join(tmpdir(), 'scanmake-digest-'));
	const content = Buffer.alloc(3 * 1024 * 1024 + 7, 'scan');
	await writeFile(join(folder, 'large'), content);
	t.is(hex(await digestFile(join(folder, 'large'))), createHash('sha256').update(content).digest('hex'));
	await t.throwsAsync(digestFile(join(folder, 'missing')), { code: 'ENOENT' });
	await rm(folder, { recursive: true });
});

test('a digest goes to text and back', (t) => {
	const digest = digestBytes('x');
	t.deepEqual(fromHex(hex(digest)), digest);
	t.deepEqual(Buffer.from(base64(digest), 'base64'), Buffer.from(digest));
});
