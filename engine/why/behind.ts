// What lies behind causes that are upstream: the tasks that waiting ones wait for, and those whose results are other than
// they were, each followed to where something was changed. Says nothing twice. Knows no words.
import { hex } from '../digest.ts';
import { isDone, keyOf, State, stateOf } from '../tasks.ts';
import type { Behind, Cause } from './cause.ts';
import type { Explained, Explainer } from './explain.ts';
import type { Group } from './groups.ts';
import type { RememberedRule } from './recall.ts';
import { forEachRow, otherRows } from './taken.ts';

/** Some tasks of a rule with the same causes. */
type Tasks = Pick<Group, 'state' | 'tasks' | 'causes'>;

/** Follows the causes of some tasks of a rule upstream. */
export function behind(explainer: Explainer, place: number, of: Tasks): readonly Behind[] {
	const { planned, present, explain } = explainer;
	const { scan, plan } = planned;
	const said = new Set<string>();

	function follow(at: number, { state, tasks, causes }: Tasks, explained: Explained): readonly Behind[] {
		return state === State.waiting ? waitedFor(at, tasks) : differing(at, tasks, causes, explained);
	}

	/** The tasks that have to run before some others can, nearest first. */
	function waitedFor(from: number, tasks: readonly number[]): readonly Behind[] {
		const open = new Map<number, Uint8Array>();
		markOpen(from, tasks, open);
		const found: Behind[] = [];
		for (const at of [...plan.places].reverse()) {
			const wanted = open.get(at);
			if (wanted === undefined) continue;
			const explained = explain(at);
			for (const group of explained.groups({ wanted })) {
				if (group.state === State.waiting) markOpen(at, group.tasks, open);
				else found.push(...told(at, group, explained, 'to-run'));
			}
		}
		return [...found, ...twinsOf(open)];
	}

	/** A task that waits for another one with the same key is not run itself: the one that is may be of any rule. */
	function twinsOf(open: ReadonlyMap<number, Uint8Array>): readonly Behind[] {
		const keys = new Set<string>();
		for (const [at, wanted] of open) {
			const { table } = present(at);
			for (let row = 0; row < table.size; row++)
				if (wanted[row] === 1 && stateOf(table, row) === State.keyable) keys.add(hex(keyOf(table, row)));
		}
		if (keys.size === 0) return [];
		return plan.schedule.lanes.flatMap(({ place: at, table }) => {
			const isTwin = (row: number) => stateOf(table, row) === State.ready && keys.has(hex(keyOf(table, row)));
			const wanted = Uint8Array.from({ length: table.size }, (_, row) => (isTwin(row) ? 1 : 0));
			const explained = explain(at);
			return explained.groups({ wanted }).flatMap((group) => told(at, group, explained, 'to-run'));
		});
	}

	function markOpen(at: number, tasks: readonly number[], open: Map<number, Uint8Array>): void {
		for (const { link, table } of present(at).maker.inputs) {
			const marks = open.get(link.upstream) ?? new Uint8Array(table.size);
			open.set(link.upstream, marks);
			for (const task of tasks)
				forEachRow(link, task, table.size, (row) => {
					if (!isDone(stateOf(table, row))) marks[row] = 1;
				});
		}
	}

	/** The tasks whose results are others than those that were taken then. */
	function differing(
		at: number,
		tasks: readonly number[],
		causes: readonly Cause[],
		explained: Explained,
	): readonly Behind[] {
		return scan.inputsOf(at).flatMap(({ name, place: upstream }) => {
			const names = [name, scan.nameOf(upstream)];
			const cause = causes.find((one) => (one.kind === 'input' || one.kind === 'rows') && names.includes(one.name));
			const marks = cause && explained.taken(name, tasks);
			const wanted = marks && (otherRows(marks) ?? (cause.kind === 'input' ? explained.rerun(name, tasks) : undefined));
			const then = explained.before?.inputRule(name);
			return wanted === undefined || then === undefined ? [] : comparedWith(then, upstream, wanted);
		});
	}

	function comparedWith(then: RememberedRule, at: number, wanted: Uint8Array): readonly Behind[] {
		const explained = explain(at, then);
		return explained.groups({ wanted, areDone: true }).flatMap((group) => told(at, group, explained, 'differs'));
	}

	function told(at: number, group: Group, explained: Explained, state: Behind['state']): readonly Behind[] {
		const name = `${at} ${state} ${group.likeness} ${JSON.stringify(group.causes)}`;
		if (said.has(name)) return [];
		said.add(name);
		const { causes, sets, tasks } = group;
		const common = { rule: scan.nameOf(at), state, tasks: tasks.length, ...(sets === undefined ? {} : { sets }) };
		return [{ ...common, causes, behind: follow(at, group, explained) }];
	}

	return follow(place, of, explain(place));
}
