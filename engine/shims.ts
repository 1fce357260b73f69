// Programs that start another one: shims of pyenv, asdf or mise, which take the version that a variable or a file of the
// surroundings names, and wrappers, of which nobody knows what they go by. Tells them apart, and what a shim goes by as one
// text that is another where these are. Starts nothing.
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { digestBytes, hex } from './digest.ts';
import { headOf } from './program-place.ts';
import { stampOf } from './stamp.ts';

/** What answers under a program's name: itself, the version that a shim chooses, or whatever a wrapper starts. */
export type Starter = 'program' | 'shim' | 'wrapper';

const managers = /^(pyenv|rbenv|nodenv|asdf|mise|rtx)(\.exe)?$/;
const handsOver = /\b(pyenv|rbenv|nodenv|asdf|mise|rtx)["']?[ \t]+exec\b/;
const python = /^(python|pypy)/;

/** Of a program under its full path. A script starts what its lines say; a link to another program (`python3` → `mise`), too. */
export function starterOf(path: string): Starter {
	const head = headOf(path, 4096);
	if (head.startsWith('#!')) return handsOver.test(head) ? 'shim' : 'wrapper';
	const real = realName(path);
	if (managers.test(real)) return managers.test(basename(path)) ? 'program' : 'shim';
	return python.test(basename(path)) && !python.test(real) ? 'wrapper' : 'program';
}

const variables = [
	...['PATH', 'HOME', 'VIRTUAL_ENV', 'CONDA_PREFIX', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME'],
	...['PYENV_VERSION', 'PYENV_ROOT', 'PYENV_DIR'],
];
const asked = /^_?(ASDF|MISE|RTX|RBENV|NODENV)_/;
const files = [
	...['.python-version', '.tool-versions', '.ruby-version', '.node-version'],
	...['mise.toml', '.mise.toml', 'mise.local.toml', '.mise.local.toml', 'mise/config.toml', '.mise/config.toml'],
	...['.config/mise.toml', '.config/mise/config.toml', '.rtx.toml'],
];

/** What could make the shim at `path` start another program when it is started in `folder`; cheap to ask. */
export function shimGround(path: string, folder: string, environment: NodeJS.ProcessEnv): string {
	const others = Object.keys(environment).filter((name) => asked.test(name));
	const said = [...variables, ...others.sort()].map((name) => [name, environment[name] ?? null]);
	const home = environment['HOME'] ?? '/';
	// a shim lies in its manager's folder, beside the versions that there are
	const root = dirname(dirname(path));
	const pyenv = environment['PYENV_ROOT'] ?? join(home, '.pyenv');
	const config = environment['XDG_CONFIG_HOME'] ?? join(home, '.config');
	const data = environment['XDG_DATA_HOME'] ?? join(home, '.local/share');
	const texts = [
		...[join(root, 'version'), join(pyenv, 'version'), join(home, '.tool-versions')],
		...[join(config, 'mise/config.toml'), join(config, 'mise.toml'), '/etc/mise/config.toml'],
	];
	const lists = [
		...[root, pyenv].map((one) => join(one, 'versions')),
		...[root, join(home, '.asdf'), join(data, 'mise')].map((one) => join(one, 'installs/python')),
		join(config, 'mise/conf.d'),
	];
	for (let above = folder; ; above = dirname(above)) {
		texts.push(...files.map((name) => join(above, name)));
		if (above === dirname(above)) break;
	}
	const seen = [texts.map(textOf), lists.map(looksOf)];
	return hex(digestBytes(JSON.stringify([said, seen]))).slice(0, 32);
}

function textOf(path: string): string | null {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return null;
	}
}

function looksOf(path: string): string {
	const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
	return stat === undefined ? '' : stampOf(stat);
}

function realName(path: string): string {
	try {
		return basename(realpathSync(path));
	} catch {
		return basename(path);
	}
}
