// A plan's rules as workers are told of them before they run anything. Knows no worker.
import { isProgram } from '../rules/recipe.ts';
import { bug } from './errors.ts';
import type { RuleSetup } from './executors/executor.ts';
import type { OpenedScan } from './opened.ts';
import type { Plan } from './plan.ts';

/** What workers have to know of every rule whose rows they may see. */
export function setupsOf(scan: OpenedScan, planned: Plan): RuleSetup[] {
	return [...planned.rules].map(([place, { layout }]) => {
		const { kind, recipe, options } = scan.rules[place] ?? bug('no rule');
		return {
			rule: place,
			kind,
			columns: layout.columns.map(({ name, values }) => ({ name, values })),
			seeded: layout.seeds !== 'none',
			recipe: isProgram(recipe) ? recipe : 'function',
			timeoutSeconds: options.timeoutSeconds,
			memoryMiB: options.memoryMiB,
			cores: options.cores,
		};
	});
}
