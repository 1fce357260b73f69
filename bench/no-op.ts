// Nothing to do: 100,000 function tasks with their aggregate and analysis, after the Scanfile was touched.
import { fileURLToPath } from 'node:url';
import type { Ground } from './ground.ts';
import { type Contestant, inTurns, median, runOnce } from './measure.ts';
import { expectNoWork, finishedNinja } from './ninja.ts';
import { versionOf } from './peers.ts';
import { expectNothingRun, scanmake, touch, writeProject } from './projects.ts';
import { type Row, ratioRow, secondsText } from './table.ts';

const sets = 100_000;

/** Scanmake, ninja with as many file targets, and what a bare Node needs for the least of it. */
export async function noOp(ground: Ground): Promise<readonly Row[]> {
	const { project } = await ground.built(sets);
	const worldly = writeProject(ground.fresh('worldly'), sets, { firstTaskFile: ground.fresh('first-task') });
	await runOnce(scanmake(worldly));
	const bare = fileURLToPath(new URL('bare.js', import.meta.url));
	const contestants: Record<string, Contestant> = {
		scanmake: { command: scanmake(project), prepare: () => touch(project), check: expectNothingRun },
		worldly: { command: scanmake(worldly), prepare: () => touch(worldly), check: expectNothingRun },
		bare: { command: { program: process.execPath, words: [bare, 'no-op', project.folder, String(sets)] } },
		node: { command: { program: process.execPath, words: ['--eval', '0'] } },
	};
	if (versionOf({ name: 'ninja' }) !== undefined) {
		contestants['ninja'] = { command: finishedNinja(ground.fresh('ninja'), sets), check: expectNoWork };
	}
	const { scanmake: ours = [], worldly: laid = [], bare: least = [], node = [], ninja } = await inTurns(contestants, 9);
	const what = 'nothing to do, 100,000 sets, Scanfile touched';
	const rows: Row[] = [];
	if (ninja === undefined) rows.push({ what, measured: secondsText(median(ours)), against: 'ninja is missing' });
	else rows.push(ratioRow(what, median(ours), { name: 'ninja', seconds: median(ninja) }, 0.5));
	const name = `bare Node (${secondsText(median(node))} empty)`;
	rows.push(ratioRow(what, median(ours), { name, seconds: median(least) }));
	// A space is kept laid out only where the Scanfile's text decides all that it says.
	const laidOut = `${what}, it imports node:fs: laid out`;
	if (ninja !== undefined) rows.push(ratioRow(laidOut, median(laid), { name: 'ninja', seconds: median(ninja) }));
	return rows;
}
