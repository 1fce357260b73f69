// One task: what its function gets, and how what it gives back becomes an answer.
// Synchronous functions never cost a promise. Knows nothing of bundles, messages or shared memory.
import { dirname, join } from 'node:path';
import { digestInto, digestLength, filesDigest, valueTag } from '../digest.ts';
import type { AnswerExtra, Bundle, InputTable, RuleSetup } from '../executors/executor.ts';
import type { Failure, OutputFile } from '../outcome.ts';
import { createEncoder } from '../value.ts';
import type { Ended } from './answers.ts';
import { plainFailure, thrownFailure } from './failure.ts';
import { taskFolder } from './folders.ts';
import { abortIo, type IoGround, makeIo, unknownInput } from './io.ts';
import { collectOutputs, removeFolder } from './outputs.ts';
import { fileOf, paramsOf, resultOf, rowsOf } from './rows.ts';

/** What tasks need of the thread that they run in. */
export interface Ground {
	setupOf(rule: number): RuleSetup;
	runOf(rule: number): (...given: unknown[]) => unknown;
	/** Puts the user's frames of a stack in source positions. */
	frames(stack: string): string;
	clock(): number;
	log(text: string): void;
	/** The running task's log so far; undefined where there is none. */
	logged(): string | undefined;
	/** The running task has asked for its signal. */
	listens(): void;
}

/** Runs the tasks of one bundle, one at a time. */
export interface TaskRunner {
	/** Runs task `task`; `end` is called once, before this returns or before the promise resolves. Nothing where it was stopped. */
	run(task: number, end: (ended: Ended) => void): Promise<void> | undefined;
	/** Aborts the signal of the running task. */
	abort(reason: 'timeout' | 'stop'): void;
}

const encoder = createEncoder(valueTag);

/** What can run the tasks of a bundle. */
export function taskRunner(bundle: Bundle, ground: Ground): TaskRunner {
	const setup = ground.setupOf(bundle.rule);
	const run = ground.runOf(bundle.rule);
	const workFolders = [bundle.workFolder];
	const names = bundle.inputs.map((input) => input.name);
	const isLeaf = setup.kind === 'generate' || setup.kind === 'simulate';
	const ioGround: IoGround = {
		folderOf: (task) => folderOf(bundle, task),
		inputFile,
		log: ground.log,
		listens: ground.listens,
	};
	let own = makeIo(ioGround);
	let startedAt = 0;

	const memberOf = (table: InputTable, task: number): number => table.members[table.starts[task]!]!;

	function inputFile(task: number, input: string, name: string): string {
		if (!isLeaf) throw new Error('io.in is for generate and simulate; here each row has file(name)');
		const table = bundle.inputs.find((candidate) => candidate.name === input);
		if (table === undefined) throw unknownInput(input, names);
		return fileOf(table, memberOf(table, task), name);
	}

	function call(task: number): unknown {
		if (isLeaf) {
			const inputs: Record<string, unknown> = {};
			for (const table of bundle.inputs) inputs[table.name] = resultOf(table, memberOf(table, task));
			return run(paramsOf(setup, bundle.tasks, task), inputs, own.io);
		}
		const { inputFolders } = own;
		const rows = (table: InputTable) =>
			rowsOf(table, ground.setupOf(table.rows.rule), task, (path) => inputFolders.add(dirname(path)));
		if (setup.kind === 'analyze') {
			return run(Object.fromEntries(bundle.inputs.map((table) => [table.name, rows(table)])), own.io);
		}
		const [table] = bundle.inputs;
		return run(table === undefined ? [] : rows(table), paramsOf(setup, bundle.tasks, task), own.io);
	}

	function failed(task: number, failure: Failure, end: (ended: Ended) => void): void {
		if (own.outputs.size > 0 && !bundle.keepsFolders) removeFolder(folderOf(bundle, task));
		if (own.aborted === 'stop') return;
		const timedOut: Failure = { kind: 'timed-out', timeoutSeconds: setup.timeoutSeconds ?? 0 };
		finish(task, undefined, { failure: own.aborted === 'timeout' ? timedOut : failure }, end);
	}

	function threw(task: number, error: unknown, end: (ended: Ended) => void): void {
		failed(task, plainFailure(error) ?? thrownFailure(error, ground.frames), end);
	}

	function finish(
		task: number,
		result: { readonly tagged: Uint8Array; readonly digest: Uint8Array | undefined } | undefined,
		extra: AnswerExtra | undefined,
		end: (ended: Ended) => void,
	): void {
		const log = ground.logged();
		end({
			task,
			seconds: (ground.clock() - startedAt) / 1000,
			tagged: result?.tagged,
			digest: result?.digest,
			extra: log === undefined ? extra : { ...extra, log },
		});
	}

	function returned(task: number, value: unknown, end: (ended: Ended) => void): Promise<void> | undefined {
		let tagged: Uint8Array;
		try {
			// What an aborted function still gives back is not the result of an undisturbed run.
			own.controller?.signal.throwIfAborted();
			const folders = own.inputFolders.size === 0 ? workFolders : [...workFolders, ...own.inputFolders];
			const length = encoder.encode(value, { forbidden: folders });
			tagged = encoder.buffer().subarray(0, length);
		} catch (error) {
			threw(task, error, end);
			return undefined;
		}
		if (own.outputs.size > 0) return withOutputs(task, tagged, end);
		finish(task, { tagged, digest: undefined }, undefined, end);
		return undefined;
	}

	async function withOutputs(task: number, tagged: Uint8Array, end: (ended: Ended) => void): Promise<void> {
		let files: readonly OutputFile[];
		try {
			const collected = await collectOutputs(own.outputs, folderOf(bundle, task));
			if ('failure' in collected) return failed(task, collected.failure, end);
			files = collected.files;
		} catch (error) {
			return threw(task, error, end);
		}
		if (!bundle.keepsFolders && files.every((file) => file.path === undefined)) removeFolder(folderOf(bundle, task));
		const value = new Uint8Array(digestLength);
		digestInto(tagged, value, 0);
		finish(task, { tagged, digest: filesDigest(value, files) }, { files }, end);
	}

	async function awaited(task: number, promise: PromiseLike<unknown>, end: (ended: Ended) => void): Promise<void> {
		let value: unknown;
		try {
			value = await promise;
		} catch (error) {
			return threw(task, error, end);
		}
		await returned(task, value, end);
	}

	return {
		run(task, end) {
			if (own.used || !isLeaf) own = makeIo(ioGround);
			own.task = task;
			startedAt = ground.clock();
			let value: unknown;
			try {
				value = call(task);
			} catch (error) {
				threw(task, error, end);
				return undefined;
			}
			return isThenable(value) ? awaited(task, value, end) : returned(task, value, end);
		},
		abort(reason) {
			abortIo(own, reason);
		},
	};
}

function folderOf(bundle: Bundle, task: number): string {
	return join(bundle.workFolder, taskFolder(bundle.id, task));
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
	return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
