// A log that programs have written to a file: its beginning and its end, the middle left out where it is long.
// Knows nothing of who wrote it.
import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { logText } from './log.ts';
import { logPartBytes } from './shared.ts';

/** Reads the log; undefined where there is nothing. */
export function readLogFile(path: string): string | undefined {
	return withFile(path, 'r', readLog);
}

/** Reads the log and empties the file. */
export function takeLogFile(path: string): string | undefined {
	return withFile(path, 'r+', (file) => {
		const log = readLog(file);
		if (log !== undefined) ftruncateSync(file, 0);
		return log;
	});
}

function withFile(path: string, flags: string, use: (file: number) => string | undefined): string | undefined {
	let file: number;
	try {
		file = openSync(path, flags);
	} catch {
		return undefined;
	}
	try {
		return use(file);
	} finally {
		closeSync(file);
	}
}

function readLog(file: number): string | undefined {
	const { size } = fstatSync(file);
	if (size === 0) return undefined;
	const head = readPart(file, 0, Math.min(size, logPartBytes));
	const inTail = Math.min(size - head.length, logPartBytes);
	const tail = readPart(file, size - inTail, inTail);
	return logText(head, size - head.length - tail.length, tail);
}

function readPart(file: number, from: number, length: number): Buffer {
	const bytes = Buffer.allocUnsafe(length);
	let at = 0;
	while (at < length) {
		const count = readSync(file, bytes, at, length - at, from + at);
		if (count === 0) break;
		at += count;
	}
	return bytes.subarray(0, at);
}
