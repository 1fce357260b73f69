// What an encoded value does not show and code may still ask for: symbols as keys, accessors, frozen objects, one object
// in two places. Nothing of it is in most values. Knows nothing of identities.
import { NotPlain } from '../value.ts';

/** What is unusual in plain data, as text; throws `NotPlain` for what holds more than its text can say. */
export function hiddenText(value: unknown, name: string): string {
	const paths = new Map<object, string>();
	const lines: string[] = [];

	function visit(at: object, path: string): void {
		const before = paths.get(at);
		if (before !== undefined) {
			lines.push(`${path} is ${before}`);
			return;
		}
		paths.set(at, path);
		if (Object.getOwnPropertySymbols(at).length > 0) throw new NotPlain('not-plain', path, 'an object with symbols');
		if (Object.isFrozen(at)) lines.push(`${path} is frozen`);
		else if (!Object.isExtensible(at)) lines.push(`${path} does not grow`);
		if (ArrayBuffer.isView(at)) {
			if (Buffer.isBuffer(at)) lines.push(`${path} is a Buffer`);
		} else if (Array.isArray(at)) visitArray(at, path);
		else visitObject(at, path);
	}

	function visitArray(at: readonly unknown[], path: string): void {
		if (Object.keys(at).length !== at.length) throw new NotPlain('not-plain', path, 'an array with properties');
		for (const [i, one] of at.entries()) if (typeof one === 'object' && one !== null) visit(one, `${path}[${i}]`);
	}

	function visitObject(at: object, path: string): void {
		if (Object.getPrototypeOf(at) === null) lines.push(`${path} has no prototype`);
		for (const [key, { enumerable, get, set, value: one }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
			const place = `${path}.${key}`;
			// Bundlers mark CommonJS modules so.
			if (key === '__esModule') continue;
			if (enumerable !== true) throw new NotPlain('not-plain', place, 'hidden');
			if (get !== undefined || set !== undefined) lines.push(`${place} is an accessor`);
			if (one === undefined) lines.push(`${place} is undefined`);
			if (typeof one === 'object' && one !== null) visit(one, place);
		}
	}

	if (typeof value === 'object' && value !== null) visit(value, name);
	return lines.map((line) => `${line}\n`).join('');
}
