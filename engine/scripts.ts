// What the files count as that commands and shell lines name: a Python script by what it reaches, any other file by its
// bytes. Knows neither words nor keys.
import { accessSync, constants } from 'node:fs';
import { extname } from 'node:path';
import { identityOf } from './code/python/identity.ts';
import type { PythonProject, PythonReader } from './code/python/project.ts';
import { scriptText } from './code/python/text.ts';
import { digestBytes, fromHex, hex } from './digest.ts';
import type { Complaint } from './errors.ts';
import type { FileDigests } from './files.ts';
import type { KeyedFile, NamedFile } from './inputs.ts';
import { interpreterOf } from './program-place.ts';
import { nameIn } from './project.ts';
import { isInterpreter } from './python-words.ts';

/** Turns files that are named into files of keys. */
export interface ScriptKeys {
	/** Reads the scripts among these files at once: asked one by one, each would start an interpreter. */
	expect(files: readonly NamedFile[]): Promise<void>;
	/** Throws where the file cannot be read. */
	keyed(file: NamedFile): Promise<KeyedFile>;
	/** Interpreters that could not be asked. */
	warnings(): readonly Complaint[];
}

/** The interpreters that a script is read with. */
interface Reading {
	readonly readers: readonly PythonReader[];
	/** One that nobody can name may run it: the scan's stands in for it, and text counts as well. */
	readonly isUncertain: boolean;
}

/** Whether a file is a Python script by its name, or without an ending by its first line. */
function isScript(path: string): boolean {
	return path.endsWith('.py') || (extname(path) === '' && isInterpreter(interpreterOf(path)?.trim() ?? ''));
}

export function scriptKeys(python: PythonProject, folder: string, digests: FileDigests): ScriptKeys {
	const lacking = new Map<string, Set<string>>();

	function readingOf({ path, isStarted, pythons }: NamedFile): Reading {
		const own = isStarted ? interpreterOf(path)?.trim() : undefined;
		const names = isStarted ? [own !== undefined && isInterpreter(own) ? own : undefined] : pythons;
		const found = names.map((name) => (name === undefined ? undefined : python.startedAs(name)));
		const readers = new Set(found.map((reader) => reader ?? python.own));
		return { readers: [...readers], isUncertain: found.includes(undefined) };
	}

	async function read(reader: PythonReader, { name, path }: NamedFile) {
		const interpreter = await reader.interpreter();
		// one of a command may be as old as it likes
		if (interpreter.kind !== 'found' && !(interpreter.kind === 'too-old' && interpreter.from === 'command'))
			lacking.set(interpreter.message, (lacking.get(interpreter.message) ?? new Set<string>()).add(name));
		const code = await reader.script(path);
		// what this Python cannot read, another may: nothing is known but text
		const known = code.problems.length === 0 ? code : scriptText(path);
		return { ...identityOf(known, interpreter, folder), sources: known.sources };
	}

	async function ofScript(file: NamedFile): Promise<KeyedFile> {
		const { name, path, isRun } = file;
		accessSync(path, constants.R_OK);
		const { readers, isUncertain } = readingOf(file);
		const codes = [];
		for (const reader of readers) codes.push(await read(reader, file));
		const all = new Map(codes.flatMap(({ sources }) => sources.map((source) => [source.path, source] as const)));
		const sources = [...all.values()].map((source): KeyedFile => {
			const own = source.path === path ? name : nameIn(folder, source.path);
			return { name: own, path: source.path, digest: fromHex(source.digest) };
		});
		const packages = codes.flatMap((code) => code.packages ?? []);
		sources.push(...new Map(packages.map((one) => [one.path, one])).values());
		const parts = codes.flatMap((code) => code.parts);
		const [first, ...others] = codes.map(({ digest }) => digest);
		if (first !== undefined && others.length === 0 && isRun && !isUncertain)
			return { name, path, digest: first, sources, parts };
		const counted = codes.map(({ digest }) => hex(digest));
		// some other program reads it, perhaps as text
		if (!isRun || isUncertain) counted.push(hex(await digests.digestOf(path)));
		return { name, path, digest: digestBytes(counted.join(' ')), sources, parts };
	}

	return {
		async expect(files) {
			const asked = new Map<PythonReader, Set<string>>();
			for (const file of files.filter(({ path }) => isScript(path)))
				for (const reader of readingOf(file).readers)
					asked.set(reader, (asked.get(reader) ?? new Set<string>()).add(file.path));
			for (const [reader, scripts] of asked) await reader.scripts([...scripts]);
			python.save();
		},
		async keyed(file) {
			const { name, path } = file;
			return isScript(path) ? ofScript(file) : { name, path, digest: await digests.digestOf(path) };
		},
		warnings: () =>
			[...lacking].map(([message, names]) => ({
				message: `${message} Until then ${[...names].join(', ')} counts by all Python text in and below its folder, comments too.`,
			})),
	};
}
