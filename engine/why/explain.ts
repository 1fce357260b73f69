// Why tasks of a rule would run: each that has no result is compared with what it was in the last build, and those with the
// same causes are counted together. Nothing is kept for a task. Reads the store; decides and writes nothing.

import type { Rule } from '../../rules/rule.ts';
import { bug } from '../errors.ts';
import type { Link } from '../links.ts';
import type { OpenedScan } from '../opened.ts';
import type { Plan } from '../plan.ts';
import type { Lane } from '../schedule.ts';
import type { Standings } from '../standing.ts';
import type { Store } from '../store/store.ts';
import { isDone, keyOf, State, stateOf } from '../tasks.ts';
import { parameterWords } from '../words.ts';
import type { Cause, WhyGroup } from './cause.ts';
import { prefixCauses } from './prefix.ts';
import { type RememberedRule, recaller } from './recall.ts';
import { type RowComparer, rowComparer } from './rows.ts';
import { matchSets } from './sets.ts';
import { shownValues } from './snapshot.ts';

/** What is explained: a plan whose tasks have their keys as far as inputs are there. */
export interface Planned {
	readonly scan: OpenedScan;
	readonly plan: Plan;
	readonly stands: Standings;
	readonly store: Store;
}

/** What an explanation says of one rule. */
export interface Explained {
	/** The build that it was compared with; 0: not known. */
	readonly build: number;
	/** Why a task without a result would run, or what it waits for. */
	causesOf(task: number): readonly Cause[];
	/** The tasks that would run or wait, by what they have in common; `wanted` 1: only these. */
	groups(wanted?: Uint8Array): readonly WhyGroup[];
}

/** Explains the rules of a plan, one at a time. */
export function explainer(planned: Planned): (place: number) => Explained {
	const recall = recaller(planned.store);
	return (place) => explained(planned, place, recall(planned.scan.nameOf(place)));
}

function explained(planned: Planned, place: number, before: RememberedRule | undefined): Explained {
	const { scan, plan, store } = planned;
	const lane = plan.laneOf(place) ?? bug('a rule without a lane is explained');
	const { table } = lane;
	const layout = scan.expansion.layout(place);
	const common = before === undefined ? [{ kind: 'first' } as const] : commonCauses(planned, place, before);
	const matched = before && matchSets(before.layout, layout, before.snapshot.shape === planned.stands.shapeOf(place));
	let comparer: RowComparer | undefined;
	let isCompared = false;
	const waiting = waitingFor(planned, place, lane);

	// what the inputs were is read only where some task has to be compared
	function compare(task: number, row: number, isDetailed: boolean): readonly Cause[] {
		if (!isCompared) comparer = before && comparerOf(planned, place, before);
		isCompared = true;
		return comparer?.(task, row, isDetailed) ?? [];
	}

	/** Causes of its own, and a text that is the same where the causes are, numbers aside. */
	function ownCauses(task: number, isDetailed = false): Own {
		if (stateOf(table, task) === State.waiting) {
			const causes = waiting(task);
			const isNew = matched !== undefined && matched.rowOf(task) < 0;
			return { causes, likeness: `${isNew} ${JSON.stringify(causes)}`, isNew };
		}
		if (before === undefined || matched === undefined) return nothing;
		const row = matched.rowOf(task);
		if (row < 0) return { causes: matched.causesOf(task), likeness: matched.likeness(task), isNew: true };
		const state = before.table.states[row] as State;
		const isComparable = isDone(state) || state === State.failed || before.snapshot.keys.kind === 'sweep';
		const differences = isComparable ? compare(task, row, isDetailed) : [];
		if (differences.length > 0) return { causes: differences, likeness: differences.map(likenessOf).join() };
		if (!isComparable) return { causes: [unfinished(state)], likeness: `unfinished ${state}` };
		if (common.length > 0) return nothing;
		return fateOf(task, row, before);
	}

	// All that makes the key is the same as then: what became of the result?
	function fateOf(task: number, row: number, { table: old, snapshot }: RememberedRule) {
		const failure = store.readFailure(keyOf(table, task))?.failure;
		if (failure !== undefined)
			return { causes: [{ kind: 'failed', failure } as const], likeness: `failed ${failure.kind}` };
		const key = keyOf(old, row);
		const isKnown = key.some((byte) => byte !== 0);
		if (isKnown && Buffer.compare(key, keyOf(table, task)) !== 0) {
			// a result was replaced since: an input is other than the store now says that it was
			const causes = snapshot.inputs.map(({ name }): Cause => ({ kind: 'input', name, how: 'changed' }));
			if (causes.length > 0) return { causes, likeness: 'replaced' };
		}
		return { causes: [{ kind: 'gone' } as const], likeness: 'gone' };
	}

	// an aggregate has one input, which needs no name in a Scanfile
	function named(causes: readonly Cause[]): readonly Cause[] {
		const [input] = scan.inputsOf(place);
		if (scan.rules[place]?.kind !== 'aggregate' || input === undefined) return causes;
		const name = scan.nameOf(input.place);
		return causes.map((cause) => (cause.kind === 'rows' || cause.kind === 'input' ? { ...cause, name } : cause));
	}

	return {
		build: before?.snapshot.build ?? 0,
		causesOf(task) {
			const { causes, isNew } = ownCauses(task, true);
			return [...(isNew === true ? [] : common), ...named(causes)];
		},
		groups(wanted) {
			const groups = new Map<string, Gathered>();
			for (let task = 0; task < table.size; task++) {
				const state = stateOf(table, task);
				if ((state !== State.ready && state !== State.waiting) || wanted?.[task] === 0) continue;
				const { causes, likeness, isNew } = ownCauses(task);
				const name = `${state} ${likeness}`;
				const known = groups.get(name);
				if (known === undefined) groups.set(name, { state, tasks: 1, first: task, causes, isNew: isNew === true });
				else add(known, causes);
			}
			return [...groups.values()]
				.sort((a, b) => Number(a.state === State.waiting) - Number(b.state === State.waiting) || b.tasks - a.tasks)
				.map(({ state, tasks, first, causes, isNew }) => ({
					state: state === State.waiting ? 'waiting' : 'to-run',
					tasks,
					// that a task waits says enough where nothing is known of its rule or of its parameter set
					causes:
						state === State.waiting
							? [...causes, ...(before === undefined || isNew ? [] : common)]
							: [...(isNew ? [] : common), ...named(causes)],
					example: parameterWords(layout, first),
				}));
		},
	};
}

const nothing: Own = { causes: [], likeness: '' };

/** Causes of one task beside those that its rule's tasks have in common. */
interface Own {
	readonly causes: readonly Cause[];
	readonly likeness: string;
	/** Its parameter set was not there before: what else has changed did not make it run. */
	readonly isNew?: boolean;
}

interface Gathered {
	readonly isNew: boolean;
	readonly state: State;
	tasks: number;
	readonly first: number;
	causes: readonly Cause[];
}

/** One more task with the same causes: rows are counted together. */
function add(group: Gathered, causes: readonly Cause[]): void {
	group.tasks++;
	if (!group.causes.some(({ kind }) => kind === 'rows')) return;
	group.causes = group.causes.map((cause, at) => {
		const other = causes[at];
		if (cause.kind !== 'rows' || other?.kind !== 'rows') return cause;
		const sum = (of: 'changed' | 'added' | 'removed') => cause[of] + other[of];
		return { ...cause, changed: sum('changed'), added: sum('added'), removed: sum('removed') };
	});
}

function likenessOf(cause: Cause): string {
	if (cause.kind === 'rows') {
		const { name, changed, added, removed, isReordered } = cause;
		return `rows ${name} ${changed > 0} ${added > 0} ${removed > 0} ${isReordered}`;
	}
	return cause.kind === 'input' ? `input ${cause.name} ${cause.how}` : JSON.stringify(cause);
}

function unfinished(state: State): Cause {
	return { kind: 'unfinished', how: state === State.blocked || state === State.waiting ? 'blocked' : 'not-started' };
}

function commonCauses({ scan, stands }: Planned, place: number, { snapshot }: RememberedRule): readonly Cause[] {
	const rule = scan.rules[place] as Rule;
	return prefixCauses(snapshot, {
		prefix: stands.prefixOf(place),
		run: rule.recipe.kind === 'function' ? rule.recipe.run.name : '',
		parts: scan.loaded.identities[place]?.parts ?? [],
		values: shownValues(rule),
	});
}

function comparerOf({ plan }: Planned, place: number, before: RememberedRule): RowComparer | undefined {
	const rule = plan.rules.get(place);
	const maker = before.maker();
	if (maker === undefined || rule === undefined) return undefined;
	const { layout, seeds, inputs, files } = rule;
	return rowComparer(maker, { prefix: '', layout, seeds, inputs, files });
}

/** Which inputs of a task have tasks that run first. */
function waitingFor({ scan, plan }: Planned, place: number, lane: Lane): (task: number) => readonly Cause[] {
	const links = (lane.links.length > 0 ? lane.links : scan.expansion.links(place)).flatMap((link) => {
		const upstream = plan.laneOf(link.upstream)?.table;
		return upstream === undefined ? [] : [{ link, states: upstream.states, rule: scan.nameOf(link.upstream) }];
	});
	return (task) => {
		const inputs = links.filter(({ link, states }) => isAnyOpen(link, task, states));
		return [{ kind: 'waits', inputs: inputs.map(({ link: { name }, rule }) => ({ name, rule })) }];
	};
}

function isAnyOpen(link: Link, task: number, states: Uint8Array): boolean {
	const isOpen = (row: number) => !isDone(states[row] as State);
	if (link.kind === 'one') return isOpen(link.rows[task]!);
	if (link.kind === 'all') return states.some((state) => !isDone(state as State));
	for (let at = link.starts[task]!; at < link.starts[task + 1]!; at++) if (isOpen(link.members[at]!)) return true;
	return false;
}
