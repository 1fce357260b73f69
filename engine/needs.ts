// Parameters that a command or shell line takes where some parameter sets do not have them, with what to write instead.
// Counts by columns; knows no keys and no results.
import { count } from '../rules/count.ts';
import { isProgram, needsOf } from '../rules/recipe.ts';
import type { Rule } from '../rules/rule.ts';
import type { Column, Layout } from '../rules/space.ts';
import type { Complaint } from './errors.ts';
import type { OpenedScan } from './opened.ts';
import { parameterWords } from './words.ts';

/** What is wrong with the parameters that the recipe of rule `place` takes: one complaint a name. */
export function absentNeeds(scan: OpenedScan, place: number, layout: Layout): Complaint[] {
	const { recipe, site } = scan.rules[place] as Rule;
	if (!isProgram(recipe)) return [];
	const complaints = new Map<string, Complaint>();
	const looked = new Set<string>();
	for (const { kind, name, present } of needsOf(recipe)) {
		const what = JSON.stringify([name, [...present].sort()]);
		if (kind !== 'param' || complaints.has(name) || looked.has(what)) continue;
		looked.add(what);
		const { absent, first } = absentRows(layout, name, present);
		if (absent === 0) continue;
		const [some, all] = [absent, layout.size].map(count);
		const under =
			present.length === 0 ? '' : ` where ${present.join(' and ')} ${present.length === 1 ? 'is' : 'are'} given`;
		const message =
			`${scan.nameOf(place)}: param("${name}") is absent in ${some} of ${all} parameter sets${under}, for instance ` +
			`${parameterWords(layout, first) || 'the one without parameters'}. Write given("${name}", […]) around the words that are to be left out there.`;
		complaints.set(name, { message, ...scan.loaded.place(site) });
	}
	return [...complaints.values()];
}

/** The sets that have all of `present` and not `name`: none where `name` is among them. */
function absentRows(layout: Layout, name: string, present: readonly string[]): { absent: number; first: number } {
	const columnOf = (wanted: string) => layout.columns.find((column) => column.name === wanted);
	const column = columnOf(name);
	// seeds have no column: who has trials has one
	if (column === undefined) return { absent: 0, first: -1 };
	const given = present.map(columnOf).filter((one): one is Column => one !== undefined);
	const { codes } = column;
	let [absent, first] = [0, -1];
	for (let row = 0; row < layout.size; row++) {
		if (codes[row]! !== 0 || given.some((other) => other.codes[row]! === 0)) continue;
		if (absent++ === 0) first = row;
	}
	return { absent, first };
}
