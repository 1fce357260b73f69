// Edits of parameter spaces: which sets are new, which are not, and when a default must not be believed.
import type { Edit, Files } from './ground.ts';
import { type Refusal, testEdits, testRefusals } from './rows.ts';

const model = `
export const relay = (p: { weight: number; tau?: number; gain?: number; seed?: number }) =>
	[p.weight, p.tau ?? 10, p.gain ?? null, p.seed === undefined ? null : p.seed % 7];
export const mean = (rows: readonly { params: { weight: number; tau?: number }; result: unknown }[]) =>
	rows.map(({ params, result }) => [params.weight, params.tau ?? 10, result]);
`;

/** `spikes` over a space, `means` over its weights. */
function over(space: string): Files {
	return {
		'Scanfile.ts': `
import * as words from 'scanmake';
import { mean, relay } from './model.ts';
const { aggregate, axis, grid, linspace, list, scan, simulate, zip } = words;
const space = ${space};
const spikes = simulate({ over: space, run: relay });
export default scan({ spikes, means: aggregate({ from: spikes, by: ['weight'], run: mean }) });
`,
		'model.ts': model,
	};
}

const edit = (title: string, before: string, after: string, reruns: Edit['reruns']): Edit => {
	const text = over(after)['Scanfile.ts'] ?? '';
	return { title, project: over(before), edits: { 'Scanfile.ts': text }, reruns };
};
const nothing = {};

testEdits([
	edit('an added value runs the new sets alone', 'grid({ weight: [1, 2] })', 'grid({ weight: [1, 2, 3] })', {
		spikes: 1,
		means: 1,
	}),
	edit('a removed value runs nothing', 'grid({ weight: [1, 2, 3] })', 'grid({ weight: [1, 3] })', nothing),
	edit('a value put in between runs the new sets alone', 'grid({ weight: [1, 3] })', 'grid({ weight: [1, 2, 3] })', {
		spikes: 1,
		means: 1,
	}),
	edit('the order of values runs nothing', 'grid({ weight: [1, 2, 3] })', 'grid({ weight: [3, 1, 2] })', nothing),
	edit(
		'a value typed in another way runs nothing',
		'grid({ weight: [3000000, 0.3] })',
		'grid({ weight: [3e6, 0.1 * 3] }).where(() => true)',
		{ spikes: 1, means: 1 },
	),
	edit('3e6 is 3000000', 'grid({ weight: [3000000, 1e21] })', 'grid({ weight: [3e6, 1000 * 1e18] })', nothing),
	edit('-0 is 0', 'grid({ weight: [0, 1] })', 'grid({ weight: [-0, 1] })', nothing),
	edit(
		'a number is not the string that looks like it',
		'grid({ weight: [1, 2] as (number | string)[] })',
		"grid({ weight: ['1', 2] as (number | string)[] })",
		{ spikes: 1, means: 1 },
	),
	edit(
		'true is not "true", null is not "null"',
		'grid({ weight: [true, null] as unknown[] as number[] })',
		"grid({ weight: ['true', 'null'] as unknown[] as number[] })",
		{ spikes: 2, means: 2 },
	),
	edit(
		'a repeated value is one set',
		'grid({ weight: [1, 2] })',
		'list([{ weight: 1 }, { weight: 2 }, { weight: 1 }])',
		nothing,
	),
	edit(
		'another word for the same sets runs nothing',
		'grid({ weight: [1, 2], tau: [5] })',
		'zip({ weight: [1, 2], tau: [5, 5] })',
		nothing,
	),
	edit(
		'a refined linspace reuses the coarse sets',
		'grid({ weight: linspace(0, 1, 5) })',
		'grid({ weight: linspace(0, 1, 9) })',
		{ spikes: 4, means: 4 },
	),
	edit(
		'a linspace refined threefold reuses the coarse sets',
		'grid({ weight: linspace(0, 0.3, 4) })',
		'grid({ weight: linspace(0, 0.3, 10) })',
		{ spikes: 6, means: 6 },
	),
	edit(
		'listed values that a linspace has are reused',
		'grid({ weight: [0, 0.1, 0.2, 0.3] })',
		'grid({ weight: linspace(0, 0.3, 4) })',
		nothing,
	),
	edit(
		'an axis with a default runs nothing for the old sets',
		'grid({ weight: [1, 2] })',
		'grid({ weight: [1, 2], tau: axis([10, 20], { default: 10 }) })',
		{ spikes: 2, means: 2 },
	),
	edit(
		'an axis that has its default alone runs nothing of simulate',
		'grid({ weight: [1, 2] })',
		'grid({ weight: [1, 2], tau: axis([10], { default: 10 }) })',
		nothing,
	),
	edit(
		'an axis with a default that is taken away runs nothing',
		'grid({ weight: [1, 2], tau: axis([10, 20], { default: 10 }) })',
		'grid({ weight: [1, 2] })',
		{ means: 2 },
	),
	edit(
		'an axis without a default runs everything',
		'grid({ weight: [1, 2] })',
		'grid({ weight: [1, 2], tau: [10, 20] })',
		{ spikes: 4, means: 2 },
	),
	edit(
		'a default travels through times and plus',
		'grid({ weight: [1, 2] })',
		'grid({ weight: [1] }).plus(grid({ weight: [2] })).times(grid({ tau: axis([20, 10], { default: 10 }) }))',
		{ spikes: 2, means: 2 },
	),
	edit(
		'a default that is taken away runs the sets that had it',
		'grid({ weight: [1, 2], tau: axis([10, 20], { default: 10 }) })',
		'grid({ weight: [1, 2], tau: [10, 20] })',
		{ spikes: 2, means: 2 },
	),
	edit(
		'the unit of an axis runs nothing',
		'grid({ weight: axis([1, 2], { unit: "nS" }) })',
		'grid({ weight: axis([1, 2], { unit: "uS", label: "w" }) })',
		nothing,
	),
	edit(
		'reordered axes run aggregate and analyze at most',
		'grid({ weight: [1, 2], tau: [5, 6] })',
		'grid({ tau: [5, 6], weight: [1, 2] })',
		nothing,
	),
	edit(
		'reordered axes rerun an aggregate whose rows come in another order',
		'grid({ weight: [1, 2], gain: [3, 4], tau: [5, 6] })',
		'grid({ tau: [5, 6], weight: [1, 2], gain: [3, 4] })',
		{ means: 2 },
	),
	edit(
		'where takes sets away and runs nothing',
		'grid({ weight: [1, 2, 3] })',
		'grid({ weight: [1, 2, 3] }).where((p) => p.weight > 1)',
		nothing,
	),
	edit(
		'an edited where runs the sets that it lets in',
		'grid({ weight: [1, 2, 3] }).where((p) => p.weight > 2)',
		'grid({ weight: [1, 2, 3] }).where((p) => p.weight > 1)',
		{ spikes: 1, means: 1 },
	),
	edit(
		'the code of where is no part of a key',
		'grid({ weight: [1, 2, 3] }).where((p) => p.weight > 1)',
		'grid({ weight: [1, 2, 3] }).where((p) => p.weight >= 2)',
		nothing,
	),
	edit(
		'plus runs the added sets',
		'grid({ weight: [1, 2] })',
		'grid({ weight: [1, 2] }).plus(grid({ weight: [2, 3] }))',
		{ spikes: 1, means: 1 },
	),
	edit(
		'sets that plus adds and that are there already run nothing',
		'grid({ weight: [1], tau: axis([10, 20], { default: 10 }) })',
		'grid({ weight: [1] }).plus(grid({ weight: [1], tau: axis([10, 20], { default: 10 }) }))',
		nothing,
	),
	edit(
		'drop runs the sets that have a name less',
		'grid({ weight: [1, 2], gain: [3, 4] })',
		'grid({ weight: [1, 2], gain: [3, 4] }).drop("gain", (p) => p.weight === 1)',
		{ spikes: 1, means: 1 },
	),
	edit(
		'with runs everything, since each set has one name more',
		'grid({ weight: [1, 2] })',
		'grid({ weight: [1, 2] }).with({ gain: 3 })',
		{ spikes: 2, means: 2 },
	),
	edit(
		'derive runs the sets whose value changed',
		'grid({ weight: [1, 2] }).derive("gain", (p) => p.weight)',
		'grid({ weight: [1, 2] }).derive("gain", (p) => (p.weight > 1 ? 5 : 1))',
		{ spikes: 1, means: 1 },
	),
	edit(
		'more trials run the new trials alone',
		'grid({ weight: [1, 2] }).trials(3)',
		'grid({ weight: [1, 2] }).trials(5)',
		{ spikes: 4, means: 2 },
	),
	edit(
		'fewer trials run nothing of simulate',
		'grid({ weight: [1, 2] }).trials(5)',
		'grid({ weight: [1, 2] }).trials(3)',
		{ means: 2 },
	),
	edit(
		'an added value keeps the seeds of the old sets',
		'grid({ weight: [1, 2] }).trials(2)',
		'grid({ weight: [0, 1, 2] }).trials(2)',
		{ spikes: 2, means: 1 },
	),
	edit(
		'an axis with a default keeps the seeds of the old sets',
		'grid({ weight: [1, 2] }).trials(2)',
		'grid({ weight: [1, 2], tau: axis([10, 20], { default: 10 }) }).trials(2)',
		{ spikes: 4, means: 2 },
	),
	edit(
		'common seeds instead of independent ones run everything',
		'grid({ weight: [1, 2] }).trials(2)',
		'grid({ weight: [1, 2] }).trials(2, { seed: "common" })',
		{ spikes: 4, means: 2 },
	),
	edit(
		'trials where there were none run everything',
		'grid({ weight: [1, 2] })',
		'grid({ weight: [1, 2] }).trials(1)',
		{ spikes: 2, means: 2 },
	),
]);

const refusals: readonly Refusal[] = [
	{
		title: 'another default of a name is a problem, and nothing is reused under it',
		project: over('grid({ weight: [1, 2], tau: axis([10, 20], { default: 10 }) })'),
		edits: { 'Scanfile.ts': [['default: 10', 'default: 20']] },
		message: /results of this code took tau = 10 where it is not given/,
	},
	{
		title: 'two defaults of a name in one space are a problem',
		project: over(
			'grid({ weight: [1], tau: axis([10], { default: 10 }) }).plus(grid({ weight: [2], tau: axis([20], { default: 20 }) }))',
		),
		message: /default/,
	},
];
testRefusals(refusals);
