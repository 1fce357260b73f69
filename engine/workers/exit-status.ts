// What an exit status says, as a shell gives it: a program's own, a signal, a program that could not be started.
// Starts nothing.
import { constants } from 'node:os';
import { programIn } from '../executable.ts';
import type { Failure } from '../outcome.ts';

/** What is known of what was to be started. */
export interface Started {
	/** The command's first word, or what a shell line is called. */
	readonly program: string;
	/** Whether `program` is one: a shell line starts what it wants. */
	readonly isCommand: boolean;
	/** How many bytes of words it was given. */
	readonly size: number;
	/** Where relative names begin. */
	readonly folder: string;
	/** Where programs are looked for. */
	readonly path: string;
}

const notFound = 127;
const notExecutable = 126;
const firstSignal = 128;
// Linux takes no longer word, and no system takes less than this in all.
const longSize = 100_000;

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** The failure that a status other than 0 stands for. */
export function statusFailure(status: number, started: Started): Failure {
	const { program, folder, path } = started;
	if (started.isCommand && (status === notFound || status === notExecutable)) {
		const place = programIn(program, folder, path);
		if (place.kind !== 'there') return { kind: 'not-started', program, why: place.kind };
		if (status === notExecutable && started.size > longSize) return { kind: 'not-started', program, why: 'too-long' };
	}
	const signal = status > firstSignal ? signalNames.get(status - firstSignal) : undefined;
	return { kind: 'ended', program, status, ...(signal === undefined ? {} : { signal }) };
}
