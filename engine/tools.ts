// What programs say of themselves: `tool("nest", "--version")` in `uses`. Each is started once while a scan is open, all
// side by side, and not at all while the program's file, and what a shim goes by, is as it was when it was asked; a script
// may start anything, and is asked each time. Words only what is wrong.
import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import type { UsedTool } from '../rules/plain.ts';
import { programIn } from './executable.ts';
import { shimGround, starterOf } from './shims.ts';
import { isRestless, nowNanoseconds, stampOf } from './stamp.ts';

/** What a tool said; `missing` where there is no such program; or what is wrong, as a sentence. */
export type ToolSaid =
	| { readonly kind: 'said'; readonly text: string }
	| { readonly kind: 'missing' }
	| { readonly kind: 'wrong'; readonly message: string };

/** The programs of a project that are asked what they are. */
export interface Tools {
	ask(tool: UsedTool): Promise<ToolSaid>;
	/** The Python that a program of that name starts: the path of its executable, a line break, its version in full. */
	pythonOf(program: string): Promise<ToolSaid>;
	/** Answers that are worth remembering: facts for the store. */
	learned(): ReadonlyMap<string, Uint8Array>;
}

const askedPython = 'import sys; print(sys.executable); print(sys.version)';
const longestSeconds = 10;
/** How long what a tool left behind may hold its output open. */
const patienceMilliseconds = 1000;
const mostCharacters = 1024 * 1024;

/** `recall` gives a fact remembered by an earlier run; programs are started in `folder`. */
export function toolsOf(
	folder: string,
	recall: (name: string) => Uint8Array | undefined,
	limitSeconds = longestSeconds,
): Tools {
	const asked = new Map<string, Promise<ToolSaid>>();
	const learned = new Map<string, Uint8Array>();

	async function said(tool: UsedTool, tells: boolean): Promise<ToolSaid> {
		const place = programIn(tool.program, folder, process.env['PATH'] ?? '');
		if (place.kind === 'not-found') return { kind: 'missing' };
		const { path } = place;
		if (place.kind === 'not-executable') return notExecutable(tool, path);
		const now = nowNanoseconds();
		const stat = statSync(path, { bigint: true });
		const starter = starterOf(path);
		const isKept = tells && starter !== 'wrapper';
		const ground = starter === 'shim' ? ` ${shimGround(path, folder, process.env)}` : '';
		const head = `${stampOf(stat)}${ground}\n`;
		const name = `tool ${JSON.stringify([path, ...tool.args])}`;
		const fact = isKept ? recall(name) : undefined;
		const before = fact === undefined ? '' : Buffer.from(fact).toString();
		if (before.startsWith(head)) return { kind: 'said', text: before.slice(head.length) };
		const answer = await start(tool, path, { folder, limitSeconds });
		if (answer.kind === 'said' && isKept && !isRestless(stat, now)) learned.set(name, Buffer.from(head + answer.text));
		return answer;
	}

	function once(tool: UsedTool, tells: boolean): Promise<ToolSaid> {
		const name = JSON.stringify([tool.program, ...tool.args]);
		const answer = asked.get(name) ?? said(tool, tells);
		asked.set(name, answer);
		return answer;
	}

	return {
		ask: (tool) => once(tool, tellsByItself(tool)),
		pythonOf: (program) => once({ kind: 'tool', program, args: ['-E', '-S', '-c', askedPython] }, true),
		learned: () => learned,
	};
}

/** A tool as a Scanfile has it. */
function toolWords({ program, args }: UsedTool): string {
	return `tool(${[program, ...args].map((word) => JSON.stringify(word)).join(', ')})`;
}

// `nest --version` is about the program; `python -c "import nest; …"` is about what it finds, and asked each time.
function tellsByItself({ args }: UsedTool): boolean {
	return args.length < 2 && args.every((word) => /^-{0,2}[A-Za-z][\w-]*$/.test(word));
}

function notExecutable(tool: UsedTool, path: string): ToolSaid {
	const message = `${toolWords(tool)} cannot be started: ${path} is not executable. Make it so (chmod +x), or correct its name.`;
	return { kind: 'wrong', message };
}

// How to end what runs now: an engine that exits leaves none behind.
const running = new Set<() => void>();

function endAll(): void {
	for (const end of running) end();
}

// A group of its own, so that nothing that it started outlives the limit.
function start(
	tool: UsedTool,
	path: string,
	{ folder, limitSeconds }: { readonly folder: string; readonly limitSeconds: number },
): Promise<ToolSaid> {
	const wrong = (how: string): ToolSaid => ({
		kind: 'wrong',
		message: `${toolWords(tool)} ${how}, so that nobody knows which one it is. Give it arguments with which it prints its version, or name one of its files in uses.`,
	});
	return new Promise((done) => {
		const texts = ['', ''];
		const child = spawn(path, tool.args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
		const end = () => {
			try {
				if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
			} catch {
				// all of it has ended
			}
		};
		running.add(end);
		if (running.size === 1) process.on('exit', endAll);
		const finish = (answer: ToolSaid) => {
			clearTimeout(timer);
			running.delete(end);
			if (running.size === 0) process.off('exit', endAll);
			end();
			child.stdout.destroy();
			child.stderr.destroy();
			done(answer);
		};
		const timer = setTimeout(() => finish(wrong(`had not ended after ${limitSeconds} seconds`)), limitSeconds * 1000);
		for (const [i, stream] of [child.stdout, child.stderr].entries()) {
			stream.setEncoding('utf8');
			stream.on('data', (piece: string) => {
				texts[i] = ((texts[i] ?? '') + piece).slice(0, mostCharacters);
			});
		}
		child.on('error', (error: NodeJS.ErrnoException) => finish(wrong(`cannot be started (${error.code})`)));
		child.on('exit', (status, signal) => {
			const patience = setTimeout(() => close(status, signal), patienceMilliseconds);
			child.on('close', () => {
				clearTimeout(patience);
				close(status, signal);
			});
		});
		const close = (status: number | null, signal: NodeJS.Signals | null) => {
			const text = texts
				.map((one) => one.trim())
				.filter((one) => one !== '')
				.join('\n');
			if (status === 0) finish({ kind: 'said', text });
			else {
				const how = signal === null ? `exit status ${status}` : signal;
				const printed = text === '' ? 'It printed nothing' : `It printed: ${firstLine(text)}`;
				finish(wrong(`ended with ${how} (${printed})`));
			}
		};
	});
}

function firstLine(text: string): string {
	const line = text.split('\n')[0] ?? '';
	return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
