// What keys say of the programs that commands start, without running any command.
import {
	chmodSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	readFileSync,
	realpathSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { digestBytes, hex } from '../../engine/digest.ts';
import { fileDigests } from '../../engine/files.ts';
import { programDigests } from '../../engine/program-digests.ts';
import { projectFiles } from '../../engine/project.ts';
import { shimGround, starterOf } from '../../engine/shims.ts';
import { type Tools, toolsOf } from '../../engine/tools.ts';
import { command, param, shell, simulate, tool } from '../../rules/index.ts';
import type { Rule } from '../../rules/rule.ts';
import { folderWith } from './keyed.ts';

function ground(t: ExecutionContext) {
	const above = folderWith(t, {});
	const [folder, bin] = [join(above, 'project'), join(above, 'bin')];
	for (const each of [folder, bin]) mkdirSync(each);
	const facts = new Map<string, Uint8Array>();
	return {
		...{ above, folder, bin },
		write(name: string, text: string, mode = 0o755): string {
			writeFileSync(join(above, name), text);
			chmodSync(join(above, name), mode);
			return hex(digestBytes(text));
		},
		/** As a build that begins now would have them; what was learned is kept for the next. */
		async counted(recipe: unknown, options: Partial<Parameters<typeof simulate>[0]> = {}, given?: Tools) {
			const digests = fileDigests((name) => facts.get(name));
			const tools = given ?? toolsOf(folder, (name) => facts.get(name));
			const rule = simulate({ ...options, run: recipe as never }) as Rule;
			const found = await programDigests({ project: projectFiles(folder), digests, tools })(rule);
			for (const [name, fact] of [...digests.learned(), ...tools.learned()]) facts.set(name, fact);
			return { text: found.text, listed: JSON.parse(found.text || '[]') as unknown, files: found.files };
		},
	};
}

/** PATH is of the whole process: one test after the other. */
async function onPath<T>(path: string, act: () => Promise<T>): Promise<T> {
	const before = process.env['PATH'];
	process.env['PATH'] = path;
	try {
		return await act();
	} finally {
		process.env['PATH'] = before;
	}
}

test.serial(
	'programs count by the bytes that their names lead to, each once and sorted; one that is missing by its name',
	async (t) => {
		const { folder, bin, write, counted } = ground(t);
		const fire = write('bin/fire-2', 'bytes');
		symlinkSync('fire-2', join(bin, 'fire'));
		const other = write('other', 'others');
		write('project/lif', 'own');
		await onPath(bin, async () => {
			const { text, files } = await counted(
				shell`fire ${param('n')} | ./lif | nowhere | ../other; fire; echo; ./later`,
			);
			t.is(text, `[["../other","${other}"],["fire","${fire}"],["nowhere",null]]`);
			t.deepEqual(
				files.map(({ path }) => path),
				[join(bin, 'fire'), join(folder, '../other')],
			);
			t.is((await counted(shell`echo ${param('n')}`)).text, '');
			t.is((await counted(() => 1)).text, '');
			write('bin/fire', 'others');
			t.is((await counted(command(['fire']))).text, `[["fire","${other}"]]`);
		});
	},
);

test.serial(
	'a program that uses asks what it is counts by its answer alone, also as the interpreter of a script',
	async (t) => {
		const { bin, write, counted } = ground(t);
		const script = write('bin/script', '#!/usr/bin/env fire\n');
		const fire = write('bin/fire', 'bytes');
		await onPath(bin, async () => {
			t.deepEqual((await counted(command(['script']))).listed, [
				['fire', fire],
				['script', script],
			]);
			t.deepEqual((await counted(command(['script']), { uses: tool('fire', '-v') })).listed, [['script', script]]);
			t.deepEqual((await counted(command(['fire']), { uses: [tool('fire', '-v')] })).listed, []);
		});
	},
);

test.serial(
	'a program that may be started and not read counts by its looks; one that may not be started by that',
	async (t) => {
		const { bin, write, counted } = ground(t);
		write('bin/closed', 'bytes', 0o111);
		write('bin/plain', 'bytes', 0o644);
		await onPath(bin, async () => {
			t.deepEqual((await counted(command(['plain']))).listed, [['plain', 'not executable']]);
			const readable = process.getuid?.() === 0;
			t.regex((await counted(command(['closed']))).text, readable ? /"closed","[0-9a-f]{64}"/ : /"closed","looks \d+ /);
		});
	},
);

test.serial('the Python behind a shim is asked once while the shim and what it goes by are as they were', async (t) => {
	const { above, folder, bin, write, counted } = ground(t);
	const started = join(above, 'started');
	const starts = () => (existsSync(started) ? readFileSync(started, 'utf8').length / 2 : 0);
	write('real', 'the interpreter');
	write('bin/python3', `#!/bin/sh\necho x >> ${started}\necho ${join(above, 'real')}\necho 3.11\n# pyenv exec\n`);
	await setTimeout(2100);
	await onPath(bin, async () => {
		const ask = async () => (await counted(command(['python3', 'model.py']))).text;
		const before = await ask();
		t.regex(before, /^\[\["\/bin\/sh","\w+"\],\["python3","\w+"\],\["python3: sys.executable","\w+"\]\]$/);
		t.is(await ask(), before);
		t.is(starts(), 1);
		writeFileSync(join(folder, '.python-version'), '3.12');
		t.is(await ask(), before);
		t.is(starts(), 2, 'a version was chosen for the folder');
		process.env['PYENV_VERSION'] = '3.12';
		t.is(await ask(), before);
		delete process.env['PYENV_VERSION'];
		t.is(starts(), 3, 'a version was chosen by a variable');
		write('real', 'another interpreter');
		t.not(await ask(), before);
	});
});

test.serial('a tool that is a shim is asked again when what it goes by has changed', async (t) => {
	const { above, folder, write } = ground(t);
	const started = join(above, 'started');
	write('bin/fire', `#!/bin/sh\necho x >> ${started}\necho fire 1\n# exec asdf exec\n`);
	await setTimeout(2100);
	await onPath(`${join(above, 'bin')}:${process.env['PATH']}`, async () => {
		const facts = new Map<string, Uint8Array>();
		const ask = async () => {
			const tools = toolsOf(folder, (name) => facts.get(name));
			await tools.ask(tool('fire', '--version'));
			for (const [name, fact] of tools.learned()) facts.set(name, fact);
			return readFileSync(started, 'utf8').length / 2;
		};
		t.is(await ask(), 1);
		t.is(await ask(), 1);
		writeFileSync(join(folder, '.tool-versions'), 'fire 2');
		t.is(await ask(), 2);
	});
});

test.serial('a tool that is a script of anything else is asked each time: what it starts is not seen', async (t) => {
	const { above, folder, write } = ground(t);
	for (const version of ['1', '2']) write(`nest-${version}`, `#!/bin/sh\necho nest ${version}\n`);
	symlinkSync('nest-1', join(above, 'current'));
	write('bin/nest', `#!/bin/sh\nexec ${join(above, 'current')} "$@"\n`);
	await setTimeout(2100);
	await onPath(`${join(above, 'bin')}:${process.env['PATH']}`, async () => {
		const facts = new Map<string, Uint8Array>();
		const ask = async () => {
			const tools = toolsOf(folder, (name) => facts.get(name));
			const said = await tools.ask(tool('nest', '--version'));
			for (const [name, fact] of tools.learned()) facts.set(name, fact);
			return said.kind === 'said' ? said.text : said;
		};
		t.is(await ask(), 'nest 1');
		rmSync(join(above, 'current'));
		symlinkSync('nest-2', join(above, 'current'));
		t.is(await ask(), 'nest 2');
	});
});

test.serial('a Python that is a link to another program counts with the interpreter that it starts', async (t) => {
	const { above, bin, write, counted } = ground(t);
	// as mise has it: one program under all names, which looks where it is and what it is called
	copyFileSync(realpathSync('/bin/sh'), join(above, 'mise'));
	symlinkSync('../mise', join(bin, 'python3'));
	write('real-1', 'one');
	write('real-2', 'two');
	const said: string[] = [];
	const tools = {
		...toolsOf(above, () => undefined),
		pythonOf: async (program: string) => {
			said.push(program);
			return { kind: 'said' as const, text: `${join(above, `real-${said.length}`)}\n3.11` };
		},
	};
	await onPath(bin, async () => {
		const first = await counted(command(['python3', 'model.py']), {}, tools);
		t.regex(first.text, /"python3: sys\.executable","\w+"/);
		t.not((await counted(command(['python3', 'model.py']), {}, tools)).text, first.text);
		t.deepEqual(said, ['python3', 'python3']);
	});
});

test("programs, shims and wrappers are told apart; what a shim goes by has its manager's files in it", (t) => {
	const { above, folder, bin, write } = ground(t);
	write('bin/python3.11', 'bytes');
	write('bin/mise', 'bytes');
	write('bin/launcher', 'bytes');
	write('bin/shim', '#!/usr/bin/env bash\nexec "/opt/pyenv/libexec/pyenv" exec "$program" "$@"\n');
	write('bin/wrapper', '#!/bin/sh\nexec /opt/current/python "$@"\n');
	for (const [name, to] of Object.entries({
		python3: 'python3.11',
		node: 'mise',
		python: 'launcher',
		fire: 'launcher',
	}))
		symlinkSync(to, join(bin, name));
	const starters = ['python3.11', 'python3', 'mise', 'node', 'shim', 'wrapper', 'python', 'fire'];
	t.deepEqual(
		starters.map((name) => starterOf(join(bin, name))),
		['program', 'program', 'program', 'shim', 'shim', 'wrapper', 'wrapper', 'program'],
	);
	const now = (more: NodeJS.ProcessEnv = {}) => shimGround(join(bin, 'node'), folder, { HOME: above, ...more });
	const seen = [now(), now({ MISE_PYTHON_VERSION: '3.12' })];
	mkdirSync(join(above, '.config/mise'), { recursive: true });
	for (const name of ['.config/mise/config.toml', 'project/mise.toml', 'project/.python-version', 'version']) {
		write(name, '3.12');
		const then = now();
		t.is(now(), then);
		seen.push(then);
	}
	mkdirSync(join(above, 'versions/3.12.1'), { recursive: true });
	seen.push(now());
	t.is(new Set(seen).size, seen.length);
});
