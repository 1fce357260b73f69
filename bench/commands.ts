// Commands and shell lines: 5,000 that do next to nothing, cold, held against programs that do nothing but run them.
// Scanmake records a result, a file and a log for each of its own; the peers write the files alone.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ground } from './ground.ts';
import { type Contestant, inTurns, median } from './measure.ts';
import { contestant, peers, versionOf, type Work } from './peers.ts';
import { type Project, scanmake, tasksRun } from './projects.ts';
import { countText, type Row, ratioRow, secondsText } from './table.ts';

const tasks = 5000;
const rounds: Readonly<Record<Work, number>> = { lines: 3, programs: 3 };
const most = 0.8;

/** Both kinds of work. */
export async function commands(ground: Ground): Promise<readonly Row[]> {
	return [...(await rowsOf(ground, 'lines')), ...(await rowsOf(ground, 'programs'))];
}

const recipes: Readonly<Record<Work, string>> = {
	lines: `shell\`echo \${param('n')} > \${out('n.txt')}\``,
	programs: "command(['/bin/true', param('n')])",
};
const names: Readonly<Record<Work, string>> = { lines: 'shell lines echo N > file', programs: 'commands /bin/true N' };

/** A scan of one target that runs so many commands. */
export function writeCommands(folder: string, work: Work, sets = tasks): Project {
	mkdirSync(folder, { recursive: true });
	const text = `import { arange, command, grid, out, param, scan, shell, simulate } from 'scanmake';
export default scan({ spikes: simulate({ over: grid({ n: arange(0, ${sets}, 1) }), run: ${recipes[work]} }) });
`;
	writeFileSync(join(folder, 'Scanfile.ts'), text);
	return { folder, sets };
}

async function rowsOf(ground: Ground, work: Work): Promise<readonly Row[]> {
	const project = writeCommands(ground.fresh('commands'), work);
	// Read when a run starts, after `prepare` has named a new store.
	const words: string[] = [];
	const contestants: Record<string, Contestant> = {
		scanmake: {
			command: { ...scanmake(project), words },
			prepare() {
				words.splice(0, words.length, ...scanmake(project, ['-j', '2', '--store', ground.fresh('store')]).words);
			},
			check(run) {
				if (tasksRun(run) !== tasks) throw new Error(`a cold build ran ${tasksRun(run)} tasks of ${tasks}`);
			},
		},
	};
	const there = peers.filter((peer) => versionOf(peer) !== undefined);
	for (const peer of there)
		contestants[peer.name] = contestant(peer, ground.fresh(peer.name), Math.min(tasks, peer.most), work);
	const times = await inTurns(contestants, rounds[work]);
	const ours = median(times['scanmake'] ?? []);
	const what = `cold, ${countText(tasks)} ${names[work]}, results recorded`;
	const rows: Row[] = there.map((peer) => {
		const theirs = median(times[peer.name] ?? []);
		if (peer.most >= tasks)
			return ratioRow(what, ours, { name: `${peer.name} -j2`, seconds: theirs }, boundOf(peer.name, work));
		const pace = `${peer.name} -j2, ${peer.most} of them: ${secondsText(theirs)}, ${countText(peer.most / theirs)}/s`;
		return { what, measured: secondsText(ours), against: pace, ratio: ours / tasks / (theirs / peer.most) };
	});
	if (there.length === 0) rows.push({ what, measured: secondsText(ours), against: 'no peer is there' });
	return [...rows, { what: 'tasks a second in it', measured: `${countText(tasks / ours)}/s` }];
}

function boundOf(peer: string, work: Work): number | undefined {
	return peer === 'ninja' && work === 'lines' ? most : undefined;
}
