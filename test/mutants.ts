// Breaks the engine on purpose, one mistake at a time, and looks whether the tests notice: `npm run mutants`.
// Each mistake is made in a copy of dist in a temporary folder; nothing of the project is touched.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type Mutation, mutations } from './mutations.ts';

const dist = join(import.meta.dirname, '..');
const root = join(dist, '..');
const ava = join(root, 'node_modules', 'ava', 'entrypoints', 'cli.mjs');
const sideBySide = 2;

interface Verdict {
	readonly kind: 'caught' | 'survived' | 'broken';
	/** The test that noticed, or why nothing can be said. */
	readonly by: string;
	readonly seconds: number;
}

/** Runs test files in a copy of dist that `edit` was done to. */
async function tested(tests: readonly string[], edit: (folder: string) => void): Promise<Verdict> {
	const started = performance.now();
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-mutant-'));
	try {
		for (const room of ['rules', 'engine', 'cli', 'test']) {
			cpSync(join(dist, room), join(folder, 'dist', room), { recursive: true });
		}
		const project = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
		const settings = { files: ['dist/test/**/*.test.js'], workerThreads: false, timeout: '60s', cache: false };
		writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...project, ava: settings }));
		symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
		edit(join(folder, 'dist'));
		const text = await output(folder, ['--tap', '--fail-fast', ...tests.map((name) => join('dist', 'test', name))]);
		const seconds = (performance.now() - started) / 1000;
		const failed = /^not ok \d+ - (.*)$/m.exec(text)?.[1]?.replace(/ %ava-dur=.*/, '');
		const passed = /^# pass (\d+)$/m.exec(text)?.[1] ?? '0';
		if (failed !== undefined && !/No tests found|exited|SyntaxError/.test(failed)) {
			return { kind: 'caught', by: failed, seconds };
		}
		if (failed === undefined && Number(passed) > 0) return { kind: 'survived', by: `${passed} tests passed`, seconds };
		return { kind: 'broken', by: failed ?? text.trim().split('\n').at(-1) ?? '', seconds };
	} catch (error) {
		return { kind: 'broken', by: String(error), seconds: (performance.now() - started) / 1000 };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function output(folder: string, words: readonly string[]): Promise<string> {
	return new Promise((resolve) => {
		execFile(
			process.execPath,
			[ava, ...words],
			{ cwd: folder, maxBuffer: 2 ** 26, env: { ...process.env, CI: '1' } },
			(_error, stdout, stderr) => resolve(`${stdout}\n${stderr}`),
		);
	});
}

function mutate({ file, edits }: Mutation, folder: string): void {
	const path = join(folder, file);
	let text = readFileSync(path, 'utf8');
	for (const [found, instead] of edits) {
		const count = text.split(found).length - 1;
		if (count !== 1) throw new Error(`${file} has ${count} times, not once: ${found}`);
		text = text.replace(found, () => instead);
	}
	writeFileSync(path, text);
}

/** Tells of one mutant, and whether it was caught. */
function told({ kind, by, seconds }: Verdict, what: string): boolean {
	console.log(`${kind.padEnd(8)} ${`${seconds.toFixed(1)} s`.padStart(7)}  ${what}\n${' '.repeat(18)}${by}`);
	return kind === 'caught';
}

const wanted = process.argv.slice(2);
const chosen = mutations.filter(({ what }) => wanted.length === 0 || wanted.some((word) => what.includes(word)));
const started = performance.now();

// where the tests fail without a mistake, they prove nothing
const sound = await tested([...new Set(chosen.flatMap(({ tests }) => tests))], () => undefined);
if (sound.kind !== 'survived') {
	console.log(`The tests do not pass without a mutation: ${sound.by}`);
	process.exit(1);
}

let caught = 0;
const open = [...chosen];
async function work(): Promise<void> {
	for (let next = open.shift(); next !== undefined; next = open.shift()) {
		const mutation = next;
		const verdict = await tested(mutation.tests, (folder) => mutate(mutation, folder));
		if (told(verdict, mutation.what)) caught++;
	}
}
await Promise.all(Array.from({ length: sideBySide }, work));
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(`${caught} of ${chosen.length} mutants were caught, in ${seconds} s`);
process.exitCode = caught === chosen.length ? 0 : 1;
