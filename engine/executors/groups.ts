// Process groups: signals to all of one, and whether anything of it still runs. Knows nothing of workers.
import { readdirSync, readFileSync } from 'node:fs';

const watched = new Set<number>();

/** Kills the group when this process ends by itself, whatever is left undone then, until `forgetGroup`. */
export function watchGroup(group: number): void {
	if (watched.size === 0) process.on('exit', killWatched);
	watched.add(group);
}

/** All of the group has ended. */
export function forgetGroup(group: number): void {
	watched.delete(group);
	if (watched.size === 0) process.off('exit', killWatched);
}

function killWatched(): void {
	for (const group of watched) signalGroup(group, 'SIGKILL');
}

/** Sends a signal to every process of a group; nothing where there is none. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
	try {
		process.kill(-group, signal);
	} catch {
		// All of it has ended.
	}
}

/** Whether a process of the group is there: one that runs, or one that has ended and that nobody has taken notice of. */
export function isGroupThere(group: number): boolean {
	try {
		process.kill(-group, 0);
		return true;
	} catch {
		return false;
	}
}

/** Whether a process of the group runs; reads much where many processes are. */
export function isGroupAlive(group: number): boolean {
	return isGroupThere(group) && hasRunning(group);
}

/** In a container nobody may take notice of what has ended, and it stays in its group for ever: Linux tells it apart. */
function hasRunning(group: number): boolean {
	if (process.platform !== 'linux') return true;
	for (const name of readdirSync('/proc')) {
		if (!/^\d+$/.test(name)) continue;
		const [state, , itsGroup] = statOf(name);
		if (Number(itsGroup) === group && state !== 'Z' && state !== 'X') return true;
	}
	return false;
}

/** State, parent and group of a process. */
function statOf(pid: string): readonly string[] {
	try {
		const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
		// The name before it may hold anything, parentheses too.
		return text.slice(text.lastIndexOf(')') + 2).split(' ', 3);
	} catch {
		return [];
	}
}
