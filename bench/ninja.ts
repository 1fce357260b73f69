// Ninja with nothing to do: a build.ninja of so many file targets, and the files, newer than what they are made from.
// `generator = 1` lets ninja believe files that it did not make itself; its log of them stays empty, which is in its favour.
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, Run } from './measure.ts';

/** Writes a project of `targets` files that are all there; the command that finds nothing to do. */
export function finishedNinja(folder: string, targets: number): Command {
	mkdirSync(join(folder, 'out'), { recursive: true });
	const lines = ['rule make', '  command = touch $out', '  generator = 1'];
	const early = new Date(Date.now() - 3_600_000);
	writeFileSync(join(folder, 'in'), '');
	utimesSync(join(folder, 'in'), early, early);
	for (let i = 0; i < targets; i++) {
		lines.push(`build out/${i}: make in`);
		writeFileSync(join(folder, 'out', String(i)), '');
	}
	writeFileSync(join(folder, 'build.ninja'), `${lines.join('\n')}\n`);
	return { program: 'ninja', words: [], folder };
}

/** Throws where ninja found something to do. */
export function expectNoWork({ output }: Run): void {
	if (!output.includes('no work to do')) throw new Error(`ninja was to find nothing to do, and said: ${output}`);
}
