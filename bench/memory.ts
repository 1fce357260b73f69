// The memory of a cold build of a million sets, under a heap that would not hold an object for each.
import type { Ground } from './ground.ts';
import { countText, type Row, secondsText } from './table.ts';

const sets = 1_000_000;

/** The most anonymous memory of the whole process, its worker threads in it, sampled every 10 ms. */
export async function memory(ground: Ground): Promise<readonly Row[]> {
	const { cold } = await ground.built(sets);
	const most = cold.anonymousMiB ?? Number.NaN;
	return [
		{
			what: 'memory, cold, 1,000,000 sets, --max-old-space-size=256',
			measured: `${countText(most)} MiB`,
			against: `in ${secondsText(cold.seconds)}`,
			bound: { words: 'at most 1,024 MiB', holds: most <= 1024 },
		},
	];
}
