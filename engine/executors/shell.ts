// One `sh` from its start to its end, with everything that it starts: a process group of its own.
// Knows lines and reports, not what is run.
import { spawn } from 'node:child_process';
import { loggedMark, prologue, readyReport, skippedReport } from '../workers/shell.ts';
import { forgetGroup, isGroupAlive, isGroupThere, signalGroup, watchGroup } from './groups.ts';

/** What a worker said of the task that it was at. */
export type Report =
	| { readonly kind: 'skipped' }
	| { readonly kind: 'ended'; readonly status: number; readonly hasLog: boolean };

/** How a worker ended, as the end of a sentence that begins with “its shell”. */
export interface ShellEnd {
	/** Whether it was ready for tasks. */
	readonly wasReady: boolean;
	readonly how: string;
	/** Its process group, where something of it could not even be killed. */
	readonly abandoned?: number | undefined;
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

const patienceMilliseconds = 1000;
const lookMilliseconds = 10;
// One that reads what every process of the machine is doing.
const looksPerCloseLook = 10;
const restMilliseconds = 4;
// Looks, not milliseconds: an engine that was busy for so long has read nothing meanwhile.
const mostLooksAtGroup = 30;
const mostLooksAtReports = 500;

/** Starts `words` (a shell that reads from its standard input) in a folder. */
export function startShell(words: readonly string[], folder: string, events: ShellEvents): Shell {
	const [program = 'sh', ...args] = words;
	let isReady = false;
	let ending: 'asked' | 'killed' | undefined;
	let isOver = false;
	let rest = '';
	let reports: Report[] = [];
	let how = 'could not be started';
	let endedAt = 0;
	let turns = 0;
	let looks = 0;
	let nextLook: NodeJS.Timeout | undefined;
	let hasExited = false;
	let isReadOut = false;

	const child = spawn(program, args, {
		cwd: folder,
		detached: true,
		stdio: ['pipe', 'pipe', 'ignore', 'ignore', 'pipe'],
	});
	const { pid, stdin, stdout } = child;
	if (pid !== undefined) watchGroup(pid);
	const streams = [stdin, stdout, child.stdio[4]];
	for (const stream of streams) {
		stream?.on('error', () => {
			// It has ended; `exit` says how.
		});
	}
	stdout?.setEncoding('latin1');
	stdout?.on('data', (text: string) => {
		const lines = (rest + text).split('\n');
		rest = lines.pop() ?? '';
		receive(lines);
	});
	stdout?.on('close', () => {
		isReadOut = true;
		look();
	});
	child.on('error', (error) => {
		if (pid !== undefined || isOver) return;
		isOver = true;
		events.over({ wasReady: false, how: `could not be started: ${error.message}` });
	});
	child.on('exit', (status, signal) => {
		hasExited = true;
		how = signal === null ? `ended with exit status ${status}` : `was ended by ${signal}`;
		endedAt = performance.now();
		// What has lost its shell unasked is nobody's any more.
		if (ending === undefined) kill();
		look();
	});
	stdin?.write(prologue);

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

	function kill(): void {
		if (pid === undefined) return;
		if (ending !== 'killed') endedAt = performance.now();
		ending = 'killed';
		signalGroup(pid, 'SIGKILL');
	}

	/** Whether all is over, until it is. */
	function look(): void {
		if (isOver || pid === undefined || !hasExited) return;
		const waited = performance.now() - endedAt;
		if (ending === 'killed') looks++;
		const isAlive = turns++ % looksPerCloseLook === 0 ? isGroupAlive(pid) : isGroupThere(pid);
		const isAbandoned = isAlive && looks > mostLooksAtGroup;
		if ((!isAlive || isAbandoned) && (isReadOut || looks > mostLooksAtReports)) {
			isOver = true;
			tell();
			forgetGroup(pid);
			for (const stream of streams) stream?.destroy();
			events.over({ wasReady: isReady, how, abandoned: isAbandoned ? pid : undefined });
			return;
		}
		if (ending === 'asked' && waited > patienceMilliseconds) kill();
		clearTimeout(nextLook);
		nextLook = setTimeout(look, lookMilliseconds);
	}

	function end(): void {
		if (pid === undefined || ending !== undefined) return;
		ending = 'asked';
		endedAt = performance.now();
		signalGroup(pid, 'SIGTERM');
		setTimeout(() => {
			if (!isOver && ending === 'asked') kill();
		}, patienceMilliseconds).unref();
	}

	return {
		isReady: () => isReady,
		write: (text) => void stdin?.write(text),
		rest() {
			if (stdout === null || stdout.isPaused() || hasExited) return;
			stdout.pause();
			setTimeout(() => stdout.resume(), restMilliseconds);
		},
		end,
	};
}

function reportOf(line: string): Report {
	if (line === skippedReport) return { kind: 'skipped' };
	const hasLog = line.endsWith(loggedMark);
	return { kind: 'ended', status: Number(hasLog ? line.slice(0, -loggedMark.length) : line), hasLog };
}
