// Spaces from values: grid, zip, list. Checks what it is given; what is no value is a problem and is left out.
import { type Axis, axisOf, mostValues, notesOf } from './axis.ts';
import { type Column, columnWriter } from './columns.ts';
import { isRecord, problemAt } from './operations.ts';
import type { Combined, Listed } from './params.ts';
import { callSite, type Problem } from './problem.ts';
import { type Space, spaceOf } from './space.ts';
import { asValue, badName, type Value, valuesAre, whatIs } from './value.ts';

type Axes = Readonly<Record<string, readonly Value[]>>;

/** Every combination of the values; the first name varies slowest. */
export function grid<const A extends Axes>(axes: A): Space<Combined<A>> {
	const site = callSite(grid);
	const { good, problems } = checked({ word: 'grid', site }, axes);
	const distinct = good.map(({ name, values }) => {
		const once = new Set(values);
		return { name, values: once.size === values.length ? values : axisOf([...once], values.axis) };
	});
	return spaceOf({ kind: 'grid', axes: distinct, heading: headingOf(good), seeds: 'none', site, problems });
}

/** The values side by side: the first of each, the second of each, … Unequal lengths are an error. */
export function zip<const A extends Axes>(axes: A): Space<Combined<A>> {
	const site = callSite(zip);
	const { good, problems } = checked({ word: 'zip', site }, axes);
	const lengths = good.map(({ length }) => length);
	const size = good.length === 0 ? 1 : Math.min(...good.map(({ values }) => values.length));
	if (new Set(lengths).size > 1) {
		const each = good.map(({ name, length }) => `${name} has ${length}`).join(', ');
		problems.push(problemAt(site, 'zip', `the lists are of unequal length: ${each}. For every combination write grid`));
	}
	const columns = good.map(({ name, values }) => {
		const column = columnWriter(name, size);
		for (let row = 0; row < size; row++) column.set(row, values[row]!);
		return column.finish(values.axis.default);
	});
	return spaceOf({ kind: 'rows', word: 'zip', size, columns, heading: headingOf(good), seeds: 'none', site, problems });
}

/** These parameter sets; a name that some sets lack is absent there. */
export function list<const S extends Readonly<Record<string, Value | undefined>>>(
	sets: readonly S[],
): Space<Listed<S>> {
	const site = callSite(list);
	const problems: Problem[] = [];
	const given: readonly unknown[] = Array.isArray(sets) ? sets : [];
	if (!Array.isArray(sets))
		problems.push(problemAt(site, 'list', `it takes sets, not ${whatIs(sets)}: list([{ a: 1 }])`));
	const columns = new Map<string, ReturnType<typeof columnWriter>>();
	const refused = new Set<string>();
	for (const [row, set] of given.entries()) {
		if (!isRecord(set)) {
			problems.push(problemAt(site, 'list', `set ${row} is ${whatIs(set)}; a set gives values by name: { a: 1 }`));
			continue;
		}
		for (const name of Object.keys(set)) {
			if (refused.has(name)) continue;
			let column = columns.get(name);
			if (column === undefined) {
				const wrong = badName(name);
				if (wrong !== undefined) {
					problems.push(problemAt(site, 'list', wrong));
					refused.add(name);
					continue;
				}
				column = columnWriter(name, given.length);
				columns.set(name, column);
			}
			const value = asValue(set[name]);
			if (value !== undefined) column.set(row, value);
			else if (set[name] !== undefined) {
				problems.push(problemAt(site, 'list', `${name} of set ${row} is ${whatIs(set[name])}; ${valuesAre}`));
			}
		}
	}
	const finished: Column[] = [...columns.values()].map((column) => column.finish(undefined));
	const heading = finished.map(({ name }) => ({ name, default: undefined }));
	return spaceOf({
		kind: 'rows',
		word: 'list',
		size: given.length,
		columns: finished,
		heading,
		seeds: 'none',
		site,
		problems,
	});
}

interface Checked {
	readonly name: string;
	readonly values: Axis;
	/** How many values were given, the wrong ones in it. */
	readonly length: number;
}

function checked(
	{ word, site }: { readonly word: string; readonly site: string },
	axes: unknown,
): { readonly good: readonly Checked[]; readonly problems: Problem[] } {
	const problems: Problem[] = [];
	const complain = (message: string) => problems.push(problemAt(site, word, message));
	if (!isRecord(axes)) {
		complain(`it takes lists of values by name, not ${whatIs(axes)}: ${word}({ a: [1, 2] })`);
		return { good: [], problems };
	}
	const good: Checked[] = [];
	for (const [name, values] of Object.entries(axes)) {
		const wrong =
			badName(name) ?? (Array.isArray(values) ? undefined : `${name} is ${whatIs(values)}; give a list of values`);
		if (wrong !== undefined) complain(wrong);
		if (wrong !== undefined || !Array.isArray(values)) continue;
		if (values.length > mostValues) complain(`${name} has ${values.length} values; an axis holds ${mostValues}`);
		const notes = notesOf(values);
		problems.push(...notes.problems);
		const clean: Value[] = [];
		for (let index = 0; index < Math.min(values.length, mostValues); index++) {
			const value = asValue(values[index]);
			if (value === undefined) complain(`${name}[${index}] is ${whatIs(values[index])}; ${valuesAre}`);
			else clean.push(value);
		}
		good.push({ name, values: axisOf(clean, notes), length: values.length });
	}
	return { good, problems };
}

function headingOf(axes: readonly Checked[]) {
	return axes.map(({ name, values }) => ({ name, default: values.axis.default }));
}
