// Starts a script of this folder as a process of its own and gathers what it prints.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A running script. */
export interface Child {
	readonly process: ChildProcess;
	/** The whole lines that were printed so far. */
	lines(): readonly string[];
	/** Resolves with the first line, printed already or still to come, that begins with `start`. */
	line(start: string): Promise<string>;
	/** What was printed on standard error. */
	errors(): string;
	/** Resolves when it has ended and everything was read. */
	readonly ended: Promise<unknown>;
}

/** Starts `script.js` of this folder; `command` may wrap it. */
export function startChild(script: string, args: readonly string[], wrap: readonly string[] = []): Child {
	const path = fileURLToPath(new URL(`./${script}.js`, import.meta.url));
	const [file = process.execPath, ...rest] = [...wrap, process.execPath, path, ...args];
	const child = spawn(file, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
	let text = '';
	let errors = '';
	child.stdout.setEncoding('utf8').on('data', (piece: string) => {
		text += piece;
	});
	child.stderr.setEncoding('utf8').on('data', (piece: string) => {
		errors += piece;
	});
	const ended = once(child, 'close');
	const lines = () => text.split('\n').slice(0, -1);
	async function line(start: string): Promise<string> {
		for (;;) {
			const found = lines().find((printed) => printed.startsWith(start));
			if (found !== undefined) return found;
			const news = await Promise.race([once(child.stdout, 'data'), ended.then(() => 'ended')]);
			if (news === 'ended' && !lines().some((printed) => printed.startsWith(start))) {
				throw new Error(`${script} ended without a line that begins with ${start}: ${text} ${errors}`);
			}
		}
	}
	return { process: child, lines, line, errors: () => errors, ended };
}

/** The number behind the last line that begins with `word`, 0 where there is none. */
export function lastNumber(lines: readonly string[], word: string): number {
	return Number(lines.findLast((line) => line.startsWith(`${word} `))?.slice(word.length + 1) ?? 0);
}
