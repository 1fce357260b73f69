// Which Python runs a scan's functions: what the Scanfile says, else the virtual environment that is active, else `.venv`
// beside the Scanfile, else `python3` on PATH. Looks at places and starts nothing; words what is wrong with a place.
import { lstatSync, readlinkSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { programIn } from '../../executable.ts';

/** Who named the interpreter: the scan, or a command that starts it. */
export type InterpreterOrigin = 'option' | 'VIRTUAL_ENV' | '.venv' | 'PATH' | 'command';

/** The program that is the scan's interpreter, or why there is none. */
export type InterpreterPlace =
	| { readonly kind: 'there'; readonly path: string; readonly from: InterpreterOrigin }
	| { readonly kind: 'missing' | 'broken'; readonly from: InterpreterOrigin; readonly message: string };

/** The interpreter of a scan as it says of itself, or a full sentence on why none can be used. */
export type Interpreter =
	| {
			readonly kind: 'found';
			/** What to start: `sys.executable`, where another program led to it. */
			readonly path: string;
			readonly version: readonly [number, number, number];
			/** `cpython`, `pypy`. */
			readonly implementation: string;
			readonly from: InterpreterOrigin;
	  }
	| {
			readonly kind: 'missing' | 'too-old' | 'broken';
			readonly from: InterpreterOrigin;
			readonly message: string;
	  };

/** The oldest release of Python that runs a scan's functions. */
export const oldestPython = [3, 8] as const;

const example = 'scan({ … }, { python: "/usr/bin/python3" })';

/** Looks for the interpreter. `option` is what the Scanfile says; relative paths begin at its folder. */
export function interpreterPlace(
	folder: string,
	option: string | undefined,
	environment: NodeJS.ProcessEnv,
): InterpreterPlace {
	if (option !== undefined) return optionPlace(folder, option, environment);
	const active = environment['VIRTUAL_ENV'] ?? '';
	if (active !== '') return environmentPlace(resolve(folder, active), 'VIRTUAL_ENV');
	const own = join(folder, '.venv');
	if (statSync(own, { throwIfNoEntry: false })?.isDirectory() === true) return environmentPlace(own, '.venv');
	const place = programIn('python3', folder, environment['PATH'] ?? '');
	if (place.kind === 'there') return { kind: 'there', path: place.path, from: 'PATH' };
	const what = place.kind === 'not-found' ? 'There is no python3 on PATH' : `${place.path} on PATH cannot be executed`;
	const message = `${what}, so that no Python function can run. Install Python ${oldestPython.join('.')} or newer, make a virtual environment .venv beside the Scanfile, or name an interpreter: ${example}`;
	return { kind: 'missing', from: 'PATH', message };
}

/** Looks for a program that a command starts; undefined: it cannot be started. */
export function commandPlace(
	folder: string,
	program: string,
	environment: NodeJS.ProcessEnv,
): InterpreterPlace | undefined {
	const place = programIn(program, folder, environment['PATH'] ?? '');
	return place.kind === 'there' ? { kind: 'there', path: place.path, from: 'command' } : undefined;
}

function optionPlace(folder: string, option: string, environment: NodeJS.ProcessEnv): InterpreterPlace {
	const from = 'option';
	const said = `python: ${JSON.stringify(option)} of the scan`;
	const place = programIn(option, folder, environment['PATH'] ?? '');
	if (place.kind === 'there') return { kind: 'there', path: place.path, from };
	const path = resolve(folder, option);
	const link = danglingLink(path);
	if (link !== undefined)
		return { kind: 'broken', from, message: `${said} is ${danglingWords(path, link)} ${remedyOfMoved(path)}` };
	if (isFolder(path)) {
		const inside = join(option, 'bin/python');
		const hint =
			programIn(inside, folder, '').kind === 'there'
				? `write python: ${JSON.stringify(inside)}`
				: 'name the interpreter itself';
		return { kind: 'missing', from, message: `${said} is a folder and no interpreter; ${hint}.` };
	}
	if (place.kind === 'not-executable')
		return {
			kind: 'broken',
			from,
			message: `${said} is ${path}, which is not executable. Make it so: chmod +x ${path}`,
		};
	const where = option.includes('/') ? `there is no ${path}` : 'it is not on PATH';
	const message = `${said} names no interpreter: ${where}. Correct it, or leave it out: .venv and python3 are found by themselves.`;
	return { kind: 'missing', from, message };
}

function environmentPlace(environment: string, from: 'VIRTUAL_ENV' | '.venv'): InterpreterPlace {
	const path = join(environment, 'bin/python');
	const found = programIn(path, '/', '');
	if (found.kind === 'there') return { kind: 'there', path, from };
	const link = danglingLink(path);
	if (link !== undefined)
		return {
			kind: 'broken',
			from,
			message: `${path} is ${danglingWords(path, link)} ${remedyOfMoved(path)}`,
		};
	if (found.kind === 'not-executable')
		return { kind: 'broken', from, message: `${path} is not executable. Make the environment anew: ${making(path)}` };
	if (from === 'VIRTUAL_ENV')
		return {
			...{ kind: 'missing', from },
			message: `VIRTUAL_ENV names ${environment}, which has no bin/python. Leave that environment (deactivate, or unset VIRTUAL_ENV), or make it anew: ${making(path)}`,
		};
	const message = `${environment} has no bin/python: it is no whole virtual environment. Make it anew (${making(path)}), or remove it.`;
	return { kind: 'missing', from, message };
}

function danglingWords(path: string, link: string): string {
	return `a link to ${link}, which is not there: the virtual environment ${environmentOf(path)} was moved, or its Python was removed.`;
}

function remedyOfMoved(path: string): string {
	return `Make it anew (${making(path)}) and install its packages again.`;
}

function making(path: string): string {
	return `python3 -m venv --clear ${environmentOf(path)}`;
}

const environmentOf = (path: string): string => resolve(path, '../..');

/** Where a link leads that leads nowhere; undefined: it is none. */
function danglingLink(path: string): string | undefined {
	try {
		if (!lstatSync(path).isSymbolicLink() || statSync(path, { throwIfNoEntry: false }) !== undefined) return undefined;
		return lastLink(path);
	} catch {
		return undefined;
	}
}

// `python` is a link to `python3`, which is the link that was cut.
function lastLink(path: string): string {
	let at = path;
	for (let steps = 0; steps < 40; steps++) {
		const stat = lstatSync(at, { throwIfNoEntry: false });
		if (stat?.isSymbolicLink() !== true) return at;
		at = resolve(at, '..', readlinkSync(at));
	}
	return at;
}

function isFolder(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
