// `io` of one task: paths of files to write and to read, the signal, the log. Notes what was handed out, since the
// outputs are collected afterwards and no path may stand in the result. Knows neither the task's function nor its result.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileNamesAre, isFileName } from '../../rules/filename.ts';
import type { Io } from '../../rules/io.ts';
import { suggestion } from '../../rules/nearest.ts';

/** What `io` needs to know of the tasks of its bundle. */
export interface IoGround {
	/** A task's own folder; made when it is first needed. */
	folderOf(task: number): string;
	/** The path of an upstream file; throws where there is none. */
	inputFile(task: number, input: string, name: string): string;
	log(text: string): void;
	/** Called when a signal is first asked for. */
	listens(): void;
}

/** `io` of one task, and what became of it. */
export interface TaskIo {
	readonly io: Io;
	/** Whose it is. May be changed as long as it is not `used`: a million `io` would cost more than as many small tasks. */
	task: number;
	used: boolean;
	/** Paths of the declared outputs by name. */
	readonly outputs: Map<string, string>;
	/** Folders of the files that were handed out for reading. */
	readonly inputFolders: Set<string>;
	/** Why the signal was aborted, if it was. */
	aborted: 'timeout' | 'stop' | undefined;
	controller: AbortController | undefined;
}

/** The `io` of one task. */
export function makeIo(ground: IoGround): TaskIo {
	const io: Io = {
		out(name) {
			own.used = true;
			const known = own.outputs.get(name);
			if (known !== undefined) return known;
			checkName(name);
			const path = join(ground.folderOf(own.task), name);
			mkdirSync(dirname(path), { recursive: true });
			own.outputs.set(name, path);
			return path;
		},
		in(input, name) {
			own.used = true;
			const path = ground.inputFile(own.task, input, name);
			own.inputFolders.add(dirname(path));
			return path;
		},
		get signal() {
			own.used = true;
			if (own.controller === undefined) {
				own.controller = new AbortController();
				ground.listens();
			}
			return own.controller.signal;
		},
		log(text) {
			own.used = true;
			ground.log(`${text}\n`);
		},
	};
	const own: TaskIo = {
		io,
		task: -1,
		used: false,
		outputs: new Map(),
		inputFolders: new Set(),
		aborted: undefined,
		controller: undefined,
	};
	return own;
}

/** Aborts the signal of a task, if it has asked for one. */
export function abortIo(own: TaskIo, reason: 'timeout' | 'stop'): void {
	own.aborted = reason;
	const words = reason === 'timeout' ? 'The task took longer than its timeout' : 'The build was stopped';
	own.controller?.abort(new DOMException(words, reason === 'timeout' ? 'TimeoutError' : 'AbortError'));
}

/** The sentence for an input that is not there. */
export function unknownInput(input: string, names: readonly string[]): Error {
	const there = names.length === 0 ? 'this rule has no from' : `there are ${names.join(', ')}`;
	return new Error(`io.in: there is no input ${input}${suggestion(input, names)} (${there})`);
}

function checkName(name: unknown): void {
	if (!isFileName(name)) throw new Error(`io.out: ${JSON.stringify(name)} ${fileNamesAre}`);
}
