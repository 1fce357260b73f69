// A scan: rules by the names that one types. Everything that is wrong with them, with their spaces and between them
// becomes one list of problems. Knows neither the file it is written in nor what runs it; cycles are the engine's.
import { problemsOf } from './expression.ts';
import { fileNamesAre, isFileName } from './filename.ts';
import { suggestion } from './nearest.ts';
import { isRecord, problemAt } from './operations.ts';
import { callSite, type Problem, sentence } from './problem.ts';
import { isProgram, needsOf } from './recipe.ts';
import { type Inputs, isRule, kindOf, parametersOf, type Rule } from './rule.ts';

/** Options of a scan. */
export interface ScanOptions {
	/** The interpreter of the scan's Python recipes: a path relative to the Scanfile's folder, or a name on PATH. */
	readonly python?: string | undefined;
	/** Executors by name. */
	readonly executors?: Readonly<Record<string, unknown>> | undefined;
}

/** What a Scanfile exports. */
export interface Scan {
	readonly kind: 'scan';
	/** The rules that have a name, in the order in which they were given. */
	readonly targets: readonly { readonly name: string; readonly rule: Rule }[];
	/** Every rule that is reached, once: a target, then what it is from, then the next target. */
	readonly rules: readonly Rule[];
	readonly options: ScanOptions;
	/** Everything that is wrong. A scan with problems cannot be built. */
	readonly problems: readonly Problem[];
}

/** Names of commands, of later ones too: no target can have them. */
export const commandNames: readonly string[] = [
	...['build', 'plan', 'why', 'show', 'table', 'query', 'checkout', 'status', 'watch', 'dashboard', 'graph', 'doctor'],
	...['init', 'completion', 'try', 'log', 'verify', 'lock', 'export', 'import', 'gc', 'remote', 'cancel'],
	...['help', 'version'],
];

const optionNames = ['python', 'executors'];

/** Names the targets of a scan: the keys are what one types. */
export function scan(targets: Readonly<Record<string, Rule>>, options: ScanOptions = {}): Scan {
	const problems: Problem[] = [];
	const site = callSite(scan);
	const complain = (message: string) => problems.push(problemAt(site, 'scan', message));
	const named = checkedTargets(targets, complain);
	checkOptions(options, complain);
	const rules = reached(named.map(({ rule }) => rule));
	const names = new Map(named.map(({ name, rule }) => [rule, `${rule.kind} ${name}`]));
	const spaces = new Set<unknown>();
	for (const rule of rules) {
		const about = names.get(rule) ?? rule.kind;
		if (rule.over !== undefined && !spaces.has(rule.over)) {
			spaces.add(rule.over);
			problems.push(...problemsOf(rule.over));
		}
		for (const { message, stack } of rule.problems) problems.push({ message: `${about}: ${message}`, stack });
		for (const message of wrongBetween(rule))
			problems.push({ message: sentence(`${about}: ${message}`), stack: rule.site });
	}
	return brandedScan({ kind: 'scan', targets: named, rules, options, problems: [...new Set(problems)] });
}

/** Whether something is a scan. */
export function isScan(thing: unknown): thing is Scan {
	return typeof thing === 'object' && thing !== null && Object.hasOwn(thing, brand);
}

// The same in every copy of scanmake that is loaded.
const brand: unique symbol = Symbol.for('scanmake.scan');

function brandedScan(scan: Scan): Scan {
	return Object.defineProperty(scan, brand, { value: true });
}

function checkedTargets(targets: unknown, complain: (message: string) => void): Scan['targets'] {
	if (!isRecord(targets) || isRule(targets)) {
		complain(`it takes rules by name, not ${kindOf(targets)}: scan({ spikes })`);
		return [];
	}
	if (Object.keys(targets).length === 0) complain('there is no target; name at least one rule: scan({ spikes })');
	return Object.entries(targets).flatMap(([name, rule]) => {
		if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name)) {
			complain(
				`${JSON.stringify(name)} cannot be the name of a target: write letters, digits, _ and -, a letter or _ first`,
			);
		} else if (commandNames.includes(name)) {
			complain(`${name} is a command of scanmake and cannot be the name of a target; rename it`);
		}
		if (isRule(rule)) return [{ name, rule }];
		complain(`${name} is ${kindOf(rule)}; a target is a rule: generate, simulate, aggregate or analyze`);
		return [];
	});
}

function checkOptions(options: unknown, complain: (message: string) => void): void {
	if (!isRecord(options)) {
		complain(`the options are ${kindOf(options)}; give an object`);
		return;
	}
	for (const name of Object.keys(options)) {
		if (!optionNames.includes(name)) complain(`there is no option ${name}${suggestion(name, optionNames)}`);
	}
	const { python, executors } = options;
	if (python !== undefined && (typeof python !== 'string' || python.trim() === '' || python.includes('\0')))
		complain(`python is ${kindOf(python)}; give an interpreter: python: ".venv/bin/python"`);
	if (executors !== undefined && !isRecord(executors))
		complain(`executors is ${kindOf(executors)}; give executors by name`);
}

function reached(targets: readonly Rule[]): readonly Rule[] {
	const found = new Set<Rule>();
	const open = [...targets].reverse();
	while (open.length > 0) {
		const rule = open.pop();
		if (rule === undefined || found.has(rule)) continue;
		found.add(rule);
		open.push(...Object.values(rule.from).filter(isRule).reverse());
	}
	return [...found];
}

// What is wrong between a rule and those upstream.
function* wrongBetween(rule: Rule): Generator<string> {
	const from: Inputs = rule.from;
	if (rule.kind === 'analyze' && Object.keys(from).length === 0)
		yield 'from names no rule; give at least one: from: { response }';
	for (const [name, upstream] of Object.entries<unknown>(from)) {
		if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name))
			yield `${JSON.stringify(name)} in from cannot be a name: write letters, digits, _ and -`;
		if (!isRule(upstream)) yield `from.${name} is ${kindOf(upstream)}; give a rule, such as generate({ … })`;
	}
	yield* wrongNeeds(rule);
	const { from: grouped } = from;
	if (rule.kind !== 'aggregate' || !isRule(grouped)) return;
	const known = parametersOf(grouped);
	for (const name of rule.by ?? []) {
		if (name === 'seed') yield 'by has seed, which belongs to single trials; group by other names';
		else if (!known.includes(name)) {
			const all = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
			yield `by has ${name}, which is no parameter of its ${grouped.kind}${suggestion(name, known) || `; ${all}`}`;
		}
	}
}

// Names that a command uses and nobody has.
function* wrongNeeds(rule: Rule): Generator<string> {
	const { recipe } = rule;
	if (!isProgram(recipe)) return;
	const params = parametersOf(rule);
	const known = params.includes('trial') ? [...params, 'seed'] : params;
	const inputs = Object.keys(rule.from);
	const said = new Set<string>();
	for (const need of needsOf(recipe)) {
		let message: string | undefined;
		if (need.kind === 'out') {
			if (!isFileName(need.name)) message = `out(${JSON.stringify(need.name)}) ${fileNamesAre}`;
		} else if (need.kind === 'file') {
			if (!inputs.includes(need.input)) {
				const there = inputs.length === 0 ? 'the rule has no from' : `from has ${inputs.join(', ')}`;
				message = `file(${JSON.stringify(need.input)}, …) names no input${suggestion(need.input, inputs) || `; ${there}`}`;
			} else message = wrongFile(rule.from[need.input], need);
		} else if (!known.includes(need.name)) {
			const all = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
			message = `${need.kind}(${JSON.stringify(need.name)}) is no parameter of the rule${suggestion(need.name, known) || `; ${all}`}`;
		}
		if (message === undefined || said.has(message)) continue;
		said.add(message);
		yield message;
	}
}

// A command says which files it writes; of a function, of Python too, that is known when it has run.
function wrongFile(
	upstream: unknown,
	{ input, name }: { readonly input: string; readonly name: string },
): string | undefined {
	if (!isRule(upstream) || !isProgram(upstream.recipe)) return undefined;
	const names = needsOf(upstream.recipe).flatMap((need) => (need.kind === 'out' ? [need.name] : []));
	if (names.includes(name)) return undefined;
	const there = names.length === 0 ? 'it writes none' : `it writes ${names.join(', ')}`;
	return `file(${JSON.stringify(input)}, ${JSON.stringify(name)}) is no file of that input${suggestion(name, names) || `; ${there}`}`;
}
