// Whether a rule can call a Python function: what the function takes, held against what it is given. Starts nothing.
import { suggestion } from '../../../rules/nearest.ts';
import { parametersOf, type Rule } from '../../../rules/rule.ts';
import type { PythonSignature } from './ask.ts';

/** What a function may take by its place, and under which names. */
const words: Readonly<Record<Rule['kind'], readonly string[]>> = {
	generate: ['params', 'inputs', 'io'],
	simulate: ['params', 'inputs', 'io'],
	aggregate: ['rows', 'group', 'io'],
	analyze: ['tables', 'io'],
};

/** What is wrong with calling the function `name` for tasks of the rule, as sentences. */
export function argumentProblems(rule: Rule, name: string, signature: PythonSignature): readonly string[] {
	const own = parametersOf(rule);
	const parameters = own.includes('trial') && rule.by === undefined ? [...own, 'seed'] : own;
	// of nested names a function may take the outermost: `cell` of `cell.weight`
	const known = new Set([...parameters, ...parameters.map((one) => one.split('.')[0] ?? one)]);
	const given = words[rule.kind];
	const required = signature.names.filter((one) => one.required).map((one) => one.name);
	if (isByName(signature, known, given)) {
		const unknown = required.filter((one) => !known.has(one) && !given.includes(one));
		return unknown.map(
			(one) => `${name} takes ${one}, which is no parameter of the rule${hint(one, parameters, given)}`,
		);
	}
	if (required.length <= given.length) return [];
	const call = `${name}(${given.join(', ')})`;
	const count = `${required.length} arguments (${required.join(', ')})`;
	return [
		`${name} takes ${count}; none of them is a parameter of the rule, so it is called as ${call}. Take the others out, or give them defaults.`,
	];
}

// As a worker decides it: one name of a parameter says that all are meant by name.
function isByName(signature: PythonSignature, known: ReadonlySet<string>, given: readonly string[]): boolean {
	const { names, positional, rest } = signature;
	if (names.some(({ name }) => known.has(name) && !given.includes(name)) || names.length > positional) return true;
	return rest && names.every(({ name }) => given.includes(name));
}

function hint(name: string, parameters: readonly string[], given: readonly string[]): string {
	const near = suggestion(name, [...parameters, ...given]);
	return near === '' ? `; it has ${parameters.join(', ') || 'none'}` : near;
}
