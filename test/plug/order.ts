// What a test asks of preload.ts. Knows neither the tests nor what the command does.

/** Where at an operation the plug is pulled; `within`: while lmdb commits, so many microseconds after it began. */
export type Phase = 'before' | 'half' | 'after' | 'within';

/** What is to go wrong in one run of the command. */
export interface Order {
	/** Where the command finds lmdb: its package is wrapped. */
	readonly lmdb?: string;
	/** At the `count`-th operation with this label (`rename work`, `lmdb transaction`), or before the first `atLatest`. */
	readonly plug?: {
		readonly label: string;
		readonly count: number;
		readonly phase: Phase;
		readonly microseconds?: number;
		readonly atLatest?: string;
	};
	/** Operations with these labels fail with ENOSPC after so many of them. */
	readonly full?: { readonly labels: readonly string[]; readonly after: number };
	/** Milliseconds that the wall clock is off, and by how much more after so many readings. */
	readonly clock?: { readonly offset: number; readonly readings: number; readonly jump: number };
	/** A file that gets the number of operations by label, as JSON. */
	readonly report?: string;
}
