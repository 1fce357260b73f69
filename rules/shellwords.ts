// The text of a shell line as a POSIX shell cuts it: words without their quotes, which commands they make, where each is read
// or written, and what each interpolation stands in. Knows quoting, substitutions, redirections and here-documents, not what commands do.
import type { ShellRecipe } from './recipe.ts';

/** A part of a word: literal text, the number of an interpolation, or null for what only the shell knows (`$HOME`, `$(date)`). */
export type WordPart = string | number | null;

/** One word of a shell line. */
export interface ShellWord {
	/** Text stands in one piece where it can. */
	readonly parts: readonly WordPart[];
	/** It is the target of `>`, `>>`, `>|` or `>&`. */
	readonly isWritten: boolean;
}

/** What an interpolation stands in; nothing is as it should be. */
export type HolePlace =
	| 'nothing'
	| "'"
	| '"'
	| 'backquotes'
	| 'here-document'
	| 'comment'
	| 'arithmetic'
	| 'backslash'
	| 'dollar';

/** Words up to where a shell begins the next command, but for what redirections read and write; there may be none. */
export interface ShellCommand {
	readonly words: readonly ShellWord[];
	/** What stands behind: an operator, a parenthesis, a line break; empty at the end. */
	readonly end: string;
}

/** A shell line, cut. */
export interface ShellCut {
	readonly words: readonly ShellWord[];
	/** The commands of the line, and those of each substitution in it: a list each, in their order. */
	readonly lists: readonly (readonly ShellCommand[])[];
	/** One an interpolation. */
	readonly places: readonly HolePlace[];
}

// Longest first.
const operators = ['<<<', '<<-', '<<', '<&', '<>', '<', '>>', '>|', '>&', '>', '&&', '&', '||', '|', ';;', ';'];
const writing = ['>>', '>|', '>&', '>'];

/** Cuts a shell line. What cannot be cut (a quote that is never closed) ends with the line. */
export function cutShell(recipe: ShellRecipe): ShellCut {
	const signs = signsOf(recipe);
	const words: ShellWord[] = [];
	const lists: ShellCommand[][] = [];
	const places: HolePlace[] = recipe.words.map(() => 'nothing');
	let bodies: { readonly delimiter: string; readonly tabs: boolean; readonly isQuoted: boolean }[] = [];
	let at = 0;
	let backquotes = 0;

	const has = (text: string): boolean => {
		for (let i = 0; i < text.length; i++) if (signs[at + i] !== text[i]) return false;
		return true;
	};
	const isEnd = (): boolean => {
		const sign = signs[at];
		return sign === undefined || (typeof sign === 'string' && ' \t\n<>&|;()'.includes(sign));
	};

	function hole(place: HolePlace): number {
		const index = signs[at++] as number;
		places[index] = place === 'nothing' && backquotes > 0 ? 'backquotes' : place;
		return index;
	}

	// Commands up to `end`, which is taken too.
	function commands(end: string | undefined): void {
		let role: 'word' | 'read' | 'written' | 'delimiter' | 'delimiter-' = 'word';
		let depth = 0;
		const [open, list]: [ShellWord[], ShellCommand[]] = [[], []];
		const close = (behind: string) => list.push({ words: open.splice(0), end: behind });
		lists.push(list);
		while (at < signs.length) {
			const operator = operators.find(has);
			if (signs[at] === end && (depth === 0 || end === '`')) {
				at++;
				break;
			}
			if (has('\n')) {
				close('\n');
				at++;
				hereDocuments();
				role = 'word';
			} else if (has(' ') || has('\t')) at++;
			else if (has('\\\n')) at += 2;
			else if (has('#')) comment();
			else if (has('(') || has(')')) {
				depth = Math.max(0, depth + (has('(') ? 1 : -1));
				close(String(signs[at++]));
			} else if (operator !== undefined) {
				at += operator.length;
				role = writing.includes(operator) ? 'written' : /<|>/.test(operator) ? 'read' : 'word';
				if (role === 'word') close(operator);
				if (operator === '<<') role = 'delimiter';
				if (operator === '<<-') role = 'delimiter-';
			} else {
				const from = at;
				const parts = word(end);
				if (at === from) at++;
				else if (role === 'delimiter' || role === 'delimiter-') {
					const text = parts.filter((part) => typeof part === 'string').join('');
					const isQuoted = signs.slice(from, at).some((sign) => typeof sign === 'string' && `'"\\`.includes(sign));
					bodies.push({ delimiter: text, tabs: role === 'delimiter-', isQuoted });
				} else if (!isDescriptor(parts)) {
					const found = { parts, isWritten: role === 'written' };
					words.push(found);
					if (role === 'word') open.push(found);
				}
				role = 'word';
			}
		}
		close('');
	}

	// The 2 of `2> errors.txt`.
	function isDescriptor(parts: readonly WordPart[]): boolean {
		const [only, ...others] = parts;
		return typeof only === 'string' && others.length === 0 && /^\d+$/.test(only) && (has('<') || has('>'));
	}

	function word(end: string | undefined): WordPart[] {
		const parts = partList();
		while (!isEnd() && signs[at] !== end) {
			if (typeof signs[at] === 'number') parts.add(hole('nothing'));
			else if (has("'")) single(parts);
			else if (has('"')) double(parts);
			else one(parts, '');
		}
		return parts.all;
	}

	function single(parts: PartList): void {
		at++;
		parts.add('');
		while (at < signs.length && !has("'"))
			parts.add(typeof signs[at] === 'number' ? hole("'") : (signs[at++] as string));
		at++;
	}

	function double(parts: PartList): void {
		at++;
		parts.add('');
		while (at < signs.length && !has('"')) {
			if (typeof signs[at] === 'number') parts.add(hole('"'));
			else one(parts, '"');
		}
		at++;
	}

	// One sign that is no hole, with what belongs to it; `quote` is what it stands in.
	function one(parts: PartList, quote: '' | '"'): void {
		if (has('\\')) {
			at++;
			if (has('\n')) at++;
			else if (typeof signs[at] === 'number') parts.add(hole('backslash'));
			else if (quote === '"' && !'$`"\\'.includes(String(signs[at] ?? 'x'))) parts.add('\\');
			else if (at < signs.length) parts.add(signs[at++] as string);
		} else if (substitution()) parts.add(null);
		else if (has('$')) dollar(parts, quote);
		else parts.add(signs[at++] as string);
	}

	function dollar(parts: PartList, quote: '' | '"'): void {
		if (has('${')) {
			at += 2;
			braces(quote);
		} else {
			at++;
			if (typeof signs[at] === 'number') {
				parts.add(hole('dollar'));
				return;
			}
			const name = /^(?:\w+|[@*#?$!-])/.exec(
				signs
					.slice(at, at + 64)
					.map(asText)
					.join(''),
			)?.[0];
			if (name === undefined) {
				parts.add('$');
				return;
			}
			at += name.length;
		}
		parts.add(null);
	}

	// A command whose output is taken, or arithmetic; false where there is neither.
	function substitution(): boolean {
		if (has('$((')) {
			at += 3;
			arithmetic();
		} else if (has('$(')) {
			at += 2;
			commands(')');
		} else if (has('`')) {
			at++;
			backquotes++;
			commands('`');
			backquotes--;
		} else return false;
		return true;
	}

	function arithmetic(): void {
		for (let depth = 2; at < signs.length && depth > 0; ) {
			if (typeof signs[at] === 'number') hole('arithmetic');
			else if (!substitution()) {
				if (has('(')) depth++;
				if (has(')')) depth--;
				at++;
			}
		}
	}

	// `${name:-word}`: the word may be a file, too.
	function braces(quote: '' | '"'): void {
		const parts = partList();
		while (at < signs.length && !has('}')) {
			if (typeof signs[at] === 'number') parts.add(hole(quote === '' ? 'nothing' : quote));
			else if (quote === '' && has("'")) single(parts);
			else if (quote === '' && has('"')) double(parts);
			else one(parts, quote);
		}
		at++;
		const [first, ...others] = parts.all;
		const operator = typeof first === 'string' ? /^\w+:?[-=+?]/.exec(first)?.[0] : undefined;
		if (operator !== undefined)
			words.push({ parts: [(first as string).slice(operator.length), ...others], isWritten: false });
	}

	function comment(): void {
		while (at < signs.length && !has('\n')) {
			if (typeof signs[at] === 'number') hole('comment');
			else at++;
		}
	}

	// What stands between the line of a `<<` and its delimiter is text, but for commands in it where the delimiter is not quoted.
	function hereDocuments(): void {
		const open = bodies;
		bodies = [];
		for (const { delimiter, tabs, isQuoted } of open) {
			for (let line: string | undefined; at < signs.length && line !== delimiter; ) {
				line = '';
				while (at < signs.length && !has('\n')) {
					if (typeof signs[at] === 'number') {
						hole('here-document');
						line += '\0';
					} else if (!isQuoted && has('\\')) {
						line += '\0';
						at += 2;
					} else if (!isQuoted && substitution()) line += '\0';
					else line += String(signs[at++]);
				}
				at++;
				if (tabs) line = line.replace(/^\t+/, '');
			}
		}
	}

	commands(undefined);
	return { words, lists, places };
}

/** The line as single signs; a number is an interpolation. Text that stands in an interpolation is quoted by itself. */
function signsOf({ text, words }: ShellRecipe): readonly (string | number)[] {
	return text.flatMap((piece, index) => (index < words.length ? [...piece, index] : [...piece]));
}

interface PartList {
	readonly all: WordPart[];
	add(part: WordPart): void;
}

function partList(): PartList {
	const all: WordPart[] = [];
	return {
		all,
		add(part) {
			const last = all.at(-1);
			if (typeof part === 'string' && typeof last === 'string') all[all.length - 1] = last + part;
			else all.push(part);
		},
	};
}

function asText(sign: string | number): string {
	return typeof sign === 'number' ? '\0' : sign;
}
