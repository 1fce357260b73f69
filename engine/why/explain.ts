// Why tasks of a rule would run, or have other results than before: each is compared with what it was in the last build, and
// those with the same causes are counted together (groups.ts). Reads the store; decides and writes nothing.
import type { Rule } from '../../rules/rule.ts';
import { isDone, keyOf, State, stateOf } from '../tasks.ts';
import type { Cause } from './cause.ts';
import { describedSets } from './described.ts';
import { type Gatherer, type Group, gatherer, likenessOf, type Own } from './groups.ts';
import { prefixCauses } from './prefix.ts';
import { type Planned, presentRules } from './present.ts';
import { type RememberedRule, recaller } from './recall.ts';
import { type RowComparer, rowComparer } from './rows.ts';
import { type Matched, matchSets } from './sets.ts';
import { runName, scriptsOf, shownValues } from './snapshot.ts';
import { forEachRow, otherRows, type Taken, takenRows } from './taken.ts';
import { waitingFor } from './waiting.ts';

export type { Planned } from './present.ts';

/** Tasks of a rule; all where nothing is said. */
export interface Which {
	/** 1: these. */
	readonly wanted?: Uint8Array | undefined;
	/** Those that have a result, in place of those that have none. */
	readonly areDone?: boolean;
}

/** What an explanation says of one rule. */
export interface Explained {
	/** What the rule is compared with; undefined: nothing is known. */
	readonly before: RememberedRule | undefined;
	/** Why a task without a result would run, or what it waits for. */
	causesOf(task: number): readonly Cause[];
	/** The tasks that would run or wait, by what they have in common: the largest first, waiting ones last. */
	groups(which: Which): readonly Group[];
	/** What tasks take from an input, compared with then; undefined where that is not known. */
	taken(input: string, tasks: readonly number[]): Taken | undefined;
	/** The upstream rows of these tasks that have run again since, though nothing of them changed. */
	rerun(input: string, tasks: readonly number[]): Uint8Array;
}

/** Explains the rules of a plan, one at a time: against the last build of the rule, or against what is given. */
export interface Explainer {
	readonly planned: Planned;
	readonly present: ReturnType<typeof presentRules>;
	explain(place: number, before?: RememberedRule): Explained;
}

/** Explains the rules of a plan; what several rules need is read once. */
export function explainer(planned: Planned): Explainer {
	const recall = recaller(planned.store);
	const present = presentRules(planned);
	const known = new Map<number, Explained>();
	const compared = new WeakMap<RememberedRule, Explained>();
	return {
		...{ planned, present },
		explain(place, before) {
			if (before !== undefined) {
				const found = compared.get(before) ?? explained({ planned, present }, place, before);
				compared.set(before, found);
				return found;
			}
			const found = known.get(place) ?? explained({ planned, present }, place, recall(planned.scan.nameOf(place)));
			known.set(place, found);
			return found;
		},
	};
}

function explained(
	{ planned, present }: Pick<Explainer, 'planned' | 'present'>,
	place: number,
	before: RememberedRule | undefined,
): Explained {
	const { scan, store } = planned;
	const { table, maker } = present(place);
	const { layout } = maker;
	const common = before === undefined ? [{ kind: 'first' } as const] : commonCauses(planned, place, before);
	const matched = before && matchSets(before.layout, layout, before.snapshot.shape === planned.stands.shapeOf(place));
	const matchedInputs = new Map<string, Matched>();
	const waiting = waitingFor(planned, place);
	let comparer: RowComparer | undefined;
	let isCompared = false;

	// what the inputs were is read only where some task has to be compared
	function compare(task: number, row: number, isDetailed: boolean): readonly Cause[] {
		if (!isCompared) {
			const old = before?.maker();
			comparer = old && rowComparer(old, maker, [before?.snapshot.scripts, scriptsOf(planned.stands, place)]);
		}
		isCompared = true;
		return comparer?.(task, row, isDetailed) ?? [];
	}

	/** Causes of its own, and a text that is the same where the causes are, numbers and names of files aside. */
	function ownCauses(task: number, isDetailed = false): Own {
		const state = stateOf(table, task);
		if (state === State.waiting) {
			const { causes, likeness } = waiting(task);
			const isNew = matched !== undefined && matched.rowOf(task) < 0;
			return { causes, likeness: `${isNew} ${likeness}`, isNew };
		}
		if (before === undefined || matched === undefined) return nothing;
		const row = matched.rowOf(task);
		if (row < 0) return { causes: matched.causesOf(task), likeness: matched.likeness(task), isNew: true };
		const was = before.table.states[row] as State;
		const isComparable = isDone(was) || was === State.failed || before.snapshot.keys.kind === 'sweep';
		const differences = isComparable ? compare(task, row, isDetailed) : none;
		if (differences.length > 0) return { causes: differences, likeness: likenessOf(differences) };
		if (!isComparable) return { causes: [unfinished(was)], likeness: `unfinished ${was}` };
		if (common.length > 0) return nothing;
		return isDone(state) ? again : fateOf(task, row, before);
	}

	// All that makes the key is the same as then: what became of the result?
	function fateOf(task: number, row: number, { table: old, snapshot }: RememberedRule): Own {
		const failure = store.readFailure(keyOf(table, task))?.failure;
		if (failure !== undefined)
			return { causes: [{ kind: 'failed', failure } as const], likeness: `failed ${failure.kind}` };
		const key = keyOf(old, row);
		const isKnown = key.some((byte) => byte !== 0);
		if (isKnown && Buffer.compare(key, keyOf(table, task)) !== 0) {
			// a result was replaced since: an input is other than the store now says that it was
			const known = snapshot.inputs.filter(({ name }) => rerun(name, [task]).includes(1));
			const names = (known.length > 0 ? known : snapshot.inputs).map(({ name }) => name);
			const causes = names.map((name): Cause => ({ kind: 'input', name, how: 'changed' }));
			if (causes.length > 0) return { causes, likeness: `replaced ${names}` };
		}
		return { causes: [{ kind: 'gone' } as const], likeness: 'gone' };
	}

	function taken(input: string, tasks: readonly number[]): Taken | undefined {
		const of = ({ link }: { readonly link: { readonly name: string } }) => link.name === input;
		const now = maker.inputs.find(of);
		const then = now && before?.maker()?.inputs.find(of);
		const shape = before?.snapshot.inputs.find(({ name }) => name === input)?.shape;
		if (now === undefined || then === undefined || matched === undefined) return undefined;
		const isSame = shape === planned.stands.shapeOf(now.link.upstream);
		const rows = matchedInputs.get(input) ?? matchSets(then.layout, now.layout, isSame);
		matchedInputs.set(input, rows);
		return takenRows(tasks, matched.rowOf, { before: then, now }, rows);
	}

	function rerun(input: string, tasks: readonly number[]): Uint8Array {
		const found = maker.inputs.find(({ link }) => link.name === input);
		const build = before?.snapshot.build ?? 0;
		const marks = new Uint8Array(found?.table.size ?? 0);
		if (found === undefined || build === 0) return marks;
		const mark = (row: number) => {
			if (marks[row] === 0 && (store.read(keyOf(found.table, row))?.build ?? 0) > build) marks[row] = 1;
		};
		for (const task of tasks) forEachRow(found.link, task, marks.length, mark);
		return marks;
	}

	/** Causes with the parameter sets that they speak of. */
	function told(causes: readonly Cause[], tasks: readonly number[]): readonly Cause[] {
		return causes.map((cause) => {
			const isUpstream = (cause.kind === 'input' && cause.how === 'changed') || cause.kind === 'rows';
			const marks = isUpstream ? taken(cause.name, tasks) : undefined;
			const now = maker.inputs.find(({ link }) => isUpstream && link.name === cause.name)?.layout;
			const then = before?.maker()?.inputs.find(({ link }) => isUpstream && link.name === cause.name)?.layout;
			if (marks === undefined || now === undefined || then === undefined) return cause;
			if (cause.kind === 'input') {
				const other = otherRows(marks) ?? rerun(cause.name, tasks);
				return other.includes(1) ? { ...cause, sets: describedSets(now, other) } : cause;
			}
			if (cause.kind !== 'rows') return cause;
			return {
				...cause,
				...(cause.changed > 0 ? { changedSets: describedSets(now, marks.changed, marks.all) } : {}),
				...(cause.added > 0 ? { addedSets: describedSets(now, marks.added, marks.all) } : {}),
				...(cause.removed > 0 ? { removedSets: describedSets(then, marks.removed, marks.allBefore) } : {}),
			};
		});
	}

	// an aggregate has one input, which needs no name in a Scanfile
	function named(causes: readonly Cause[]): readonly Cause[] {
		const [input] = scan.inputsOf(place);
		if (scan.rules[place]?.kind !== 'aggregate' || input === undefined) return causes;
		const name = scan.nameOf(input.place);
		return causes.map((cause) => (cause.kind === 'rows' || cause.kind === 'input' ? { ...cause, name } : cause));
	}

	/** A group with the causes that it shares, and the parameter sets that its own speak of. */
	function withAll(group: Group): Group {
		const isWaiting = group.state === State.waiting;
		// that a task waits says enough where nothing is known of its rule or of its parameter set
		const shared = group.isNew || (isWaiting && before === undefined) ? [] : common;
		const own = isWaiting ? group.causes : named(told(group.causes, group.tasks));
		return { ...group, causes: isWaiting ? [...own, ...shared] : [...shared, ...own] };
	}

	const gather: Gatherer = gatherer(layout);
	// the same groups are asked for by all who wait for them
	const all = new Map<string, readonly Group[]>();
	return {
		...{ before, taken, rerun },
		causesOf(task) {
			const { causes, isNew } = ownCauses(task, true);
			return [...(isNew === true ? [] : common), ...named(told(causes, [task]))];
		},
		groups({ wanted, areDone = false }) {
			const isOpen = (state: State) => state === State.ready || state === State.waiting;
			const isOfKind = (task: number) => (areDone ? isDone : isOpen)(stateOf(table, task));
			const isAll = wanted === undefined || wanted.every((is, task) => is === 1 || !isOfKind(task));
			const name = areDone ? 'done' : 'open';
			const found = isAll ? all.get(name) : undefined;
			if (found !== undefined) return found;
			const groups = gather(table, (task) => wanted?.[task] !== 0 && isOfKind(task), ownCauses).map(withAll);
			if (isAll) all.set(name, groups);
			return groups;
		},
	};
}

const none: readonly Cause[] = [];
const nothing: Own = { causes: none, likeness: '' };
const again: Own = { causes: [{ kind: 'again' }], likeness: 'again' };

function unfinished(state: State): Cause {
	return { kind: 'unfinished', how: state === State.blocked || state === State.waiting ? 'blocked' : 'not-started' };
}

function commonCauses({ scan, stands }: Planned, place: number, { snapshot }: RememberedRule): readonly Cause[] {
	const rule = scan.rules[place] as Rule;
	return prefixCauses(snapshot, {
		prefix: stands.prefixOf(place),
		run: runName(rule),
		parts: scan.loaded.identities[place]?.parts ?? [],
		values: shownValues(rule),
		scripts: scriptsOf(stands, place),
	});
}
