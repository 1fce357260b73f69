// The folders of tasks, one each: made before a task, removed behind it. None is used twice: a process that a task left
// behind may stand in it. Knows nothing of tasks.
import { mkdirSync, rm, rmdir, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { removeFolder } from './outputs.ts';

/** The name of a task's folder among those of its build. */
export function taskFolder(bundle: number, task: number): string {
	return `${bundle}-${task}`;
}

/** Makes an empty folder, whatever is there, with what the outputs (paths by name) need below it. */
export function makeTaskFolder(folder: string, outputs: ReadonlyMap<string, string>): void {
	try {
		mkdirSync(folder);
	} catch (error) {
		// A worker that was ended may have begun with this task before.
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') removeFolder(folder);
		mkdirSync(folder, { recursive: true });
	}
	for (const [name, path] of outputs) if (name.includes('/')) mkdirSync(dirname(path), { recursive: true });
}

/** Removes folders beside the engine, since that may wait long for a disk that is written to. */
export interface Discards {
	/** Removes a folder that nobody will ask for again, with these files and whatever else is in it. */
	discard(folder: string, files: Iterable<string>): void;
	/** Resolves when what was discarded is gone. */
	over(): Promise<void>;
}

/** Nothing is discarded yet. */
export function discards(): Discards {
	let open = 0;
	let tell: () => void = () => {};
	const gone = (): void => {
		open--;
		if (open === 0) tell();
	};
	return {
		discard(folder, files) {
			for (const path of files) removeFile(path);
			open++;
			rmdir(folder, (error) => {
				// What cannot be removed is left for whoever removes the folder above.
				if (error === null) gone();
				else rm(folder, { recursive: true, force: true }, gone);
			});
		},
		over: () =>
			new Promise((resolve) => {
				tell = resolve;
				if (open === 0) resolve();
			}),
	};
}

/** Removes a file, if it is there and one. */
export function removeFile(path: string): void {
	try {
		unlinkSync(path);
	} catch {
		// It was never made, or it is a folder.
	}
}
