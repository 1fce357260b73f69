// The files of the project that a command or shell line names: by words as they are written, which count for all tasks of
// the rule, and by words made of parameters, which count for the tasks that have them. Knows no keys.
import { join } from 'node:path';
import { type NamingWord, namesIn, namingWords } from '../rules/filewords.ts';
import type { ProgramRecipe } from '../rules/recipe.ts';
import type { Column, Layout } from '../rules/space.ts';
import type { Part } from './code/reach.ts';
import { hex } from './digest.ts';
import { programIn } from './executable.ts';
import { interpreterOf } from './program-place.ts';
import type { ProjectFiles } from './project.ts';
import { isInterpreter, modulePaths, startedPythons } from './python-words.ts';
import type { Digest } from './tasks.ts';

/** A file that a key is made with. */
export interface KeyedFile {
	/** As the key has it: its path in the project, or its full path where it lies elsewhere. */
	readonly name: string;
	readonly path: string;
	readonly digest: Digest;
	/** Of a script: the files that it reaches, itself and those that its packages count by among them, by their bytes. */
	readonly sources?: readonly KeyedFile[];
	/** Of a script: what its digest is made of. */
	readonly parts?: readonly Part[];
}

/** The files whose bytes must be as they were for the digests of these to hold. */
export function filesBehind(files: readonly KeyedFile[]): readonly KeyedFile[] {
	return files.some(({ sources }) => sources !== undefined) ? files.flatMap((file) => file.sources ?? [file]) : files;
}

/** A file of the project that words name. */
export interface NamedFile {
	readonly name: string;
	readonly path: string;
	/** An interpreter runs it where it is a script: its text alone does not matter. */
	readonly isRun: boolean;
	/** It is started itself: its first line says by which interpreter. */
	readonly isStarted: boolean;
	/** The interpreters that may read it, by the recipe's names for them; undefined: one that nobody can name. */
	readonly pythons: readonly (string | undefined)[];
}

/** The files as canonical text for keys: `[["data/a.txt","<digest>"],…]`, each once, sorted; empty where there are none. */
export function filesText(files: readonly KeyedFile[]): string {
	if (files.length === 0) return '';
	const texts = files.map(({ name, digest }) => `[${JSON.stringify(name)},"${hex(digest)}"]`);
	return `[${[...new Set(texts)].sort().join(',')}]`;
}

/** What the words of a recipe that are made of parameters say over all its sets: once a combination of their values. */
export interface MadeTexts {
	readonly read: readonly string[];
	/** What the shell writes to. */
	readonly written: readonly string[];
}

/** Of a recipe that makes no words. */
export const noMadeTexts: MadeTexts = { read: [], written: [] };

/** Whether some word of the recipe is made of parameters. */
export function hasMadeWords(recipe: ProgramRecipe): boolean {
	return namingWords(recipe).some(isMade);
}

/** The texts of the words that are made of parameters. `seed` names no file. */
export function madeTexts(recipe: ProgramRecipe, layout: Layout): MadeTexts {
	const [read, written]: [string[], string[]] = [[], []];
	for (const word of namingWords(recipe).filter(isMade)) {
		const columns = columnsOf(word, layout);
		if (columns === undefined) continue;
		const numberOf = combinations(columns);
		let next = 0;
		for (let row = 0; row < layout.size; row++) {
			if (numberOf(row) < next) continue;
			next++;
			const text = textAt(word, columns, row);
			if (text !== undefined) (word.isWritten ? written : read).push(text);
		}
	}
	return { read, written };
}

/** The files that a recipe names. */
export interface NamedFiles {
	/** By words as they are written. */
	readonly written: readonly KeyedFile[];
	/** By texts made of parameters. */
	readonly made: ReadonlyMap<string, readonly KeyedFile[]>;
	/** Names of files that are there and cannot be read. */
	readonly unreadable: readonly string[];
}

/** The files that a recipe's words name, not yet read. */
export interface FoundFiles {
	readonly written: readonly NamedFile[];
	readonly made: ReadonlyMap<string, readonly NamedFile[]>;
}

/** Looks which words name a regular file of the project. What the shell itself writes to is no input. */
export function findFiles(recipe: ProgramRecipe, texts: MadeTexts, project: ProjectFiles): FoundFiles {
	const plain = namingWords(recipe).filter((word) => !isMade(word));
	const textsOf = (isWritten: boolean) =>
		plain.filter((word) => word.isWritten === isWritten).map(({ parts }) => parts.join(''));
	const outputs = new Set([...textsOf(true), ...texts.written].flatMap((text) => project.find(text) ?? []));
	const { folder } = project;
	const placeOf = (name: string) => programIn(name, folder, process.env['PATH'] ?? '');
	const started = startedPythons(recipe, (name) => placeOf(name).kind === 'there');
	const pythons = [...new Set([...started.interpreters, ...started.programs.flatMap(interpreterBehind)])];
	const readers = started.isUncertain || pythons.length === 0 ? [...pythons, undefined] : pythons;

	// of `coverage` and its like, which read scripts by themselves
	function interpreterBehind(program: string): string[] {
		const place = placeOf(program);
		const interpreter = place.kind === 'there' ? interpreterOf(place.path)?.trim() : undefined;
		return interpreter !== undefined && isInterpreter(interpreter) ? [interpreter] : [];
	}

	// where the recipe goes to another folder, words stand behind its name as well
	function isAmong(names: readonly string[], word: string): boolean {
		return names.some((name) => name === word || (started.isMoved && word.endsWith(`/${name}`)));
	}

	function inputsOf(text: string, isRun: boolean): NamedFile[] {
		return namesIn(text).flatMap((word) => {
			const name = project.find(word);
			if (name === undefined || outputs.has(name)) return [];
			const isStarted = isAmong(started.programs, word);
			const isScript = isRun || isStarted || isAmong(started.scripts, word);
			return [{ name, path: join(folder, name), isRun: isScript, isStarted, pythons: readers }];
		});
	}

	const made = new Map<string, readonly NamedFile[]>();
	for (const text of texts.read) {
		const files = inputsOf(text, started.runsMade);
		if (files.length > 0) made.set(text, files);
	}
	const named = textsOf(false).flatMap((text) => inputsOf(text, false));
	return { written: [...named, ...modulePaths(recipe).flatMap((path) => inputsOf(path, true))], made };
}

/** Gives each file that was found what it counts as. */
export async function keyFiles(
	{ written, made }: FoundFiles,
	keyed: (file: NamedFile) => Promise<KeyedFile>,
): Promise<NamedFiles> {
	const unreadable = new Set<string>();

	async function keyAll(files: readonly NamedFile[]): Promise<KeyedFile[]> {
		const all: KeyedFile[] = [];
		for (const file of files) {
			try {
				all.push(await keyed(file));
			} catch (error) {
				if (!isUnreadable(error)) throw error;
				unreadable.add(file.name);
			}
		}
		return all;
	}

	const keyedMade = new Map<string, readonly KeyedFile[]>();
	for (const [text, files] of made) {
		const all = await keyAll(files);
		if (all.length > 0) keyedMade.set(text, all);
	}
	return { written: await keyAll(written), made: keyedMade, unreadable: [...unreadable] };
}

function isUnreadable(error: unknown): boolean {
	const { code } = error as NodeJS.ErrnoException;
	return code === 'EACCES' || code === 'EPERM' || code === 'ENOENT';
}

/** The files that a single task's parameters name (those whose bytes count, see `filesBehind`), and their text. */
export interface TaskFiles {
	readonly files: readonly KeyedFile[];
	readonly text: string;
}

/** Returns a function that tells the files of a task; undefined where no parameter names any. Each list is made once. */
export function taskFiles(
	recipe: ProgramRecipe,
	made: NamedFiles['made'],
	layout: Layout,
): ((task: number) => TaskFiles) | undefined {
	const words = made.size === 0 ? [] : namingWords(recipe).flatMap((word) => naming(word, made, layout));
	if (words.length === 0) return undefined;
	const places = new Map([...made.keys()].map((text, place) => [text, place]));
	// by the places of the texts that name files: what else differs among tasks makes no list of its own
	const known = new Map<string, TaskFiles>();
	return (task) => {
		let name = '';
		for (const { word, columns } of words) {
			const place = places.get(textAt(word, columns, task) ?? '');
			if (place !== undefined) name = name === '' ? String(place) : `${name} ${place}`;
		}
		let found = known.get(name);
		if (found === undefined) {
			const texts = words.map(({ word, columns }) => textAt(word, columns, task) ?? '');
			const files = [...new Set(texts)].flatMap((text) => made.get(text) ?? []);
			found = { files: filesBehind(files), text: filesText(files) };
			known.set(name, found);
		}
		return found;
	};
}

// A word that is one parameter and none of whose values is a file says nothing.
function naming(word: NamingWord, made: NamedFiles['made'], layout: Layout) {
	const columns = isMade(word) && !word.isWritten ? columnsOf(word, layout) : undefined;
	if (columns === undefined) return [];
	const [first] = word.parts.length === 1 ? columns : [];
	const isSilent = first?.values.some((value) => typeof value === 'string' && made.has(value)) === false;
	return isSilent ? [] : [{ word, columns }];
}

function isMade(word: NamingWord): boolean {
	return word.parts.some((part) => typeof part !== 'string');
}

function columnsOf(word: NamingWord, layout: Layout): readonly Column[] | undefined {
	const columns: Column[] = [];
	for (const part of word.parts) {
		if (typeof part === 'string') continue;
		const column = layout.columns.find(({ name }) => name === part.name);
		if (column === undefined) return undefined;
		columns.push(column);
	}
	return columns;
}

// A number alone names no file; together with text it may.
function textAt(word: NamingWord, columns: readonly Column[], row: number): string | undefined {
	let text = '';
	let next = 0;
	for (const part of word.parts) {
		if (typeof part === 'string') {
			text += part;
			continue;
		}
		const column = columns[next++];
		const value = column?.values[column.codes[row]! - 1];
		if (value === undefined || (word.parts.length === 1 && typeof value !== 'string')) return undefined;
		text += String(value);
	}
	return text;
}

// Numbers the combinations of codes that rows have, from 0 as they appear: equal numbers, equal codes.
function combinations(columns: readonly Column[]): (row: number) => number {
	const steps = columns.map(({ codes, values }) => ({
		codes,
		base: values.length + 1,
		known: new Map<number, number>(),
	}));
	return (row) => {
		let number = 0;
		for (const { codes, base, known } of steps) {
			const pair = number * base + codes[row]!;
			let next = known.get(pair);
			if (next === undefined) {
				next = known.size;
				known.set(pair, next);
			}
			number = next;
		}
		return number;
	};
}
