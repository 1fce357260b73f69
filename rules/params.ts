// What the words of a space do to the type of its parameter sets. Types only: nothing of this runs.
import type { Value } from './value.ts';

/** Numbers and booleans widened; strings stay literal. */
export type Widen<T> = T extends number ? number : T extends boolean ? boolean : T;

/** The same type, written as one object. `& unknown` makes the editor show the names in place of the words of this file. */
export type Flat<T> = { [K in keyof T]: T[K] } & unknown;

/** No parameters. */
export type NoParams = Record<never, never>;

/** Of `grid` and `zip`: one value of each name. */
export type Combined<A extends Readonly<Record<string, readonly Value[]>>> = {
	-readonly [K in keyof A]: Widen<A[K][number]>;
} & unknown;

type NamesOfAny<S> = S extends unknown ? keyof S : never;
type ValueOfAny<S, K> = S extends unknown ? (K extends keyof S ? S[K] : undefined) : never;
type NamesMissing<S, K> = S extends unknown
	? K extends keyof S
		? NoParams extends Pick<S, K>
			? K
			: undefined extends S[K]
				? K
				: never
		: K
	: never;
type Sometimes<S, K> = K extends unknown ? NamesMissing<S, K> : never;

/** Of `list`: names that some set lacks are optional. */
export type Listed<S> = Flat<
	{ [K in Exclude<NamesOfAny<S>, Sometimes<S, NamesOfAny<S>>>]: Widen<ValueOfAny<S, K>> } & {
		[K in Sometimes<S, NamesOfAny<S>>]?: Widen<ValueOfAny<S, K>> | undefined;
	}
>;

/** Of `times`: the names of both. */
export type Times<P, Q> = Flat<P & Q>;

/** Satisfied where P and Q share no name; else it asks for a property that says which they share. */
export type Disjoint<P, Q> = [keyof P & keyof Q] extends [never]
	? unknown
	: { readonly 'both sides of .times have the name': keyof P & keyof Q };

type Always<T> = { [K in keyof T]-?: NoParams extends Pick<T, K> ? never : K }[keyof T];
type At<T, K> = K extends keyof T ? T[K] : never;

/** Of `plus`: names that only one side always has are optional. */
export type Plus<P, Q> = Flat<
	{ [K in Always<P> & Always<Q>]: P[K] | Q[K] } & {
		[K in Exclude<keyof P | keyof Q, Always<P> & Always<Q>>]?: At<P, K> | At<Q, K> | undefined;
	}
>;

/** Of `drop`: the name may be absent. */
export type Dropped<P, N> = { [K in keyof P]: K extends N ? P[K] | undefined : P[K] } & unknown;

/** Of `pick`: only these names. */
export type Picked<P, N extends keyof P> = Flat<Pick<P, N>>;

/** Of `with`: constants, in place of names that are there already. */
export type WithConstants<P, C> = Flat<Omit<P, keyof C> & { -readonly [K in keyof C]: Widen<C[K]> }>;

/** Of `derive`: one more name. */
export type Derived<P, N extends string, V> = Flat<Omit<P, N> & { [K in N]: Widen<V> }>;

/** Of `trials`: the number of the trial and its seed. */
export type WithTrials<P> = Flat<P & { trial: number; seed: number }>;
