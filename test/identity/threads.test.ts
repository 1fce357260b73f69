// The same with all that is real: worker threads, the store on disk, one edit after the other, and back to the beginning.
import { join } from 'node:path';
import test from 'ava';
import { openEngine } from '../../engine/index.ts';
import { memoryStore } from '../../engine/store/memory.ts';
import { builtIn, type Edits, edited, type Files, inProject, type Reruns, ranOf, write } from './ground.ts';
import { everything, fromSpikes, retina } from './projects.ts';

interface Step {
	readonly title: string;
	/** Made in the untouched project. */
	readonly edits: Edits;
	readonly jobs?: number;
	readonly reruns: Reruns;
}

const steps: readonly Step[] = [
	{ title: 'first', edits: {}, reruns: everything },
	{ title: 'again, on one thread', edits: {}, jobs: 1, reruns: {} },
	{ title: 'a comment', edits: { 'numbers.ts': [['return x / 2', 'return x / 2; // half']] }, reruns: {} },
	{ title: 'a helper two modules away', edits: { 'numbers.ts': [['x / 8 + 1', 'x / 8 - 1']] }, reruns: fromSpikes },
	{ title: 'back', edits: {}, reruns: {} },
	{
		title: 'a method patched two modules away',
		edits: {
			'response.ts': [['const bins', "import './patch.ts';\nconst bins"]],
			'patch.ts': "import { Synapse } from './synapse.ts';\nSynapse.prototype.decay = (x: number) => x;\n",
		},
		reruns: fromSpikes,
	},
	{
		title: 'generate to the same result',
		edits: { 'model.ts': [['rate + unit', 'unit + rate']] },
		reruns: { input: 6 },
	},
	{
		title: 'a trial more',
		edits: {
			'Scanfile.ts': [
				['stimulus.trials(2)', 'stimulus.trials(3)'],
				['cell.trials(2)', 'cell.trials(3)'],
			],
		},
		reruns: { input: 3, spikes: 6, response: 4, tuning: 1 },
	},
	{
		title: 'an added value',
		edits: { 'Scanfile.ts': [['weight: [2, 3]', 'weight: [2, 3, 4]']] },
		reruns: { spikes: 6, response: 2, tuning: 1 },
	},
	{ title: 'back again', edits: {}, reruns: {} },
];

test('real threads and a real store rerun what an edit changes, and find what was there before it', async (t) => {
	await inProject(retina, async (folder) => {
		const store = join(folder, '.scanmake');
		let files: Files = retina;
		for (const { title, edits, jobs = 2, reruns } of steps) {
			const next = edited(retina, edits);
			await write(folder, Object.fromEntries(Object.entries(next).filter(([path, text]) => files[path] !== text)));
			files = next;
			const engine = await openEngine({ file: join(folder, 'Scanfile.ts'), store, mode: 'write', cwd: folder });
			try {
				t.deepEqual(ranOf((await engine.build([], { jobs })).targets), reruns, title);
				const fresh = await builtIn(folder, memoryStore(), undefined);
				for (const { name } of engine.targets) {
					t.deepEqual([...(await engine.table(name)).rows()], fresh.rows[name], `${title}: ${name}`);
				}
			} finally {
				await engine.close();
			}
		}
	});
});
