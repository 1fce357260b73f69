// One process that runs tasks, from its start to its end, with everything that it starts: a process group of its own.
// Knows neither what it is told nor what it says.
import { type SpawnOptions, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { forgetGroup, isGroupAlive, isGroupThere, signalGroup, watchGroup } from './groups.ts';

/** What is started, and how. */
export interface ProcessOptions {
	readonly words: readonly string[];
	readonly folder: string;
	readonly env?: NodeJS.ProcessEnv | undefined;
	/** Its descriptors from 0 on; 0 is a pipe. */
	readonly descriptors: readonly ('pipe' | 'ignore')[];
	/** The descriptor on which it reports: it is not over before all that was written there is read. */
	readonly reports: number;
}

/** How a process ended, as the end of a sentence that begins with its name. */
export interface ProcessEnd {
	readonly how: string;
	/** Undefined: it was ended by a signal, or could not be started. */
	readonly status?: number | undefined;
	readonly signal?: NodeJS.Signals | undefined;
	/** Its process group, where something of it could not even be killed. */
	readonly abandoned?: number | undefined;
}

/** What a process tells. */
export interface ProcessEvents {
	/** It has said all that it will say. */
	silent(): void;
	/** It and all that it started is gone; comes after `silent`. */
	over(end: ProcessEnd): void;
}

/** A process. */
export interface Process {
	/** Undefined: it could not be started; `over` is still to come. */
	readonly pid: number | undefined;
	readonly input: Writable | null;
	readonly reports: Readable | null;
	/** The stream of another descriptor. */
	stream(descriptor: number): Readable | null;
	/** It has enough to do: its reports are read a little later, several at once. */
	rest(milliseconds: number): void;
	/** While it is held, its reports are not read, and it waits with them. */
	hold(isHeld: boolean): void;
	/** It will be told no more and ends by itself; what it started is ended then. It is ended where that takes long. */
	leave(): void;
	/** Ends it and what it started: asks first, and kills after a second. */
	end(): void;
	/** Ends it and what it started at once. */
	kill(): void;
}

const patienceMilliseconds = 1000;
const graceMilliseconds = 500;
const lookMilliseconds = 10;
// One that reads what every process of the machine is doing.
const looksPerCloseLook = 10;
// What guards a process is killed when that has ended by itself, and is gone at the second look.
const firstCloseLooks = 3;
// Looks, not milliseconds: an engine that was busy for so long has read nothing meanwhile.
const mostLooksAtGroup = 30;
const mostLooksAtReports = 500;

/** Starts a process. */
export function startProcess(options: ProcessOptions, events: ProcessEvents): Process {
	const [program = 'sh', ...args] = options.words;
	let ending: 'left' | 'asked' | 'killed' | undefined;
	let isOver = false;
	let end: ProcessEnd = { how: 'could not be started' };
	let endedAt = 0;
	let turns = 0;
	let looks = 0;
	let nextLook: NodeJS.Timeout | undefined;
	let hasExited = false;
	let isReadOut = false;
	let isResting = false;
	let isHeld = false;

	const spawned: SpawnOptions = {
		cwd: options.folder,
		env: options.env ?? process.env,
		detached: true,
		stdio: [...options.descriptors],
	};
	const child = spawn(program, args, spawned);
	const { pid, stdin } = child;
	if (pid !== undefined) watchGroup(pid);
	for (const stream of child.stdio) {
		stream?.on('error', () => {
			// It has ended; `exit` says how.
		});
	}
	const streamOf = (descriptor: number) => (child.stdio[descriptor] ?? null) as Readable | null;
	const reports = streamOf(options.reports);
	reports?.on('close', () => {
		isReadOut = true;
		look();
	});
	child.on('error', (error) => {
		if (pid !== undefined || isOver) return;
		isOver = true;
		events.over({ how: `could not be started: ${error.message}` });
	});
	child.on('exit', (status, signal) => {
		hasExited = true;
		end =
			signal === null
				? { how: `ended with exit status ${status}`, status: status ?? 0 }
				: { how: `was ended by ${signal}`, signal };
		endedAt = performance.now();
		// What has lost its leader unasked is nobody's any more.
		if (ending === undefined || ending === 'left') kill();
		look();
	});

	function kill(): void {
		if (pid === undefined || isOver) return;
		if (ending !== 'killed') endedAt = performance.now();
		ending = 'killed';
		signalGroup(pid, 'SIGKILL');
	}

	function endNow(): void {
		if (pid === undefined || isOver || ending === 'asked' || ending === 'killed') return;
		ending = 'asked';
		endedAt = performance.now();
		signalGroup(pid, 'SIGTERM');
		setTimeout(() => {
			if (!isOver && ending === 'asked') kill();
		}, patienceMilliseconds).unref();
	}

	/** Whether all is over, until it is. */
	function look(): void {
		if (isOver || pid === undefined || !hasExited) return;
		const waited = performance.now() - endedAt;
		if (ending === 'killed') looks++;
		const isClose = turns < firstCloseLooks || turns % looksPerCloseLook === 0;
		turns++;
		const isAlive = isClose ? isGroupAlive(pid) : isGroupThere(pid);
		const isAbandoned = isAlive && looks > mostLooksAtGroup;
		if ((!isAlive || isAbandoned) && (isReadOut || looks > mostLooksAtReports)) {
			isOver = true;
			events.silent();
			forgetGroup(pid);
			for (const stream of child.stdio) stream?.destroy();
			events.over({ ...end, abandoned: isAbandoned ? pid : undefined });
			return;
		}
		if (ending === 'asked' && waited > patienceMilliseconds) kill();
		clearTimeout(nextLook);
		nextLook = setTimeout(look, lookMilliseconds);
	}

	return {
		pid,
		input: stdin,
		reports,
		stream: streamOf,
		rest(milliseconds) {
			if (reports === null || isResting || reports.isPaused() || hasExited) return;
			isResting = true;
			reports.pause();
			setTimeout(() => {
				if (!isHeld) reports.resume();
				// First comes what was read before the rest; what has come meanwhile is read in this turn of the loop.
				setImmediate(() => {
					isResting = false;
				});
			}, milliseconds);
		},
		hold(isHeldNow) {
			isHeld = isHeldNow;
			if (isHeld) reports?.pause();
			else reports?.resume();
		},
		leave() {
			if (pid === undefined || ending !== undefined) return;
			ending = 'left';
			stdin?.end();
			setTimeout(endNow, graceMilliseconds).unref();
		},
		end: endNow,
		kill,
	};
}
