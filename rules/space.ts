// Parameter spaces: the words that a Scanfile makes them with, and their types. A space is an immutable expression;
// nothing is computed before it is asked for. Mistakes are kept in the expression as problems, never thrown.
import { type Ask, type Expression, expression, type SeedMode } from './expression.ts';
import { layoutOf } from './layout.ts';
import { ask, pick, plus, times, trials, withConstants } from './operations.ts';
import type { Derived, Disjoint, Dropped, Picked, Plus, Times, WithConstants, WithTrials } from './params.ts';
import { callSite } from './problem.ts';
import { pointAt } from './rows.ts';
import type { Params, Value } from './value.ts';

export type { Column } from './columns.ts';
export { type AnySpace, isSpace, namesOf, problemsOf, type SeedMode } from './expression.ts';
export { layoutOf, layoutProblems } from './layout.ts';
export { canonicalWriter, describeRow, type Layout, pointAt, seedAt, seedsOf } from './rows.ts';
export type { Params, Value } from './value.ts';

/** An ordered list of distinct parameter sets. */
export interface ParameterSets<P> {
	readonly [expression]: Expression;
	/** How many sets. */
	readonly size: number;
	/** One set, counted from 0. Throws a RangeError where there is none. */
	point(index: number): P;
	/** All sets, one at a time, in order. */
	points(): IterableIterator<P>;
}

/** A parameter space before `.trials`. */
export interface Space<P> extends ParameterSets<P> {
	readonly [expression]: Expression & { readonly seeds: 'none' };
	/** Every combination of the two; the other's sets vary fastest. A shared name is an error. */
	times<Q>(other: Space<Q> & Disjoint<P, Q>): Space<Times<P, Q>>;
	/** These sets and then the other's; a set that is in both occurs once. */
	plus<Q>(other: Space<Q>): Space<Plus<P, Q>>;
	/** Only the sets for which it holds. `predicate` must depend on the set alone: sets that look the same to it share one call. */
	where(predicate: (params: P) => boolean): Space<P>;
	/** Where it holds the name is absent; the sets that then coincide become one. As for `where`, `predicate` must be pure. */
	drop<N extends keyof P & string>(name: N, predicate: (params: P) => boolean): Space<Dropped<P, N>>;
	/** Only these names, in this order; coinciding sets become one. */
	pick<N extends keyof P & string>(...names: readonly N[]): Space<Picked<P, N>>;
	/** The same constants in every set. */
	with<const C extends Readonly<Record<string, Value>>>(constants: C): Space<WithConstants<P, C>>;
	/** One more name, with a value computed from the others by a pure function. */
	derive<N extends string, V extends Value>(name: N, compute: (params: P) => V): Space<Derived<P, N, V>>;
	/** Each set `count` times, with `trial` 0 … count − 1 (varying fastest) and a `seed`. Comes last. */
	trials<M extends SeedMode = 'independent'>(
		count: number,
		options?: { readonly seed?: M | undefined },
	): Trials<WithTrials<P>, M>;
}

/** A parameter space with trials: finished. */
export interface Trials<P, M extends SeedMode = SeedMode> extends ParameterSets<P> {
	readonly [expression]: Expression & { readonly seeds: M };
	/** These sets and then the other's, whose seeds are made in the same way; a set that is in both occurs once. */
	plus<Q>(other: Trials<Q, M>): Trials<Plus<P, Q>, M>;
}

/** The space of an expression. */
export function spaceOf<P>(node: Expression): Space<P>;
export function spaceOf(node: Expression): object {
	const space = {
		[expression]: node,
		get size(): number {
			return layoutOf(space).size;
		},
		point(index: number): Params {
			const layout = layoutOf(space);
			if (Number.isInteger(index) && index >= 0 && index < layout.size) return pointAt(layout, index);
			throw new RangeError(`point(${index}): the space has ${layout.size} parameter sets, counted from 0`);
		},
		*points(): IterableIterator<Params> {
			const layout = layoutOf(space);
			for (let row = 0; row < layout.size; row++) yield pointAt(layout, row);
		},
		times: (other: unknown): object => spaceOf(times(node, other, callSite(space.times))),
		plus: (other: unknown): object => spaceOf(plus(node, other, callSite(space.plus))),
		where: (predicate: Ask): object =>
			spaceOf(ask('where', node, { name: '', ask: predicate, site: callSite(space.where) })),
		drop: (name: string, predicate: Ask): object =>
			spaceOf(ask('drop', node, { name, ask: predicate, site: callSite(space.drop) })),
		derive: (name: string, compute: Ask): object =>
			spaceOf(ask('derive', node, { name, ask: compute, site: callSite(space.derive) })),
		pick: (...names: readonly string[]): object => spaceOf(pick(node, names, callSite(space.pick))),
		with: (constants: unknown): object => spaceOf(withConstants(node, constants, callSite(space.with))),
		trials: (count: unknown, options: unknown): object => spaceOf(trials(node, count, options, callSite(space.trials))),
	};
	return space;
}
