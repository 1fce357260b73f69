// What becomes of results: kinds of functions, of values, of failures that cost no thread.
import test from 'ava';
import { resultDigest } from '../../../engine/digest.ts';
import { encodeValue } from '../../../engine/value.ts';
import { play, table } from './threads.ts';

const one = (run: string) => ({ body: `return { r: simulate({ over: grid({ a: [0] }), run: ${run} }) };`, count: 1 });

test('what a function returns is the result, with its digest', async (t) => {
	const { ended } = await play({ ...one('(p) => ({ twice: p.a * 2 })'), count: 3, bundleSize: 2 });
	t.deepEqual(
		ended.map((task) => task?.value),
		[{ twice: 0 }, { twice: 2 }, { twice: 4 }],
	);
	t.is(ended[2]?.digest, Buffer.from(resultDigest(encodeValue({ twice: 4 }), [])).toString('hex'));
	t.is(ended[2]?.failure, undefined);
});

test('what an async function resolves to is the result, and its tasks run one at a time', async (t) => {
	const { ended } = await play({
		body: `let running = 0;
			const run = async (p) => { const before = ++running; await new Promise((done) => setTimeout(done, 1)); running--; return before; };
			return { r: simulate({ over: grid({ a: [0] }), run }) };`,
		count: 20,
		slots: 1,
	});
	t.true(ended.every((task) => task?.value === 1));
});

test('a throw and a rejection fail their own set alone, with the user’s frames in source positions', async (t) => {
	const { ended } = await play({
		body: `function inner(a) { throw new RangeError('no ' + a); }
const run = (p) => (p.a === 1 ? inner(p.a) : p.a === 2 ? Promise.reject(new Error('late')) : p.a === 3 ? Promise.reject('text') : p.a);
return { r: simulate({ over: grid({ a: [0] }), run }) };`,
		count: 5,
		bundleSize: 5,
	});
	t.deepEqual(ended[1]?.failure, {
		kind: 'threw',
		message: 'RangeError: no 1',
		stack: 'RangeError: no 1\n    at inner (Scanfile.ts:1:1)\n    at run (Scanfile.ts:2:1)',
	});
	t.like(ended[2]?.failure, { kind: 'threw', message: 'late' });
	t.like(ended[3]?.failure, { kind: 'threw', message: 'a thrown string: text' });
	t.is(ended[1]?.digest, '0'.repeat(64));
	t.deepEqual([ended[0]?.value, ended[4]?.value], [0, 4]);
});

test('a result that is no plain data fails with the place and what stands there', async (t) => {
	const { ended } = await play(one('(p) => ({ rates: [1, new Date(0)] })'));
	t.deepEqual(ended[0]?.failure, { kind: 'not-plain', path: 'result.rates[1]', what: 'a Date' });
});

test('large results come whole and in order, in memory that no segment could hold', async (t) => {
	const { ended } = await play({
		...one('(p) => (p.a % 3 === 0 ? new Float64Array(p.a * 50_000).fill(p.a) : p.a)'),
		count: 20,
		slots: 1,
	});
	for (const [i, task] of ended.entries()) {
		t.is(task?.times, 1);
		if (i % 3 !== 0) t.is(task?.value, i);
		else t.true(task?.value instanceof Float64Array && task.value.every((number) => number === i), `${i}`);
		t.is(task?.digest, Buffer.from(resultDigest(encodeValue(task?.value), [])).toString('hex'));
	}
});

test('more answers than a segment holds are all given, once', async (t) => {
	const { ended } = await play({ ...one('(p) => "x".repeat(p.a % 100)'), count: 20_000, slots: 2 });
	t.true(ended.every((task, i) => task?.times === 1 && (task.value as string).length === i % 100));
});

test('an input is decoded for each task: what one task changes in it the next does not see', async (t) => {
	const { ended } = await play({
		...one('(p, { input }) => { input.list.push(p.a); return input.list; }'),
		count: 3,
		inputs: (tasks) => [
			table(
				'input',
				[{ list: [7] }],
				tasks.map(() => [0]),
			),
		],
	});
	t.deepEqual(
		ended.map((task) => task?.value),
		[
			[7, 0],
			[7, 1],
			[7, 2],
		],
	);
});

test('an aggregate gets a real array of rows in the order given, an analyze one a name', async (t) => {
	const rows = `(rows) => Array.isArray(rows) && rows.map(({ params, result }) => params.a + ':' + result.v)`;
	const from = {
		rule: 1,
		kind: 'simulate',
		columns: [{ name: 'a', values: [10, 20, 30] }],
		seeded: false,
		recipe: 'function',
	} as const;
	const setups = [{ ...from, timeoutSeconds: undefined }];
	const values = [{ v: 'x' }, { v: 'y' }, { v: 'z' }];
	const body = (rule: string) =>
		`const s = simulate({ over: grid({ a: [10, 20, 30] }), run: () => null }); return { r: ${rule}, s };`;
	const grouped = await play({
		body: body(`aggregate({ from: s, by: ["a"], run: (rows, group) => [(${rows})(rows), group.a] })`),
		kind: 'aggregate',
		count: 2,
		setups,
		inputs: () => [table('from', values, [[2, 0], [1]], 1)],
	});
	t.deepEqual(
		grouped.ended.map((task) => task?.value),
		[
			[['30:z', '10:x'], 0],
			[['20:y'], 1],
		],
	);
	const analyzed = await play({
		body: body(`analyze({ from: { s }, run: (tables) => (${rows})(tables.s) })`),
		kind: 'analyze',
		count: 1,
		setups,
		inputs: () => [table('s', values, [[0, 1, 2]], 1)],
	});
	t.deepEqual(analyzed.ended[0]?.value, ['10:x', '20:y', '30:z']);
});

test('io.log, console and the process’s streams go to the task’s own log', async (t) => {
	const { ended } = await play({
		...one(`(p, inputs, io) => {
			if (p.a === 1) return null;
			io.log('log ' + p.a); console.log('out %d', p.a); console.error('err'); process.stdout.write('raw\\n');
			return null;
		}`),
		count: 3,
		slots: 1,
	});
	t.deepEqual(
		ended.map((task) => task?.log),
		['log 0\nout 0\nerr\nraw\n', undefined, 'log 2\nout 2\nerr\nraw\n'],
	);
});

test('what waits behind a long task goes to a thread that has nothing to do', async (t) => {
	// The first task ends when the last has run: with one thread for all of them it never would.
	const { ended } = await play({
		...one(`async (p) => {
			if (p.a !== 0) fs.writeFileSync(folder + '/done' + p.a, '');
			else while (!fs.existsSync(folder + '/done9')) await new Promise((done) => setTimeout(done, 5));
			return p.a;
		}`),
		count: 10,
		bundleSize: 10,
	});
	t.true(ended.every((task, i) => task?.value === i && task.times === 1));
});

test('a Scanfile that cannot be evaluated in a thread breaks the executor, with the message', async (t) => {
	const threw = await play({ body: `throw new Error('not in a thread');`, count: 1 });
	t.is(threw.broken.length, 1);
	t.regex(threw.broken[0] ?? '', /not in a thread/);
	const exited = await play({ body: `process.reallyExit(3);`, count: 1 });
	t.is(exited.broken.length, 1);
});

test('closing stops what runs, keeps what was answered, and reports the rest as not run', async (t) => {
	const { ended, left } = await play({
		...one(`(p) => { if (p.a === 5) for (;;); return p.a; }`),
		count: 10,
		slots: 1,
		onAnswer(answered, close) {
			if (answered === 5) close();
		},
	});
	t.deepEqual(
		ended.map((task) => task?.value),
		[0, 1, 2, 3, 4, ...new Array(5).fill(undefined)],
	);
	t.deepEqual(left, [5, 6, 7, 8, 9]);
});

test('closing aborts the signal of a function that waits', async (t) => {
	const { ended, texts } = await play({
		...one(`async (p, inputs, io) => {
			if (p.a === 0) return 0;
			await new Promise((done) => io.signal.addEventListener('abort', done));
			fs.writeFileSync(folder + '/aborted', 'yes');
		}`),
		count: 2,
		bundleSize: 1,
		slots: 1,
		onAnswer: (_answered, close) => setTimeout(close, 300),
	});
	t.is(ended[1], undefined);
	t.is(texts.get('aborted'), 'yes');
});

for (const [cores, most] of [
	[1, 4],
	[2, 2],
	[3, 1],
	[9, 1],
] as const) {
	test(`of tasks that take ${cores} of four cores, at most ${most} run side by side`, async (t) => {
		const body = `const at = folder + '/log.txt'; const nap = new Int32Array(new SharedArrayBuffer(4));
const run = () => { fs.appendFileSync(at, '+'); Atomics.wait(nap, 0, 0, 20); fs.appendFileSync(at, '-'); return 1; };
return { r: simulate({ over: grid({ a: [0] }), run }) };`;
		const { ended, texts } = await play({ body, count: 24, slots: 4, bundleSize: 3, cores });
		t.true(ended.every((task) => task?.value === 1));
		let running = 0;
		let peak = 0;
		for (const sign of texts.get('log.txt') ?? '') {
			running += sign === '+' ? 1 : -1;
			peak = Math.max(peak, running);
		}
		t.true(peak <= most, `${peak} ran side by side`);
		t.is(running, 0);
	});
}
