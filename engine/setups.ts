// A plan's rules as workers are told of them before they run anything. Knows no worker.
import { isProgram } from '../rules/recipe.ts';
import type { Rule } from '../rules/rule.ts';
import { hex } from './digest.ts';
import { bug } from './errors.ts';
import type { PythonTarget, RuleSetup } from './executors/executor.ts';
import type { OpenedScan } from './opened.ts';
import type { Plan, PlannedRule } from './plan.ts';

/** What workers have to know of every rule whose rows they may see. */
export function setupsOf(scan: OpenedScan, planned: Plan): RuleSetup[] {
	return [...planned.rules].map(([place, { layout, keyedFiles }]) => {
		const rule = scan.rules[place] ?? bug('no rule');
		const { kind, options } = rule;
		return {
			rule: place,
			kind,
			columns: layout.columns.map(({ name, values }) => ({ name, values })),
			seeded: layout.seeds !== 'none',
			recipe: recipeOf(rule, scan.loaded.pythonOf(place), keyedFiles),
			timeoutSeconds: options.timeoutSeconds,
			memoryMiB: options.memoryMiB,
			cores: options.cores,
			env: options.env,
		};
	});
}

function recipeOf(
	{ recipe }: Rule,
	python: PythonTarget | undefined,
	{ shared }: PlannedRule['keyedFiles'],
): RuleSetup['recipe'] {
	if (isProgram(recipe)) return recipe;
	if (recipe.kind === 'function') return 'function';
	const { sources, ...target } = python ?? bug('a Python rule without its function');
	// what the rule says that it uses may be imported, too
	const used = shared.filter(({ path }) => path.endsWith('.py'));
	const all = [...sources, ...used.map(({ path, digest }) => ({ path, digest: hex(digest) }))];
	return {
		...target,
		sources: [...new Map(all.map((source) => [source.path, source])).values()],
		used: shared.map(({ path }) => path),
	};
}
