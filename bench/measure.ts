// Runs commands as fresh processes and measures them: wall seconds, and on request the memory that is the process's own.
// What is compared is run in turns, so that a busy moment of the machine meets all of it. Knows no scan.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A program with its words. */
export interface Command {
	readonly program: string;
	readonly words: readonly string[];
	/** Where it runs; undefined: here. */
	readonly folder?: string | undefined;
}

/** How one run went. */
export interface Run {
	/** From before the process was started until after it had ended. */
	readonly seconds: number;
	/** All that it printed. */
	readonly output: string;
	/** The most anonymous memory that was seen, children aside; undefined where it was not or could not be sampled. */
	readonly anonymousMiB: number | undefined;
	/** The same every 10 ms from the start to the end; empty where it was not or could not be sampled. */
	readonly samplesMiB: readonly number[];
}

/** One of several that are compared. */
export interface Contestant {
	readonly command: Command;
	/** Done before each run, outside the measured time. */
	prepare?(): void;
	/** Throws where the run did something else than it was meant to. */
	check?(run: Run): void;
}

const sampleMilliseconds = 10;

/** Runs a command once; throws with its output where it fails. */
export async function runOnce(command: Command, sampled: 'memory' | 'time' = 'time'): Promise<Run> {
	const started = performance.now();
	const child = spawn(command.program, command.words, { cwd: command.folder, stdio: ['ignore', 'pipe', 'pipe'] });
	let output = '';
	for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
	const samples: number[] = [];
	const sample = () => {
		const bytes = anonymousBytes(child);
		if (bytes > 0) samples.push(bytes / 2 ** 20);
	};
	const timer = sampled === 'memory' ? setInterval(sample, sampleMilliseconds) : undefined;
	const status = await new Promise<number | string | null>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) => resolve(code ?? signal));
	});
	const seconds = (performance.now() - started) / 1000;
	clearInterval(timer);
	if (status !== 0)
		throw new Error(`${[command.program, ...command.words].join(' ')} ended with ${status}:\n${output}`);
	const most = samples.reduce((largest, each) => Math.max(largest, each), 0);
	return { seconds, output, anonymousMiB: most > 0 ? most : undefined, samplesMiB: samples };
}

// Pages of files that are mapped into memory (lmdb's) can be dropped at any moment: they are not counted.
function anonymousBytes(child: ChildProcess): number {
	try {
		const [, kibibytes] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
		return 1024 * Number(kibibytes ?? 0);
	} catch {
		return 0; // it has ended, or this system has no /proc
	}
}

/** Wall seconds of each contestant, `rounds` times in turns after one round that is not counted. */
export async function inTurns<Name extends string>(
	contestants: Readonly<Record<Name, Contestant>>,
	rounds: number,
): Promise<Readonly<Record<Name, readonly number[]>>> {
	const entries = Object.entries(contestants) as [Name, Contestant][];
	const seconds = Object.fromEntries(entries.map(([name]) => [name, [] as number[]])) as Record<Name, number[]>;
	for (let round = 0; round <= rounds; round++) {
		for (const [name, contestant] of entries) {
			contestant.prepare?.();
			const run = await runOnce(contestant.command);
			contestant.check?.(run);
			if (round > 0) seconds[name].push(run.seconds);
		}
	}
	return seconds;
}

/** The median; of an even number of values the upper of the two in the middle. */
export function median(values: readonly number[]): number {
	return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
