// The words of a command or shell line that could name files of the project: as they are written, or made of parameters.
// Knows no disk; what a command does with a word it does not know, except where a shell writes.
import type { AnyWord, ParamWord, ProgramRecipe } from './recipe.ts';
import { cutShell } from './shellwords.ts';

/** A word made of literal text and parameters. */
export interface NamingWord {
	readonly parts: readonly (string | ParamWord)[];
	/** The shell writes to it: no input, whatever else names it. */
	readonly isWritten: boolean;
}

/** Every word that could name a file, each once. A word with a path of the task's own, or with what only a shell knows, is none. */
export function namingWords(recipe: ProgramRecipe): readonly NamingWord[] {
	const found = new Map<string, NamingWord>();
	const words = recipe.kind === 'command' ? recipe.words.flatMap(alone) : shellWords(recipe);
	const folders = foldersIn(words);
	for (const word of words) {
		for (const each of [word, ...folders.map((folder) => within(folder, word))])
			if (each.parts.some((part) => part !== '')) found.set(JSON.stringify(each), each);
	}
	return [...found.values()];
}

// Where a command goes before it reads: `cd data && …`, `make -C data`. One too many means a file too many at worst.
function foldersIn(words: readonly NamingWord[]): readonly string[] {
	const folders = words.flatMap(({ parts: [next] }, i) => {
		const [option] = words[i - 1]?.parts ?? [];
		return (option === 'cd' || option === '-C') && typeof next === 'string' ? [next] : [];
	});
	return [...new Set(folders)];
}

function within(folder: string, { parts, isWritten }: NamingWord): NamingWord {
	return { parts: joined([`${folder}/`, ...parts]), isWritten };
}

function shellWords(recipe: ProgramRecipe & { readonly kind: 'shell' }): NamingWord[] {
	const { words, places } = cutShell(recipe);
	const composed = words.flatMap(({ parts, isWritten }): NamingWord[] => {
		const whole: (string | ParamWord)[] = [];
		for (const part of parts) {
			const word = typeof part === 'number' ? recipe.words[part] : part;
			if (word === null || word === undefined) return [];
			if (typeof word === 'string' || word.kind === 'param') whole.push(word);
			else return [];
		}
		return [{ parts: joined(whole), isWritten }];
	});
	const inside = places.flatMap((_, index) => {
		const word = recipe.words[index];
		return typeof word === 'object' && word.kind === 'given' ? alone(word) : [];
	});
	return [...composed, ...inside];
}

/** A word that stands by itself. */
function alone(word: AnyWord): NamingWord[] {
	if (typeof word === 'string' || word.kind === 'param') return [{ parts: [word], isWritten: false }];
	return word.kind === 'given' ? word.words.flatMap(alone) : [];
}

function joined(parts: readonly (string | ParamWord)[]): (string | ParamWord)[] {
	const all: (string | ParamWord)[] = [];
	for (const part of parts) {
		const last = all.at(-1);
		if (typeof part === 'string' && typeof last === 'string') all[all.length - 1] = last + part;
		else all.push(part);
	}
	return all;
}

/**
 * The names that a word may mean: itself, what stands behind each `=` in it or behind the letter of an option (`-fprog.awk`),
 * and the words in it, since it may be a text for another shell (`sh -c 'cat x.txt'`).
 */
export function namesIn(text: string): readonly string[] {
	const names = [text];
	if (/^-[A-Za-z]./.test(text)) names.push(text.slice(2));
	if (/\s/.test(text))
		names.push(...text.split(/[\s;|&<>()'"]+/).flatMap((word) => (word === '' ? [] : namesIn(word))));
	for (let at = text.indexOf('='); at >= 0; at = text.indexOf('=', at + 1)) names.push(text.slice(at + 1));
	return names;
}
