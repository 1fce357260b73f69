// Python in the words of a command or shell line: which interpreters it starts, the scripts that they run and the modules
// that they start by name. Reads text only; what a name leads to is looked up by others.
import type { ProgramRecipe } from '../rules/recipe.ts';
import { programsOf } from './programs.ts';
import type { Isolated } from './wrappers.ts';

const runner = /(?:^|[\s;|&(`"'/])(?:(?:i?python|pypy)[\d.]*(?=["'\s]|$)|(?:uv|poetry|pipenv|coverage|nrniv)\s)/;
const code = /\s-\w*c[\s"']|<<|\|[^|]*python/;
const module = /(?:python|pypy)[\d.]*["']?\s(?:[^;|&\n]*?\s)?-m\s+([A-Za-z_][\w.]*)/g;

const isPython = /^(python|pypy)[\d.]*t?$/;
/** Of Python's options, those that take the next word. */
const takesWord = /^(-\w*[WX]|--check-hash-based-pycs)$/;
/** Behind these a name may lead to another program than it does here. */
const elsewhere = /\bPATH=|\b(?:conda|mamba|micromamba|pyenv|spack)\s|\bmodule\s+(?:load|add|swap)\b/;
const activated = /(?:^|[\s;&|(])(?:\.|source)\s+["']?([^\s"'$]+)\/bin\/activate\b/;

/** What a recipe starts that may be Python. */
export interface StartedPythons {
	/** Interpreters, by the names that the recipe has for them. */
	readonly interpreters: readonly string[];
	/** Other programs, which may be scripts of a Python. */
	readonly programs: readonly string[];
	/** Files that these run by what they say. Any other that the recipe names may be read as text. */
	readonly scripts: readonly string[];
	/** What some interpreter runs is made of parameters. */
	readonly runsMade: boolean;
	/** Nobody can tell which program a name leads to when the recipe runs. */
	readonly isUncertain: boolean;
	/** It goes to other folders, where names begin. */
	readonly isMoved: boolean;
}

/** Whether a program's name is that of an interpreter. */
export function isInterpreter(program: string): boolean {
	return isPython.test(program.slice(program.lastIndexOf('/') + 1));
}

/** `isThere` as for `programsOf`. */
export function startedPythons(recipe: ProgramRecipe, isThere?: (name: string) => boolean): StartedPythons {
	const text = textOf(recipe);
	const [, environment] = activated.exec(text) ?? [];
	const { commands } = programsOf(recipe, isThere);
	const [interpreters, programs, scripts] = [new Set<string>(), new Set<string>(), new Set<string>()];
	let runsMade = false;
	for (const [program, ...words] of commands) {
		if (program === undefined) continue;
		if (isInterpreter(program)) {
			const isNamed = program.includes('/') || environment === undefined;
			interpreters.add(isNamed ? program : `${environment}/bin/${program}`);
			const script = scriptOf(words);
			if (script === 'computed') runsMade = true;
			else if (script !== undefined) scripts.add(script.name);
		} else {
			programs.add(program);
			scripts.add(program);
		}
	}
	return {
		...{ interpreters: [...interpreters], programs: [...programs], scripts: [...scripts] },
		...{ runsMade, isUncertain: elsewhere.test(text), isMoved: /(?:^|[\s;&|(])(?:cd|-C)\s/.test(text) },
	};
}

// The first word that is no option; none with `-m` and `-c`.
function scriptOf(words: readonly Isolated[]): { readonly name: string } | 'computed' | undefined {
	for (let at = 0; at < words.length; at++) {
		const word = words[at];
		if (word === undefined) return 'computed';
		if (!word.startsWith('-')) return { name: word };
		if (word === '-' || /^-\w*[cm]/.test(word)) return undefined;
		if (takesWord.test(word)) at++;
	}
	return undefined;
}

/**
 * Paths under which the modules of `python3 -m package.module` would lie, with the packages that they are in; also of what
 * code in the recipe imports.
 */
export function modulePaths(recipe: ProgramRecipe): readonly string[] {
	const text = textOf(recipe);
	const started = [...text.matchAll(module)].map(([, name = '']) => name);
	return [...started, ...(runner.test(text) && code.test(text) ? importedBy(text) : [])].flatMap((name) => {
		const names = name.split('.').filter((one) => one !== '');
		const packages = names.map((_, at) => `${names.slice(0, at + 1).join('/')}/__init__.py`);
		const path = names.join('/');
		return [`${path}.py`, `${path}/__main__.py`, ...packages];
	});
}

// `python3 -c "import a.b as c, d; from e import f"`, or the same on standard input; `f` may be a module too.
function importedBy(text: string): readonly string[] {
	const listed = [...text.matchAll(/\bimport\s+([\w.]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+(?:\s+as\s+\w+)?)*)/g)];
	const from = [...text.matchAll(/\bfrom\s+([\w.]+)\s+import\s+\(?\s*([\w\s,]*)/g)];
	const wordsOf = (list: string) => list.split(',').map((one) => one.trim().split(/\s/, 1)[0] ?? '');
	return [
		...listed.flatMap(([, list = '']) => wordsOf(list)),
		...from.flatMap(([, name = '', list = '']) => [name, ...wordsOf(list).map((inner) => `${name}.${inner}`)]),
	];
}

// What is put in has no text yet.
function textOf(recipe: ProgramRecipe): string {
	if (recipe.kind === 'shell') return recipe.text.join('\0');
	return recipe.words.map((word) => (typeof word === 'string' ? word : '\0')).join(' ');
}
