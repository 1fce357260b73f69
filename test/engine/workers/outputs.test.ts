// The declared files of a task that has ended.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { digestBytes } from '../../../engine/digest.ts';
import { inlineLimit } from '../../../engine/outcome.ts';
import { collectOutputs } from '../../../engine/workers/outputs.ts';

const inFolder = async (work: (folder: string) => void | Promise<void>): Promise<void> => {
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-outputs-'));
	try {
		await work(folder);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
};

const collect = (folder: string, ...names: readonly string[]) =>
	collectOutputs(new Map(names.map((name) => [name, join(folder, name)])), folder);

test('small files are read at once, large ones keep their path; both have the digest of their bytes', async (t) => {
	await inFolder(async (folder) => {
		const [small, large] = [new Uint8Array(inlineLimit).fill(1), new Uint8Array(inlineLimit + 1).fill(2)];
		writeFileSync(join(folder, 'small'), small);
		chmodSync(join(folder, 'small'), 0o755);
		writeFileSync(join(folder, 'large'), large);
		const own = { name: 'small', executable: true, size: small.length, digest: digestBytes(small), bytes: small };
		t.deepEqual(collect(folder, 'small'), { files: [own] });
		t.deepEqual(await collect(folder, 'small', 'large'), {
			files: [
				own,
				{
					name: 'large',
					executable: false,
					size: large.length,
					digest: digestBytes(large),
					path: join(folder, 'large'),
				},
			],
		});
	});
});

test('a link is followed inside the folder of the task, and nowhere else', async (t) => {
	await inFolder(async (above) => {
		const folder = join(above, 'task');
		mkdirSync(folder);
		mkdirSync(join(above, 'task-2'));
		writeFileSync(join(folder, 'there'), 'x');
		writeFileSync(join(above, 'task-2', 'there'), 'x');
		symlinkSync('there', join(folder, 'inside'));
		symlinkSync('../task-2/there', join(folder, 'beside'));
		symlinkSync('..', join(folder, 'up'));
		t.like(collect(folder, 'inside'), { files: [{ name: 'inside', size: 1 }] });
		for (const output of ['beside', 'up']) {
			t.deepEqual(collect(folder, output), { failure: { kind: 'bad-output', output, what: 'link-out' } });
		}
		// the way to a file may leave the folder as well
		symlinkSync('../task-2', join(folder, 'way'));
		t.deepEqual(collect(folder, 'way/there'), {
			failure: { kind: 'bad-output', output: 'way/there', what: 'link-out' },
		});
	});
});

test('the first file that is not there is named', async (t) => {
	await inFolder((folder) => {
		writeFileSync(join(folder, 'a'), '');
		t.deepEqual(collect(folder, 'a', 'b', 'c'), { failure: { kind: 'missing-output', output: 'b' } });
		t.deepEqual(collect(folder, 'a/b'), { failure: { kind: 'missing-output', output: 'a/b' } });
	});
});
