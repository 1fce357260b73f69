// How many ready tasks go out together: enough that messages cost nothing, few enough that a worker answers
// several times a second, a kill loses little and the last bundles end together. Pure.

/** What was learned of one rule's tasks in this build. */
export interface Pace {
	/** Mean seconds of a task; undefined before the first answer. */
	readonly meanSeconds: number | undefined;
	/** The largest bundle so far: sizes grow at most eightfold, since the first tasks may be the quick ones. */
	readonly largest: number;
}

export const firstPace: Pace = { meanSeconds: undefined, largest: 0 };

const wantedSeconds = 0.2;
const largestBundle = 4096;

export function bundleSize(pace: Pace, ready: number, slots: number): number {
	if (pace.meanSeconds === undefined) return 1;
	const byTime = wantedSeconds / Math.max(pace.meanSeconds, 1e-7);
	// guided self-scheduling: each bundle a part of what is left, so that workers end together
	const share = Math.ceil(ready / (2 * slots));
	const worthSharing = 0.005 / Math.max(pace.meanSeconds, 1e-7);
	const size = Math.min(byTime, Math.max(share, worthSharing), pace.largest * 8, largestBundle, ready);
	return Math.max(1, Math.floor(size));
}

/** The pace after `tasks` more took `seconds`: newer tasks count more, so that it follows a scan whose tasks get slower. */
export function updatePace(pace: Pace, tasks: number, seconds: number): Pace {
	if (tasks === 0) return pace;
	const mean = seconds / tasks;
	return { ...pace, meanSeconds: pace.meanSeconds === undefined ? mean : 0.5 * pace.meanSeconds + 0.5 * mean };
}
