// The options that every rule takes, read and checked: durations and sizes become numbers with units.
// Knows no rule. What is wrong is a sentence, and the option is then as if left out.
import { notPlain, type UsedTool, type UsedValue } from './plain.ts';
import { whatIs } from './value.ts';

/** One thing in `uses`. */
export type Used = string | UsedValue | UsedTool;

/** Options that every rule takes. */
export interface Options {
	/** What else the result depends on: paths and globs of files, `value(x)`, `tool(program, …)`. */
	readonly uses?: Used | readonly Used[] | undefined;
	/** Names of environment variables that the result depends on. */
	readonly env?: string | readonly string[] | undefined;
	/** A number or text to change by hand: everything of the rule then reruns. */
	readonly version?: number | string | undefined;
	/** How often a failed task is tried again. */
	readonly retries?: number | undefined;
	/** How long a task may take: "90s", "1.5 min", "2h", "1d". */
	readonly timeout?: string | undefined;
	/** How many cores a task takes. */
	readonly cores?: number | undefined;
	/** How much memory a task takes: "500MiB", "2GiB". */
	readonly memory?: string | undefined;
	/** The name of the executor that runs the rule's tasks. */
	readonly executor?: string | undefined;
}

/** The names of these options. */
export const optionNames = ['uses', 'env', 'version', 'retries', 'timeout', 'cores', 'memory', 'executor'] as const;

/** The options as the engine reads them. */
export interface RuleOptions {
	readonly uses: readonly Used[];
	readonly env: readonly string[];
	readonly version: string | number | undefined;
	readonly retries: number;
	readonly timeoutSeconds: number | undefined;
	readonly cores: number | undefined;
	readonly memoryMiB: number | undefined;
	readonly executor: string | undefined;
}

/** Reads the options; `complain` gets a sentence, without its full stop, for each that is wrong. */
export function readOptions(
	given: Readonly<Record<string, unknown>>,
	complain: (message: string) => void,
): RuleOptions {
	const { uses, env } = given;
	return {
		uses: listOf(uses).flatMap((used, index) => {
			const wrong = wrongUse(used, index);
			if (wrong !== undefined) complain(wrong);
			return wrong === undefined && isUsed(used) ? [used] : [];
		}),
		env: listOf(env).flatMap((name) => {
			if (typeof name === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return [name];
			complain(`env has ${whatIs(name)}; give names of environment variables: ["OMP_NUM_THREADS"]`);
			return [];
		}),
		version: read(
			'version',
			(it) => (typeof it === 'string' || Number.isFinite(it) ? (it as string | number) : undefined),
			'a number or text',
		),
		retries: read('retries', (it) => wholeFrom(0, it), 'a whole number, 0 or more') ?? 0,
		timeoutSeconds: read('timeout', (it) => inUnits(it, secondsOf), 'a duration, such as "90s", "10min", "2h" or "1d"'),
		cores: read('cores', (it) => wholeFrom(1, it), 'a whole number, 1 or more'),
		memoryMiB: read('memory', (it) => roundedUp(inUnits(it, mebibytesOf)), 'a size, such as "500MiB" or "2GiB"'),
		executor: read(
			'executor',
			(it) => (typeof it === 'string' && it !== '' ? it : undefined),
			'the name of an executor',
		),
	};

	function read<T>(name: string, as: (thing: unknown) => T | undefined, wanted: string): T | undefined {
		const thing = given[name];
		if (thing === undefined) return undefined;
		const found = as(thing);
		if (found === undefined) complain(`${name} is ${whatIs(thing)}; give ${wanted}`);
		return found;
	}
}

const secondsOf: ReadonlyMap<string, number> = new Map(
	Object.entries({ ms: 0.001, s: 1, sec: 1, m: 60, min: 60, h: 3600, d: 86400 }),
);

const mebibytesOf: ReadonlyMap<string, number> = new Map(
	Object.entries({
		KiB: 2 ** -10,
		MiB: 1,
		GiB: 2 ** 10,
		TiB: 2 ** 20,
		kB: 1e3 / 2 ** 20,
		KB: 1e3 / 2 ** 20,
		MB: 1e6 / 2 ** 20,
		GB: 1e9 / 2 ** 20,
		TB: 1e12 / 2 ** 20,
	}),
);

// "1.5 min" and a table of units: a number above 0 in the table's unit.
function inUnits(text: unknown, units: ReadonlyMap<string, number>): number | undefined {
	const parts = typeof text === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*$/.exec(text) : null;
	const unit = units.get(parts?.[2] ?? '');
	const amount = Number(parts?.[1]);
	return unit === undefined || !(amount > 0) ? undefined : amount * unit;
}

function roundedUp(mebibytes: number | undefined): number | undefined {
	return mebibytes === undefined ? undefined : Math.ceil(mebibytes);
}

function wholeFrom(least: number, thing: unknown): number | undefined {
	return typeof thing === 'number' && Number.isInteger(thing) && thing >= least ? thing : undefined;
}

function listOf(given: unknown): readonly unknown[] {
	if (given === undefined) return [];
	return Array.isArray(given) ? given : [given];
}

function isUsed(thing: unknown): thing is Used {
	return typeof thing === 'string' || isUsedValue(thing) || isUsedTool(thing);
}

function isUsedValue(thing: unknown): thing is UsedValue {
	return typeof thing === 'object' && thing !== null && 'kind' in thing && thing.kind === 'value' && 'value' in thing;
}

function isUsedTool(thing: unknown): thing is UsedTool {
	return typeof thing === 'object' && thing !== null && 'kind' in thing && thing.kind === 'tool' && 'program' in thing;
}

function wrongUse(used: unknown, index: number): string | undefined {
	if (typeof used === 'string') return used === '' ? `uses[${index}] is empty; give a path or a glob` : undefined;
	if (isUsedTool(used)) return wrongTool(used, index);
	if (!isUsedValue(used))
		return `uses[${index}] is ${whatIs(used)}; give a path, a glob, value(data) or tool("nest", "--version")`;
	const wrong = notPlain(used.value);
	if (wrong === undefined) return undefined;
	const where = wrong.path === '' ? 'it' : wrong.path;
	return `uses[${index}] is value(…) of what is no plain data: ${where} is ${wrong.what}`;
}

function wrongTool({ program, args }: UsedTool, index: number): string | undefined {
	const wrong = [program, ...args].find((word: unknown) => typeof word !== 'string' || word.includes('\0'));
	if (wrong === undefined && program !== '') return undefined;
	return `uses[${index}] is tool(…) with ${whatIs(wrong ?? program)}; give a program and its arguments as text: tool("nest", "--version")`;
}
