// Which programs a recipe starts by names that it spells out, also where another program starts them (`nice -n 5 ./lif`), and
// which scripts it gives them. Rather one too many than one too few; a program whose name is computed is nobody's to find.
// Knows no disk.
import { homedir } from 'node:os';
import type { AnyWord, ProgramRecipe, ShellRecipe } from '../rules/recipe.ts';
import { cutShell, type ShellCommand, type ShellWord } from '../rules/shellwords.ts';
import { behindWrapper, type Isolated, isWrapper } from './wrappers.ts';

/** What a recipe starts. */
export interface Programs {
	readonly programs: readonly string[];
	readonly scripts: readonly string[];
	/** The words of each command that is started, its program in front; undefined where one is computed. */
	readonly commands: readonly (readonly Isolated[])[];
}

/**
 * Programs that a recipe starts by a name that it spells out, and script files that it gives them. `isThere` tells whether
 * there is a program of a name: of the words behind `nice` and its like the first such is the program.
 */
export function programsOf(recipe: ProgramRecipe, isThere: (name: string) => boolean = () => true): Programs {
	const [programs, scripts] = [new Set<string>(), new Set<string>()];
	const commands: (readonly Isolated[])[] = [];

	function command(words: readonly Isolated[]): void {
		const [name, ...rest] = words;
		if (name === undefined) return;
		programs.add(name);
		commands.push(words);
		const base = name.slice(name.lastIndexOf('/') + 1);
		if (shells.has(base)) {
			const at = rest.findIndex((word) => word !== undefined && /^-\w*c$/.test(word));
			const text = at < 0 ? undefined : rest[at + 1];
			if (text !== undefined) line({ kind: 'shell', text: [text], words: [], output: 'nothing' });
		} else if (base === 'find') {
			for (const [at, word] of rest.entries()) if (/^-(exec|ok)(dir)?$/.test(word ?? '')) command(rest.slice(at + 1));
		} else if (isWrapper(base)) for (const each of behindWrapper(base, rest, isThere)) command(each);
	}

	function line(shell: ShellRecipe): void {
		const { words, lists } = cutShell(shell);
		const plain = (word: ShellWord) => plainWord(word, shell);
		for (const word of words) if (!word.isWritten) note(plain(word), scripts);
		const functions = new Set(lists.flatMap(functionsIn(plain)));
		for (const list of lists) {
			for (const words of startedIn(list, plain)) {
				const [first, second] = words;
				if (first === 'eval' || first === 'trap') {
					const text = first === 'eval' ? words.slice(1).join(' ') : second;
					if (text !== undefined) line({ kind: 'shell', text: [text], words: [], output: 'nothing' });
				} else if (first !== undefined && !builtins.has(first) && !functions.has(first)) command(words);
			}
		}
	}

	if (recipe.kind === 'shell') line(recipe);
	else {
		for (const isGiven of [true, false]) command(wordsOf(recipe.words, isGiven));
		for (const word of wordsOf(recipe.words, true).slice(1)) note(word, scripts);
	}
	return { programs: [...programs], scripts: [...scripts].filter((script) => !programs.has(script)), commands };
}

const shells = new Set(['sh', 'bash', 'dash', 'ksh', 'zsh', 'ash']);

function note(word: Isolated, scripts: Set<string>): void {
	if (word !== undefined && /^[\w./~+][\w./~+-]*\.(py|sh|R|m|pl|rb|jl|awk|mjs|cjs|js|ts)$/.test(word))
		scripts.add(word);
}

/** The words of a command; undefined where one is computed. `isGiven`: with those that a parameter must be there for. */
function wordsOf(words: readonly AnyWord[], isGiven: boolean): Isolated[] {
	return words.flatMap((word): Isolated[] => {
		if (typeof word === 'string') return [word];
		if (word.kind !== 'given') return [undefined];
		return isGiven ? wordsOf(word.words, isGiven) : [];
	});
}

/** What a shell does itself. */
const builtins = new Set(
	'. : [ [[ alias bg break builtin caller cd compgen complete compopt continue declare dirs disown echo enable exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly return set shift shopt source suspend test times true type typeset ulimit umask unalias unset wait'.split(
		' ',
	),
);
/** Behind these a command begins. */
const leading = new Set(
	'if then elif else do while until ! { } fi done esac time exec command builtin coproc'.split(' '),
);
/** Of these, the options that take a word. */
const takesWord = /^-a$/;

/** A word of a shell line that is what it says; undefined where the shell or a parameter puts something into it. */
function plainWord({ parts }: ShellWord, { words }: ShellRecipe): Isolated {
	let text = '';
	for (const part of parts) {
		const piece = typeof part === 'number' ? words[part] : part;
		if (typeof piece !== 'string') return undefined;
		text += piece;
	}
	return text;
}

function functionsIn(plain: (word: ShellWord) => Isolated): (list: readonly ShellCommand[]) => string[] {
	return (list) =>
		list.flatMap(({ words, end }, at) => {
			const [first, second] = words.map(plain);
			if (first === 'function' && second !== undefined) return [second];
			const behind = list[at + 1];
			const isOne = end === '(' && behind?.end === ')' && behind.words.length === 0;
			const name = plain(words.at(-1) ?? { parts: [null], isWritten: false });
			return isOne && name !== undefined ? [name] : [];
		});
}

/** The words of each command that is started, the first that names a program in front. */
function* startedIn(list: readonly ShellCommand[], plain: (word: ShellWord) => Isolated): Generator<Isolated[]> {
	let isPattern = false;
	for (const { words, end } of list) {
		const rest = words.map(plain);
		if (rest[0] === 'esac') isPattern = false;
		if (isPattern) {
			isPattern = end !== ')';
			continue;
		}
		if (end === ';;') isPattern = true;
		skipLeading(rest);
		const [first] = rest;
		if (first === 'case') {
			const patterns = rest.slice(3);
			isPattern = patterns.length === 0 || end !== ')';
		} else if (first === undefined || first === 'for' || first === 'select' || /[*?]/.test(first)) continue;
		else yield [first.startsWith('~/') ? `${homedir()}${first.slice(1)}` : first, ...rest.slice(1)];
	}
}

// Assignments and what else stands in front of a command.
function skipLeading(words: Isolated[]): void {
	let isBehind = false;
	for (;;) {
		const [first] = words;
		if (first === undefined) return;
		if (/^[A-Za-z_]\w*\+?=/.test(first)) words.shift();
		else if (first === 'function') words.splice(0, 2);
		else if (leading.has(first)) {
			isBehind = true;
			words.shift();
		} else if (isBehind && /^-./.test(first)) words.splice(0, takesWord.test(first) ? 2 : 1);
		else return;
	}
}
