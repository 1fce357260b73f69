// What a user reads after an edit of a real Scanfile: which declaration in which file changed.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { groupSentence } from '../../cli/why-sentences.ts';
import { loadScan } from '../../engine/code/load.ts';
import { openScan } from '../../engine/opened.ts';
import type { WhyTarget } from '../../engine/report.ts';
import { memoryStore } from '../../engine/store/memory.ts';
import type { Store } from '../../engine/store/store.ts';
import { why } from '../../engine/why/why.ts';
import { seeded } from '../seeded.ts';
import { filesOf } from './drawn.ts';
import { drawing, history } from './edits.ts';
import { builtIn, type Edits, edited, type Files, inProject, write } from './ground.ts';
import { besides, modelled, retina, scanfile } from './projects.ts';

async function explained(folder: string, store: Store): Promise<readonly WhyTarget[]> {
	const scan = openScan(await loadScan({ file: join(folder, 'Scanfile.ts'), cacheFolder: join(folder, '.scanmake') }));
	const report = await why(scan, store, [], []);
	if (report.kind !== 'targets') throw new Error('one task was explained');
	return report.targets;
}

/** What is said after an edit of a built project, of those that do not wait. */
async function after(project: Files, edits: Edits): Promise<readonly string[]> {
	return await inProject(project, async (folder) => {
		const store = memoryStore();
		await builtIn(folder, store, join(folder, '.scanmake'));
		const now = edited(project, edits);
		for (const path of Object.keys(edits)) if (now[path] === undefined) await rm(join(folder, path));
		await write(folder, now, 30);
		return (await explained(folder, store)).flatMap(({ name, groups }) =>
			groups.filter(({ state }) => state === 'to-run').map((group) => groupSentence(name, group)),
		);
	});
}

const ranBefore = (tasks: number, target: string, what: string) =>
	`${tasks} to run: \`${target}\` ran before with other code: ${what}.`;

interface Case {
	readonly title: string;
	readonly project: Files;
	readonly edits: Edits;
	readonly said: readonly string[];
}

const model = 'const gain = 2;\nexport const relay = (p: { weight: number }) => p.weight * gain;';

const statements = 'the statement `globalThis.dt = 0.1;` in beside.ts is now `globalThis.dt = 0.2;`';

const manifest = (name: string, version: string, needs: readonly string[] = []): Files => {
	const dependencies = Object.fromEntries(needs.map((one) => [one, '*']));
	const text = { name, version, type: 'module', exports: './index.js', dependencies };
	return { [`node_modules/${name}/package.json`]: JSON.stringify(text) };
};

const installed: Files = {
	...modelled("import { solve } from 'solver';\nexport const relay = (p: { weight: number }) => solve(p.weight);\n"),
	...manifest('solver', '1.2.0', ['matrix']),
	'node_modules/solver/index.js': "import { two } from 'matrix';\nexport const solve = (x) => x * two;\n",
	...manifest('matrix', '0.1.0'),
	'node_modules/matrix/index.js': 'export const two = 2;\n',
};

const cases: readonly Case[] = [
	{
		title: 'a package is named with both versions, and not the function that calls it',
		project: installed,
		edits: manifest('solver', '1.3.0', ['matrix']),
		said: [ranBefore(2, 'spikes', '`relay` → the package solver went from 1.2.0 to 1.3.0')],
	},
	{
		title: 'a package that a package needs is named with both versions',
		project: installed,
		edits: manifest('matrix', '0.2.0'),
		said: [ranBefore(2, 'spikes', '`relay` → the package matrix, which solver needs, went from 0.1.0 to 0.2.0')],
	},
	{
		title: 'a constant is named with its value before and after, and with what reads it',
		project: modelled(
			'const tau = 10;\nconst decay = (x: number) => x / tau;\nexport const relay = (p: { weight: number }) => decay(p.weight);\n',
		),
		edits: { 'model.ts': [['tau = 10', 'tau = 12.5']] },
		said: [ranBefore(2, 'spikes', '`relay` → `decay` → `tau` in model.ts went from 10 to 12.5')],
	},
	{
		title: 'a helper two modules away is named behind the function that was given as run',
		project: retina,
		edits: { 'numbers.ts': [['x / 8', 'x / 9']] },
		said: [ranBefore(12, 'spikes', '`relayCell` → `decayed` → `exponent` in numbers.ts changed')],
	},
	{
		title: 'the function that was given as run is named alone',
		project: retina,
		edits: { 'model.ts': [['scale = 2', 'scale = 3']] },
		said: [ranBefore(12, 'spikes', '`relayCell` in model.ts changed')],
	},
	{
		title: 'a method is named by its class, a module of data by its file',
		project: retina,
		edits: { 'synapse.ts': [['x * this.weight', 'x + this.weight']], 'data.json': '{ "gain": 4, "name": "lgn" }\n' },
		said: [ranBefore(12, 'spikes', '`relayCell` → data.json changed and `Synapse` in synapse.ts changed')],
	},
	{
		title: 'two rules with a changed constant of their own are told apart',
		project: retina,
		edits: { 'model.ts': [['const unit = 1', 'const unit = 2']], 'response.ts': [["'red'", "'green'"]] },
		said: [ranBefore(6, 'input', '`poissonInput` → `draw` → `unit` in model.ts went from 1 to 2')],
	},
	{
		title: 'a declaration that is new and what uses it now are both named',
		project: modelled(model),
		edits: {
			'model.ts': [
				['p.weight * gain', 'half(p.weight) * gain'],
				['const gain', 'const half = (x: number) => x / 2;\nconst gain'],
			],
		},
		said: [ranBefore(2, 'spikes', '`relay` in model.ts changed and `half` in model.ts is new')],
	},
	{
		title: 'a statement of a module that changes the world is named by its beginning',
		project: besides(model, '(globalThis as { dt?: number }).dt = 0.1;\n'),
		edits: { 'beside.ts': '(globalThis as { dt?: number }).dt = 0.2;\n' },
		said: [ranBefore(2, 'spikes', `\`relay\` → ${statements}`), ranBefore(2, 'others', `\`other\` → ${statements}`)],
	},
	{
		title: 'a function made by a function has all files of the project in its identity: the changed one is named',
		project: {
			'Scanfile.ts': scanfile(
				'const spikes = simulate({ over, run: make(2) });',
				'{ spikes }',
				"import { make } from './model.ts';",
			),
			'model.ts':
				'export const make = (k: number) => (p: { weight: number }) => p.weight * k;\nexport const aside = 1;\n',
		},
		edits: { 'Scanfile.ts': [['make(2)', 'make(3)']] },
		said: [ranBefore(2, 'spikes', '`run` in Scanfile.ts changed')],
	},
];

for (const { title, project, edits, said } of cases) {
	test(title, async (t) => {
		t.deepEqual(await after(project, edits), said);
	});
}

test.serial('a variable that is read while the Scanfile is loaded is named with its values', async (t) => {
	const project = modelled(
		"const level = process.env['SCANMAKE_TEST_WHY'] ?? 'none';\nexport const relay = (p: { weight: number }) => p.weight + level.length;",
	);
	await inProject(project, async (folder) => {
		const store = memoryStore();
		t.teardown(() => {
			delete process.env['SCANMAKE_TEST_WHY'];
		});
		await builtIn(folder, store, undefined);
		process.env['SCANMAKE_TEST_WHY'] = 'high';
		const [spikes] = await explained(folder, store);
		t.deepEqual(
			spikes?.groups.map((group) => groupSentence('spikes', group)),
			[ranBefore(2, 'spikes', '`relay` → the value of `level` in model.ts went from "none" to "high"')],
		);
	});
});

test('random edits: what is said to run runs, and what changed is named', async (t) => {
	await fc.assert(
		fc.asyncProperty(drawing, history, async (first, steps) => {
			await inProject(filesOf(first), async (folder) => {
				const store = memoryStore();
				let files = filesOf(first);
				let now = first;
				await builtIn(folder, store, join(folder, '.scanmake'));
				for (const { name, change } of steps) {
					now = change(now);
					const next = filesOf(now);
					await write(folder, Object.fromEntries(Object.entries(next).filter(([path, text]) => files[path] !== text)));
					const changed = Object.keys(next).filter((path) => files[path] !== next[path]);
					files = next;
					const targets = await explained(folder, store);
					const { ran } = await builtIn(folder, store, join(folder, '.scanmake'));
					for (const { name: target, tasks, reused, groups } of targets) {
						const toRun = groups.reduce((sum, group) => sum + group.tasks, 0);
						t.is(toRun + reused, tasks);
						t.is(toRun, ran[target] ?? 0, `${target} after ${name}`);
						for (const { causes } of groups) {
							const [cause] = causes;
							if (cause?.kind !== 'code') return t.fail(`${cause?.kind} after ${name}`);
							const [part] = cause.parts;
							t.true(changed.includes(part?.file ?? ''), `${JSON.stringify(cause)} after ${name} of ${changed.join()}`);
						}
					}
				}
			});
		}),
		seeded(12),
	);
});
