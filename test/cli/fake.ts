// A world for commands without a process: streams that remember, a clock that the test turns, an engine that is told what to answer.
import { Writable } from 'node:stream';
import type { Context, Output } from '../../cli/context.ts';
import { run } from '../../cli/run.ts';
import type { EngineEvent } from '../../engine/events.ts';
import type { Engine, EngineOptions } from '../../engine/index.ts';
import type { BuildOptions, BuildReport, TableReader, TargetReport } from '../../engine/report.ts';

/** A stream that remembers what was written. */
export class Memory extends Writable {
	text = '';
	override _write(chunk: Buffer, _encoding: string, done: () => void): void {
		this.text += chunk.toString();
		done();
	}
}

export function output(isTerminal = false, columns = 80): Output & { readonly stream: Memory } {
	return { stream: new Memory(), isTerminal, columns: () => columns, rows: () => 24 };
}

/** A clock that stands still until it is turned; what is to happen every so often happens on the way. */
export function handClock() {
	let now = 0;
	const repeated = new Set<{ milliseconds: number; due: number; act: () => void }>();
	return {
		now: () => now,
		every(milliseconds: number, act: () => void) {
			const entry = { milliseconds, due: now + milliseconds, act };
			repeated.add(entry);
			return () => void repeated.delete(entry);
		},
		turn(milliseconds: number) {
			const end = now + milliseconds;
			for (;;) {
				const next = [...repeated].sort((a, b) => a.due - b.due)[0];
				if (next === undefined || next.due > end) break;
				now = next.due;
				next.due += next.milliseconds;
				next.act();
			}
			now = end;
		},
	};
}

export function target(name: string, numbers: Partial<TargetReport> = {}): TargetReport {
	return {
		name,
		rule: 'simulate',
		tasks: 0,
		reused: 0,
		ran: 0,
		failed: 0,
		blocked: 0,
		left: 0,
		seconds: 0,
		...numbers,
	};
}

export function report(targets: readonly TargetReport[], more: Partial<BuildReport> = {}): BuildReport {
	const ok = targets.every((one) => one.failed === 0);
	return {
		targets,
		ok,
		seconds: 0.154,
		interrupted: false,
		failures: [],
		written: [],
		kept: undefined,
		broken: undefined,
		...more,
	};
}

/** What a fake engine is told and what it was asked. */
export interface FakeEngine extends Partial<Omit<Engine, 'build'>> {
	readonly events?: readonly EngineEvent[];
	readonly build?: (targets: readonly string[], options: BuildOptions) => Promise<BuildReport>;
	readonly fails?: Error;
}

export interface Outcome {
	readonly status: number;
	readonly stdout: string;
	readonly stderr: string;
	/** What the engine was asked, in order: `open write`, `build spikes`, `close`. */
	readonly asked: readonly string[];
	readonly request: EngineOptions | undefined;
}

export interface World {
	readonly stdout?: Output & { readonly stream: Memory };
	readonly stderr?: Output & { readonly stream: Memory };
	readonly env?: Readonly<Record<string, string>>;
	readonly cwd?: string;
	/** Is handed the function that a Ctrl-C calls. */
	readonly interrupts?: (act: () => void) => void;
	readonly exit?: (status: number) => void;
}

/** Runs a command line, words separated by spaces, against a fake engine. */
export async function scanmake(
	line: string | readonly string[],
	fake: FakeEngine = {},
	world: World = {},
): Promise<Outcome> {
	const asked: string[] = [];
	let request: EngineOptions | undefined;
	const { stdout = output(), stderr = output() } = world;
	const unwanted = (): never => {
		throw new Error('the fake engine was not told what to answer');
	};
	const context: Context = {
		cwd: world.cwd ?? '/project',
		env: world.env ?? {},
		stdout,
		stderr,
		clock: handClock(),
		async open(wanted) {
			asked.push(`open ${wanted.mode}`);
			request = wanted;
			if (fake.fails !== undefined) throw fake.fails;
			const { events = [], fails: _, ...told } = fake;
			const engine: Engine = {
				scanfile: '/project/Scanfile.ts',
				storeFolder: '/project/.scanmake',
				targets: [
					{ name: 'input', rule: 'generate' },
					{ name: 'spikes', rule: 'simulate' },
					{ name: 'response', rule: 'aggregate' },
					{ name: 'tuning', rule: 'analyze' },
				],
				plan: unwanted,
				why: unwanted,
				show: unwanted,
				table: unwanted,
				checkout: unwanted,
				graph: unwanted,
				gc: unwanted,
				close: async () => void asked.push('close'),
				...told,
				build(targets, options) {
					asked.push(['build', ...targets].join(' '));
					for (const event of events) wanted.listen?.(event);
					return fake.build?.(targets, options) ?? Promise.resolve(report([target('spikes')]));
				},
			};
			return engine;
		},
		onInterrupt(act) {
			world.interrupts?.(act);
			return () => {};
		},
		exit: world.exit ?? unwanted,
	};
	const words = typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line;
	const status = await run(words, context);
	return { status, stdout: stdout.stream.text, stderr: stderr.stream.text, asked, request };
}

/** A world in which nothing can be opened. */
export function bareContext(stderr: Output): Context {
	const refuse = (): never => {
		throw new Error('nothing can be opened here');
	};
	const streams = { stdout: output(), stderr, clock: handClock() };
	return { cwd: '/project', env: {}, ...streams, open: refuse, onInterrupt: () => () => {}, exit: refuse };
}

/** A table of rows that are made when they are read. */
export function tableOf(
	parameters: readonly string[],
	rows: readonly { params: Record<string, string | number | boolean | null>; result?: unknown }[],
): TableReader {
	return {
		target: 'spikes',
		rule: 'simulate',
		parameters,
		size: rows.length,
		*rows() {
			for (const row of rows) yield { params: row.params, done: 'result' in row, result: row.result };
		},
	};
}
