// What happens to a task that takes more memory than it was promised, however it does so.
// The threads are started by a process of their own, whose death would show.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';
import { heapLimitMiB, usualMemoryMiB } from '../../../engine/executors/memory.ts';
import type { Play } from './threads.ts';

const count = 12;
const bad = 5;
const threads = new URL('threads.js', import.meta.url).href;

/** Plays in another process; `run` is the body of the function. What each task gave, or the kind of its failure. */
async function playOutside(run: string, more: Partial<Play>): Promise<unknown> {
	const body = `const run = async (p, inputs, io) => { ${run} return p.a; };
		return { r: simulate({ over: grid({ a: [0] }), run }) };`;
	const given = { body, count, bundleSize: 6, ...more };
	const script = `import { play } from ${JSON.stringify(threads)};
		const { ended } = await play(${JSON.stringify(given)});
		console.log(JSON.stringify(ended.map((task) => (task.times === 1 ? (task.failure?.kind ?? task.value) : task.times))));`;
	const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
	return JSON.parse(stdout);
}

const allButBad = Array.from({ length: count }, (_, i) => (i === bad ? 'out-of-memory' : i));

const hogs: readonly (readonly [string, string, number])[] = [
	['arrays in steps that are larger than what V8 leaves', 'for (;;) hold.push(new Array(3e7).fill(1));', 128],
	['small objects', 'for (;;) hold.push({ t: 1 });', 128],
	['an array that doubles', 'for (let i = 0; ; i++) hold.push(i);', 128],
	['typed arrays', 'for (;;) hold.push(new Float64Array(1e7).fill(1));', 256],
	['typed arrays that are never written', 'for (;;) hold.push(new Float64Array(1e7));', 256],
	[
		'buffers, between waits',
		'for (;;) { hold.push(Buffer.alloc(1e7, 1)); await new Promise((done) => setTimeout(done, 1)); }',
		256,
	],
];

for (const [what, loop, memoryMiB] of hogs)
	test.serial(`a task that holds ever more fails alone, as out of memory: ${what}`, async (t) => {
		const run = `if (p.a === ${bad}) { const hold = []; ${loop} }`;
		t.deepEqual(await playOutside(run, { memoryMiB }), allButBad);
	});

test.serial('two tasks that run out of memory at the same time both do', async (t) => {
	const run = `if (p.a === 0 || p.a === 6) { const hold = []; for (;;) hold.push(new Array(1e6).fill(1)); }`;
	const ended = (await playOutside(run, { memoryMiB: 128 })) as unknown[];
	t.deepEqual(
		ended,
		Array.from({ length: count }, (_, i) => (i % 6 === 0 ? 'out-of-memory' : i)),
	);
});

test.serial('garbage is no memory that a task holds', async (t) => {
	const run = `if (p.a === ${bad}) {
		const live = []; for (let i = 0; i < 3e5; i++) live.push({ i });
		const until = Date.now() + 2000; const ring = [];
		for (let i = 0; Date.now() < until; i++) ring[i % 100] = new Array(20_000).fill(i);
	}`;
	const all = Array.from({ length: count }, (_, i) => i);
	t.deepEqual(await playOutside(run, { memoryMiB: 64 }), all);
});

test.serial('a task within its promise is left alone, however much the engine and the other tasks hold', async (t) => {
	const run = `const hold = new Float64Array(7e6).fill(1); const until = Date.now() + 600; while (Date.now() < until);`;
	const all = Array.from({ length: 4 }, (_, i) => i);
	t.deepEqual(await playOutside(run, { memoryMiB: 96, count: 4, bundleSize: 1 }), all);
});

test('a thread is promised no more than its share of the machine', (t) => {
	t.true(usualMemoryMiB(1) <= 2048);
	t.is(usualMemoryMiB(1_000_000), 256);
	t.true(heapLimitMiB(64) >= 64 + 2048);
});
