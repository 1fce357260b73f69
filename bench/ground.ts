// What all benches share: a folder for this run, and large projects that are built once.
// Building one is itself measured. Removes the folder at the end.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Run, runOnce } from './measure.ts';
import { type Project, scanmake, tasksRun, writeProject } from './projects.ts';

/** A project all of whose targets are built. */
export interface Built {
	readonly project: Project;
	/** The cold build, with its memory. */
	readonly cold: Run;
}

/** Where benches work. */
export interface Ground {
	/** A path of this run that nobody else uses. */
	fresh(name: string): string;
	/** A project of so many sets, built with a heap of 256 MiB by the first who asks. */
	built(sets: number): Promise<Built>;
	/** Also what takes minutes and gigabytes. */
	readonly isAll: boolean;
	remove(): void;
}

/** A ground in a new temporary folder. */
export function openGround(isAll: boolean): Ground {
	const root = mkdtempSync(join(tmpdir(), 'scanmake-bench-'));
	const builds = new Map<number, Promise<Built>>();
	let count = 0;
	const fresh = (name: string) => join(root, `${name}-${++count}`);

	async function build(sets: number): Promise<Built> {
		const project = writeProject(fresh(`built-${sets}`), sets);
		const limit = sets <= 1_000_000 ? ['--max-old-space-size=256'] : [];
		const cold = await runOnce(scanmake(project, [], limit), 'memory');
		if (tasksRun(cold) < sets) throw new Error(`a cold build ran fewer tasks than there are: ${cold.output}`);
		return { project, cold };
	}

	return {
		fresh,
		built(sets) {
			const made = builds.get(sets) ?? build(sets);
			builds.set(sets, made);
			return made;
		},
		isAll,
		remove: () => rmSync(root, { recursive: true, force: true }),
	};
}
