// The first files of a project whose model is written in TypeScript: a Scanfile and its module. Knows their text only.
import type { Template } from './starter.ts';

/** A model in TypeScript, for who has no Python. */
export const typescriptTemplate: Template = {
	language: 'typescript',
	modules: ['model.ts', 'scan-model.ts', 'scanmake-model.ts'],
	scanfileText,
	modelText,
};

function scanfileText(module: string): string {
	return `// What is computed, and over which parameters. To run it: scanmake
// What has been computed is kept (in .scanmake/) and never computed twice: change something, type scanmake again.
import { aggregate, analyze, grid, linspace, scan, simulate } from "scanmake";
import { best, meanRate, neuron } from "./${module}";

// Every combination of these values, and of each ten trials, which differ in their random numbers.
const space = grid({
  current: linspace(1, 4, 7), // nA: 1, 1.5, … 4
  noise: [0, 0.5, 1], // nA
}).trials(10);

// One task for each parameter set and trial: neuron(params) gives its result. They run side by side on all cores.
const spikes = simulate({ over: space, run: neuron });

// One task for each current and noise: its ten trials become one number.
const rates = aggregate({ from: spikes, by: ["current", "noise"], run: meanRate });

// One task, which sees all rates at once.
const strongest = analyze({ from: { rates }, run: best });

// A simulator that is a program of its own is started like this (import command, json, param, too); what it prints is
// its result, here {"times": […]}:
//   const spikes = simulate({
//     over: space,
//     run: command(["./lif", "--current", param("current"), "--seed", param("seed")], json<{ times: number[] }>()),
//   });

// The names that one can type: scanmake rates
export default scan({ spikes, rates, strongest });
`;
}

function modelText(): string {
	return `// The model: plain functions, which scanmake calls with one parameter set at a time.
import type { Row } from "scanmake";

/** One trial of a leaky integrate-and-fire neuron that is driven by a noisy current (nA); it gives its spike times (ms). */
export function neuron(p: { current: number; noise: number; seed: number }): { times: number[] } {
  const random = generator(p.seed);
  const [step, duration, tau, threshold] = [0.1, 1000, 20, 15]; // ms, ms, ms, mV
  const times: number[] = [];
  let voltage = 0; // mV above rest
  for (let time = 0; time < duration; time += step) {
    const current = p.current + (p.noise * gaussian(random)) / Math.sqrt(step);
    voltage += (step / tau) * (10 * current - voltage); // 10 MΩ
    if (voltage < threshold) continue;
    times.push(Number(time.toFixed(1)));
    voltage = 0;
  }
  return { times };
}

/** Mean and standard deviation of the rate (spikes/s) over the trials of one current and noise. */
export function meanRate(trials: Row<object, { times: number[] }>[]): { mean: number; deviation: number } {
  const rates = trials.map((trial) => trial.result.times.length);
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const variance = rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / rates.length;
  return { mean, deviation: Math.sqrt(variance) };
}

/** The current and noise with the highest rate. */
export function best({ rates }: { rates: Row<{ current: number; noise: number }, { mean: number }>[] }) {
  const highest = rates.reduce((best, row) => (row.result.mean > best.result.mean ? row : best));
  return { ...highest.params, mean: highest.result.mean };
}

/** Random numbers from 0 to 1, the same for the same seed (mulberry32). Math.random would give others in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One normally distributed number (Box and Muller). */
function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
`;
}
