// Projects in temporary folders and the real command in them: its exit status, what it wrote, how it is stopped.
// Knows nothing of the engine's inside: what a test sees is what a user sees.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';

/** The command beside the compiled tests: as users start it, or unbundled where only tsc has run. */
export const command =
	['../../bin/cli/main.js', '../../cli/main.js']
		.map((place) => fileURLToPath(new URL(place, import.meta.url)))
		.find((place) => existsSync(place)) ?? 'scanmake';

/** The first line of most Scanfiles here. */
export const words =
	'import { aggregate, analyze, axis, generate, grid, linspace, list, scan, simulate, value, zip } from "scanmake";\n';

/** A command that has ended. */
export interface Ended {
	/** Null: a signal ended it. */
	readonly status: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** A command that runs. */
export interface Running {
	readonly child: ChildProcess;
	readonly ended: Promise<Ended>;
}

/** One target of a build as `--json` says it. */
export interface Account {
	readonly name: string;
	readonly rule: string;
	readonly tasks: number;
	readonly reused: number;
	readonly ran: number;
	readonly failed: number;
	readonly blocked: number;
	readonly left: number;
}

/** A build with `--json`. */
export interface Built extends Ended {
	readonly ok: boolean;
	/** Per target what is not zero, as `ran 2, failed 1`. */
	readonly did: Readonly<Record<string, string>>;
	readonly accounts: readonly Account[];
}

export interface Project {
	readonly folder: string;
	/** The path of something in the folder. */
	path(name: string): string;
	write(name: string, text: string): void;
	read(name: string): string;
	/** Lines of a file that tasks append to; none where it does not exist. */
	lines(name: string): readonly string[];
	/** Puts `to` in place of `from` in a file, which must have it. */
	edit(name: string, from: string, to: string): void;
	/** Runs the command to its end. */
	scanmake(...typed: readonly string[]): Promise<Ended>;
	/** Runs the command with `--json` and reads what it says. */
	build(...typed: readonly string[]): Promise<Built>;
	/** Starts the command; it is killed when the test ends. */
	start(typed: readonly string[], env?: Readonly<Record<string, string>>): Running;
}

/** A folder with these files, removed when the test ends. */
export function project(t: ExecutionContext, files: Readonly<Record<string, string>>): Project {
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-'));
	const children: ChildProcess[] = [];
	t.teardown(() => {
		for (const child of children) child.kill('SIGKILL');
		rmSync(folder, { recursive: true, force: true });
	});
	const path = (name: string) => join(folder, name);
	const write = (name: string, text: string) => {
		mkdirSync(dirname(path(name)), { recursive: true });
		writeFileSync(path(name), text);
	};
	const read = (name: string) => readFileSync(path(name), 'utf8');
	for (const [name, text] of Object.entries(files)) write(name, text);

	const start: Project['start'] = (typed, env = {}) => {
		const running = startCommand(folder, typed, env);
		children.push(running.child);
		return running;
	};
	const scanmake: Project['scanmake'] = (...typed) => inTurn(() => start(typed).ended);
	return {
		folder,
		path,
		write,
		read,
		lines: (name) => (existsSync(path(name)) ? read(name).split('\n').slice(0, -1) : []),
		edit(name, from, to) {
			const before = read(name);
			if (!before.includes(from)) throw new Error(`${name} has no ${from}`);
			write(name, before.replace(from, to));
		},
		scanmake,
		build: async (...typed) => builtOf(t, await scanmake(...typed, '--json')),
		start,
	};
}

/** Starts the command in a folder, with an environment that the machine has no part in. */
export function startCommand(
	folder: string,
	typed: readonly string[],
	env: Readonly<Record<string, string>> = {},
	program: string = command,
): Running {
	const { PATH = '' } = process.env;
	const child = spawn(process.execPath, [program, ...typed], {
		cwd: folder,
		env: { PATH, HOME: folder, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let [stdout, stderr] = ['', ''];
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		stdout += text;
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		stderr += text;
	});
	const ended = new Promise<Ended>((resolve, reject) => {
		child.on('error', reject).on('close', (status) => resolve({ status, stdout, stderr }));
	});
	return { child, ended };
}

let running = 0;
const queue: (() => void)[] = [];
const side = 2;

/** A few at a time: ava starts all tests of a file at once. */
async function inTurn<T>(act: () => Promise<T>): Promise<T> {
	if (running >= side) await new Promise<void>((resolve) => queue.push(resolve));
	else running++;
	try {
		return await act();
	} finally {
		const next = queue.shift();
		if (next === undefined) running--;
		else next();
	}
}

/** Reads a build's `--json` and holds it to tasks = reused + ran + failed + blocked + left. */
export function builtOf(t: ExecutionContext, ended: Ended): Built {
	const { targets: accounts, ok } = JSON.parse(ended.stdout) as { targets: readonly Account[]; ok: boolean };
	const did: Record<string, string> = {};
	for (const { name, tasks, reused, ran, failed, blocked, left } of accounts) {
		t.is(tasks, reused + ran + failed + blocked + left, `${name}: every task is accounted for`);
		const parts = Object.entries({ reused, ran, failed, blocked, left }).filter(([, count]) => count > 0);
		did[name] = parts.map(([what, count]) => `${what} ${count}`).join(', ');
	}
	return { ...ended, ok, did, accounts };
}

/** What a mistake of the user's must never show: a stack, scanmake's own files, a defect. */
export function noInnards(t: ExecutionContext, { stderr, stdout }: Ended): void {
	for (const text of [stderr, stdout]) {
		t.notRegex(text, /^\s*at .*[(:]/m, 'a stack trace');
		t.notRegex(text, /defect|node:internal|cli\/main\.js|UserError|engine\//, "scanmake's own inside");
	}
}

/** Waits until `holds`; the file system is asked every few milliseconds. */
export async function until(holds: () => boolean, seconds = 30): Promise<void> {
	const end = Date.now() + seconds * 1000;
	while (!holds()) {
		if (Date.now() > end) throw new Error('waited in vain');
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}

/** Source text of a function that sleeps without using the processor. */
export const sleepText =
	'const sleep = (milliseconds: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);\n';
