// Runs bundles on this machine: functions in threads, programs by shells; both share the machine's cores and memory.
// Knows nothing of keys, the store or the schedule, nor how its workers do it.
import type { ScanSource } from '../code/evaluate.ts';
import { machineMemoryMiB } from '../machine.ts';
import type { Bundle, Executor, ExecutorEvents, RuleSetup } from './executor.ts';
import type { Pool } from './pool.ts';
import { room } from './room.ts';
import { shellPool } from './shells.ts';
import { threadPool } from './threads.ts';

/** What the local executor needs. */
export interface LocalOptions {
	readonly source: ScanSource;
	readonly setups: readonly RuleSetup[];
	/** How many tasks of one core run side by side. */
	readonly slots: number;
	/** Where programs run. */
	readonly folder: string;
	readonly events: ExecutorEvents;
	/** What a thread may have where no rule asks for more; where nothing is said, its share of the machine. */
	readonly memoryMiB?: number | undefined;
}

// A second bundle waits at each worker, so that none idles.
const bundlesPerSlot = 2;

/** An executor of this machine's cores. */
export function localExecutor(options: LocalOptions): Executor {
	const { setups, slots, folder, events } = options;
	const programs = new Set(setups.filter((setup) => setup.recipe !== 'function').map((setup) => setup.rule));
	const shared = {
		slots,
		events,
		room: room({ cores: slots, memoryMiB: machineMemoryMiB() }, () => {
			for (const pool of pools) pool.place();
		}),
	};
	const threads = threadPool({ ...options, ...shared, firstWorker: 0 });
	const shells = shellPool({ ...shared, setups, folder, firstWorker: slots });
	const pools: readonly Pool[] = [threads, shells];
	let isOpen = true;

	const poolOf = (bundle: Bundle): Pool => (programs.has(bundle.rule) ? shells : threads);

	return {
		name: 'local',
		slots,
		wants() {
			const open = pools.reduce((sum, pool) => sum + pool.openCount(), 0);
			return isOpen ? Math.max(0, bundlesPerSlot * slots - open) : 0;
		},
		send: (bundle) => poolOf(bundle).send(bundle),
		warmUp() {
			if (programs.size > 0) shells.warmUp();
			if (programs.size < setups.length) threads.warmUp();
		},
		drain() {
			isOpen = false;
			for (const pool of pools) pool.drain();
		},
		async close() {
			isOpen = false;
			await Promise.all(pools.map((pool) => pool.close()));
		},
	};
}
