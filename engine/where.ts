// What is typed after `--where` and as `name=value` words: conditions on single parameters.
// Knows no space and no task: whether a parameter exists is for the caller to say.
import type { Value } from '../rules/index.ts';
import { UserError } from './errors.ts';

/** One of the things that a parameter may be: a value or a range of numbers, ends included. */
type Alternative =
	/** As typed without quotes: the string itself, or the number, boolean or null that it spells. */
	| { readonly kind: 'bare'; readonly text: string; readonly value: Value }
	| { readonly kind: 'quoted'; readonly text: string }
	| { readonly kind: 'range'; readonly from: number; readonly to: number };

/** A condition on one parameter. Several conditions hold together, also of the same name. */
export type Condition = {
	readonly name: string;
	/** As typed, for messages. */
	readonly text: string;
} & (
	| { readonly kind: 'is' | 'is-not'; readonly any: readonly Alternative[] }
	| { readonly kind: '<' | '<=' | '>' | '>='; readonly bound: number }
);

const namePattern = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/;
const numberPattern = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const partPattern = /^([^=<>!"']*?)\s*(==|!=|<=|>=|=|<|>)\s*(.*)$/s;

/** Reads `name=v, name=a..b, name>v, name!=v, name=v|w`: all must hold. Throws a UserError of kind `usage`. */
export function parseWhere(text: string): readonly Condition[] {
	const parts = splitOutsideQuotes(text, ',');
	if (parts === undefined) throw mistake(text, 'a quotation mark is not closed');
	const written = parts.map((part) => part.trim()).filter((part) => part !== '');
	if (written.length === 0) throw mistake(text, 'there is no condition in it. Write for instance weight=0.4, trial<5');
	return written.map((part) => parsePart(part, text));
}

/** Reads one `name=value` word, as `show` takes it; a comma in it belongs to the value. Throws a UserError of kind `usage`. */
export function parseCondition(word: string): Condition {
	return parsePart(word.trim(), undefined);
}

/** Whether a parameter with this value meets the condition; an absent one (undefined) meets none. */
export function holds(condition: Condition, value: Value | undefined): boolean {
	if (value === undefined) return false;
	switch (condition.kind) {
		case 'is':
			return condition.any.some((alternative) => matches(alternative, value));
		case 'is-not':
			return !condition.any.some((alternative) => matches(alternative, value));
		case '<':
			return typeof value === 'number' && value < condition.bound;
		case '<=':
			return typeof value === 'number' && value <= condition.bound;
		case '>':
			return typeof value === 'number' && value > condition.bound;
		case '>=':
			return typeof value === 'number' && value >= condition.bound;
	}
}

/** The word that names this value again when it is read: strings that could be taken for something else are quoted. */
export function conditionWord(name: string, value: Value): string {
	if (typeof value !== 'string') return `${name}=${value}`;
	const plain = /^[\p{L}_/][\p{L}\p{N}_./:+@%-]*$/u.test(value) && !/^(true|false|null)$|\.\./.test(value);
	return `${name}=${plain ? value : `"${value.replace(/["\\]/g, '\\$&')}"`}`;
}

function matches(alternative: Alternative, value: Value): boolean {
	switch (alternative.kind) {
		case 'bare':
			return value === alternative.value || value === alternative.text;
		case 'quoted':
			return value === alternative.text;
		case 'range':
			return typeof value === 'number' && value >= alternative.from && value <= alternative.to;
	}
}

function parsePart(part: string, whole: string | undefined): Condition {
	const found = partPattern.exec(part);
	const name = found?.[1]?.trim() ?? '';
	const right = found?.[3]?.trim() ?? '';
	const sign = found?.[2] ?? '';
	if (found === null) throw mistake(part, 'it has no =, !=, <, <=, > or >=', whole);
	if (!namePattern.test(name)) throw mistake(part, `${JSON.stringify(name)} is no name of a parameter`, whole);
	if (right === '') throw mistake(part, `there is no value after ${sign}`, whole);
	if (sign === '<' || sign === '<=' || sign === '>' || sign === '>=') {
		if (!numberPattern.test(right)) {
			throw mistake(part, `${sign} compares numbers, and ${JSON.stringify(right)} is none`, whole);
		}
		return { name, text: part, kind: sign, bound: Number(right) };
	}
	const words = splitOutsideQuotes(right, '|');
	if (words === undefined) throw mistake(part, 'a quotation mark is not closed', whole);
	const any = words.map((word) => parseAlternative(word.trim(), part, whole));
	return { name, text: part, kind: sign === '!=' ? 'is-not' : 'is', any };
}

function parseAlternative(word: string, part: string, whole: string | undefined): Alternative {
	if (word === '') throw mistake(part, 'a value is missing beside |', whole);
	const quote = word[0];
	if (quote === '"' || quote === "'") {
		const inner = /^(["'])((?:\\.|(?!\1)[^\\])*)\1$/s.exec(word);
		if (inner === null) throw mistake(part, `something follows the closing quotation mark of ${word}`, whole);
		return { kind: 'quoted', text: (inner[2] ?? '').replace(/\\(["'\\])/g, '$1') };
	}
	if (/\s[A-Za-z_][\w.]*\s*(=|<|>|!=)/.test(word)) {
		throw mistake(
			part,
			'conditions are separated by commas, and a value with a space and a sign in it is quoted',
			whole,
		);
	}
	const range = /^(.*?)\.\.(.*)$/.exec(word);
	if (range !== null) {
		const [from, to] = [range[1]?.trim() ?? '', range[2]?.trim() ?? ''];
		if (numberPattern.test(from) || numberPattern.test(to)) return parseRange(from, to, part, whole);
	}
	return { kind: 'bare', text: word, value: bareValue(word) };
}

function parseRange(from: string, to: string, part: string, whole: string | undefined): Alternative {
	const odd = [from, to].find((end) => !numberPattern.test(end));
	if (odd === '') throw mistake(part, 'a range has a number on both sides of .. (or write >= or <=)', whole);
	if (odd !== undefined) throw mistake(part, `a range is between numbers, and ${JSON.stringify(odd)} is none`, whole);
	if (Number(from) > Number(to)) throw mistake(part, `nothing lies in ${from}..${to}; write ${to}..${from}`, whole);
	return { kind: 'range', from: Number(from), to: Number(to) };
}

function bareValue(word: string): Value {
	if (numberPattern.test(word)) return Number(word);
	if (word === 'true') return true;
	if (word === 'false') return false;
	return word === 'null' ? null : word;
}

/** Undefined: a quotation mark is not closed. A quotation mark opens only where a value may begin. */
function splitOutsideQuotes(text: string, separator: ',' | '|'): readonly string[] | undefined {
	const parts: string[] = [];
	let quote = '';
	let start = 0;
	let valueMayBegin = true;
	for (let at = 0; at < text.length; at++) {
		const character = text[at] ?? '';
		if (quote !== '') {
			if (character === '\\') at++;
			else if (character === quote) quote = '';
		} else if (character === separator) {
			parts.push(text.slice(start, at));
			start = at + 1;
			valueMayBegin = true;
		} else if (valueMayBegin && (character === '"' || character === "'")) {
			quote = character;
			valueMayBegin = false;
		} else if (character.trim() !== '') {
			valueMayBegin = '=|'.includes(character);
		}
	}
	if (quote !== '') return undefined;
	parts.push(text.slice(start));
	return parts;
}

function mistake(part: string, what: string, whole?: string): UserError {
	const context = whole === undefined || whole.trim() === part ? '' : ` (in ${JSON.stringify(whole)})`;
	return new UserError('usage', `The condition ${JSON.stringify(part)}${context} cannot be read: ${what}.`);
}
