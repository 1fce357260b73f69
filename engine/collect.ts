// What the present Scanfile reaches, so that garbage collection keeps it.
// What the scans of the last month reach, the store knows itself.
import { settledPlan } from './look.ts';
import type { OpenedScan } from './opened.ts';
import { forgetDamaged } from './remember.ts';
import type { GcReport } from './report.ts';
import type { Store } from './store/store.ts';

const keepDays = 30;

/** Removes what neither the present Scanfile nor the scans of the last 30 days reach. */
export async function collectGarbage(scan: OpenedScan, store: Store): Promise<GcReport> {
	const planned = await settledPlan(scan, scan.order, store, scan.order);
	const damaged = planned.schedule.lanes.reduce((sum, lane) => sum + forgetDamaged(lane, store), 0);
	const reachable = planned.schedule.lanes.map((lane) => lane.table.keys);
	return { damaged, ...(await store.collect({ reachable, now: Date.now(), keepDays })) };
}
