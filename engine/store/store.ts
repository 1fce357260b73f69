// The store as the engine sees it: records by task key, blobs by digest, sweeps by name.
// Knows nothing of rules, spaces or workers. `records.ts` keeps it in lmdb, `blobs.ts` files in cacache.
import type { Failure } from '../outcome.ts';

export { inlineLimit } from '../outcome.ts';

/** A file of a result, as kept. */
export interface StoredFile {
	readonly name: string;
	readonly executable: boolean;
	readonly size: number;
	/** SHA-256 of the bytes; names the blob where `bytes` is not there. */
	readonly digest: Uint8Array;
	readonly bytes: Uint8Array | undefined;
}

/** A result with what is recorded beside it. */
export interface TaskRecord {
	/** SHA-256 over the value and the files (32 bytes). */
	readonly digest: Uint8Array;
	/** The encoded value. Undefined: it is the blob of `valueDigest`. */
	readonly value: Uint8Array | undefined;
	readonly valueDigest: Uint8Array | undefined;
	readonly files: readonly StoredFile[];
	readonly log: string;
	/** Milliseconds since 1970. */
	readonly endedAt: number;
	readonly seconds: number;
	readonly attempt: number;
	/** Which build ran it: its number in `builds`. */
	readonly build: number;
}

/** How a task failed last; never reused, shown by `show`. */
export interface FailureRecord {
	readonly failure: Failure;
	readonly log: string;
	readonly endedAt: number;
	readonly seconds: number;
	readonly attempt: number;
	readonly build: number;
}

/** What one build was: recorded once for all its tasks. */
export interface BuildRecord {
	readonly number: number;
	readonly startedAt: number;
	readonly host: string;
	readonly node: string;
	readonly scanmake: string;
	readonly platform: string;
	readonly scanfile: string;
	readonly targets: readonly string[];
	readonly commit: string | undefined;
	/** The interpreter of its Python functions; undefined: it has none. */
	readonly python?: string | undefined;
}

/** A finished rule: its tasks, all of them successful. */
export interface Sweep {
	/** The store's generation when it was written. */
	readonly generation: number;
	readonly tasks: number;
	/** Merkle digest of all results, in the order of the rows. */
	readonly digest: Uint8Array;
	/** Milliseconds since 1970; for `gc`. */
	readonly usedAt: number;
}

/** What a build left for `why` under a rule's name. */
export interface Snapshot {
	readonly text: string;
	/** The columns that it speaks of, by name: they are kept while a snapshot names them. */
	readonly columns: readonly string[];
}

/** One result to be recorded. */
export interface NewRecord {
	readonly key: Uint8Array;
	readonly record: TaskRecord;
	/** The key was looked up since the store was opened and is not in it: it is not looked up again. */
	readonly isNew?: boolean;
}

/** Results to be recorded as columns: with their value beside them, without log and files, none of them in the store. */
export interface NewColumns {
	readonly size: number;
	/** 32 bytes a result. */
	readonly keys: Uint8Array;
	readonly digests: Uint8Array;
	/** The encoded value of result i: bytes[offsets[i] … offsets[i + 1]], at most `inlineLimit`. */
	readonly offsets: Uint32Array;
	readonly bytes: Uint8Array;
	readonly seconds: Float32Array;
	readonly attempts: Uint32Array;
	readonly endedAt: number;
	readonly build: number;
}

/** What becomes a blob. */
export type BlobContent =
	| { readonly bytes: Uint8Array }
	| { readonly path: string; readonly mayMove?: undefined }
	/** A file that nobody else needs or writes to, of so many bytes whose digest is known: it is moved, not read. */
	| { readonly path: string; readonly mayMove: true; readonly size: number };

/** A result without what is recorded beside it. */
export interface EncodedResult {
	/** Encoded; good until the next call of the store. */
	readonly value: Uint8Array;
	readonly files: readonly StoredFile[];
}

/** Where results live. Every read is answered from the newest committed state; no read transaction outlives the call. */
export interface Store {
	/** The store's folder. */
	readonly folder: string;
	/** Raised whenever a record is deleted or replaced. Take it before the lookups that a sweep is made from. */
	generation(): number;
	/**
	 * Digest of the recorded result of each key: `keys` holds 32 bytes a task; `rows` says which to look up.
	 * Found digests are written to `digests` (32 bytes a task), `found[row]` set to 1. Returns how many were found.
	 */
	lookUp(keys: Uint8Array, rows: Int32Array, digests: Uint8Array, found: Uint8Array): number;
	has(key: Uint8Array): boolean;
	/** Undefined: never recorded, or recorded but damaged (then it is deleted when the store may write, and will run again). */
	read(key: Uint8Array): TaskRecord | undefined;
	/** How the task failed when it last ran; undefined where it did not or has succeeded since. */
	readFailure(key: Uint8Array): FailureRecord | undefined;
	/** The encoded value only, whether inline or a blob. Undefined where it is missing or damaged. */
	readValue(key: Uint8Array): Uint8Array | undefined;
	/** Value and files: the hot path of feeding tasks. Undefined where they are missing or damaged. */
	readResult(key: Uint8Array): EncodedResult | undefined;
	/**
	 * Writes the bytes of a file to `path`, which must not exist; false where the blob is missing or damaged (a damaged
	 * one is deleted when the store may write). Then forget the record it belongs to, so that its task runs again.
	 */
	copyFile(file: StoredFile, path: string): Promise<boolean>;
	/**
	 * Keeps large bytes or a large file; to be awaited before the record that names it is committed. False where the file
	 * has gone or is no more what its digest says: something still writes to it.
	 */
	keepBlob(digest: Uint8Array, content: BlobContent): Promise<boolean>;
	/** One transaction: all of these or none. A key recorded before is replaced only if its digest differs (generation rises). */
	commit(
		records: readonly NewRecord[],
		failures: readonly { readonly key: Uint8Array; readonly record: FailureRecord }[],
	): void;
	/** `commit` of records that are columns. Where it is missing, `commit` is to be used. */
	commitColumns?(batches: readonly NewColumns[]): void;
	/** Forgets records (damaged ones, or those `gc` drops); raises the generation. */
	forget(keys: readonly Uint8Array[]): void;
	/** Undefined where there is none, or where it is of an older generation: then it is not to be believed. */
	sweep(name: Uint8Array): Sweep | undefined;
	/** The task keys of a sweep, 32 bytes a task, in row order. */
	sweepKeys(name: Uint8Array): Uint8Array | undefined;
	/** In a transaction of its own, later than the records it is about. */
	putSweep(name: Uint8Array, sweep: Sweep, keys: Uint8Array): void;
	/** Notes that a sweep was used again, so that `gc` keeps it. */
	touchSweep(name: Uint8Array, usedAt: number): void;
	/** What an unfinished rule reached, so that `gc` keeps it: keys of its done tasks. */
	putReached(name: Uint8Array, keys: Uint8Array, usedAt: number): void;
	/** What `putReached` was given. */
	reachedKeys(name: Uint8Array): Uint8Array | undefined;
	/** The default under which a parameter was left out of the keys of this recipe: canonical JSON of the value. */
	defaultOf(identity: Uint8Array, parameter: string): string | undefined;
	putDefault(identity: Uint8Array, parameter: string, value: string): void;
	/** Small facts by name: remembered file digests, the last build, known recipes. */
	fact(name: string): Uint8Array | undefined;
	putFacts(facts: ReadonlyMap<string, Uint8Array>): void;
	/** What the last build left under this name; undefined: nothing, or it is damaged. */
	snapshot(name: string): Snapshot | undefined;
	/** Replaces the snapshot of this name. Of the columns those are made and written, before it, that are not kept yet. */
	putSnapshot(name: string, snapshot: Snapshot, columns: ReadonlyMap<string, () => Uint8Array>): void;
	/** Undefined where it is not kept or damaged. */
	snapshotColumn(name: string): Uint8Array | undefined;
	builds(): readonly BuildRecord[];
	/** Records a new build and returns its number. */
	startBuild(build: Omit<BuildRecord, 'number'>): number;
	/** Removes what nothing reaches any more. */
	collect(options: CollectOptions): Promise<Collected>;
	/** What was written is in order on disk; the lock is released. */
	close(): Promise<void>;
}

/** What is to be kept. */
export interface CollectOptions {
	/** Task keys that the present Scanfile reaches: columns of 32 bytes a key. */
	readonly reachable: Iterable<Uint8Array>;
	/** Milliseconds since 1970. */
	readonly now: number;
	/** What was written or used in so many days is kept too. */
	readonly keepDays: number;
}

/** What `collect` did. */
export interface Collected {
	readonly kept: number;
	readonly removed: number;
	/** Of records and files. The database keeps its size and fills the room again. */
	readonly freedBytes: number;
}
