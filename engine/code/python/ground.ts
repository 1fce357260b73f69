// What decides which Python answers under a program's name, and what it finds: another text means that it is to be asked
// again. What a shim goes by is known; a wrapper may go by anything, and is started to see where it leads.
import { execFile } from 'node:child_process';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { shimGround, starterOf } from '../../shims.ts';
import { stampOf } from '../../stamp.ts';

/** Python itself reads these. */
const variables = [
	...['PYTHONPATH', 'PYTHONHOME', 'PYTHONNOUSERSITE', 'PYTHONUSERBASE', 'PYTHONPLATLIBDIR', 'PYTHONSAFEPATH'],
	...['VIRTUAL_ENV', 'HOME'],
];

const limitMilliseconds = 10_000;
// without `site`, which takes the most time; what a wrapper puts on the path is seen all the same
const askedWrapper = `import os, sys
print([sys.executable, os.path.realpath(os.path.dirname(sys.executable)), sys.version, [os.path.realpath(p) for p in sys.path]])`;

/** All that decides what the program at `path` is when it is started in `folder`. */
export async function groundOf(path: string, folder: string, environment: NodeJS.ProcessEnv): Promise<string> {
	const values = variables.map((name) => environment[name] ?? null);
	const known = [looksOf(path), fileText(join(dirname(dirname(path)), 'pyvenv.cfg')), ...values];
	const starter = starterOf(path);
	if (starter === 'shim') known.push(shimGround(path, folder, environment));
	if (starter === 'wrapper') known.push(await behind(path, folder));
	return JSON.stringify(known);
}

/** Where a program leads and how it looks; null: nothing is there. */
export function looksOf(path: string): string | null {
	try {
		const real = realpathSync(path);
		return `${path} ${realpathSync(dirname(path))} ${real} ${stampOf(statSync(real, { bigint: true }))}`;
	} catch {
		return null;
	}
}

async function behind(path: string, folder: string): Promise<string | null> {
	try {
		const options = { cwd: folder, timeout: limitMilliseconds };
		return (await promisify(execFile)(path, ['-S', '-B', '-c', askedWrapper], options)).stdout;
	} catch {
		return null;
	}
}

function fileText(path: string): string | null {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return null;
	}
}
