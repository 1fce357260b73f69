// The documents say what is true: the README's Scanfile compiles and runs as it stands, its commands exist, its example
// can be planned, its words are exported. The whole example is run by .ci/run, in a fresh clone.
import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import * as publicWords from '../rules/index.ts';
import { command, type Ended, project } from './end-to-end/project.ts';
import { pythonWith } from './python.ts';

const run = promisify(execFile);
/** The project: the tests run in dist/test/. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const text = (file: string) => readFileSync(join(root, file), 'utf8');
const readme = text('README.md');

/** The blocks of one language, without their fences. */
function blocks(document: string, language: string): readonly string[] {
	const all = [...document.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)];
	return all.flatMap(([, found, block]) => (found === language && block !== undefined ? [block] : []));
}

/** The model that the README leaves to the reader. */
const model = `export function poissonInput(p: { amplitude: number; frequency?: number | undefined; seed: number }): number[] {
  return [p.amplitude, p.frequency ?? 0, p.seed % 7];
}
export function relayCell(p: { weight: number }, { input }: { input: number[] }): { rate: number } {
  return { rate: p.weight * (1 + (input[0] ?? 0)) };
}
`;

/** The programs that it leaves to the reader, and what comes of each of its blocks. */
const programs = {
	poisson: '#!/bin/sh\nfor path; do :; done\necho "$*" > "$path"\n',
	lif: '#!/bin/sh\nexec cat\n',
	rate: '#!/bin/sh\ncat > /dev/null\necho \'{"rate": 1}\'\n',
};
const outcomes = [
	{ input: 'ran 440', spikes: 'ran 2640', response: 'ran 132', best: 'ran 1' },
	{ spikes: 'ran 360', response: 'ran 18' },
	{ train: 'ran 15', spikes: 'ran 30' },
];

/** Its Python modules, each named by its first line. */
const modules = Object.fromEntries(
	blocks(readme, 'python').map((block) => [/^# (\w+\.py)\n/.exec(block)?.[1] ?? '', block]),
);

test('every TypeScript block of the README compiles under strict and runs, those with Python models on a Python', async (t) => {
	const found = blocks(readme, 'ts');
	t.is(found.length, outcomes.length);
	const python = pythonWith('numpy');
	for (const [index, block] of found.entries()) {
		const files = { 'Scanfile.ts': block, 'model.ts': model, ...modules, ...programs };
		const { folder, build, scanmake } = project(t, files);
		for (const name of Object.keys(programs)) chmodSync(join(folder, name), 0o755);
		mkdirSync(join(folder, 'node_modules'));
		symlinkSync(root, join(folder, 'node_modules', 'scanmake'));
		mkdirSync(join(folder, '.venv', 'bin'), { recursive: true });
		if (python !== undefined) symlinkSync(python, join(folder, '.venv', 'bin', 'python'));
		const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2023', '--skipLibCheck'];
		const compiler = join(root, 'node_modules/.bin/tsc');
		const types = run(compiler, [...options, '--allowImportingTsExtensions', '--types', '', 'Scanfile.ts'], {
			cwd: folder,
		});
		t.is(((await types.catch((error: unknown) => error)) as { stdout: string }).stdout, '');

		if (python === undefined && block.includes('python(')) {
			t.log('skipped: the Python model of the README, since no Python with numpy is there (Debian: python3-numpy)');
			continue;
		}
		const built = await build();
		t.is(built.status, 0, built.stderr);
		t.deepEqual(built.did, outcomes[index]);
		if (index > 0) continue;
		for (const line of commandLines(blocks(readme, '').join('\n'))) {
			const ended = await scanmake(...wordsOf(line).slice(1));
			t.is(ended.status, 0, `${line}\n${ended.stderr}`);
		}
	}
});

/** The command lines of a block that has some side by side, each with what it does behind it. */
function commandLines(block: string): readonly string[] {
	return [...block.matchAll(/\bscanmake(?: [^ \n]+)*/g)].map(([line]) => line);
}

function wordsOf(line: string): readonly string[] {
	return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

test('the README shows command lines to be tried', (t) => {
	const lines = commandLines(blocks(readme, '').join('\n'));
	t.true(lines.includes('scanmake plan'));
	t.true(lines.includes("scanmake best --where 'weight<12'"));
	t.true(lines.length >= 6);
});

test('every command that a document names is there', async (t) => {
	const { scanmake } = project(t, {});
	const help = await scanmake('--help');
	const commands = new Set(help.stdout.match(/^ {2}([a-z]+)\b/gm)?.map((name) => name.trim()));
	const pages = readdirSync(join(root, 'fixtures')).map((name) => `fixtures/${name}/README.md`);
	for (const file of ['README.md', 'DESIGN.md', 'CHANGELOG.md', ...pages]) {
		if (!existsSync(join(root, file))) continue;
		for (const [, name = ''] of text(file).matchAll(/`(?:npx )?scanmake ([a-z]+)\b/g))
			t.true(commands.has(name), `${file} names scanmake ${name}`);
	}
});

test('every word that the README explains can be imported, and every method is one of a space', (t) => {
	const rows = [...readme.matchAll(/^\| (`[^|]*`) \|/gm)].map((found) => found[1] ?? '');
	const named = rows.flatMap((row) => [...row.matchAll(/`([.\w]+)[^`]*`/g)].map((found) => found[1] ?? ''));
	t.true(named.length >= 12);
	const space = publicWords.grid({ a: [1] });
	for (const name of named) {
		if (name.startsWith('.')) t.true(name.slice(1) in space, name);
		else t.true(name in publicWords, name);
	}
});

test('the README’s example can be planned as its command is typed, and has as many tasks as it says', async (t) => {
	const line = /^npm ci && npx scanmake (.*)$/m.exec(readme)?.[1] ?? '';
	const store = mkdtempSync(join(tmpdir(), 'scanmake-docs-'));
	t.teardown(() => rmSync(store, { recursive: true, force: true }));
	if (!existsSync(join(root, 'Scanfile.example.ts'))) return void t.pass('skipped: the sources are not beside dist');
	const { stdout, status, stderr } = await inRoot([
		'plan',
		...wordsOf(line),
		'--json',
		'--store',
		join(store, 'store'),
	]);
	t.is(status, 0, stderr);
	const { targets } = JSON.parse(stdout) as { targets: readonly { readonly tasks: number }[] };
	const tasks = targets.reduce((sum, target) => sum + target.tasks, 0);
	t.true(readme.includes(`${tasks.toLocaleString('en-US')} tasks`), `the example has ${tasks} tasks`);
});

test('the README’s scripts and links lead somewhere', (t) => {
	const { scripts } = JSON.parse(text('package.json')) as { scripts: Readonly<Record<string, string>> };
	for (const [, name = ''] of readme.matchAll(/npm run ([\w-]+)/g)) t.true(name in scripts, name);
	t.true('test' in scripts);
	if (readdirSync(root).includes('docs'))
		for (const [, path = ''] of readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g))
			t.true(existsSync(join(root, path)), path);
});

async function inRoot(typed: readonly string[]): Promise<Ended> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [command, ...typed], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
		let [stdout, stderr] = ['', ''];
		child.stdout.setEncoding('utf8').on('data', (piece: string) => {
			stdout += piece;
		});
		child.stderr.setEncoding('utf8').on('data', (piece: string) => {
			stderr += piece;
		});
		child.on('error', reject).on('close', (status) => resolve({ status, stdout, stderr }));
	});
}
