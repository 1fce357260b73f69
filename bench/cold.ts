// A cold build of 100,000 trivial function tasks, held against its bare parts: hashing, putting and calling.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Ground } from './ground.ts';
import { inTurns, median } from './measure.ts';
import { scanmake, tasksRun, writeProject } from './projects.ts';
import { countText, type Row, ratioRow } from './table.ts';

const sets = 100_000;
const rounds = 5;

/** Every run has a store of its own: the simulated target alone, results recorded. */
export async function cold(ground: Ground): Promise<readonly Row[]> {
	const bare = fileURLToPath(new URL('bare.js', import.meta.url));
	const project = writeProject(ground.fresh('cold'), sets);
	// The words are read when a run starts, after `prepare` has named a new store.
	const ours: string[] = [];
	const theirs: string[] = [];
	const times = await inTurns(
		{
			scanmake: {
				command: { ...scanmake(project), words: ours },
				prepare: () => replace(ours, scanmake(project, ['spikes', '--store', ground.fresh('store')]).words),
				check(run) {
					if (tasksRun(run) !== sets) throw new Error(`a cold build ran ${tasksRun(run)} tasks of ${sets}`);
				},
			},
			bare: {
				command: { program: process.execPath, words: theirs },
				prepare() {
					const folder = ground.fresh('bare');
					mkdirSync(folder);
					replace(theirs, [bare, 'cold', folder, String(sets)]);
				},
			},
		},
		rounds,
	);
	const seconds = median(times.scanmake);
	const what = 'cold, 100,000 trivial function tasks, results recorded';
	return [
		ratioRow(what, seconds, { name: 'hashing + lmdb + calls', seconds: median(times.bare) }, 3),
		{ what: 'tasks a second in it', measured: `${countText(sets / seconds)}/s` },
	];
}

function replace(words: string[], by: readonly string[]): void {
	words.splice(0, words.length, ...by);
}
