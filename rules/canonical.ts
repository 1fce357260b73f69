// Values and parameter sets as text that is the same on every machine: JSON as RFC 8785 says.
// Knows no defaults: who leaves a name out does it before.
import type { Value } from './value.ts';

/** A value as canonical JSON. JavaScript writes numbers and strings as RFC 8785 wants them. */
export function canonicalValue(value: Value): string {
	return JSON.stringify(value);
}

/** Orders names by their UTF-16 code units, as RFC 8785 does. */
export function byCodeUnits(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

/** One parameter set as canonical JSON: names sorted, no space. */
export function canonicalParams(entries: Iterable<readonly [string, Value]>): string {
	const sorted = [...entries].sort(([a], [b]) => byCodeUnits(a, b));
	return `{${sorted.map(([name, value]) => `${JSON.stringify(name)}:${canonicalValue(value)}`).join(',')}}`;
}
