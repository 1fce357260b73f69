// The part of an identity that a bundle's text alone decides, for one function given to one rule.
// Loaded only when it is not remembered. Knows no values: it says which of them must be asked for.

import type { Complaint } from '../errors.ts';
import { changesOf } from './changes.ts';
import { type Functions, functionsOf, type WrittenFunction } from './functions.ts';
import { type Code, type Item, type ItemSource, itemsOf } from './items.ts';
import type { Mention } from './mentions.ts';
import type { CodePosition } from './places.ts';
import { type Part, type Reached, reachReader, type Start, type Surroundings } from './reach.ts';
import { isSelfContained } from './selfcontained.ts';
import { type AnyNode, isFunction, walk } from './syntax.ts';
import { writtenName } from './tokens.ts';
import { reading, type Warning, warningsOf } from './warnings.ts';

/** A top-level name whose value is part of an identity. */
export interface AskedValue {
	/** Its place in the list of values that the bundle hands out. */
	readonly index: number;
	readonly name: string;
	/** What to do where it is no plain data: its own text reads the world, functions that it calls do, or it is not sure. */
	readonly otherwise: 'refuse' | 'warn' | 'ignore';
	readonly what: string;
	readonly file: string | undefined;
	readonly line: number | undefined;
}

/** What a bundle's text says about a function. */
export interface StaticIdentity {
	/** Hexadecimal. */
	readonly digest: string;
	/** Several functions may have this text: they are told apart by their number among those made at this place. */
	readonly place: string | undefined;
	readonly parts: readonly Part[];
	readonly values: readonly AskedValue[];
	/** Environment variables whose value counts: read while the bundle is evaluated, by text that may end up in a function. */
	readonly variables: readonly string[];
	readonly warnings: readonly Warning[];
	readonly problems: readonly Complaint[];
}

export interface Analysis {
	/** Top-level names whose value identities may ask for. */
	readonly valueNames: readonly string[];
	/** The text decides all that the scan says. */
	readonly isSelfContained: boolean;
	/** Undefined: the bundle does not have this function. */
	identify(functionText: string, site: CodePosition | undefined): StaticIdentity | undefined;
}

/** Parses a bundle's body and answers for the functions in it. */
export function analyse(source: ItemSource, map: string, surroundings: Surroundings): Analysis {
	const code = itemsOf(source, map);
	const changes = changesOf(code);
	const functions = functionsOf(code);
	const reach = reachReader(code, changes, surroundings);
	const valueNames = [...changes.impureNames.map(({ name }) => name), ...changes.worldValues];

	function identify(functionText: string, site: CodePosition | undefined): StaticIdentity | undefined {
		const expression = site === undefined ? undefined : functions.runAt(site);
		const candidates = candidatesOf(functions, functionText, expression);
		if (candidates.length === 0) return undefined;
		const isNested = candidates.some((candidate) => candidate.isNested);
		const starts = candidates.map((candidate) => startOf(candidate, isNested));
		const [first] = candidates;
		const outer = first === undefined || expression === undefined || isLocal(code, expression) ? undefined : expression;
		const isLiteral = candidates.some(({ node }) => node === outer);
		if (outer !== undefined && first !== undefined && !isLiteral) {
			starts.unshift({ node: outer, item: itemAt(code, outer) ?? first.item, name: 'run', isCode: false });
		}
		const reached = reach.from(starts);
		const isWhole = isNested || reached.isOpaque;
		const place = candidates.map(({ ordinal }) => ordinal).join(' ');
		return {
			digest: isWhole ? `whole ${reach.wholeText()} ${place} ${reached.digest}` : reached.digest,
			place: isNested ? place : undefined,
			parts: isWhole ? [...reached.parts, ...reach.wholeParts()] : reached.parts,
			values: isWhole ? withAllValues(valuesOf(reached)) : valuesOf(reached),
			variables: isWhole ? variables() : [],
			warnings: warningsIn(starts, reached),
			problems: isLiteral || outer === undefined ? [] : expressionProblems(outer),
		};
	}

	function valuesOf(reached: Reached): AskedValue[] {
		const asked = new Map<number, AskedValue>();
		for (const item of reached.items) {
			const { direct, indirect } = changes.impurityOf(item);
			const [mention] = [...direct, ...indirect];
			if (mention === undefined) continue;
			const changed = reached.names.filter((name) => changes.changing(name).includes(item));
			for (const { name } of [...item.names, ...changed]) {
				const index = valueNames.indexOf(name);
				if (index < 0 || asked.get(index)?.otherwise === 'refuse') continue;
				const place = code.place(item.node);
				const { what } = reading(code, mention);
				asked.set(index, {
					...{ index, name: writtenName(name), what, file: place?.file, line: place?.line },
					otherwise: direct.length > 0 ? 'refuse' : 'warn',
				});
			}
			const world = changes.worldValueOf(item);
			if (world === undefined) continue;
			const index = valueNames.indexOf(world);
			const place = code.place(item.node);
			const { what } = reading(code, mention);
			asked.set(index, { index, name: world, what, file: place?.file, line: place?.line, otherwise: 'warn' });
		}
		return [...asked.values()].sort((a, b) => a.index - b.index);
	}

	/** A function made by a function may hold any value that the bundle has read. */
	function withAllValues(asked: readonly AskedValue[]): AskedValue[] {
		const all = valueNames.map((name, index): AskedValue => {
			const rest = { what: '', file: undefined, line: undefined, otherwise: 'ignore' } as const;
			return { index, name: writtenName(name), ...rest };
		});
		for (const one of asked) all[one.index] = one;
		return all;
	}

	function variables(): string[] {
		const found = code.items.flatMap((item) => {
			const { direct, indirect } = changes.impurityOf(item);
			return [...direct, ...indirect].flatMap((mention) => reading(code, mention).variable ?? []);
		});
		return [...new Set(found)].sort();
	}

	function warningsIn(starts: readonly Start[], reached: Reached): Warning[] {
		const inBodies = (name: string, mentions: readonly Mention[]) => warningsOf(code, name, mentions, 'body');
		const found = [
			...starts.flatMap(({ node, name }) => inBodies(name, changes.mentionsIn(node).later)),
			...reached.items.flatMap((item) => {
				const name = item.names.map((one) => writtenName(one.name)).join(', ') || 'A statement';
				const { direct } = changes.impurityOf(item);
				return [...inBodies(name, changes.laterMentions(item)), ...warningsOf(code, name, direct, 'top')];
			}),
		];
		return [...new Map(found.map((warning) => [JSON.stringify(warning), warning])).values()];
	}

	function expressionProblems(expression: AnyNode): Complaint[] {
		const [mention] = changes.mentionsIn(expression).now.filter(({ kind }) => kind !== 'module');
		if (mention === undefined) return [];
		const place = code.place(mention.node);
		const { what } = reading(code, mention);
		const message = `run is chosen by ${what}, whose value scanmake cannot see. Choose inside the function, and name what it reads in uses or env.`;
		return [{ message, file: place?.file, line: place?.line }];
	}

	return { valueNames, isSelfContained: isSelfContained(code, source), identify };
}

function candidatesOf(functions: Functions, text: string, expression: AnyNode | undefined): readonly WrittenFunction[] {
	const all = functions.withText(text);
	const literal = expression !== undefined && isFunction(expression) ? functions.isWritten(expression) : undefined;
	return literal !== undefined && all.includes(literal) ? [literal] : all;
}

/** Where the walk begins: a function of its own, by its name where it has one; a nested one with all around it. */
function startOf(candidate: WrittenFunction, isNested: boolean): Start {
	const { item, whole } = candidate;
	const node = isNested || isDeclared(item, whole) ? item.node : whole;
	const name = item.names.length === 1 && node === item.node ? writtenName(item.names[0]?.name ?? '') : 'run';
	return { node, item, name, isCode: true };
}

function isDeclared(item: Item, node: AnyNode): boolean {
	return item.node === node || (item.node.type === 'VariableDeclarator' && item.node.init === node);
}

function itemAt(code: Code, node: AnyNode): Item | undefined {
	return code.items.find((item) => item.node.start <= node.start && node.end <= item.node.end);
}

/** Whether an expression names something that a function or block around it declares. */
function isLocal(code: Code, expression: AnyNode): boolean {
	let found = false;
	walk(expression, (node) => {
		const binding = node.type === 'Identifier' ? code.scopes.bindingOf(node) : undefined;
		if (binding && !binding.isTop && (binding.at < expression.start || binding.at >= expression.end)) found = true;
		return !found;
	});
	return found;
}
