// Rows of a laid-out space as what people and keys see: parameter sets, canonical text, seeds.
// Decodes on demand; knows nothing of expressions.
import { byCodeUnits, canonicalParams, canonicalValue } from './canonical.ts';
import type { Column } from './columns.ts';
import type { SeedMode } from './expression.ts';
import { seedOf } from './seed.ts';
import type { Params, Value } from './value.ts';

/** A space laid out as index columns: row i is its i-th parameter set. */
export interface Layout {
	readonly size: number;
	/** In declared order; `trial` in them, `seed` never. */
	readonly columns: readonly Column[];
	readonly seeds: SeedMode | 'none';
}

/** A row's parameters, without its seed. */
export function paramsAt(columns: readonly Column[], row: number): Params {
	const params: Record<string, Value> = {};
	for (const { name, codes, values } of columns) {
		const code = codes[row]!;
		if (code !== 0) params[name] = values[code - 1]!;
	}
	return params;
}

/** One parameter set: names in declared order, absent ones missing, then `seed` where there are trials. */
export function pointAt(layout: Layout, row: number): Params {
	const params = paramsAt(layout.columns, row);
	return layout.seeds === 'none' ? params : { ...params, seed: seedAt(layout, row) };
}

/** A row in words: `amplitude=0.25 frequency=8`. Absent names are left out. */
export function describeRow(layout: { readonly columns: readonly Column[] }, row: number): string {
	const words = layout.columns.flatMap(({ name, codes, values }) => {
		const value = values[codes[row]! - 1];
		if (value === undefined) return [];
		return [`${name}=${typeof value === 'string' && !/^[\w.+-]+$/.test(value) ? JSON.stringify(value) : value}`];
	});
	return words.join(' ');
}

const writers = new WeakMap<readonly Column[], (row: number) => string>();

/** Writes rows as canonical parameters: names sorted, those that are absent or at their default left out. */
export function canonicalWriter({ columns }: { readonly columns: readonly Column[] }): (row: number) => string {
	const known = writers.get(columns);
	if (known !== undefined) return known;
	const writer = newWriter(columns);
	writers.set(columns, writer);
	return writer;
}

// Every value of every column is written once: a row is a few concatenations (0.1 s for 10⁶ rows).
function newWriter(columns: readonly Column[]): (row: number) => string {
	const sorted = [...columns].sort((a, b) => byCodeUnits(a.name, b.name));
	const written = sorted.map(({ name, codes, values, default: fallback }) => {
		const start = `,${JSON.stringify(name)}:`;
		const fragments = values.map((value) => (value === fallback ? '' : start + canonicalValue(value)));
		return { codes, fragments: ['', ...fragments] };
	});
	return (row) => {
		let text = '';
		for (const { codes, fragments } of written) text += fragments[codes[row]!]!;
		return `{${text.slice(1)}}`;
	};
}

/** The seed of one row. Meaningful where `layout.seeds` is not "none". */
export function seedAt(layout: Layout, row: number): number {
	return seedsOf(layout, [row])[0]!;
}

/** The seeds of some rows, in bulk; zeros where there are none. */
export function seedsOf(layout: Layout, rows: ArrayLike<number>): Uint32Array {
	const seeds = new Uint32Array(rows.length);
	if (layout.seeds === 'none') return seeds;
	if (layout.seeds === 'independent') {
		const text = canonicalWriter(layout);
		for (let i = 0; i < rows.length; i++) seeds[i] = seedOf(text(rows[i]!));
		return seeds;
	}
	const trial = layout.columns.find((column) => column.name === 'trial');
	if (trial === undefined) return seeds;
	const known = new Float64Array(trial.values.length + 1).fill(-1);
	for (let i = 0; i < rows.length; i++) {
		const code = trial.codes[rows[i]!]!;
		if (known[code]! < 0) known[code] = seedOf(canonicalParams([['trial', trial.values[code - 1]!]]));
		seeds[i] = known[code]!;
	}
	return seeds;
}
