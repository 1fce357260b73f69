// What a build would do, per target, with a reason. Runs nothing and writes nothing.
import { performance } from 'node:perf_hooks';
import { conditionsFor } from './conditions.ts';
import { bug } from './errors.ts';
import { settleAll } from './look.ts';
import type { OpenedScan } from './opened.ts';
import { plan } from './plan.ts';
import { recipeFact } from './remember.ts';
import type { PlannedTarget, PlanReason, PlanReport } from './report.ts';
import { standings } from './standing.ts';
import type { Store } from './store/store.ts';
import { countOf, doneCount, keyOf, State, stateOf } from './tasks.ts';

export async function forecast(
	scan: OpenedScan,
	store: Store,
	targets: readonly string[],
	where: string | undefined,
): Promise<PlanReport> {
	const started = performance.now();
	const places = scan.needed(targets);
	const conditions = conditionsFor(scan, places, where);
	const stands = await standings(scan, places, store);
	const planned = plan(scan, places, stands, store, { conditions, rowsOf: [] });
	settleAll(planned);

	const reasonOf = (place: number, toRun: number, unknown: number): PlanReason => {
		if (toRun === 0) return { kind: unknown === 0 ? 'nothing-to-do' : 'inputs-first' };
		const identity = scan.loaded.identities[place];
		const isNew = identity === undefined || store.fact(recipeFact(identity.digest)) === undefined;
		return isNew ? { kind: 'new-code' } : { kind: 'new-sets', failedBefore: failedBefore(place) };
	};
	const failedBefore = (place: number): number => {
		const { table } = planned.laneOf(place) ?? bug('no lane');
		let count = 0;
		for (let task = 0; task < table.size; task++)
			if (stateOf(table, task) === State.ready && store.readFailure(keyOf(table, task)) !== undefined) count++;
		return count;
	};
	return {
		targets: places.map((place): PlannedTarget => {
			const common = { name: scan.nameOf(place), rule: scan.rules[place]?.kind ?? bug('no rule'), blocked: 0 };
			const lane = planned.laneOf(place);
			if (lane === undefined) {
				const tasks = stands.sweepOf(place)?.sweep.tasks ?? 0;
				return { ...common, tasks, reused: tasks, toRun: 0, unknown: 0, left: 0, reason: { kind: 'nothing-to-do' } };
			}
			const { table } = lane;
			const [toRun, unknown] = [countOf(table, State.ready), countOf(table, State.waiting)];
			// keyed tasks that wait for a task with the same key are not run: its result is theirs
			const reused = doneCount(table) + countOf(table, State.keyable);
			const left = countOf(table, State.left);
			return { ...common, tasks: table.size, reused, toRun, unknown, left, reason: reasonOf(place, toRun, unknown) };
		}),
		warnings: scan.loaded.warnings,
		ok: true,
		seconds: (performance.now() - started) / 1000,
	};
}
