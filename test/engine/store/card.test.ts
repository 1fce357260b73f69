import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { digestBytes } from '../../../engine/digest.ts';
import { openStore } from '../../../engine/store/records.ts';
import type { Store } from '../../../engine/store/store.ts';

const name = digestBytes('a sweep');
const sweep = { generation: 0, tasks: 1, digest: digestBytes('results'), usedAt: 1 };
const key = digestBytes('a task');

function folderOf(t: ExecutionContext): string {
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-card-'));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

async function session<T>(folder: string, act: (store: Store) => T): Promise<T> {
	const store = await openStore({ folder, mode: 'write' });
	try {
		return act(store);
	} finally {
		await store.close();
	}
}

const leave = (store: Store) => {
	store.putSweep(name, sweep, key);
	store.putFacts(new Map([['known', Buffer.from('fact')]]));
};

/** A card with the checksum that belongs to it. */
function signed(text: string): string {
	const { checksum: _, ...card } = JSON.parse(text) as { checksum: number };
	return JSON.stringify({ checksum: crc32(JSON.stringify(card)), ...card });
}

const cardOf = (folder: string) => join(folder, 'card.json');

test('what the last build asked for is answered from the card, and the database is not opened', async (t) => {
	const folder = folderOf(t);
	await session(folder, leave);
	const card = readFileSync(cardOf(folder), 'utf8');
	writeFileSync(cardOf(folder), signed(card.replace('"tasks":1', '"tasks":7')));
	await session(folder, (store) => {
		t.is(store.sweep(name)?.tasks, 7);
		t.is(Buffer.from(store.fact('known') ?? []).toString(), 'fact');
	});
});

test('a card is not believed once the database has changed', async (t) => {
	const folder = folderOf(t);
	await session(folder, leave);
	const card = readFileSync(cardOf(folder), 'utf8');
	writeFileSync(cardOf(folder), signed(card.replace('"tasks":1', '"tasks":7')));
	utimesSync(join(folder, 'records', 'data.mdb'), 1, 1);
	t.is(await session(folder, (store) => store.sweep(name)?.tasks), 1);
});

test('a damaged card is no harm', async (t) => {
	const folder = folderOf(t);
	await session(folder, leave);
	const card = readFileSync(cardOf(folder), 'utf8');
	for (const text of ['', '{', '[]', 'null', card.replace('"tasks":1', '"tasks":7')]) {
		writeFileSync(cardOf(folder), text);
		t.is(await session(folder, (store) => store.sweep(name)?.tasks), 1);
	}
});

test('what is asked for and not on the card is looked up in the database', async (t) => {
	const folder = folderOf(t);
	const other = digestBytes('another sweep');
	await session(folder, leave);
	await session(folder, (store) => store.putSweep(other, { ...sweep, tasks: 3 }, key));
	rmSync(cardOf(folder));
	t.is(await session(folder, (store) => store.sweep(other)?.tasks), 3);
	t.is(await session(folder, (store) => store.sweep(name)?.tasks), 1);
});

test('a sweep of an older generation does not come back from the card', async (t) => {
	const folder = folderOf(t);
	const record = {
		...{ digest: digestBytes('result'), value: Uint8Array.of(1), valueDigest: undefined, files: [], log: '' },
		...{ endedAt: 1, seconds: 1, attempt: 1, build: 1 },
	};
	await session(folder, (store) => {
		store.commit([{ key, record }], []);
		leave(store);
	});
	await session(folder, (store) => store.forget([key]));
	t.is(await session(folder, (store) => store.sweep(name)), undefined);
	t.is(await session(folder, (store) => store.generation()), 1);
});

test('a store that is killed leaves no card behind', async (t) => {
	const folder = folderOf(t);
	await session(folder, leave);
	const store = await openStore({ folder, mode: 'write' });
	store.startBuild({
		startedAt: 1,
		host: '',
		node: '',
		scanmake: '',
		platform: '',
		scanfile: '',
		targets: [],
		commit: undefined,
	});
	t.throws(() => readFileSync(cardOf(folder)), { code: 'ENOENT' });
	await store.close();
	t.notThrows(() => readFileSync(cardOf(folder)));
});
