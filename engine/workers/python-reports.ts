// What a Python worker (worker.py) says to the engine: binary rows, each written before the next task begins, so that after
// a crash the culprit is the first task without a row. Rows that come together become columns.
// Knows neither the process nor where its tasks came from.
import { digestLength, fromHex } from '../digest.ts';
import type { AnswerExtra, Answers } from '../executors/executor.ts';

/** What is known of a task that Python ran, besides its value. */
export interface PythonExtra extends Pick<AnswerExtra, 'failure' | 'log' | 'bytesDigest'> {
	/** Names that were given to `io.out`, also by a task that failed: its folder may be there. They are not looked at yet. */
	readonly outputs?: readonly string[] | undefined;
	/** The name of the file in the bundle's work folder that its encoded value was written to, and its size. */
	readonly valueIn?: { readonly name: string; readonly size: number } | undefined;
}

/** Ended tasks as `Answers`, whose digests are those of the values alone: files are still to be collected. */
export interface PythonAnswers extends Omit<Answers, 'worker' | 'extras'> {
	readonly extras: ReadonlyMap<number, PythonExtra>;
}

/** A report. */
export type PythonReport =
	/** It has read its start and can be given bundles; their modules are imported when their first task runs. */
	| { readonly kind: 'ready' }
	/** The module of the rule's function was imported, or could not be: a task that was sent begins now. */
	| { readonly kind: 'imported'; readonly rule: number }
	/** Tasks ended, one after the other. */
	| { readonly kind: 'answers'; readonly answers: PythonAnswers }
	/** These tasks of one `runMessage` were not run, since its file was there. */
	| { readonly kind: 'skipped'; readonly bundle: number; readonly tasks: Uint32Array }
	/** The worker itself cannot go on: a sentence. */
	| { readonly kind: 'broken'; readonly message: string };

/** Takes what came; gives the reports that are complete before it returns. */
export type ReportReader = (chunk: Buffer) => void;

// A row: kind u8, three bytes of nothing, bundle u32, task u32, seconds f32, size of the value u32, size of the extra u32,
// digest of the value (32 bytes, zeros where there is none); then the value, then the extra (JSON).
const headBytes = 56;
const kinds = { ready: 1, answer: 2, skipped: 3, broken: 4, imported: 5 } as const;

/** Rows up to this size are put together from pieces as they come; larger ones are collected where they will stay (bytes). */
const gatheredBytes = 16 * 1024;

interface LargeRow {
	readonly head: Buffer;
	readonly value: Uint8Array;
	readonly extra: Uint8Array;
	filled: number;
}

/** Reads the reports of one worker, whatever pieces they come in. */
export function reportReader(give: (report: PythonReport) => void): ReportReader {
	let rest: Buffer = Buffer.alloc(0);
	let large: LargeRow | undefined;

	/** Takes what a large row still lacks; returns where it ends in the chunk. */
	function fill(row: LargeRow, chunk: Buffer): number {
		const { value, extra } = row;
		let at = 0;
		if (row.filled < value.length) {
			at = Math.min(chunk.length, value.length - row.filled);
			value.set(at === chunk.length ? chunk : chunk.subarray(0, at), row.filled);
			row.filled += at;
		}
		const start = row.filled - value.length;
		if (start >= 0 && start < extra.length) {
			const count = Math.min(chunk.length - at, extra.length - start);
			extra.set(chunk.subarray(at, at + count), start);
			row.filled += count;
			at += count;
		}
		if (row.filled < value.length + extra.length) return at;
		large = undefined;
		giveOne(row.head, value, extra);
		return at;
	}

	function giveOne(head: Buffer, value: Uint8Array, extra: Uint8Array): void {
		const bundle = head.readUInt32LE(4);
		switch (head[0]) {
			case kinds.ready:
				give({ kind: 'ready' });
				return;
			case kinds.imported:
				give({ kind: 'imported', rule: bundle });
				return;
			case kinds.broken:
				give({ kind: 'broken', message: Buffer.from(extra).toString() });
				return;
			case kinds.skipped:
				give({ kind: 'skipped', bundle, tasks: new Uint32Array(new Uint8Array(value).buffer) });
				return;
			case kinds.answer: {
				const columns = emptyColumns(bundle, 1, value);
				putHead(columns, 0, head, 0);
				columns.offsets[1] = value.length;
				if (extra.length > 0) columns.extras.set(0, extraOf(Buffer.from(extra)));
				give({ kind: 'answers', answers: columns });
				return;
			}
			default:
				give({ kind: 'broken', message: 'what came from it is no report' });
		}
	}

	return (chunk) => {
		let data = chunk;
		if (large !== undefined) {
			const at = fill(large, data);
			if (at === data.length) return;
			data = data.subarray(at);
		}
		if (rest.length > 0) data = Buffer.concat([rest, data]);
		let at = 0;
		while (data.length - at >= headBytes) {
			const size = rowBytes(data, at);
			if (data.length - at < size) {
				if (size <= gatheredBytes) break;
				large = newLargeRow(data.subarray(at, at + headBytes));
				fill(large, data.subarray(at + headBytes));
				at = data.length;
				break;
			}
			const group = data[at] === kinds.answer ? groupAt(data, at) : undefined;
			if (group !== undefined && group.size > 1) {
				give({ kind: 'answers', answers: columnsOf(data, at, group) });
				at = group.end;
			} else {
				const extraAt = at + headBytes + data.readUInt32LE(at + 16);
				const value = new Uint8Array(data.subarray(at + headBytes, extraAt));
				giveOne(data.subarray(at, at + headBytes), value, data.subarray(extraAt, at + size));
				at += size;
			}
		}
		rest = data.subarray(at);
	};
}

function rowBytes(data: Buffer, at: number): number {
	return headBytes + data.readUInt32LE(at + 16) + data.readUInt32LE(at + 20);
}

function newLargeRow(head: Buffer): LargeRow {
	return {
		head: Buffer.from(head),
		// Not zeroed, and no part of a pool that other things lie in.
		value: new Uint8Array(Buffer.allocUnsafeSlow(head.readUInt32LE(16)).buffer),
		extra: new Uint8Array(head.readUInt32LE(20)),
		filled: 0,
	};
}

interface Group {
	readonly size: number;
	readonly end: number;
	readonly valueBytes: number;
}

/** The complete answers of one bundle that lie one after the other from here. */
function groupAt(data: Buffer, from: number): Group {
	const bundle = data.readUInt32LE(from + 4);
	let size = 0;
	let valueBytes = 0;
	let at = from;
	while (data.length - at >= headBytes && data[at] === kinds.answer && data.readUInt32LE(at + 4) === bundle) {
		const end = at + rowBytes(data, at);
		if (end > data.length) break;
		valueBytes += data.readUInt32LE(at + 16);
		size++;
		at = end;
	}
	return { size, end: at, valueBytes };
}

interface Columns extends PythonAnswers {
	readonly extras: Map<number, PythonExtra>;
}

function emptyColumns(bundle: number, size: number, bytes: Uint8Array): Columns {
	return {
		bundle,
		size,
		tasks: new Uint32Array(size),
		seconds: new Float32Array(size),
		digests: new Uint8Array(size * digestLength),
		offsets: new Uint32Array(size + 1),
		bytes,
		extras: new Map(),
	};
}

function putHead({ tasks, seconds, digests }: Columns, row: number, data: Buffer, at: number): void {
	tasks[row] = data.readUInt32LE(at + 8);
	seconds[row] = data.readFloatLE(at + 12);
	digests.set(data.subarray(at + 24, at + headBytes), row * digestLength);
}

function columnsOf(data: Buffer, from: number, { size, valueBytes }: Group): Columns {
	const columns = emptyColumns(data.readUInt32LE(from + 4), size, new Uint8Array(valueBytes));
	const { bytes, offsets, extras } = columns;
	let at = from;
	let end = 0;
	for (let row = 0; row < size; row++) {
		putHead(columns, row, data, at);
		const valueAt = at + headBytes;
		const extraAt = valueAt + data.readUInt32LE(at + 16);
		putBytes(data, valueAt, extraAt, bytes, end);
		end += extraAt - valueAt;
		offsets[row + 1] = end;
		at = extraAt + data.readUInt32LE(at + 20);
		if (at > extraAt) extras.set(row, extraOf(data.subarray(extraAt, at)));
	}
	return columns;
}

// A view costs more than a small loop.
function putBytes(data: Buffer, from: number, to: number, target: Uint8Array, at: number): void {
	if (to - from > 128) target.set(data.subarray(from, to), at);
	else for (let i = from; i < to; i++) target[at + i - from] = data[i]!;
}

/** What is told of a large value: its digest, and the file that it was written to. */
interface Large {
	readonly bytes?: string;
	readonly file?: string;
	readonly size?: number;
}

function extraOf(json: Buffer): PythonExtra {
	const { bytes, file, size = 0, ...extra } = JSON.parse(json.toString()) as PythonExtra & Large;
	if (bytes === undefined) return extra;
	const bytesDigest = fromHex(bytes);
	return file === undefined ? { ...extra, bytesDigest } : { ...extra, bytesDigest, valueIn: { name: file, size } };
}
