// The memory of a cold build of a million sets, under a heap that would not hold an object for each.
import type { Ground } from './ground.ts';
import { countText, type Row, secondsText } from './table.ts';

const sets = 1_000_000;

/** The most anonymous memory of the whole process, its worker threads in it, sampled every 10 ms. */
export async function memory(ground: Ground): Promise<readonly Row[]> {
	const { cold } = await ground.built(sets);
	const what = 'memory, cold, 1,000,000 sets, --max-old-space-size=256';
	const against = `in ${secondsText(cold.seconds)}`;
	const most = cold.anonymousMiB;
	if (most === undefined) return [{ what, measured: 'no /proc here', against }];
	const bound = { words: 'at most 1,024 MiB', holds: most <= 1024 };
	return [{ what, measured: `${countText(most)} MiB`, against, bound }];
}
