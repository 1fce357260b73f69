// Ready tasks → a bundle with their parameters and inputs, read from the store as late as possible.
// A worker never opens the store: what it needs goes along, files as read-only copies.
import type { Layout } from '../rules/space.ts';
import { seedsOf } from '../rules/space.ts';
import { type Copy, copiesIn } from './copies.ts';
import type { Bundle, InputTable, RowSet } from './executors/executor.ts';
import { firstSaid, type Said } from './first.ts';
import { forEachMember, type KeyInput } from './key.ts';
import type { Link } from './links.ts';
import type { Lane } from './schedule.ts';
import type { Store } from './store/store.ts';
import { keyOf, type TaskId } from './tasks.ts';

/** Results that the store could not give back: they have to run again. */
export interface Damage {
	readonly kind: 'damage';
	readonly place: number;
	readonly rows: readonly number[];
}

export interface Fed {
	readonly kind: 'fed';
	readonly bundle: Bundle;
	/** How many of the tasks fit into it. */
	readonly size: number;
	/** The upstream file of the bundle's task that someone altered since it was handed out; undefined: the bundle has no files. */
	readonly altered: ((task: number) => Said) | undefined;
	/** To be called when the bundle is over: its files may go then. */
	readonly over: (() => void) | undefined;
}

export interface FeedRule {
	readonly layout: Layout;
	readonly seeds: Uint32Array;
	readonly inputs: readonly KeyInput[];
}

const largestInputs = 16 * 1024 * 1024;

export interface Feeder {
	bundle(lane: Lane, tasks: Int32Array): Promise<Fed | Damage>;
}

export function feeder(
	rules: ReadonlyMap<number, FeedRule>,
	store: Store,
	workFolder: string,
	keepsFolders = false,
): Feeder {
	const copies = copiesIn(workFolder, store);
	let bundles = 0;

	async function inputTable(
		input: KeyInput,
		tasks: Int32Array,
		copied: Map<string, Copy>,
	): Promise<InputTable | Damage> {
		const { rows, starts, members } = takenRows(input, tasks);
		const offsets = new Float64Array(rows.length + 1);
		const files = new Map<number, { name: string; path: string }[]>();
		const damaged: number[] = [];
		let bytes = new Uint8Array(4096);
		for (const [i, row] of rows.entries()) {
			const key = keyOf(input.table, row);
			const result = store.readResult(key);
			if (result === undefined) {
				damaged.push(row);
				continue;
			}
			bytes = append(bytes, offsets[i]!, result.value);
			offsets[i + 1] = offsets[i]! + result.value.length;
			if (result.files.length === 0) continue;
			const paths: { name: string; path: string }[] = [];
			for (const file of result.files) {
				const copy = await copies.of(file);
				if (copy === undefined) continue;
				paths.push({ name: file.name, path: copy.path });
				copied.set(copy.path, copy);
			}
			if (paths.length === result.files.length) files.set(i, paths);
			else damaged.push(row);
		}
		if (damaged.length > 0) {
			store.forget(damaged.map((row) => keyOf(input.table, row)));
			return { kind: 'damage', place: input.link.upstream, rows: damaged };
		}
		return {
			name: input.link.name,
			rows: rowSet(input.link.upstream, input.layout, rows),
			offsets,
			bytes: shared(bytes.subarray(0, offsets[rows.length])),
			files,
			starts,
			members,
		};
	}

	async function bundle(lane: Lane, tasks: Int32Array): Promise<Fed | Damage> {
		const rule = rules.get(lane.place) as FeedRule;
		const inputs: InputTable[] = [];
		const copied = new Map<string, Copy>();
		for (const input of rule.inputs) {
			const table = await inputTable(input, tasks, copied);
			if ('kind' in table) return table;
			inputs.push(table);
		}
		const weight = inputs.reduce((sum, input) => sum + input.bytes.length, 0);
		if (weight > largestInputs && tasks.length > 1) {
			return bundle(lane, tasks.subarray(0, Math.max(1, Math.floor((tasks.length * largestInputs) / weight))));
		}
		const own = rowSet(lane.place, rule.layout, tasks, rule.seeds);
		// a kept folder without its inputs would be of little use
		const mayGo = copied.size > 0 && !keepsFolders;
		if (mayGo) copies.hold(copied.values());
		return {
			kind: 'fed',
			size: tasks.length,
			altered: copied.size === 0 ? undefined : (task) => alteredOf(inputs, task, copied),
			over: mayGo ? () => copies.release(copied.values()) : undefined,
			bundle: { id: ++bundles, rule: lane.place, tasks: own, inputs, workFolder, keepsFolders },
		};
	}

	// `spikes/train.txt`: the input and its file.
	function alteredOf(inputs: readonly InputTable[], task: number, copied: ReadonlyMap<string, Copy>): Said {
		return firstSaid(filesOf(inputs, task), ({ input, name, path }) => {
			const copy = copied.get(path);
			const is = copy !== undefined && copies.isAltered(copy);
			if (is instanceof Promise) return is.then((later) => (later ? `${input}/${name}` : undefined));
			return is ? `${input}/${name}` : undefined;
		});
	}

	return { bundle };
}

function* filesOf(inputs: readonly InputTable[], task: number) {
	for (const { name: input, files, starts, members } of inputs)
		for (const row of members.subarray(starts[task], starts[task + 1]))
			for (const { name, path } of files.get(row) ?? []) yield { input, name, path };
}

/** The rows as columns that can be posted. `seeds` are those of the whole layout, where they are at hand. */
function rowSet(rule: number, layout: Layout, rows: Int32Array, seeds?: Uint32Array): RowSet {
	const width = layout.columns.length;
	const codes = new Uint32Array(rows.length * width);
	for (const [c, column] of layout.columns.entries())
		for (let i = 0; i < rows.length; i++) codes[i * width + c] = column.codes[rows[i]!]!;
	if (layout.seeds === 'none') return { rule, codes, seeds: new Uint32Array(0), size: rows.length };
	const own = seeds === undefined ? seedsOf(layout, rows) : Uint32Array.from(rows, (row: TaskId) => seeds[row]!);
	return { rule, codes, seeds: own, size: rows.length };
}

/** The upstream rows that the tasks take, each once, and which of them each task takes. */
function takenRows({ link, table }: KeyInput, tasks: Int32Array) {
	const starts = new Uint32Array(tasks.length + 1);
	const most = link.kind === 'one' ? tasks.length : link.kind === 'all' ? table.size : membersOf(link, tasks);
	const rows = new Int32Array(most);
	const members = new Uint32Array(most);
	let [rowCount, memberCount] = [0, 0];
	if (link.kind === 'one') {
		const places = new Map<number, number>();
		for (const [i, task] of tasks.entries()) {
			const row = link.rows[task]!;
			let place = places.get(row);
			if (place === undefined) {
				place = rowCount;
				places.set(row, place);
				rows[rowCount++] = row;
			}
			members[memberCount++] = place;
			starts[i + 1] = memberCount;
		}
	} else {
		for (const [i, task] of tasks.entries()) {
			// groups do not overlap, so each member is new
			forEachMember(link, task, table, (row) => {
				members[memberCount++] = rowCount;
				rows[rowCount++] = row;
			});
			starts[i + 1] = memberCount;
		}
	}
	return { rows: rows.subarray(0, rowCount), starts, members: members.slice(0, memberCount) };
}

function membersOf(link: Extract<Link, { kind: 'groups' }>, tasks: Int32Array): number {
	let count = 0;
	for (const task of tasks) count += link.starts[task + 1]! - link.starts[task]!;
	return count;
}

/** The bytes where a worker thread can read them without a copy of its own. */
function shared(bytes: Uint8Array): Uint8Array {
	const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
	copy.set(bytes);
	return copy;
}

/** `bytes` with `piece` at `at`, moved to a larger place where it does not fit. */
function append(bytes: Uint8Array<ArrayBuffer>, at: number, piece: Uint8Array): Uint8Array<ArrayBuffer> {
	let target = bytes;
	if (at + piece.length > target.length) {
		target = new Uint8Array(Math.max(at + piece.length, target.length * 2));
		target.set(bytes.subarray(0, at));
	}
	target.set(piece, at);
	return target;
}
