// Answers why tasks run: for all tasks of some targets, for the parameter sets that conditions name, or for one task.
// Runs nothing and writes nothing.
import { performance } from 'node:perf_hooks';
import { parametersOf } from '../../rules/rule.ts';
import type { Layout } from '../../rules/space.ts';
import { unknownParameter } from '../conditions.ts';
import { hex } from '../digest.ts';
import { bug, UserError } from '../errors.ts';
import { placeOf, settleAll } from '../look.ts';
import type { OpenedScan } from '../opened.ts';
import { plan } from '../plan.ts';
import { standings } from '../standing.ts';
import type { Store } from '../store/store.ts';
import { doneCount, isDone, keyOf, State, stateOf } from '../tasks.ts';
import { type Condition, holds, parseCondition } from '../where.ts';
import { parameterWords } from '../words.ts';
import { behind } from './behind.ts';
import type { WhyGroup, WhyReport, WhyTarget, WhyTask } from './cause.ts';
import { type Explainer, explainer } from './explain.ts';
import type { Group } from './groups.ts';

/** All targets where none is named; `name=value` words narrow one target down. */
export async function why(
	scan: OpenedScan,
	store: Store,
	targets: readonly string[],
	words: readonly string[],
): Promise<WhyReport> {
	const started = performance.now();
	const named = targets.map((name) => placeOf(scan, name));
	const places = scan.needed(targets);
	const shown = targets.length === 0 ? places : named;
	const [only = 0] = shown;
	const wanted = words.length === 0 ? undefined : fitting(scan, only, words);
	const stands = await standings(scan, places, store);
	const isOne = wanted !== undefined || scan.expansion.layout(only).size === 1;
	const planned = plan(scan, places, stands, store, {
		conditions: [],
		rowsOf: shown.length === 1 && isOne ? [only] : [],
	});
	settleAll(planned);
	const ground = { scan, plan: planned, stands, store };
	const seconds = () => (performance.now() - started) / 1000;
	const task = shown.length === 1 ? onlyTask(scan.expansion.layout(only), wanted) : undefined;
	const explain = explainer(ground);
	if (task !== undefined) return { kind: 'task', task: whyTask(explain, only, task), seconds: seconds() };
	const rules = shown.map((place) => whyTarget(explain, place, { wanted, isFollowed: true }));
	return { kind: 'targets', targets: rules, seconds: seconds() };
}

function onlyTask({ size }: Layout, wanted: Uint8Array | undefined): number | undefined {
	if (wanted === undefined) return size === 1 ? 0 : undefined;
	const first = wanted.indexOf(1);
	return wanted.indexOf(1, first + 1) < 0 ? first : undefined;
}

/** Which tasks are meant, and whether what lies behind their causes is wanted, too. */
interface Wishes {
	readonly wanted?: Uint8Array | undefined;
	readonly isFollowed: boolean;
}

/** One rule of a plan: what is reused, and why the others would run. */
export function whyTarget(explain: Explainer, place: number, { wanted, isFollowed }: Wishes): WhyTarget {
	const { scan, plan: planned, stands } = explain.planned;
	const common = { name: scan.nameOf(place), rule: scan.rules[place]?.kind ?? bug('no rule') };
	const lane = planned.laneOf(place);
	if (lane === undefined) {
		const tasks = wanted?.reduce((sum, one) => sum + one, 0) ?? stands.sweepOf(place)?.sweep.tasks ?? 0;
		return { ...common, tasks, reused: tasks, left: 0, groups: [] };
	}
	const { table } = lane;
	let [tasks, left] = [0, 0];
	for (let task = 0; task < table.size; task++) {
		if (wanted?.[task] === 0) continue;
		tasks++;
		if (stateOf(table, task) === State.left) left++;
	}
	const isQuiet = doneCount(table) === table.size;
	const found = isQuiet ? [] : explain.explain(place).groups({ wanted });
	const groups = found.map((group) => whyGroup(explain, place, group, isFollowed));
	// a keyed task that waits for a task with the same key is not run: its result is this one's
	const reused = tasks - left - groups.reduce((sum, group) => sum + group.tasks, 0);
	return { ...common, tasks, reused, left, groups };
}

function whyGroup(explain: Explainer, place: number, group: Group, isFollowed: boolean): WhyGroup {
	const { state, tasks, causes, sets } = group;
	const followed = isFollowed ? behind(explain, place, group) : [];
	return {
		...{ state: state === State.waiting ? 'waiting' : 'to-run', tasks: tasks.length, causes },
		example: parameterWords(explain.planned.scan.expansion.layout(place), tasks[0] ?? bug('an empty group')),
		...(sets === undefined || sets.isAll ? {} : { sets }),
		...(followed.length === 0 ? {} : { behind: followed }),
	};
}

function whyTask(explain: Explainer, place: number, task: number): WhyTask {
	const { scan, plan: planned, store } = explain.planned;
	const { table } = planned.laneOf(place) ?? bug('no lane');
	const state = stateOf(table, task);
	const key = state === State.waiting ? undefined : keyOf(table, task);
	const common = {
		target: scan.nameOf(place),
		rule: scan.rules[place]?.kind ?? bug('no rule'),
		parameters: parameterWords(scan.expansion.layout(place), task),
		key: key === undefined ? undefined : hex(key),
	};
	const buildOf = (number: number | undefined) => store.builds().find((build) => build.number === number);
	if (isDone(state) && key !== undefined) {
		const record = store.read(key);
		const build = buildOf(record?.build);
		return { ...common, state: 'reused', causes: [], build, endedAt: record?.endedAt };
	}
	const explained = explain.explain(place);
	const causes = explained.causesOf(task);
	const followed = behind(explain, place, { state, tasks: [task], causes });
	return {
		...common,
		state: state === State.waiting ? 'waiting' : 'to-run',
		causes,
		...(followed.length === 0 ? {} : { behind: followed }),
		build: buildOf(explained.before?.snapshot.build),
		endedAt: undefined,
	};
}

/** 1 for each row that all conditions hold for; throws where none does, or a name is unknown. */
function fitting(scan: OpenedScan, place: number, words: readonly string[]): Uint8Array {
	const conditions = words.map(parseCondition);
	const names = parametersOf(scan.rules[place] ?? bug('no rule'));
	const target = scan.nameOf(place);
	const unknown = conditions.filter((condition) => !names.includes(condition.name));
	if (unknown.length > 0)
		throw new UserError(
			'usage',
			unknown.map(({ name }) => ({ message: unknownParameter(name, names, target) })),
		);
	const layout = scan.expansion.layout(place);
	const wanted = new Uint8Array(layout.size).fill(1);
	for (const condition of conditions) narrow(wanted, layout, condition);
	if (!wanted.includes(1)) {
		const typed = conditions.map((condition) => condition.text).join(' ');
		throw new UserError('usage', `${target} has no parameter set with ${typed}. See: scanmake table ${target}`);
	}
	return wanted;
}

function narrow(wanted: Uint8Array, layout: Layout, condition: Condition): void {
	const column = layout.columns.find(({ name }) => name === condition.name) ?? bug('no column');
	const verdicts = [undefined, ...column.values].map((value) => holds(condition, value));
	for (let row = 0; row < layout.size; row++) if (!verdicts[column.codes[row]!]) wanted[row] = 0;
}
