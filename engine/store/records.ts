// A store on disk: results (log.ts), failures, sweeps, facts and builds in one database, large bytes in blobs.ts.
// One writer, named by the lock; readers beside it, which write nothing. Knows nothing of rules, spaces or workers.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bug, UserError } from '../errors.ts';
import { blobs } from './blobs.ts';
import { withCard } from './card.ts';
import { decodeRecord, encodedValueOf, hasFiles } from './encoding.ts';
import { checkFormat, makeFolder, writeFormat } from './format.ts';
import { removeLeftovers } from './leftovers.ts';
import { takeLock } from './lock.ts';
import { resultLog } from './log.ts';
import { networkError, networkName } from './network.ts';
import { notes } from './notes.ts';
import { snapshots } from './snapshots.ts';
import type { Store, StoredFile, TaskRecord } from './store.ts';
import { sweeps } from './sweeps.ts';
import { databaseFile, openTables, tablesExist } from './tables.ts';

/** Which store, and what for. */
export interface StoreOptions {
	readonly folder: string;
	/** A writer takes the store's lock and holds it until `close`; a reader of a store that does not exist finds it empty. */
	readonly mode: 'write' | 'read';
	/** What the lock says its holder does. */
	readonly command?: string | undefined;
	/** The version of scanmake, for the format file and its errors. */
	readonly scanmake?: string | undefined;
	/** The type that statfs(2) gives of a path; the system's unless a test gives another. */
	readonly fileSystemType?: ((path: string) => number) | undefined;
}

/** Opens a store. Throws a UserError where it cannot be used. */
export async function openStore(options: StoreOptions): Promise<Store> {
	const { folder, mode, command = 'scanmake', scanmake = 'unknown', fileSystemType } = options;
	const network = mode === 'write' || existsSync(folder) ? networkName(folder, fileSystemType) : undefined;
	if (network !== undefined) throw networkError(folder, network);
	const isStore = checkFormat(folder, scanmake);
	if (mode === 'read') {
		if (isStore && tablesExist(recordsOf(folder))) return storeOf(folder, undefined);
		const { memoryStore } = await import('./memory.ts');
		return memoryStore({ folder, isReadOnly: true });
	}
	makeFolder(folder);
	const lock = takeLock(folder, { command });
	try {
		if (lock.wasLeft) removeLeftovers(folder);
		if (!checkFormat(folder, scanmake)) writeFormat(folder, scanmake);
		const release = () => lock.release();
		const open = (closed: () => void) => storeOf(folder, closed);
		return withCard({ folder, file: databaseFile(recordsOf(folder)), open, release });
	} catch (error) {
		lock.release();
		throw error;
	}
}

const noFiles: readonly StoredFile[] = [];
const recordsOf = (folder: string) => join(folder, 'records');
const blobsOf = (folder: string) => join(folder, 'blobs');

/** Records that wait for the index: enough that a step is worth it, few enough to be read again after a crash. */
const waiting = (entries: number) => Math.min(256 * 1024, Math.max(64 * 1024, entries / 4));

/** `closed` makes it a writer, and is called when nothing is open any more. */
function storeOf(folder: string, closed: (() => void) | undefined): Store {
	const isWriter = closed !== undefined;
	const tables = openTables(recordsOf(folder), isWriter ? 'write' : 'read');
	const log = resultLog(tables, isWriter);
	const files = blobs(blobsOf(folder), isWriter);
	const sweep = sweeps(tables);
	const note = notes(tables);
	const snapshot = snapshots(tables);

	// On a full disk the index stays behind the log: nothing is lost, and the next commit says that the disk is full.
	function settleIfRoom(atLeast: number): void {
		try {
			log.settle(atLeast);
		} catch (error) {
			if (!(error instanceof UserError && error.kind === 'disk')) throw error;
		}
	}

	function forget(keys: readonly Uint8Array[]): void {
		log.settle(1);
		log.change((state) => {
			let removed = 0;
			for (const key of keys) {
				if (tables.remove('index', key)) removed += 1;
				tables.remove('failures', key);
			}
			// also where the index lost a key: who wants it forgotten has it from a sweep
			if (keys.length === 0) return state;
			return { ...state, generation: state.generation + 1, entries: Math.max(0, state.entries - removed) };
		});
	}

	/** Looks at a whole record; a damaged one is forgotten where that may be. */
	function look<T>(key: Uint8Array, take: (record: Buffer) => T | 'damaged'): T | undefined {
		const answer = tables.read(() => {
			const record = log.find(key);
			return record === undefined || record === 'damaged' ? record : take(record);
		});
		if (answer !== 'damaged') return answer;
		if (isWriter) forget([key]);
		return undefined;
	}

	function read(key: Uint8Array): TaskRecord | undefined {
		return look(key, (bytes) => {
			const own = Buffer.allocUnsafeSlow(bytes.length);
			own.set(bytes);
			const record = decodeRecord(own);
			const { valueDigest, value } = record;
			const isMissing =
				(value === undefined && valueDigest !== undefined && !files.has(valueDigest, undefined)) ||
				record.files.some((file) => file.bytes === undefined && !files.has(file.digest, file.size));
			return isMissing ? 'damaged' : record;
		});
	}

	function has(key: Uint8Array): boolean {
		return tables.read(() => {
			log.state();
			return log.digestOf(key, 0, scratch, 0);
		});
	}

	return {
		folder,
		generation: () => tables.read(() => log.state().generation),
		lookUp(keys, rows, digests, found) {
			return tables.read(() => {
				log.state();
				let hits = 0;
				for (const row of rows) {
					if (!log.digestOf(keys, 32 * row, digests, 32 * row)) continue;
					found[row] = 1;
					hits += 1;
				}
				return hits;
			});
		},
		has,
		read,
		readValue(key) {
			return look(key, (record) => {
				const { value, valueDigest } = encodedValueOf(record);
				if (value !== undefined) return value.slice();
				return (valueDigest && files.read(valueDigest)) ?? 'damaged';
			});
		},
		readResult(key) {
			return look(key, (record) => {
				const { value = undefined, valueDigest } = encodedValueOf(record);
				const bytes = value ?? (valueDigest && files.read(valueDigest));
				if (bytes === undefined) return 'damaged';
				return { value: bytes, files: hasFiles(record) ? decodeRecord(Buffer.from(record)).files : noFiles };
			});
		},
		readFailure: (key) => (has(key) ? undefined : note.failureOf(key)),
		async copyFile({ bytes, digest }, path) {
			if (bytes === undefined) return files.copy(digest, path);
			await writeFile(path, bytes, { flag: 'wx' });
			return true;
		},
		keepBlob(digest, content) {
			if (!isWriter) bug('a store that was opened for reading is written to');
			return files.keep(digest, content);
		},
		commit(records, failures) {
			if (records.length === 0 && failures.length === 0) return;
			log.change((state) => {
				for (const { key, record } of failures) note.putFailure(key, record);
				return log.append(records, state);
			});
			settleIfRoom(waiting(tables.read(() => log.state().entries)));
		},
		commitColumns(batches) {
			if (batches.length === 0) return;
			log.change((state) => log.appendColumns(batches, state));
			settleIfRoom(waiting(tables.read(() => log.state().entries)));
		},
		forget,
		sweep: (name) =>
			sweep.sweep(
				name,
				tables.read(() => log.state().generation),
			),
		sweepKeys: sweep.keys,
		putSweep: sweep.put,
		touchSweep: sweep.touch,
		putReached: sweep.putReached,
		reachedKeys: sweep.reachedKeys,
		...note.read,
		...note.write,
		...snapshot.read,
		...snapshot.write,
		async collect(options) {
			const { collect } = await import('./gc.ts');
			return collect({ folder, tables, log, sweeps: sweep, blobs: files, notes: note, snapshots: snapshot }, options);
		},
		async close() {
			try {
				if (isWriter) settleIfRoom(1);
			} finally {
				await tables.close();
				closed?.();
			}
		},
	};
}

const scratch = new Uint8Array(32);
