// The rules in an order in which each comes after those it takes inputs from, or the cycle that forbids one.
// Sole user of graphlib; holds rules, never tasks (see DESIGN.md, "graphlib holds rules").
import { alg, Graph } from '@dagrejs/graphlib';
import type { Rule } from '../rules/rule.ts';

export type Order =
	| { readonly kind: 'order'; readonly rules: readonly number[] }
	| { readonly kind: 'cycle'; readonly rules: readonly number[] };

/** Places in `rules`, upstream first; or the places that make a cycle. */
export function orderRules(rules: readonly Rule[]): Order {
	const places = new Map(rules.map((rule, place) => [rule, place]));
	const graph = new Graph();
	for (const [rule, place] of places) {
		graph.setNode(String(place));
		for (const upstream of Object.values(rule.from)) {
			const from = places.get(upstream);
			if (from !== undefined) graph.setEdge(String(from), String(place));
		}
	}
	const knot = alg.findCycles(graph)[0];
	if (knot !== undefined) return { kind: 'cycle', rules: wayAround(graph, knot).map(Number) };
	return { kind: 'order', rules: alg.topsort(graph).map(Number) };
}

// graphlib's cycles are knots, in which several cycles may hang together: one way around, upstream first.
function wayAround(graph: Graph, knot: readonly string[]): string[] {
	const way: string[] = [];
	for (let at = knot[0]; at !== undefined; at = (graph.predecessors(at) ?? []).find((node) => knot.includes(node))) {
		const met = way.indexOf(at);
		if (met !== -1) return way.slice(met).reverse();
		way.push(at);
	}
	return way;
}

/** The wanted rules and all that they need, in the given order. */
export function neededRules(rules: readonly Rule[], order: readonly number[], wanted: Iterable<Rule>): number[] {
	const needed = new Set<Rule>(wanted);
	for (let i = order.length - 1; i >= 0; i--) {
		const rule = rules[order[i] as number] as Rule;
		if (needed.has(rule)) for (const upstream of Object.values(rule.from)) needed.add(upstream);
	}
	return order.filter((place) => needed.has(rules[place] as Rule));
}
