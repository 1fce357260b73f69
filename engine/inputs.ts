// The files of the project that a command or shell line names: by words as they are written, which count for all tasks of
// the rule, and by words made of parameters, which count for the tasks that have them. Knows no keys.
import { join } from 'node:path';
import { type NamingWord, namesIn, namingWords } from '../rules/filewords.ts';
import type { ProgramRecipe } from '../rules/recipe.ts';
import type { Column, Layout } from '../rules/space.ts';
import { hex } from './digest.ts';
import type { FileDigests } from './files.ts';
import type { ProjectFiles } from './project.ts';
import type { Digest } from './tasks.ts';

/** A file that a key is made with. */
export interface KeyedFile {
	/** As the key has it: its path in the project, or its full path where it lies elsewhere. */
	readonly name: string;
	readonly path: string;
	readonly digest: Digest;
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

/** Looks which words name a regular file of the project. What the shell itself writes to is no input. */
export async function namedFiles(
	recipe: ProgramRecipe,
	texts: MadeTexts,
	project: ProjectFiles,
	digests: FileDigests,
): Promise<NamedFiles> {
	const plain = namingWords(recipe).filter((word) => !isMade(word));
	const textsOf = (isWritten: boolean) =>
		plain.filter((word) => word.isWritten === isWritten).map(({ parts }) => parts.join(''));
	const outputs = new Set([...textsOf(true), ...texts.written].flatMap((text) => project.find(text) ?? []));
	const unreadable = new Set<string>();

	async function inputsOf(text: string): Promise<KeyedFile[]> {
		const files: KeyedFile[] = [];
		for (const word of namesIn(text)) {
			const name = project.find(word);
			if (name === undefined || outputs.has(name)) continue;
			const path = join(project.folder, name);
			try {
				files.push({ name, path, digest: await digests.digestOf(path) });
			} catch {
				unreadable.add(name);
			}
		}
		return files;
	}

	const written: KeyedFile[] = [];
	for (const text of textsOf(false)) written.push(...(await inputsOf(text)));
	const made = new Map<string, readonly KeyedFile[]>();
	for (const text of texts.read) {
		if (!namesIn(text).some((name) => project.find(name) !== undefined)) continue;
		const files = await inputsOf(text);
		if (files.length > 0) made.set(text, files);
	}
	return { written, made, unreadable: [...unreadable] };
}

/** The files that a single task's parameters name, and their text. */
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
			found = { files, text: filesText(files) };
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
