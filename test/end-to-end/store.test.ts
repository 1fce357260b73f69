// The store in trouble, with the real command: a full disk, a read-only one, a foreign format, another writer, a
// damaged result. What is said, what is kept, and that the same command goes on once the trouble is over.
// A store on a network file system is the business of the store's own tests: none can be mounted here.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { noInnards, project, sleepText, until, words } from './project.ts';

/** Mounts a file system of its own, unmounted when the test ends; undefined where that is not allowed. */
function mounted(t: ExecutionContext, folder: string, options: string): ((...more: string[]) => void) | undefined {
	const mount = (...given: readonly string[]) => execFileSync('mount', [...given, folder], { stdio: 'ignore' });
	mkdirSync(folder, { recursive: true });
	try {
		mount('-t', 'tmpfs', '-o', options, 'tmpfs');
	} catch {
		return undefined;
	}
	t.teardown(() => execFileSync('umount', ['-l', folder], { stdio: 'ignore' }));
	return (...more) => void mount('-o', `remount,${more.join(',')}`);
}

/** Tasks with 64 KB each. */
const large = `${words}
const train = simulate({
	over: grid({ k: Array.from({ length: 40 }, (_, k) => k) }),
	run: (p) => new Float64Array(8000).fill(p.k),
});
export default scan({ train });
`;

test('a full disk ends the build with what is kept; with room again the same command goes on', async (t) => {
	const { build, scanmake, path } = project(t, { 'Scanfile.ts': large });
	const remount = mounted(t, path('disk'), 'size=1536k');
	if (remount === undefined) return void t.pass('skipped: this user may not mount a small disk');
	const full = await build('--store', 'disk/store', '-j', '2');
	t.is(full.status, 3);
	t.false(full.ok);
	t.regex(full.stderr, /The disk of the store .* is full \(ENOSPC/);
	t.regex(full.stderr, /Make room on that disk, or start a store on another one \(--store\)/);
	t.regex(full.stderr, /\d+ finished tasks are kept\./);
	noInnards(t, full);
	const [train] = full.accounts;
	const kept = train?.ran ?? 0;
	t.true(kept > 0 && kept < 40);
	t.regex(full.stdout, /"problems":\[\{"message":"The disk of the store/);

	remount('size=64m');
	const rest = await build('--store', 'disk/store', '-j', '2');
	t.is(rest.status, 0, rest.stderr);
	t.deepEqual(rest.did, { train: `reused ${kept}, ran ${40 - kept}` });
	const table = await scanmake('table', 'train', '--store', 'disk/store', '--format', 'jsonl');
	t.true(
		table.stdout
			.trimEnd()
			.split('\n')
			.every((line, k) => line.startsWith(`{"k":${k},"result":[${k},${k},`)),
	);
});

test('a read-only store can be looked at; a build says why it cannot go on', async (t) => {
	const { build, scanmake, path } = project(t, { 'Scanfile.ts': large });
	const remount = mounted(t, path('disk'), 'size=64m');
	if (remount === undefined) return void t.pass('skipped: this user may not mount a disk');
	const store = ['--store', 'disk/store'];
	await build(...store, '--where', 'k<3');
	remount('ro');
	const ended = await scanmake(...store);
	t.is(ended.status, 3);
	t.regex(ended.stderr, /^The store .*disk\/store cannot be .*read-only.*--store/m);
	noInnards(t, ended);
	t.is((await scanmake('gc', ...store)).status, 3);
	const plan = await scanmake('plan', '--json', ...store);
	t.regex(plan.stdout, /"reused":3,"toRun":37/);
	t.regex((await scanmake('show', 'train', 'k=2', ...store)).stdout, /done in/);
});

test('a store of another format, and a folder that is none, are named and left alone', async (t) => {
	const { scanmake, read, write, path } = project(t, {
		'Scanfile.ts': large,
		'foreign/format.json': '{"format":99,"scanmake":"9.1.0"}',
		'thesis/chapter1.tex': 'Introduction',
	});
	const foreign = await scanmake('--store', 'foreign');
	t.is(foreign.status, 3);
	t.regex(foreign.stderr, /has format 99 \(of scanmake 9\.1\.0\); scanmake \S+ expects format \d+/);
	t.regex(foreign.stderr, /npx scanmake@9\.1\.0.*--store/);
	noInnards(t, foreign);
	t.deepEqual(readdirSync(path('foreign')), ['format.json']);
	const asJson = await scanmake('table', 'train', '--json', '--store', 'foreign');
	t.is(asJson.status, 3);
	t.regex(asJson.stdout, /^\{"ok":false,"problems":\[\{"message":"The store /);

	const other = await scanmake('--store', 'thesis');
	t.is(other.status, 3);
	t.regex(other.stderr, /thesis is no store of scanmake's.*chapter1\.tex.*--store/);
	t.deepEqual(readdirSync(path('thesis')), ['chapter1.tex']);

	write('foreign/format.json', 'scribble');
	t.regex((await scanmake('--store', 'foreign')).stderr, /format\.json is damaged/);
	t.is(read('foreign/format.json'), 'scribble');
});

test('a second scanmake on the same store is told who holds it; who only looks works beside', async (t) => {
	const { start, scanmake, lines, write } = project(t, {
		'Scanfile.ts': `${words}${sleepText}
import { appendFileSync, existsSync } from "node:fs";
const run = (p: { k: number }) => {
	for (let i = 0; p.k === 9 && i < 2000 && !existsSync(import.meta.dirname + "/go"); i++) sleep(10);
	appendFileSync(import.meta.dirname + "/ran.txt", p.k + "\\n");
	return p.k;
};
const k = Array.from({ length: 10 }, (_, i) => i);
export default scan({ spikes: simulate({ over: grid({ k }), run }) });\n`,
	});
	const { child, ended } = start(['spikes', '-j', '2']);
	await until(() => lines('ran.txt').length === 9);
	const second = await scanmake();
	t.is(second.status, 3);
	t.regex(second.stderr, new RegExp(`is in use: process ${child.pid} of \\S+ on \\S+ \\(scanmake spikes -j 2\\)`));
	t.regex(second.stderr, /Wait until it has ended or end it, then run the same command again/);
	noInnards(t, second);
	t.is((await scanmake('plan')).status, 0);
	t.is((await scanmake('graph')).status, 0);
	t.is((await scanmake('table', 'spikes')).stdout.split('\n').length, 12);
	write('go', '');
	t.is((await ended).status, 0, 'the first goes on undisturbed');
	t.is((await scanmake()).status, 0);
	t.is(lines('ran.txt').length, 10);
});

function filesBelow(folder: string): string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
		entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)],
	);
}

/** Flips a byte in the middle of the kept files that `holds`; returns how many there were. */
function damage(store: string, holds: (bytes: Buffer) => boolean): number {
	const blobs = filesBelow(join(store, 'blobs')).filter((file) => statSync(file).size > 16_384);
	const chosen = blobs.filter((file) => holds(readFileSync(file)));
	for (const file of chosen) {
		const bytes = readFileSync(file);
		bytes[bytes.length >> 1] = 255 - (bytes[bytes.length >> 1] ?? 0);
		chmodSync(file, 0o644);
		writeFileSync(file, bytes);
	}
	return chosen.length;
}

test('a damaged result is found when it is needed: its task runs again, it is said, and what comes of it is right', async (t) => {
	const { build, scanmake, edit, lines, folder } = project(t, {
		'Scanfile.ts': `${words}
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
const train = simulate({
	over: grid({ k: [0, 1, 2] }),
	run: (p, _inputs, io) => {
		appendFileSync(import.meta.dirname + "/ran.txt", p.k + "\\n");
		writeFileSync(io.out("trace.bin"), new Uint8Array(20_000).fill(65 + p.k));
		return new Float64Array(5000).fill(p.k + 0.5);
	},
});
const sum = analyze({
	from: { train },
	run: ({ train }) => train.map((row) => row.result[2500] * 10 + readFileSync(row.file("trace.bin"))[10_000]),
});
export default scan({ train, sum });\n`,
	});
	const store = join(folder, '.scanmake');
	const sums = async (...typed: string[]) =>
		(JSON.parse((await scanmake('show', 'sum', '--json', ...typed)).stdout) as { result: number[] }).result;
	t.is((await build('-j', '2')).status, 0);
	t.deepEqual(await sums(), [70, 81, 92]);

	// the value of k = 1: Float64 1.5
	t.is(
		damage(store, (bytes) => bytes.length > 39_000 && bytes.includes(Buffer.from('000000000000f83f', 'hex'))),
		1,
	);
	edit('Scanfile.ts', '* 10', '* 100');
	const value = await build('-j', '2');
	t.is(value.status, 0);
	t.regex(value.stderr, /1 result of train in the store was damaged: its task runs again/);
	t.deepEqual(value.did, { train: 'reused 2, ran 1', sum: 'ran 1' });
	t.deepEqual(await sums(), [115, 216, 317]);

	// the file of k = 2
	t.is(
		damage(store, (bytes) => bytes.length === 20_000 && bytes[0] === 67),
		1,
	);
	edit('Scanfile.ts', '* 100', '* 1000');
	const file = await build('-j', '2');
	t.is(file.status, 0);
	t.regex(file.stderr, /1 result of train in the store was damaged/);
	t.deepEqual(await sums(), [565, 1566, 2567]);
	t.deepEqual(lines('ran.txt').slice(3), ['1', '2'], 'nothing else ran again');
	t.deepEqual((await build()).did, { train: 'reused 3', sum: 'reused 1' });
});

test('who looks at a damaged result is told so and what to do: gc forgets it, and the next build runs it again', async (t) => {
	const { build, scanmake, folder } = project(t, {
		'Scanfile.ts': `${words}
const train = simulate({ over: grid({ k: [0, 1, 2] }), run: (p) => new Float64Array(5000).fill(p.k + 0.5) });
export default scan({ train });\n`,
	});
	await build();
	t.is(
		damage(join(folder, '.scanmake'), (bytes) => bytes.includes(Buffer.from('000000000000f83f', 'hex'))),
		1,
	);
	const table = await scanmake('table', 'train', '--format', 'jsonl');
	t.is(table.status, 3);
	t.is(table.stdout.trim().split('\n').length, 3);
	t.regex(table.stderr, /train: 1 result in the store is damaged\. To forget what is damaged: scanmake gc/);
	t.regex((await scanmake('show', 'train', 'k=1')).stdout, /its result in the store is damaged\. .*scanmake gc/);
	t.regex((await scanmake('show', 'train', 'k=2')).stdout, /done/);
	t.regex((await scanmake('gc')).stdout, /1 damaged result forgotten/);
	t.deepEqual((await build()).did, { train: 'reused 2, ran 1' });
	t.is((await scanmake('table', 'train')).status, 0);
});
