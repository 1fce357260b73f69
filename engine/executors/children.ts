// The processes that a thread has started and waits for: ended where the thread cannot be.
// Linux alone tells whose child a process is; elsewhere nothing is done. Knows nothing of tasks.
import { readdirSync, readFileSync } from 'node:fs';

/** Ends the processes that the thread `native` (as `/proc/thread-self` names it) has started, and theirs. */
export function killChildren(native: string | undefined): void {
	if (native === undefined) return;
	const pids = childrenOf(`/proc/${native}`);
	for (const pid of pids) pids.push(...threadsOf(pid).flatMap(childrenOf));
	for (const pid of pids) {
		try {
			process.kill(pid, 'SIGKILL');
		} catch {
			// It has ended by itself.
		}
	}
}

function threadsOf(pid: number): string[] {
	try {
		return readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`);
	} catch {
		return [];
	}
}

function childrenOf(thread: string): number[] {
	try {
		return (readFileSync(`${thread}/children`, 'utf8').match(/\d+/g) ?? []).map(Number);
	} catch {
		return [];
	}
}
