// The values of one parameter: numpy's words for generated ones, and `axis` for what is said of them.
// An axis is an array that remembers how it was made. Knows nothing of spaces.

import { suggestion } from './nearest.ts';
import type { Widen } from './params.ts';
import { callSite, type Problem, sentence } from './problem.ts';
import { asValue, type Value, valuesAre, whatIs } from './value.ts';

/** How the values of an axis came about: what a finer axis of the same kind is made from. */
export type Origin =
	| { readonly kind: 'listed' }
	| {
			readonly kind: 'linspace' | 'logspace' | 'geomspace';
			readonly start: number;
			readonly stop: number;
			readonly count: number;
	  }
	| { readonly kind: 'arange'; readonly start: number; readonly stop: number; readonly step: number };

/** What is known of an axis besides its values. */
export interface AxisNotes {
	readonly origin: Origin;
	readonly default: Value | undefined;
	readonly unit: string | undefined;
	readonly label: string | undefined;
	readonly integer: boolean;
	readonly problems: readonly Problem[];
}

/** An array of values that remembers how it was made. */
export interface Axis<T extends Value = Value> extends ReadonlyArray<T> {
	/** How it was made, and its default, unit and label. Not enumerable. */
	readonly axis: AxisNotes;
}

/** What may be said of the values of one parameter. */
export interface AxisOptions<T extends Value = Value> {
	/** A set in which the parameter has this value has the key that it would have without the parameter. */
	readonly default?: (T extends string ? string : T) | undefined;
	/** The unit, for tables and pictures: "Hz". */
	readonly unit?: string | undefined;
	/** The name, for pictures: "firing rate". */
	readonly label?: string | undefined;
	/** Whether only integers make sense between the values. */
	readonly integer?: boolean | undefined;
}

const plain: AxisNotes = {
	origin: { kind: 'listed' },
	default: undefined,
	unit: undefined,
	label: undefined,
	integer: false,
	problems: [],
};

/** `count` values from `start` to `stop`, evenly spaced, both ends included. Source: numpy.linspace. */
export function linspace(start: number, stop: number, count = 50): Axis<number> {
	const origin: Origin = { kind: 'linspace', start, stop, count };
	const wrong = notNumbers({ start, stop }) ?? notCount(count);
	if (wrong !== undefined) return axisOf([], { ...plain, origin, problems: [problem(linspace, wrong)] });
	const noise = smallest(start, stop);
	return axisOf(
		spaced(count, start, stop, (share) => rounded(start + (stop - start) * share, noise)),
		{ ...plain, origin },
	);
}

/** `count` values from 10^`start` to 10^`stop`, evenly spaced in their logarithm. Source: numpy.logspace. */
export function logspace(start: number, stop: number, count = 50): Axis<number> {
	const origin: Origin = { kind: 'logspace', start, stop, count };
	const wrong = notNumbers({ start, stop }) ?? notCount(count);
	if (wrong !== undefined) return axisOf([], { ...plain, origin, problems: [problem(logspace, wrong)] });
	const value = (share: number) => rounded(10 ** (start + (stop - start) * share), 0);
	return axisOf(spaced(count, value(0), value(1), value), { ...plain, origin });
}

/** `count` values from `start` to `stop`, each the same multiple of the one before. Source: numpy.geomspace. */
export function geomspace(start: number, stop: number, count = 50): Axis<number> {
	const origin: Origin = { kind: 'geomspace', start, stop, count };
	const sameSide = Math.sign(start) * Math.sign(stop) > 0;
	const wrong =
		notNumbers({ start, stop }) ??
		notCount(count) ??
		(sameSide ? undefined : `from ${start} to ${stop}: both ends must be above 0, or both below`);
	if (wrong !== undefined) return axisOf([], { ...plain, origin, problems: [problem(geomspace, wrong)] });
	const value = (share: number) => rounded(start * (stop / start) ** share, 0);
	return axisOf(spaced(count, start, stop, value), { ...plain, origin });
}

/** 0, 1, … below `stop`. Source: numpy.arange. */
export function arange(stop: number): Axis<number>;
/** `start`, `start + step`, … as long as they are before `stop`. Source: numpy.arange. */
export function arange(start: number, stop: number, step?: number): Axis<number>;
export function arange(first: number, second?: number, step = 1): Axis<number> {
	const start = second === undefined ? 0 : first;
	const stop = second ?? first;
	const integer = [start, stop, step].every(Number.isInteger);
	const notes: AxisNotes = { ...plain, origin: { kind: 'arange', start, stop, step }, integer };
	const wrong = notNumbers({ start, stop, step }) ?? (step === 0 ? 'step is 0: it would never end' : undefined);
	if (wrong !== undefined) return axisOf([], { ...notes, problems: [problem(arange, wrong)] });
	// `stop` itself is never a value: what the division adds or loses in its last bits does not count.
	const steps = (stop - start) / step;
	const whole = Math.round(steps);
	const blur = (4 * Number.EPSILON * Math.max(Math.abs(start), Math.abs(stop))) / Math.abs(step);
	const count = Math.max(0, Math.abs(steps - whole) <= blur ? whole : Math.ceil(steps));
	const wrongCount = notCount(count);
	if (wrongCount !== undefined) return axisOf([], { ...notes, problems: [problem(arange, wrongCount)] });
	const noise = smallest(start, stop);
	const value = (i: number) => (integer || i === 0 ? start + i * step + 0 : rounded(start + i * step, noise));
	return axisOf(
		Array.from({ length: count }, (_, i) => value(i)),
		notes,
	);
}

/** Values with a default, a unit, a label: `axis([10, 20], {default: 10, unit: "ms"})`. Generated values stay so. */
export function axis<const T extends readonly Value[]>(
	values: T,
	options: AxisOptions<Widen<T[number]>> = {},
): Axis<Widen<T[number]>> {
	const before = notesOf(values);
	const problems = [...before.problems];
	const complain = (message: string) => problems.push(problem(axis, message));
	const listed: readonly Value[] = Array.isArray(values) ? values : [];
	if (listed !== values) complain(`the values are ${whatIs(values)}; give a list: axis([1, 2])`);
	for (const wrong of wrongOptions(options)) complain(wrong);
	const { default: given, unit = before.unit, label = before.label, integer = before.integer } = options ?? {};
	const fallback = given === undefined ? before.default : asValue(given);
	if (given !== undefined && fallback === undefined) complain(`the default is ${whatIs(given)}; ${valuesAre}`);
	const fraction = integer ? listed.find((value) => !Number.isInteger(value)) : undefined;
	if (fraction !== undefined) complain(`an axis of integers has the value ${whatIs(fraction)}`);
	return axisOf(listed, { origin: before.origin, default: fallback, unit, label, integer, problems });
}

const optionNames = ['default', 'unit', 'label', 'integer'];

function wrongOptions(options: unknown): string[] {
	if (typeof options !== 'object' || options === null)
		return [`the options are ${whatIs(options)}; write { default: 10 }`];
	return Object.entries(options).flatMap(([name, given]) => {
		if (!optionNames.includes(name)) return [`there is no option ${name}${suggestion(name, optionNames)}`];
		const wanted = name === 'integer' ? 'boolean' : 'string';
		if (name === 'default' || given === undefined || typeof given === wanted) return [];
		return [`${name} is ${whatIs(given)}; give ${wanted === 'string' ? 'text' : 'true or false'}`];
	});
}

/** What is known of these values besides themselves; of a plain array nothing. */
export function notesOf(values: unknown): AxisNotes {
	return isAxis(values) ? values.axis : plain;
}

function isAxis(values: unknown): values is Axis {
	return Array.isArray(values) && Object.hasOwn(values, 'axis');
}

/** An axis of these values, with these notes. */
export function axisOf<T extends Value>(values: readonly Value[], notes: AxisNotes): Axis<T> {
	const array = Object.defineProperty([...values], 'axis', { value: notes, enumerable: false });
	return Object.freeze(array) as unknown as Axis<T>;
}

// i/(count − 1) is one correctly rounded division: equal fractions give equal shares, so a coarse axis lies in a finer.
function spaced(count: number, start: number, stop: number, value: (share: number) => number): number[] {
	return Array.from({ length: count }, (_, i) => {
		if (i === 0) return start + 0;
		return i === count - 1 ? stop + 0 : value(i / (count - 1));
	});
}

// 15 significant digits, as many as every double has. What is left of a difference that is zero on paper is zero.
function rounded(value: number, noise: number): number {
	return Math.abs(value) < noise ? 0 : Number(value.toPrecision(15)) + 0;
}

function smallest(start: number, stop: number): number {
	return 1e-15 * Math.max(Math.abs(start), Math.abs(stop));
}

function notNumbers(given: Readonly<Record<string, unknown>>): string | undefined {
	for (const [name, value] of Object.entries(given)) {
		if (typeof value !== 'number' || !Number.isFinite(value))
			return `${name} is ${whatIs(value)}; give a finite number`;
	}
	return undefined;
}

/** More values than this are a problem: a dictionary of them would not fit in a JavaScript Map. */
export const mostValues = 10_000_000;

function notCount(count: unknown): string | undefined {
	if (typeof count !== 'number' || !Number.isInteger(count) || count < 0) {
		return `the number of values is ${whatIs(count)}; give a whole number`;
	}
	return count > mostValues ? `${count} values are more than an axis holds (${mostValues})` : undefined;
}

function problem(word: (...args: never[]) => unknown, message: string): Problem {
	return { message: sentence(`${word.name}: ${message}`), stack: callSite(word) };
}
