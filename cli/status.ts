// The line that says how far a build is: done of total, failures, time left, rate. Fits the width it is given.
// Knows no terminal and no clock: the time is handed in.
import type { EngineEvent, Tally } from '../engine/events.ts';
import { textWidth } from './columns.ts';
import { count, counted, rate, roughDuration } from './numbers.ts';

/** How the tasks of all targets stand together. */
export interface Standing {
	/** Tasks of this build, those outside `--where` aside. */
	readonly total: number;
	/** Nothing more happens to them in this build. */
	readonly settled: number;
	/** Reused, not run. */
	readonly reused: number;
	/** Run, with whatever outcome. */
	readonly finished: number;
	readonly failed: number;
}

/** What the line says. */
export interface Status extends Standing {
	/** The target whose tasks ended last. */
	readonly name: string;
	/** Finished tasks a second; 0: not known yet. */
	readonly perSecond: number;
	readonly retries: number;
	/** Since the first task was started. */
	readonly seconds: number;
}

/** Sums the targets up. While a build runs, what is `left` may still be run. */
export function standingOf(tallies: readonly Readonly<Tally>[], outside: number): Standing {
	const standing = { total: -outside, settled: 0, reused: 0, finished: 0, failed: 0 };
	for (const tally of tallies) {
		standing.total += tally.tasks;
		standing.settled += tally.reused + tally.ran + tally.failed + tally.blocked;
		standing.reused += tally.reused;
		standing.finished += tally.ran + tally.failed;
		standing.failed += tally.failed;
	}
	return standing;
}

/** `5,282 tasks (560 done before): input 560, spikes 4,700, …`; where that is too wide, `4 targets, 5,282 tasks …`. */
export function planLine(plan: readonly PlannedTasks[], standing: Standing, width: number): string {
	const { total, reused } = standing;
	const tasks = `${counted(total, 'task')}${reused > 0 ? ` (${count(reused)} done before)` : ''}`;
	const each = plan.map((target) => `${target.name} ${count(target.tasks - (target.outside ?? 0))}`);
	const long = `${tasks}: ${each.join(', ')}`;
	return textWidth(long) <= width ? long : `${counted(plan.length, 'target')}, ${tasks}`;
}

/** A target with the number of its tasks. */
export type PlannedTasks = Extract<EngineEvent, { kind: 'planned' }>['targets'][number];

/** The parts that fit, the important ones first: done, failed, time left, rate, the target at work. */
export function statusLine(status: Status, width: number): string {
	const { total, settled, failed, perSecond, retries } = status;
	const left =
		perSecond > 0 && settled < total ? `${roughDuration(Math.ceil((total - settled) / perSecond))} left` : '';
	// In order of importance; `place` is where the part stands in the line.
	const parts = [
		{ place: 1, text: `${count(settled)}/${count(total)}` },
		{ place: 3, text: failed > 0 ? `${count(failed)} failed` : '' },
		{ place: 5, text: left },
		{ place: 4, text: perSecond > 0 ? rate(perSecond) : '' },
		{ place: 0, text: status.name },
		{ place: 6, text: left === '' ? roughDuration(status.seconds) : '' },
		{ place: 2, text: retries > 0 ? counted(retries, 'retry', 'retries') : '' },
	];
	const fitting: typeof parts = [];
	let used = 0;
	for (const part of parts) {
		const size = textWidth(part.text) + (fitting.length > 0 ? separator.length : 0);
		if (part.text === '' || used + size > width) continue;
		fitting.push(part);
		used += size;
	}
	fitting.sort((a, b) => a.place - b.place);
	return fitting.map((part) => part.text).join(separator);
}

const separator = ' · ';
const rateWindowMilliseconds = 10_000;
const leastSpanMilliseconds = 500;

/** Measures tasks a second over the last ten seconds. */
export function rateMeter(): (now: number, finished: number) => number {
	const samples: { readonly at: number; readonly finished: number }[] = [];
	return (now, finished) => {
		const last = samples.at(-1);
		if (last === undefined || now - last.at >= leastSpanMilliseconds / 5) samples.push({ at: now, finished });
		while (samples.length > 2 && now - (samples[1]?.at ?? now) >= rateWindowMilliseconds) samples.shift();
		const first = samples[0];
		if (first === undefined || now - first.at < leastSpanMilliseconds) return 0;
		return ((finished - first.finished) / (now - first.at)) * 1000;
	};
}
