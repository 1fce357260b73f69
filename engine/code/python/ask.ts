// Asks an interpreter what functions and scripts reach: reach.py is run once, a request goes in and a response comes out as
// JSON. User code is never run by it. Knows the wire and how a process can fail; keeps nothing.
import { spawn } from 'node:child_process';
import { ownFile } from '../../version.ts';
import type { Part } from '../reach.ts';

/** A function of a file, both as the Scanfile names them; the file by its full path. */
export interface PythonFunction {
	readonly file: string;
	readonly name: string;
}

/** A remark or complaint of the analysis; `file` is a full path. */
export interface PythonRemark {
	readonly message: string;
	readonly file: string;
	/** 0: the whole file. */
	readonly line: number;
	/** The environment variable that it is about. */
	readonly variable?: string | undefined;
	/** The file that it is about, as the code names it. */
	readonly names?: string | undefined;
}

/** How a function can be called. */
export interface PythonSignature {
	readonly names: readonly { readonly name: string; readonly required: boolean }[];
	/** How many of them can be given by their place. */
	readonly positional: number;
	/** It takes any other name: `**rest`. */
	readonly rest: boolean;
	/** Where it is written, if that is known; the file by its full path. */
	readonly file?: string | undefined;
	readonly line?: number | undefined;
}

/** What a function or a script reaches. */
export interface PythonCode {
	/** Of all that it reaches, installed packages and the release of Python among it; hexadecimal. */
	readonly digest: string;
	/** Files by their full path. */
	readonly parts: readonly Part[];
	/** Every file of the project that it reaches, with the SHA-256 of its bytes (hexadecimal). */
	readonly sources: readonly { readonly path: string; readonly digest: string }[];
	/** What it stands on that no worker is handed: files of packages by which these count, as they are named to the user. */
	readonly packages: readonly { readonly name: string; readonly path: string; readonly digest: string }[];
	/** Compiled modules of the project that it reaches, alike. */
	readonly extensions?: readonly { readonly path: string; readonly digest: string }[] | undefined;
	readonly module: string;
	/** In front of `sys.path`. */
	readonly path: readonly string[];
	/** Null: not known. */
	readonly signature: PythonSignature | null;
	readonly warnings: readonly PythonRemark[];
	readonly problems: readonly PythonRemark[];
}

/** What is asked. */
export interface PythonRequest {
	/** The Scanfile's. */
	readonly folder: string;
	readonly functions: readonly PythonFunction[];
	readonly scripts: readonly string[];
}

/** What the interpreter is and what it found, in the order of the request. */
export interface PythonResponse {
	readonly python: {
		readonly version: readonly [number, number, number];
		readonly implementation: string;
		readonly executable: string;
	};
	readonly functions: readonly PythonCode[];
	readonly scripts: readonly PythonCode[];
	/** What a change of may change the answers. */
	readonly watched: {
		readonly files: readonly { readonly path: string; readonly digest: string }[];
		readonly folders: readonly string[];
		readonly absent: readonly string[];
	};
}

/** The response, or how it did not come: `ended with exit status 127 (it printed: …)`. */
export type PythonAnswer =
	| { readonly kind: 'said'; readonly response: PythonResponse }
	| { readonly kind: 'wrong'; readonly how: string };

const longestSeconds = 30;

/** Starts the interpreter at `path` in the Scanfile's folder. */
export function askPython(path: string, request: PythonRequest, limitSeconds = longestSeconds): Promise<PythonAnswer> {
	const wrong = (how: string): PythonAnswer => ({ kind: 'wrong', how });
	return new Promise((done) => {
		const child = spawn(path, ['-B', ownFile('engine/code/python/reach.py')], {
			cwd: request.folder,
			stdio: ['pipe', 'pipe', 'pipe'],
		});
		let [stdout, stderr] = ['', ''];
		const finish = (answer: PythonAnswer) => {
			clearTimeout(timer);
			child.kill('SIGKILL');
			for (const stream of child.stdio) stream?.destroy();
			done(answer);
		};
		const timer = setTimeout(
			() => finish(wrong(`had not answered after ${limitSeconds} seconds`)),
			limitSeconds * 1000,
		);
		child.stdout.setEncoding('utf8').on('data', (text: string) => {
			stdout += text;
		});
		child.stderr.setEncoding('utf8').on('data', (text: string) => {
			stderr += text;
		});
		child.on('error', (error: NodeJS.ErrnoException) => finish(wrong(`cannot be started (${error.code})`)));
		child.on('close', (status, signal) => {
			const response = status === 0 ? responseIn(stdout) : undefined;
			if (response !== undefined) finish({ kind: 'said', response });
			else if (status === 0) finish(wrong(`gave no answer that can be read${printed(stdout || stderr)}`));
			else finish(wrong(`ended with ${signal ?? `exit status ${status}`}${printed(stderr || stdout)}`));
		});
		// one that ends before it has read says why itself
		child.stdin.on('error', () => undefined);
		child.stdin.end(asciiJson(request));
	});
}

// What the site's own start-up files print stands in front of the response.
function responseIn(text: string): PythonResponse | undefined {
	const line = text.trimEnd().split('\n').at(-1) ?? '';
	try {
		const response = JSON.parse(line) as Partial<PythonResponse>;
		return Array.isArray(response.python?.version) ? (response as PythonResponse) : undefined;
	} catch {
		return undefined;
	}
}

// Whatever encoding the interpreter takes its input for.
function asciiJson(request: PythonRequest): string {
	return JSON.stringify(request).replace(
		/[\u0080-\uffff]/g,
		(sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
}

// The first line of a shim's complaint, the last of a traceback.
function printed(text: string): string {
	const lines = text.split('\n').filter((line) => line.trim() !== '');
	const line = (text.includes('Traceback (most recent call last)') ? lines.at(-1) : lines[0])?.trim() ?? '';
	if (line === '') return ', without a word';
	return ` (it printed: ${line.length > 200 ? `${line.slice(0, 200)}…` : line})`;
}
