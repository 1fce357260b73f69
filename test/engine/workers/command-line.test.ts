// The text that a shell runs as a task, from a recipe and what its words stand for.
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { programText, quoted, type WordGround } from '../../../engine/workers/command-line.ts';
import { command, file, given, out, type ProgramRecipe, param, shell } from '../../../rules/recipe.ts';
import type { Value } from '../../../rules/value.ts';
import { seeded } from '../../seeded.ts';

const ground = (params: Readonly<Record<string, Value>>): WordGround => ({
	valueOf: (name) => params[name],
	outPath: (name) => `/tasks/1-0/${name}`,
	filePath: ({ input, name }) =>
		input === 'there' ? `/in/${name}` : { kind: 'missing-input', input, file: name, what: 'there is none' },
});

const textOf = (recipe: unknown, params: Readonly<Record<string, Value>> = {}) =>
	programText(recipe as ProgramRecipe, ground(params));

test('a command is its words, each quoted', (t) => {
	const recipe = command(['./lif', '--rate', param('rate'), file('there', 'train.txt'), out('spikes.txt')]);
	t.deepEqual(textOf(recipe, { rate: 0.5 }), {
		text: `'./lif' '--rate' '0.5' '/in/train.txt' '/tasks/1-0/spikes.txt'`,
		program: './lif',
	});
});

test('a program whose name looks like an option is none', (t) => {
	t.deepEqual(textOf(command(['-c', 'x'])), { text: `(command -- '-c' 'x')`, program: '-c' });
});

test('a shell line is evaluated in a shell of its own, its interpolations quoted once more', (t) => {
	t.deepEqual(textOf(shell`echo ${param('a')} > ${out('n')}`, { a: "it's" }), {
		text: `(eval ${quoted(`echo 'it'\\''s' > '/tasks/1-0/n'`)})`,
		program: 'its shell line',
	});
});

test('words that are given with a parameter are there only where it is, also those inside one another', (t) => {
	const inner = given('b', ['--b', param('b')]);
	const recipe = command(['run', given('a', ['--a', param('a'), inner]), 'end']);
	const words = (params: Readonly<Record<string, Value>>) => (textOf(recipe, params) as { text: string }).text;
	t.is(words({}), `'run' 'end'`);
	t.is(words({ b: 2 }), `'run' 'end'`);
	t.is(words({ a: 1 }), `'run' '--a' '1' 'end'`);
	t.is(words({ a: 1, b: null }), `'run' '--a' '1' '--b' 'null' 'end'`);
	const line = shell`run ${given('a', ['--a', param('a')])} end`;
	t.is((textOf(line, { a: 'x y' }) as { text: string }).text, `(eval ${quoted("run '--a' 'x y' end")})`);
	t.is((textOf(line) as { text: string }).text, `(eval ${quoted('run  end')})`);
});

test('what is not there or cannot be written says which it is', (t) => {
	t.deepEqual(textOf(command(['run', param('a')])), { failure: { kind: 'missing-parameter', name: 'a' } });
	t.deepEqual(textOf(command(['run', file('gone', 'x')])), {
		failure: { kind: 'missing-input', input: 'gone', file: 'x', what: 'there is none' },
	});
	t.deepEqual(textOf(shell`run ${param('a')}`, { a: '\0' }), { failure: { kind: 'unusable-parameter', name: 'a' } });
	t.deepEqual(textOf(command(['run', 'a\0b'])), { failure: { kind: 'unusable-parameter', name: '"a\\u0000b"' } });
});

test('whatever a word holds, a shell reads it back unchanged', (t) => {
	const words = fc.array(
		fc.string({
			unit: fc.constantFrom(
				"'",
				'"',
				'\\',
				'$',
				'`',
				'(',
				')',
				' ',
				'\n',
				'\t',
				'-',
				'!',
				'a',
				'é',
				'🧠',
				'*',
				';',
				'&',
				'#',
				'~',
				'=',
			),
		}),
		{ maxLength: 6 },
	);
	fc.assert(
		fc.property(words, (list) => {
			const line = `printf '<%s>' first ${list.map(quoted).join(' ')}`;
			const wanted = ['first', ...list].map((word) => `<${word}>`).join('');
			t.is(execFileSync('sh', ['-c', line], { encoding: 'utf8' }), wanted);
			t.is(execFileSync('sh', ['-c', `eval ${quoted(line)}`], { encoding: 'utf8' }), wanted);
		}),
		seeded(40),
	);
});

test('what a shell may have of its own is started by exec, all else as it is', (t) => {
	for (const name of ['true', 'echo', 'test', '[', '.', 'kill', 'exit', 'scanmake_ended'])
		t.deepEqual(textOf(command([name, '5'])), { text: `(exec '${name}' '5')`, program: name });
	for (const name of ['/bin/true', './echo', 'lif', 'python3', 'if', 'a=b'])
		t.deepEqual(textOf(command([name, '5'])), { text: `'${name}' '5'`, program: name });
});

test('a function that bash finds in its environment is not taken for a program', (t) => {
	process.env['BASH_FUNC_uname%%'] = '() {  echo a function\n}';
	try {
		t.deepEqual(textOf(command(['uname'])), { text: "(exec 'uname')", program: 'uname' });
	} finally {
		delete process.env['BASH_FUNC_uname%%'];
	}
	t.deepEqual(textOf(command(['uname'])), { text: "'uname'", program: 'uname' });
});

test('every name that a shell on this machine has of its own is known', (t) => {
	const asked = (words: readonly string[]) =>
		spawnSync(words[0] ?? '', words.slice(1), { encoding: 'utf8', maxBuffer: 2 ** 26 }).stdout ?? '';
	const names = new Set([...asked(['bash', '-c', 'compgen -b']).split('\n'), ...readdirSync('/usr/bin'), 'chdir']);
	for (const shell of [['sh'], ['bash'], ['busybox', 'sh']]) {
		for (const line of asked([...shell, '-c', 'type "$@"', 'sh', ...names]).split('\n')) {
			const [, name] = /^(\S+) is a (?:special )?(?:shell )?builtin/.exec(line) ?? [];
			if (name === undefined) continue;
			t.like(textOf(command([name])), { text: `(exec ${quoted(name)})` }, `${shell[0]} has ${name}`);
		}
	}
});
