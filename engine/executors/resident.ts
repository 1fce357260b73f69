// How much memory a process holds, where the system tells (Linux). Knows nothing of what it runs.
import { readFileSync } from 'node:fs';

/** Resident memory of a process; undefined where it is not known. */
export function residentMiB(pid: number | undefined): number | undefined {
	if (pid === undefined || process.platform !== 'linux') return undefined;
	try {
		const [, kibibytes] = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
		return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
	} catch {
		return undefined;
	}
}
