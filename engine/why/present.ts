// A rule as it is now, ready for the walk that makes keys: those that a plan has lanes for, and those that are finished,
// of which a plan knows nothing but their sweep. Knows nothing of how it was.
import { isProgram } from '../../rules/recipe.ts';
import type { Rule } from '../../rules/rule.ts';
import { bug } from '../errors.ts';
import { taskFiles } from '../inputs.ts';
import type { KeyInput, KeyMaker } from '../key.ts';
import type { OpenedScan } from '../opened.ts';
import { type Plan, recall } from '../plan.ts';
import type { Standings } from '../standing.ts';
import type { Store } from '../store/store.ts';
import { type TaskTable, taskTable } from '../tasks.ts';

/** What is explained: a plan whose tasks have their keys as far as inputs are there. */
export interface Planned {
	readonly scan: OpenedScan;
	readonly plan: Plan;
	readonly stands: Standings;
	readonly store: Store;
}

/** A rule's tasks, and what makes their keys, without the prefix. */
export interface PresentRule {
	readonly table: TaskTable;
	readonly maker: KeyMaker;
}

/** Reads rules of a plan, each once. */
export function presentRules({ scan, plan, stands, store }: Planned): (place: number) => PresentRule {
	const tables = new Map<number, TaskTable>();
	const rules = new Map<number, PresentRule>();

	function tableOf(place: number): TaskTable {
		const known = plan.laneOf(place)?.table ?? tables.get(place);
		if (known !== undefined) return known;
		const table = taskTable(scan.expansion.layout(place).size);
		const name = stands.sweepOf(place)?.name;
		if (name !== undefined) recall(table, store, name);
		tables.set(place, table);
		return table;
	}

	function ruleOf(place: number): PresentRule {
		const layout = scan.expansion.layout(place);
		const seeds = new Uint32Array(layout.seeds === 'none' ? 0 : layout.size);
		const planned = plan.rules.get(place);
		if (planned !== undefined && !plan.settled.has(place)) {
			const { inputs, files } = planned;
			return { table: tableOf(place), maker: { prefix: '', layout, seeds, inputs, files } };
		}
		const { recipe } = (scan.rules[place] ?? bug('no rule')) as Rule;
		const inputs = scan.expansion.links(place).map((link): KeyInput => {
			return { link, layout: scan.expansion.layout(link.upstream), table: tableOf(link.upstream) };
		});
		const own = isProgram(recipe) ? taskFiles(recipe, stands.filesOf(place).made, layout) : undefined;
		const files = own && ((task: number) => own(task).text);
		return { table: tableOf(place), maker: { prefix: '', layout, seeds, inputs, files } };
	}

	return (place) => {
		const found = rules.get(place) ?? ruleOf(place);
		rules.set(place, found);
		return found;
	};
}
