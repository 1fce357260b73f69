// What is said while a build runs: a block of lines that is drawn again and again at a terminal, a line now and then in a
// pipe, failed tasks as they happen. Knows no engine, only its events; time comes from a clock that it is given.
import type { EngineEvent, Listener } from '../engine/events.ts';
import { oneLine } from './columns.ts';
import { courseOfBuild } from './course.ts';
import { liveBlock, type ScreenSize } from './live.ts';
import type { Paint } from './paint.ts';
import { failedTask, failuresSaid, moreFailures, stopping, stoppingAfterFailure } from './sentences.ts';
import { blockLines, type Look, plainLine, planLine } from './status.ts';

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
	/** Whether lines can be drawn again. */
	readonly isTerminal: boolean;
	columns(): number;
	rows(): number;
	/** Whether its characters are those of Unicode. */
	readonly unicode: boolean;
	readonly paint: Paint;
	/** Nothing is said but errors. */
	readonly quiet: boolean;
}

/** The progress of one build. */
export interface Progress {
	readonly listen: Listener;
	/** A first Ctrl-C was heard. */
	interrupted(): void;
	/** Clears the block; nothing is written any more. */
	close(): void;
}

const redrawMilliseconds = 100;
/** The block is drawn anew though it is the same: something may have been typed over it. */
const refreshMilliseconds = 1000;
/** A build that ends before this shows no block. */
const patienceMilliseconds = 300;
const plainLines = { first: 2000, second: 10_000, growth: 1.5, longest: 60_000 };

/** Begins to follow a build. */
export function followProgress(screen: Screen, clock: Clock): Progress {
	const course = courseOfBuild();
	let isStopping = false;
	const say = screen.isTerminal ? atTerminal(screen, clock) : inPipe(screen, clock);
	const look = (): Look => ({ paint: screen.paint, unicode: screen.unicode, isStopping });
	const tick = (): void => say.tick(course.standings, look);
	let failures = 0;

	const failed = (event: Extract<EngineEvent, { kind: 'task-failed' }>): void => {
		if (event.willRetry) return;
		failures++;
		if (failures <= failuresSaid) say.line(screen.paint('red', failedTask(event)));
		else if (failures === failuresSaid + 1) say.line(moreFailures);
	};
	const stop = (why: string): void => {
		if (!isStopping) say.line(why);
		isStopping = true;
	};
	const listen = (event: EngineEvent): void => {
		course.listen(event, clock.now());
		switch (event.kind) {
			case 'planned':
				// a plan after a damaged result begins anew, its failures too
				failures = 0;
				say.planned();
				break;
			case 'started':
				say.started(course.standings);
				break;
			case 'task-failed':
				failed(event);
				break;
			case 'notice':
				say.line(screen.paint('yellow', oneLine(event.message)));
				break;
			case 'stopping':
				stop(event.reason === 'interrupt' ? stopping : stoppingAfterFailure);
				break;
			default:
				tick();
		}
	};
	const interrupted = (): void => stop(stopping);
	if (screen.quiet) return { listen: () => {}, interrupted, close: () => say.close() };
	const stopTicking = clock.every(redrawMilliseconds, tick);
	return {
		listen,
		interrupted,
		close() {
			stopTicking();
			say.close();
		},
	};
}

type Standings = ReturnType<typeof courseOfBuild>['standings'];

/** One of the two ways to say how far a build is. */
interface Way {
	planned(): void;
	started(standings: Standings): void;
	/** Time has passed, or something has happened. */
	tick(standings: Standings, look: () => Look): void;
	line(text: string): void;
	close(): void;
}

function atTerminal(screen: Screen, clock: Clock): Way {
	const block = liveBlock(screen.write);
	let since: number | undefined;
	let lookedAt = Number.NEGATIVE_INFINITY;
	let drawnAt = Number.NEGATIVE_INFINITY;
	let drawn = '';
	return {
		planned() {
			since ??= clock.now();
		},
		started() {},
		tick(standings, look) {
			const now = clock.now();
			if (since === undefined || now - since < patienceMilliseconds || now - lookedAt < redrawMilliseconds) return;
			lookedAt = now;
			const size: ScreenSize = { columns: screen.columns(), rows: screen.rows() };
			const lines = blockLines(standings(now), size, look());
			const next = [size.columns, size.rows, ...lines].join('\n');
			if (next === drawn && now - drawnAt < refreshMilliseconds) return;
			block.show(lines, size);
			[drawn, drawnAt] = [next, now];
		},
		line: (text) => block.line(text),
		close: () => block.close(),
	};
}

function inPipe(screen: Screen, clock: Clock): Way {
	let begun = false;
	let dueAt = Number.POSITIVE_INFINITY;
	let pause = plainLines.second;
	let closed = false;
	const line = (text: string): void => {
		if (!closed) screen.write(`${text}\n`);
	};
	const begin = (standings: Standings): void => {
		if (begun) return;
		begun = true;
		line(planLine(standings(clock.now())));
	};
	return {
		planned() {
			if (dueAt === Number.POSITIVE_INFINITY) dueAt = clock.now() + plainLines.first;
		},
		started(standings) {
			if (!begun) dueAt = clock.now() + plainLines.first;
			begin(standings);
		},
		tick(standings, look) {
			const now = clock.now();
			if (now < dueAt) return;
			if (!begun) begin(standings);
			else {
				line(plainLine(standings(now), look()));
				dueAt = now + pause;
				pause = Math.min(plainLines.longest, pause * plainLines.growth);
				return;
			}
			dueAt = now + plainLines.second;
		},
		line,
		close() {
			closed = true;
		},
	};
}
