// What doctor says of the Python of a scan: one point, with what to do. Knows no engine, only what it found.
import type { PythonFound } from '../engine/python-found.ts';
import type { Check } from './checks.ts';

const origins: Readonly<Record<PythonFound['interpreter']['from'], string>> = {
	option: 'the python option of the scan',
	VIRTUAL_ENV: 'the active VIRTUAL_ENV',
	'.venv': '.venv beside the Scanfile',
	PATH: 'the first python3 on PATH',
	command: 'which a command starts',
};

export function pythonCheck({ rules, interpreter, numpy }: PythonFound): Check {
	// the sentence has its remedy in it
	if (interpreter.kind !== 'found')
		return { check: 'python', state: 'problem', message: `${rules.join(', ')}: ${interpreter.message}` };
	const { path, version, implementation, from } = interpreter;
	const name = implementation === 'cpython' ? 'Python' : `Python (${implementation})`;
	const arrays = numpy === undefined ? 'without numpy' : `with numpy ${numpy}`;
	const message = `${name} ${version.join('.')} (of ${rules.join(', ')}) is ${path}, ${origins[from]}, ${arrays}`;
	return { check: 'python', state: 'ok', message };
}
