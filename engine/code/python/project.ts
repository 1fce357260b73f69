// A project's Python: its interpreter, and what functions and scripts reach; and those of other Pythons that commands start.
// One process is started for all that is asked and not known; none while nothing changed. Without an interpreter, text
// decides. Knows no rules, identities or keys.
import { join } from 'node:path';
import { digestBytes, hex } from '../../digest.ts';
import { starterOf } from '../../shims.ts';
import { nowNanoseconds } from '../../stamp.ts';
import { type AnswerGroup, type Answers, groupOf, holding, keepAnswers, readAnswers } from './answers.ts';
import { askPython, type PythonCode, type PythonFunction, type PythonRequest, type PythonResponse } from './ask.ts';
import { groundOf, looksOf } from './ground.ts';
import {
	commandPlace,
	type Interpreter,
	type InterpreterPlace,
	interpreterPlace,
	oldestPython,
} from './interpreter.ts';
import { functionText, scriptText } from './text.ts';

/** What an interpreter says of code. */
export interface PythonReader {
	interpreter(): Promise<Interpreter>;
	/** What each of them reaches, in this order. */
	functions(asked: readonly PythonFunction[]): Promise<readonly PythonCode[]>;
	/** What each script reaches that is named by its full path, in this order. */
	scripts(paths: readonly string[]): Promise<readonly PythonCode[]>;
	script(path: string): Promise<PythonCode>;
	/** Keeps what was learned. */
	save(): void;
}

/** The Python of one Scanfile. */
export interface PythonProject extends PythonReader {
	/** The scan's. */
	readonly own: PythonReader;
	/** The Python that a command starts by this name, which may be another one; undefined: there is no such program. */
	startedAs(program: string): PythonReader | undefined;
}

/** Where a project's Python is looked for. */
export interface PythonOptions {
	/** The Scanfile's. */
	readonly folder: string;
	/** What the scan says: a path or a name on PATH. */
	readonly option: string | undefined;
	/** Where answers are kept; undefined: nowhere. */
	readonly keptFolder: string | undefined;
	/** Use what is kept, but write nothing. */
	readonly readOnly?: boolean | undefined;
	readonly environment?: NodeJS.ProcessEnv | undefined;
	readonly limitSeconds?: number | undefined;
}

type Wanted = Pick<PythonRequest, 'functions' | 'scripts'>;

/** Looks for nothing before it is asked. */
export function pythonProject(options: PythonOptions): PythonProject {
	const { folder, option, keptFolder, environment = process.env } = options;
	let place: InterpreterPlace | undefined;
	const placeOf = () => {
		place ??= interpreterPlace(folder, option, environment);
		return place;
	};
	const own = readerAt(options, placeOf);
	const others = new Map<string, PythonReader>();

	function otherAt(started: InterpreterPlace & { readonly kind: 'there' }): PythonReader {
		const name = hex(digestBytes(started.path)).slice(0, 16);
		const kept = keptFolder === undefined ? undefined : join(keptFolder, name);
		const other = others.get(name) ?? readerAt({ ...options, keptFolder: kept }, () => started);
		others.set(name, other);
		return other;
	}

	return {
		...own,
		own,
		startedAs(program) {
			const started = commandPlace(folder, program, environment);
			if (started?.kind !== 'there') return undefined;
			const place = placeOf();
			return place.kind === 'there' && place.path === started.path ? own : otherAt(started);
		},
		save() {
			for (const each of [own, ...others.values()]) each.save();
		},
	};
}

function readerAt(options: PythonOptions, placeOf: () => InterpreterPlace): PythonReader {
	const { folder, keptFolder, readOnly, environment = process.env } = options;
	let ground: Promise<string> | undefined;
	let known: Answers | undefined;
	/** It was asked, and could not answer. */
	let broken: Interpreter | undefined;
	let isLearned = false;
	/** Groups that were looked at and hold. */
	const held = new Set<AnswerGroup>();
	// one at a time: the second may find what the first has learned
	let last: Promise<unknown> = Promise.resolve();

	function inTurn<T>(act: () => Promise<T>): Promise<T> {
		const next = last.then(act);
		last = next.catch(() => undefined);
		return next;
	}

	function groundAt(path: string): Promise<string> {
		ground ??= groundOf(path, folder, environment);
		return ground;
	}

	/** What is kept, if the same interpreter is found in the same place. */
	async function recall(path: string): Promise<Answers | undefined> {
		if (known !== undefined) return known;
		const before = keptFolder === undefined ? undefined : readAnswers(keptFolder);
		if (before === undefined || before.ground !== (await groundAt(path))) return undefined;
		if (before.interpreter.kind === 'found' && before.looks !== looksOf(before.interpreter.path)) return undefined;
		known = before;
		return known;
	}

	/** The groups that still hold: others are forgotten. */
	function groups(): readonly AnswerGroup[] {
		if (known === undefined) return [];
		const now = known.groups.flatMap((group) => {
			const still = held.has(group) ? group : holding(group);
			if (still !== group) isLearned = true;
			if (still === undefined) return [];
			held.add(still);
			return [still];
		});
		known = { ...known, groups: now };
		return now;
	}

	async function asked(path: string, from: Interpreter['from'], wanted: Wanted): Promise<Interpreter> {
		const [ground, since] = [await groundAt(path), nowNanoseconds()];
		// a shim takes its time: what it led to is started from then on; a wrapper may set more than which one it is
		const before = known?.interpreter;
		const isAside = from === 'command' && starterOf(path) === 'wrapper';
		const program = before?.kind === 'found' && !isAside ? before.path : path;
		const answer = await askPython(program, { folder, ...wanted }, options.limitSeconds);
		if (answer.kind === 'wrong') {
			broken = { kind: 'broken', from, message: noAnswer(path, from, answer.how) };
			return broken;
		}
		const interpreter = interpreterOf(answer.response, path, from);
		const looks = interpreter.kind === 'found' ? looksOf(interpreter.path) : null;
		const made: AnswerGroup[] = [];
		if (interpreter.kind === 'found' && wanted.functions.length + wanted.scripts.length > 0)
			made.push(groupOf(answer.response, namesOf(wanted), since));
		for (const group of made) held.add(group);
		const others = groups().filter((old) => !made.some((group) => covers(group, old)));
		known = { ground, looks, interpreter, groups: [...others, ...made] };
		isLearned = true;
		return interpreter;
	}

	/** Makes sure that all of it is known; or says why it cannot be. */
	async function learn(wanted: Wanted): Promise<Interpreter> {
		const place = placeOf();
		if (place.kind !== 'there') return place;
		if (broken !== undefined) return broken;
		const { path, from } = place;
		const before = await recall(path);
		if (before !== undefined && before.interpreter.kind !== 'found') return before.interpreter;
		const { functions, scripts } = namesOf(wanted);
		const has = (what: 'functions' | 'scripts', name: string) => groups().some((one) => Object.hasOwn(one[what], name));
		const isKnown = functions.every((name) => has('functions', name)) && scripts.every((name) => has('scripts', name));
		return before !== undefined && isKnown ? before.interpreter : await asked(path, from, wanted);
	}

	const find = (what: 'functions' | 'scripts', name: string): PythonCode | undefined =>
		groups().findLast((group) => Object.hasOwn(group[what], name))?.[what][name];

	const reader: PythonReader = {
		interpreter: () => inTurn(() => learn({ functions: [], scripts: [] })),
		functions: (functions) =>
			inTurn(async () => {
				if (functions.length === 0) return [];
				const { kind } = await learn({ functions, scripts: [] });
				return functions.map((one) => {
					const code = kind === 'found' ? find('functions', functionName(one)) : undefined;
					return code ?? functionText(one.file, folder);
				});
			}),
		scripts: (scripts) =>
			inTurn(async () => {
				if (scripts.length === 0) return [];
				const { kind } = await learn({ functions: [], scripts });
				return scripts.map((path) => (kind === 'found' ? find('scripts', path) : undefined) ?? scriptText(path));
			}),
		script: async (path) => {
			const [code] = await reader.scripts([path]);
			return code ?? scriptText(path);
		},
		save() {
			if (!isLearned || readOnly === true || keptFolder === undefined || known === undefined) return;
			isLearned = false;
			keepAnswers(keptFolder, known);
		},
	};
	return reader;
}

function namesOf({ functions, scripts }: Wanted) {
	return { functions: functions.map(functionName), scripts };
}

function functionName({ file, name }: PythonFunction): string {
	return JSON.stringify([file, name]);
}

/** Whether all that the old group knows, or might, is known by the new one. A scan's functions are always asked for together. */
function covers(now: AnswerGroup, old: AnswerGroup): boolean {
	const [functions, scripts] = [Object.keys(old.functions), Object.keys(old.scripts)];
	const isOver = functions.length > 0 && Object.keys(now.functions).length > 0;
	return scripts.every((name) => Object.hasOwn(now.scripts, name)) && (functions.length === 0 || isOver);
}

function interpreterOf({ python }: PythonResponse, path: string, from: Interpreter['from']): Interpreter {
	const { version, implementation, executable } = python;
	const [major, minor] = version;
	if (major < oldestPython[0] || (major === oldestPython[0] && minor < oldestPython[1])) {
		const message = `${path} (${origins[from]}) is Python ${version.join('.')}, and scanmake needs ${oldestPython.join('.')} or newer. ${remedyOf(from)}`;
		return { kind: 'too-old', from, message };
	}
	return { kind: 'found', path: executable || path, version, implementation, from };
}

const remedyOf = (from: Interpreter['from']): string =>
	`${remedies[from].charAt(0).toUpperCase()}${remedies[from].slice(1)}`;

function noAnswer(path: string, from: Interpreter['from'], how: string): string {
	const whose = from === 'command' ? '' : " the scan's Python,";
	return `${path} (${origins[from]}),${whose} ${how} when it was asked about the scan's Python code. See whether it starts: ${path} --version. Or ${remedies[from]}`;
}

const origins: Readonly<Record<Interpreter['from'], string>> = {
	option: 'the python option of the scan',
	VIRTUAL_ENV: 'of the active VIRTUAL_ENV',
	'.venv': 'beside the Scanfile',
	PATH: 'the first python3 on PATH',
	command: 'which a command starts',
};

const remedies: Readonly<Record<Interpreter['from'], string>> = {
	option: 'name another interpreter there.',
	VIRTUAL_ENV: 'make that environment anew with another Python, or leave it (deactivate).',
	'.venv': 'make .venv anew with another Python: python3.12 -m venv --clear .venv',
	PATH: 'name another one in the Scanfile: scan({ … }, { python: "/usr/bin/python3" })',
	command: 'name another one in the command.',
};
