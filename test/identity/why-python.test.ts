// What a user reads after an edit of Python code, of functions and of scripts: which declaration in which file changed, which
// package, which interpreter. Nothing is run: tasks get results by hand, and what a build leaves is compared.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { groupSentence } from '../../cli/why-sentences.ts';
import { build } from '../../engine/build.ts';
import { loadScan } from '../../engine/code/load.ts';
import { settledPlan } from '../../engine/look.ts';
import { type OpenedScan, openScan } from '../../engine/opened.ts';
import type { WhyTarget } from '../../engine/report.ts';
import { memoryStore } from '../../engine/store/memory.ts';
import type { Store } from '../../engine/store/store.ts';
import { keyOf } from '../../engine/tasks.ts';
import { encodeValue } from '../../engine/value.ts';
import { why } from '../../engine/why/why.ts';
import { edited, picker, randomProject } from '../engine/code/python-projects.ts';
import { recordOf } from '../engine/store/samples.ts';
import { pythonWith } from '../python.ts';
import { seeded } from '../seeded.ts';
import { type Files, inProject } from './ground.ts';
import { inThisProcess } from './process.ts';

const interpreter = pythonWith();

/** A test that needs Python; it says so where there is none. */
function pythonTest(title: string, body: (t: ExecutionContext, python: string) => Promise<void>): void {
	test.serial(title, async (t) => {
		if (interpreter !== undefined) return await body(t, interpreter);
		t.log('skipped: there is no Python of 3.8 or newer');
		t.pass();
	});
}

/** Two targets that run the same code: `spikes` as a function, `printed` as a script. */
const scanfile = (
	python: string,
): string => `import { command, grid, json, param, python, scan, simulate } from 'scanmake';
const over = grid({ x: [1, 2] });
const spikes = simulate({ over, run: python('model.py', 'simulate') });
const printed = simulate({ over, run: command([${JSON.stringify(python)}, 'run.py', param('x')], json()) });
export default scan({ spikes, printed }, { python: ${JSON.stringify(python)} });
`;

const script = 'import sys\nfrom model import simulate\nprint(simulate({"x": float(sys.argv[1])}))\n';

const model: Files = {
	'model.py':
		'from synapse import decay\n\nTAU = 10.0\n\n\ndef simulate(params):\n    return decay(params["x"]) * TAU\n',
	'synapse.py':
		'from numbers_of import RATE\n\n\ndef scale(x):\n    return x * RATE\n\n\ndef decay(x):\n    return scale(x) / 3\n',
	'numbers_of.py': 'RATE = 2\nOTHER = 3\n',
	'run.py': script,
};

async function opened(folder: string): Promise<OpenedScan> {
	return openScan(await loadScan({ file: join(folder, 'Scanfile.ts'), cacheFolder: join(folder, '.scanmake') }));
}

/** Gives every task a result, without running it, and leaves what a build leaves. */
async function built(folder: string, store: Store): Promise<void> {
	const scan = await opened(folder);
	const planned = await settledPlan(scan, scan.order, store, []);
	const record = { ...recordOf('0'), value: encodeValue(0) };
	for (const { table } of planned.schedule.lanes) {
		const tasks = Array.from({ length: table.size }, (_, task) => ({ key: keyOf(table, task).slice(), record }));
		store.commit(tasks, []);
	}
	const scanfile = join(folder, 'Scanfile.ts');
	await build({ scan, store, listen: () => {}, scanfile, command: 'test', startExecutor: inThisProcess }, [], {
		jobs: 1,
	});
}

async function explained(folder: string, store: Store): Promise<readonly WhyTarget[]> {
	const report = await why(await opened(folder), store, [], []);
	return report.kind === 'targets' ? report.targets : [];
}

function write(folder: string, files: Files): void {
	for (const [name, text] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, name)), { recursive: true });
		writeFileSync(join(folder, name), text);
	}
}

/** What is said of `spikes` and of `printed` after an edit. */
async function after(python: string, edits: Files, before: Files = model): Promise<readonly string[]> {
	return await inProject({ 'Scanfile.ts': scanfile(python), ...before }, async (folder) => {
		const store = memoryStore();
		await built(folder, store);
		write(folder, edits);
		const targets = await explained(folder, store);
		return targets.flatMap(({ name, groups }) => groups.map((group) => groupSentence(name, group)));
	});
}

const other = (name: string, from: string, to: string): Files => ({ [name]: (model[name] ?? '').replace(from, to) });
const spikes = (what: string) => `2 to run: \`spikes\` ran before with other code: ${what}.`;
const printed = (what: string) => `2 of \`printed\` to run: the script run.py ran before with other code: ${what}.`;

pythonTest('a declaration of another module is named behind the function or the script', async (t, python) => {
	t.deepEqual(await after(python, other('synapse.py', 'x * RATE', 'x + RATE')), [
		spikes('`simulate` → `decay` → `scale` in synapse.py changed'),
		printed('`run.py` → `simulate` → `decay` → `scale` in synapse.py changed'),
	]);
});

pythonTest('the function itself is named alone, the statement of a script by its text', async (t, python) => {
	t.deepEqual(await after(python, other('model.py', '* TAU', '/ TAU')), [
		spikes('`simulate` in model.py changed'),
		printed('`run.py` → `simulate` in model.py changed'),
	]);
	const edit = other('run.py', '"x"', '"y"');
	const [before, now] = ['"x"', '"y"'].map((name) => `print(simulate({${name}: float(sys.argv[1])}))`.slice(0, 60));
	t.deepEqual(await after(python, edit), [
		printed(`\`run.py\` → the statement \`${before?.slice(0, 39)}…\` in run.py is now \`${now?.slice(0, 39)}…\``),
	]);
});

pythonTest('a constant is named with its value before and after', async (t, python) => {
	t.deepEqual(await after(python, other('model.py', 'TAU = 10.0', 'TAU = 12.0')), [
		spikes('`simulate` → `TAU` in model.py went from 10.0 to 12.0'),
		printed('`run.py` → `simulate` → `TAU` in model.py went from 10.0 to 12.0'),
	]);
	t.deepEqual(await after(python, other('numbers_of.py', 'RATE = 2', 'RATE = -2')), [
		spikes('`simulate` → `decay` → `scale` → `RATE` in numbers_of.py went from 2 to -2'),
		printed('`run.py` → … → `decay` → `scale` → `RATE` in numbers_of.py went from 2 to -2'),
	]);
});

pythonTest('comments, docstrings and what is not reached are no edits', async (t, python) => {
	t.deepEqual(await after(python, other('numbers_of.py', 'OTHER = 3', 'OTHER = 4  # unused')), []);
	t.deepEqual(
		await after(python, other('model.py', 'def simulate(params):', 'def simulate(params):\n    """Spikes."""')),
		[],
	);
});

pythonTest('a package is named with both versions', async (t, python) => {
	const packages = (version: string): Files => ({
		'site-packages/solver/__init__.py': 'one = 1\n',
		[`site-packages/solver-${version}.dist-info/METADATA`]: `Metadata-Version: 2.1\nName: solver\nVersion: ${version}\n`,
	});
	const text = 'import solver\n\n\ndef simulate(params):\n    return solver.one\n';
	await inProject(
		{ 'Scanfile.ts': scanfile(python), ...model, 'model.py': text, ...packages('1.2.0') },
		async (folder) => {
			const path = process.env['PYTHONPATH'];
			process.env['PYTHONPATH'] = join(folder, 'site-packages');
			t.teardown(() => {
				if (path === undefined) delete process.env['PYTHONPATH'];
				else process.env['PYTHONPATH'] = path;
			});
			const store = memoryStore();
			await built(folder, store);
			rmSync(join(folder, 'site-packages/solver-1.2.0.dist-info'), { recursive: true });
			write(folder, packages('1.3.0'));
			const targets = await explained(folder, store);
			const what = 'the package solver went from 1.2.0 to 1.3.0';
			t.deepEqual(
				targets.flatMap(({ name, groups }) => groups.map((group) => groupSentence(name, group))),
				[spikes(`\`simulate\` → ${what}`), printed(`\`run.py\` → ${what}`)],
			);
		},
	);
});

pythonTest(
	'random edits of Python: what would run names a declaration of the file that was edited',
	async (t, python) => {
		const { numRuns, seed } = seeded(5);
		const pick = picker(seed);
		for (let index = 0; index < numRuns; index++) {
			const [before, now] = edited(randomProject(pick), pick);
			const changed = Object.keys(now).filter((name) => before[name] !== now[name]);
			const run = 'from model import simulate\nprint(simulate())\n';
			const simulate = /def simulate\(\)/;
			const files = {
				...before,
				'model.py': (before['model.py'] ?? '').replace(simulate, 'def simulate(params=None)'),
			};
			await inProject({ 'Scanfile.ts': scanfile(python), ...files, 'run.py': run }, async (folder) => {
				const store = memoryStore();
				await built(folder, store);
				write(folder, { ...now, 'model.py': (now['model.py'] ?? '').replace(simulate, 'def simulate(params=None)') });
				for (const { tasks, reused, groups } of await explained(folder, store)) {
					t.is(reused + groups.reduce((sum, group) => sum + group.tasks, 0), tasks);
					for (const { causes } of groups) {
						const [cause] = causes;
						const parts = cause?.kind === 'code' || cause?.kind === 'file' ? (cause.parts ?? []) : [];
						const [part] = parts;
						const told = `project ${index} of seed ${seed}: ${JSON.stringify(causes)} after an edit of ${changed.join()}`;
						t.true(part !== undefined && changed.includes(part.file), told);
						const [first = ''] = part?.name.split(', ') ?? [];
						t.true((now[part?.file ?? ''] ?? '').includes(first), told);
					}
				}
			});
		}
	},
);
