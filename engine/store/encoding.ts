// A record as bytes: a fixed header, the value, the files, the log; many of them one after the other in a chunk.
// The checksum in front covers all the rest, so that a flipped bit never becomes a result. Knows no database.
import { crc32 } from 'node:zlib';
import type { StoredFile, TaskRecord } from './store.ts';

// Little-endian. 0 CRC-32 of what follows, 4 size of all, 8 key, 40 digest, 72 endedAt, 80 seconds (doubles), 88 build,
// 92 size of the value, 96 size of the log, 100 files, 104 attempt (16 bits), 106 flags, 107 unused.
export const headerSize = 108;
// A file: 0 size (double), 8 size of the name (16 bits), 10 flags, 11 digest; then the name, then the bytes if inline.
const fileHeaderSize = 43;
export const isInline = 1;
const hasValueDigest = 2;
const isExecutable = 2;

/** Bytes that are being written, grown as needed. */
export interface Draft {
	bytes: Buffer;
	length: number;
}

/** Where the parts of a record are that lie at fixed places. */
export const keyAt = 8;
export const digestAt = 40;

/** Appends a record to the draft. */
export function encodeRecord(draft: Draft, key: Uint8Array, record: TaskRecord): void {
	const start = draft.length;
	const logSize = Buffer.byteLength(record.log);
	const value = record.value ?? empty;
	reserve(draft, headerSize + 32 + value.length + logSize);
	const { bytes } = draft;
	bytes.set(key, start + keyAt);
	bytes.set(record.digest, start + digestAt);
	bytes.writeDoubleLE(record.endedAt, start + 72);
	bytes.writeDoubleLE(record.seconds, start + 80);
	bytes.writeUInt32LE(record.build, start + 88);
	bytes.writeUInt32LE(value.length, start + 92);
	bytes.writeUInt32LE(logSize, start + 96);
	bytes.writeUInt32LE(record.files.length, start + 100);
	bytes.writeUInt16LE(Math.min(record.attempt, 0xffff), start + 104);
	bytes[start + 106] = (record.value ? isInline : 0) | (record.valueDigest ? hasValueDigest : 0);
	bytes[start + 107] = 0;
	draft.length += headerSize;
	if (record.valueDigest !== undefined) append(draft, record.valueDigest);
	append(draft, value);
	for (const file of record.files) encodeFile(draft, file);
	if (logSize > 0) {
		reserve(draft, logSize);
		draft.length += draft.bytes.write(record.log, draft.length);
	}
	draft.bytes.writeUInt32LE(draft.length - start, start + 4);
	draft.bytes.writeUInt32LE(crc32(draft.bytes.subarray(start + 4, draft.length)), start);
}

const empty = new Uint8Array(0);

function encodeFile(draft: Draft, file: StoredFile): void {
	const name = Buffer.from(file.name);
	reserve(draft, fileHeaderSize);
	const { bytes, length } = draft;
	bytes.writeDoubleLE(file.size, length);
	bytes.writeUInt16LE(name.length, length + 8);
	bytes[length + 10] = (file.bytes ? isInline : 0) | (file.executable ? isExecutable : 0);
	bytes.set(file.digest, length + 11);
	draft.length += fileHeaderSize;
	append(draft, name);
	if (file.bytes !== undefined) append(draft, file.bytes);
}

function append(draft: Draft, part: Uint8Array): void {
	if (part.length === 0) return;
	reserve(draft, part.length);
	draft.bytes.set(part, draft.length);
	draft.length += part.length;
}

function reserve(draft: Draft, more: number): void {
	if (draft.length + more <= draft.bytes.length) return;
	const grown = Buffer.allocUnsafeSlow(2 * (draft.length + more));
	grown.set(draft.bytes.subarray(0, draft.length));
	draft.bytes = grown;
}

/** How long the record says it is that starts at `at` of a chunk; undefined where none can be so long. */
export function sizeAt(chunk: Buffer, at: number): number | undefined {
	if (at + headerSize > chunk.length) return undefined;
	const size = chunk.readUInt32LE(at + 4);
	return size < headerSize || at + size > chunk.length ? undefined : size;
}

/** The record that starts at `at` of a chunk, as a view of it; undefined where it is damaged or none starts there. */
export function recordAt(chunk: Buffer, at: number): Buffer | undefined {
	const size = sizeAt(chunk, at);
	if (size === undefined) return undefined;
	return crc32(chunk.subarray(at + 4, at + size)) === chunk.readUInt32LE(at)
		? chunk.subarray(at, at + size)
		: undefined;
}

/** When the task of this record ended. */
export function endedAtOf(record: Buffer): number {
	return record.readDoubleLE(72);
}

/** Which build ran it. */
export function buildOf(record: Buffer): number {
	return record.readUInt32LE(88);
}

/** The value of a record where it is inline (a view), or the digest of its blob. */
export function encodedValueOf(record: Buffer): { readonly value?: Uint8Array; readonly valueDigest?: Uint8Array } {
	const flags = record[106] ?? 0;
	const start = headerSize + (flags & hasValueDigest ? 32 : 0);
	if (flags & isInline) return { value: bytesOf(record, start, record.readUInt32LE(92)) };
	return flags & hasValueDigest ? { valueDigest: bytesOf(record, headerSize, 32) } : {};
}

/** Whether a record has files. */
export function hasFiles(record: Buffer): boolean {
	return record.readUInt32LE(100) > 0;
}

/** Digests of the blobs that a record names. */
export function blobsOf(record: Buffer): readonly Uint8Array[] {
	const mayHaveSome = (record[106] ?? 0) & hasValueDigest || hasFiles(record);
	if (!mayHaveSome) return none;
	const { value, valueDigest, files } = decodeRecord(record);
	const named = files.filter((file) => file.bytes === undefined).map((file) => file.digest);
	return value === undefined && valueDigest !== undefined ? [valueDigest, ...named] : named;
}

const none: readonly Uint8Array[] = [];

/** All of a record. Its bytes are views of `record`, which must stay as it is. */
export function decodeRecord(record: Buffer): TaskRecord {
	const flags = record[106] ?? 0;
	let at = headerSize + (flags & hasValueDigest ? 32 : 0) + record.readUInt32LE(92);
	const files: StoredFile[] = [];
	for (let left = record.readUInt32LE(100); left > 0; left--) {
		const size = record.readDoubleLE(at);
		const fileFlags = record[at + 10] ?? 0;
		const digest = bytesOf(record, at + 11, 32);
		const nameAt = at + fileHeaderSize;
		const bytesAt = nameAt + record.readUInt16LE(at + 8);
		const bytes = fileFlags & isInline ? bytesOf(record, bytesAt, size) : undefined;
		const executable = (fileFlags & isExecutable) !== 0;
		files.push({ name: record.toString('utf8', nameAt, bytesAt), executable, size, digest, bytes });
		at = bytesAt + (bytes?.length ?? 0);
	}
	return {
		digest: bytesOf(record, digestAt, 32),
		value: flags & isInline ? encodedValueOf(record).value : undefined,
		valueDigest: flags & hasValueDigest ? bytesOf(record, headerSize, 32) : undefined,
		files,
		log: record.toString('utf8', at, at + record.readUInt32LE(96)),
		endedAt: endedAtOf(record),
		seconds: record.readDoubleLE(80),
		attempt: record.readUInt16LE(104),
		build: buildOf(record),
	};
}

function bytesOf(record: Buffer, start: number, size: number): Uint8Array {
	return new Uint8Array(record.buffer, record.byteOffset + start, size);
}
