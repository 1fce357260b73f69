// One task of a program: its folder and its text before it runs, its answer when it has ended.
// What `task.ts` is for functions. Promises only where a large file is read. Knows neither shells nor other bundles.
import { readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ProgramRecipe } from '../../rules/recipe.ts';
import { digestBytes, filesDigest, valueTag } from '../digest.ts';
import type { AnswerExtra, Bundle, RuleSetup } from '../executors/executor.ts';
import type { Failure, OutputFile } from '../outcome.ts';
import { createEncoder } from '../value.ts';
import type { Ended } from './answers.ts';
import { programText, type WordGround } from './command-line.ts';
import { statusFailure } from './exit-status.ts';
import { plainFailure, thrownFailure } from './failure.ts';
import { type Discards, makeTaskFolder, removeFile, taskFolder } from './folders.ts';
import { readLogFile } from './log-file.ts';
import { type Collected, collectOutputs, removeFolder } from './outputs.ts';
import { type Printed, printedLimitMiB, readPrinted } from './printed.ts';
import { fileOf, paramsOf } from './rows.ts';

/** A task that is ready to be run. */
export interface ProgramTask {
	readonly task: number;
	/** What a shell has to run. */
	readonly text: string;
	readonly program: string;
	/** Paths of the declared outputs by name. */
	readonly outputs: ReadonlyMap<string, string>;
	/** Where standard output has to go; undefined: to the log. */
	readonly printed: string | undefined;
	/** Folders of which no path may be in the result. */
	readonly forbidden: readonly string[];
}

/** How a task has ended. */
export interface ProgramEnd {
	readonly seconds: number;
	readonly log: string | undefined;
}

/** The tasks of one bundle. */
export interface ProgramRunner {
	/** Makes the task's folder and its text; a failure where it cannot be run. */
	prepare(task: number): ProgramTask | Failure;
	/** The answer of a task that has ended with this status. */
	ended(task: ProgramTask, status: number, end: ProgramEnd): Ended | Promise<Ended>;
	/** The answer of a task that failed. */
	failed(task: ProgramTask, failure: Failure, end: ProgramEnd): Ended;
	/** Takes back `prepare`: the task was not run. */
	forget(task: ProgramTask): void;
}

/** Where programs run. */
export interface ProgramGround {
	/** The Scanfile's folder. */
	readonly folder: string;
	/** Where programs are looked for. */
	readonly path: string;
	readonly discards: Discards;
}

const quickBytes = 1024 * 1024;
const encoder = createEncoder(valueTag);
const nullTagged = taggedOf(null, []);
const nullDigest = digestBytes(nullTagged);

/** What can run the tasks of a bundle, whose rule has this recipe. */
export function programRunner(
	bundle: Bundle,
	setup: RuleSetup,
	recipe: ProgramRecipe,
	ground: ProgramGround,
): ProgramRunner {
	const folderOf = (task: number): string => join(bundle.workFolder, taskFolder(bundle.id, task));

	function wordGround(task: number, outputs: Map<string, string>, inputFolders: Set<string>): WordGround {
		const params = paramsOf(setup, bundle.tasks, task);
		return {
			valueOf: (name) => (Object.hasOwn(params, name) ? params[name] : undefined),
			outPath(name) {
				const path = join(folderOf(task), name);
				outputs.set(name, path);
				return path;
			},
			filePath({ input, name }) {
				const table = bundle.inputs.find((candidate) => candidate.name === input);
				const missing = (what: string): Failure => ({ kind: 'missing-input', input, file: name, what });
				if (table === undefined) return missing('this rule has no such input');
				try {
					const path = fileOf(table, table.members[table.starts[task]!]!, name);
					inputFolders.add(dirname(path));
					return path;
				} catch (error) {
					return missing(error instanceof Error ? error.message : String(error));
				}
			},
		};
	}

	function cleanUp({ task, outputs, printed }: ProgramTask, how: 'whole' | 'may-run-again' | 'files-stay'): void {
		if (bundle.keepsFolders) return;
		if (printed !== undefined) removeFile(printed);
		if (outputs.size === 0 || how === 'files-stay') return;
		if (how === 'whole') ground.discards.discard(folderOf(task), outputs.values());
		else removeFolder(folderOf(task));
	}

	function failed(task: ProgramTask, failure: Failure, { seconds, log }: ProgramEnd): Ended {
		// What would have been the result may say why there is none.
		const printed = task.printed === undefined ? undefined : readLogFile(task.printed);
		const logged = log === undefined ? printed : `${log}${printed ?? ''}`;
		cleanUp(task, 'may-run-again');
		const extra = logged === undefined ? { failure } : { failure, log: logged };
		return { task: task.task, seconds, tagged: undefined, digest: undefined, extra };
	}

	function conclude(task: ProgramTask, printed: Printed | Failure, collected: Collected, end: ProgramEnd): Ended {
		if ('kind' in printed) return failed(task, printed, end);
		if ('failure' in collected) return failed(task, collected.failure, end);
		if ('what' in printed) return failed(task, unreadable(recipe, printed.what), end);
		let tagged = nullTagged;
		try {
			if (printed.value !== null) tagged = taggedOf(printed.value, task.forbidden);
		} catch (error) {
			return failed(task, plainFailure(error) ?? thrown(error), end);
		}
		const { files } = collected;
		const value = tagged === nullTagged ? nullDigest : digestBytes(tagged);
		cleanUp(task, files.some((file) => file.path !== undefined) ? 'files-stay' : 'whole');
		const digest = files.length === 0 ? value : filesDigest(value, files);
		return { task: task.task, seconds: end.seconds, tagged, digest, extra: extraOf(files, end.log) };
	}

	return {
		prepare(task) {
			const outputs = new Map<string, string>();
			const inputFolders = new Set<string>();
			const made = programText(recipe, wordGround(task, outputs, inputFolders));
			if ('failure' in made) return made.failure;
			const printed = recipe.output === 'nothing' ? undefined : `${folderOf(task)}.out`;
			try {
				if (outputs.size > 0) makeTaskFolder(folderOf(task), outputs);
			} catch (error) {
				return thrown(error);
			}
			return { task, ...made, outputs, printed, forbidden: [bundle.workFolder, ...inputFolders] };
		},
		ended(task, status, end) {
			if (status !== 0) {
				const { program, text } = task;
				const isCommand = recipe.kind === 'command';
				return failed(task, statusFailure(status, { program, isCommand, size: text.length, ...ground }), end);
			}
			try {
				const printed = printedOf(task, recipe);
				const collected = task.outputs.size === 0 ? noFiles : collectOutputs(task.outputs, folderOf(task.task));
				if (!(printed instanceof Promise) && !(collected instanceof Promise))
					return conclude(task, printed, collected, end);
				return Promise.all([printed, collected]).then(
					(both) => conclude(task, ...both, end),
					(error) => failed(task, thrown(error), end),
				);
			} catch (error) {
				return failed(task, thrown(error), end);
			}
		},
		failed,
		forget: (task) => cleanUp(task, 'may-run-again'),
	};
}

const noFiles: Collected = { files: [] };

function printedOf({ printed }: ProgramTask, { output }: ProgramRecipe): Printed | Failure | Promise<Printed> {
	if (printed === undefined || output === 'nothing') return { value: null };
	const size = statSync(printed, { throwIfNoEntry: false })?.size;
	// The shell had made it: whoever has removed it, what was in it is not known.
	if (size === undefined)
		return { kind: 'unreadable-result', wanted: output, what: 'the file that it went to has gone' };
	if (size > printedLimitMiB * 2 ** 20) return { kind: 'too-much-output', limitMiB: printedLimitMiB };
	if (size <= quickBytes) return readPrinted(size === 0 ? new Uint8Array(0) : readFileSync(printed), output);
	return readFile(printed).then((bytes) => readPrinted(bytes, output));
}

function unreadable({ output }: ProgramRecipe, what: string): Failure {
	return { kind: 'unreadable-result', wanted: output === 'text' ? 'text' : 'json', what };
}

function taggedOf(value: unknown, forbidden: readonly string[]): Uint8Array {
	const length = encoder.encode(value, { forbidden });
	return encoder.buffer().slice(0, length);
}

function extraOf(files: readonly OutputFile[], log: string | undefined): AnswerExtra | undefined {
	if (files.length === 0) return log === undefined ? undefined : { log };
	return log === undefined ? { files } : { files, log };
}

function thrown(error: unknown): Failure {
	return thrownFailure(error, () => '');
}
