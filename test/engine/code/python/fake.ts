// Interpreters that tests make up: a script that notes that it was started and gives the answer that lies beside it.
// Knows the wire of the analysis and no Python.
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	realpathSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { PythonCode, PythonRequest, PythonResponse } from '../../../../engine/code/python/ask.ts';
import { type PythonOptions, type PythonProject, pythonProject } from '../../../../engine/code/python/project.ts';
import { digestBytes, hex } from '../../../../engine/digest.ts';

/** A folder with a made-up interpreter `bin/python3` in it. */
export interface FakePython {
	readonly folder: string;
	path(name: string): string;
	/** Writes a file and returns its path. */
	write(name: string, text: string): string;
	/** Writes a script that can be started, and returns its path. */
	program(name: string, body: string): string;
	/** What the interpreter answers from now on; files are digested as they are now. */
	answers(response: Partial<FakeAnswer>): void;
	starts(): number;
	/** What it was asked the last time. */
	request(): PythonRequest;
	/** The project, read anew. */
	project(more?: Partial<PythonOptions>): PythonProject;
}

export interface FakeAnswer {
	readonly version: readonly [number, number, number];
	readonly executable: string;
	readonly functions: readonly Partial<PythonCode>[];
	readonly scripts: readonly Partial<PythonCode>[];
	readonly files: readonly string[];
	readonly folders: readonly string[];
	readonly absent: readonly string[];
}

const nothing = {
	sources: [],
	packages: [],
	parts: [],
	module: 'model',
	path: [],
	signature: null,
	warnings: [],
	problems: [],
};

/** Code of which only the digest is said. */
export function codeOf(code: Partial<PythonCode>): PythonCode {
	return { ...nothing, digest: 'd', ...code };
}

export function fakePython(t: ExecutionContext): FakePython {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'scanmake-python-')));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	const path = (name: string) => join(folder, name);
	const write = (name: string, text: string) => {
		mkdirSync(dirname(path(name)), { recursive: true });
		writeFileSync(path(name), text);
		return path(name);
	};
	const program = (name: string, body: string) => {
		// one that hands over as a shim does is not started to see where it leads
		write(name, `#!/bin/sh\n${body}\n# pyenv exec\n`);
		chmodSync(path(name), 0o755);
		return path(name);
	};
	const python = program(
		'bin/python3',
		`echo x >> ${path('started')}; cat > ${path('request')}; cat ${path('answer')}`,
	);
	const answers: FakePython['answers'] = (given) => {
		const { version = [3, 11, 2], executable = python, functions = [], scripts = [] } = given;
		const files = (given.files ?? []).map((file) => ({ path: file, digest: hex(digestBytes(readFileSync(file))) }));
		const response: PythonResponse = {
			python: { version, executable, implementation: 'cpython' },
			functions: functions.map(codeOf),
			scripts: scripts.map(codeOf),
			watched: { files, folders: given.folders ?? [], absent: given.absent ?? [] },
		};
		write('answer', JSON.stringify(response));
	};
	answers({});
	return {
		...{ folder, path, write, program, answers },
		starts: () => (existsSync(path('started')) ? readFileSync(path('started'), 'utf8').length / 2 : 0),
		request: () => JSON.parse(readFileSync(path('request'), 'utf8')) as PythonRequest,
		project: (more = {}) =>
			pythonProject({
				...{ folder, option: undefined, keptFolder: path('kept') },
				environment: { PATH: `${path('bin')}:${process.env['PATH']}`, HOME: folder },
				...more,
			}),
	};
}
