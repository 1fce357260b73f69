// What may run side by side on this machine: the cores and the memory that running tasks take together.
// Knows numbers only, neither tasks nor workers.
import type { RuleSetup } from './executor.ts';

/** What one running task takes. */
export interface Demand {
	readonly cores: number;
	readonly memoryMiB: number;
}

/** Room for running tasks. */
export interface Room {
	/** True: there is room, and it is taken. A task that asks for more than there is at all gets everything, alone. */
	take(demand: Demand): boolean;
	/** Gives back what was taken. */
	free(demand: Demand): void;
}

/** Room for so many cores; `freed` is called, soon and once, after room was given back. */
export function room(all: Demand, freed: () => void): Room {
	let cores = 0;
	let memoryMiB = 0;
	let isTelling = false;
	const cut = (demand: Demand): Demand => ({
		cores: Math.min(demand.cores, all.cores),
		memoryMiB: Math.min(demand.memoryMiB, all.memoryMiB),
	});
	return {
		take(demand) {
			const wanted = cut(demand);
			if (cores + wanted.cores > all.cores || memoryMiB + wanted.memoryMiB > all.memoryMiB) return false;
			cores += wanted.cores;
			memoryMiB += wanted.memoryMiB;
			return true;
		},
		free(demand) {
			const given = cut(demand);
			cores -= given.cores;
			memoryMiB -= given.memoryMiB;
			if (isTelling) return;
			isTelling = true;
			setImmediate(() => {
				isTelling = false;
				freed();
			});
		},
	};
}

/** Whether room for the one is room for the other. */
export function isSameDemand(one: Demand, other: Demand): boolean {
	return one.cores === other.cores && one.memoryMiB === other.memoryMiB;
}

/** What a task of a rule takes: one core, and memory only where the rule says how much. */
export function demandOf({ cores, memoryMiB }: Pick<RuleSetup, 'cores' | 'memoryMiB'>): Demand {
	return { cores: cores ?? 1, memoryMiB: memoryMiB ?? 0 };
}
