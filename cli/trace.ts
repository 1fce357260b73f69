// A build as a file for a trace viewer (chrome://tracing, ui.perfetto.dev): a row for the engine, one for each worker.
// The file is written a chunk at a time and closed behind each chunk, so that it can be read whenever the build ends.
// Knows the engine's events only.
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { UserError } from '../engine/errors.ts';
import type { EngineEvent } from '../engine/events.ts';
import { cannotWrite } from './output.ts';
import { failureWords } from './sentences.ts';

/** A trace that is being written. */
export interface Trace {
	listen(event: EngineEvent): void;
	/** Why the file could not be written to its end; undefined where it could. */
	close(): string | undefined;
}

/** Milliseconds since 1970, with their fractions. */
export type Now = () => number;

const systemNow: Now = () => performance.timeOrigin + performance.now();
const begin = '{"traceEvents":[';
const end = '\n]}\n';
const chunkLength = 64 * 1024;
/** The engine's own row; worker w has row w + 1. */
const engineRow = 0;

/** Begins a trace; throws a UserError where the file cannot be written, or is there and no trace. */
export function traceFile(path: string, now: Now = systemNow): Trace {
	const file = chunkFile(path);
	// of what the viewer shows, all times count from here
	let origin: number | undefined;
	let targets: readonly string[] = [];
	const reached: number[] = [];

	/** Microseconds from the trace's begin, with three digits. */
	const time = (at: number): number => {
		origin ??= at;
		return Math.max(0, Math.round((at - origin) * 1e6) / 1000);
	};
	const write = (event: object): void => file.add(JSON.stringify(event));
	const nameRow = (row: number, name: string): void => {
		reached[row] = 0;
		write({ ph: 'M', name: 'thread_name', pid: 1, tid: row, args: { name } });
		write({ ph: 'M', name: 'thread_sort_index', pid: 1, tid: row, args: { sort_index: row } });
	};
	/** A span that begins where the row's last one ended, or later: what is told late must not overlap. */
	const span = (row: number, name: string, from: number, to: number, args: object): void => {
		const ts = Math.max(time(from), reached[row] ?? 0);
		const dur = Math.max(0, Math.round((time(to) - ts) * 1000) / 1000);
		reached[row] = ts + dur;
		write({ ph: 'X', name, cat: row === engineRow ? 'engine' : 'tasks', pid: 1, tid: row, ts, dur, args });
	};
	const instant = (name: string, args: object): void =>
		write({ ph: 'i', name, cat: 'engine', s: 'p', pid: 1, tid: engineRow, ts: time(now()), args });

	write({ ph: 'M', name: 'process_name', pid: 1, tid: engineRow, args: { name: 'scanmake' } });
	nameRow(engineRow, 'engine');
	return {
		listen(event) {
			switch (event.kind) {
				case 'planned':
					targets = event.targets.map(({ name }) => name);
					instant('planned', { tasks: event.targets.reduce((sum, { tasks }) => sum + tasks, 0) });
					break;
				case 'answered': {
					const { worker, tasks, failed, seconds, at, parameters } = event;
					const row = worker + 1;
					if (reached[row] === undefined) nameRow(row, `worker ${worker}`);
					span(row, targets[event.target] ?? '', at - seconds * 1000, at, { tasks, failed, parameters });
					break;
				}
				case 'worked':
					span(engineRow, event.what, event.at, event.at + event.seconds * 1000, {});
					break;
				case 'task-failed': {
					const { target, parameters, failure, willRetry } = event;
					instant(`${target} failed`, { parameters, failure: failureWords(failure), willRetry });
					break;
				}
				case 'notice':
					instant('notice', { message: event.message });
					break;
				case 'stopping':
					instant('stopping', { reason: event.reason });
					break;
				default:
					break;
			}
		},
		close: file.close,
	};
}

interface ChunkFile {
	add(text: string): void;
	close(): string | undefined;
}

/** A list of JSON texts in a file that is whole behind every chunk. A pipe or a device gets its end when it is closed. */
function chunkFile(path: string): ChunkFile {
	const { file, isPlain } = openOver(path);
	let chunk = begin;
	let separator = '\n';
	let place = 0;
	let trouble: string | undefined;
	let isOpen = true;
	let flushedAt = 0;

	/** Writes what waits, and the end behind it, over which the next chunk is written. */
	function flush(isLast: boolean): void {
		if (trouble !== undefined) return;
		try {
			const bytes = Buffer.from(isPlain || isLast ? chunk + end : chunk);
			for (let done = 0; done < bytes.length; )
				done += writeSync(file, bytes, done, bytes.length - done, isPlain ? place + done : null);
			place += bytes.length - end.length;
			chunk = '';
			flushedAt = performance.now();
		} catch (error) {
			trouble = cannotWrite(error, path).message;
		}
	}
	flush(false);
	return {
		add(text) {
			if (!isOpen || trouble !== undefined) return;
			chunk += separator + text;
			separator = ',\n';
			if (chunk.length >= chunkLength || performance.now() - flushedAt > 1000) flush(false);
		},
		close() {
			if (isOpen) {
				isOpen = false;
				flush(true);
				closeSync(file);
			}
			return trouble;
		},
	};
}

// `--trace spikes` is soon typed for `--trace FILE spikes`, and `--trace Scanfile.ts` too: only a trace is written over.
function openOver(path: string): { readonly file: number; readonly isPlain: boolean } {
	let file: number | undefined;
	try {
		file = openSync(path, 'a+', 0o666);
		const isPlain = fstatSync(file).isFile();
		if (isPlain && fstatSync(file).size > 0) {
			const head = Buffer.alloc(begin.length);
			readSync(file, head, 0, head.length, 0);
			if (head.toString() !== begin) {
				throw new UserError(
					'usage',
					`${path} is there and is no trace; --trace writes over traces only. Name another file, for instance --trace trace.json`,
				);
			}
		}
		closeSync(file);
		file = openSync(path, isPlain ? 'r+' : 'w');
		if (isPlain) ftruncateSync(file);
		return { file, isPlain };
	} catch (error) {
		if (file !== undefined && error instanceof UserError) closeSync(file);
		throw cannotWrite(error, path);
	}
}
