// A recipe and a task's parameters and paths → the text that a POSIX shell runs as that task.
// Every value is one quoted word, so that nothing of it is ever interpreted. Knows neither folders nor how a shell is fed.
import type { AnyWord, FileWord, ProgramRecipe } from '../../rules/recipe.ts';
import type { Value } from '../../rules/value.ts';
import type { Failure } from '../outcome.ts';

/** What the words of one task stand for. */
export interface WordGround {
	/** The value of a parameter; undefined where it is absent. */
	valueOf(name: string): Value | undefined;
	/** The path of a file to write. */
	outPath(name: string): string;
	/** The path of an upstream file, or why there is none. */
	filePath(word: FileWord): string | Failure;
}

/** The text of one task, or why it cannot be run. */
export type ProgramText = { readonly text: string; readonly program: string } | { readonly failure: Failure };

/** What a shell line is called where a command has the name of its program. */
export const shellLineName = 'its shell line';

const nothing = "''";

/** What runs a task, as one command of a shell's text: whatever it does, that shell goes on. */
export function programText(recipe: ProgramRecipe, ground: WordGround): ProgramText {
	const values: string[] = [];
	let failure: Failure | undefined;
	if (recipe.kind === 'command') {
		failure = addWords(recipe.words, ground, values);
		return failure === undefined ? commandText(values) : { failure };
	}
	let line = recipe.text[0] ?? '';
	for (const [i, word] of recipe.words.entries()) {
		values.length = 0;
		failure = addWords([word], ground, values);
		if (failure !== undefined) return { failure };
		line += values.map(quoted).join(' ') + (recipe.text[i + 1] ?? '');
	}
	if (line.includes('\0')) return { failure: { kind: 'unusable-parameter', name: shellLineName } };
	// Parsed when it is reached: a mistake in it is this task's alone.
	return { text: `(eval ${quoted(line)})`, program: shellLineName };
}

/** A word as a POSIX shell reads it back unchanged. */
export function quoted(word: string): string {
	return word === '' ? nothing : `'${word.includes("'") ? word.replaceAll("'", `'\\''`) : word}'`;
}

function commandText(words: readonly string[]): ProgramText {
	const [program = ''] = words;
	const text = words.map(quoted).join(' ');
	// Some shells read options of `exec`, and not all know `--`; a name that looks like one is none of a built-in.
	if (program.startsWith('-')) return { text: `(command -- ${text})`, program };
	// `exec` takes no built-in and no function. What is none anyway is started a fourth faster without it: a shell that
	// forks for nothing else need not copy itself.
	return { text: mayBeOfTheShell(program) ? `(exec ${text})` : text, program };
}

/** Whether a shell may have something of its own under this name. */
function mayBeOfTheShell(name: string): boolean {
	if (name.includes('/')) return false;
	// bash takes functions out of its environment, also as `sh`
	return builtIns.has(name) || name.startsWith('scanmake_') || process.env[`BASH_FUNC_${name}%%`] !== undefined;
}

// Of dash, bash, ksh, mksh, yash, zsh and busybox ash; one too many costs a little time.
const builtIns = new Set(
	(
		'. : [ [[ alias autoload bg bind break builtin bye caller cat cd chdir command compgen complete compopt continue ' +
		'declare dirs disable disown echo echotc emulate enable enum eval exec exit export false fc fg float functions getopts ' +
		'global hash help hist history integer jobs kill let limit list local logout mapfile mkdir nameref newgrp nohup ' +
		'popd print printf pushd pwd r read readarray readonly realpath rehash rename return rm rmdir sched select set setopt ' +
		'shift shopt sleep source stop suspend test time times trap true type typeset ulimit umask unalias unhash unlimit ' +
		'unset unsetopt vared wait whence where which whoami xargs'
	).split(' '),
);

function addWords(words: readonly AnyWord[], ground: WordGround, values: string[]): Failure | undefined {
	for (const word of words) {
		const failure = addWord(word, ground, values);
		if (failure !== undefined) return failure;
	}
	return undefined;
}

function addWord(word: AnyWord, ground: WordGround, values: string[]): Failure | undefined {
	if (typeof word === 'string') {
		values.push(word);
		return word.includes('\0') ? { kind: 'unusable-parameter', name: JSON.stringify(word) } : undefined;
	}
	switch (word.kind) {
		case 'param': {
			const value = ground.valueOf(word.name);
			if (value === undefined) return { kind: 'missing-parameter', name: word.name };
			const text = String(value);
			values.push(text);
			return text.includes('\0') ? { kind: 'unusable-parameter', name: word.name } : undefined;
		}
		case 'given':
			return ground.valueOf(word.name) === undefined ? undefined : addWords(word.words, ground, values);
		case 'out':
			values.push(ground.outPath(word.name));
			return undefined;
		case 'file': {
			const path = ground.filePath(word);
			if (typeof path !== 'string') return path;
			values.push(path);
			return undefined;
		}
	}
}
