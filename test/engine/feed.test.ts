import { appendFileSync, chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { InputTable } from '../../engine/executors/executor.ts';
import { feeder } from '../../engine/feed.ts';
import type { KeyInput } from '../../engine/key.ts';
import { groupRows, type Link } from '../../engine/links.ts';
import { schedule } from '../../engine/schedule.ts';
import { memoryStore } from '../../engine/store/memory.ts';
import type { StoredFile } from '../../engine/store/store.ts';
import { keyOf, State, setState, type TaskTable } from '../../engine/tasks.ts';
import { decodeValue } from '../../engine/value.ts';
import { grid } from '../../rules/index.ts';
import { type Layout, layoutOf, seedAt } from '../../rules/space.ts';
import { laneSpec, oneLink, recordOf, storedFile } from './fakes.ts';

const none: Layout = { size: 1, columns: [], seeds: 'none' };

/** An upstream rule whose task i has the result `values[i]`, and a rule over `own` that takes it by `link`. */
function ground(
	workFolder: string,
	own: Layout,
	given: {
		readonly link: Link;
		readonly layout: Layout;
		readonly values: readonly unknown[];
		readonly keeps?: boolean;
	},
	files: Readonly<Record<number, readonly StoredFile[]>> = {},
) {
	const store = memoryStore();
	const upstream = laneSpec(0, given.values.length);
	for (const [task, value] of given.values.entries()) {
		const key = keyOf(upstream.table, task);
		key.fill(task + 1);
		setState(upstream.table, task, State.ran);
		store.commit([{ key: key.slice(), record: recordOf(value, files[task]) }], []);
	}
	const made = schedule([{ ...upstream, isSettled: true }, laneSpec(1, own.size, [given.link])]);
	const input: KeyInput = { link: given.link, layout: given.layout, table: upstream.table };
	const seeds = Uint32Array.from({ length: own.size }, (_, row) => (own.seeds === 'none' ? 0 : seedAt(own, row)));
	const { bundle } = feeder(new Map([[1, { layout: own, seeds, inputs: [input] }]]), store, workFolder, given.keeps);
	return {
		store,
		table: upstream.table as TaskTable,
		async fed(...tasks: number[]) {
			const [, lane] = made.lanes;
			if (lane === undefined) throw new Error('no lane');
			const made_ = await bundle(lane, Int32Array.from(tasks));
			if (made_.kind === 'damage') throw new Error(`damage of ${made_.rows}`);
			return made_;
		},
		damaged: async (...tasks: number[]) => {
			const [, lane] = made.lanes;
			return lane === undefined ? undefined : bundle(lane, Int32Array.from(tasks));
		},
	};
}

async function temporary(t: ExecutionContext): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'scanmake-feed-'));
	t.teardown(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

const valueAt = (table: InputTable, row: number) =>
	decodeValue(table.bytes.subarray(table.offsets[row], table.offsets[row + 1]));

/** The values that each task takes. */
const taken = (table: InputTable) =>
	Array.from({ length: table.starts.length - 1 }, (_, task) =>
		[...table.members.subarray(table.starts[task], table.starts[task + 1])].map((row) => valueAt(table, row)),
	);

test('a bundle has the parameters and seeds of its tasks, and each input once however many tasks take it', async (t) => {
	const own = layoutOf(grid({ a: [1, 2], w: [7, 8, 9] }).trials(1));
	const link = oneLink(0, [0, 0, 0, 1, 1, 1], 'input');
	const { fed } = ground('nowhere', own, { link, layout: layoutOf(grid({ a: [1, 2] })), values: ['one', 'two'] });
	const { bundle, size } = await fed(1, 5, 2);
	t.is(size, 3);
	t.is(bundle.rule, 1);
	t.deepEqual([...bundle.tasks.codes], [1, 2, 1, 2, 3, 1, 1, 3, 1]);
	t.deepEqual(
		[...bundle.tasks.seeds],
		[1, 5, 2].map((row) => seedAt(own, row)),
	);
	const [table] = bundle.inputs as [InputTable];
	t.is(table.name, 'input');
	t.is(table.rows.size, 2);
	t.deepEqual([...table.rows.codes], [1, 2]);
	t.deepEqual(taken(table), [['one'], ['two'], ['one']]);
	t.true(table.bytes.buffer instanceof SharedArrayBuffer);
});

test('a group has its members in the order of the space, without those that have no result', async (t) => {
	const upstream = layoutOf(grid({ b: [1, 2, 3], a: [1, 2] }));
	const grouped = groupRows(upstream, ['a']);
	const link: Link = { kind: 'groups', name: 'from', upstream: 0, ...grouped };
	const made = ground('nowhere', layoutOf(grid({ a: [1, 2] })), {
		link,
		layout: upstream,
		values: ['11', '12', '21', '22', '31', '32'],
	});
	const [table] = (await made.fed(1, 0)).bundle.inputs as [InputTable];
	t.deepEqual(taken(table), [
		['12', '22', '32'],
		['11', '21', '31'],
	]);
	setState(made.table, 2, State.failed);
	const [without] = (await made.fed(0)).bundle.inputs as [InputTable];
	t.deepEqual(taken(without), [['11', '31']]);
});

test('an analysis gets all rows', async (t) => {
	const link: Link = { kind: 'all', name: 'rows', upstream: 0 };
	const { fed } = ground('nowhere', none, { link, layout: layoutOf(grid({ a: [1, 2, 3] })), values: [5, NaN, 'x'] });
	const [table] = (await fed(0)).bundle.inputs as [InputTable];
	t.deepEqual(taken(table), [[5, NaN, 'x']]);
});

test('bundles have numbers of their own', async (t) => {
	const made = ground('nowhere', none, { link: oneLink(0, [0]), layout: none, values: [1] });
	const [first, second] = [await made.fed(0), await made.fed(0)];
	t.not(first.bundle.id, second.bundle.id);
});

test('inputs of more than 16 MiB make the bundle smaller; one task goes out whatever it takes', async (t) => {
	const big = (mebibytes: number) => new Uint8Array(mebibytes * 2 ** 20);
	const space = layoutOf(grid({ a: [1, 2, 3, 4] }));
	const made = ground('nowhere', space, {
		link: oneLink(0, [0, 1, 2, 3]),
		layout: space,
		values: [big(5), big(5), big(5), big(20)],
	});
	t.is((await made.fed(0, 1, 2)).size, 3);
	const { size, bundle } = await made.fed(0, 1, 2, 3);
	t.true(size >= 1 && size < 4);
	t.is(bundle.tasks.size, size);
	t.is((await made.fed(3)).size, 1);
});

test('files go along as read-only copies with their own name and execute bit', async (t) => {
	const folder = await temporary(t);
	const space = layoutOf(grid({ a: [1, 2] }));
	const files = { 0: [storedFile('train.txt', 'spikes'), storedFile('sub/run', 'go', true)] };
	const made = ground(folder, space, { link: oneLink(0, [0, 1]), layout: space, values: [1, 2] }, files);
	const [table] = (await made.fed(1, 0)).bundle.inputs as [InputTable];
	const [place] = [...table.files.keys()];
	t.deepEqual([...table.files.keys()], [1], 'task 0 is the second of the bundle');
	const [train, run] = table.files.get(place as number) as [
		{ name: string; path: string },
		{ name: string; path: string },
	];
	t.deepEqual([train.name, run.name], ['train.txt', 'sub/run']);
	t.true(train.path.endsWith('/train.txt'));
	t.is(readFileSync(train.path, 'utf8'), 'spikes');
	t.is(statSync(train.path).mode & 0o777, 0o444);
	t.is(statSync(run.path).mode & 0o777, 0o555);
	const [again] = (await made.fed(0)).bundle.inputs as [InputTable];
	t.is(again.files.get(0)?.[0]?.path, train.path, 'copied once');
});

test('a result that the store cannot give back is damage: it is forgotten and named, the others stay', async (t) => {
	const space = layoutOf(grid({ a: [1, 2, 3] }));
	const made = ground('nowhere', space, { link: oneLink(0, [0, 1, 2]), layout: space, values: [1, 2, 3] });
	made.store.forget([keyOf(made.table, 1)]);
	t.deepEqual(await made.damaged(0, 1, 2), { kind: 'damage', place: 0, rows: [1] });
	t.true(made.store.has(keyOf(made.table, 0)));
	t.is((await made.fed(0, 2)).size, 2);
});

test('a file that the store cannot give back is damage of its result', async (t) => {
	const folder = await temporary(t);
	const file = { ...storedFile('big.bin', 'gone'), bytes: undefined };
	const made = ground(folder, none, { link: oneLink(0, [0]), layout: none, values: [1] }, { 0: [file] });
	t.deepEqual(await made.damaged(0), { kind: 'damage', place: 0, rows: [0] });
	t.false(made.store.has(keyOf(made.table, 0)));
	t.false(existsSync(join(folder, 'in', 'big.bin')));
});

test('a copy that someone altered is told to the tasks that had it, and those after them get another one', async (t) => {
	const folder = await temporary(t);
	const link: Link = oneLink(0, [0, 1, 0]);
	const layout = layoutOf(grid({ a: [1, 2] }));
	const files = { 0: [storedFile('x.txt', 'first')], 1: [storedFile('x.txt', 'second')] };
	const { fed } = ground(folder, layoutOf(grid({ b: [1, 2, 3] })), { link, layout, values: [1, 2] }, files);
	const one = await fed(0, 1);
	t.is(await one.altered?.(0), undefined);
	const path = one.bundle.inputs[0]?.files.get(0)?.[0]?.path ?? '';
	chmodSync(path, 0o644);
	t.is(await one.altered?.(0), undefined, 'what has the same bytes is no other file');
	appendFileSync(path, ' and more');
	t.is(await one.altered?.(0), 'input/x.txt');
	t.is(await one.altered?.(1), undefined);
	const later = await fed(2);
	t.is(await later.altered?.(0), undefined);
	t.is(readFileSync(later.bundle.inputs[0]?.files.get(0)?.[0]?.path ?? '', 'utf8'), 'first');
	t.is(await one.altered?.(0), 'input/x.txt', 'a new copy does not mend what was read before');
});

test('a copy stays as long as a bundle has it, and the next bundles find a few of those that are over', async (t) => {
	const folder = await temporary(t);
	const rows = [...Array(150).keys()];
	const files = Object.fromEntries(
		rows.map((row) => [row, [storedFile('x.txt', `${row}`), storedFile('y.txt', `${row} y`)]]),
	);
	const layout = layoutOf(grid({ a: rows }));
	const { fed } = ground(folder, layout, { link: oneLink(0, rows), layout, values: rows }, files);
	const pathOf = (one: Awaited<ReturnType<typeof fed>>) => one.bundle.inputs[0]?.files.get(0)?.[0]?.path ?? '';
	const copies = () => readdirSync(join(folder, 'in')).length;
	const [first, again] = [await fed(0), await fed(0)];
	const others = await fed(...rows.slice(1));
	first.over?.();
	others.over?.();
	const second = await fed(1);
	t.true(existsSync(pathOf(second)), 'what was idle longest is needed again');
	t.is(again.altered?.(0), undefined);
	t.is(copies(), 256 + 4);
	again.over?.();
	second.over?.();
	const all = await fed(...rows);
	t.is(copies(), 300, 'what went is made anew');
	t.is(all.altered?.(5), undefined);
});

test('large copies that no bundle has do not stay', async (t) => {
	const folder = await temporary(t);
	const large = (text: string) => ({ ...storedFile('x.txt', text), size: 2 ** 30 });
	const layout = layoutOf(grid({ a: [1, 2, 3] }));
	const files = { 0: [large('a')], 1: [large('b')], 2: [large('c')] };
	const { fed } = ground(folder, layout, { link: oneLink(0, [0, 1, 2]), layout, values: [1, 2, 3] }, files);
	for (const task of [0, 1]) (await fed(task)).over?.();
	t.is(readdirSync(join(folder, 'in')).length, 2);
	await fed(2);
	t.is(readdirSync(join(folder, 'in')).length, 2);
	await fed(1);
	t.is(readdirSync(join(folder, 'in')).length, 2, 'the first went, the second was needed again');
});

test('where the folders of tasks are kept, so are the copies that they were given', async (t) => {
	const folder = await temporary(t);
	const layout = layoutOf(grid({ a: [1] }));
	const files = { 0: [storedFile('x.txt', 'text')] };
	const { fed } = ground(folder, layout, { link: oneLink(0, [0]), layout, values: [1], keeps: true }, files);
	t.is((await fed(0)).over, undefined);
});

test('whether copies look as they were handed out is said at once', async (t) => {
	const folder = await temporary(t);
	const layout = layoutOf(grid({ a: [1, 2] }));
	const files = { 0: [storedFile('x.txt', 'one')], 1: [storedFile('x.txt', 'two')] };
	const { fed } = ground(folder, layout, { link: oneLink(0, [0, 1]), layout, values: [1, 2] }, files);
	const one = await fed(0, 1);
	t.false(one.altered?.(0) instanceof Promise);
	const path = one.bundle.inputs[0]?.files.get(1)?.[0]?.path ?? '';
	rmSync(path);
	const said = one.altered?.(1);
	t.true(said instanceof Promise);
	t.is(await said, 'input/x.txt');
});

test('a bundle without files has nothing to look at', async (t) => {
	const layout = layoutOf(grid({ a: [1] }));
	const { fed } = ground('/nowhere', layout, { link: oneLink(0, [0]), layout, values: [1] });
	t.is((await fed(0)).altered, undefined);
});
