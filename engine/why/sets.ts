// Which task of the last build a task of this one is, by the canonical parameters that are in its key; and where none is,
// what of its parameters is new. Knows nothing of code and inputs.
import { canonicalValue } from '../../rules/canonical.ts';
import { canonicalWriter, type Layout } from '../../rules/space.ts';
import type { Cause, NewValues } from './cause.ts';

/** Rows of now as rows of then. */
export interface Matched {
	/** The row that had the same canonical parameters; -1: none. */
	rowOf(task: number): number;
	/** Why there is none: a new set, or a default that is another one. */
	causesOf(task: number): readonly Cause[];
	/** The same for tasks with the same causes. */
	likeness(task: number): string;
}

const shownValues = 4;

/** Matches the rows of two layouts; equal shapes are matched without being looked at. */
export function matchSets(before: Layout, now: Layout, isSameShape: boolean): Matched {
	const nowhere = { causesOf: () => [], likeness: () => '' };
	if (isSameShape) return { rowOf: (task) => task, ...nowhere };
	const old = rowsByText(before);
	const text = canonicalWriter(now);
	const novelties = noveltiesOf(before, now);
	const defaults = changedDefaults(before, now);
	const full = defaults.length === 0 ? undefined : { old: rowsByText(bare(before)), text: canonicalWriter(bare(now)) };

	const isByDefault = (task: number) => full?.old.has(full.text(task)) === true;
	const likeness = (task: number) => (isByDefault(task) ? 'default' : novelties.namesIn(task));
	const known = new Map<string, readonly Cause[]>([['default', defaults]]);
	return {
		rowOf: (task) => old.get(text(task)) ?? -1,
		likeness,
		causesOf(task) {
			const name = likeness(task);
			const causes = known.get(name) ?? [novelties.causeOf(task)];
			known.set(name, causes);
			return causes;
		},
	};
}

function rowsByText(layout: Layout): ReadonlyMap<string, number> {
	const text = canonicalWriter(layout);
	const rows = new Map<string, number>();
	for (let row = 0; row < layout.size; row++) rows.set(text(row), row);
	return rows;
}

/** The layout as if no parameter had a default. */
function bare(layout: Layout): Layout {
	return { ...layout, columns: layout.columns.map((column) => ({ ...column, default: undefined })) };
}

function changedDefaults(before: Layout, now: Layout): Cause[] {
	return now.columns.flatMap(({ name, default: fallback }): Cause[] => {
		const old = before.columns.find((column) => column.name === name)?.default;
		if (old === fallback) return [];
		const shown = (value: typeof fallback) => (value === undefined ? undefined : canonicalValue(value));
		return [{ kind: 'default', name, before: shown(old), after: shown(fallback) }];
	});
}

function noveltiesOf(before: Layout, now: Layout) {
	const named = (layout: Layout) => layout.columns.map(({ name }) => name);
	const added = named(now).filter((name) => !named(before).includes(name));
	const removed = named(before).filter((name) => !named(now).includes(name));
	const columns = now.columns
		.filter(({ name }) => !added.includes(name))
		.map((column) => ({
			column,
			isNew: newCodes(
				column,
				before.columns.find(({ name }) => name === column.name),
			),
		}));

	const newIn = (task: number) => columns.filter(({ column, isNew }) => isNew[column.codes[task]!] === 1);
	return {
		namesIn(task: number): string {
			let names = 'new';
			for (const { column, isNew } of columns) if (isNew[column.codes[task]!] === 1) names += ` ${column.name}`;
			return names;
		},
		causeOf(task: number): Cause {
			const values = newIn(task).map(({ column, isNew }): NewValues => {
				const all = column.values.filter((_, at) => isNew[at + 1] === 1).map(canonicalValue);
				const missing = isNew[0] === 1 ? ['absent'] : [];
				const shown = [...missing, ...all];
				return {
					name: column.name,
					values: shown.slice(0, shownValues),
					more: Math.max(0, shown.length - shownValues),
				};
			});
			return { kind: 'new-set', values, added, removed };
		},
	};
}

/** By code: 1 where some row has it now, and none had its value then. */
function newCodes(now: Layout['columns'][number], before: Layout['columns'][number] | undefined): Uint8Array {
	const [used, old] = [usedCodes(now), before === undefined ? new Uint8Array(1) : usedCodes(before)];
	const known = new Set(before?.values.filter((_, at) => old[at + 1] === 1).map(canonicalValue));
	return used.map((isUsed, code) => {
		if (isUsed === 0) return 0;
		const value = now.values[code - 1];
		return (value === undefined ? old[0] === 1 : known.has(canonicalValue(value))) ? 0 : 1;
	});
}

function usedCodes({ codes, values }: Layout['columns'][number]): Uint8Array {
	const used = new Uint8Array(values.length + 1);
	for (let row = 0; row < codes.length; row++) used[codes[row]!] = 1;
	return used;
}
