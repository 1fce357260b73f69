// How a task ended, as a union. Knows neither how it was run nor what is said of it.

/** Values and files up to this size travel and are kept with the record (bytes). */
export const inlineLimit = 16 * 1024;

/** A failed task: a value, never an exception. */
export type Failure =
	| { readonly kind: 'threw'; readonly message: string; readonly stack: string }
	| { readonly kind: 'timed-out'; readonly timeoutSeconds: number }
	| { readonly kind: 'exited'; readonly status: number }
	| { readonly kind: 'out-of-memory' }
	| { readonly kind: 'crashed'; readonly message: string }
	/** `path` is the place in the result, such as `result.rates[3]`. */
	| { readonly kind: 'not-plain'; readonly path: string; readonly what: string }
	| { readonly kind: 'missing-output'; readonly output: string }
	| { readonly kind: 'work-path-in-result'; readonly path: string };

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
