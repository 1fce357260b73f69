// A disk that is full, or a file that may not grow: what was committed stays, and the user reads what to do.
// Knows only what `openStore` gives.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { UserError } from '../../../engine/errors.ts';
import { openStore } from '../../../engine/store/records.ts';
import { lastNumber, startChild } from './children.ts';
import { batchOf, columnOf, digestOf, noise, ownFolder, rowsOf } from './samples.ts';

async function countOf(folder: string, size: number): Promise<number> {
	const store = await openStore({ folder, mode: 'read' });
	const column = columnOf(batchOf('task', size));
	const count = store.lookUp(column, rowsOf(size), new Uint8Array(column.length), new Uint8Array(size));
	await store.close();
	return count;
}

test('a file that may not grow any more loses nothing that was committed, and says what to do', async (t) => {
	const folder = ownFolder(t);
	// blocks of 1 KiB: no file of this process may be larger
	const child = startChild(
		'committer',
		[folder, '0', '500', '1000'],
		['bash', '-c', 'ulimit -f 6000; exec "$@"', 'limited'],
	);
	await child.ended;
	const said = child.lines().at(-1) ?? '';
	t.regex(said, /^disk: The disk of the store .* is full/, child.errors());
	t.regex(said, /All results recorded before are kept/);
	t.regex(said, /run the same command again/);
	const known = lastNumber(child.lines(), 'committed');
	t.true(known >= 500);
	t.is(await countOf(folder, known), known);

	const again = await openStore({ folder, mode: 'write' });
	again.commit(batchOf('afterwards', 10), []);
	await again.close();
	t.is(await countOf(folder, known), known);
});

test('a full disk stops commits and blobs with an error, and the store goes on when there is room', async (t) => {
	const place = join(ownFolder(t), 'small');
	mkdirSync(place);
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', place], { stdio: 'ignore' });
	} catch {
		t.log('not shown here: no right to mount a small disk');
		t.pass();
		return;
	}
	t.teardown(() => execFileSync('umount', ['--lazy', place]));
	const folder = join(place, 'store');
	const store = await openStore({ folder, mode: 'write' });
	const filler = join(place, 'filler');
	let known = 0;
	const fill = () => {
		for (;;) {
			const batch = batchOf('task', known + 500, { log: 'x'.repeat(1000) }).slice(known);
			store.commit(batch, []);
			known += 500;
		}
	};
	const error = t.throws(fill, { instanceOf: UserError, message: /disk of the store .* is full/ });
	t.is((error as UserError).kind, 'disk');
	const bytes = noise(3_000_000, 'blob');
	writeFileSync(filler, '');
	const blob = await t.throwsAsync(store.keepBlob(digestOf(bytes), { bytes }), { instanceOf: UserError });
	t.is((blob as UserError).kind, 'disk');
	t.true(known >= 500);
	t.is(await countOf(folder, known), known, 'readers find all of it');
	execFileSync('mount', ['-o', 'remount,size=64m', place]);
	store.commit(batchOf('afterwards', 1000), []);
	await store.keepBlob(digestOf(bytes), { bytes });
	await store.close();
	t.is(await countOf(folder, known), known);
	const reader = await openStore({ folder, mode: 'read' });
	t.true(reader.has(digestOf('afterwards 999')));
	await reader.close();
});
