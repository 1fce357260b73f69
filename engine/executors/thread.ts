// One worker thread from its start to its end, and what its end costs: the running task, nothing else.
// Knows parts (tasks of one bundle that were given to this thread), not which other threads there are.
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type ScanSource, userFrames } from '../code/evaluate.ts';
import type { Failure } from '../outcome.ts';
import { answerReader } from '../workers/answers.ts';
import { thrownFailure } from '../workers/failure.ts';
import { readLog } from '../workers/log.ts';
import type { FromThread, ThreadData, ToThread } from '../workers/messages.ts';
import { clock, shareMemory, word } from '../workers/shared.ts';
import { killChildren } from './children.ts';
import type { AnswerExtra, Answers, Bundle, RuleSetup } from './executor.ts';
import { heapLimitMiB } from './memory.ts';

/** Tasks of one bundle that are with one thread. */
export interface Part {
	readonly id: number;
	readonly bundle: Bundle;
	readonly first: number;
	/** The next task that nobody has taken; all from it on are taken by exchanging it for `allTaken`. */
	readonly ticket: Int32Array;
}

/** What a ticket says when the thread shall take no more tasks from it. */
export const allTaken = 2 ** 30;

/** What a thread is started with. */
export interface ThreadOptions {
	/** Its number among the executor's workers. */
	readonly worker: number;
	readonly source: ScanSource;
	readonly setups: readonly RuleSetup[];
	/** What it is promised. */
	readonly memoryMiB: number;
}

/** What a thread tells. */
export interface ThreadEvents {
	answered(answers: Answers): void;
	/** No more of this part will run here, and all its answers were given. */
	ended(part: Part): void;
	/** The thread is no more; its parts end right after. `caught`: it could not be ended, and what it was seen to run. */
	over(caught: RunningTask | 'unknown' | undefined): void;
	/** The Scanfile cannot be evaluated in threads. */
	broken(message: string): void;
}

/** A worker thread. */
export interface Thread {
	/** Its `threadId`. */
	readonly id: number;
	/** Whether it can be given parts: it has neither ended nor is it being ended. */
	isUsable(): boolean;
	/** The parts that it runs or will run, in order. */
	readonly parts: readonly Part[];
	/** The task that runs, if one does. */
	running(): RunningTask | undefined;
	run(part: Part): void;
	/** Gives the answers that are complete. */
	take(): void;
	abort(task: RunningTask, reason: 'timeout' | 'stop'): void;
	/** Takes a part away that has not begun. */
	forget(part: Part): void;
	/** Ends the thread; the running task fails with `failure`, or is as if it had not been run. Never rejects. */
	end(failed: { readonly task: RunningTask; readonly failure: Failure } | undefined): Promise<void>;
}

/** A task as it stands in shared memory. */
export interface RunningTask {
	readonly part: Part;
	readonly task: number;
	/** By `clock()`. */
	readonly startedAt: number;
	/** It has asked for its signal. */
	readonly listens: boolean;
}

const patienceMilliseconds = 2000;

/** Starts a thread. */
export function startThread(options: ThreadOptions, events: ThreadEvents): Thread {
	const shared = shareMemory();
	shared.control[word.part] = -1;
	shared.control[word.task] = -1;
	const reader = answerReader(shared);
	const parts: Part[] = [];
	let lastAnswered: { part: number; task: number } | undefined;
	let isReady = false;
	let isOver = false;
	let native: string | undefined;
	let uncaught: Error | undefined;
	let ending: Promise<void> | undefined;
	let blamed: { readonly task: RunningTask; readonly failure: Failure } | undefined;

	const worker = new Worker(new URL(`../workers/node${extname(import.meta.url)}`, import.meta.url), {
		workerData: { source: options.source, setups: options.setups, buffer: shared.buffer } satisfies ThreadData,
		resourceLimits: { maxOldGenerationSizeMb: heapLimitMiB(options.memoryMiB) },
		stdout: true,
		stderr: true,
		// That option is for the text of `node --eval` and refuses the file of a thread.
		...(process.execArgv.some((word) => word.startsWith('--input-type')) ? { execArgv: [] } : {}),
	});
	const id = worker.threadId;
	worker.stdout.resume();
	worker.stderr.resume();
	worker.on('message', (message: FromThread) => {
		if (!isOver) receive(message);
	});
	worker.on('error', (error) => {
		uncaught = error instanceof Error ? error : new Error(String(error));
	});
	worker.on('exit', (status) => {
		if (!isOver) exited(status);
	});

	function receive(message: FromThread): void {
		switch (message.kind) {
			case 'ready':
				isReady = true;
				native = message.native;
				return;
			case 'broken':
				isOver = true;
				events.broken(message.message);
				void worker.terminate();
				return;
			case 'large':
				reader.large(message.value, message.extra);
				return;
			case 'answers':
				take();
				return;
			case 'ended': {
				take();
				const part = parts.find((candidate) => candidate.id === message.part);
				if (part !== undefined) drop(part);
				return;
			}
		}
	}

	function drop(part: Part): void {
		parts.splice(parts.indexOf(part), 1);
		events.ended(part);
	}

	function take(): void {
		reader.take((answers) => {
			const part = parts.find((candidate) => candidate.id === answers.bundle);
			if (part === undefined) return;
			lastAnswered = { part: part.id, task: answers.tasks[answers.size - 1] ?? -1 };
			events.answered({ ...answers, bundle: part.bundle.id, worker: options.worker });
		});
	}

	function running(): RunningTask | undefined {
		const task = Atomics.load(shared.control, word.task);
		const id = Atomics.load(shared.control, word.part);
		const startedAt = shared.numbers[0] ?? 0;
		const listens = Atomics.load(shared.control, word.listens) === 1;
		const part = parts.find((candidate) => candidate.id === id);
		const isSame = Atomics.load(shared.control, word.task) === task && Atomics.load(shared.control, word.part) === id;
		return task < 0 || part === undefined || !isSame ? undefined : { part, task, startedAt, listens };
	}

	/** The task that ran when the thread died, without those whose answer was complete by then. */
	function interrupted(): RunningTask | undefined {
		const last = running();
		const isAnswered = last?.part.id === lastAnswered?.part && last?.task === lastAnswered?.task;
		return isAnswered ? undefined : last;
	}

	function failureOf(status: number): Failure {
		if (uncaught === undefined) return { kind: 'exited', status };
		if ((uncaught as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY') return { kind: 'out-of-memory' };
		return thrownFailure(uncaught, (stack) => userFrames(options.source, stack));
	}

	function exited(status: number): void {
		isOver = true;
		take();
		if (!isReady && ending === undefined) {
			const why = uncaught === undefined ? `it called process.exit(${status})` : uncaught.message;
			events.broken(why);
			return;
		}
		const last = interrupted();
		if (ending === undefined) {
			if (last !== undefined) answer(last, failureOf(status));
			else blameNext(status);
		} else if (blamed !== undefined && last?.part === blamed.task.part && last.task === blamed.task.task) {
			answer(last, blamed.failure);
		}
		leave(undefined);
	}

	/** A thread that dies before its first task would do so for ever: then that task fails. */
	function blameNext(status: number): void {
		const part = parts[0];
		if (part === undefined || lastAnswered !== undefined) return;
		const task = Atomics.exchange(part.ticket, 0, allTaken);
		if (task >= part.bundle.tasks.size) return;
		const why = uncaught?.message ?? `process.exit(${status})`;
		const message = `Its thread ended before the task began: ${why}`;
		answer({ part, task, startedAt: clock(), listens: false }, { kind: 'crashed', message });
	}

	function answer({ part, task, startedAt }: RunningTask, failure: Failure): void {
		const log = readLog(shared);
		const extra: AnswerExtra = log === undefined ? { failure } : { failure, log };
		events.answered({
			bundle: part.bundle.id,
			worker: options.worker,
			size: 1,
			tasks: Uint32Array.of(task),
			seconds: Float32Array.of((clock() - startedAt) / 1000),
			digests: new Uint8Array(32),
			offsets: new Uint32Array(2),
			bytes: new Uint8Array(0),
			extras: new Map([[0, extra]]),
		});
	}

	function leave(caught: RunningTask | 'unknown' | undefined): void {
		events.over(caught);
		for (const part of [...parts]) drop(part);
	}

	async function end(failed: typeof blamed): Promise<void> {
		blamed = failed;
		await new Promise<void>((resolve) => {
			const timer = setTimeout(resolve, patienceMilliseconds);
			void worker.terminate().then(() => {
				clearTimeout(timer);
				resolve();
			});
		});
		if (isOver) return;
		isOver = true;
		take();
		const last = interrupted();
		if (last !== undefined && failed !== undefined) answer(last, failed.failure);
		worker.unref();
		leave(last ?? 'unknown');
		killChildren(native);
	}

	return {
		id,
		isUsable: () => !isOver && ending === undefined,
		parts,
		running,
		take,
		run(part) {
			parts.push(part);
			post({ kind: 'run', part: part.id, bundle: part.bundle, ticket: part.ticket });
		},
		abort({ part, task }, reason) {
			post({ kind: 'abort', part: part.id, task, reason });
		},
		forget(part) {
			drop(part);
		},
		end(failed) {
			ending ??= end(failed);
			return ending;
		},
	};

	function post(message: ToThread): void {
		worker.postMessage(message);
	}
}
