// What took time, as events: spans of the engine's own work, and of a worker's. Times are milliseconds since 1970 by a
// clock that nobody sets. Knows no task.
import { performance } from 'node:perf_hooks';
import type { EngineEvent, Listener } from './events.ts';
import type { Answers } from './executors/executor.ts';

/** What the engine's own work is called. */
export type Span = 'load' | 'plan' | 'feed' | 'keys' | 'commit' | 'sweep';

/** Spans of the engine's own work that are shorter are not told (milliseconds). */
const shortestSpan = 0.5;
/** A task that takes longer and was answered alone is told by its parameters. */
const longSeconds = 0.1;

/** Tells of the engine's own work since `begun` (of `performance.now`), unless that was short. */
export function worked(listen: Listener, what: Span, begun: number): void {
	const milliseconds = performance.now() - begun;
	if (milliseconds < shortestSpan) return;
	listen({ kind: 'worked', what, seconds: milliseconds / 1000, at: performance.timeOrigin + begun });
}

/** What a worker did, ended just now. */
export function answeredEvent(
	target: number,
	answers: Answers,
	parametersOf: (answer: number) => string,
): Extract<EngineEvent, { kind: 'answered' }> {
	let seconds = 0;
	for (const each of answers.seconds) seconds += each;
	let failed = 0;
	for (const extra of answers.extras.values()) if (extra.failure !== undefined) failed++;
	return {
		kind: 'answered',
		target,
		worker: answers.worker,
		tasks: answers.size,
		failed,
		seconds,
		at: performance.timeOrigin + performance.now(),
		parameters: answers.size === 1 && seconds > longSeconds ? parametersOf(0) : undefined,
	};
}
