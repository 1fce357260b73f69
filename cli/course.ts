// How each target stands, from the engine's events: its counts, whether it runs or waits, how fast its tasks end.
// Words nothing and draws nothing.
import type { EngineEvent, Tally } from '../engine/events.ts';
import { type Pace, paceFrom } from './pace.ts';

/** One target, as it stands at a moment. */
export interface TargetCourse {
	readonly name: string;
	/** Tasks of this build, those outside `--where` aside. */
	readonly total: number;
	/** Nothing more happens to them in this build: reused, run, failed or blocked. */
	readonly settled: number;
	readonly reused: number;
	readonly failed: number;
	readonly blocked: number;
	readonly retries: number;
	readonly state: 'waits' | 'runs' | 'over';
	/** Tasks that end in a second; 0: not known, or waiting. */
	readonly perSecond: number;
	/** From its first task's start until now, or until its last one's end. */
	readonly seconds: number;
	/** From its first task's start until now. */
	readonly age: number;
}

/** The targets of one build. */
export interface Course {
	listen(event: EngineEvent, now: number): void;
	/** Upstream first, as they were planned. */
	standings(now: number): readonly TargetCourse[];
}

interface Target {
	readonly name: string;
	readonly outside: number;
	tally: Tally;
	running: number;
	retries: number;
	/** When its first task was sent; undefined: it waits. */
	begun: number | undefined;
	/** When something of it was last seen to run or to end. */
	busy: number;
	pace: Pace | undefined;
}

/** A target that has had nothing at work for so long waits. */
const idleMilliseconds = 1500;

export function courseOfBuild(): Course {
	let targets: Target[] = [];

	const counted = (target: Target, tally: Tally, now: number): void => {
		const [before, finished] = [finishedOf(target.tally), finishedOf(tally)];
		target.tally = tally;
		if (target.running === 0 && finished === before) return;
		target.begun ??= now;
		target.busy = now;
		target.pace ??= paceFrom(target.begun, before);
		target.pace.note(now, finished);
	};
	const standing = (target: Target, now: number): TargetCourse => {
		const { reused, ran, failed, blocked } = target.tally;
		const settled = reused + ran + failed + blocked;
		const total = target.tally.tasks - target.outside;
		const idle = target.begun === undefined || (target.running === 0 && now - target.busy > idleMilliseconds);
		const state = settled >= total ? 'over' : idle ? 'waits' : 'runs';
		const until = state === 'over' ? target.busy : now;
		return {
			...{ name: target.name, total, settled, reused, failed, blocked, retries: target.retries, state },
			perSecond: state === 'runs' ? (target.pace?.perSecond(now) ?? 0) : 0,
			seconds: target.begun === undefined ? 0 : (until - target.begun) / 1000,
			age: target.begun === undefined ? 0 : (now - target.begun) / 1000,
		};
	};
	return {
		listen(event, now) {
			if (event.kind === 'planned') targets = event.targets.map(waiting);
			else if (event.kind === 'progress') {
				const target = targets[event.target];
				if (target === undefined) return;
				target.running = event.running;
				counted(target, { ...event.tally }, now);
			} else if (event.kind === 'answered') {
				// the next progress counts them again, but may be a long task away
				const target = targets[event.target];
				if (target === undefined) return;
				counted(target, { ...target.tally, ran: target.tally.ran + event.tasks - event.failed }, now);
			} else if (event.kind === 'task-failed') {
				const target = targets.find(({ name }) => name === event.target);
				if (target === undefined) return;
				if (event.willRetry) target.retries++;
				else counted(target, { ...target.tally, failed: target.tally.failed + 1 }, now);
			}
		},
		standings: (now) => targets.map((target) => standing(target, now)),
	};
}

function waiting(planned: Extract<EngineEvent, { kind: 'planned' }>['targets'][number]): Target {
	const { name, tasks, outside = 0 } = planned;
	const tally = { tasks, reused: 0, ran: 0, failed: 0, blocked: 0, left: 0 };
	return { name, outside, tally, running: 0, retries: 0, begun: undefined, busy: 0, pace: undefined };
}

function finishedOf(tally: Tally): number {
	return tally.ran + tally.failed;
}

/** All targets together. */
export function sumOf(standings: readonly TargetCourse[]): TargetCourse {
	const sum = (of: (standing: TargetCourse) => number): number =>
		standings.reduce((total, each) => total + of(each), 0);
	const [total, settled] = [sum((each) => each.total), sum((each) => each.settled)];
	const age = standings.reduce((oldest, each) => Math.max(oldest, each.age), 0);
	return {
		...{ name: 'total', total, settled, perSecond: 0 },
		reused: sum((each) => each.reused),
		failed: sum((each) => each.failed),
		blocked: sum((each) => each.blocked),
		retries: sum((each) => each.retries),
		state: settled >= total ? 'over' : standings.some((each) => each.state === 'runs') ? 'runs' : 'waits',
		...{ seconds: age, age },
	};
}
