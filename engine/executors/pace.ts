// How many tasks are written to a worker ahead of what it runs: enough that it never waits for the engine, few enough that
// another worker could have had little of it. Knows the seconds of tasks and nothing else.

/** The pace of one rule's tasks. */
export interface TaskPace {
	/** Mean seconds of a task, the newest counting most; undefined before the first has ended. */
	meanSeconds: number | undefined;
}

const aheadSeconds = 0.02;
/** The most that `aheadOf` says where nothing else is said. */
export const mostTasksAhead = 32;
const weight = 0.2;

/** The paces of rules, by rule. */
export function paces(): (rule: number) => TaskPace {
	const known = new Map<number, TaskPace>();
	return (rule) => {
		const pace = known.get(rule) ?? { meanSeconds: undefined };
		known.set(rule, pace);
		return pace;
	};
}

/** How many tasks a worker may have. */
export function aheadOf({ meanSeconds }: TaskPace, most = mostTasksAhead): number {
	if (meanSeconds === undefined) return 1;
	return Math.max(1, Math.min(most, Math.floor(aheadSeconds / Math.max(meanSeconds, 1e-6))));
}

/** One more task took `seconds`, or each of several that ended at once did. */
export function notePace(pace: TaskPace, seconds: number): void {
	const { meanSeconds } = pace;
	pace.meanSeconds = meanSeconds === undefined ? seconds : meanSeconds + weight * (seconds - meanSeconds);
}
