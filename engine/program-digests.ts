// How the programs that commands start count in keys: by the bytes that their names lead to on this machine, links followed.
// A program of the project counts as a file does, and one that `uses` asks what it is counts by its answer alone.
// Knows no keys and no store; starts nothing but a Python that stands behind a shim.
import { statSync } from 'node:fs';
import { basename, isAbsolute } from 'node:path';
import { isProgram } from '../rules/recipe.ts';
import type { Rule } from '../rules/rule.ts';
import { digestBytes, hex } from './digest.ts';
import { type ProgramPlace, programIn } from './executable.ts';
import type { FileDigests } from './files.ts';
import type { KeyedFile } from './inputs.ts';
import { interpreterOf } from './program-place.ts';
import { programsOf } from './programs.ts';
import type { ProjectFiles } from './project.ts';
import { starterOf } from './shims.ts';
import { stampOf } from './stamp.ts';
import type { Tools } from './tools.ts';

const isPython = /^(python|pypy)[\d.]*$/;

/** The programs of one rule. */
export interface CountedPrograms {
	/** Canonical text for keys: `[["python3","<digest>"],["sort",null]]`, sorted, each once (null: not there); empty: none. */
	readonly text: string;
	/** The files that were digested, for who looks at them again. */
	readonly files: readonly KeyedFile[];
}

/** What programs are looked for with. */
export interface ProgramGround {
	readonly project: ProjectFiles;
	readonly digests: FileDigests;
	readonly tools: Tools;
}

/**
 * Returns a function that tells the programs of a rule. A script counts by its own bytes and the program of its `#!` line. Of a
 * `python` that starts another program (see shims.ts) the interpreter that answers counts too, since that may be another
 * while its own bytes are the same. A program that may be started and not read counts by its looks.
 */
export function programDigests({ project, digests, tools }: ProgramGround): (rule: Rule) => Promise<CountedPrograms> {
	const places = new Map<string, ProgramPlace>();

	function placeOf(name: string): ProgramPlace {
		const place = places.get(name) ?? programIn(name, project.folder, process.env['PATH'] ?? '');
		places.set(name, place);
		return place;
	}

	return async (rule) => {
		const { recipe, options } = rule;
		if (!isProgram(recipe)) return { text: '', files: [] };
		const telling = new Set(
			options.uses.map((used) => (typeof used !== 'string' && used.kind === 'tool' ? used.program : '')),
		);
		const counted = new Map<string, string>();
		const files: KeyedFile[] = [];

		async function count(name: string, isWritten: boolean): Promise<void> {
			if (telling.has(name) || counted.has(name)) return;
			const place = placeOf(name);
			const isOwn = isWritten && name.includes('/') && project.find(name) !== undefined;
			if (place.kind === 'not-executable') counted.set(name, '"not executable"');
			// one of the project counts as a file once it is there, and where the line goes to another folder is not known
			else if (place.kind === 'not-found' && (isAbsolute(name) || !name.includes('/'))) counted.set(name, 'null');
			if (place.kind !== 'there') return;
			if (!isOwn) counted.set(name, await digestOf(place.path, files));
			const interpreter = interpreterOf(place.path)?.trim();
			if (interpreter !== undefined) await count(interpreter, false);
			if (isOwn || !isPython.test(basename(name)) || starterOf(place.path) === 'program') return;
			const behind = await pythonBehind(name, files);
			if (behind !== undefined) counted.set(`${name}: sys.executable`, behind);
		}

		for (const name of programsOf(recipe, (one) => placeOf(one).kind === 'there').programs) await count(name, true);
		const texts = [...counted].map(([name, value]) => `[${JSON.stringify(name)},${value}]`);
		return { text: texts.length === 0 ? '' : `[${texts.sort().join(',')}]`, files };
	};

	async function digestOf(path: string, files: KeyedFile[]): Promise<string> {
		try {
			const digest = await digests.digestOf(path);
			files.push({ name: path, path, digest });
			return `"${hex(digest)}"`;
		} catch {
			return `"looks ${stampOf(statSync(path, { bigint: true }))}"`;
		}
	}

	async function pythonBehind(name: string, files: KeyedFile[]): Promise<string | undefined> {
		const said = await tools.pythonOf(name);
		if (said.kind !== 'said') return undefined;
		const [path = '', ...version] = said.text.split('\n');
		if (!isAbsolute(path) || programIn(path, '/', '').kind !== 'there') return undefined;
		return `"${hex(digestBytes(`${version.join('\n')}\n${await digestOf(path, files)}`))}"`;
	}
}
