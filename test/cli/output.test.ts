// Where rows go: standard output, a terminal, a file; slowly read or not at all.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import test from 'ava';
import { writeAll } from '../../cli/output.ts';
import { UserError } from '../../engine/errors.ts';
import { output, scanmake, tableOf } from './fake.ts';

const rows = tableOf(['k'], [{ params: { k: 1 }, result: { v: 2 } }]);

test('table is CSV in a pipe, aligned at a terminal, and what --format or --json says', async (t) => {
	const table = async () => rows;
	t.is((await scanmake('table spikes', { table })).stdout, 'k,v\n1,2\n');
	t.is((await scanmake('table spikes', { table }, { stdout: output(true) })).stdout, 'k  v\n1  2\n');
	t.is((await scanmake('table spikes --format csv', { table }, { stdout: output(true) })).stdout, 'k,v\n1,2\n');
	t.is((await scanmake('table spikes --json', { table })).stdout, '[\n{"k":1,"v":2}\n]\n');
	t.is((await scanmake('--format=jsonl table spikes', { table })).stdout, '{"k":1,"v":2}\n');
});

test('table -o writes the file aside and moves it into place; its name may choose the format', async (t) => {
	const folder = await mkdtemp(join(tmpdir(), 'scanmake-cli-'));
	try {
		const table = async () => rows;
		const { stdout, status } = await scanmake('table spikes -o out.jsonl', { table }, { cwd: folder });
		t.is(status, 0);
		t.is(stdout, '');
		t.is(await readFile(join(folder, 'out.jsonl'), 'utf8'), '{"k":1,"v":2}\n');
		const torn = {
			...rows,
			*rows() {
				yield { params: { k: 1 }, done: true, result: 5 };
				throw new UserError('store', 'A result is damaged.');
			},
		};
		const failed = await scanmake('table spikes -o out.jsonl', { table: async () => torn }, { cwd: folder });
		t.is(failed.status, 3);
		t.is(await readFile(join(folder, 'out.jsonl'), 'utf8'), '{"k":1,"v":2}\n');
		t.deepEqual(await readdir(folder), ['out.jsonl']);
		const nowhere = await scanmake('table spikes -o no/out.csv', { table }, { cwd: folder });
		t.is(nowhere.status, 3);
		t.regex(nowhere.stderr, /out\.csv could not be written: its folder does not exist\.\n$/);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
});

test('a table with gaps says on standard error how many rows have no result, and how to build them', async (t) => {
	const table = async () => tableOf(['k'], [{ params: { k: 1 }, result: 1 }, { params: { k: 2 } }]);
	const { stdout, stderr } = await scanmake('-f my.ts table spikes', { table });
	t.is(stdout, 'k,result\n1,1\n2,\n');
	t.is(stderr, 'spikes: 1 of 2 rows have no result yet. To build them: scanmake -f my.ts spikes\n');
	t.is((await scanmake('table spikes --quiet', { table })).stderr, '');
});

test('rows are not made faster than they are read', async (t) => {
	let made = 0;
	let most = 0;
	let read = 0;
	const slow = new Writable({
		highWaterMark: 1,
		write(chunk: Buffer, _encoding, taken) {
			most = Math.max(most, made - read);
			setImmediate(() => {
				read += chunk.length / 64;
				taken();
			});
		},
	});
	function* pieces(): Generator<string> {
		for (made = 0; made < 20_000; made++) yield 'x'.repeat(64);
	}
	await writeAll(slow, pieces());
	t.true(most <= 4096, `${most} rows were waiting`);
});

test('a reader that goes away ends the writing silently', async (t) => {
	const gone = new Writable({
		highWaterMark: 1,
		write(_chunk, _encoding, taken) {
			setImmediate(() => taken(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })));
		},
	});
	gone.on('error', () => {});
	let made = 0;
	function* pieces(): Generator<string> {
		for (;;) {
			made++;
			yield 'x'.repeat(1024);
		}
	}
	await writeAll(gone, pieces());
	t.true(made < 1000);
});
