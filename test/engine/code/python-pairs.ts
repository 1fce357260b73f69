// Pairs of small Python projects that differ by one edit, and whether the digest of `simulate` in model.py has to differ.
// All projects of a test file are asked for in one start of the interpreter. Knows nothing of what is in them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestFn } from 'ava';
import type { PythonCode, PythonResponse } from '../../../engine/code/python/ask.ts';
import { ownFile } from '../../../engine/version.ts';
import { pythonWith } from '../../python.ts';

/** Files by their names. */
export type Files = Readonly<Record<string, string>>;

/** One edit of a project: `from` in its text becomes `to`. */
export interface Pair {
	readonly title: string;
	readonly differs: boolean;
	readonly text: string;
	readonly from: string;
	readonly to: string;
}

/** A text is model.py up to a line such as `# file: synapse.py`, and so on. */
export function filesIn(text: string): Files {
	const files: Record<string, string> = {};
	let name = 'model.py';
	for (const line of text.replace(/^\n/, '').split('\n')) {
		const next = /^# file: (.+)$/.exec(line);
		if (next?.[1] !== undefined) {
			name = next[1];
			files[name] ??= '';
		} else files[name] = `${files[name] ?? ''}${line}\n`;
	}
	return files;
}

/** The edit has to change the digest. */
export function differs(title: string, text: string, from: string, to: string): Pair {
	return { title, differs: true, text, from, to };
}

/** The edit has to leave the digest alone. */
export function same(title: string, text: string, from: string, to: string): Pair {
	return { title, differs: false, text, from, to };
}

/** Writes files below a folder. */
export function write(folder: string, files: Files): void {
	for (const [name, text] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, name)), { recursive: true });
		writeFileSync(join(folder, name), text);
	}
}

/** A folder for this test file; it goes when the process does. */
export function workFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-reach-'));
	process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

/** What reach.py answers. */
export function reach(
	python: string,
	request: { folder: string; functions?: readonly { file: string; name: string }[]; scripts?: readonly string[] },
	environment: NodeJS.ProcessEnv = {},
): PythonResponse {
	const program = ownFile('engine/code/python/reach.py');
	const { stdout, stderr, status } = spawnSync(python, [program], {
		input: JSON.stringify({ functions: [], scripts: [], ...request }),
		encoding: 'utf8',
		cwd: request.folder,
		env: { ...process.env, ...environment },
		maxBuffer: 2 ** 28,
	});
	if (status !== 0) throw new Error(stderr);
	return JSON.parse(stdout) as PythonResponse;
}

/** What is said of `simulate` in model.py (or of a file as a script) of one project. */
export function codeOf(python: string, text: string, { name = 'simulate', script = '' } = {}): PythonCode {
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-reach-'));
	try {
		write(folder, filesIn(text));
		const asked =
			script === '' ? { functions: [{ file: join(folder, 'model.py'), name }] } : { scripts: [join(folder, script)] };
		const response = reach(python, { folder, ...asked });
		const code = [...response.functions, ...response.scripts][0];
		if (code === undefined) throw new Error('no answer');
		return code;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** One test a pair. */
export function testPairs(test: TestFn, pairs: readonly Pair[], asScript = false): void {
	const python = pythonWith();
	if (python === undefined) {
		test('pairs of projects', (t) => {
			t.log('skipped: there is no Python of 3.8 or newer');
			t.pass();
		});
		return;
	}
	let codes: readonly PythonCode[] | undefined;
	const all = (): readonly PythonCode[] => {
		if (codes !== undefined) return codes;
		const folder = workFolder();
		const files = pairs.flatMap(({ text, from, to }, index) => {
			write(join(folder, `${index}/before`), filesIn(text));
			write(join(folder, `${index}/after`), filesIn(text.replaceAll(from, to)));
			return ['before', 'after'].map((side) => join(folder, `${index}/${side}/model.py`));
		});
		const asked = asScript ? { scripts: files } : { functions: files.map((file) => ({ file, name: 'simulate' })) };
		const response = reach(python, { folder, ...asked });
		codes = asScript ? response.scripts : response.functions;
		return codes;
	};
	for (const [index, pair] of pairs.entries()) {
		test(pair.title, (t) => {
			t.true(pair.text.includes(pair.from), 'the edit is one');
			const [before, after] = [all()[2 * index], all()[2 * index + 1]];
			t.deepEqual([before?.problems, after?.problems], [[], []]);
			if (pair.differs) t.not(before?.digest, after?.digest);
			else t.is(before?.digest, after?.digest);
		});
	}
}
