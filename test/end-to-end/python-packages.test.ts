// Installed packages that change: one without metadata that is edited in place, one that is replaced while a build runs.
// With the machine's own Python and a folder of packages of its own.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { failureWords } from '../../cli/sentences.ts';
import { openEngine } from '../../engine/index.ts';
import { inProject, writeFiles } from '../engine/code/projects.ts';
import { pythonWith } from '../python.ts';

const python = pythonWith();
const check = python === undefined ? test.serial.skip : test.serial;

const model = (more = '') => `import os
import bar


def simulate(params):
    here = os.path.dirname(os.path.abspath(__file__))
${more}    return bar.gain * params.n
`;
/** What a package manager does in another terminal. */
const replaced = `    site = os.path.join(here, "site-packages")
    if params.n == 2 and os.path.exists(site + "/bar-1.0.dist-info"):
        os.rename(site + "/bar-1.0.dist-info", site + "/bar-2.0.dist-info")
`;
const scanfile = `import { grid, python, scan, shell, simulate } from 'scanmake';
const over = grid({ n: [1, 2, 3] });
const spikes = simulate({ over, run: python('model.py', 'simulate') });
const printed = simulate({ run: shell\`${python} run.py\` });
export default scan({ spikes, printed }, { python: ${JSON.stringify(python)} });
`;
const bar = {
	'site-packages/bar/__init__.py': 'from bar.deep import gain\n',
	'site-packages/bar/deep.py': 'gain = 1\n',
};
const info = { 'site-packages/bar-1.0.dist-info/METADATA': 'Name: bar\nVersion: 1.0\n\n' };
const run = { 'run.py': 'from model import simulate\nimport bar\nprint(bar.gain)\n' };

async function withSite(t: ExecutionContext, folder: string) {
	const before = process.env['PYTHONPATH'];
	process.env['PYTHONPATH'] = join(folder, 'site-packages');
	t.teardown(() => {
		if (before === undefined) delete process.env['PYTHONPATH'];
		else process.env['PYTHONPATH'] = before;
	});
	return async () => {
		const engine = await openEngine({ mode: 'write', cwd: folder });
		try {
			const { targets, failures } = await engine.build([], { jobs: 1 });
			const did = targets.map(({ name, reused, ran, failed }) => `${name} ${reused} ${ran} ${failed}`);
			return { did, said: [...new Set(failures.map(({ failure }) => failureWords(failure)))] };
		} finally {
			await engine.close();
		}
	};
}

check(
	'a file of a package without metadata that is edited in place reruns what imports it, answers kept or not',
	async (t) => {
		await inProject({ 'Scanfile.ts': scanfile, 'model.py': model(), ...bar, ...run }, async (folder) => {
			const build = await withSite(t, folder);
			t.deepEqual((await build()).did, ['spikes 0 3 0', 'printed 0 1 0']);
			t.deepEqual((await build()).did, ['spikes 3 0 0', 'printed 1 0 0']);
			await writeFiles(folder, { 'site-packages/bar/deep.py': 'gain = 2\n' });
			t.deepEqual((await build()).did, ['spikes 0 3 0', 'printed 0 1 0']);
			await writeFiles(folder, { 'site-packages/bar/more.py': '' });
			t.deepEqual((await build()).did, ['spikes 0 3 0', 'printed 0 1 0'], 'a file that was not there');
		});
	},
);

check(
	'results that end after a package was replaced are not kept under the version that the build began with',
	async (t) => {
		const files = { 'Scanfile.ts': scanfile, 'model.py': model(replaced), ...bar, ...info, ...run };
		await inProject(files, async (folder) => {
			const build = await withSite(t, folder);
			const { did, said } = await build();
			t.regex(did[0] ?? '', /^spikes 0 [01] [123]$/);
			t.deepEqual(said, [
				'the package bar 1.0 has changed since the build began, so that nobody knows which one it was run with: run the same command again',
			]);
			rmSync(join(folder, 'site-packages/bar-2.0.dist-info'), { recursive: true });
			await writeFiles(folder, info);
			t.notRegex((await build()).did[0] ?? '', /^spikes 3/, 'nothing of it is known under the former version');
		});
	},
);

check(
	'a script whose package is replaced while it runs has failed, and a package that counts by its files is no other',
	async (t) => {
		const only = scanfile.replace('{ spikes, printed }', '{ printed }');
		const replaces = `${run['run.py']}import model, types\nmodel.simulate(types.SimpleNamespace(n=2))\n`;
		const edits = `${run['run.py']}open(bar.__path__[0] + "/deep.py", "w").write("gain = 3\\n")\n`;
		for (const [files, name] of [
			[{ 'run.py': replaces, ...info }, 'bar 1.0'],
			[{ 'run.py': edits }, 'bar'],
		] as const) {
			const all = { 'Scanfile.ts': only, 'model.py': model(replaced), ...bar, ...files };
			await inProject(all, async (folder) => {
				const { did, said } = await (await withSite(t, folder))();
				t.deepEqual(did, ['printed 0 0 1']);
				t.regex(said[0] ?? '', new RegExp(`^the package ${name} has changed`));
			});
		}
	},
);
