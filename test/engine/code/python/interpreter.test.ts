// Which interpreter a scan has, and what is said where it has none. Nothing is started here.
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { interpreterPlace } from '../../../../engine/code/python/interpreter.ts';

function ground(t: ExecutionContext) {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'scanmake-interpreter-')));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	const path = (name: string) => join(folder, name);
	const put = (name: string, mode = 0o755) => {
		mkdirSync(dirname(path(name)), { recursive: true });
		writeFileSync(path(name), '');
		chmodSync(path(name), mode);
	};
	const look = (option?: string, environment: NodeJS.ProcessEnv = {}) => {
		const place = interpreterPlace(folder, option, { PATH: path('bin'), ...environment });
		return place.kind === 'there' ? `${place.from} ${place.path.slice(folder.length + 1)}` : place.message;
	};
	return { folder, path, put, look };
}

test('the option of the scan comes first, then VIRTUAL_ENV, then .venv beside the Scanfile, then python3 on PATH', (t) => {
	const { path, put, look } = ground(t);
	put('bin/python3');
	put('bin/python3.12');
	t.is(look(), 'PATH bin/python3');
	put('.venv/bin/python');
	t.is(look(), '.venv .venv/bin/python');
	put('other/bin/python');
	t.is(look(undefined, { VIRTUAL_ENV: path('other') }), 'VIRTUAL_ENV other/bin/python');
	t.is(look('.venv/bin/python', { VIRTUAL_ENV: path('other') }), 'option .venv/bin/python');
	t.is(look('python3.12', { VIRTUAL_ENV: path('other') }), 'option bin/python3.12');
	t.is(look(undefined, { VIRTUAL_ENV: '' }), '.venv .venv/bin/python');
});

test('where there is no interpreter at all it is said how to come by one', (t) => {
	const { put, look, path } = ground(t);
	t.regex(look(), /^There is no python3 on PATH, so .* Install Python 3\.8 or newer, make .* or name an interpreter/);
	put('bin/python3', 0o644);
	t.true(look().startsWith(`${path('bin/python3')} on PATH cannot be executed, so that`));
});

test('an option that names no interpreter is told from a folder, a file that is not executable and a name off PATH', (t) => {
	const { put, look, path } = ground(t);
	put('.venv/bin/python');
	mkdirSync(path('empty'));
	put('text', 0o644);
	t.is(look('.venv'), 'python: ".venv" of the scan is a folder and no interpreter; write python: ".venv/bin/python".');
	t.is(look('empty'), 'python: "empty" of the scan is a folder and no interpreter; name the interpreter itself.');
	t.true(look('./text').includes(`is ${path('text')}, which is not executable. Make it so: chmod +x ${path('text')}`));
	t.regex(look('./none'), /names no interpreter: there is no .*none\. Correct it, or leave it out/);
	t.regex(look('python9'), /names no interpreter: it is not on PATH\. /);
});

test('a virtual environment whose Python is gone from under it is said to be moved, and how to make it anew', (t) => {
	const { look, path } = ground(t);
	mkdirSync(path('.venv/bin'), { recursive: true });
	symlinkSync('python3', path('.venv/bin/python'));
	symlinkSync('/nowhere/bin/python3.11', path('.venv/bin/python3'));
	const words = `is a link to /nowhere/bin/python3.11, which is not there: the virtual environment ${path('.venv')} was moved, or its Python was removed. Make it anew (python3 -m venv --clear ${path('.venv')}) and install its packages again.`;
	t.is(look(), `${path('.venv/bin/python')} ${words}`);
	t.is(look(undefined, { VIRTUAL_ENV: path('.venv') }), `${path('.venv/bin/python')} ${words}`);
	t.is(look('.venv/bin/python'), `python: ".venv/bin/python" of the scan ${words}`);
});

test('an environment without a Python is said by the name that it was found under', (t) => {
	const { look, path } = ground(t);
	mkdirSync(path('.venv'));
	t.regex(look(), /\.venv has no bin\/python: it is no whole virtual environment\. Make it anew/);
	t.regex(
		look(undefined, { VIRTUAL_ENV: path('gone') }),
		/^VIRTUAL_ENV names .*gone, which has no bin\/python\. Leave that environment .* or make it anew: python3 -m venv/,
	);
});
