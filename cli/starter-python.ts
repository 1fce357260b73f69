// The first files of a project whose model is written in Python: a Scanfile and its module, for Python 3.8 and newer
// without any package. Knows their text only.
import type { Template } from './starter.ts';

/** A model in Python: what most people bring. */
export const pythonTemplate: Template = {
	language: 'python',
	modules: ['model.py', 'scan_model.py', 'scanmake_model.py'],
	scanfileText,
	modelText,
};

function scanfileText(module: string): string {
	return `// What is computed, and over which parameters. To run it: scanmake
// What has been computed is kept (in .scanmake/) and never computed twice: change something, type scanmake again.
import { aggregate, analyze, grid, linspace, python, scan, simulate } from "scanmake";

// Every combination of these values, and of each ten trials, which differ in their random numbers.
const space = grid({
  current: linspace(1, 4, 7), // nA: 1, 1.5, … 4
  noise: [0, 0.5, 1], // nA
}).trials(10);

// One task for each parameter set and trial: neuron(current, noise, seed) gives its result. They run on all cores.
const spikes = simulate({ over: space, run: python("${module}", "neuron") });

// One task for each current and noise: its ten trials become one number.
const rates = aggregate({ from: spikes, by: ["current", "noise"], run: python("${module}", "mean_rate") });

// One task, which sees all rates at once.
const strongest = analyze({ from: { rates }, run: python("${module}", "best") });

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
	return `"""The model: plain functions, which scanmake calls with one parameter set at a time.

An edit runs again what it changes: of a comment nothing, of neuron everything, of mean_rate the rates and what follows.
"""
from math import sqrt
from random import Random
from statistics import mean, pstdev


def neuron(current, noise, seed):
    """One trial of a leaky integrate-and-fire neuron under a noisy current (nA): its spike times (ms)."""
    random = Random(seed)  # with numpy: numpy.random.default_rng(seed)
    step, duration, tau, threshold = 0.5, 1000, 20, 15  # ms, ms, ms, mV
    times = []
    voltage = 0.0  # mV above rest
    for i in range(round(duration / step)):
        total = current + noise * random.gauss(0, 1) / sqrt(step)
        voltage += step / tau * (10 * total - voltage)  # 10 MOhm
        if voltage >= threshold:
            times.append(i * step)
            voltage = 0.0
    return {"times": times}


def mean_rate(trials):
    """Mean and standard deviation of the rate (spikes/s) over the trials of one current and noise."""
    rates = [len(trial.result["times"]) for trial in trials]
    return {"mean": mean(rates), "deviation": pstdev(rates)}


def best(tables):
    """The current and noise with the highest rate."""
    highest = max(tables["rates"], key=lambda row: row.result["mean"])
    return {**highest.params, "mean": highest.result["mean"]}
`;
}
