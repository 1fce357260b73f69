// What a parameter may be: its values and its names, and the sentence for what is neither.
// Knows nothing of axes, spaces or where a value came from.

/** A value of a parameter: a finite number, a string, a boolean or null. */
export type Value = number | string | boolean | null;

/** One parameter set; a name that is absent is missing. */
export type Params = Readonly<Record<string, Value | undefined>>;

const loneSurrogate = /\p{Surrogate}/u;

/** The value as scanmake keeps it (-0 becomes 0), or undefined where it is none. */
export function asValue(given: unknown): Value | undefined {
	if (typeof given === 'number') return Number.isFinite(given) ? given + 0 : undefined;
	if (typeof given === 'string') return loneSurrogate.test(given) ? undefined : given;
	return typeof given === 'boolean' || given === null ? given : undefined;
}

/** What something is, in words that end “… is NaN”. */
export function whatIs(given: unknown): string {
	if (given === null || given === undefined || typeof given === 'number' || typeof given === 'boolean')
		return `${given}`;
	if (typeof given === 'string') {
		return loneSurrogate.test(given) ? 'text that is not well-formed Unicode' : JSON.stringify(given);
	}
	if (typeof given === 'function') return 'a function';
	if (typeof given !== 'object') return `a ${typeof given}`;
	if (Array.isArray(given)) return 'a list';
	const maker: unknown = Object.getPrototypeOf(given)?.constructor;
	if (typeof maker !== 'function' || maker === Object || maker.name === '') return 'an object';
	return maker === Promise ? 'a promise' : `a ${maker.name}`;
}

/** The end of the sentence that tells what a value may be. */
export const valuesAre = 'a value is a finite number, a string, true, false or null';

const wellFormed = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/;

/** Why a parameter cannot have this name, or undefined where it can. */
export function badName(name: string): string | undefined {
	if (name === 'trial' || name === 'seed') return `the name ${name} belongs to .trials; choose another`;
	if (name === '__proto__') return 'the name __proto__ belongs to JavaScript; choose another';
	if (wellFormed.test(name)) return undefined;
	return `${JSON.stringify(name)} cannot be a name: write letters, digits and _, no digit first (nested names are joined by dots)`;
}
