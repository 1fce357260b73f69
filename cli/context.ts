// What a command gets from outside: where it runs, where it writes, and how an engine is opened.
// Tests hand in their own; only main.ts takes these things from the process.
import type { Writable } from 'node:stream';
import type { Engine, EngineOptions } from '../engine/index.ts';
import type { Clock } from './progress.ts';

/** One of the two streams a command writes to. */
export interface Output {
	readonly stream: Writable;
	/** A person looks at it, at a terminal that can move its cursor. */
	readonly isTerminal: boolean;
	/** Characters in a line, now. */
	columns(): number;
	/** Lines of the screen, now. */
	rows(): number;
}

/** The world as a command sees it. */
export interface Context {
	readonly cwd: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly stdout: Output;
	readonly stderr: Output;
	readonly clock: Clock;
	open(options: EngineOptions): Promise<Engine>;
	/** From now on a Ctrl-C (or SIGTERM, SIGHUP) calls `act` instead of ending the process; returns how to stop that. */
	onInterrupt(act: () => void): () => void;
	/** Ends the process at once. */
	exit(status: number): void;
}
