// Nothing to do in larger scans, held against scanmake's own time for 1,000 sets; and what a set costs on disk.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Ground } from './ground.ts';
import { inTurns, median } from './measure.ts';
import { expectNothingRun, type Project, scanmake } from './projects.ts';
import { countText, type Row, ratioRow, secondsText } from './table.ts';

/** Time with nothing to do for a million sets (with --all ten million, too), and the size of their store. */
export async function size(ground: Ground): Promise<readonly Row[]> {
	const small = (await ground.built(1000)).project;
	const rows: Row[] = [];
	for (const sets of ground.isAll ? [1_000_000, 10_000_000] : [1_000_000]) {
		const { project, cold } = await ground.built(sets);
		const times = await inTurns({ large: contestant(project), small: contestant(small) }, 7);
		const bound = sets === 1_000_000 ? 2 : undefined;
		const against = { name: '1,000 sets', seconds: median(times.small) };
		rows.push(ratioRow(`nothing to do, ${countText(sets)} sets`, median(times.large), against, bound));
		const bytes = bytesIn(join(project.folder, '.scanmake'));
		const each = `${countText(bytes / 2 ** 20)} MiB, ${countText(bytes / sets)} bytes a set`;
		rows.push({ what: `store of ${countText(sets)} sets`, measured: each });
		const pace = `${secondsText(cold.seconds)}, ${countText(sets / cold.seconds)} tasks/s`;
		const what = `cold, ${countText(sets)} sets, aggregated and analysed`;
		rows.push({ what, measured: pace, against: `${countText(cold.anonymousMiB ?? Number.NaN)} MiB of memory` });
	}
	return rows;
}

const contestant = (project: Project) => ({ command: scanmake(project), check: expectNothingRun });

function bytesIn(folder: string): number {
	return readdirSync(folder, { withFileTypes: true, recursive: true })
		.filter((entry) => entry.isFile())
		.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).blocks * 512, 0);
}
