// Large values that come as files: moved into the store, never read; nothing is recorded of one that is not what was said.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Answers } from '../../../engine/executors/executor.ts';
import { recordAnswers } from '../../../engine/record.ts';
import { memoryStore } from '../../../engine/store/memory.ts';
import { openStore } from '../../../engine/store/records.ts';
import type { Store } from '../../../engine/store/store.ts';
import { digestOf, ownFolder, recordOf } from './samples.ts';

const bytes = Buffer.alloc(50_000, 'value');
const digest = digestOf(bytes);
const key = digestOf('key');

const stores = {
	'on disk': async (t: ExecutionContext) => {
		const store = await openStore({ folder: join(ownFolder(t), 'store'), mode: 'write' });
		t.teardown(() => store.close());
		return store;
	},
	'in memory': async () => memoryStore(),
} satisfies Record<string, (t: ExecutionContext) => Promise<Store>>;

function written(t: ExecutionContext, content: Uint8Array = bytes, folder = ownFolder(t)): string {
	const path = join(folder, 'value');
	writeFileSync(path, content);
	return path;
}

for (const [kind, open] of Object.entries(stores)) {
	test(`${kind}: a file that may be moved is gone from where it was, and read back whole`, async (t) => {
		const store = await open(t);
		for (let again = 0; again < 2; again++) {
			const path = written(t);
			t.true(await store.keepBlob(digest, { path, size: bytes.length, mayMove: true }));
			t.false(existsSync(path), 'also where the store had these bytes');
		}
		store.commit([{ key, record: recordOf('', { value: undefined, valueDigest: digest }) }], []);
		t.deepEqual(store.readValue(key), Uint8Array.from(bytes));
	});

	test(`${kind}: a file that is gone or has another size is kept by nobody`, async (t) => {
		const store = await open(t);
		const path = written(t, bytes.subarray(1));
		t.false(await store.keepBlob(digest, { path, size: bytes.length, mayMove: true }));
		rmSync(path, { force: true });
		t.false(await store.keepBlob(digest, { path, size: bytes.length, mayMove: true }));
		store.commit([{ key, record: recordOf('', { value: undefined, valueDigest: digest }) }], []);
		t.is(store.readValue(key), undefined);
	});

	test(`${kind}: a task whose value file has vanished has failed, and the others of its batch are recorded`, async (t) => {
		const store = await open(t);
		const folder = ownFolder(t);
		const extras = ['there', 'gone'].map((name): [number, NonNullable<ReturnType<Answers['extras']['get']>>] => {
			const path = join(folder, name);
			const content = Buffer.alloc(20_000, name);
			if (name === 'there') writeFileSync(path, content);
			const valueFile = { path, size: content.length };
			return [name === 'there' ? 0 : 1, { valueFile, bytesDigest: digestOf(content), log: name }];
		});
		const answers: Answers = {
			bundle: 1,
			worker: 0,
			size: 2,
			tasks: Uint32Array.of(0, 1),
			seconds: new Float32Array(2),
			digests: new Uint8Array(64),
			offsets: new Uint32Array(3),
			bytes: new Uint8Array(0),
			extras: new Map(extras),
		};
		const keyOf = (i: number) => digestOf(`key ${i}`);
		const [recorded] = await recordAnswers(store, [{ answers, build: 1, endedAt: 1, keyOf, attemptOf: () => 1 }]);
		t.deepEqual(recorded?.extras.get(1)?.failure, { kind: 'lost-result' });
		t.is(recorded?.extras.get(0)?.failure, undefined);
		t.deepEqual(store.readValue(keyOf(0)), Uint8Array.from(Buffer.alloc(20_000, 'there')));
		t.false(store.has(keyOf(1)));
		t.is(store.readFailure(keyOf(1))?.log, 'gone');
	});
}

test('a file of another file system is copied, and nothing is left of either', async (t) => {
	const elsewhere = '/dev/shm';
	if (!existsSync(elsewhere)) {
		t.log(`skipped: there is no ${elsewhere}`);
		t.pass();
		return;
	}
	const store = await stores['on disk'](t);
	const folder = mkdtempSync(join(elsewhere, 'scanmake-'));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	const path = written(t, bytes, folder);
	t.true(await store.keepBlob(digest, { path, size: bytes.length, mayMove: true }));
	t.false(existsSync(path));
	store.commit([{ key, record: recordOf('', { value: undefined, valueDigest: digest }) }], []);
	t.deepEqual(store.readValue(key), Uint8Array.from(bytes));
	const aside = join(store.folder, 'blobs/tmp');
	mkdirSync(aside, { recursive: true });
	t.deepEqual(readdirSync(aside), []);
});

test('a damaged blob gives way to a file that may be moved', async (t) => {
	const store = await stores['on disk'](t);
	const keep = async () => store.keepBlob(digest, { path: written(t), size: bytes.length, mayMove: true });
	t.true(await keep());
	const blobs = join(store.folder, 'blobs');
	const [name = ''] = readdirSync(blobs, { recursive: true, encoding: 'utf8' }).filter((path) =>
		/[0-9a-f]{60}$/.test(path),
	);
	writeFileSync(join(blobs, name), Buffer.alloc(bytes.length, 'wrong'));
	t.true(await keep());
	store.commit([{ key, record: recordOf('', { value: undefined, valueDigest: digest }) }], []);
	t.deepEqual(store.readValue(key), Uint8Array.from(bytes));
});
