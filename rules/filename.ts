// Names of files that a task writes: relative, inside the task's own folder, the same on every machine.

/** Whether a name can be that of a file in a task's folder. */
export function isFileName(name: unknown): name is string {
	if (typeof name !== 'string' || name === '' || name.includes('\0') || name.includes('\\')) return false;
	return name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/** What to write instead, as the end of a sentence. */
export const fileNamesAre =
	'is no name of a file in the task\'s folder; write one such as "spikes.txt" or "plots/rate.svg"';
