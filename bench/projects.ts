// The scans that are measured: Scanfiles written into a folder of their own, and the commands that build them.
// Four columns, a `.drop` and a `.where` that reads two of them; functions that do next to nothing. Always the same sets.
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command, Run } from './measure.ts';

/** A folder with a Scanfile. */
export interface Project {
	readonly folder: string;
	/** Parameter sets of `spikes`. */
	readonly sets: number;
}

/** What may be different from one version of a Scanfile to the next. */
export interface Variation {
	/** One more value at the end of the slowest axis: a third more sets, behind all others. */
	readonly isGrown?: boolean;
	/** Where the first task with that value writes when it began, in milliseconds since 1970: the Scanfile imports node:fs. */
	readonly firstTaskFile?: string;
}

/** Writes the Scanfile of a scan with a multiple of 1,000 sets. */
export function writeProject(folder: string, sets: number, variation: Variation = {}): Project {
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, 'Scanfile.ts'), scanfile(sets, variation));
	return { folder, sets };
}

// 3 amplitudes with 33 frequencies and one without any are 100 combinations; times 10 taus, times sets / 1,000 weights.
function scanfile(sets: number, { isGrown, firstTaskFile }: Variation): string {
	const weights = sets / 1000;
	const allWeights = Math.ceil(weights * 1.25) + 1;
	const amplitudes = isGrown ? '0, 0.25, 0.5, 1, 2' : '0, 0.25, 0.5, 1';
	const note =
		firstTaskFile === undefined ? '' : `\tif (p.amplitude > 1) noteFirst(${JSON.stringify(firstTaskFile)});\n`;
	const head = firstTaskFile === undefined ? '' : noteFirst;
	return `${head}import { aggregate, analyze, arange, grid, scan, simulate } from 'scanmake';

const cell = grid({
	amplitude: [${amplitudes}],
	frequency: arange(1, 34, 1),
	tau: arange(0, 10, 1),
	weight: arange(0, ${allWeights}, 1),
})
	.drop('frequency', (p) => p.amplitude === 0)
	.where((p) => p.weight < ${weights} + (p.tau % 2 === 0 ? 1 : -1));

const spikes = simulate({ over: cell, run: (p) => {
${note}	return { rate: 2 * p.weight + p.tau };
} });
const response = aggregate({ from: spikes, by: ['amplitude', 'weight'], run: (rows) => {
	let sum = 0;
	for (const row of rows) sum += row.result.rate;
	return { mean: sum / rows.length };
} });
const summary = analyze({ from: { response }, run: (tables) => tables.response.length });

export default scan({ spikes, response, analyze: summary });
`;
}

const noteFirst = `import { writeFileSync } from 'node:fs';
let isNoted = false;
function noteFirst(file) {
	if (isNoted) return;
	isNoted = true;
	try {
		writeFileSync(file, String(Date.now()), { flag: 'wx' });
	} catch {}
}
`;

/** Scanmake's program, as it is installed. */
export const scanmakeProgram = fileURLToPath(new URL('../bin/cli/main.js', import.meta.url));

/** The command that builds targets of a project, all where none is named. */
export function scanmake({ folder }: Project, words: readonly string[] = [], flags: readonly string[] = []): Command {
	return { program: process.execPath, words: [...flags, scanmakeProgram, '--json', ...words], folder };
}

/** Gives the Scanfile new times. */
export function touch({ folder }: Project): void {
	const now = new Date();
	utimesSync(join(folder, 'Scanfile.ts'), now, now);
}

/** How many tasks a build ran. Throws where the output is no report of a build that went well. */
export function tasksRun({ output }: Run): number {
	const line = output.split('\n').find((candidate) => candidate.startsWith('{')) ?? '';
	const report = JSON.parse(line) as { readonly ok: boolean; readonly targets: readonly { readonly ran: number }[] };
	if (!report.ok) throw new Error(`scanmake did not build: ${output}`);
	return report.targets.reduce((sum, target) => sum + target.ran, 0);
}

/** Throws where a build ran something. */
export function expectNothingRun(run: Run): void {
	const ran = tasksRun(run);
	if (ran > 0) throw new Error(`scanmake ran ${ran} tasks where nothing was to do`);
}
