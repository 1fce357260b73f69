// Rules × spaces → rows and links, computed when asked for and kept: a plan that finds all sweeps asks for few.
// Knows no keys and no store.
import { canonicalValue } from '../rules/canonical.ts';
import { count } from '../rules/count.ts';
import type { Rule } from '../rules/rule.ts';
import { type Layout, layoutOf, layoutProblems } from '../rules/space.ts';
import type { Complaint } from './errors.ts';
import { UserError } from './errors.ts';
import { columnOf } from './join.ts';
import { groupRows, type Link, linkRows } from './links.ts';
import { parameterWords } from './words.ts';

/** The rows of every rule of a scan, and where each takes its inputs. */
export interface Expansion {
	/** The rows of a rule; of an aggregate its groups in order of first appearance, columns in the order of `by`. */
	layout(place: number): Layout;
	links(place: number): readonly Link[];
}

/** What expansion needs of a scan. */
export interface Expandable {
	readonly rules: readonly Rule[];
	nameOf(place: number): string;
	where(stack: string): Pick<Complaint, 'file' | 'line'> | undefined;
}

const noParameters: Layout = { size: 1, columns: [], seeds: 'none' };

export function expand(scan: Expandable): Expansion {
	const places = new Map(scan.rules.map((rule, place) => [rule, place]));
	const layouts: (Layout | undefined)[] = [];
	const links: (readonly Link[] | undefined)[] = [];
	const grouped = new Map<number, ReturnType<typeof groupRows>>();

	const placeOf = (rule: Rule): number => places.get(rule) as number;
	const fail = (place: number, messages: readonly string[]): never => {
		const at = scan.where((scan.rules[place] as Rule).site);
		throw new UserError(
			'scanfile',
			messages.map((message) => ({ message, ...at })),
		);
	};

	const upstreamOf = (place: number): number => placeOf(Object.values((scan.rules[place] as Rule).from)[0] as Rule);

	const groupsOf = (place: number) => {
		let groups = grouped.get(place);
		if (groups === undefined) {
			groups = groupRows(layout(upstreamOf(place)), (scan.rules[place] as Rule).by ?? []);
			grouped.set(place, groups);
		}
		return groups;
	};

	const makeLayout = (place: number): Layout => {
		const rule = scan.rules[place] as Rule;
		switch (rule.kind) {
			case 'generate':
			case 'simulate': {
				if (rule.over === undefined) return noParameters;
				const made = layoutOf(rule.over);
				const problems = layoutProblems(rule.over);
				if (problems.length > 0)
					throw new UserError(
						'scanfile',
						problems.map((problem) => ({
							message: problem.message,
							...(problem.stack === undefined ? undefined : scan.where(problem.stack)),
						})),
					);
				return made;
			}
			case 'aggregate': {
				const upstream = layout(upstreamOf(place));
				const { first } = groupsOf(place);
				const columns = (rule.by ?? []).map((name) => {
					const column = columnOf(upstream, name);
					const codes = column.codes.slice(0, first.length);
					for (let group = 0; group < first.length; group++) codes[group] = column.codes[first[group]!]!;
					return { ...column, codes };
				});
				return { size: first.length, columns, seeds: 'none' };
			}
			case 'analyze':
				return noParameters;
		}
	};

	const makeLinks = (place: number): readonly Link[] => {
		const rule = scan.rules[place] as Rule;
		const inputs = Object.entries(rule.from).map(([name, upstream]) => ({ name, upstream: placeOf(upstream) }));
		if (rule.kind === 'analyze') return inputs.map((input) => ({ kind: 'all', ...input }));
		if (rule.kind === 'aggregate') return inputs.map((input) => ({ kind: 'groups', ...input, ...groupsOf(place) }));
		return inputs.map((input) => {
			const own = layout(place);
			const linked = linkRows(own, layout(input.upstream));
			const [name, upstreamName] = [scan.nameOf(place), scan.nameOf(input.upstream)];
			const mistakes = linked.conflicts.map(
				(parameter) =>
					`${name} and ${upstreamName} give ${parameter} two different defaults (${defaultText(own, parameter)} and ` +
					`${defaultText(layout(input.upstream), parameter)}). Give both the same.`,
			);
			if (linked.none > 0) {
				mistakes.push(
					`${name} ${parameterWords(own, linked.rows.indexOf(-1))} has no task of ${upstreamName} to take ` +
						`'${input.name}' from${others(linked.none)}: ${upstreamName} has no parameter set that agrees with it.`,
				);
			}
			if (linked.several > 0) {
				mistakes.push(
					`${name} ${parameterWords(own, linked.rows.indexOf(-2))} could take '${input.name}' from several tasks of ` +
						`${upstreamName}${others(linked.several)}: they differ in parameters that ${name} does not have. ` +
						'Aggregate them first, or add those parameters.',
				);
			}
			if (mistakes.length > 0) fail(place, mistakes);
			return { kind: 'one', ...input, rows: linked.rows };
		});
	};

	function layout(place: number): Layout {
		const made = layouts[place] ?? makeLayout(place);
		layouts[place] = made;
		return made;
	}
	return {
		layout,
		links(place) {
			const made = links[place] ?? makeLinks(place);
			links[place] = made;
			return made;
		},
	};
}

function others(all: number): string {
	return all === 1 ? '' : ` (the same holds for ${count(all - 1)} more)`;
}

function defaultText(layout: Layout, name: string): string {
	const value = columnOf(layout, name).default;
	return value === undefined ? 'none' : canonicalValue(value);
}
