// `--where` against the rules of a build: a condition on a parameter which no rule has, or that no value meets, is a
// mistake: it would leave everything aside without a word.
import { canonicalValue } from '../rules/canonical.ts';
import type { Value } from '../rules/index.ts';
import { nearest } from '../rules/nearest.ts';
import type { Rule } from '../rules/rule.ts';
import { parametersOf } from '../rules/rule.ts';
import { UserError } from './errors.ts';
import type { OpenedScan } from './opened.ts';
import { type Condition, holds, parseWhere } from './where.ts';

/** The conditions of `--where` for the leaf rules among `places`. */
export function conditionsFor(
	scan: OpenedScan,
	places: readonly number[],
	where: string | undefined,
): readonly Condition[] {
	if (where === undefined) return [];
	const conditions = parseWhere(where);
	const names = new Set<string>();
	for (const place of places) {
		const rule = scan.rules[place] as Rule;
		if (rule.kind === 'generate' || rule.kind === 'simulate') for (const name of parametersOf(rule)) names.add(name);
	}
	const unknown = conditions.filter((condition) => !names.has(condition.name));
	if (unknown.length > 0) {
		throw new UserError(
			'usage',
			unknown.map(({ name }) => ({ message: unknownParameter(name, [...names], '--where') })),
		);
	}
	const unmet = conditions.flatMap((condition) => {
		const values = valuesOf(scan, places, condition.name);
		return values.some((value) => holds(condition, value)) ? [] : [{ message: noSuchValue(condition, values) }];
	});
	if (unmet.length > 0) throw new UserError('usage', unmet);
	return conditions;
}

/** All values of a parameter in the leaf rules among `places`. */
function valuesOf(scan: OpenedScan, places: readonly number[], name: string): readonly Value[] {
	const values = new Set<Value>();
	for (const place of places) {
		const { kind } = scan.rules[place] as Rule;
		if (kind !== 'generate' && kind !== 'simulate') continue;
		const column = scan.expansion.layout(place).columns.find((candidate) => candidate.name === name);
		for (const value of column?.values ?? []) values.add(value);
	}
	return [...values];
}

const valuesShown = 12;

function noSuchValue(condition: Condition, values: readonly Value[]): string {
	const shown = values.slice(0, valuesShown).map(canonicalValue).join(', ');
	const more = values.length > valuesShown ? `, … (${values.length} values)` : '';
	return `--where: no parameter set has ${condition.text}. The values of ${condition.name} are ${shown}${more}.`;
}

/** Says that there is no such parameter, and which may have been meant. */
export function unknownParameter(name: string, known: readonly string[], place: string): string {
	const near = nearest(name, known);
	const hint =
		near !== undefined
			? `Did you mean ${near}?`
			: known.length === 0
				? 'There are no parameters.'
				: `There are ${known.join(', ')}.`;
	return `${place}: there is no parameter ${name}. ${hint}`;
}
