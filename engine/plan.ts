// The tasks of a build as lanes of a schedule: finished rules as they are, the others with links and keys to make.
// Reads the store; runs and writes nothing. The same for building, planning and looking.

import { canonicalValue } from '../rules/canonical.ts';
import { isProgram } from '../rules/recipe.ts';
import type { Rule } from '../rules/rule.ts';
import type { Layout } from '../rules/space.ts';
import { digestLength, hex } from './digest.ts';
import { type Complaint, UserError } from './errors.ts';
import type { RuleFiles } from './guard.ts';
import { type KeyedFile, taskFiles } from './inputs.ts';
import type { KeyInput } from './key.ts';
import { absentNeeds } from './needs.ts';
import type { OpenedScan } from './opened.ts';
import { type Reuse, reuse } from './reuse.ts';
import { type Lane, type LaneSpec, type Schedule, schedule } from './schedule.ts';
import type { StandingFiles, Standings } from './standing.ts';
import type { Store } from './store/store.ts';
import { State, type TaskId, type TaskTable, taskTable } from './tasks.ts';
import { type Condition, holds } from './where.ts';

/** One rule of a plan. */
export interface PlannedRule {
	readonly layout: Layout;
	/** One a task where the rule has seeds, filled in as the task gets its key; empty otherwise. */
	readonly seeds: Uint32Array;
	readonly inputs: readonly KeyInput[];
	/** The text of the files that single tasks' parameters name, for their keys; undefined: no task has any. */
	readonly files: ((task: TaskId) => string) | undefined;
	/** All files that the rule's keys are made with. */
	readonly keyedFiles: RuleFiles;
}

/** All that a build or a look at results needs. */
export interface Plan {
	/** Upstream first; a finished rule that nobody asks for rows of is left out. */
	readonly schedule: Schedule;
	readonly reuse: Reuse;
	readonly rules: ReadonlyMap<number, PlannedRule>;
	/** Rules known to be finished by their sweep: tasks without a lane, or with a lane that is all done. */
	readonly settled: ReadonlySet<number>;
	/** Rules whose sweep speaks of records that are not there: the store lost them. */
	readonly lost: ReadonlySet<number>;
	readonly places: readonly number[];
	laneOf(place: number): Lane | undefined;
	/** How many tasks of the rule a condition leaves out. */
	outsideOf(place: number): number;
}

export interface PlanWishes {
	readonly conditions: readonly Condition[];
	/** Rules whose rows are wanted though they are finished. */
	readonly rowsOf: readonly number[];
}

export function plan(
	scan: OpenedScan,
	places: readonly number[],
	stands: Standings,
	store: Store,
	wishes: PlanWishes,
): Plan {
	const specs: LaneSpec[] = [];
	const tables = new Map<number, TaskTable>();
	const rules = new Map<number, PlannedRule>();
	const settled = new Set<number>();
	const complaints: Complaint[] = [];
	const met: MetDefaults = new Map();
	const open = openPlaces(scan, places, stands);
	const rowsWanted = new Set(wishes.rowsOf);
	for (const place of open) for (const input of scan.inputsOf(place)) rowsWanted.add(input.place);

	for (const place of places) {
		const rule = scan.rules[place] as Rule;
		const sweep = stands.sweepOf(place);
		if (!open.has(place) && !rowsWanted.has(place)) {
			settled.add(place);
			continue;
		}
		const layout = scan.expansion.layout(place);
		const table = taskTable(layout.size);
		const isSettled = !open.has(place) && sweep !== undefined;
		if (isSettled) {
			if (!recall(table, store, sweep.name)) {
				const planned = plan(scan, places, without(stands, place), store, wishes);
				return { ...planned, lost: new Set([...planned.lost, place]) };
			}
			settled.add(place);
		}
		tables.set(place, table);
		const links = isSettled ? [] : scan.expansion.links(place);
		const inputs = links.map((link) => ({
			link,
			layout: scan.expansion.layout(link.upstream),
			table: tables.get(link.upstream) as TaskTable,
		}));
		if (!isSettled) complaints.push(...strangeDefaults(scan, place, store, met), ...absentNeeds(scan, place, layout));
		const seeds = new Uint32Array(isSettled || layout.seeds === 'none' ? 0 : layout.size);
		const packages = scan.loaded.identities[place]?.packages ?? [];
		const files = filesOfRule(rule, layout, stands.filesOf(place), packages);
		rules.set(place, { layout, seeds, inputs, ...files });
		specs.push({ place, table, links, skipsMissing: rule.missing === 'skip', isSettled });
	}
	if (complaints.length > 0) throw new UserError('scanfile', complaints);

	const scheduled = schedule(specs);
	const lanes = new Map(scheduled.lanes.map((lane) => [lane.place, lane]));
	const alike = countAlike(scan, stands, open);
	const reuseRules = new Map(
		[...rules].map(([place, { layout, seeds, inputs, files }]) => [
			place,
			{
				maker: { prefix: stands.prefixOf(place), layout, seeds, inputs, files },
				mayCoincide: (alike.get(likeness(scan, stands, place)) ?? 0) > 1,
				outside: outsideOf(scan.rules[place] as Rule, layout, wishes.conditions),
			},
		]),
	);
	return {
		schedule: scheduled,
		reuse: reuse(scheduled, reuseRules, store),
		rules,
		settled,
		lost: new Set(),
		places,
		laneOf: (place) => lanes.get(place),
		outsideOf: (place) => reuseRules.get(place)?.outside?.reduce((sum, one) => sum + one, 0) ?? 0,
	};
}

function filesOfRule(
	{ recipe }: Rule,
	layout: Layout,
	{ shared: files, programs, made }: StandingFiles,
	packages: readonly KeyedFile[],
): Pick<PlannedRule, 'files' | 'keyedFiles'> {
	const shared = [...files, ...programs];
	const own = isProgram(recipe) ? taskFiles(recipe, made, layout) : undefined;
	if (own === undefined) return { files: undefined, keyedFiles: { shared, packages, own } };
	return { files: (task) => own(task).text, keyedFiles: { shared, packages, own: (task) => own(task).files } };
}

// The records that a sweep speaks of are not all there: it is not believed.
function without(stands: Standings, distrusted: number): Standings {
	return { ...stands, sweepOf: (place) => (place === distrusted ? undefined : stands.sweepOf(place)) };
}

// A rule is open where it has no sweep, or takes inputs from one that is.
function openPlaces(scan: OpenedScan, places: readonly number[], stands: Standings): Set<number> {
	const open = new Set<number>();
	for (const place of places)
		if (stands.sweepOf(place) === undefined || scan.inputsOf(place).some((input) => open.has(input.place)))
			open.add(place);
	return open;
}

/** Fills the table of a finished rule from its sweep; false where the store does not have all of it. */
export function recall(table: TaskTable, store: Store, name: Uint8Array): boolean {
	const keys = store.sweepKeys(name);
	if (keys?.length !== table.size * digestLength) return false;
	table.keys.set(keys);
	const rows = Int32Array.from({ length: table.size }, (_, row) => row);
	if (store.lookUp(table.keys, rows, table.digests, new Uint8Array(table.size)) < table.size) return false;
	table.states.fill(State.reused);
	table.counts.fill(0);
	table.counts[State.reused] = table.size;
	return true;
}

function likeness(scan: OpenedScan, stands: Standings, place: number): string {
	const names = scan.inputsOf(place).map((input) => input.name);
	return `${stands.prefixOf(place)}${JSON.stringify(names.sort())}`;
}

function countAlike(scan: OpenedScan, stands: Standings, open: ReadonlySet<number>): ReadonlyMap<string, number> {
	const counts = new Map<string, number>();
	for (const place of open) {
		const name = likeness(scan, stands, place);
		counts.set(name, (counts.get(name) ?? 0) + 1);
	}
	return counts;
}

/** 1 for each row that a condition on one of the rule's own parameters does not hold for. */
function outsideOf(rule: Rule, layout: Layout, conditions: readonly Condition[]): Uint8Array | undefined {
	if (rule.kind !== 'generate' && rule.kind !== 'simulate') return undefined;
	let outside: Uint8Array | undefined;
	for (const condition of conditions) {
		const column = layout.columns.find((candidate) => candidate.name === condition.name);
		if (column === undefined) continue;
		outside ??= new Uint8Array(layout.size);
		const verdicts = [undefined, ...column.values].map((value) => (holds(condition, value) ? 0 : 1));
		for (let row = 0; row < layout.size; row++) outside[row]! |= verdicts[column.codes[row]!]!;
	}
	return outside;
}

/** Parameters that a rule's keys leave out at their default: name, and canonical text of the default. */
export function defaultsOf(scan: OpenedScan, place: number): ReadonlyMap<string, string> {
	const rule = scan.rules[place] as Rule;
	const isLeaf = rule.kind === 'generate' || rule.kind === 'simulate';
	const layouts = isLeaf ? [place] : [place, ...scan.inputsOf(place).map((input) => input.place)];
	const defaults = new Map<string, string>();
	for (const layout of layouts.map((of) => scan.expansion.layout(of)))
		for (const column of layout.columns)
			if (column.default !== undefined) defaults.set(column.name, canonicalValue(column.default));
	return defaults;
}

/** Defaults by code and name as the rules of this plan have them. */
type MetDefaults = Map<string, { readonly place: number; readonly value: string }>;

// Keys that leave a parameter out were made under one default; under another they would name other work.
function strangeDefaults(scan: OpenedScan, place: number, store: Store, met: MetDefaults): Complaint[] {
	const identity = scan.loaded.identities[place];
	if (identity === undefined) return [];
	const complaints: Complaint[] = [];
	const complain = (message: string) =>
		complaints.push({
			message: `${scan.nameOf(place)}: ${message}`,
			...scan.loaded.place((scan.rules[place] as Rule).site),
		});
	for (const [name, value] of defaultsOf(scan, place)) {
		const before = store.defaultOf(identity.digest, name);
		const code = `${hex(identity.digest)} ${name}`;
		const other = met.get(code);
		met.set(code, { place, value });
		if (before !== undefined && before !== value) {
			complain(
				`results of this code took ${name} = ${before} where it is not given, and the axis now says that its ` +
					`default is ${value}. Give it the default ${before} again, or no default; after a change of what the code ` +
					`itself does without ${name}, the store will not mind.`,
			);
		} else if (other !== undefined && other.value !== value) {
			complain(
				`it has the code of ${scan.nameOf(other.place)}, whose axis says that ${name} = ${other.value} where it is not ` +
					`given, and here the default is ${value}. Give both axes the same default, or one of them none.`,
			);
		}
	}
	return complaints;
}
