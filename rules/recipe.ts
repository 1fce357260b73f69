// What a rule runs, as data: functions, Python functions, commands and shell lines, and the words that these are made of.
// A recipe does not know its rule, its parameters' values or where it runs.
import { type CommandProblem, shellProblems } from './shellproblems.ts';
import { whatIs } from './value.ts';

/** A function of the Scanfile or of a module that it imports. */
export interface FunctionRecipe {
	readonly kind: 'function';
	readonly run: (...given: never[]) => unknown;
}

/** A program with its arguments, started without a shell. */
export interface CommandRecipe {
	readonly kind: 'command';
	/** The program, then its arguments. */
	readonly words: readonly AnyWord[];
	readonly output: OutputKind;
}

/** A line for `sh`. */
export interface ShellRecipe {
	readonly kind: 'shell';
	/** The line's own text: `text[0] words[0] text[1] … text[n]`. */
	readonly text: readonly string[];
	/** What stands between: each is quoted. */
	readonly words: readonly AnyWord[];
	readonly output: OutputKind;
}

/** A function of a Python module, called in a Python process that stays alive. */
export interface PythonRecipe {
	readonly kind: 'python';
	/** Path of the module's file, relative to the Scanfile's folder. */
	readonly file: string;
	/** Name of the function. */
	readonly name: string;
}

/** A recipe that is run by a program. */
export type ProgramRecipe = CommandRecipe | ShellRecipe;

/** What a rule runs. */
export type Recipe = FunctionRecipe | ProgramRecipe | PythonRecipe;

/** What standard output is: nothing (it goes to the log), JSON, or text. */
export type OutputKind = 'nothing' | 'json' | 'text';

/** A word of a command as data; a string is itself. */
export type AnyWord = string | ParamWord | OutWord | FileWord | GivenWord;

/** The value of a parameter. */
export interface ParamWord {
	readonly kind: 'param';
	readonly name: string;
}

/** The path of a file to write. */
export interface OutWord {
	readonly kind: 'out';
	readonly name: string;
}

/** The path of an upstream file. */
export interface FileWord {
	readonly kind: 'file';
	readonly input: string;
	readonly name: string;
}

/** Words that are there only where a parameter is. */
export interface GivenWord {
	readonly kind: 'given';
	readonly name: string;
	readonly words: readonly AnyWord[];
}

declare const needs: unique symbol;

/** A word of a command that needs the parameters `N` and the inputs `F`. */
export interface Word<N extends string = string, F extends string = string> {
	readonly kind: 'param' | 'out' | 'file' | 'given';
	/** For the compiler alone. */
	readonly [needs]?: { readonly params: N; readonly inputs: F };
}

/** A command or shell line that needs the parameters `N` and the inputs `F` and gives `R`. */
export interface Command<N extends string = string, F extends string = string, R = unknown> {
	readonly kind: 'command' | 'shell';
	/** For the compiler alone. */
	readonly [needs]?: { readonly params: N; readonly inputs: F; readonly result: R };
}

/** A Python function that gives `R`. */
export interface Python<R = unknown> {
	readonly kind: 'python';
	/** For the compiler alone. */
	readonly [needs]?: { readonly result: R };
}

/** What a command prints, read as a result `R`. */
export interface Printed<R> {
	readonly kind: 'json' | 'text';
	/** For the compiler alone. */
	readonly [needs]?: { readonly result: R };
}

/** The value of parameter `name` as one word. Numbers as JavaScript writes them, shortest that reads back the same: 0.1, 1e-7. */
export function param<N extends string>(name: N): Word<N, never> {
	return { kind: 'param', name } satisfies ParamWord as Word<N, never>;
}

/** The path of a file to write: it is kept with the result under this name, and must be there when the command has ended. */
export function out(name: string): Word<never, never> {
	return { kind: 'out', name } satisfies OutWord as Word<never, never>;
}

/** The path of the file `name` that the task of input `input` wrote; not to be changed. */
export function file<F extends string>(input: F, name: string): Word<never, F> {
	return { kind: 'file', input, name } satisfies FileWord as Word<never, F>;
}

/** Words that are there only where parameter `name` is present: `given("frequency", ["--frequency", param("frequency")])`. */
export function given<N extends string, M extends string = never, F extends string = never>(
	name: N,
	words: readonly (string | number | Word<M, F>)[],
): Word<N | M, F> {
	return { kind: 'given', name, words: listOf(words).map(asWord) } satisfies GivenWord as Word<N | M, F>;
}

/** Standard output is one JSON text; NaN, Infinity and -Infinity are read as Python prints them. */
export function json<R = unknown>(): Printed<R> {
	return { kind: 'json' };
}

/** Standard output is the result, as it is: UTF-8, the last line break included. */
export function text(): Printed<string> {
	return { kind: 'text' };
}

/** A program with its arguments, run in the Scanfile's folder without a shell. Without `printed` the result is null and standard output goes to the log. */
export function command<
	N extends string = never,
	F extends string = never,
	P extends Printed<unknown> | undefined = undefined,
>(words: readonly (string | number | Word<N, F>)[], printed?: P): Command<NoInfer<N>, NoInfer<F>, ResultOf<P>> {
	const recipe: CommandRecipe = { kind: 'command', words: listOf(words).map(asWord), output: outputOf(printed) };
	return branded(recipe) as Command<NoInfer<N>, NoInfer<F>, ResultOf<P>>;
}

// Not a type parameter of `command`: TypeScript would take it from what the rule is assigned to.
type ResultOf<P> = P extends Printed<infer R> ? R : null;

/** Makes a `shell` whose lines give a result. */
type ShellLine<R> = <N extends string = never, F extends string = never>(
	text: TemplateStringsArray,
	...words: readonly (string | number | Word<N, F>)[]
) => Command<NoInfer<N>, NoInfer<F>, R>;

/**
 * A line for `sh`, run in the Scanfile's folder: pipes, redirections, several commands. Every `${…}` is one word, quoted;
 * the rest is written as in a shell, backslashes included.
 */
export const shell: ShellLine<null> & {
	/** A shell line with a result: ``shell.with(json<R>())`…` ``. */
	with<R>(printed: Printed<R>): ShellLine<R>;
} = Object.assign(shellLine<null>('nothing'), {
	with: <R>(printed: Printed<R>): ShellLine<R> => shellLine<R>(outputOf(printed)),
});

function shellLine<R>(output: OutputKind): ShellLine<R> {
	return <N extends string, F extends string>(
		strings: TemplateStringsArray,
		...words: readonly (string | number | Word<N, F>)[]
	) => {
		// only these two cannot be written in a template without a backslash of JavaScript's own
		const text = listOf(strings?.raw).map((piece) => piece.replace(/\\(`|\$(?=\{))/g, '$1'));
		const recipe: ShellRecipe = { kind: 'shell', text, words: words.map(asWord), output };
		return branded(recipe) as Command<NoInfer<N>, NoInfer<F>, R>;
	};
}

/**
 * The function `name` of the Python module in `file`, called as `name(params, inputs, io)` (with fewer arguments where it
 * takes fewer), or with single parameters where it has arguments of their names. Arrays of numpy come and go as they are.
 */
export function python<R = unknown>(file: string, name: string): Python<R> {
	const recipe: PythonRecipe = { kind: 'python', file, name };
	return Object.defineProperty(recipe, pythonBrand, { value: true });
}

/** Whether something was made by `python`. */
export function isPython(thing: unknown): thing is PythonRecipe {
	return typeof thing === 'object' && thing !== null && Object.hasOwn(thing, pythonBrand);
}

/** Whether something was made by `command` or `shell`. */
export function isProgram(thing: unknown): thing is ProgramRecipe {
	return typeof thing === 'object' && thing !== null && Object.hasOwn(thing, brand);
}

/** What is wrong with a command by itself, as sentences without their full stop. */
export function programProblems(recipe: ProgramRecipe): readonly string[] {
	const problems: CommandProblem[] = [...wrongWords(recipe.words)];
	if (recipe.kind === 'command') {
		if (recipe.words[0] === undefined || recipe.words[0] === '')
			problems.push('command names no program; give a program and its arguments: command(["./lif", param("rate")])');
	} else if (recipe.text.length === 0)
		problems.push('shell stands right before its line, without parentheses: shell`sort spikes.txt`');
	else if (recipe.words.length === 0 && recipe.text.join('').trim() === '')
		problems.push('the shell line is empty; write what is to run: shell`sort spikes.txt`');
	else problems.push(...shellProblems(recipe));
	if (!['nothing', 'json', 'text'].includes(recipe.output))
		problems.push(
			'what it prints is neither json() nor text(); give one of them, or nothing where it prints no result',
		);
	return problems;
}

function* wrongWords(words: readonly unknown[]): Generator<string> {
	for (const word of words) {
		if (isWord(word)) {
			if (word.kind === 'given') yield* wrongWords(word.words);
		} else if (typeof word !== 'string')
			yield `there is ${whatIs(word)} among its words; give text, a number, param("name"), out("name"), file("input", "name") or given("name", […])`;
		else if (word.includes('\0')) yield 'one of its words holds a NUL character, which no command line can carry';
	}
}

/** The parameters and inputs that a recipe names, each with the parameters that `given` makes sure of. */
export function needsOf(recipe: ProgramRecipe): readonly Need[] {
	const found: Need[] = [];
	const visit = (words: readonly AnyWord[], present: readonly string[]): void => {
		for (const word of words) {
			if (!isWord(word)) continue;
			if (word.kind === 'given') {
				found.push({ kind: 'given', name: word.name, present });
				visit(word.words, [...present, word.name]);
			} else if (word.kind === 'param') found.push({ kind: 'param', name: word.name, present });
			else if (word.kind === 'file') found.push({ kind: 'file', input: word.input, name: word.name, present });
			else found.push({ kind: 'out', name: word.name, present });
		}
	};
	visit(recipe.words, []);
	return found;
}

/** A thing that a command names. */
export type Need = { readonly present: readonly string[] } & (
	| { readonly kind: 'param' | 'given' | 'out'; readonly name: string }
	| { readonly kind: 'file'; readonly input: string; readonly name: string }
);

// The same in every copy of scanmake that is loaded.
const brand: unique symbol = Symbol.for('scanmake.command');
const pythonBrand: unique symbol = Symbol.for('scanmake.python');

function branded(recipe: ProgramRecipe): unknown {
	return Object.defineProperty(recipe, brand, { value: true });
}

// What is no word stays what it is: `programProblems` says so.
function asWord(word: string | number | Word): AnyWord {
	return typeof word === 'number' ? String(word) : (word as AnyWord);
}

function isWord(thing: unknown): thing is Exclude<AnyWord, string> {
	if (typeof thing !== 'object' || thing === null || !('kind' in thing && 'name' in thing)) return false;
	if (typeof thing.name !== 'string') return false;
	if (thing.kind === 'file') return 'input' in thing && typeof thing.input === 'string';
	return thing.kind === 'param' || thing.kind === 'out' || thing.kind === 'given';
}

function outputOf(printed: Printed<unknown> | undefined): OutputKind {
	return printed === undefined ? 'nothing' : printed?.kind;
}

// In JavaScript anything may come.
function listOf<T>(given: readonly T[] | undefined): readonly T[] {
	return Array.isArray(given) ? given : [];
}
