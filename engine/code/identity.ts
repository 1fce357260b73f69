// When a recipe is the same code: what the bundle's text says of its function, the values that the text does not show,
// and which of several equal functions it is. The text is read only for functions that are not remembered.
// Knows nothing of keys or the store.
import { pathToFileURL } from 'node:url';
import { type AnySpace, isSpace } from '../../rules/expression.ts';
import { layoutOf } from '../../rules/layout.ts';
import { type FunctionRecipe, isProgram } from '../../rules/recipe.ts';
import { isRule, type Rule } from '../../rules/rule.ts';
import { digestBytes, hex } from '../digest.ts';
import type { Complaint } from '../errors.ts';
import type { KeyedFile } from '../inputs.ts';
import { encodeValue, NotPlain } from '../value.ts';
import type { Analysis, AskedValue, StaticIdentity } from './analysis.ts';
import type { Evaluated, ScanSource } from './evaluate.ts';
import { hiddenText } from './hidden.ts';
import { firstPosition, placesOf } from './places.ts';
import { programIdentity } from './program.ts';
import type { PythonRules } from './python/identity.ts';
import type { Part } from './reach.ts';

/** The identity of a rule's recipe. */
export interface RuleIdentity {
	/** 32 bytes. */
	readonly digest: Uint8Array;
	/** What the digest is made of, each with a name that a person knows: where it differs, so does one of them or their order. */
	readonly parts: readonly Part[];
	/** Of Python: the files of packages that the digest was made with; a process that starts later imports what lies there then. */
	readonly packages?: readonly KeyedFile[];
}

/** What is remembered of a bundle's functions, by the place of the rule and the function's text. */
export type KnownFunctions = Record<string, StaticIdentity>;

/** The identities of a scan's rules, and what is to be said of them. */
export interface Identified {
	readonly identities: readonly RuleIdentity[];
	readonly warnings: readonly Complaint[];
	readonly problems: readonly Complaint[];
	/** Functions were read that had not been remembered: `known` has them now. */
	readonly hasLearned: boolean;
}

/** Raised when identities are computed in another way, which reruns everything. */
const identityVersion = 1;

/** What reads a bundle: `analysis` parses it; it is asked only for what `known` lacks. */
export interface BundleReader {
	readonly known: KnownFunctions;
	analysis(): Promise<Analysis>;
}

/** Identities of all rules, in their order. */
export async function identitiesOf(
	evaluated: Evaluated,
	source: ScanSource,
	{ known, analysis }: BundleReader,
	pythons: PythonRules,
): Promise<Identified> {
	const place = placesOf(source);
	const numbers = new Map<string, number>();
	const problems: Complaint[] = [...pythons.problems];
	const warnings = new Map(pythons.warnings.map((one) => [`${one.file}:${one.line} ${one.message}`, one]));
	const identities: RuleIdentity[] = [];
	let hasLearned = false;

	async function staticIdentity(rule: Rule, run: FunctionRecipe['run']): Promise<StaticIdentity | undefined> {
		const text = Function.prototype.toString.call(run);
		const site = firstPosition(source, rule.site);
		const name = `${site?.line}:${site?.column} ${hex(digestBytes(text))}`;
		const before = Object.hasOwn(known, name) ? known[name] : undefined;
		if (before !== undefined) return before;
		const found = (await analysis()).identify(text, site);
		if (found !== undefined) {
			known[name] = found;
			hasLearned = true;
		}
		return found;
	}

	for (const [at, rule] of evaluated.scan.rules.entries()) {
		if (isProgram(rule.recipe)) {
			identities.push(programIdentity(rule.recipe));
			continue;
		}
		if (rule.recipe.kind === 'python') {
			const python = pythons.rules.get(at);
			if (python !== undefined) identities.push(python.identity);
			continue;
		}
		const { run } = rule.recipe;
		const found = await staticIdentity(rule, run);
		if (found === undefined) {
			const at = place(rule.site);
			problems.push({ message: notOurs(rule, run), file: at?.file, line: at?.line });
			continue;
		}
		const parts = [...found.parts];
		let text = `scanmake function ${identityVersion}\n${found.digest}\n`;
		if (found.place !== undefined) {
			const number = numbers.get(found.place) ?? 0;
			numbers.set(found.place, number + 1);
			text += `number ${number}\n`;
			parts.push({ file: '', name: 'number', digest: '', kind: 'number', shown: String(number + 1) });
		}
		for (const asked of found.values) {
			const value = valueText(asked, evaluated, source, problems, warnings);
			text += value;
			if (value === '') continue;
			const named = { file: asked.file ?? '', name: `value of ${asked.name}`, kind: 'value' } as const;
			parts.push({ ...named, digest: hex(digestBytes(value)), ...shownValue(valueAt(evaluated.values, asked.index)) });
		}
		for (const name of found.variables) {
			const value = JSON.stringify(process.env[name] ?? null);
			text += `variable ${JSON.stringify([name, process.env[name] ?? null])}\n`;
			parts.push({
				file: '',
				name: `variable ${name}`,
				kind: 'variable',
				digest: hex(digestBytes(value)),
				shown: value,
			});
		}
		for (const { variable, message, file, line } of found.warnings) {
			if (variable !== undefined && rule.options.env.includes(variable)) continue;
			warnings.set(`${file}:${line} ${message}`, { message, file, line });
		}
		problems.push(...found.problems);
		identities.push({ digest: digestBytes(text), parts });
	}
	const distinct = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
	return { identities, warnings: [...warnings.values()], problems: [...distinct.values()], hasLearned };
}

const parametersOfKind: Readonly<Record<Rule['kind'], string>> = {
	generate: 'params, inputs, io',
	simulate: 'params, inputs, io',
	aggregate: 'rows, group, io',
	analyze: 'tables, io',
};

function notOurs(rule: Rule, run: FunctionRecipe['run']): string {
	const given = parametersOfKind[rule.kind];
	const name = run.name.replace(/^bound /, '') || 'f';
	return (
		`${rule.kind}: run is a function that is not written in the Scanfile or a file that it imports (a package made it, or ` +
		`bind did), so that its code cannot be compared. Write an arrow function: run: (${given}) => ${name}(${given})`
	);
}

/** A value as part of an identity. What it depends on where the project lies is written without the place. */
function valueText(
	asked: AskedValue,
	{ values }: Evaluated,
	{ folder }: ScanSource,
	problems: Complaint[],
	warnings: Map<string, Complaint>,
): string {
	const { index, name, otherwise, what, file, line } = asked;
	let value = valueAt(values, index);
	if (value === undefined) return `value ${name} undefined\n`;
	if (value instanceof Date) value = ['Date', value.getTime()];
	else if (isSpace(value)) value = spaceColumns(value);
	else if (isRule(value)) return '';
	try {
		if (value === process.env) throw new NotPlain('not-plain', name, 'the whole environment');
		const bytes = Buffer.from(encodeValue(value, { name }));
		const places = [folder, pathToFileURL(folder).pathname].filter((place) => bytes.includes(place));
		const plain = places.length > 0 ? encodeValue(withoutPlaces(value, places)) : bytes;
		return `value ${name} ${hex(digestBytes(plain))}\n${hiddenText(value, name)}`;
	} catch (error) {
		if (!(error instanceof NotPlain)) throw error;
		if (otherwise === 'refuse') {
			const message =
				`${name} is made with ${what} when the Scanfile is read, and is no plain data (${error.message}), so that its ` +
				'value cannot be compared. Make it inside the function that uses it, and name what it reads in uses or env.';
			problems.push({ message, file, line });
		} else if (otherwise === 'warn') {
			const message = `${name} is made by functions that use ${what}, and is no plain data: a change of it reruns nothing.`;
			warnings.set(`${file}:${line} ${message}`, { message, file, line });
		}
		return '';
	}
}

/** What is read of the world outside may have gone again. */
function valueAt(values: Evaluated['values'], index: number): unknown {
	try {
		return values[index]?.();
	} catch {
		return undefined;
	}
}

/** Numbers, booleans and short texts are shown as they are. */
function shownValue(value: unknown): { readonly shown?: string } {
	if (typeof value === 'number' || typeof value === 'boolean') return { shown: String(value) };
	return typeof value === 'string' && value.length <= 60 ? { shown: JSON.stringify(value) } : {};
}

function spaceColumns(space: AnySpace): unknown {
	const { size, columns, seeds } = layoutOf(space);
	return { size, seeds, columns: columns.map(({ name, values, codes }) => ({ name, values: [...values], codes })) };
}

/** The same plain data with the project's folder taken out of its strings. */
function withoutPlaces(value: unknown, places: readonly string[]): unknown {
	const without = (text: string): string => places.reduce((rest, place) => rest.replaceAll(place, ''), text);
	if (typeof value === 'string') return without(value);
	if (Array.isArray(value)) return value.map((one) => withoutPlaces(one, places));
	if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([name, one]) => [without(name), withoutPlaces(one, places)]));
}
