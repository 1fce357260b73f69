// What a function gets and what becomes of what it does: parameters, rows, files, io. In this thread, without messages.
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import test from 'ava';
import { digestBytes, hex, resultDigest, valueTag } from '../../../engine/digest.ts';
import type { Bundle, InputTable, RuleSetup } from '../../../engine/executors/executor.ts';
import { inlineLimit } from '../../../engine/outcome.ts';
import { decodeValue } from '../../../engine/value.ts';
import type { Ended } from '../../../engine/workers/answers.ts';
import { taskRunner } from '../../../engine/workers/task.ts';
import type { Io, OutputIo, Row } from '../../../rules/io.ts';
import { table } from '../executors/threads.ts';

const folders: string[] = [];
test.after.always(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

interface Given {
	readonly kind?: RuleSetup['kind'];
	readonly setup?: Partial<RuleSetup>;
	readonly codes?: readonly number[];
	readonly seeds?: readonly number[];
	readonly size?: number;
	readonly inputs?: readonly InputTable[];
	readonly workFolder?: string;
}

async function workFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'scanmake-task-'));
	folders.push(folder);
	return folder;
}

/** Runs the tasks of one bundle with a function of the test's own. */
async function runAll(run: (...given: never[]) => unknown, given: Given = {}): Promise<Ended[]> {
	const { size = 1, inputs = [] } = given;
	const setup = {
		rule: 0,
		kind: given.kind ?? 'simulate',
		columns: [],
		seeded: false,
		recipe: 'function',
		timeoutSeconds: 9,
		...given.setup,
	} as const;
	const upstream = {
		rule: 1,
		kind: 'simulate',
		columns: [{ name: 'a', values: [10, 20, 30] }],
		seeded: false,
		recipe: 'function',
	} as const;
	const codes = Uint32Array.from(given.codes ?? []);
	const seeds = Uint32Array.from(given.seeds ?? []);
	const bundle: Bundle = {
		id: 5,
		rule: 0,
		tasks: { rule: 0, codes, seeds, size },
		inputs,
		workFolder: given.workFolder ?? (await workFolder()),
		keepsFolders: false,
	};
	const runner = taskRunner(bundle, {
		setupOf: (rule) => (rule === 0 ? setup : { ...upstream, timeoutSeconds: undefined }),
		runOf: () => run as (...all: unknown[]) => unknown,
		frames: () => '',
		clock: () => performance.now(),
		log: () => undefined,
		logged: () => undefined,
		listens: () => undefined,
	});
	const ended: Ended[] = [];
	for (let task = 0; task < size; task++) {
		await runner.run(task, (end) => ended.push({ ...end, tagged: end.tagged && new Uint8Array(end.tagged) }));
	}
	return ended;
}

const resultOf = (ended: Ended | undefined): unknown =>
	ended?.tagged && decodeValue(ended.tagged.subarray(valueTag.length));
const messageOf = (ended: Ended | undefined): string => {
	const failure = ended?.extra?.failure;
	return failure?.kind === 'threw' ? failure.message : '';
};

test('parameters come as a plain object in declared order, absent names missing, then trial and seed', async (t) => {
	const columns = [
		{ name: 'b', values: [1, 'x'] },
		{ name: 'a.c', values: [true, null] },
		{ name: 'trial', values: [0, 1] },
	];
	const seen: object[] = [];
	await runAll((params: object) => seen.push(params), {
		setup: { columns, seeded: true },
		codes: [2, 1, 1, 1, 0, 2],
		seeds: [77, 88],
		size: 2,
	});
	t.deepEqual(
		seen.map((params) => Object.entries(params)),
		[
			[
				['b', 'x'],
				['a.c', true],
				['trial', 0],
				['seed', 77],
			],
			[
				['b', 1],
				['trial', 1],
				['seed', 88],
			],
		],
	);
	t.is(Object.getPrototypeOf(seen[0]), Object.prototype);
});

test('rows decode what is looked at, and give the same object each time while the group is small', async (t) => {
	const values = [{ v: 'x' }, { v: 'y' }, { v: 'z' }];
	const from = table('from', values, [[2, 0]], 1);
	// The row that nobody looks at is damaged.
	from.bytes[from.offsets[1] ?? 0] = 0xc1;
	await runAll(
		(rows: Row[]) => {
			t.deepEqual(
				rows.map((row) => row.params),
				[{ a: 30 }, { a: 10 }],
			);
			t.deepEqual(
				rows.map((row) => row.result),
				[{ v: 'z' }, { v: 'x' }],
			);
			t.is(rows[0]?.result, rows[0]?.result);
			const [{ params, result }] = rows as [Row];
			t.deepEqual([params, result], [{ a: 30 }, { v: 'z' }]);
			t.is(inspect(rows[0]), "{ params: { a: 30 }, result: { v: 'z' } }");
		},
		{ kind: 'aggregate', inputs: [from] },
	).then(([ended]) => t.is(messageOf(ended), ''));
});

test('rows of a group of 32 MiB and more are decoded anew each time, so that they are not all kept', async (t) => {
	const from = table('from', [new Uint8Array(20e6), new Uint8Array(20e6)], [[0, 1]], 1);
	const [ended] = await runAll((rows: Row[]) => new Set([rows[0], rows[0]].map((row) => row?.result)).size === 2, {
		kind: 'aggregate',
		inputs: [from],
	});
	t.true(resultOf(ended));
});

test('a million rows are a million small handles', async (t) => {
	const count = 1_000_000;
	const from = table('from', [{ v: 1 }], [new Array(count).fill(0)], 1);
	const [ended] = await runAll(
		(rows: Row<unknown, { v: number }>[]) => rows.reduce((sum, row) => sum + row.result.v, 0),
		{
			kind: 'aggregate',
			inputs: [from],
		},
	);
	t.is(resultOf(ended), count);
});

test('a row in the result is refused, as all that is no plain data', async (t) => {
	const [ended] = await runAll((rows: Row[]) => rows, { kind: 'aggregate', inputs: [table('from', [1], [[0]], 1)] });
	t.like(ended?.extra?.failure, { kind: 'not-plain', path: 'result[0]' });
});

test('declared files belong to the result: small ones with their bytes, large ones where they lie', async (t) => {
	const [ended] = await runAll((_params: object, _inputs: object, io: Io) => {
		writeFileSync(io.out('small.txt'), 'spikes');
		writeFileSync(io.out('plots/large.bin'), Buffer.alloc(inlineLimit + 1, 7));
		chmodSync(io.out('small.txt'), 0o755);
		return 1;
	});
	const files = ended?.extra?.files ?? [];
	t.like(files[0], { name: 'small.txt', executable: true, size: 6, bytes: new Uint8Array(Buffer.from('spikes')) });
	t.is(files[0]?.path, undefined);
	t.like(files[1], { name: 'plots/large.bin', executable: false, size: inlineLimit + 1, bytes: undefined });
	t.true(existsSync(files[1]?.path ?? ''));
	t.is(hex(files[1]?.digest ?? new Uint8Array()), hex(digestBytes(Buffer.alloc(inlineLimit + 1, 7))));
	const value = ended?.tagged?.subarray(valueTag.length) ?? new Uint8Array();
	t.deepEqual(ended?.digest, resultDigest(value, files));
});

test('tasks have folders of their own, made when they are needed and removed when nothing large is in them', async (t) => {
	const folder = await workFolder();
	const ended = await runAll(
		(_params: object, _inputs: object, io: Io) => {
			const path = io.out('x');
			t.false(existsSync(path));
			t.is(io.out('x'), path);
			writeFileSync(path, 'x');
		},
		{ size: 2, workFolder: folder },
	);
	t.deepEqual(
		ended.map(({ extra }) => extra?.files?.length),
		[1, 1],
	);
	t.false(existsSync(join(folder, '5-0')) || existsSync(join(folder, '5-1')));
});

test('a declared file that is not there, a folder and a link out are failures', async (t) => {
	const makers: readonly [(path: string) => void, object][] = [
		[() => undefined, { kind: 'missing-output', output: 'plot.svg' }],
		[(path) => mkdirSync(path), { kind: 'bad-output', output: 'plot.svg', what: 'folder' }],
		[(path) => symlinkSync(process.execPath, path), { kind: 'bad-output', output: 'plot.svg', what: 'link-out' }],
	];
	for (const [make, failure] of makers) {
		const [ended] = await runAll((_params: object, _inputs: object, io: Io) => make(io.out('plot.svg')));
		t.deepEqual(ended?.extra?.failure, failure as never);
		t.is(ended?.tagged, undefined);
	}
});

test('a name of io.out leads nowhere but into the task’s own folder', async (t) => {
	for (const name of ['', '/etc/x', '../x', 'a/../../x', 'a//b', 'a/', '.', '..', './a', 'a\\b', 'a\0b']) {
		const [ended] = await runAll((_params: object, _inputs: object, io: Io) => io.out(name));
		t.regex(messageOf(ended), /^io\.out: /, name);
	}
});

test('a result that contains a path of io is refused', async (t) => {
	const input = {
		...table('train', [1], [[0]], 1),
		files: new Map([[0, [{ name: 'a.txt', path: '/elsewhere/in/a.txt' }]]]),
	};
	const runs = [
		(_params: object, _inputs: object, io: Io) => ({ plot: io.out('plot.svg') }),
		(_params: object, _inputs: object, io: Io) => [io.in('train', 'a.txt')],
	];
	const ended = await Promise.all(runs.map((run) => runAll(run, { inputs: [input] })));
	t.deepEqual(
		ended.map(([task]) => task?.extra?.failure),
		[
			{ kind: 'work-path-in-result', path: 'result.plot' },
			{ kind: 'work-path-in-result', path: 'result[0]' },
		],
	);
});

test('io.in gives the path of an upstream file; an unknown name is an error with the nearest', async (t) => {
	const files = new Map([[1, [{ name: 'train.txt', path: '/in/train.txt' }]]]);
	const inputs = [{ ...table('input', [0, 0], [[1], [0]], 1), files }];
	const io = async (read: (io: Io) => void) =>
		runAll((_params: object, _inputs: object, io: Io) => read(io), { inputs, size: 2 });
	const [found, without] = await io((io) => t.is(io.in('input', 'train.txt'), '/in/train.txt'));
	t.is(messageOf(found), '');
	t.regex(messageOf(without), /no file train\.txt: this result has no files/);
	t.regex(messageOf((await io((io) => io.in('inptu', 'train.txt')))[0]), /no input inptu; did you mean input\?/);
	t.regex(
		messageOf((await io((io) => io.in('input', 'trian.txt')))[0]),
		/no file trian\.txt; did you mean train\.txt\?/,
	);
});

test('in aggregate and analyze each row gives its files', async (t) => {
	const files = new Map([[0, [{ name: 'a.txt', path: '/in/a.txt' }]]]);
	const inputs = [{ ...table('from', [1, 2], [[0, 1]], 1), files }];
	const run = (read: (rows: Row[], io: OutputIo) => unknown) => {
		return runAll((rows: Row[], _group: object, io: OutputIo) => read(rows, io), { kind: 'aggregate', inputs });
	};
	const [found] = await run((rows) => (rows[0]?.file('a.txt') === '/in/a.txt' ? 'yes' : 'no'));
	t.is(resultOf(found), 'yes');
	const [leaked] = await run((rows) => rows[0]?.file('a.txt'));
	t.is(leaked?.extra?.failure?.kind, 'work-path-in-result');
	const [wrong] = await run((_rows, io) => (io as Io).in('from', 'a.txt'));
	t.regex(messageOf(wrong), /each row has file\(name\)/);
});

test('io belongs to its task, also when it is used after the next one has begun', async (t) => {
	const kept: Io[] = [];
	const run = (_params: object, _inputs: object, io: Io) => {
		writeFileSync(io.out('a'), 'x'.repeat(inlineLimit + 1));
		kept.push(io);
	};
	const ended = await runAll(run, { size: 2 });
	t.true(kept[0]?.out('b').includes('5-0'));
	t.true(kept[1]?.out('b').includes('5-1'));
	t.deepEqual(
		ended.map(({ extra }) => extra?.files?.map(({ name }) => name)),
		[['a'], ['a']],
	);
});

test('what is thrown is told in a sentence, whatever it is', async (t) => {
	const hostile = {
		toString: () => {
			throw new Error('no');
		},
	};
	const thrown = [new TypeError('bad'), 'text', undefined, hostile, new Error('outer', { cause: new Error('inner') })];
	const messages = await Promise.all(
		thrown.map(async (error) =>
			messageOf(
				(
					await runAll(() => {
						throw error;
					})
				)[0],
			),
		),
	);
	t.deepEqual(messages, [
		'TypeError: bad',
		'a thrown string: text',
		'a thrown undefined: undefined',
		'something that cannot be shown',
		'outer (caused by: inner)',
	]);
});
