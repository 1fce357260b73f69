// The package as users get it: the tarball of `npm pack` in a folder of its own, where a Scanfile that imports
// "scanmake" type-checks under `strict` and runs.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { startCommand } from './project.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));

const scanfile = `import { aggregate, analyze, generate, grid, scan, simulate } from "scanmake";
import { cell, type Spikes } from "./model.ts";

const stimulus = grid({ amplitude: [0, 1], frequency: [1, 2] }).drop("frequency", (p) => p.amplitude === 0);
const input = generate({ over: stimulus.trials(2), run: (p) => ({ seed: p.seed, rate: p.amplitude * (p.frequency ?? 0) }) });
const spikes = simulate({ over: stimulus.times(grid({ weight: [1, 2] })).trials(2), from: { input }, run: cell });
const response = aggregate({
  from: spikes,
  by: ["weight", "amplitude"],
  run: (rows, group) => ({ n: rows.length, weight: group.weight, rate: rows.reduce((sum, row) => sum + row.result.rate, 0) }),
});
const best = analyze({
  from: { response },
  run: ({ response }): number => Math.max(...response.map((row) => row.result.rate)),
});
export const check: Spikes = { rate: 1 };
export default scan({ input, spikes, response, best });
`;

const model = `import type { Io } from "scanmake";
export interface Spikes { readonly [name: string]: number; readonly rate: number }
export function cell(p: { weight: number }, { input }: { input: { rate: number } }, io: Io): Spikes {
  io.log("cell");
  return { rate: p.weight * input.rate };
}
`;

/** What must not compile, each line a mistake that types are there to catch. */
const wrong = `import { aggregate, grid, scan, simulate } from "scanmake";
const spikes = simulate({ over: grid({ weight: [1] }), run: (p) => p.weight });
// @ts-expect-error: a misspelt parameter
const a = aggregate({ from: spikes, by: ["wieght"], run: (rows) => rows.length });
// @ts-expect-error: a name that the space does not have
const b = simulate({ over: grid({ k: [1] }), run: (p) => p.j });
export default scan({ a, b });
`;

test('the packed package type-checks a Scanfile under strict and runs it', async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-package-'));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	const modules = join(folder, 'node_modules');
	mkdirSync(modules);
	await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
	const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
	t.regex(tarball, /^scanmake-\d+\.\d+\.\d+\.tgz$/);
	await run('tar', ['-xzf', tarball], { cwd: folder });
	await run('mv', ['package', 'node_modules/scanmake'], { cwd: folder });
	const installed = join(modules, 'scanmake');
	const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
		readonly bin: Readonly<Record<string, string>>;
		readonly dependencies: Readonly<Record<string, string>>;
	};
	for (const name of Object.keys(manifest.dependencies)) {
		mkdirSync(dirname(join(modules, name)), { recursive: true });
		symlinkSync(join(root, 'node_modules', name), join(modules, name));
	}
	t.false(readdirSync(join(installed, 'dist')).includes('test'), 'tests are not shipped');

	const settings = {
		compilerOptions: {
			...{ strict: true, noEmit: true, module: 'nodenext', target: 'es2023', types: [] },
			...{ allowImportingTsExtensions: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
		},
		files: ['Scanfile.ts', 'wrong.ts'],
	};
	writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
	writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
	writeFileSync(join(folder, 'Scanfile.ts'), scanfile);
	writeFileSync(join(folder, 'model.ts'), model);
	writeFileSync(join(folder, 'wrong.ts'), wrong);
	const types = await run(join(root, 'node_modules/.bin/tsc'), ['-p', folder]).catch((error: unknown) => error);
	t.is((types as { stdout: string }).stdout, '');

	const program = join(installed, manifest.bin['scanmake'] ?? '');
	const first = await startCommand(folder, ['--json'], {}, program).ended;
	t.is(first.status, 0, first.stderr);
	t.regex(first.stdout, /"name":"spikes","rule":"simulate","tasks":12,"reused":0,"ran":12,/);
	const table = await startCommand(folder, ['table', 'best'], {}, program).ended;
	t.is(table.stdout, 'result\n12\n');
	t.regex((await startCommand(folder, [], {}, program).ended).stderr, /^Nothing to do: 4 targets/);
});
