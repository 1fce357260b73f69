// How a task ended, as a union. Knows neither how it was run nor what is said of it.

/** Values and files up to this size travel and are kept with the record (bytes). */
export const inlineLimit = 16 * 1024;

/** A failed task: a value, never an exception. */
export type Failure =
	| { readonly kind: 'threw'; readonly message: string; readonly stack: string }
	| { readonly kind: 'timed-out'; readonly timeoutSeconds: number }
	/** A thread that called `process.exit`. */
	| { readonly kind: 'exited'; readonly status: number }
	/** A command or shell line; `signal` where the status is what a shell says of one (128 + its number). */
	| { readonly kind: 'ended'; readonly program: string; readonly status: number; readonly signal?: string | undefined }
	| {
			readonly kind: 'not-started';
			readonly program: string;
			readonly why: 'not-found' | 'not-executable' | 'too-long' | 'no-folder';
	  }
	/** The Python module of the recipe could not be imported. */
	| { readonly kind: 'not-imported'; readonly file: string; readonly message: string }
	| { readonly kind: 'out-of-memory' }
	| { readonly kind: 'crashed'; readonly message: string }
	/** `path` is the place in the result, such as `result.rates[3]`. */
	| { readonly kind: 'not-plain'; readonly path: string; readonly what: string }
	| { readonly kind: 'missing-output'; readonly output: string }
	/** Something is there, but no file of the task's own. */
	| {
			readonly kind: 'bad-output';
			readonly output: string;
			readonly what: 'folder' | 'link-out' | 'special' | 'changing';
	  }
	/** Standard output is not what the recipe says. `what` ends a sentence: “it is empty”, “at byte 12 …”. */
	| { readonly kind: 'unreadable-result'; readonly wanted: 'json' | 'text'; readonly what: string }
	| { readonly kind: 'too-much-output'; readonly limitMiB: number }
	/** A file that the key was made with has another content now: the command changed it, or a person did. */
	| { readonly kind: 'input-changed'; readonly file: string }
	/** A command names a parameter that this set does not have. */
	| { readonly kind: 'missing-parameter'; readonly name: string }
	/** A command names a file that its input does not have; `what` ends a sentence and says which there are. */
	| { readonly kind: 'missing-input'; readonly input: string; readonly file: string; readonly what: string }
	/** A value that no command line can carry: it holds a NUL character. */
	| { readonly kind: 'unusable-parameter'; readonly name: string }
	/** The file that a worker had written the result to was gone, or of another size, before it was kept. */
	| { readonly kind: 'lost-result' }
	| { readonly kind: 'work-path-in-result'; readonly path: string };

/** They come again, however often. */
export const neverRetried: ReadonlySet<Failure['kind']> = new Set<Failure['kind']>(['input-changed', 'not-imported']);

/** A file that a task wrote. Its digest covers its bytes alone. */
export interface OutputFile {
	readonly name: string;
	readonly executable: boolean;
	readonly size: number;
	/** SHA-256 of the bytes. */
	readonly digest: Uint8Array;
	/** The bytes, where there are few (`inlineLimit`). */
	readonly bytes?: Uint8Array | undefined;
	/** Where the file lies in the work folder, where there are many. */
	readonly path?: string | undefined;
}
