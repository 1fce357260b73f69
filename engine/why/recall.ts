// A rule as it was in the last build, ready for the walk that makes keys: its rows, links, and the digests that its inputs
// had. What the store does not give back any more counts as not known. Knows nothing of the present scan.

import type { Layout } from '../../rules/space.ts';
import { digestLength, fromHex } from '../digest.ts';
import type { KeyMaker } from '../key.ts';
import { groupRows, type Link, linkRows } from '../links.ts';
import type { Store } from '../store/store.ts';
import { isDone, State, type TaskTable, taskTable } from '../tasks.ts';
import { shapeLayout, statesOf, textsOf } from './shape.ts';
import {
	type KeyPlace,
	type RowsPlace,
	type RuleSnapshot,
	shapeColumn,
	snapshotOf,
	snapshotOfInput,
} from './snapshot.ts';

/** A rule as the last build left it. */
export interface RememberedRule {
	readonly snapshot: RuleSnapshot;
	readonly layout: Layout;
	/** States and keys as they were then; keys are zero where none was done. */
	readonly table: TaskTable;
	/** What made its keys, without the prefix. Undefined: what an input was is not known any more. Reads all inputs. */
	maker(): KeyMaker | undefined;
	/** The rule of one of its inputs, as it was then. */
	inputRule(name: string): RememberedRule | undefined;
}

/** Reads rules from what builds left; what several of them share is read once. */
export function recaller(store: Store): (name: string) => RememberedRule | undefined {
	const layouts = new Map<string, Layout | undefined>();
	const tables = new Map<string, TaskTable | undefined>();
	const read = new Set<TaskTable>();

	function layoutOf({ shape }: RowsPlace): Layout | undefined {
		if (!layouts.has(shape)) {
			const bytes = store.snapshotColumn(shapeColumn(shape));
			layouts.set(shape, bytes && shapeLayout(bytes));
		}
		return layouts.get(shape);
	}

	function tableOf({ keys, shape }: RowsPlace, size: number): TaskTable | undefined {
		const name = `${JSON.stringify(keys)} ${shape}`;
		if (!tables.has(name)) tables.set(name, readTable(store, keys, size));
		return tables.get(name);
	}

	/** The table with the digests of its results. */
	function digested(table: TaskTable): TaskTable {
		if (read.has(table)) return table;
		const rows = Int32Array.from({ length: table.size }, (_, row) => row).filter((row) =>
			isDone(table.states[row] as State),
		);
		store.lookUp(table.keys, rows, table.digests, new Uint8Array(table.size));
		read.add(table);
		return table;
	}

	function makerOf(snapshot: RuleSnapshot, layout: Layout): KeyMaker | undefined {
		const made: KeyMaker['inputs'][number][] = [];
		for (const input of snapshot.inputs) {
			const upstream = layoutOf(input);
			const table = upstream && tableOf(input, upstream.size);
			if (upstream === undefined || table === undefined) return undefined;
			const link = linkOf(snapshot, input.name, layout, upstream);
			made.push({ link, layout: upstream, table: digested(table) });
		}
		const packed = snapshot.files === undefined ? undefined : store.snapshotColumn(snapshot.files);
		const files = packed && textsOf(packed);
		if (snapshot.files !== undefined && files === undefined) return undefined;
		return { prefix: '', layout, seeds: new Uint32Array(layout.size), inputs: made, files };
	}

	function ruleOf(snapshot: RuleSnapshot | undefined): RememberedRule | undefined {
		const layout = snapshot && layoutOf(snapshot);
		if (snapshot === undefined || layout === undefined) return undefined;
		const table = tableOf(snapshot, layout.size) ?? unknownTable(layout.size);
		let maker: KeyMaker | undefined;
		const inputRules = new Map<string, RememberedRule | undefined>();
		return {
			...{ snapshot, layout, table },
			maker() {
				maker ??= makerOf(snapshot, layout);
				return maker;
			},
			inputRule(name) {
				const input = snapshot.inputs.find((one) => one.name === name);
				if (!inputRules.has(name)) inputRules.set(name, input && ruleOf(snapshotOfInput(store, input)));
				return inputRules.get(name);
			},
		};
	}

	return (name) => ruleOf(snapshotOf(store, name));
}

function linkOf({ rule, by }: RuleSnapshot, name: string, own: Layout, upstream: Layout): Link {
	if (rule === 'analyze') return { kind: 'all', name, upstream: 0 };
	if (rule === 'aggregate') return { kind: 'groups', name, upstream: 0, ...groupRows(upstream, by) };
	return { kind: 'one', name, upstream: 0, rows: linkRows(own, upstream).rows };
}

function readTable(store: Store, keys: KeyPlace, size: number): TaskTable | undefined {
	const table = taskTable(size);
	if (keys.kind === 'sweep') {
		const all = store.sweepKeys(fromHex(keys.name));
		if (all?.length !== table.keys.length) return undefined;
		table.keys.set(all);
		table.states.fill(State.reused);
		return table;
	}
	const packed = store.snapshotColumn(keys.states);
	const states = packed && statesOf(packed);
	if (states?.length !== size) return undefined;
	table.states.set(states);
	const reached = store.reachedKeys(fromHex(keys.name)) ?? new Uint8Array(0);
	const done = states.reduce((sum, state) => sum + (isDone(state as State) ? 1 : 0), 0);
	if (reached.length !== done * digestLength) return done === 0 ? table : undefined;
	let at = 0;
	for (let row = 0; row < size; row++) {
		if (!isDone(states[row] as State)) continue;
		table.keys.set(reached.subarray(at, at + digestLength), row * digestLength);
		at += digestLength;
	}
	return table;
}

// Their keys are not there any more: they count as done, with keys that are not known.
function unknownTable(size: number): TaskTable {
	const table = taskTable(size);
	table.states.fill(State.reused);
	return table;
}
