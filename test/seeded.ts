// How random tests are drawn: the same cases each time, so that a run of the tests says something about the change.
// SCANMAKE_SEED and SCANMAKE_RUNS draw others, and more; fast-check prints the seed of a failure.

/** Options of `fc.assert`: so many runs where nothing else is asked for. */
export function seeded(runs: number): { readonly numRuns: number; readonly seed: number } {
	const { SCANMAKE_SEED: seed = '20130801', SCANMAKE_RUNS: wanted = runs } = process.env;
	return { numRuns: Number(wanted), seed: Number(seed) };
}
