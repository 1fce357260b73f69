// What a worker thread and the engine say to each other. Answers do not travel here but through shared memory.
// Knows nothing of who says it when.

import type { ScanSource } from '../code/evaluate.ts';
import type { Bundle, RuleSetup } from '../executors/executor.ts';

/** What a thread is started with. */
export interface ThreadData {
	readonly source: ScanSource;
	readonly setups: readonly RuleSetup[];
	readonly buffer: SharedArrayBuffer;
}

/** Tasks of one bundle for one thread: those from the ticket's number on, for as long as the ticket gives them. */
export interface PartMessage {
	readonly kind: 'run';
	readonly part: number;
	readonly bundle: Bundle;
	/** One number, the next task: whoever takes it with an atomic exchange has that task, or all from it on. */
	readonly ticket: Int32Array;
}

/** To the thread. */
export type ToThread =
	| PartMessage
	/** Aborts `io.signal` of this task, if it still runs. */
	| { readonly kind: 'abort'; readonly part: number; readonly task: number; readonly reason: 'timeout' | 'stop' };

/** From the thread. */
export type FromThread =
	/** The Scanfile is evaluated. `native` names the thread as the system knows it, where it does. */
	| { readonly kind: 'ready'; readonly native: string | undefined }
	/** The Scanfile cannot be evaluated here. */
	| { readonly kind: 'broken'; readonly message: string }
	/** A segment is to be emptied. */
	| { readonly kind: 'answers' }
	/** Value and extra of the next answer that is marked as coming by message. */
	| { readonly kind: 'large'; readonly value: Uint8Array; readonly extra: Uint8Array }
	/** Nothing more of this part will run here. */
	| { readonly kind: 'ended'; readonly part: number };
