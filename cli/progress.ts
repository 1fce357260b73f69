// What is said while a build runs: one line that is rewritten at a terminal, a line now and then in a pipe,
// failed tasks as they happen. Knows no engine, only its events; time comes from a clock that it is given.
import { unreachable } from '../engine/errors.ts';
import type { EngineEvent, Listener, Tally } from '../engine/events.ts';
import { cut, oneLine } from './columns.ts';
import type { Paint } from './paint.ts';
import { failedTask, moreFailures, showCommand, stopping, stoppingAfterFailure } from './sentences.ts';
import type { Invocation } from './shell.ts';
import { type PlannedTasks, planLine, rateMeter, type Status, standingOf, statusLine } from './status.ts';

/** Time, so that tests hold it in their hand. */
export interface Clock {
	/** Milliseconds; only differences count. */
	now(): number;
	/** Calls `act` again and again without keeping the process alive; returns how to stop that. */
	every(milliseconds: number, act: () => void): () => void;
}

/** Where progress is written. */
export interface Screen {
	write(text: string): void;
	/** Whether a line can be rewritten. */
	readonly isTerminal: boolean;
	columns(): number;
	readonly paint: Paint;
	/** Nothing is said but errors. */
	readonly quiet: boolean;
}

/** The progress of one build. */
export interface Progress {
	readonly listen: Listener;
	/** A first Ctrl-C was heard. */
	interrupted(): void;
	/** Clears the rewritten line; nothing is written any more. */
	close(): void;
}

const failuresShown = 10;
const redrawMilliseconds = 100;
const plainLineMilliseconds = 10_000;
const plainWidth = 200;
/** A build with nothing to do ends before this, and says one line only. */
const patienceMilliseconds = { terminal: 300, pipe: 2000 };

/** Begins to follow a build. */
export function followProgress(screen: Screen, clock: Clock, invocation: Invocation): Progress {
	const { line, redraw, close } = lineWriter(screen);
	const rateNow = rateMeter();
	let plan: readonly PlannedTasks[] = [];
	let outside = 0;
	let tallies: Readonly<Tally>[] = [];
	let state: 'loading' | 'planned' | 'running' = 'loading';
	let since = clock.now();
	let saidAt = Number.NEGATIVE_INFINITY;
	let current = 0;
	let failures = 0;
	let retries = 0;
	let saidStopping = false;

	const status = (): Status => {
		const standing = standingOf(tallies, outside);
		const now = clock.now();
		const perSecond = rateNow(now, standing.finished);
		return { ...standing, name: plan[current]?.name ?? '', perSecond, retries, seconds: (now - since) / 1000 };
	};
	const planned = (width: number): string => planLine(plan, standingOf(tallies, outside), width);
	const refresh = (): void => {
		const now = clock.now();
		if (!screen.isTerminal) {
			if (state !== 'running' || now - saidAt < plainLineMilliseconds) return;
			saidAt = now;
			line(statusLine(status(), plainWidth));
			return;
		}
		if (now - saidAt < redrawMilliseconds) return;
		saidAt = now;
		const width = Math.max(10, screen.columns() - 1);
		redraw(state === 'running' ? statusLine(status(), width) : cut(planned(width), width));
	};
	const begin = (): void => {
		if (state === 'running') return;
		state = 'running';
		since = saidAt = clock.now();
		rateNow(since, standingOf(tallies, outside).finished);
		line(planned(screen.isTerminal ? screen.columns() - 1 : plainWidth));
	};
	const tick = (): void => {
		const patience = screen.isTerminal ? patienceMilliseconds.terminal : patienceMilliseconds.pipe;
		if (state === 'loading' || (state === 'planned' && clock.now() - since < patience)) return;
		if (state === 'planned' && !screen.isTerminal) begin();
		else refresh();
	};
	const failed = (event: Extract<EngineEvent, { kind: 'task-failed' }>): void => {
		if (event.willRetry) {
			retries++;
			return;
		}
		failures++;
		if (failures === failuresShown + 1) line(moreFailures);
		if (failures > failuresShown) return;
		line(`${screen.paint('red', failedTask(event))}  Its output: ${showCommand(event, invocation)}`);
	};
	const interrupted = (): void => {
		if (!saidStopping) line(stopping);
		saidStopping = true;
	};
	const listen = (event: EngineEvent): void => {
		switch (event.kind) {
			case 'planned':
				plan = event.targets;
				outside = plan.reduce((sum, target) => sum + (target.outside ?? 0), 0);
				tallies = event.targets.map(({ tasks }) => ({ tasks, reused: 0, ran: 0, failed: 0, blocked: 0, left: 0 }));
				state = 'planned';
				since = clock.now();
				break;
			case 'started':
				begin();
				break;
			case 'progress':
				if (finishedOf(event.tally) > finishedOf(tallies[event.target])) current = event.target;
				tallies[event.target] = event.tally;
				if (state === 'running') refresh();
				break;
			case 'task-failed':
				failed(event);
				break;
			case 'notice':
				line(screen.paint('yellow', oneLine(event.message)));
				break;
			case 'stopping':
				if (event.reason === 'interrupt') interrupted();
				else line(stoppingAfterFailure);
				break;
			default:
				unreachable(event);
		}
	};
	if (screen.quiet) return { listen: () => {}, interrupted, close };
	const stopTicking = clock.every(screen.isTerminal ? 250 : 1000, tick);
	return {
		listen,
		interrupted,
		close() {
			stopTicking();
			close();
		},
	};
}

function finishedOf(tally: Readonly<Tally> | undefined): number {
	return tally === undefined ? 0 : tally.ran + tally.failed;
}

interface LineWriter {
	/** A line that stays, above the rewritten one. */
	line(text: string): void;
	/** The line that is rewritten. */
	redraw(text: string): void;
	/** Clears the rewritten line; nothing is written any more. */
	close(): void;
}

function lineWriter(screen: Pick<Screen, 'write'>): LineWriter {
	let drawn = '';
	let closed = false;
	const clear = drawnLine('');
	return {
		line(text) {
			if (!closed) screen.write(drawn === '' ? `${text}\n` : `${clear}${text}\n${drawn}`);
		},
		redraw(text) {
			if (closed) return;
			drawn = text;
			screen.write(drawnLine(text));
		},
		close() {
			if (!closed && drawn !== '') screen.write(clear);
			closed = true;
		},
	};
}

/** To the line's begin, the text, and what was there behind it cleared. */
function drawnLine(text: string): string {
	return `\r${text}\x1b[K`;
}
