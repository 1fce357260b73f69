// Which programs the recipes of a scan start, and whether the machine has them.
// Reads shell lines only as far as it must: a program whose name is computed is nobody's to find.
import { closeSync, openSync, readSync } from 'node:fs';
import type { ProgramRecipe } from '../rules/recipe.ts';
import { programIn } from './executable.ts';

/** Where a program is, or what is wrong with it. */
export type Found =
	| { readonly kind: 'found'; readonly path: string }
	| { readonly kind: 'not-found' }
	| { readonly kind: 'not-executable'; readonly path: string }
	/** A script whose first line names a program that is not there. */
	| { readonly kind: 'no-interpreter'; readonly path: string; readonly interpreter: string };

/** Looks for a program as a command of the Scanfile's folder would. */
export function findProgram(name: string, folder: string, path = process.env['PATH'] ?? ''): Found {
	const place = programIn(name, folder, path);
	return place.kind === 'there' ? withInterpreter(place.path, folder, path) : place;
}

function withInterpreter(place: string, folder: string, path: string): Found {
	const [interpreter, first] = /^#! *([^ \t]+)(?: +([^ \t]+))?/.exec(head(place))?.slice(1) ?? [];
	if (interpreter === undefined) return { kind: 'found', path: place };
	const wanted = /\/env$/.test(interpreter) && first !== undefined && !first.startsWith('-') ? first : interpreter;
	const isThere = !wanted.endsWith('\r') && programIn(wanted, folder, path).kind === 'there';
	return isThere ? { kind: 'found', path: place } : { kind: 'no-interpreter', path: place, interpreter: wanted.trim() };
}

function head(path: string): string {
	try {
		const file = openSync(path, 'r');
		try {
			const bytes = Buffer.alloc(256);
			return bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, 0)).split('\n', 1)[0] ?? '';
		} finally {
			closeSync(file);
		}
	} catch {
		return '';
	}
}

/** Programs that a recipe starts by a name that it spells out, and script files that it gives them. */
export function programsOf(recipe: ProgramRecipe): {
	readonly programs: readonly string[];
	readonly scripts: readonly string[];
} {
	if (recipe.kind === 'command') {
		const [first, ...rest] = recipe.words;
		const scripts = rest.filter((word): word is string => typeof word === 'string' && isScript(word));
		return { programs: typeof first === 'string' ? [first] : [], scripts };
	}
	return inLine(recipe.text.join('\0'));
}

function isScript(word: string): boolean {
	return /^[\w./~+-]+\.(py|sh|R|m|pl|rb|jl|awk|mjs|cjs|js|ts)$/.test(word) && !word.startsWith('-');
}

/** What is no program, though it stands where one could. */
const shellWords = new Set(
	'if then elif else fi do done while until for in case esac { } ! time : . alias bg cd command eval exec exit export false fg getopts hash jobs kill let local printf pwd read readonly return set shift source test [ [[ times trap true type ulimit umask unalias unset wait break continue echo function select'.split(
		' ',
	),
);
/** Behind these the next word is a program again. */
const leading = new Set(['if', 'then', 'elif', 'else', 'do', 'while', 'until', '{', '!', 'time', 'exec', 'command']);

// A NUL stands for an interpolation. Words that hold one, or a substitution, are not known.
function inLine(line: string): { programs: string[]; scripts: string[] } {
	const [programs, scripts]: [string[], string[]] = [[], []];
	const functions = new Set([...line.matchAll(/([\w-]+)\s*\(\s*\)/g)].map(([, name = '']) => name));
	const tokens = line.match(
		/\\\n|\n|&&|\|\||;;|[|;&(){}]|\d*(?:>>|>\||>&|<&|<<-?|<>|[<>])|#[^\n]*|(?:\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|\$\([^()]*\)|[^\s\\'"|;&(){}<>]|\{(?=\S)|\}(?=\S))+/g,
	);
	let wantsProgram = true;
	let isTarget = false;
	let isCase = false;
	for (const token of tokens ?? []) {
		if (token.startsWith('#') || token === '\\\n') continue;
		for (const [, inner = ''] of token.matchAll(/\$\(([^()]*)\)/g)) programs.push(...inLine(inner).programs);
		if (/^(\n|&&|\|\||;;|[|;&({])$/.test(token)) wantsProgram = !isCase;
		else if (/^[)}]$/.test(token)) wantsProgram = false;
		else if (/^\d*[<>]/.test(token)) isTarget = true;
		else if (isTarget) isTarget = false;
		else if (token === 'case') [isCase, wantsProgram] = [true, false];
		else if (token === 'esac') isCase = false;
		else if (wantsProgram) {
			const word = plainWord(token);
			if (/^[A-Za-z_]\w*=/.test(token)) continue;
			wantsProgram = word !== undefined && leading.has(word);
			if (word !== undefined && !shellWords.has(word) && !functions.has(word)) programs.push(word);
		} else {
			const word = plainWord(token);
			if (word !== undefined && isScript(word)) scripts.push(word);
		}
	}
	return { programs, scripts };
}

/** A word without its quotes; undefined where the shell would put something into it. */
function plainWord(token: string): string | undefined {
	if (/[\0$`*?[]/.test(token) || token.startsWith('~')) return undefined;
	return token.replace(
		/'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|\\([\s\S])/g,
		(_, single, double, sign) => single ?? double ?? sign ?? '',
	);
}
