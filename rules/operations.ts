// What makes a space of spaces: each operation checks what it is given and returns a new expression. What is wrong is
// kept in the new expression, which then goes on as well as it can. Computes no parameter set.
import { type Ask, type Expression, expression, type Heading, isSpace, type SeedMode } from './expression.ts';
import { countUser } from './layout.ts';
import { suggestion } from './nearest.ts';
import { type Problem, sentence } from './problem.ts';
import { asValue, badName, type Value, valuesAre, whatIs } from './value.ts';

/** One problem of a word: the sentence begins with the word. `site` is the stack of its call. */
export function problemAt(site: string, word: string, message: string): Problem {
	return { message: sentence(`${word}: ${message}`), stack: site };
}

/** Every combination of two spaces. */
export function times(left: Expression, other: unknown, site: string): Expression {
	const right = operand(other);
	const wrong = afterTrials('times', left) ?? notOperand('times', other);
	if (right === undefined || wrong !== undefined) return unchanged(left, site, [problemAt(site, '.times', `${wrong}`)]);
	if (right.seeds !== 'none') {
		return unchanged(left, site, [
			problemAt(site, '.times', 'the space that is given has trials; .trials comes last: a.times(b).trials(20)'),
		]);
	}
	const names = new Set(left.heading.map(({ name }) => name));
	const shared = right.heading.filter(({ name }) => names.has(name)).map(({ name }) => name);
	const problems =
		shared.length === 0
			? []
			: [problemAt(site, '.times', `both sides have ${inWords(shared)}; a name can come from one side only`)];
	const heading = [...left.heading, ...right.heading.filter(({ name }) => !names.has(name))];
	return uses(left, right, { kind: 'times', left, right, heading, seeds: 'none', site, problems });
}

/** The union of two spaces. */
export function plus(left: Expression, other: unknown, site: string): Expression {
	const right = operand(other);
	const wrong = notOperand('plus', other) ?? unlikeSeeds(left, right);
	if (right === undefined || wrong !== undefined) return unchanged(left, site, [problemAt(site, '.plus', `${wrong}`)]);
	const problems: Problem[] = [];
	const heading = new Map(left.heading.map((column) => [column.name, column]));
	for (const column of right.heading) {
		const before = heading.get(column.name);
		if (before?.default !== undefined && column.default !== undefined && before.default !== column.default) {
			const two = `${JSON.stringify(before.default)} and ${JSON.stringify(column.default)}`;
			problems.push(problemAt(site, '.plus', `${column.name} has two defaults, ${two}; give it one`));
		}
		heading.set(column.name, before?.default === undefined ? column : before);
	}
	return uses(left, right, {
		kind: 'plus',
		left,
		right,
		heading: trialLast(heading.values()),
		seeds: left.seeds,
		site,
		problems,
	});
}

/** `where`, `drop` and `derive`: what asks a function of the user about every set. */
export function ask(
	kind: 'where' | 'drop' | 'derive',
	of: Expression,
	given: { readonly name: string; readonly ask: Ask; readonly site: string },
): Expression {
	const { site } = given;
	const wrong =
		afterTrials(kind, of) ??
		(kind === 'derive' ? badName(given.name) : undefined) ??
		(kind === 'drop' ? unknownName(of, given.name) : undefined);
	if (wrong !== undefined) return unchanged(of, site, [problemAt(site, `.${kind}`, wrong)]);
	if (typeof given.ask !== 'function') {
		const example =
			kind === 'where' ? 'p => p.a > 0' : `"${given.name}", p => p.a ${kind === 'drop' ? '=== 0' : '* 2'}`;
		return unchanged(of, site, [
			problemAt(site, `.${kind}`, `it takes a function, not ${whatIs(given.ask)}: .${kind}(${example})`),
		]);
	}
	const shape = { of, ask: given.ask, site, seeds: of.seeds, problems: [] };
	if (kind === 'where') return uses(of, undefined, { ...shape, kind, heading: of.heading });
	const heading = kind === 'drop' ? of.heading : withNames(of.heading, [given.name]);
	return uses(of, undefined, { ...shape, kind, name: given.name, heading });
}

/** Only some names. */
export function pick(of: Expression, names: readonly string[], site: string): Expression {
	const wrong = afterTrials('pick', of);
	if (wrong !== undefined) return unchanged(of, site, [problemAt(site, '.pick', wrong)]);
	const problems: Problem[] = [];
	const heading: Heading[] = [];
	for (const name of new Set(names)) {
		const column = of.heading.find((known) => known.name === name);
		if (column !== undefined) heading.push(column);
		else problems.push(problemAt(site, '.pick', `${unknownName(of, name)}`));
	}
	return uses(of, undefined, { kind: 'pick', of, heading, seeds: 'none', site, problems });
}

/** The same constants in every set. */
export function withConstants(of: Expression, given: unknown, site: string): Expression {
	const wrong =
		afterTrials('with', of) ??
		(isRecord(given) ? undefined : `it takes constants by name, not ${whatIs(given)}: .with({ c: 3 })`);
	if (wrong !== undefined || !isRecord(given)) return unchanged(of, site, [problemAt(site, '.with', `${wrong}`)]);
	const problems: Problem[] = [];
	const constants = new Map<string, Value>();
	for (const [name, thing] of Object.entries(given)) {
		const value = asValue(thing);
		const bad = badName(name) ?? (value === undefined ? `${name} is ${whatIs(thing)}; ${valuesAre}` : undefined);
		if (bad !== undefined) problems.push(problemAt(site, '.with', bad));
		else if (value !== undefined) constants.set(name, value);
	}
	const heading = withNames(of.heading, [...constants.keys()]);
	return uses(of, undefined, { kind: 'with', of, constants, heading, seeds: 'none', site, problems });
}

/** Each set some times. */
export function trials(of: Expression, count: unknown, options: unknown, site: string): Expression {
	const wrong = afterTrials('trials', of);
	if (wrong !== undefined) return unchanged(of, site, [problemAt(site, '.trials', wrong)]);
	const problems: Problem[] = [];
	const whole = typeof count === 'number' && Number.isInteger(count) && count > 0;
	if (!whole)
		problems.push(
			problemAt(site, '.trials', `the number of trials is ${whatIs(count)}; give a whole number, 1 or more`),
		);
	let seeds: SeedMode = 'independent';
	for (const [name, value] of Object.entries(isRecord(options) ? options : {})) {
		if (name !== 'seed') problems.push(problemAt(site, '.trials', `there is no option ${name}; the only one is seed`));
		else if (value === 'common' || value === 'independent') seeds = value;
		else if (value !== undefined)
			problems.push(problemAt(site, '.trials', `seed is ${whatIs(value)}; write "independent" or "common"`));
	}
	if (options !== undefined && !isRecord(options)) {
		problems.push(
			problemAt(site, '.trials', `the options are ${whatIs(options)}; write .trials(20, { seed: "common" })`),
		);
	}
	const heading = [...of.heading, { name: 'trial', default: undefined }];
	return uses(of, undefined, { kind: 'trials', of, count: whole ? count : 1, heading, seeds, site, problems });
}

/** Whether something is a plain object of things by name: no list, space, Date or Map. */
export function isRecord(given: unknown): given is Readonly<Record<string, unknown>> {
	if (typeof given !== 'object' || given === null || isSpace(given)) return false;
	const prototype: unknown = Object.getPrototypeOf(given);
	return prototype === null || prototype === Object.prototype;
}

// The same sets, with problems: picking all names changes nothing.
function unchanged(of: Expression, site: string, problems: readonly Problem[]): Expression {
	return uses(of, undefined, { kind: 'pick', of, heading: of.heading, seeds: of.seeds, site, problems });
}

function uses(left: Expression, right: Expression | undefined, node: Expression): Expression {
	countUser(left);
	if (right !== undefined) countUser(right);
	return node;
}

function operand(other: unknown): Expression | undefined {
	return isSpace(other) ? other[expression] : undefined;
}

function notOperand(word: string, other: unknown): string | undefined {
	return isSpace(other) ? undefined : `it takes a space, not ${whatIs(other)}: .${word}(grid({ a: [1, 2] }))`;
}

function afterTrials(word: string, of: Expression): string | undefined {
	return of.seeds === 'none' ? undefined : `.trials comes last; write .${word} before it`;
}

function unlikeSeeds(left: Expression, right: Expression | undefined): string | undefined {
	if (right === undefined || left.seeds === right.seeds) return undefined;
	if (left.seeds === 'none' || right.seeds === 'none')
		return 'one side has trials and the other has none; write .trials once, after .plus';
	return `the seeds of one side are "${left.seeds}" and those of the other "${right.seeds}"; a space has one kind`;
}

function unknownName(of: Expression, name: string): string | undefined {
	const names = of.heading.map((column) => column.name);
	if (names.includes(name)) return undefined;
	return `the space has no parameter ${name}${suggestion(name, names)}`;
}

function withNames(heading: readonly Heading[], names: readonly string[]): readonly Heading[] {
	const fresh = names.filter((name) => !heading.some((column) => column.name === name));
	return [...heading, ...fresh.map((name) => ({ name, default: undefined }))];
}

function trialLast(heading: Iterable<Heading>): readonly Heading[] {
	const columns = [...heading];
	return [...columns.filter(({ name }) => name !== 'trial'), ...columns.filter(({ name }) => name === 'trial')];
}

function inWords(names: readonly string[]): string {
	return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
