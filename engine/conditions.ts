// `--where` against the rules of a build: conditions that name a parameter which no rule has are a mistake.
import { nearest } from '../rules/nearest.ts';
import type { Rule } from '../rules/rule.ts';
import { parametersOf } from '../rules/rule.ts';
import { UserError } from './errors.ts';
import type { OpenedScan } from './opened.ts';
import { type Condition, parseWhere } from './where.ts';

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
	return conditions;
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
