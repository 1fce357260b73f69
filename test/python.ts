// The Pythons of this machine, for tests: which has what. Knows nothing of scanmake.
import { spawnSync } from 'node:child_process';

const known = new Map<string, string | undefined>();

/** Debian's own interpreter has Debian's packages, whatever comes first on PATH. */
const candidates = ['python3', '/usr/bin/python3'];

/** An interpreter of 3.8 or newer that has these modules, as a path; undefined: there is none. */
export function pythonWith(...modules: readonly string[]): string | undefined {
	const name = modules.join(' ');
	if (!known.has(name)) known.set(name, find(modules));
	return known.get(name);
}

function find(modules: readonly string[]): string | undefined {
	const wanted = modules.map((module) => `import ${module}`);
	const program = ['import sys', 'assert sys.version_info >= (3, 8)', ...wanted, 'print(sys.executable)'].join('\n');
	for (const candidate of candidates) {
		const { status, stdout } = spawnSync(candidate, ['-c', program], { encoding: 'utf8' });
		if (status === 0) return stdout.trim();
	}
	return undefined;
}
