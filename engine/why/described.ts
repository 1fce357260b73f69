// Which parameter sets of a rule are meant, in few words: the conditions that hold for them and for no others, as they can
// be typed, or the first ones. Looks at codes alone; knows no task.
import type { Value } from '../../rules/index.ts';
import type { Column, Layout } from '../../rules/space.ts';
import { conditionWord } from '../where.ts';
import { parameterWords } from '../words.ts';
import type { Sets } from './cause.ts';

const mostValues = 4;
const mostExamples = 3;

/** The rows that are marked with 1, told apart from the others of `among` (all rows where nothing is said). */
export function describedSets(layout: Layout, marked: Uint8Array, among?: Uint8Array): Sets {
	let [count, all] = [0, 0];
	for (let row = 0; row < layout.size; row++) {
		count += marked[row]!;
		if (among === undefined || among[row] === 1 || marked[row] === 1) all++;
	}
	const isAll = count === all;
	if (count > 1 && isAll) return { count, isAll };
	const where = count === 1 ? undefined : conditionsOf(layout, marked, among, count);
	return where === undefined ? { count, isAll, examples: examplesOf(layout, marked) } : { count, isAll, where };
}

/** A condition on one column: by code, whether its rows may be meant. */
interface Restriction {
	readonly codes: Column['codes'];
	readonly allowed: Uint8Array;
	readonly word: string;
}

function conditionsOf(
	layout: Layout,
	marked: Uint8Array,
	among: Uint8Array | undefined,
	count: number,
): readonly string[] | undefined {
	const restrictions = layout.columns.flatMap((column) => restriction(column, marked, among));
	const holdsFor = (some: readonly Restriction[]): boolean => {
		let found = 0;
		for (let row = 0; row < layout.size; row++) {
			if (among !== undefined && among[row] === 0 && marked[row] === 0) continue;
			if (some.every(({ codes, allowed }) => allowed[codes[row]!] === 1)) found++;
		}
		return found === count;
	};
	const alone = restrictions.find((one) => holdsFor([one]));
	if (alone !== undefined) return [alone.word];
	if (restrictions.length < 2 || !holdsFor(restrictions)) return undefined;
	// one that the others imply says nothing
	let needed = restrictions;
	for (const one of restrictions) {
		const others = needed.filter((other) => other !== one);
		if (others.length > 0 && holdsFor(others)) needed = others;
	}
	return needed.map(({ word }) => word);
}

/** Nothing where all values occur, where there are too many to be named, or where the parameter may be absent. */
function restriction(
	{ name, values, codes }: Column,
	marked: Uint8Array,
	among: Uint8Array | undefined,
): readonly Restriction[] {
	const [allowed, used] = [new Uint8Array(values.length + 1), new Uint8Array(values.length + 1)];
	for (let row = 0; row < codes.length; row++) {
		if (marked[row] === 1) allowed[codes[row]!] = 1;
		if (among === undefined || among[row] === 1 || marked[row] === 1) used[codes[row]!] = 1;
	}
	if (allowed[0] === 1 || allowed.every((is, code) => is === used[code])) return [];
	const valuesOf = (flags: Uint8Array) => values.filter((_, at) => flags[at + 1] === 1);
	const word = wordFor(name, valuesOf(allowed), valuesOf(used));
	return word === undefined ? [] : [{ codes, allowed, word }];
}

/** `weight=0.4`, `weight=0.4|0.8`, `trial=3..9`. */
function wordFor(name: string, meant: readonly Value[], all: readonly Value[]): string | undefined {
	const [first] = meant;
	if (first === undefined) return undefined;
	const numbers = meant.filter((value) => typeof value === 'number');
	if (meant.length > 2 && numbers.length === meant.length) {
		const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
		const between = all.filter((value) => typeof value === 'number' && value >= low && value <= high);
		if (between.length === meant.length) return `${name}=${low}..${high}`;
	}
	if (meant.length > mostValues) return undefined;
	const words = meant.map((value) => conditionWord(name, value).slice(name.length + 1));
	return `${name}=${words.join('|')}`;
}

function examplesOf(layout: Layout, marked: Uint8Array): readonly string[] {
	const examples: string[] = [];
	for (let row = 0; row < layout.size && examples.length < mostExamples; row++)
		if (marked[row] === 1) examples.push(parameterWords(layout, row));
	return examples;
}
