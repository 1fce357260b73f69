// Why 100,000 tasks would run: the whole process, after the code of their function was changed.
// Held against what the same walk has to cost at least: a plan of the same scan.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ground } from './ground.ts';
import { type Contestant, inTurns, median, type Run } from './measure.ts';
import { type Project, scanmake } from './projects.ts';
import { type Row, secondsText } from './table.ts';

const sets = 100_000;
const mostSeconds = 1;

/** Seconds of `scanmake why` for a scan all of whose tasks would run, and for one of them. */
export async function why(ground: Ground): Promise<readonly Row[]> {
	const { project: built } = await ground.built(sets);
	const folder = ground.fresh('why');
	cpSync(built.folder, folder, { recursive: true });
	const project: Project = { folder, sets };
	const file = join(folder, 'Scanfile.ts');
	const before = readFileSync(file, 'utf8');
	const after = before.replace('2 * p.weight', '3 * p.weight');
	if (after === before) throw new Error('the Scanfile has no code to change');
	writeFileSync(file, after);

	const all: Contestant = { command: scanmake(project, ['why']), check: (run) => expectAll(run) };
	const one: Contestant = { command: scanmake(project, ['why', 'spikes', 'weight=3', 'tau=1', 'amplitude=0']) };
	const plan: Contestant = { command: scanmake(project, ['plan']) };
	const times = await inTurns({ all, one, plan }, 5);
	const seconds = median(times.all);
	return [
		{
			what: 'why 100,000 tasks would run, after an edit of their function',
			measured: secondsText(seconds),
			against: `plan ${secondsText(median(times.plan))}, why of one task ${secondsText(median(times.one))}`,
			bound: { words: `under ${mostSeconds} s`, holds: seconds < mostSeconds },
		},
	];
}

function expectAll({ output }: Run): void {
	if (!output.includes(String(sets))) throw new Error(`why accounts for fewer tasks than there are: ${output}`);
}
