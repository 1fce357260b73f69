// What a space is before it is laid out: an immutable expression, each node with its own names and problems.
// Knows the shape of spaces; computes no parameter set.
import type { Axis } from './axis.ts';
import type { Column } from './columns.ts';
import type { Problem } from './problem.ts';
import type { Params, Value } from './value.ts';

/** How seeds are made: "independent" from the whole set and the trial, "common" from the trial alone. */
export type SeedMode = 'independent' | 'common';

/** One name of a space, in declared order. */
export interface Heading {
	readonly name: string;
	/** The value at which the name is left out of keys and seeds; undefined: none. */
	readonly default: Value | undefined;
}

interface Shape {
	/** The names, `trial` in them and `seed` not. */
	readonly heading: readonly Heading[];
	readonly seeds: SeedMode | 'none';
	/** The stack of the call that made it. */
	readonly site: string;
	/** What is wrong with this node itself; operands have their own. */
	readonly problems: readonly Problem[];
}

/** A function of one parameter set that the user wrote. Pure: it is asked once for sets that look the same to it. */
export type Ask = (params: Params) => unknown;

/** How a space was written down. */
export type Expression = Shape &
	(
		| { readonly kind: 'grid'; readonly axes: readonly { readonly name: string; readonly values: Axis }[] }
		| {
				readonly kind: 'rows';
				readonly word: 'zip' | 'list';
				readonly size: number;
				readonly columns: readonly Column[];
		  }
		| { readonly kind: 'times'; readonly left: Expression; readonly right: Expression }
		| { readonly kind: 'plus'; readonly left: Expression; readonly right: Expression }
		| { readonly kind: 'where'; readonly of: Expression; readonly ask: Ask }
		| { readonly kind: 'drop'; readonly of: Expression; readonly name: string; readonly ask: Ask }
		| { readonly kind: 'derive'; readonly of: Expression; readonly name: string; readonly ask: Ask }
		| { readonly kind: 'pick'; readonly of: Expression }
		| { readonly kind: 'with'; readonly of: Expression; readonly constants: ReadonlyMap<string, Value> }
		| { readonly kind: 'trials'; readonly of: Expression; readonly count: number }
	);

/** The key under which a space keeps its expression; the same in every copy of scanmake that is loaded. */
export const expression: unique symbol = Symbol.for('scanmake.expression');

/** A space, whatever its parameters. */
export interface AnySpace {
	readonly [expression]: Expression;
}

/** Whether something is a space. */
export function isSpace(thing: unknown): thing is AnySpace {
	return typeof thing === 'object' && thing !== null && Object.hasOwn(thing, expression);
}

/** The names of a space in declared order, `trial` in them and `seed` not, without laying it out. */
export function namesOf(space: AnySpace): readonly string[] {
	return space[expression].heading.map((column) => column.name);
}

/** Everything wrong with how a space was written, operands first. What its functions do is seen by `layoutProblems`. */
export function problemsOf(space: AnySpace): readonly Problem[] {
	const problems: Problem[] = [];
	for (const node of nodesOf(space[expression])) problems.push(...node.problems);
	return problems;
}

/** Every node of an expression once, operands before what is made of them. */
export function nodesOf(root: Expression): readonly Expression[] {
	const found = new Set<Expression>();
	const open = [root];
	for (let node = open.at(-1); node !== undefined; node = open.at(-1)) {
		const before = operandsOf(node).filter((operand) => !found.has(operand));
		open.push(...before.reverse());
		if (before.length > 0) continue;
		found.add(node);
		open.pop();
	}
	return [...found];
}

function operandsOf(node: Expression): readonly Expression[] {
	if ('left' in node) return [node.left, node.right];
	return 'of' in node ? [node.of] : [];
}
