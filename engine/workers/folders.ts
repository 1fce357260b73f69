// The folders of tasks, one each. One that its task left empty is given to a later task under that task's own name: where
// much is written, renaming costs a twentieth of removing and making, and a process left behind does not find it again.
// Knows nothing of tasks.
import { lstatSync, mkdirSync, readdirSync, renameSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { removeFolder } from './outputs.ts';

/** Makes and removes folders that lie side by side in one place. */
export interface TaskFolders {
	/** Makes an empty folder, whatever is there, with what the outputs (paths by name) need below it. */
	make(folder: string, outputs: ReadonlyMap<string, string>): void;
	/** Removes a folder with these files, and whatever else is in it. */
	remove(folder: string, files: Iterable<string>): void;
}

const mostSpare = 256;

/** No folder yet. */
export function taskFolders(): TaskFolders {
	const spare = new Set<string>();
	let usualMode: number | undefined;

	function fromSpare(folder: string): boolean {
		const [empty] = spare;
		if (empty === undefined) return false;
		spare.delete(empty);
		try {
			renameSync(empty, folder);
			return true;
		} catch {
			// It has gone, or the place is taken.
			return false;
		}
	}

	return {
		make(folder, outputs) {
			// A task that is run again has left its own folder here: it is in use from now on.
			if (spare.delete(folder)) removeFolder(folder);
			if (!fromSpare(folder)) {
				try {
					mkdirSync(folder);
				} catch (error) {
					// A worker that was ended may have begun with this task before.
					if ((error as NodeJS.ErrnoException).code === 'EEXIST') removeFolder(folder);
					mkdirSync(folder, { recursive: true });
				}
				usualMode ??= lstatSync(folder).mode;
			}
			for (const [name, path] of outputs) if (name.includes('/')) mkdirSync(dirname(path), { recursive: true });
		},
		remove(folder, files) {
			for (const path of files) removeFile(path);
			if (spare.size < mostSpare && isAsMade(folder, usualMode)) spare.add(folder);
			else removeFolder(folder);
		},
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

function isAsMade(folder: string, mode: number | undefined): boolean {
	try {
		return lstatSync(folder).mode === mode && readdirSync(folder).length === 0;
	} catch {
		return false;
	}
}
