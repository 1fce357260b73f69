// Carries text to a stream or a file, a chunk at a time, so that a million rows are never held.
// Knows nothing of what the text says.
import { lstat, open, realpath, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { UserError } from '../engine/errors.ts';

const chunkLength = 64 * 1024;

/** Writes the pieces in order and waits where the stream is full. A reader that has gone away is a silent end. */
export async function writeAll(stream: Writable, pieces: Iterable<string>): Promise<void> {
	for (const chunk of chunksOf(pieces)) {
		if (stream.destroyed || stream.errored !== null) return;
		if (!stream.write(chunk) && !(await drained(stream))) return;
	}
}

/** False: the stream has ended instead. */
function drained(stream: Writable): Promise<boolean> {
	return new Promise((settle) => {
		const done = (can: boolean) => () => {
			stream.off('drain', onDrain).off('error', onEnd).off('close', onEnd);
			settle(can);
		};
		const onDrain = done(true);
		const onEnd = done(false);
		stream.on('drain', onDrain).on('error', onEnd).on('close', onEnd);
	});
}

/** Writes the pieces beside the file and moves them into place: the file is there whole or not at all. Throws a UserError of kind `disk`. */
export async function writeFileAside(file: string, pieces: Iterable<string>): Promise<void> {
	const { path, inPlace } = await destination(file);
	const aside = inPlace ? path : `${path}.${process.pid}.tmp`;
	try {
		const handle = await open(aside, 'w');
		try {
			for (const chunk of chunksOf(pieces)) await handle.writeFile(chunk);
			if (!inPlace) await handle.sync();
		} finally {
			await handle.close();
		}
		if (!inPlace) await rename(aside, path);
	} catch (error) {
		if (!inPlace) await rm(aside, { force: true }).catch(() => {});
		throw asDiskError(error, file);
	}
}

/** A link is followed; a device or a pipe is written as it is. */
async function destination(file: string): Promise<{ readonly path: string; readonly inPlace: boolean }> {
	const path = await realpath(file).catch(() => resolve(file));
	const stats = await lstat(path).catch(() => undefined);
	if (stats?.isDirectory()) throw new UserError('usage', `${file} is a folder; name a file in it.`);
	return { path, inPlace: stats !== undefined && !stats.isFile() };
}

/** What writing a file met, as a UserError; another error as it is. */
export function cannotWrite(error: unknown, file: string): Error {
	const worded = asDiskError(error, file);
	return worded instanceof Error ? worded : new Error(String(worded));
}

function asDiskError(error: unknown, file: string): unknown {
	if (!(error instanceof Error) || !('code' in error) || 'problems' in error) return error;
	const cause: Readonly<Record<string, string>> = {
		ENOENT: 'its folder does not exist',
		ENOTDIR: 'its folder is no folder',
		EISDIR: 'it is a folder',
		EACCES: 'that is not allowed',
		EPERM: 'that is not allowed',
		EROFS: 'the file system is read-only',
		ENOSPC: 'the disk is full',
		EDQUOT: 'the quota is used up',
	};
	return new UserError('disk', `${file} could not be written: ${cause[String(error.code)] ?? error.message}.`);
}

function* chunksOf(pieces: Iterable<string>): Generator<string> {
	let chunk = '';
	for (const piece of pieces) {
		chunk += piece;
		if (chunk.length < chunkLength) continue;
		yield chunk;
		chunk = '';
	}
	if (chunk !== '') yield chunk;
}
