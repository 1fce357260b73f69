import test from 'ava';
import fc from 'fast-check';
import { aggregate, analyze, generate, grid, simulate } from '../rules/index.ts';
import type { Rule } from '../rules/rule.ts';
import { bench, type Project } from './harness.ts';
import { type Compute, type ModelRule, modelBuild } from './model.ts';
import { seeded } from './seeded.ts';

/** A rule of a random scan: names it has parameters of, upstream by position, code. */
interface Drawn {
	readonly kind: 'leaf' | 'aggregate' | 'analyze';
	readonly names: readonly ('a' | 'b' | 'c')[];
	readonly upstream: number;
	readonly code: string;
}

interface Drawing {
	readonly rules: readonly Drawn[];
	/** How many values each name has. */
	readonly values: Readonly<Record<'a' | 'b' | 'c', number>>;
}

type Edit =
	| { readonly kind: 'code'; readonly rule: number; readonly code: string }
	| { readonly kind: 'values'; readonly name: 'a' | 'b' | 'c'; readonly count: number };

// Codes of the same letter do the same, so that a rule can rerun to the same result; `f` fails where b is 1.
const code = fc.constantFrom('x1', 'x2', 'y1', 'y2', 'z1', 'f1');
const name = fc.constantFrom('a' as const, 'b' as const, 'c' as const);
const drawn: fc.Arbitrary<Drawn> = fc.record({
	kind: fc.constantFrom('leaf' as const, 'leaf' as const, 'aggregate' as const, 'analyze' as const),
	names: fc.subarray(['a' as const, 'b' as const, 'c' as const]),
	upstream: fc.nat(4),
	code,
});
const drawing: fc.Arbitrary<Drawing> = fc.record({
	rules: fc.array(drawn, { minLength: 1, maxLength: 6 }),
	values: fc.record({
		a: fc.integer({ min: 1, max: 3 }),
		b: fc.integer({ min: 1, max: 3 }),
		c: fc.integer({ min: 1, max: 2 }),
	}),
});
const edits: fc.Arbitrary<Edit[]> = fc.array(
	fc.oneof(
		fc.record({ kind: fc.constant('code' as const), rule: fc.nat(5), code }),
		fc.record({ kind: fc.constant('values' as const), name, count: fc.integer({ min: 1, max: 4 }) }),
	),
	{ minLength: 1, maxLength: 5 },
);

const compute: Compute = (of, params, inputs) => {
	if (of.startsWith('f') && params['b'] === 1) return undefined;
	return `${of[0]}(${of.startsWith('z') ? '' : JSON.stringify(Object.entries(params).sort())};${inputs.join(',')})`;
};

const axis = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

/** The drawing as a scan of the engine and as rules of the model. */
function realize({ rules, values }: Drawing): { project: Project; model: ModelRule[] } {
	const made: { rule: Rule; model: ModelRule }[] = [];
	for (const [i, draw] of rules.entries()) {
		const upstream = made[draw.upstream % Math.max(1, made.length)];
		const kind = upstream === undefined ? 'leaf' : draw.kind;
		const task = (params: object, inputs: readonly string[]) => {
			const result = compute(draw.code, params as Record<string, number>, inputs);
			if (result === undefined) throw new Error('fails');
			return result;
		};
		const results = (rows: readonly { readonly result: unknown }[]) => rows.map((row) => String(row.result));
		const upstreamNames = Object.keys(upstream?.model.sets[0] ?? {});
		let rule: Rule;
		let sets: Record<string, number>[];
		if (kind === 'leaf') {
			// a leaf has all names of its upstream, so that each of its tasks finds exactly one
			const names = [...new Set([...draw.names, ...upstreamNames])].sort() as ('a' | 'b' | 'c')[];
			const space = grid(Object.fromEntries(names.map((each) => [each, axis(values[each])])));
			sets = [...space.points()].map((point) => ({ ...point }) as Record<string, number>);
			const run = (params: object, inputs: object) => task(params, Object.values(inputs).map(String));
			const from: Record<string, Rule> = upstream === undefined ? {} : { input: upstream.rule };
			rule = i % 2 === 0 ? generate({ over: space, from, run }) : simulate({ over: space, from, run });
		} else if (kind === 'aggregate' && upstream !== undefined) {
			const by = draw.names.filter((each) => upstreamNames.includes(each));
			const groups = upstream.model.sets.map((set) =>
				JSON.stringify(Object.fromEntries(by.map((each) => [each, set[each]]))),
			);
			sets = [...new Set(groups)].map((text) => JSON.parse(text) as Record<string, number>);
			rule = aggregate({
				from: upstream.rule as Rule<Record<string, number>, string>,
				by,
				run: (rows, group) => task(group, results(rows)),
			});
		} else {
			sets = [{}];
			rule = analyze({ from: { input: upstream?.rule as Rule }, run: ({ input }) => task({}, results(input)) });
		}
		const take = kind === 'leaf' ? 'one' : 'group';
		const from = upstream === undefined ? undefined : ({ rule: upstream.model.name, take } as const);
		made.push({ rule, model: { name: `r${i}`, code: `${kind === 'leaf' ? '' : kind} ${draw.code}`, sets, from } });
	}
	return {
		project: {
			targets: Object.fromEntries(made.map(({ rule, model }) => [model.name, rule])),
			codes: Object.fromEntries(made.map(({ model }) => [model.name, model.code])),
		},
		model: made.map(({ model }) => model),
	};
}

function edited(drawing: Drawing, edit: Edit): Drawing {
	if (edit.kind === 'values') return { ...drawing, values: { ...drawing.values, [edit.name]: edit.count } };
	const at = edit.rule % drawing.rules.length;
	return { ...drawing, rules: drawing.rules.map((rule, i) => (i === at ? { ...rule, code: edit.code } : rule)) };
}

test('random scans and edits: exactly those tasks run that the model says', async (t) => {
	await fc.assert(
		fc.asyncProperty(drawing, edits, async (first, changes) => {
			const { build } = bench();
			const done = new Map<string, string>();
			let now = first;
			for (const change of [undefined, undefined, ...changes]) {
				if (change !== undefined) now = edited(now, change);
				const { project, model } = realize(now);
				// tasks with equal keys run once, whichever of their rules comes first
				const byCode = (ran: readonly string[]) =>
					ran.map((task) => task.replace(/^r\d+/, (rule) => String(project.codes?.[rule]))).sort();
				const wanted = byCode(modelBuild(model, done, (of, ...rest) => compute(of.replace(/.* /, ''), ...rest)));
				t.deepEqual(byCode(await build(project)), wanted);
			}
		}),
		seeded(150),
	);
});
