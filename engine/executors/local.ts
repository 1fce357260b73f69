// Runs bundles on this machine: functions in threads, programs by shells, Python functions by interpreters; all share the machine's cores and memory.
// Knows nothing of keys, the store or the schedule, nor how its workers do it.
import type { ScanSource } from '../code/evaluate.ts';
import { machineMemoryMiB } from '../machine.ts';
import type { Bundle, Executor, ExecutorEvents, RuleSetup } from './executor.ts';
import type { Pool } from './pool.ts';
import { targetOf } from './python-kinds.ts';
import { pythonPool } from './pythons.ts';
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
	/** Where bundles will have their folders; undefined: it is not known before they come. */
	readonly workFolder?: string | undefined;
	readonly events: ExecutorEvents;
	/** What a thread may have where no rule asks for more; where nothing is said, its share of the machine. */
	readonly memoryMiB?: number | undefined;
}

// A second bundle waits at each worker, so that none idles.
const bundlesPerSlot = 2;

/** An executor of this machine's cores. */
export function localExecutor(options: LocalOptions): Executor {
	const { setups, slots, folder, events } = options;
	const inPython = new Set(setups.filter((setup) => targetOf(setup) !== undefined).map(({ rule }) => rule));
	const others = setups.filter(({ rule }) => !inPython.has(rule));
	const programs = new Set(others.filter(({ recipe }) => recipe !== 'function').map(({ rule }) => rule));
	const shared = {
		slots,
		events,
		room: room({ cores: slots, memoryMiB: machineMemoryMiB() }, () => {
			for (const pool of pools) pool.place();
		}),
	};
	const threads = threadPool({ ...options, ...shared, firstWorker: 0 });
	const shells = shellPool({ ...shared, setups, folder, firstWorker: slots });
	const { workFolder } = options;
	const pythons = pythonPool({ ...shared, setups, folder, workFolder, firstWorker: 2 * slots });
	const pools: readonly Pool[] = [threads, shells, pythons];
	let isOpen = true;

	const poolOf = (bundle: Bundle): Pool =>
		programs.has(bundle.rule) ? shells : inPython.has(bundle.rule) ? pythons : threads;

	return {
		name: 'local',
		slots,
		wants() {
			const open = pools.reduce((sum, pool) => sum + pool.openCount(), 0);
			return isOpen ? Math.max(0, bundlesPerSlot * slots - open) : 0;
		},
		send: (bundle) => poolOf(bundle).send(bundle),
		hold(isHeld) {
			for (const pool of pools) pool.hold?.(isHeld);
		},
		warmUp(tasks) {
			if (programs.size > 0) shells.warmUp(tasks);
			if (inPython.size > 0) pythons.warmUp(tasks);
			if (programs.size < others.length) threads.warmUp(tasks);
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
