// Rules: generate, simulate, aggregate, analyze, as data. What can be said of a rule alone is checked here;
// what is upstream is read late, by whoever walks the rules, so that nothing is missed that was put in later.
import { type AnySpace, expression, isSpace } from './expression.ts';
import type { Io, OutputIo, Row } from './io.ts';
import { suggestion } from './nearest.ts';
import { isRecord } from './operations.ts';
import { type Options, optionNames, type RuleOptions, readOptions } from './options.ts';
import type { Flat, NoParams } from './params.ts';
import { callSite, type Problem, sentence } from './problem.ts';
import { pythonProblems } from './pythonproblems.ts';
import {
	type Command,
	command,
	isProgram,
	isPython,
	type Python,
	programProblems,
	python,
	type Recipe,
	shell,
} from './recipe.ts';
import type { ParameterSets } from './space.ts';
import { whatIs } from './value.ts';

/** The four kinds of rule. */
export type RuleKind = 'generate' | 'simulate' | 'aggregate' | 'analyze';

type Word = (...given: never[]) => unknown;

declare const types: unique symbol;

/** A rule: what runs, over which parameter sets, on whose results. `P` are its tasks' parameters, `R` is their result. */
export interface Rule<P = unknown, R = unknown> {
	readonly kind: RuleKind;
	readonly recipe: Recipe;
	/** The space of a `generate` or `simulate`; undefined: one task without parameters. */
	readonly over: AnySpace | undefined;
	/** Upstream rules by name: the very object that the user gave. An aggregate has one, named `from`. */
	readonly from: Readonly<Record<string, Rule>>;
	/** The names by which an `aggregate` groups. */
	readonly by: readonly string[] | undefined;
	/** Whether an `aggregate` goes on without the members that failed. */
	readonly missing: 'fail' | 'skip';
	readonly options: RuleOptions;
	/** The stack of the call that made it. */
	readonly site: string;
	/** What is wrong with the rule itself; `scan` adds what is wrong between rules. */
	readonly problems: readonly Problem[];
	/** For the compiler alone. */
	readonly [types]?: { readonly params: P; readonly result: R };
}

/** Rules by the name under which a function gets their results. */
export type Inputs = Readonly<Record<string, Rule>>;

/** The parameters of a rule's tasks. */
export type ParamsOf<T> = T extends Rule<infer P, unknown> ? P : never;

/** The result of a rule's tasks. */
export type ResultOf<T> = T extends Rule<unknown, infer R> ? R : never;

/** What a `generate` or `simulate` function gets of its inputs: the result of one task of each. */
export type Results<F> = { readonly [K in keyof F]: ResultOf<F[K]> };

/** What an `analyze` function gets: all rows of each rule. */
export type Tables<F> = { readonly [K in keyof F]: Row<ParamsOf<F[K]>, ResultOf<F[K]>>[] };

/** Names that one can group by. */
export type Groupable<P> = Exclude<keyof P & string, 'seed'>;

/** The parameters of a group. */
export type Group<P, B extends readonly (keyof P)[]> = Flat<Pick<P, B[number]>>;

/** Names that a command can use; where there are none, a text that says so in the editor (from `never` inference makes any string). */
type NamesOf<T, None extends string> = [keyof T & string] extends [never] ? None : keyof T & string;

/** What `generate` and `simulate` take. */
export interface TaskSpec<P, F extends Inputs, R> extends Options {
	/** One task for each of these parameter sets; left out: one task without parameters. */
	readonly over?: ParameterSets<P> | undefined;
	/** Rules whose results the function gets, by name: of each the one task that agrees on the shared names. */
	readonly from?: F | undefined;
	/** A function, or `python`, `command` or `shell`. */
	readonly run:
		| ((params: NoInfer<P>, inputs: Results<NoInfer<F>>, io: Io<keyof NoInfer<F> & string>) => R)
		| Command<NamesOf<NoInfer<P>, 'the rule has no parameters'>, NamesOf<NoInfer<F>, 'the rule has no from'>, R>
		| Python<R>;
}

/** What `aggregate` takes. */
export interface AggregateSpec<P, R, B extends readonly Groupable<P>[], S> extends Options {
	readonly from: Rule<P, R>;
	/**
	 * One task for each distinct combination of these names, in the order in which the upstream space first has them.
	 * The rows of this rule have the names in the order of `by`.
	 */
	readonly by: B;
	/** "skip": go on with the members that succeeded; "fail" (default): all must have succeeded. */
	readonly missing?: 'fail' | 'skip' | undefined;
	readonly run:
		| ((rows: Row<NoInfer<P>, NoInfer<R>>[], group: Group<NoInfer<P>, NoInfer<B>>, io: OutputIo) => S)
		| Python<S>;
}

/** What `analyze` takes. */
export interface AnalyzeSpec<F extends Inputs, S> extends Options {
	/** Rules of which the function gets all rows, by name. */
	readonly from: F;
	readonly run: ((tables: Tables<NoInfer<F>>, io: OutputIo) => S) | Python<S>;
}

/** Input data: one task for each parameter set of `over`. */
export function generate<R, P = NoParams, F extends Inputs = NoParams>(spec: TaskSpec<P, F, R>): Rule<P, Awaited<R>> {
	return rule('generate', spec, generate);
}

/** The leaf work that executors are for: one task for each parameter set of `over`. */
export function simulate<R, P = NoParams, F extends Inputs = NoParams>(spec: TaskSpec<P, F, R>): Rule<P, Awaited<R>> {
	return rule('simulate', spec, simulate);
}

/** One task for each distinct combination of the names in `by`; it gets the rows that have it, in the order of the space. */
export function aggregate<P, R, const B extends readonly Groupable<P>[], S>(
	spec: AggregateSpec<P, R, B, S>,
): Rule<Group<P, B>, Awaited<S>> {
	return rule('aggregate', spec, aggregate);
}

/** One task; it gets all rows of the rules in `from`. */
export function analyze<F extends Inputs, S>(spec: AnalyzeSpec<F, S>): Rule<NoParams, Awaited<S>> {
	return rule('analyze', spec, analyze);
}

/** Whether something is a rule. */
export function isRule(thing: unknown): thing is Rule {
	return typeof thing === 'object' && thing !== null && Object.hasOwn(thing, brand);
}

/** The names of a rule's parameters, in order; `seed` is none of them. */
export function parametersOf(rule: Rule): readonly string[] {
	if (rule.by !== undefined) return rule.by;
	return rule.over === undefined ? [] : rule.over[expression].heading.map(({ name }) => name);
}

// The same in every copy of scanmake that is loaded.
const brand: unique symbol = Symbol.for('scanmake.rule');

const ownNames: Readonly<Record<RuleKind, readonly string[]>> = {
	generate: ['over', 'from', 'run'],
	simulate: ['over', 'from', 'run'],
	aggregate: ['from', 'by', 'missing', 'run'],
	analyze: ['from', 'run'],
};

function rule<P, R>(kind: RuleKind, spec: unknown, word: Word): Rule<P, R> {
	const site = callSite(word);
	const problems: Problem[] = [];
	const complain = (message: string) => problems.push({ message: sentence(message), stack: site });
	const given = isRecord(spec) && !isMade(spec) ? spec : {};
	if (given !== spec) complain(`${kind} takes one object, not ${kindOf(spec)}: ${examples[kind]}`);
	else checkNames(kind, given, complain);
	const { run, over, missing } = given;
	if (given === spec) for (const wrong of wrongRun(kind, run)) complain(wrong);
	if (over !== undefined && !isSpace(over))
		complain(`over is ${kindOf(over)}; give a space, such as grid({ a: [1, 2] })`);
	const by = kind === 'aggregate' && given === spec ? groupNames(given, complain) : undefined;
	if (missing !== undefined && missing !== 'skip' && missing !== 'fail') {
		complain(`missing is ${whatIs(missing)}; write "skip" or "fail"`);
	}
	const made: Rule<P, R> = {
		kind,
		recipe:
			isProgram(run) || isPython(run)
				? run
				: { kind: 'function', run: typeof run === 'function' ? (run as Word) : () => null },
		over: isSpace(over) ? over : undefined,
		from: fromOf(kind, given, given === spec ? complain : () => undefined),
		by,
		missing: missing === 'skip' ? 'skip' : 'fail',
		options: readOptions(given, complain),
		site,
		problems,
	};
	return Object.defineProperty(made, brand, { value: true });
}

// Whether one of scanmake's words made it, so that its fields are nobody's options.
function isMade(thing: unknown): boolean {
	return isRule(thing) || isPython(thing) || isProgram(thing);
}

// What is wrong with what is to be run, as sentences without their full stop.
function wrongRun(kind: RuleKind, run: unknown): readonly string[] {
	if (isPython(run)) return pythonProblems(run);
	const isLeaf = kind === 'generate' || kind === 'simulate';
	if (isProgram(run)) {
		if (isLeaf) return programProblems(run);
		return [
			`run is a ${run.kind}, which only generate and simulate can run; give a function or ${pythonExample}: it can read the files of its rows by row.file("name")`,
		];
	}
	const word = runWords.find(([made]) => made === run);
	if (word !== undefined) return [`run is the word ${word[1]} alone; say what is to run: ${word[2]}`];
	if (typeof run === 'function') return [];
	return [
		`run is ${kindOf(run)}; give a function${isLeaf ? `, ${pythonExample}, command([…]) or shell\`…\`` : ` or ${pythonExample}`}`,
	];
}

/** What something is in the words of a Scanfile: a space, a rule, something to run, or as `whatIs`. */
export function kindOf(thing: unknown): string {
	if (isRule(thing)) return `a rule (${thing.kind})`;
	if (isSpace(thing)) return 'a space';
	if (isPython(thing)) return 'a function of Python (python)';
	if (isProgram(thing)) return `a ${thing.kind === 'shell' ? 'shell line' : 'command'}`;
	return thing === undefined ? 'missing' : whatIs(thing);
}

const pythonExample = 'python("model.py", "simulate")';

const runWords: readonly (readonly [unknown, string, string])[] = [
	[python, 'python', pythonExample],
	[command, 'command', 'command(["./lif", param("rate")])'],
	[shell, 'shell', 'shell`sort spikes.txt`'],
];

const examples: Readonly<Record<RuleKind, string>> = {
	generate: 'generate({ over: space, run: f })',
	simulate: 'simulate({ over: space, from: { input }, run: f })',
	aggregate: 'aggregate({ from: spikes, by: ["weight"], run: f })',
	analyze: 'analyze({ from: { response }, run: f })',
};

function checkNames(
	kind: RuleKind,
	given: Readonly<Record<string, unknown>>,
	complain: (message: string) => void,
): void {
	const known = [...ownNames[kind], ...optionNames];
	for (const name of Object.keys(given)) {
		if (known.includes(name)) continue;
		const kinds = Object.entries(ownNames).filter(([, names]) => names.includes(name));
		if (kinds.length > 0)
			complain(`${name} belongs to ${kinds.map(([other]) => other).join(' and ')}; ${kind} has no such option`);
		else complain(`${kind} has no option ${name}${suggestion(name, known)}`);
	}
}

function groupNames({ by }: Readonly<Record<string, unknown>>, complain: (message: string) => void): readonly string[] {
	if (!Array.isArray(by)) {
		complain(`by is ${kindOf(by)}; give a list of names: by: ["weight"]`);
		return [];
	}
	const names: string[] = [];
	for (const name of new Set<unknown>(by)) {
		if (typeof name === 'string') names.push(name);
		else complain(`by has ${kindOf(name)}; give names of parameters`);
	}
	return names;
}

function fromOf(
	kind: RuleKind,
	{ from }: Readonly<Record<string, unknown>>,
	complain: (message: string) => void,
): Inputs {
	if (kind === 'aggregate') {
		if (isRule(from)) return { from };
		const [only, ...others] = isRecord(from) ? Object.values(from) : [];
		const hint = isRule(only) && others.length === 0 ? '; leave the braces out' : '';
		complain(`from is ${kindOf(from)}; give one rule: ${examples.aggregate}${hint}`);
		return {};
	}
	if (from === undefined && kind !== 'analyze') return {};
	if (isRecord(from) && !isMade(from)) return from as Inputs;
	complain(`from is ${kindOf(from)}; give rules by name: from: { input }`);
	return {};
}
