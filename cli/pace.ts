// How fast tasks end: a rate over the last seconds, over more of them where tasks are long. Knows no clock: times are handed in.

const windowMilliseconds = 10_000;
const leastMilliseconds = 500;
/** So many times something ended are looked at, however long ago that was. */
const leastSamples = 8;
const sampleMilliseconds = 100;

/** Tasks of one target as they end. */
export interface Pace {
	/** So many have ended by now. */
	note(now: number, finished: number): void;
	/** Tasks a second; 0: not known yet. It sinks while nothing ends. */
	perSecond(now: number): number;
}

/** Begins to measure. */
export function paceFrom(begin: number, before: number): Pace {
	const samples = [{ at: begin, finished: before }];
	let finished = before;
	return {
		note(now, ended) {
			finished = ended;
			const last = samples.at(-1);
			if (last !== undefined && (last.finished === ended || now - last.at < sampleMilliseconds)) return;
			samples.push({ at: now, finished: ended });
			while (samples.length > leastSamples && now - (samples[1]?.at ?? now) >= windowMilliseconds) samples.shift();
		},
		perSecond(now) {
			const first = samples[0];
			if (first === undefined || now - first.at < leastMilliseconds) return 0;
			return ((finished - first.finished) / (now - first.at)) * 1000;
		},
	};
}
