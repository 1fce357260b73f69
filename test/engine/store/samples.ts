// Folders, keys and records for the tests of the store.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { NewRecord, StoredFile, TaskRecord } from '../../../engine/store/store.ts';

/** A folder of the test's own, removed at its end. */
export function ownFolder(t: ExecutionContext): string {
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-store-'));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

/** SHA-256 of a text: a key, a digest, a name. */
export function digestOf(text: string | Uint8Array): Uint8Array {
	return Uint8Array.from(createHash('sha256').update(text).digest());
}

/** A record of a small value without files. */
export function recordOf(value: string, more: Partial<TaskRecord> = {}): TaskRecord {
	return {
		digest: digestOf(`result ${value}`),
		value: Uint8Array.from(Buffer.from(value)),
		valueDigest: undefined,
		files: [],
		log: '',
		endedAt: 1_700_000_000_000,
		seconds: 0.1,
		attempt: 1,
		build: 1,
		...more,
	};
}

/** Records `name 0` … with keys of that name. */
export function batchOf(name: string, size: number, more: Partial<TaskRecord> = {}): NewRecord[] {
	return Array.from({ length: size }, (_, i) => ({
		key: digestOf(`${name} ${i}`),
		record: recordOf(`${name} ${i}`, more),
	}));
}

/** The keys of records as one column. */
export function columnOf(records: readonly NewRecord[]): Uint8Array {
	const column = new Uint8Array(32 * records.length);
	for (const [row, { key }] of records.entries()) column.set(key, 32 * row);
	return column;
}

/** A file that lies in the record. */
export function smallFile(name: string, content: string): StoredFile {
	const bytes = Uint8Array.from(Buffer.from(content));
	return { name, executable: false, size: bytes.length, digest: digestOf(bytes), bytes };
}

/** A file that is a blob. */
export function largeFile(name: string, bytes: Uint8Array): StoredFile {
	return { name, executable: true, size: bytes.length, digest: digestOf(bytes), bytes: undefined };
}

/** Some bytes that do not repeat: the same for the same seed. */
export function noise(size: number, seed: string): Uint8Array {
	const words = new Uint32Array(Math.ceil(size / 4));
	let state = Buffer.from(digestOf(seed)).readUInt32LE(0) | 1;
	for (let i = 0; i < words.length; i++) {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		words[i] = state;
	}
	return new Uint8Array(words.buffer, 0, size);
}

/** Which of the rows are found, by `lookUp`. */
export function rowsOf(size: number): Int32Array {
	return Int32Array.from({ length: size }, (_, row) => row);
}
