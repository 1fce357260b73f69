// What a user's function gets besides its parameters, and what it may give back. Types only.

/** A typed array. */
export type TypedArray =
	| Int8Array
	| Uint8Array
	| Uint8ClampedArray
	| Int16Array
	| Uint16Array
	| Int32Array
	| Uint32Array
	| Float32Array
	| Float64Array
	| BigInt64Array
	| BigUint64Array;

/**
 * An array of numpy with two dimensions or more, as Python gives it to TypeScript: its elements in row-major order, and
 * how many there are along each dimension. Element (i, j) of two dimensions is `array[i * array.shape[1] + j]`. An array
 * with such a `shape` goes back to Python as what it was.
 */
export type ShapedArray<A extends TypedArray = Float64Array> = A & { readonly shape: readonly number[] };

/** What a result may be: plain data. NaN and infinities are numbers. */
export type PlainData =
	| null
	| boolean
	| number
	| string
	| TypedArray
	| readonly PlainData[]
	| { readonly [name: string]: PlainData };

/** What every function can do besides computing. */
export interface OutputIo {
	/** The path of a file to write; it is kept with the result under this name. */
	out(name: string): string;
	/** Aborts when the task is to stop; for functions that wait. */
	readonly signal: AbortSignal;
	/** Adds a line to the task's log. */
	log(text: string): void;
}

/** What a `generate` or `simulate` function can do; `N` are the names of its inputs. */
export interface Io<N extends string = string> extends OutputIo {
	/** The path of a file that the task of input `input` wrote; not to be changed. */
	in(input: N, name: string): string;
}

/** One member of a group or one line of a table: a task of an upstream rule. */
export interface Row<P = unknown, R = unknown> {
	readonly params: P;
	readonly result: R;
	/** The path of a file that this task wrote; not to be changed. */
	file(name: string): string;
}
