// What is no plain data, said so that one finds it: the place in the value and what stands there.
// Knows nothing of how values are written.

/** Says which part of a value cannot be kept, and why. */
export class NotPlain extends Error {
	readonly kind: 'not-plain' | 'work-path-in-result';
	/** The place in the value, such as `result.rates[3]`. */
	readonly path: string;
	/** What stands there, such as "a Date". */
	readonly what: string;

	constructor(kind: NotPlain['kind'], path: string, what: string) {
		super(`${path} is ${what}`);
		this.name = 'NotPlain';
		this.kind = kind;
		this.path = path;
		this.what = what;
	}
}

/** A place in a value as one would type it: `result.rates[3]`. */
export function placeText(name: string, steps: readonly (string | number)[]): string {
	const words = steps.map((step) => {
		if (typeof step === 'number') return `[${step}]`;
		return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
	});
	return name + words.join('');
}

/** What a value that is no plain data is called. */
export function describe(value: unknown): string {
	if (value === undefined) return 'undefined';
	if (typeof value !== 'object' || value === null) return `a ${typeof value}`;
	const maker = (Object.getPrototypeOf(value) as { constructor?: { name?: unknown } }).constructor?.name;
	if (typeof maker !== 'string' || maker === '' || maker === 'Object') return 'an object with a prototype of its own';
	return `${/^[AEIOU]/i.test(maker) ? 'an' : 'a'} ${maker}`;
}
