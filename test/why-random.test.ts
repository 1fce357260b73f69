// Random scans and random edits: every task that would run is accounted for, each group names what it is for, and what is
// said to run is what then runs.
import test from 'ava';
import fc from 'fast-check';
import { groupSentence } from '../cli/why-sentences.ts';
import { UserError } from '../engine/errors.ts';
import { forecast } from '../engine/forecast.ts';
import type { OpenedScan } from '../engine/opened.ts';
import type { Behind, Cause, WhyTask } from '../engine/report.ts';
import type { Store } from '../engine/store/store.ts';
import { holds, parseCondition } from '../engine/where.ts';
import { why } from '../engine/why/why.ts';
import { parameterWords } from '../engine/words.ts';
import type { Value } from '../rules/index.ts';
import { aggregate, analyze, axis, generate, grid, simulate, value } from '../rules/index.ts';
import type { Rule } from '../rules/rule.ts';
import { pointAt } from '../rules/space.ts';
import { bench, opened, type Project } from './harness.ts';
import { seeded } from './seeded.ts';

const names = ['a', 'b', 'c'] as const;
type Name = (typeof names)[number];

interface DrawnRule {
	readonly kind: 'leaf' | 'aggregate' | 'analyze';
	readonly names: readonly Name[];
	/** Upstream by position; a leaf may have none. */
	readonly upstream: number;
	readonly isLinked: boolean;
	/** Codes of the same letter give the same results; `f` fails where b is 1. */
	readonly code: string;
	readonly version: number;
	readonly used: number;
	readonly trials: 0 | 1 | 2;
	readonly seeds: 'independent' | 'common';
}

interface Drawing {
	readonly rules: readonly DrawnRule[];
	readonly values: Readonly<Record<Name, number>>;
	/** The default of c. */
	readonly fallback: number | undefined;
}

const code = fc.constantFrom('x1', 'x2', 'y1', 'z1', 'z2', 'f1');
const drawnRule: fc.Arbitrary<DrawnRule> = fc.record({
	kind: fc.constantFrom('leaf' as const, 'leaf' as const, 'aggregate' as const, 'analyze' as const),
	names: fc.subarray([...names]),
	upstream: fc.nat(4),
	isLinked: fc.boolean(),
	code,
	version: fc.nat(1),
	used: fc.nat(1),
	trials: fc.constantFrom(0 as const, 1 as const, 2 as const),
	seeds: fc.constantFrom('independent' as const, 'common' as const),
});
const count = fc.integer({ min: 1, max: 3 });
const fallback = fc.option(count, { nil: undefined });
const drawing: fc.Arbitrary<Drawing> = fc.record({
	rules: fc.array(drawnRule, { minLength: 1, maxLength: 5 }),
	values: fc.record({ a: count, b: count, c: count }),
	fallback,
});

type Change = (before: Drawing) => Drawing;
const edit: fc.Arbitrary<Change> = fc.oneof(
	fc
		.tuple(fc.nat(4), drawnRule, fc.constantFrom('code', 'version', 'used', 'seeds', 'trials', 'names', 'isLinked'))
		.map(
			([at, drawn, what]): Change =>
				(before) => ({
					...before,
					rules: before.rules.map((rule, i) =>
						i === at % before.rules.length ? { ...rule, [what]: drawn[what as keyof DrawnRule] } : rule,
					),
				}),
		),
	fc.tuple(fc.constantFrom(...names), count).map(
		([name, size]): Change =>
			(before) => ({ ...before, values: { ...before.values, [name]: size } }),
	),
	fallback.map(
		(now): Change =>
			(before) => ({ ...before, fallback: now }),
	),
);

/** Each step is an edit, what is built of it, and whether it is built at all before the next edit. */
const step = fc.record({ edit, target: fc.nat(9), where: fc.option(count, { nil: undefined }) });

function realize({ rules, values, fallback: ofC }: Drawing): Project {
	const made: { readonly rule: Rule; readonly names: readonly Name[] }[] = [];
	const codes: Record<string, string> = {};
	for (const [i, drawn] of rules.entries()) {
		const upstream = made.length === 0 ? undefined : made[drawn.upstream % made.length];
		const kind = upstream === undefined ? 'leaf' : drawn.kind;
		const result = (params: object, inputs: readonly unknown[]) => {
			if (drawn.code.startsWith('f') && (params as { b?: number }).b === 1) throw new Error('fails');
			return drawn.code.startsWith('z') ? 0 : JSON.stringify([drawn.code[0], params, inputs]);
		};
		const options = { version: drawn.version, uses: [value(drawn.used)] };
		codes[`r${i}`] = `${kind} ${drawn.code}`;
		if (kind === 'leaf') {
			const from = drawn.isLinked && upstream !== undefined ? { input: upstream.rule } : {};
			const own = names.filter(
				(name) => drawn.names.includes(name) || (drawn.isLinked && upstream?.names.includes(name)),
			);
			const axes = own.map((name) => {
				const all = Array.from({ length: values[name] }, (_, at) => at + 1);
				return [name, name === 'c' && ofC !== undefined ? axis(all, { default: ofC }) : all];
			});
			const space = grid(Object.fromEntries(axes) as Record<string, number[]>);
			const over = drawn.trials === 0 || drawn.isLinked ? space : space.trials(drawn.trials, { seed: drawn.seeds });
			const run = (params: object, inputs: object) => result(params, Object.values(inputs));
			const rule = i % 2 === 0 ? generate({ over, from, run, ...options }) : simulate({ over, from, run, ...options });
			made.push({ rule, names: own });
		} else if (kind === 'aggregate' && upstream !== undefined) {
			const by = drawn.names.filter((name) => upstream.names.includes(name));
			const run = (rows: readonly { readonly result: unknown }[], group: object) =>
				result(
					group,
					rows.map((row) => row.result),
				);
			made.push({
				rule: aggregate({ from: upstream.rule as Rule<Record<string, number>, unknown>, by, run, ...options }),
				names: by,
			});
		} else {
			const run = ({ input }: { input: readonly { readonly result: unknown }[] }) =>
				result(
					{},
					input.map((row) => row.result),
				);
			made.push({ rule: analyze({ from: { input: upstream?.rule as Rule }, run, ...options }), names: [] });
		}
	}
	return { targets: Object.fromEntries(made.map(({ rule }, i) => [`r${i}`, rule])), codes };
}

/** Whether a cause says of something that a user knows by name; what became of a result needs no name. */
function isNamed(cause: Cause): boolean {
	if (cause.kind === 'code') return cause.parts.length > 0 && cause.parts.every(({ name, file }) => name + file !== '');
	if (cause.kind === 'waits') return cause.inputs.length > 0;
	if (cause.kind === 'rows') return cause.isReordered || cause.changed + cause.added + cause.removed > 0;
	return !('name' in cause) || cause.name !== '';
}

/** Tasks upstream run or differ for something that is named, and if that is their input, for what lies behind it. */
function isFollowed({ state, causes, behind, tasks, sets }: Behind): boolean {
	const isUpstream = causes.some((cause) => cause.kind === 'input' && cause.how === 'changed');
	const isCounted = tasks > 0 && (sets === undefined || sets.count === tasks);
	const isEnd = state === 'differs' && !isUpstream;
	return causes.length > 0 && causes.every(isNamed) && isCounted && (isEnd || behind.every(isFollowed));
}

/** How many parameter sets of a target conditions hold for. */
function rowsWith(scan: OpenedScan, target: string, words: readonly string[]): number {
	const layout = scan.expansion.layout(scan.placeOf(target) ?? 0);
	const conditions = words.map(parseCondition);
	let count = 0;
	for (let row = 0; row < layout.size; row++) {
		const params = pointAt(layout, row) as Record<string, Value>;
		if (conditions.every((condition) => holds(condition, params[condition.name]))) count++;
	}
	return count;
}

/** What every task is said to do, by the words of its parameters. */
async function foretold(project: Project, store: Store): Promise<ReadonlyMap<string, WhyTask>> {
	const states = new Map<string, WhyTask>();
	const scan = opened(project);
	for (const place of scan.order) {
		const layout = scan.expansion.layout(place);
		for (let row = 0; row < layout.size; row++) {
			const words = parameterWords(layout, row);
			const report = await tried(() => why(scan, store, [scan.nameOf(place)], words === '' ? [] : words.split(' ')));
			if (report?.kind === 'task') states.set(`${scan.nameOf(place)} ${words}`, report.task);
		}
	}
	return states;
}

function asWords(ran: string): string {
	const [target = '', json = '{}'] = ran.split(/ (.*)/s);
	const words = Object.entries(JSON.parse(json) as object).map(([name, one]) => `${name}=${one}`);
	return `${target} ${words.join(' ')}`;
}

test('random edits: the counts add up, each group says what for, and what is said to run is what runs', async (t) => {
	await fc.assert(
		fc.asyncProperty(drawing, fc.array(step, { minLength: 2, maxLength: 5 }), async (first, steps) => {
			const { build, store } = bench();
			let now = first;
			for (const { edit: change, target, where } of [
				{ edit: (one: Drawing) => one, target: 9, where: undefined },
				...steps,
			]) {
				now = change(now);
				const project = realize(now);
				const of = target < now.rules.length ? [`r${target}`] : [];
				const report = await tried(() => why(opened(project), store, of, []));
				// another default for code that has run is refused
				if (report === undefined) return;
				const planned = await forecast(opened(project), store, of, undefined);
				const targets = report.kind === 'targets' ? report.targets : [];
				for (const { name, tasks, reused, left, groups } of targets) {
					t.is(reused + left + groups.reduce((sum, group) => sum + group.tasks, 0), tasks);
					for (const group of groups) {
						t.true(group.tasks > 0 && group.causes.length > 0 && group.causes.every(isNamed), JSON.stringify(group));
						t.false(
							group.causes.some(({ kind }) => kind === 'gone'),
							`nothing was removed: ${JSON.stringify(group)}`,
						);
						t.is(group.sets?.count ?? group.tasks, group.tasks);
						const rows = group.sets?.where && rowsWith(opened(project), name, group.sets.where);
						t.is(rows ?? group.tasks, group.tasks, JSON.stringify(group.sets));
						t.true((group.behind ?? []).every(isFollowed), JSON.stringify(group));
						if (group.state === 'waiting') t.true((group.behind ?? []).length > 0, JSON.stringify(group));
						t.regex(groupSentence(name, group), /^[\d,]+ (of `r\d` (\(.+?\) )?)?(to run: .+|waits? for .+)\.$/);
					}
				}
				for (const { tasks, reused, toRun, unknown, left } of planned.targets)
					t.is(reused + toRun + unknown + left, tasks);
				const states = await foretold(project, store);
				const limit = where === undefined ? {} : { where: `a=1..${where}` };
				const ran = await tried(() => build(project, { ...limit, targets: of }));
				if (ran === undefined) continue;
				const set = new Set(ran.map(asWords));
				for (const task of set) t.not(states.get(task)?.state, 'reused', task);
				if (where !== undefined || of.length > 0) continue;
				// tasks with equal keys run once, whichever of their rules comes first
				const keys = new Set([...set].map((task) => states.get(task)?.key));
				for (const [task, { state, key }] of states)
					if (state === 'to-run') t.true(keys.has(key), `${task} was to run`);
			}
		}),
		seeded(60),
	);
});

/** Undefined where the scan or the command line is refused. */
async function tried<T>(act: () => Promise<T>): Promise<T | undefined> {
	try {
		return await act();
	} catch (error) {
		if (error instanceof UserError) return undefined;
		throw error;
	}
}
