// One `sh` that runs tasks: what it is written and what it reports.
// Knows lines and reports, neither what is run nor how a process is ended.
import { loggedMark, prologue, readyReport, skippedReport } from '../workers/shell.ts';
import { type ProcessEnd, startProcess } from './process.ts';

/** What a worker said of the task that it was at. */
export type Report =
	| { readonly kind: 'skipped' }
	| { readonly kind: 'ended'; readonly status: number; readonly hasLog: boolean };

/** How a worker ended, as the end of a sentence that begins with “its shell”. */
export interface ShellEnd extends ProcessEnd {
	/** Whether it was ready for tasks. */
	readonly wasReady: boolean;
}

/** What a worker tells. */
export interface ShellEvents {
	ready(): void;
	/** In the order in which tasks were written; all that came at once. */
	reported(reports: readonly Report[]): void;
	/** It and all that it started is gone. */
	over(end: ShellEnd): void;
}

/** A worker. */
export interface Shell {
	isReady(): boolean;
	write(text: string): void;
	/** It has enough to do: its reports are read a little later, several at once. */
	rest(): void;
	/** Ends it and what it started: asks first, and kills after a second. */
	end(): void;
}

const restMilliseconds = 4;

/** Starts `words` (a shell that reads from its standard input) in a folder. */
export function startShell(words: readonly string[], folder: string, events: ShellEvents): Shell {
	let isReady = false;
	let rest = '';
	let reports: Report[] = [];

	const shell = startProcess(
		{ words, folder, descriptors: ['pipe', 'pipe', 'ignore', 'ignore', 'pipe'], reports: 1 },
		{
			silent: tell,
			over: (end) => events.over({ ...end, wasReady: isReady }),
		},
	);
	shell.reports?.setEncoding('latin1');
	shell.reports?.on('data', (text: string) => {
		const lines = (rest + text).split('\n');
		rest = lines.pop() ?? '';
		receive(lines);
	});
	shell.input?.write(prologue);

	function receive(lines: readonly string[]): void {
		for (const line of lines) {
			if (line === readyReport) {
				isReady = true;
				events.ready();
				continue;
			}
			// All that has come by now is told at once: what one of many short tasks took can only be told from many.
			if (reports.length === 0) setImmediate(tell);
			reports.push(reportOf(line));
		}
	}

	function tell(): void {
		const told = reports;
		reports = [];
		if (told.length > 0) events.reported(told);
	}

	return {
		isReady: () => isReady,
		write: (text) => void shell.input?.write(text),
		rest: () => shell.rest(restMilliseconds),
		end: shell.end,
	};
}

function reportOf(line: string): Report {
	if (line === skippedReport) return { kind: 'skipped' };
	const hasLog = line.endsWith(loggedMark);
	return { kind: 'ended', status: Number(hasLog ? line.slice(0, -loggedMark.length) : line), hasLog };
}
