// Completion in the shells that are installed: what they are told, what they ask, and what they put into the line.
import { execFile } from 'node:child_process';
import { accessSync, chmodSync, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { command, type Ended, project, words } from './project.ts';

// Names, spaces, quotes and what a shell would expand, as values of a parameter.
const odd = `${words}export default scan({
  go: simulate({ over: grid({ kind: ["a b", "it's", "$HOME", "c:d", "e|f"], n: [1, 2.5] }), run: (p) => p.n }),
});
`;

const { PATH = '' } = process.env;

function has(program: string): boolean {
	return PATH.split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** A folder with a Scanfile, and a `scanmake` on PATH for scripts of a shell. */
function shellGround(t: ExecutionContext): (shell: string, script: string) => Promise<Ended> {
	const { folder, path } = project(t, {
		'Scanfile.ts': odd,
		scanmake: `#!/bin/sh\nexec '${process.execPath}' '${command}' "$@"\n`,
	});
	chmodSync(path('scanmake'), 0o755);
	accessSync(path('scanmake'));
	const env = { PATH: `${folder}:${PATH}`, HOME: folder };
	return (shell, script) =>
		new Promise((resolve) => {
			const typed = shell === 'zsh' ? ['-f', '-c', script] : ['-c', script];
			execFile(shell, typed, { cwd: folder, env }, (error, stdout, stderr) => {
				resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
			});
		});
}

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

test('bash completes commands, targets, parameters and values, quoted as it wants them', async (t) => {
	if (!has('bash')) return void t.pass('skipped: there is no bash');
	const sh = shellGround(t);
	// each with the words that bash cuts the line into
	const lines: readonly (readonly [string, readonly string[]])[] = [
		['scanmake gr', ['scanmake', 'gr']],
		['scanmake show g', ['scanmake', 'show', 'g']],
		['scanmake show go k', ['scanmake', 'show', 'go', 'k']],
		['scanmake show go n=', ['scanmake', 'show', 'go', 'n', '=']],
		['scanmake show go n=2', ['scanmake', 'show', 'go', 'n', '=', '2']],
		['scanmake show go kind=', ['scanmake', 'show', 'go', 'kind', '=']],
		['scanmake show go kind=a\\ ', ['scanmake', 'show', 'go', 'kind', '=', 'a\\ ']],
		['scanmake show go kind=c:', ['scanmake', 'show', 'go', 'kind', '=', 'c', ':']],
		["scanmake show go 'kind=a", ['scanmake', 'show', 'go', "'kind=a"]],
		['scanmake -f Sc', ['scanmake', '-f', 'Sc']],
	];
	const tries = lines.map(
		([line, cut]) => `COMP_LINE=${quoted(line)} COMP_POINT=${line.length} COMP_WORDS=(${cut.map(quoted).join(' ')})
COMP_CWORD=${cut.length - 1}
_scanmake scanmake "\${COMP_WORDS[COMP_CWORD]}"
printf '%s\\n' "\${COMPREPLY[@]}" --`,
	);
	const script = ['eval "$(scanmake completion bash)"', 'complete -p scanmake >&2', ...tries].join('\n');
	const { stdout, stderr } = await sh('bash', script);
	t.regex(stderr, /^complete .*-F _scanmake scanmake\n$/, 'the script is loaded, and completing says nothing');
	const replies = stdout.split('--\n').map((reply) => reply.split('\n').slice(0, -1));
	const values = replies.splice(5, 1)[0] ?? [];
	t.deepEqual(replies.slice(0, -1), [
		['graph'],
		['go'],
		['kind='],
		['1', '2.5'],
		['2.5'],
		['a\\ b'],
		['d'],
		['kind=a b'],
		['Scanfile.ts'],
	]);
	t.true(values.includes('\\$HOME'));
	t.is(values.length, 5);
	// what bash puts into the line is what show understands
	for (const [at, kind] of ['a b', "it's", '$HOME', 'c:d', 'e|f'].entries()) {
		const shown = await sh('bash', `scanmake show go n=1 kind=${values[at]} --json`);
		t.is((JSON.parse(shown.stdout) as { params: { kind: string } }).params.kind, kind);
	}
});

test('fish takes its script and completes words with spaces and open quotes', async (t) => {
	if (!has('fish')) return void t.pass('skipped: there is no fish');
	const sh = shellGround(t);
	const lines = ['scanmake gr', 'scanmake show go n=2', 'scanmake show go "kind=a', 'scanmake show go kind=a'];
	const tries = lines.map((line) => `complete --do-complete ${quoted(line)}; echo ==`);
	const { stdout, stderr } = await sh('fish', ['scanmake completion fish | source', ...tries].join('\n'));
	t.is(stderr, '');
	const answers = stdout.split('==\n').map((text) => text.trimEnd().split('\t')[0]);
	t.deepEqual(answers.slice(0, -1), ['graph', 'n=2.5', 'kind=a b', 'kind=a b']);
});

test('zsh takes its script', async (t) => {
	if (!has('zsh')) return void t.pass('skipped: there is no zsh');
	const load = 'autoload -Uz compinit; compinit -u; eval "$(scanmake completion zsh)"; print $_comps[scanmake]';
	const { stdout, stderr } = await shellGround(t)('zsh', load);
	t.is(stdout, '_scanmake\n', stderr);
});

test('completion says nothing about a Scanfile that is broken, and goes on with what it knows', async (t) => {
	const { scanmake, write, path } = project(t, { 'Scanfile.ts': 'export default scan(;\n' });
	for (let i = 0; i < 2; i++) {
		const ended = await scanmake('completion', '--line', 'scanmake pl');
		t.is(ended.status, 0);
		t.is(ended.stderr, '');
		t.regex(ended.stdout, /^plan\t/);
		t.is((await scanmake('completion', '--words', '--', 'show', '')).stdout, '');
		write('Scanfile.ts', 'throw new Error("no");\n');
	}
	t.false(existsSync(path('.scanmake')), 'and writes nothing');
});
