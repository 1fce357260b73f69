// Programs that commands start, as a user meets them: tools on PATH that change, are asked, come and go, and a program that
// another rule builds.
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { project } from './project.ts';

/** A project with a Scanfile of these rules, and a folder of tools in front of PATH. */
function ground(t: ExecutionContext, rules: string, files: Readonly<Record<string, string>> = {}) {
	const made = project(t, {
		'Scanfile.ts': `import { command, file, generate, grid, out, param, scan, shell, simulate, text, tool } from 'scanmake';
const over = grid({ n: [1, 2] });
export default scan({ ${rules} });
`,
		...files,
	});
	const bin = made.path('tools');
	mkdirSync(bin);
	const env = { PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` };
	/** Runs the command with the tools on PATH. */
	async function run(...typed: readonly string[]) {
		const { status, stdout, stderr } = await made.start(typed, env).ended;
		return { status, stdout, stderr };
	}
	/** Builds; tells what ran or failed, by target. */
	async function build(...typed: readonly string[]): Promise<Record<string, string>> {
		const { stdout, stderr } = await run(...typed, '--json');
		const { targets = [] } = JSON.parse(stdout || '{}') as {
			targets?: readonly { name: string; ran: number; failed: number; blocked: number }[];
		};
		if (targets.length === 0) t.fail(stderr + stdout);
		const did = targets.flatMap(({ name, ran, failed, blocked }): [string, string][] => {
			const parts = [ran > 0 ? `ran ${ran}` : '', failed > 0 ? `failed ${failed}` : '', blocked > 0 ? 'blocked' : ''];
			const words = parts.filter((part) => part !== '').join(', ');
			return words === '' ? [] : [[name, words]];
		});
		return Object.fromEntries(did);
	}
	function install(name: string, body: string, head = '#!/bin/sh'): void {
		writeFileSync(`${bin}/${name}`, `${head}\n${body}\n`);
		chmodSync(`${bin}/${name}`, 0o755);
	}
	return { ...made, bin, run, build, install };
}

const fire = `spikes: simulate({ over, run: command(['fire', param('n')], text()) }),
	lines: simulate({ over, run: shell.with(text())\`echo \${param('n')} | nice -n 1 count\` }),
	others: simulate({ over, run: shell.with(text())\`echo \${param('n')}\` })`;

test('a tool on PATH that is another reruns what starts it, and why says so', async (t) => {
	const { build, run, install, bin } = ground(t, fire);
	install('fire', 'echo one $1');
	install('count', 'wc -c');
	t.deepEqual(await build(), { spikes: 'ran 2', lines: 'ran 2', others: 'ran 2' });
	t.deepEqual(await build(), {});

	install('fire', 'echo one $1');
	t.deepEqual(await build(), {}, 'the same bytes');
	install('fire', 'echo two $1');
	const why = await run('why');
	t.true(why.stdout.includes('2 of `spikes` to run: the program fire changed.'), why.stdout);
	t.regex(why.stdout, /^lines: 2 tasks, all reused$/m);
	t.deepEqual(await build(), { spikes: 'ran 2' });

	install('count', 'wc -m');
	t.deepEqual(await build(), { lines: 'ran 2' }, 'behind nice');

	renameSync(`${bin}/fire`, `${bin}/fire-2`);
	symlinkSync('fire-2', `${bin}/fire`);
	t.deepEqual(await build(), {}, 'a link to the same bytes');
	install('fire-3', 'echo three $1');
	rmSync(`${bin}/fire`);
	symlinkSync('fire-3', `${bin}/fire`);
	t.deepEqual(await build(), { spikes: 'ran 2' }, 'a link to others');
});

test('a tool that is asked what it is counts by its answer alone', async (t) => {
	const { build, install, run } = ground(
		t,
		`spikes: simulate({ over, run: command(['fire', param('n')], text()), uses: tool('fire', '--version') })`,
	);
	const written = (version: string, body: string) =>
		install('fire', `case $1 in --version) echo fire ${version};; *) ${body};; esac`);
	written('1.0', 'echo a');
	t.deepEqual(await build(), { spikes: 'ran 2' });
	written('1.0', 'echo b');
	t.deepEqual(await build(), {});
	written('1.1', 'echo b');
	const { stdout } = await run('why');
	t.true(stdout.includes('2 of `spikes` to run: `fire --version` says fire 1.1 and said fire 1.0.'), stdout);
	t.deepEqual(await build(), { spikes: 'ran 2' });
});

test('a tool that was not there when the scan was planned counts by its name, and once more when it is there', async (t) => {
	const { build, install, run, bin } = ground(
		t,
		`spikes: simulate({ over, run: shell.with(text())\`fire 2> \${out('errors')} || echo none\` })`,
	);
	t.deepEqual(await build(), { spikes: 'ran 2' });
	t.deepEqual(await build(), {});
	install('fire', 'echo one');
	const { stdout } = await run('why');
	t.true(stdout.includes('2 of `spikes` to run: the program fire is there now and was not.'), stdout);
	t.deepEqual(await build(), { spikes: 'ran 2' });
	rmSync(`${bin}/fire`);
	t.deepEqual(await build(), {}, 'the results of without it are still there');
});

test('the program that a script names in its first line counts as the script does', async (t) => {
	const { build, install, bin } = ground(
		t,
		`spikes: simulate({ over, run: command(['fire'], text()) }),
	owns: simulate({ over, run: command(['./own'], text()) })`,
		{ own: '#!/usr/bin/env dialect\nthree\n' },
	);
	install('fire', 'one', `#!${bin}/dialect`);
	install('dialect', 'echo speaks; tail -n 1 "$1"');
	chmodSync(`${bin}/../own`, 0o755);
	t.deepEqual(await build(), { spikes: 'ran 2', owns: 'ran 2' });
	install('dialect', 'echo mumbles; tail -n 1 "$1"');
	t.deepEqual(await build(), { spikes: 'ran 2', owns: 'ran 2' });
	install('fire', 'two', `#!${bin}/dialect`);
	t.deepEqual(await build(), { spikes: 'ran 2' });
});

test('the Python behind a shim counts: another one reruns, though the shim is the same', async (t) => {
	const { build, install, write, path, bin } = ground(
		t,
		`spikes: simulate({ over, run: command(['python3', '-c', 'print(1)'], text()) })`,
		{ '.python-version': 'old\n' },
	);
	for (const version of ['old', 'new']) {
		const place = path(`versions/${version}/python`);
		write(
			`versions/${version}/python`,
			`#!/bin/sh\ncase "$4" in *executable*) echo ${place}; echo ${version};; *) echo runs ${version};; esac\n`,
		);
		chmodSync(place, 0o755);
	}
	install(
		'python3',
		`echo x >> ${bin}/started; exec ${path('versions')}/$(cat ${path('.python-version')})/python "$@"`,
	);
	t.deepEqual(await build(), { spikes: 'ran 2' });
	t.deepEqual(await build(), {});
	write('.python-version', 'new\n');
	t.deepEqual(await build(), { spikes: 'ran 2' });
	write('.python-version', 'old\n');
	t.deepEqual(await build(), {});
});

test('a program of the project that cannot be executed any more is no reason to reuse', async (t) => {
	const { build, path, run } = ground(t, `spikes: simulate({ over, run: command(['./lif'], text()) })`, {
		lif: '#!/bin/sh\necho 1\n',
	});
	chmodSync(path('lif'), 0o755);
	t.deepEqual(await build(), { spikes: 'ran 2' });
	chmodSync(path('lif'), 0o644);
	t.true((await run('why')).stdout.includes('the program ./lif'));
	t.deepEqual(await build(), { spikes: 'failed 2' });
	chmodSync(path('lif'), 0o755);
	t.deepEqual(await build(), {});
});

const compiled = `lif: generate({ run: shell\`sed 's/ *#.*//' lif.sh > \${out('lif')} && chmod +x \${out('lif')}\` }),
	spikes: simulate({ over, from: { build: lif }, run: command([file('build', 'lif'), param('n')], text()) })`;

test('a program that another rule builds is started, and reruns follow its bytes', async (t) => {
	const { build, edit, run, write, read } = ground(t, 'lif, spikes', {
		'lif.sh': '# a script stands for a compiler\necho rate $1\n',
	});
	const rules = compiled
		.replace('lif: generate', 'const lif = generate')
		.replace(/,\n\tspikes: /, ';\nconst spikes = ');
	write('Scanfile.ts', read('Scanfile.ts').replace('export default', `${rules};\nexport default`));
	t.deepEqual(await build(), { lif: 'ran 1', spikes: 'ran 2' });
	t.true((await run('table', 'spikes')).stdout.includes('rate 2'));
	t.deepEqual(await build(), {});
	edit('lif.sh', 'stands', 'stood');
	t.deepEqual(await build(), { lif: 'ran 1' }, 'a comment: built anew, to the same bytes');
	edit('lif.sh', 'rate', 'rates');
	const why = await run('why');
	t.true(why.stdout.includes('1 of `lif` to run: the file lif.sh that the command names changed.'), why.stdout);
	t.regex(why.stdout, /2 of `spikes` wait for `lif` to run first\./);
	t.deepEqual(await build(), { lif: 'ran 1', spikes: 'ran 2' });
	const doctor = await run('doctor');
	t.regex(doctor.stdout + doctor.stderr, /sed/);
	t.notRegex(doctor.stdout + doctor.stderr, /not found|undefined|\[object/i);
	t.is((await run('show', 'spikes', 'n=1')).status, 0);
});

test('a tool that is replaced while its tasks run spoils their results, and the next build runs them', async (t) => {
	const { build, run, install } = ground(t, `spikes: simulate({ over, run: command(['fire'], text()) })`);
	install('fire', 'cp "$0" "$0.new"; echo "# more" >> "$0.new"; mv "$0.new" "$0"; echo one');
	const { status, stderr } = await run('-j', '1');
	t.is(status, 1);
	t.regex(stderr, /tools\/fire has changed since the build began/);
	install('fire', 'echo two');
	t.deepEqual(await build(), { spikes: 'ran 2' });
});
