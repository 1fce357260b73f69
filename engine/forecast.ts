// What a build would do, per target, and why. Runs nothing and writes nothing.
import { performance } from 'node:perf_hooks';
import { conditionsFor } from './conditions.ts';
import { settleAll } from './look.ts';
import type { OpenedScan } from './opened.ts';
import { plan } from './plan.ts';
import type { PlannedTarget, PlanReport } from './report.ts';
import { standings } from './standing.ts';
import type { Store } from './store/store.ts';
import { explainer } from './why/explain.ts';
import { whyTarget } from './why/why.ts';

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
	const ground = { scan, plan: planned, stands, store };
	const explain = explainer(ground);
	return {
		targets: places.map((place): PlannedTarget => {
			const { name, rule, tasks, reused, left, groups } = whyTarget(explain, place, { isFollowed: false });
			const count = (state: 'to-run' | 'waiting') =>
				groups.reduce((sum, group) => sum + (group.state === state ? group.tasks : 0), 0);
			const [toRun, unknown] = [count('to-run'), count('waiting')];
			return { name, rule, tasks, reused, toRun, unknown, blocked: 0, left, groups };
		}),
		warnings: [...scan.loaded.warnings, ...stands.warnings],
		ok: true,
		seconds: (performance.now() - started) / 1000,
	};
}
