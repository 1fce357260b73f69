// What one Python was told: rules and bundles once each, so that it knows what a message names.
// Knows neither the process nor what comes back.
import { bug } from '../errors.ts';
import {
	bundleMessage,
	dropMessage,
	importMessage,
	rulesMessage,
	runMessage,
	type SomeTasks,
} from '../workers/python-wire.ts';
import type { Bundle, RuleSetup } from './executor.ts';

/** One message in pieces. */
export type Message = readonly Uint8Array[];

/** What to tell a Python, which is taken to be told it. */
export interface Told {
	run(bundle: Bundle, tasks: SomeTasks, unless: string): readonly Message[];
	importOf(rule: number): readonly Message[];
	/** Nothing where it does not have the bundle. */
	drop(bundle: number): readonly Message[];
}

/** Nothing was told yet. */
export function toldTo(setups: ReadonlyMap<number, RuleSetup>): Told {
	const rules = new Set<number>();
	const bundles = new Set<number>();
	const setupOf = (rule: number): RuleSetup =>
		setups.get(rule) ?? bug(`rows of rule ${rule}, of which nothing is known`);

	function unknown(met: readonly number[]): readonly Message[] {
		const fresh = [...new Set(met)].filter((rule) => !rules.has(rule));
		for (const rule of fresh) rules.add(rule);
		return fresh.length > 0 ? [rulesMessage(fresh.map(setupOf))] : [];
	}

	return {
		run(bundle, tasks, unless) {
			const run = runMessage(bundle.id, tasks, unless);
			if (bundles.has(bundle.id)) return [run];
			bundles.add(bundle.id);
			const met = [bundle.rule, ...bundle.inputs.map(({ rows }) => rows.rule)];
			return [...unknown(met), bundleMessage(bundle, setupOf), run];
		},
		importOf: (rule) => [...unknown([rule]), importMessage(rule)],
		drop: (bundle) => (bundles.delete(bundle) ? [dropMessage(bundle)] : []),
	};
}
