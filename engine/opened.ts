// A loaded scan as the rest of the engine sees it: rules by place, each with a name, in an order that works.
// Knows nothing of keys or results.
import type { Rule } from '../rules/rule.ts';
import type { LoadedScan } from './code/load.ts';
import { UserError } from './errors.ts';
import { type Expansion, expand } from './expand.ts';
import { neededRules, orderRules } from './graph.ts';

/** A scan that can be planned. A rule's place is its index in `rules`. */
export interface OpenedScan {
	readonly loaded: LoadedScan;
	readonly rules: readonly Rule[];
	/** The Scanfile's folder. */
	readonly folder: string;
	/** All places, upstream first. */
	readonly order: readonly number[];
	readonly expansion: Expansion;
	/** The target's name, or one made from its consumer's (`spikes.input`) where the rule is no target. */
	nameOf(place: number): string;
	isTarget(place: number): boolean;
	/** The place of a target, or of a rule named after its consumer; undefined: there is none. */
	placeOf(name: string): number | undefined;
	/** The places of the targets (all where none is named) and of what they need, upstream first. */
	needed(targets: readonly string[]): readonly number[];
	/** Where rule `place` takes its inputs: name and place of each. */
	inputsOf(place: number): readonly { readonly name: string; readonly place: number }[];
}

export function openScan(loaded: LoadedScan): OpenedScan {
	const { rules, targets } = loaded.scan;
	const places = new Map(rules.map((rule, place) => [rule, place]));
	const names = ruleNames(rules, targets);
	const nameOf = (place: number) => names.get(rules[place] as Rule) as string;
	const inputsOf = (place: number) =>
		Object.entries((rules[place] as Rule).from).map(([name, rule]) => ({ name, place: places.get(rule) as number }));

	const ordered = orderRules(rules);
	if (ordered.kind === 'cycle') {
		const [first] = ordered.rules as [number];
		const way = [...ordered.rules, first].map(nameOf).join(' → ');
		const message = `The rules go in a circle: ${way}. Each needs the result of the one before; take one 'from' out.`;
		throw new UserError('scanfile', [{ message, ...loaded.place((rules[first] as Rule).site) }]);
	}

	const placeOf = (name: string) => {
		const target = targets.find((candidate) => candidate.name === name)?.rule;
		const rule = target ?? rules.find((candidate) => names.get(candidate) === name);
		return rule === undefined ? undefined : places.get(rule);
	};
	return {
		loaded,
		rules,
		folder: loaded.source.folder,
		order: ordered.rules,
		expansion: expand({ rules, nameOf, where: loaded.place }),
		nameOf,
		isTarget: (place) => targets.some((target) => target.rule === rules[place]),
		placeOf,
		inputsOf,
		needed(wanted) {
			const all = wanted.length === 0 ? targets.map((target) => target.name) : wanted;
			return neededRules(
				rules,
				ordered.rules,
				all.map((name) => rules[placeOf(name) as number] as Rule),
			);
		},
	};
}

// Rules come after a consumer that has a name, since `rules` lists what a target takes behind it.
function ruleNames(rules: readonly Rule[], targets: LoadedScan['scan']['targets']): ReadonlyMap<Rule, string> {
	const names = new Map<Rule, string>();
	for (const { name, rule } of targets) if (!names.has(rule)) names.set(rule, name);
	for (let changed = true; changed; ) {
		changed = false;
		for (const rule of rules) {
			const consumer = names.get(rule);
			if (consumer === undefined) continue;
			for (const [as, upstream] of Object.entries(rule.from)) {
				if (names.has(upstream)) continue;
				names.set(upstream, `${consumer}.${as}`);
				changed = true;
			}
		}
	}
	return names;
}
