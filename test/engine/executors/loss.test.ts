// What the end of a thread costs: the set that ran, and no other one.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';
import { type Play, type Played, play } from './threads.ts';

const count = 40;

/** Task 17 does something bad; all tasks note in a file that they ran. */
function withBad(bad: string, more: Partial<Play> = {}): Promise<Played> {
	const body = `const run = (p, inputs, io) => { fs.appendFileSync(folder + '/' + p.a, 'x'); ${bad} return p.a; };
		return { r: simulate({ over: grid({ a: [0] }), run }) };`;
	return play({ body, count, bundleSize: 20, ...more });
}

function othersRanOnce(played: Played): boolean {
	return played.ended.every((task, i) => {
		const ran = played.texts.get(`${i}`) === 'x' && task?.times === 1;
		return ran && (i === 17 ? task?.failure !== undefined : task?.value === i);
	});
}

test('process.exit ends the thread and fails that set alone; every task runs exactly once', async (t) => {
	const played = await withBad('if (p.a === 17) { console.log("bye"); process.exit(3); }');
	t.deepEqual(played.ended[17]?.failure, { kind: 'exited', status: 3 });
	t.is(played.ended[17]?.log, 'bye\n');
	t.true(othersRanOnce(played));
});

test('a bundle that is sent while a thread dies goes to its successor', async (t) => {
	const body = `return { r: simulate({ over: grid({ a: [0] }), run: (p) => (p.a === 3 ? process.exit(1) : p.a) }) };`;
	const played = await play({ body, count: 6, slots: 1, lastAtFailure: true });
	t.deepEqual(
		played.ended.map((task) => task?.value),
		[0, 1, 2, undefined, 4, 5],
	);
	t.true(played.ended.every((task) => task?.times === 1));
});

test('an endless loop is stopped at its timeout and fails that set alone; its log is kept', async (t) => {
	const played = await withBad('if (p.a === 17) { io.log("round and round"); for (;;); }', { timeoutSeconds: 1.5 });
	t.deepEqual(played.ended[17]?.failure, { kind: 'timed-out', timeoutSeconds: 1.5 });
	t.is(played.ended[17]?.log, 'round and round\n');
	t.true((played.ended[17]?.seconds ?? 0) >= 1.5);
	t.true(othersRanOnce(played));
});

test('running out of memory fails that set alone', async (t) => {
	const played = await withBad('if (p.a === 17) { const all = []; for (;;) all.push(new Array(1000).fill(p)); }', {
		memoryMiB: 64,
	});
	t.deepEqual(played.ended[17]?.failure, { kind: 'out-of-memory' });
	t.true(othersRanOnce(played));
});

test('an exception out of a timer fails the set that runs', async (t) => {
	const played = await withBad(
		`if (p.a === 17) return new Promise(() => setTimeout(() => { throw new Error('from a timer'); }, 1));`,
	);
	t.like(played.ended[17]?.failure, { kind: 'threw', message: 'from a timer' });
	t.true(othersRanOnce(played));
});

test('a function that waits for ever is aborted by its signal at its timeout; the thread goes on', async (t) => {
	const played = await withBad(
		`globalThis.known ??= (fs.appendFileSync(folder + '/threads', 'x'), true);
		if (p.a === 17) return new Promise((resolve, reject) => io.signal.addEventListener('abort', () => reject(io.signal.reason)));`,
		{ timeoutSeconds: 1.5, slots: 1 },
	);
	t.deepEqual(played.ended[17]?.failure, { kind: 'timed-out', timeoutSeconds: 1.5 });
	t.true(othersRanOnce(played));
	t.is(played.texts.get('threads'), 'x');
});

test('a function that does not heed its signal loses the thread and fails that set alone', async (t) => {
	const played = await withBad('if (p.a === 17) { io.signal; return new Promise(() => setInterval(() => {}, 10)); }', {
		timeoutSeconds: 1.5,
	});
	t.deepEqual(played.ended[17]?.failure, { kind: 'timed-out', timeoutSeconds: 1.5 });
	t.true(othersRanOnce(played));
});

test('answers that were not flushed when the thread died are kept, large ones too', async (t) => {
	const played = await play({
		body: `const run = (p) => {
			if (p.a === 4) process.exit(1);
			return p.a === 3 ? 'x'.repeat(1e6) : p.a;
		};
		return { r: simulate({ over: grid({ a: [0] }), run }) };`,
		count: 8,
		slots: 1,
	});
	t.deepEqual(
		played.ended.map((task) => (typeof task?.value === 'string' ? task.value.length : task?.value)),
		[0, 1, 2, 1e6, undefined, 5, 6, 7],
	);
	t.true(played.ended.every((task) => task?.times === 1));
});

test('a thread that waits for a process and cannot be ended is abandoned after 2 s, named, and replaced', async (t) => {
	const played = await withBad(
		`if (p.a === 17) child.execFileSync('sh', ['-c', 'echo $$ > "$0/pid"; exec sleep 600', folder]);`,
		{ timeoutSeconds: 1.5, slots: 1 },
	);
	t.is(played.abandoned.length, 1);
	t.regex(played.abandoned[0] ?? '', /^simulate a=17: .*left behind/);
	t.deepEqual(played.ended[17]?.failure, { kind: 'timed-out', timeoutSeconds: 1.5 });
	t.true(othersRanOnce(played));
	if (process.platform === 'linux') await t.notThrowsAsync(ended(Number(played.texts.get('pid'))));
});

/** Resolves when there is no such process. */
async function ended(pid: number): Promise<void> {
	for (;;) {
		try {
			process.kill(pid, 0);
		} catch {
			return;
		}
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

test('a limit of the engine’s own memory is none of its threads’', async (t) => {
	const threads = new URL('threads.js', import.meta.url).href;
	const script = `import { play } from ${JSON.stringify(threads)};
		const run = '(p) => { const all = []; for (let i = 0; i < 300; i++) all.push(new Array(1e5).fill(i)); return all.length; }';
		const { ended } = await play({ body: 'return { r: simulate({ over: grid({ a: [0] }), run: ' + run + ' }) };', count: 1 });
		console.log(JSON.stringify(ended[0].failure ?? ended[0].value));`;
	const { stdout } = await promisify(execFile)(process.execPath, [
		...['--max-old-space-size=64', '--input-type=module', '--eval', script],
	]);
	t.is(stdout.trim(), '300');
});

test('a thread that dies before every task it is given fails these, instead of being started for ever', async (t) => {
	const played = await play({
		body: `setTimeout(() => { throw new Error('from the top level'); }, 0);
		const until = Date.now() + 50; while (Date.now() < until);
		return { r: simulate({ over: grid({ a: [0] }), run: async (p) => { await new Promise((done) => setTimeout(done, 1000)); return p.a; } }) };`,
		count: 2,
	});
	t.true(played.ended.every((task) => task?.failure?.kind === 'crashed' || task?.failure?.kind === 'threw'));
});
