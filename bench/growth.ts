// One value is added to an axis of a finished scan of 100,000 sets: how long until the first new task starts.
// The worst case: it is the last value of the slowest axis, so that all finished sets come before the new ones.
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Ground } from './ground.ts';
import { median, runOnce } from './measure.ts';
import { scanmake, tasksRun, writeProject } from './projects.ts';
import { type Row, secondsText } from './table.ts';

const sets = 100_000;
const newSets = 33_000;
const rounds = 5;

/** Seconds from before the process is started to the first line of the first new task. */
export async function growth(ground: Ground): Promise<readonly Row[]> {
	const folder = ground.fresh('growth');
	const firstTaskFile = join(folder, 'first-task');
	const project = writeProject(folder, sets, { firstTaskFile });
	await runOnce(scanmake(project, ['spikes']));
	const finished = ground.fresh('finished');
	cpSync(join(folder, '.scanmake'), finished, { recursive: true });
	writeProject(folder, sets, { firstTaskFile, isGrown: true });

	const waits: number[] = [];
	const all: number[] = [];
	for (let round = 0; round < rounds; round++) {
		const store = ground.fresh('store');
		cpSync(finished, store, { recursive: true });
		const started = Date.now();
		const run = await runOnce(scanmake(project, ['spikes', '--store', store]));
		if (tasksRun(run) !== newSets) throw new Error(`${tasksRun(run)} tasks ran, not the new ones alone`);
		waits.push((Number(readFileSync(firstTaskFile, 'utf8')) - started) / 1000);
		all.push(run.seconds);
		// the file is written by whoever comes first
		rmSync(firstTaskFile);
	}
	return [
		{
			what: 'a value added to an axis of 100,000 sets: first new task starts',
			measured: secondsText(median(waits)),
			against: `all of it ${secondsText(median(all))}`,
			bound: { words: 'at most 1 s', holds: median(waits) <= 1 },
		},
	];
}
