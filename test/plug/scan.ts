// The scan that the plug is pulled on: small and large results, files small and large, aggregates, an analysis that
// writes files, retries, several targets. The summary's separator stands in turn.txt. Each run of a task appends a line to a log outside the store.

/** How many tasks there are, by target. */
export const tasks = { input: 12, spikes: 24, trace: 6, rates: 2, late: 3, summary: 1, figure: 1 };

/** A line of the log for each of them, and one for each of `late`'s first attempts. */
export const runs = Object.values(tasks).reduce((sum, count) => sum + count, 0) + tasks.late;

export const scanfile = `
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { aggregate, analyze, generate, grid, scan, simulate } from "scanmake";

const pause = (milliseconds: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
function ran(what: string, io: { log(text: string): void }): string {
	io.log(what);
	appendFileSync(process.env.PLUG_LOG ?? "/dev/null", what + "\\n");
	pause(1);
	return what;
}
const k = Array.from({ length: 12 }, (_, i) => i);

const input = generate({ over: grid({ k }), run: (p, _inputs, io) => {
	ran("input " + p.k, io);
	writeFileSync(io.out("train.txt"), ("spike " + p.k + "\\n").repeat(10 + p.k));
	return { k: p.k, times: new Float64Array(p.k % 3 === 0 ? 3000 : 5).fill(p.k) };
} });
const spikes = simulate({ over: grid({ k, weight: [0.5, 1] }), from: { input }, run: (p, { input }, io) => {
	ran("spikes " + p.k + " " + p.weight, io);
	return input.times[0] * p.weight + readFileSync(io.in("input", "train.txt"), "utf8").length;
} });
const trace = simulate({ over: grid({ k: [0, 1, 2, 3, 4, 5] }), run: (p, _inputs, io) => {
	ran("trace " + p.k, io);
	writeFileSync(io.out("trace.bin"), new Uint8Array(p.k === 5 ? 5_000_000 : 30_000).fill(p.k + 1));
	return "x".repeat(p.k * 7000);
} });
const rates = aggregate({ from: spikes, by: ["weight"], run: (rows, group, io) => {
	ran("rates " + group.weight, io);
	return rows.map((row) => row.result * 2).join(" ");
} });
const late = simulate({ over: grid({ k: [0, 1, 2] }), retries: 3, run: (p, _inputs, io) => {
	ran("late " + p.k, io);
	const flag = process.env.PLUG_LOG + ".late" + p.k;
	if (process.env.PLUG_LOG !== undefined && !existsSync(flag)) {
		writeFileSync(flag, "");
		throw new Error("not yet");
	}
	return -p.k;
} });
const summary = analyze({ from: { rates, late }, uses: ["turn.txt"], run: ({ rates, late }, io) => {
	ran("summary", io);
	return [...rates, ...late].map((row) => row.result).join(readFileSync(import.meta.dirname + "/turn.txt", "utf8"));
} });
const figure = analyze({ from: { trace, summary: rates }, run: ({ trace }, io) => {
	ran("figure", io);
	writeFileSync(io.out("figure.svg"), trace.map((row) => row.result.length + " " + readFileSync(row.file("trace.bin")).length).join("\\n"));
	writeFileSync(io.out("large.dat"), "0123456789".repeat(5000));
	return { rows: trace.length };
} });
export default scan({ input, spikes, trace, rates, late, summary, figure });
`;
