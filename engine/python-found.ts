// What `doctor` finds of a scan's Python: the interpreter, who wants it, whether numpy is there. Words nothing itself.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Interpreter } from './code/python/interpreter.ts';
import type { OpenedScan } from './opened.ts';

export interface PythonFound {
	/** Targets with Python functions. */
	readonly rules: readonly string[];
	readonly interpreter: Interpreter;
	/** The version of numpy that functions have; undefined: it is not there. */
	readonly numpy: string | undefined;
}

const limitMilliseconds = 10_000;

/** Undefined where no rule has a Python function. */
export async function lookAtPython(scan: OpenedScan): Promise<PythonFound | undefined> {
	const rules = scan.order.filter((place) => scan.rules[place]?.recipe.kind === 'python').map(scan.nameOf);
	if (rules.length === 0) return undefined;
	const interpreter = await scan.loaded.python.interpreter();
	const numpy = interpreter.kind === 'found' ? await versionOf('numpy', interpreter.path, scan.folder) : undefined;
	return { rules, interpreter, numpy };
}

async function versionOf(name: string, interpreter: string, folder: string): Promise<string | undefined> {
	const program = `import importlib.metadata; print(importlib.metadata.version(${JSON.stringify(name)}))`;
	const options = { cwd: folder, timeout: limitMilliseconds };
	try {
		const { stdout } = await promisify(execFile)(interpreter, ['-B', '-c', program], options);
		return stdout.trim().split('\n').at(-1);
	} catch {
		return undefined;
	}
}
