// Results that are recorded as columns read as if each had been recorded by itself.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { digestBytes } from '../../../engine/digest.ts';
import { openStore } from '../../../engine/store/records.ts';
import type { NewColumns } from '../../../engine/store/store.ts';

test('what is recorded as columns is read as what is recorded one by one, also later and from values that fill chunks', async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-columns-'));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	const sizes = Array.from({ length: 300 }, (_, i) => (i % 50 === 49 ? 16 * 1024 : i % 97));
	const values = sizes.map((size, i) => new Uint8Array(size).fill(i));
	const key = (name: string, i: number): Uint8Array => digestBytes(Buffer.from(`${name}${i}`));
	const keys = (name: string): Uint8Array => Buffer.concat(values.map((_, i) => key(name, i)));
	const digests = values.map((value) => digestBytes(value));
	const offsets = new Uint32Array(sizes.length + 1);
	for (const [i, size] of sizes.entries()) offsets[i + 1] = (offsets[i] ?? 0) + size;
	const columns: NewColumns = {
		size: sizes.length,
		keys: keys('columns'),
		digests: Buffer.concat(digests),
		offsets,
		bytes: Buffer.concat(values),
		seconds: Float32Array.from(sizes, (_, i) => i / 4),
		attempts: Uint32Array.from(sizes, (_, i) => (i === 7 ? 100_000 : i)),
		endedAt: 1234567890123,
		build: 5,
	};
	const store = await openStore({ folder, mode: 'write' });
	store.commitColumns?.([columns]);
	store.commit(
		values.map((value, i) => ({
			key: key('single', i),
			record: {
				digest: digests[i] as Uint8Array,
				value,
				valueDigest: undefined,
				files: [],
				log: '',
				endedAt: columns.endedAt,
				seconds: i / 4,
				attempt: columns.attempts[i] ?? 0,
				build: columns.build,
			},
		})),
		[],
	);
	for (const i of sizes.keys()) t.deepEqual(store.read(key('columns', i)), store.read(key('single', i)));
	t.is(store.read(key('columns', 3))?.seconds, 0.75);
	await store.close();
	const again = await openStore({ folder, mode: 'read' });
	for (const i of sizes.keys()) t.deepEqual(again.read(key('columns', i)), again.read(key('single', i)));
	t.deepEqual(again.readValue(key('columns', 49)), values[49]);
	await again.close();
});
