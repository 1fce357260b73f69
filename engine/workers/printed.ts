// Standard output of a program → its result: text as it is, or one JSON text, in which NaN, Infinity and -Infinity are
// read as Python prints them. What cannot be read is told with its place. Knows nothing of tasks or files.
import { isUtf8 } from 'node:buffer';

/** A result, or the end of a sentence that says why there is none. */
export type Printed = { readonly value: unknown } | { readonly what: string };

/** The most that is read of a program's standard output. */
export const printedLimitMiB = 256;

const deepest = 1000;
const excerptLength = 30;
const utf8Mark = '\ufeff';

/** Reads standard output as `wanted` says. */
export function readPrinted(bytes: Uint8Array, wanted: 'json' | 'text'): Printed {
	if (!isUtf8(bytes)) return { what: `byte ${firstNoUtf8(bytes) + 1} is not UTF-8` };
	const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
	return wanted === 'text' ? { value: text } : readJson(text);
}

/** Reads one JSON text. */
export function readJson(text: string): Printed {
	const json = text.startsWith(utf8Mark) ? text.slice(1) : text;
	try {
		return { value: JSON.parse(json) };
	} catch {
		return readTolerantly(json);
	}
}

// Python's json.dumps writes these three, which JSON has not.
const constants: readonly (readonly [string, unknown])[] = [
	['null', null],
	['true', true],
	['false', false],
	['NaN', Number.NaN],
	['Infinity', Number.POSITIVE_INFINITY],
	['-Infinity', Number.NEGATIVE_INFINITY],
];

/** As `JSON.parse`, which is faster but knows neither these numbers nor, in words that are promised, the place of a mistake. */
function readTolerantly(json: string): Printed {
	const space = /[ \t\n\r]*/y;
	const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
	let at = 0;
	let mistake: string | undefined;

	function match(pattern: RegExp): string {
		pattern.lastIndex = at;
		const found = pattern.exec(json)?.[0] ?? '';
		at += found.length;
		return found;
	}

	function skipSpace(): void {
		const code = json.charCodeAt(at);
		if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) match(space);
	}

	function fail(wanted: string): undefined {
		mistake ??=
			at >= json.length ? `it ends where ${wanted} should follow` : `${placeOf(json, at)} stands no ${bare(wanted)}`;
		return undefined;
	}

	function take(sign: string): boolean {
		skipSpace();
		if (json[at] !== sign) return false;
		at++;
		return true;
	}

	function readValue(depth: number): unknown {
		skipSpace();
		if (depth > deepest) {
			mistake ??= `it is nested more than ${deepest} levels deep`;
			return undefined;
		}
		if (take('[')) return readArray(depth);
		if (take('{')) return readObject(depth);
		if (json[at] === '"') return readString('the rest of a string');
		for (const [name, value] of constants) {
			if (!json.startsWith(name, at)) continue;
			at += name.length;
			return value;
		}
		const digits = match(number);
		return digits === '' ? fail('a value') : Number(digits);
	}

	function readString(wanted: string): string | undefined {
		let end = at + 1;
		while (end < json.length && json[end] !== '"') end += json[end] === '\\' ? 2 : 1;
		if (end >= json.length) {
			at = json.length;
			return fail(wanted);
		}
		try {
			const text = JSON.parse(json.slice(at, end + 1)) as string;
			at = end + 1;
			return text;
		} catch {
			return fail('a string');
		}
	}

	function readArray(depth: number): unknown {
		const array: unknown[] = [];
		if (take(']')) return array;
		for (;;) {
			array.push(readValue(depth + 1));
			if (mistake !== undefined) return undefined;
			if (take(']')) return array;
			if (!take(',')) return fail('a comma or the end of the array');
		}
	}

	function readObject(depth: number): unknown {
		const object: Record<string, unknown> = {};
		if (take('}')) return object;
		for (;;) {
			skipSpace();
			const name = json[at] === '"' ? readString('the rest of a name') : fail('a name in quotes');
			if (name === undefined) return undefined;
			if (!take(':')) return fail('a colon');
			const value = readValue(depth + 1);
			if (mistake !== undefined) return undefined;
			if (name !== '__proto__') object[name] = value;
			else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
			if (take('}')) return object;
			if (!take(',')) return fail('a comma or the end of the object');
		}
	}

	skipSpace();
	if (at === json.length) return { what: 'it is empty' };
	const value = readValue(0);
	if (mistake !== undefined) return { what: mistake };
	skipSpace();
	if (at < json.length) return { what: `${placeOf(json, at)} something follows the end of the JSON text` };
	return { value };
}

function bare(wanted: string): string {
	return wanted.replace(/^(?:an?|the) /, '');
}

/** `in line 2 (byte 14, “}, 3]”)`. */
function placeOf(text: string, at: number): string {
	const before = text.slice(0, at);
	const line = (before.match(/\n/g)?.length ?? 0) + 1;
	const excerpt = [...text.slice(at, at + excerptLength)].join('').replaceAll(/\s+/g, ' ');
	const more = text.length > at + excerptLength ? '…' : '';
	return `in line ${line} (byte ${Buffer.byteLength(before) + 1}: ${excerpt}${more})`;
}

/** The first byte from which on it is no UTF-8. */
function firstNoUtf8(bytes: Uint8Array): number {
	let [good, bad] = [0, bytes.length];
	// A character that is cut off at its end makes a prefix bad as well.
	while (bad - good > 8) {
		const middle = (good + bad) >> 1;
		const back = [0, 1, 2, 3].find((count) => isUtf8(bytes.subarray(0, middle - count)));
		if (back === undefined) bad = middle;
		else good = middle - back;
	}
	while (good < bytes.length) {
		const width = [1, 2, 3, 4].find((count) => isUtf8(bytes.subarray(good, good + count)));
		if (width === undefined) return good;
		good += width;
	}
	return good;
}
