// What is kept of an interpreter's answers, beside a Scanfile's bundle: who it is, and what functions and scripts reach,
// each while everything that was looked at for it is as it was. Starts nothing; knows no rule.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ownVersion } from '../../version.ts';
import { readChecked, writeChecked } from '../checked.ts';
import { unchanged, type Watched, watchListed, watchRead } from '../stamps.ts';
import type { PythonCode, PythonResponse } from './ask.ts';
import type { Interpreter } from './interpreter.ts';

/** Answers that came together and hold together. */
export interface AnswerGroup {
	readonly watched: readonly Watched[];
	/** By file and name (see `functionName`). */
	readonly functions: Readonly<Record<string, PythonCode>>;
	/** By full path. */
	readonly scripts: Readonly<Record<string, PythonCode>>;
}

/** All answers of one interpreter. */
export interface Answers {
	/** See ground.ts; what the program that was found led to. */
	readonly ground: string;
	readonly looks: string | null;
	readonly interpreter: Interpreter;
	readonly groups: readonly AnswerGroup[];
}

interface KeptFile {
	readonly format: string;
	readonly answers: Answers;
}

const formatVersion = 2;
/** Scripts that no command names any more leave in time. */
const mostGroups = 16;
/** With a checksum: a flipped bit would give one code the identity of another. */
const fileName = 'python.json';

/** The answers as they were left; whether they still hold is not looked at. */
export function readAnswers(folder: string): Answers | undefined {
	try {
		const body = readChecked(join(folder, fileName));
		const kept = body === undefined ? undefined : (JSON.parse(body) as KeptFile);
		return kept?.format === format() ? kept.answers : undefined;
	} catch {
		return undefined;
	}
}

/** Keeps answers. A folder that cannot be written costs time, nothing else. */
export function keepAnswers(folder: string, answers: Answers): void {
	try {
		mkdirSync(folder, { recursive: true });
		const kept: KeptFile = { format: format(), answers: { ...answers, groups: answers.groups.slice(-mostGroups) } };
		writeChecked(join(folder, fileName), JSON.stringify(kept));
	} catch {}
}

/** A response of a process that was started at `since` as a group; names are in the order of what was asked. */
export function groupOf(
	{ functions, scripts, watched }: PythonResponse,
	asked: { readonly functions: readonly string[]; readonly scripts: readonly string[] },
	since: bigint,
): AnswerGroup {
	const files = new Map(watched.files.map(({ path, digest }) => [path, digest]));
	for (const { sources } of [...functions, ...scripts]) for (const { path, digest } of sources) files.set(path, digest);
	return {
		watched: [
			...[...files].map(([path, digest]) => watchRead(path, digest, since)),
			...watched.folders.map((path) => watchListed(path, since)),
			...watched.absent.map((path): Watched => ({ kind: 'absent', path })),
		],
		functions: byName(asked.functions, functions),
		scripts: byName(asked.scripts, scripts),
	};
}

/** A group that still holds, perhaps with newer stamps; undefined: something that it was made of has changed. */
export function holding(group: AnswerGroup): AnswerGroup | undefined {
	try {
		const now = unchanged(group.watched);
		if (now === undefined) return undefined;
		return now.isNewer ? { ...group, watched: now.watched } : group;
	} catch {
		return undefined;
	}
}

function byName(names: readonly string[], codes: readonly PythonCode[]): Record<string, PythonCode> {
	return Object.fromEntries(
		names.flatMap((name, at) => {
			const code = codes[at];
			return code === undefined ? [] : [[name, code]];
		}),
	);
}

let known: string | undefined;

function format(): string {
	known ??= `scanmake python ${formatVersion}, scanmake ${ownVersion()}`;
	return known;
}
