// What a rule depends on besides files: plain data by `value(x)`, with the check that x is plain, and programs by `tool`.
// Knows no encoding and starts no program.
import { whatIs } from './value.ts';

/** Plain data in `uses`: a rule depends on what it holds. */
export interface UsedValue {
	readonly kind: 'value';
	readonly value: unknown;
}

/** Plain data that a rule depends on though its function does not read it: `uses: [value({model: 3})]`. */
export function value(data: unknown): UsedValue {
	return { kind: 'value', value: data };
}

/** A program in `uses`: a rule depends on what it says of itself. */
export interface UsedTool {
	readonly kind: 'tool';
	readonly program: string;
	readonly args: readonly string[];
}

/**
 * A program that the rule depends on, by what it prints when it is started with these arguments: `uses: [tool("nest", "--version")]`.
 * It is started where the scan is planned, in the Scanfile's folder.
 */
export function tool(program: string, ...args: readonly string[]): UsedTool {
	return { kind: 'tool', program, args };
}

/** Where something is no plain data: the path to the first part that is not, and what that is. */
export interface NotPlain {
	/** `a.b[3]`; empty for the thing itself. */
	readonly path: string;
	readonly what: string;
}

/** The first part that is no plain data, or undefined where all is: null, booleans, numbers, strings, lists, objects, typed arrays. */
export function notPlain(thing: unknown, path = '', above: ReadonlySet<object> = new Set()): NotPlain | undefined {
	if (thing === null || typeof thing === 'boolean' || typeof thing === 'number' || typeof thing === 'string')
		return undefined;
	if (typeof thing !== 'object') return { path, what: whatIs(thing) };
	if (ArrayBuffer.isView(thing)) return thing instanceof DataView ? { path, what: whatIs(thing) } : undefined;
	if (above.has(thing)) return { path, what: 'an object that contains itself' };
	const below = new Set(above).add(thing);
	if (Array.isArray(thing)) {
		return firstOf(thing.entries(), ([index, part]) => notPlain(part, `${path}[${index}]`, below));
	}
	const prototype: unknown = Object.getPrototypeOf(thing);
	if (prototype !== null && prototype !== Object.prototype) return { path, what: whatIs(thing) };
	return firstOf(Object.entries(thing), ([name, part]) =>
		notPlain(part, path === '' ? name : `${path}.${name}`, below),
	);
}

function firstOf<T>(parts: Iterable<T>, check: (part: T) => NotPlain | undefined): NotPlain | undefined {
	for (const part of parts) {
		const found = check(part);
		if (found !== undefined) return found;
	}
	return undefined;
}
