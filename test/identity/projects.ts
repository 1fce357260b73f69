// The projects that are edited: a small retina with all four kinds of rule, and one model with two functions.
// Every result hangs on all that the text says, so that a result of other code is seen to be one.
import type { Files } from './ground.ts';

/** Tasks of the retina: all of it, and what stands behind its `spikes`. */
export const everything = { input: 6, spikes: 12, response: 4, tuning: 1 };
export const fromSpikes = { spikes: 12, response: 4, tuning: 1 };

/** `input` (6 tasks), `spikes` (12), `response` (4) and `tuning` (1); helpers two modules away from the Scanfile. */
export const retina: Files = {
	'Scanfile.ts': `
import { aggregate, analyze, generate, grid, scan, simulate } from 'scanmake';
import { poissonInput, relayCell } from './model.ts';
import { meanResponse, tuningCurves } from './response.ts';

const stimulus = grid({ amplitude: [0, 1], frequency: [1, 8] }).drop('frequency', (p) => p.amplitude === 0);
const cell = stimulus.times(grid({ weight: [2, 3] }));
const input = generate({ over: stimulus.trials(2), run: poissonInput });
const spikes = simulate({ over: cell.trials(2), from: { input }, run: relayCell });
const response = aggregate({ from: spikes, by: ['weight', 'amplitude'], run: meanResponse });
const tuning = analyze({ from: { response }, run: tuningCurves });
export default scan({ input, spikes, response, tuning });
`,
	'model.ts': `
import { Synapse, decayed } from './synapse.ts';
import { settings } from './settings.ts';
import './setup.ts';
import data from './data.json' with { type: 'json' };

/** Spike times. */
export function poissonInput(params: { amplitude: number; frequency?: number | undefined; seed: number }): number[] {
	return [draw(params.frequency ?? 0.5), params.amplitude, params.seed % 7];
}

export function relayCell(params: { weight: number }, inputs: { input: number[] }, _io: unknown, scale = 2): number {
	const local = inputs.input.reduce((sum, x) => sum + x, 0) * data.gain;
	const synapse = new Synapse(params.weight);
	return decayed(synapse.decay(local), settings.tau) * scale + settings.list.length;
}

const draw = (rate: number): number => rate + unit;
const unit = 1;
const label = 'never used';
export function unrelated(): string {
	return label;
}
`,
	'synapse.ts': `
import { exponent } from './numbers.ts';
const rate = 3;
export class Synapse {
	weight: number;
	constructor(weight: number) {
		this.weight = weight;
	}
	decay(x: number): number {
		return x * this.weight;
	}
}
export function decayed(x: number, tau: number): number {
	const steps = exponent(x);
	{
		const rate = 2;
		return steps * rate * tau;
	}
}
export const other = rate;
`,
	'numbers.ts': `
export function exponent(x: number): number {
	return x / 8 + 1;
}
export function half(x: number): number {
	return x / 2;
}
`,
	'settings.ts': 'export const settings = { tau: 10, list: [1, 2] };\n',
	'setup.ts': "(globalThis as { retinaStep?: number }).retinaStep = 0.1;\nexport const version = 'a';\n",
	'data.json': '{ "gain": 3, "name": "lgn" }\n',
	'response.ts': `
const bins = 10;
const palette = ['red', 'blue'];
export function meanResponse(rows: readonly { result: number }[]): number {
	return rows.reduce((sum, { result }) => sum + result, 0) / rows.length / bins;
}
export function tuningCurves(tables: { response: readonly { params: object; result: number }[] }): string {
	return tables.response.map(({ params, result }, i) => JSON.stringify([palette[i % 2], params, result])).join();
}
`,
};

/** A Scanfile whose rules stand in `body`, which may name `over` (weights 1 and 2), and are exported by `targets`. */
export function scanfile(
	body: string,
	targets: string,
	imports = "import { other, relay } from './model.ts';",
): string {
	return `
import { aggregate, analyze, axis, generate, grid, linspace, list, scan, simulate, value, zip } from 'scanmake';
${imports}
const over = grid({ weight: [1, 2] });
${body}
export default scan(${targets});
`;
}

/** `spikes` runs `relay`, `others` runs `other`, which is there already; two tasks each. */
export function modelled(model: string, more: Files = {}): Files {
	return {
		'Scanfile.ts': scanfile(
			'const spikes = simulate({ over, run: relay });\nconst others = simulate({ over, run: other });',
			'{ spikes, others }',
		),
		'model.ts': `${model}\nexport const other = (p: { weight: number }) => -p.weight;\n`,
		...more,
	};
}

/** What reruns where `relay` is another function, and where both functions are. */
export const relayOnly = { spikes: 2 };
export const both = { spikes: 2, others: 2 };

/** As `modelled`, with a module that the Scanfile imports after all others, and no function reaches. */
export function besides(model: string, module: string, more: Files = {}): Files {
	const files = modelled(model, more);
	return { ...files, 'Scanfile.ts': `${files['Scanfile.ts']}import './beside.ts';\n`, 'beside.ts': module };
}
