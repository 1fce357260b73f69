// Releases of Python that a machine has beside each other, as pyenv keeps them. Knows nothing of scanmake.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Interpreters by release (`3.12`), 3.8 and newer or those before. Empty where pyenv has none. */
export function pythonReleases(which: 'new' | 'old' = 'new'): ReadonlyMap<string, string> {
	const found = new Map<string, string>();
	for (const path of candidates()) {
		const program = 'import sys; print("%d.%d %s" % (sys.version_info[0], sys.version_info[1], sys.executable))';
		const { status, stdout } = spawnSync(path, ['-c', program], { encoding: 'utf8' });
		const [release = '', executable = ''] = (stdout ?? '').trim().split(' ');
		const [major = 0, minor = 0] = release.split('.').map(Number);
		const isNew = major > 3 || (major === 3 && minor >= 8);
		if (status === 0 && isNew === (which === 'new')) found.set(release, executable);
	}
	return found;
}

function candidates(): readonly string[] {
	const folder = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
	try {
		return readdirSync(folder).map((version) => join(folder, version, 'bin', 'python'));
	} catch {
		return [];
	}
}
