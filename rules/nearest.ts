// “Did you mean …?”: the known name that is closest to a misspelt one. Knows only strings.

/** The candidate that is nearest to `name`, or undefined where none is near. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
	const wanted = name.toLowerCase();
	let best: string | undefined;
	let least = Math.max(1, Math.floor(name.length / 3)) + 1;
	for (const candidate of candidates) {
		const away = edits(wanted, candidate.toLowerCase());
		if (away < least) {
			best = candidate;
			least = away;
		}
	}
	return best;
}

/** The words that suggest the nearest candidate: “; did you mean weight?”, or nothing. */
export function suggestion(name: string, candidates: Iterable<string>): string {
	const near = nearest(name, candidates);
	return near === undefined ? '' : `; did you mean ${near}?`;
}

// Insertions, deletions, replacements and swaps of neighbours that lead from a to b (optimal string alignment).
function edits(a: string, b: string): number {
	let before: number[] = [];
	let above = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const same = a[i - 1] === b[j - 1] ? 0 : 1;
			let cost = Math.min(at(above, j) + 1, at(row, j - 1) + 1, at(above, j - 1) + same);
			if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
				cost = Math.min(cost, at(before, j - 2) + 1);
			row.push(cost);
		}
		before = above;
		above = row;
	}
	return at(above, b.length);
}

function at(numbers: readonly number[], index: number): number {
	return numbers[index] ?? Number.POSITIVE_INFINITY;
}
