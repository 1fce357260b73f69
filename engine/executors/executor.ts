// The contract between the loop and whatever runs tasks: bundles go out, answers come back.
// A bundle is plain data that can be posted to a thread, written to a pipe or put in a file.
// Knows nothing of keys, the store or the schedule.

import type { Value } from '../../rules/index.ts';
import type { ProgramRecipe } from '../../rules/recipe.ts';
import type { Failure, OutputFile } from '../outcome.ts';

/** A Python function as a worker has to know it. */
export interface PythonTarget {
	readonly kind: 'python';
	/** Full path of the interpreter to start; or a sentence on why there is none, with which a build ends. */
	readonly interpreter: string | { readonly problem: string };
	/** In front of `sys.path`: the folder where the module is found by its name, then the Scanfile's folder if that is another. */
	readonly path: readonly string[];
	/** The name under which it is imported: `model`, `package.model`. */
	readonly module: string;
	/** Full path of the module's file. */
	readonly file: string;
	/** The function. */
	readonly name: string;
	/**
	 * Every source file of the project that the identity was made with, by full path, and the SHA-256 of its bytes
	 * (hexadecimal): what is imported is exactly these bytes, also where a file was edited since.
	 */
	readonly sources: readonly PythonSource[];
	/** Compiled modules of the project, as the identity was made with them: imported from the disk. None where it is missing. */
	readonly extensions?: readonly PythonSource[] | undefined;
	/** Full paths of what else it may import: the files of the rule's `uses`, which are guarded with those of all rules. */
	readonly used?: readonly string[] | undefined;
}

/** A file by full path, and the SHA-256 of its bytes (hexadecimal). */
export interface PythonSource {
	readonly path: string;
	readonly digest: string;
}

/** What a worker must know of a rule before it can run the rule's tasks or read its rows. */
export interface RuleSetup {
	/** The rule's place in the scan's list of rules. */
	readonly rule: number;
	readonly kind: 'generate' | 'simulate' | 'aggregate' | 'analyze';
	readonly columns: readonly { readonly name: string; readonly values: readonly Value[] }[];
	readonly seeded: boolean;
	/** What runs it: `function` stands for the function that the evaluated Scanfile has at this place. */
	readonly recipe: 'function' | ProgramRecipe | PythonTarget;
	/** Seconds a task may take; undefined: as long as it wants. */
	readonly timeoutSeconds: number | undefined;
	/** Memory that a task may need; undefined: what the executor allows anyway. */
	readonly memoryMiB?: number | undefined;
	/** Cores that a task takes; undefined: one. */
	readonly cores?: number | undefined;
	/** Variables of the environment that are in the rule's keys; undefined: none. */
	readonly env?: readonly string[] | undefined;
}

/** Some rows of a rule's task table, as columns: what makes their parameters. */
export interface RowSet {
	readonly rule: number;
	/** rows × columns, row-major: 0 is absent, k is `values[k - 1]`. */
	readonly codes: Uint32Array;
	/** One a row; empty where the rule has no seeds. */
	readonly seeds: Uint32Array;
	readonly size: number;
}

/** The results of one `from` name that a bundle's tasks need, each once. */
export interface InputTable {
	readonly name: string;
	readonly rows: RowSet;
	/** Row i's encoded result is bytes[offsets[i] … offsets[i + 1]]. */
	readonly offsets: Float64Array;
	/** On shared memory it is not copied into the thread. */
	readonly bytes: Uint8Array;
	/** Files of row i, where any row has files: paths of read-only copies. */
	readonly files: ReadonlyMap<number, readonly { readonly name: string; readonly path: string }[]>;
	/** Task t of the bundle takes rows members[starts[t] … starts[t + 1]] of this table, in this order. */
	readonly starts: Uint32Array;
	readonly members: Uint32Array;
}

/** Tasks of one rule, sent together. */
export interface Bundle {
	readonly id: number;
	readonly rule: number;
	/** The tasks' own parameters; task t is row t. */
	readonly tasks: RowSet;
	/** An aggregate has one, an analyze one a name, a generate or simulate one a name with one member a task. */
	readonly inputs: readonly InputTable[];
	/** The folder under which tasks get their own work folders. */
	readonly workFolder: string;
	/** Work folders of tasks stay when these have ended. */
	readonly keepsFolders: boolean;
}

/** What is known of one ended task besides its value. */
export interface AnswerExtra {
	readonly failure?: Failure | undefined;
	readonly files?: readonly OutputFile[] | undefined;
	readonly log?: string | undefined;
	/** SHA-256 of the encoded value's bytes alone, where a worker has it already: a large value is kept under it. */
	readonly bytesDigest?: Uint8Array | undefined;
	/** Where a worker has written a large encoded value itself, with its `bytesDigest`: the answer has no bytes then. */
	readonly valueFile?: ValueFile | undefined;
}

/** An encoded value in a file of its own in the bundle's work folder; whoever records it may move the file. */
export interface ValueFile {
	readonly path: string;
	/** In bytes: one of another size is not what was written. */
	readonly size: number;
}

/** Some ended tasks of one bundle, as columns. */
export interface Answers {
	readonly bundle: number;
	/** Which worker of the executor ran them, one after the other: 0 … slots − 1. */
	readonly worker: number;
	readonly size: number;
	/** Which tasks of the bundle. */
	readonly tasks: Uint32Array;
	readonly seconds: Float32Array;
	/** 32 bytes a task: digest of the result (zeros where it failed). */
	readonly digests: Uint8Array;
	/** Encoded value of answer i: bytes[offsets[i] … offsets[i + 1]]; nothing where it failed. */
	readonly offsets: Uint32Array;
	readonly bytes: Uint8Array;
	/** By index of the answer; most have none. A failed task always has its `failure` here. */
	readonly extras: ReadonlyMap<number, AnswerExtra>;
}

/** What an executor tells the loop. */
export interface ExecutorEvents {
	/** Tasks ended. */
	answered(answers: Answers): void;
	/** A bundle is over (once a bundle, after its last answers); the tasks of it that were never answered were not run and may be sent again. */
	finished(bundle: number): void;
	/** A worker could not be ended and was abandoned: a sentence for the user that names what it ran. */
	abandoned(what: string): void;
	/** The executor cannot go on at all. */
	broken(message: string): void;
}

/** Something that runs bundles. */
export interface Executor {
	readonly name: string;
	/** How many tasks it runs side by side. */
	readonly slots: number;
	/** How many more bundles it wants now (a second one waits at each worker, so that none idles). */
	wants(): number;
	send(bundle: Bundle): void;
	/** While results are held up, no more are taken from workers that can wait. Where it is missing, they come as they do. */
	hold?(isHeld: boolean): void;
	/** Bundles will come, with at most so many tasks in all: gets ready what takes time. */
	warmUp(tasks: number): void;
	/** Starts no more tasks: what runs may end, what waits is given back. */
	drain(): void;
	/** Stops what runs; resolves when nothing runs any more. What was answered before is kept. */
	close(): Promise<void>;
}
