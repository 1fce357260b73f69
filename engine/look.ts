// Results as they stand, for who looks: tables, single tasks, files. Reads beside a build and writes nothing to the store.

import { join } from 'node:path';
import { count } from '../rules/count.ts';
import type { Value } from '../rules/index.ts';
import { nearest } from '../rules/nearest.ts';
import { parametersOf, type Rule } from '../rules/rule.ts';
import { pointAt } from '../rules/space.ts';
import { unknownParameter } from './conditions.ts';
import { hex } from './digest.ts';
import { bug, UserError } from './errors.ts';
import type { OpenedScan } from './opened.ts';
import { type Plan, plan } from './plan.ts';
import type { RuleNode, TableReader, TaskView } from './report.ts';
import type { Lane } from './schedule.ts';
import { standings } from './standing.ts';
import type { Store } from './store/store.ts';
import { countOf, isDone, keyOf, State, stateOf } from './tasks.ts';
import { decodeValue } from './value.ts';
import { type Condition, holds, parseCondition } from './where.ts';
import { parameterWords } from './words.ts';
import { writeFiles } from './written.ts';

/** The tasks of `places` with their keys, as far as they are known; nothing runs. */
export async function settledPlan(
	scan: OpenedScan,
	places: readonly number[],
	store: Store,
	rowsOf: readonly number[],
): Promise<Plan> {
	const stands = await standings(scan, places, store);
	const planned = plan(scan, places, stands, store, { conditions: [], rowsOf });
	settleAll(planned);
	if (planned.schedule.lanes.some((lane) => lane.skipsMissing)) settlePastFailures(planned, store);
	return planned;
}

// What failed the last time is taken as failed, so that what was made without it is found.
function settlePastFailures({ schedule, reuse }: Plan, store: Store): void {
	for (const lane of schedule.lanes) {
		while (reuse.settle(lane, 65_536) > 0);
		if (countOf(lane.table, State.ready) === 0) continue;
		for (let task = 0; task < lane.table.size; task++) {
			if (stateOf(lane.table, task) !== State.ready) continue;
			if (store.readFailure(keyOf(lane.table, task)) === undefined) continue;
			schedule.lost(lane, task, State.failed);
			reuse.settleTwins(lane, task);
		}
	}
}

/** Keys every task whose inputs are there. */
export function settleAll(planned: Plan): void {
	for (const lane of planned.schedule.lanes) while (planned.reuse.settle(lane, 65_536) > 0);
}

/** The place of a target, or of a rule named after its consumer; throws where there is none. */
export function placeOf(scan: OpenedScan, target: string): number {
	const place = scan.placeOf(target);
	if (place !== undefined) return place;
	const names = scan.order.map(scan.nameOf);
	const near = nearest(target, names);
	throw new UserError(
		'usage',
		`There is no target ${target}. ${near === undefined ? `Targets: ${names.join(', ')}.` : `Did you mean ${near}?`}`,
	);
}

async function look(
	scan: OpenedScan,
	store: Store,
	target: string,
): Promise<{ place: number; lane: Lane; rule: Rule; isLost: boolean }> {
	const place = placeOf(scan, target);
	const planned = await settledPlan(scan, scan.needed([target]), store, [place]);
	const [lane, rule] = [planned.laneOf(place) ?? bug('no lane'), scan.rules[place] ?? bug('no rule')];
	return { place, lane, rule, isLost: planned.lost.has(place) };
}

/** All rows of a target, decoded one at a time. */
export async function table(scan: OpenedScan, store: Store, target: string): Promise<TableReader> {
	const { place, lane, rule, isLost } = await look(scan, store, target);
	const layout = scan.expansion.layout(place);
	const names = layout.columns.map((column) => column.name);
	return {
		target,
		rule: rule.kind,
		parameters: layout.seeds === 'none' ? names : [...names, 'seed'],
		size: layout.size,
		*rows() {
			for (let row = 0; row < layout.size; row++) {
				const params = pointAt(layout, row) as Record<string, Value>;
				const isThere = isDone(stateOf(lane.table, row));
				const value = isThere ? store.readValue(keyOf(lane.table, row)) : undefined;
				if (value !== undefined) yield { params, done: true, result: decodeValue(value) };
				else if (isThere || isLost) yield { params, done: false, isDamaged: true, result: undefined };
				else yield { params, done: false, result: undefined };
			}
		},
	};
}

/** One task. Throws where the words name none or several. */
export async function show(
	scan: OpenedScan,
	store: Store,
	target: string,
	words: readonly string[],
): Promise<TaskView> {
	const conditions = words.map(parseCondition);
	const place = placeOf(scan, target);
	const names = parametersOf(scan.rules[place] ?? bug('no rule'));
	const unknown = conditions.filter((condition) => !names.includes(condition.name));
	if (unknown.length > 0)
		throw new UserError(
			'usage',
			unknown.map(({ name }) => ({ message: unknownParameter(name, names, target) })),
		);
	const layout = scan.expansion.layout(place);
	const row = onlyRow(scan, place, conditions);
	const { lane, rule } = await look(scan, store, target);
	const state = stateOf(lane.table, row);
	const key = state === State.waiting || state === State.blocked ? undefined : keyOf(lane.table, row);
	const record = key !== undefined && isDone(state) ? store.read(key) : undefined;
	const failed = key === undefined || record !== undefined ? undefined : store.readFailure(key);
	const known = record ?? failed;
	const value = key === undefined || record === undefined ? undefined : (record.value ?? store.readValue(key));
	return {
		target,
		rule: rule.kind,
		params: pointAt(layout, row) as Record<string, Value>,
		state:
			key === undefined
				? 'inputs-missing'
				: isDone(state)
					? value === undefined
						? 'damaged'
						: 'done'
					: failed !== undefined
						? 'failed'
						: 'not-run',
		key: key === undefined ? undefined : hex(key),
		digest: record === undefined ? undefined : hex(record.digest),
		result: value === undefined ? undefined : decodeValue(value),
		files: (record?.files ?? []).map(({ name, size, executable, digest }) => ({
			name,
			size,
			executable,
			digest: hex(digest),
		})),
		log: known?.log ?? '',
		failure: failed?.failure,
		seconds: known?.seconds,
		endedAt: known?.endedAt,
		attempt: known?.attempt,
		build: known === undefined ? undefined : buildOf(store, known.build, scan.rules[place]),
	};
}

// The interpreter is of no interest where it did not run the task.
function buildOf(store: Store, number: number, rule: Rule | undefined): TaskView['build'] {
	const build = store.builds().find((known) => known.number === number);
	return build === undefined || rule?.recipe.kind === 'python' ? build : { ...build, python: undefined };
}

function onlyRow(scan: OpenedScan, place: number, conditions: readonly Condition[]): number {
	const layout = scan.expansion.layout(place);
	const columns = conditions.map((condition) => {
		const column = layout.columns.find((candidate) => candidate.name === condition.name) ?? bug('no column');
		return { codes: column.codes, verdicts: [undefined, ...column.values].map((value) => holds(condition, value)) };
	});
	const found: number[] = [];
	let fitting = 0;
	for (let row = 0; row < layout.size; row++) {
		if (!columns.every(({ codes, verdicts }) => verdicts[codes[row]!])) continue;
		fitting++;
		if (found.length < 3) found.push(row);
	}
	const [only] = found;
	if (fitting === 1 && only !== undefined) return only;
	const name = scan.nameOf(place);
	const typed = conditions.map((condition) => condition.text).join(' ');
	if (fitting === 0)
		throw new UserError(
			'usage',
			`${name} has no parameter set with ${typed || 'no parameters'}. See: scanmake table ${name}`,
		);
	const examples = found.map((row) => parameterWords(layout, row)).join('; ');
	throw new UserError(
		'usage',
		`${count(fitting)} parameter sets of ${name} fit${typed === '' ? '' : ` ${typed}`}; name one, for instance: ${examples}`,
	);
}

/** Writes the files of a target's results below `folder`, one folder a parameter set; returns the paths. */
export async function checkout(
	scan: OpenedScan,
	store: Store,
	target: string,
	folder: string,
): Promise<readonly string[]> {
	const { place, lane } = await look(scan, store, target);
	const layout = scan.expansion.layout(place);
	const paths: string[] = [];
	for (let row = 0; row < layout.size; row++) {
		if (!isDone(stateOf(lane.table, row))) continue;
		const files = store.read(keyOf(lane.table, row))?.files ?? [];
		if (files.length === 0) continue;
		const below = join(folder, ...folderNames(pointAt(layout, row) as Record<string, Value>));
		const made = await writeFiles(store, files, below);
		paths.push(...made.map((file) => join(below, file.name)));
	}
	return paths;
}

// Values are data: what could mean something in a path is written as %XX.
function folderNames(params: Readonly<Record<string, Value>>): string[] {
	return Object.entries(params)
		.filter(([name]) => name !== 'seed')
		.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
}

/** The rules of the scan, upstream first. */
export function graph(scan: OpenedScan): readonly RuleNode[] {
	return scan.order.map((place) => {
		const layout = scan.expansion.layout(place);
		return {
			name: scan.nameOf(place),
			kind: scan.rules[place]?.kind ?? bug('no rule'),
			isTarget: scan.isTarget(place),
			tasks: layout.size,
			parameters: layout.columns.map((column) => column.name),
			from: scan.inputsOf(place).map((input) => ({ as: input.name, rule: scan.nameOf(input.place) })),
		};
	});
}
