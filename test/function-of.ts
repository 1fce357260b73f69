// The function of a rule whose recipe is one, as tests call it.
import type { Rule } from '../rules/rule.ts';

export function functionOf(rule: Rule | undefined): (...given: unknown[]) => unknown {
	if (rule?.recipe.kind !== 'function') throw new Error('the rule has no function');
	return rule.recipe.run as (...given: unknown[]) => unknown;
}
