// What a Scanfile may not do while it is evaluated: write to standard output, or end the process.
// What it prints goes to standard error; in a worker, where it is evaluated again, nowhere.
// Knows nothing of bundles or scans.
import { isMainThread } from 'node:worker_threads';

/** Stacks of the calls of `process.exit`, as they happen; all evaluations under way share them. */
export interface QuietSpell {
	readonly exits: readonly string[];
	end(): void;
}

interface Originals {
	readonly write: typeof process.stdout.write;
	readonly writeError: typeof process.stderr.write;
	readonly exit: typeof process.exit;
	readonly exitCode: typeof process.exitCode;
	readonly stackTraceLimit: number;
}

const deepStacks = 50;
let running = 0;
let originals: Originals | undefined;
const listeners = new Set<string[]>();

/** Begins a spell in which nothing reaches standard output and `process.exit` throws. Several may overlap. */
export function keepQuiet(): QuietSpell {
	if (running === 0) originals = replace();
	running++;
	const exits: string[] = [];
	listeners.add(exits);
	let isOver = false;
	return {
		exits,
		end() {
			if (isOver) return;
			isOver = true;
			listeners.delete(exits);
			running--;
			if (running === 0 && originals !== undefined) restore(originals);
		},
	};
}

function replace(): Originals {
	const before: Originals = {
		write: process.stdout.write,
		writeError: process.stderr.write,
		exit: process.exit,
		exitCode: process.exitCode,
		stackTraceLimit: Error.stackTraceLimit,
	};
	const toError: typeof process.stderr.write = process.stderr.write.bind(process.stderr);
	process.stdout.write = isMainThread ? toError : nowhere;
	if (!isMainThread) process.stderr.write = nowhere;
	process.exit = noExit;
	Error.stackTraceLimit = Math.max(deepStacks, before.stackTraceLimit);
	return before;
}

function restore(before: Originals): void {
	process.stdout.write = before.write;
	process.stderr.write = before.writeError;
	process.exit = before.exit;
	process.exitCode = before.exitCode;
	Error.stackTraceLimit = before.stackTraceLimit;
	originals = undefined;
}

function noExit(): never {
	const error = new Error('process.exit was called');
	for (const exits of listeners) exits.push(error.stack ?? '');
	throw error;
}

function nowhere(_chunk: unknown, encoding?: unknown, done?: unknown): boolean {
	const callback = typeof encoding === 'function' ? encoding : done;
	if (typeof callback === 'function') queueMicrotask(() => callback());
	return true;
}
