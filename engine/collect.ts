// What the present Scanfile reaches, so that garbage collection keeps it; work folders that builds kept are removed.
// What the scans of the last month reach, the store knows itself.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { settledPlan } from './look.ts';
import type { OpenedScan } from './opened.ts';
import { forgetDamaged, forgetLost } from './remember.ts';
import type { GcReport } from './report.ts';
import { discard } from './store/discard.ts';
import type { Store } from './store/store.ts';

const keepDays = 30;

/** Removes what neither the present Scanfile nor the scans of the last 30 days reach. */
export async function collectGarbage(scan: OpenedScan, store: Store): Promise<GcReport> {
	const planned = await settledPlan(scan, scan.order, store, scan.order);
	const lanes = planned.schedule.lanes;
	const lost = lanes.filter((lane) => planned.lost.has(lane.place));
	const damaged =
		lanes.reduce((sum, lane) => sum + forgetDamaged(lane, store), 0) +
		lost.reduce((sum, lane) => sum + forgetLost(lane, store), 0);
	const reachable = planned.schedule.lanes.map((lane) => lane.table.keys);
	const collected = await store.collect({ reachable, now: Date.now(), keepDays });
	return { damaged, ...collected, freedBytes: collected.freedBytes + (await removeWorkFolders(store.folder)) };
}

// Who collects holds the store's lock: no build is running in these folders.
async function removeWorkFolders(folder: string): Promise<number> {
	const work = join(folder, 'work');
	if (!existsSync(work)) return 0;
	const freed = await discard(work, () => false);
	rmSync(work, { recursive: true, force: true });
	return freed;
}
