// Looks at the tasks that Python runs: whether one takes too long or holds too much memory, or holds up those behind it.
// Knows neither what they are nor what they give.
import { writeFileSync } from 'node:fs';
import { machineMemoryMiB } from '../machine.ts';
import type { Failure } from '../outcome.ts';
import type { RuleSetup } from './executor.ts';
import { isSlowPython, type OpenPython, type PythonSlot, runningRun, withdraw } from './python-slot.ts';
import { residentMiB } from './resident.ts';
import { skipFile } from './slot.ts';

/** What is watched. */
export interface WatchedPythons {
	readonly slots: readonly PythonSlot[];
	/** A task was not run and waits again. */
	giveBack(open: OpenPython, task: number): void;
	/** Others may run what was given back. */
	place(): void;
}

const slowMilliseconds = 300;

/** A watch over workers; `check` is to be called often, when all that was reported is read. */
export function pythonWatch({ slots, giveBack, place }: WatchedPythons): { check(): void } {
	const shareMiB = machineMemoryMiB() / slots.length;

	function check(): void {
		const now = performance.now();
		for (const slot of slots) {
			const run = runningRun(slot);
			if (run === undefined || slot.python?.isReady() !== true || slot.ending !== undefined) continue;
			const { timeoutSeconds, rule } = run.open.setup;
			const isRunning = slot.python.hasImported(rule);
			if (isRunning && timeoutSeconds !== undefined && now - slot.since >= timeoutSeconds * 1000)
				stop(slot, { kind: 'timed-out', timeoutSeconds });
			else if (isOverMemory(slot, run.open.setup)) {
				// What others have left behind is no fault of this one: it runs again, in a new interpreter.
				const isOwn = slot.experience === 0 || (slot.seen?.memoryMiB ?? 0) < memoryOf(run.open.setup) / 2;
				stop(slot, isOwn ? { kind: 'out-of-memory' } : undefined);
			} else if (slot.ahead > 1 && now - slot.since > slowMilliseconds) relieve(slot);
		}
	}

	function stop(slot: PythonSlot, failure: Failure | undefined): void {
		slot.ending = { at: slot.ended, failure };
		slot.python?.kill();
	}

	function memoryOf({ memoryMiB, cores }: RuleSetup): number {
		return memoryMiB ?? Math.floor(shareMiB * Math.min(slots.length, cores ?? 1));
	}

	function isOverMemory(slot: PythonSlot, setup: RuleSetup): boolean {
		const memoryMiB = residentMiB(slot.python?.pid);
		if (memoryMiB === undefined) return false;
		if (slot.seen?.at !== slot.ended) slot.seen = { at: slot.ended, memoryMiB };
		return memoryMiB > memoryOf(setup);
	}

	/** Takes back what waits behind a task that takes its time: others may run it. */
	function relieve(slot: PythonSlot): void {
		const [run] = slot.runs;
		if (isSlowPython(slot) || run === undefined) return;
		slot.slow = slot.ended;
		for (const { bundle } of new Set(slot.runs.map(({ open }) => open))) writeFileSync(skipFile(slot, bundle), '');
		slot.generation++;
		// Two turns later all is read that was reported before the file was there. Where the task still runs then, the worker
		// will see the file before it begins with anything behind.
		const at = slot.ended;
		setImmediate(() => setImmediate(takeBack, slot, at));
	}

	function takeBack(slot: PythonSlot, at: number): void {
		if (slot.ended !== at || !isSlowPython(slot)) return;
		withdraw(slot, 1, giveBack);
		place();
	}

	return { check };
}
