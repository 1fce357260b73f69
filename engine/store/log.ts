// Results in an append-only log of chunks, and an index from key to digest and place in the log.
// A commit appends to the log alone; the index follows in large sorted steps, and what it lacks is in memory (tail.ts),
// read again from the log when a store is opened. 1,000,000 records in commits of 8,000: 4 s instead of 19 s for a
// table by key, whose every commit rewrites most of its pages. Knows neither blobs nor sweeps.

import { encodeRow, rowSize } from './encode-columns.ts';
import { type Draft, digestAt, encodeRecord, keyAt, recordAt, sizeAt } from './encoding.ts';
import { sameKey } from './keys.ts';
import { seal, unseal } from './seal.ts';
import type { NewColumns, NewRecord } from './store.ts';
import type { Tables } from './tables.ts';
import { tail } from './tail.ts';

/** How far log and index are. Chunks are numbered upwards; those below `indexed` are in the index. */
export interface LogState {
	readonly generation: number;
	readonly next: number;
	readonly indexed: number;
	/** Records in the index, or a few more; 0 only where there are none. */
	readonly entries: number;
}

/** The results of a store. */
export interface ResultLog {
	/** Within `tables.read`. */
	state(): LogState;
	/** Writes the digest of a key's result to `target` at `at`; false where there is none. After `state`. */
	digestOf(keys: Uint8Array, keyAt: number, target: Uint8Array, at: number): boolean;
	/** Where the record is that `digestOf` found last. */
	readonly place: { readonly chunk: number; readonly offset: number };
	/** The whole record as a view for the moment, 'damaged', or undefined where there is none. Within `tables.read`. */
	find(key: Uint8Array): Buffer | 'damaged' | undefined;
	/** Appends records within `change`; returns the state after it. Equal results of a known key are left alone. */
	append(records: Iterable<NewRecord>, state: LogState): LogState;
	/** Appends records whose keys are not known. Within `change`. */
	appendColumns(batches: readonly NewColumns[], state: LogState): LogState;
	/** Appends records as they are, whether their keys are known or not. Within `change`. */
	appendEncoded(records: Iterable<Buffer>, state: LogState): LogState;
	/** How many records lack in the index. */
	waiting(): number;
	/** A transaction that ends with the state it returns. */
	change(action: (state: LogState) => LogState): void;
	/** Brings the index up to the log where `atLeast` records lack in it. */
	settle(atLeast: number): void;
}

const stateKey = Buffer.from('m');
const nothing = Buffer.alloc(0);
/** Four pages of lmdb with its own header: large enough to be cheap, small enough to be copied for one record. */
const chunkSize = 4 * 4096 - 64;
const entrySize = 40;
/** Records that enter the index in one transaction: bounds the memory of its changed pages. */
const sliceSize = 16 * 1024;

/** The results of a store that is open for reading or writing. */
export function resultLog(tables: Tables, isWriter: boolean): ResultLog {
	const recent = tail();
	let known: LogState | undefined;
	let knownSealed = nothing;
	const place = { chunk: 0, offset: 0 };
	const digest = Buffer.alloc(32);
	const draft: Draft = { bytes: Buffer.allocUnsafeSlow(chunkSize), length: 0 };
	const chunk = Buffer.allocUnsafeSlow(chunkSize);
	const chunkView = new DataView(chunk.buffer);

	// A writer is the only one to change the state; a reader looks whether another process did.
	function state(): LogState {
		if (isWriter && known !== undefined) return known;
		const sealed = tables.peek('rest', stateKey);
		if (known !== undefined && sealed?.equals(knownSealed)) return known;
		knownSealed = sealed === undefined ? nothing : Buffer.from(sealed);
		const fresh = decodeState(sealed) ?? rebuiltState();
		const isContinued = known !== undefined && fresh.indexed === known.indexed && fresh.next >= known.next;
		if (!isContinued) recent.clear();
		for (let n = isContinued ? (known?.next ?? 0) : fresh.indexed; n < fresh.next; n++) readChunk(n);
		known = fresh;
		return fresh;
	}

	// Where the state is lost, the index is made again from the log, and no sweep is believed.
	function rebuiltState(): LogState {
		const last = tables.lastKey('log');
		if (last === undefined) return { generation: 0, next: 0, indexed: 0, entries: 0 };
		return { generation: Date.now(), next: Buffer.from(last).readUInt32BE(0) + 1, indexed: 0, entries: 1 };
	}

	function readChunk(number: number): void {
		for (const { record, at } of recordsOf(tables.peek('log', chunkKey(number)))) {
			if (record !== undefined) recent.put({ keys: record, keyAt, digests: record, digestAt }, number, at);
		}
	}

	function digestOf(keys: Uint8Array, from: number, target: Uint8Array, at: number): boolean {
		const entry = recent.find(keys, from);
		if (entry >= 0) {
			const { digests, places } = recent.columns();
			for (let i = 0; i < 32; i++) target[at + i] = digests[32 * entry + i]!;
			place.chunk = places[2 * entry]!;
			place.offset = places[2 * entry + 1]!;
			return true;
		}
		if (known?.entries === 0) return false;
		const found = tables.peek('index', keys.subarray(from, from + 32));
		if (found === undefined || found.length !== entrySize) return false;
		for (let i = 0; i < 32; i++) target[at + i] = found[i]!;
		place.chunk = found.readUInt32LE(32);
		place.offset = found.readUInt32LE(36);
		return true;
	}

	function find(key: Uint8Array): Buffer | 'damaged' | undefined {
		state();
		if (!digestOf(key, 0, digest, 0)) return undefined;
		const bytes = tables.peek('log', chunkKey(place.chunk));
		const record = bytes === undefined ? undefined : recordAt(bytes, place.offset);
		const isRight = record !== undefined && sameKey(record, keyAt, key, 0) && sameKey(record, digestAt, digest, 0);
		return isRight ? record : 'damaged';
	}

	function append(records: Iterable<NewRecord>, before: LogState): LogState {
		let generation = before.generation;
		const after = fill(before, (add) => {
			for (const { key, record, isNew } of records) {
				if (isNew !== true && digestOf(key, 0, digest, 0)) {
					if (sameKey(digest, 0, record.digest, 0)) continue;
					generation = before.generation + 1;
				}
				draft.length = 0;
				encodeRecord(draft, key, record);
				add(draft.bytes.subarray(0, draft.length));
			}
		});
		return after === before ? before : { ...after, generation };
	}

	function appendEncoded(records: Iterable<Buffer>, before: LogState): LogState {
		return fill(before, (add) => {
			for (const record of records) add(record);
		});
	}

	function appendColumns(batches: readonly NewColumns[], before: LogState): LogState {
		let { next } = before;
		let length = 0;
		const flush = (bytes: Buffer) => {
			if (bytes.length > 0) tables.append('log', chunkKey(next++), bytes);
			length = 0;
		};
		for (const columns of batches) {
			const { keys, digests, size } = columns;
			for (let row = 0; row < size; row++) {
				const bytes = rowSize(columns, row);
				if (length + bytes > chunkSize) flush(chunk.subarray(0, length));
				recent.put({ keys, keyAt: 32 * row, digests, digestAt: 32 * row }, next, length);
				if (bytes > chunkSize) {
					const large = Buffer.allocUnsafeSlow(bytes);
					encodeRow(new DataView(large.buffer), 0, columns, row);
					flush(large);
				} else {
					encodeRow(chunkView, length, columns, row);
					length += bytes;
				}
			}
		}
		flush(chunk.subarray(0, length));
		return next === before.next ? before : { ...before, next };
	}

	// Fills chunks with encoded records and keeps in mind where they are.
	function fill(before: LogState, each: (add: (record: Buffer) => void) => void): LogState {
		let { next } = before;
		let length = 0;
		const flush = (bytes: Buffer) => {
			if (bytes.length > 0) tables.append('log', chunkKey(next++), bytes);
			length = 0;
		};
		each((record) => {
			if (length + record.length > chunkSize) flush(chunk.subarray(0, length));
			recent.put({ keys: record, keyAt, digests: record, digestAt }, next, length);
			if (record.length > chunkSize) flush(record);
			else length += record.copy(chunk, length);
		});
		flush(chunk.subarray(0, length));
		return next === before.next ? before : { ...before, next };
	}

	function change(action: (state: LogState) => LogState): void {
		const before = tables.read(state);
		let after = before;
		try {
			tables.write(() => {
				after = action(before);
				if (after !== before) tables.put('rest', stateKey, encodeState(after));
			});
			known = after;
		} catch (error) {
			known = undefined;
			recent.clear();
			throw error;
		}
	}

	function settle(atLeast: number): void {
		tables.read(state);
		if (recent.size() < Math.max(1, atLeast)) return;
		const order = recent.order();
		const { keys, digests, places } = recent.columns();
		for (let start = 0; start < order.length; start += sliceSize) {
			const slice = order.subarray(start, start + sliceSize);
			change((before) => {
				for (const i of slice) {
					const key = keys.subarray(32 * i, 32 * i + 32);
					const digest = digests.subarray(32 * i, 32 * i + 32);
					tables.put('index', key, indexEntry(digest, places[2 * i]!, places[2 * i + 1]!));
				}
				const isLast = start + sliceSize >= order.length;
				return { ...before, entries: before.entries + slice.length, indexed: isLast ? before.next : before.indexed };
			});
		}
		recent.clear();
	}

	return { state, digestOf, place, find, append, appendColumns, appendEncoded, waiting: recent.size, change, settle };
}

/** The records of a chunk, one after the other: views, `record` undefined where it is damaged. */
export function* recordsOf(
	chunk: Buffer | undefined,
): Generator<{ readonly record: Buffer | undefined; readonly at: number; readonly size: number }> {
	if (chunk === undefined) return;
	for (let at = 0; at < chunk.length; ) {
		const size = sizeAt(chunk, at);
		if (size === undefined) return;
		yield { record: recordAt(chunk, at), at, size };
		at += size;
	}
}

const entry = Buffer.alloc(entrySize);

// What the index says of a key; valid until the next call.
function indexEntry(digest: Uint8Array, chunk: number, offset: number): Buffer {
	entry.set(digest);
	entry.writeUInt32LE(chunk, 32);
	entry.writeUInt32LE(offset, 36);
	return entry;
}

const numberKey = Buffer.alloc(4);

/** The key of a chunk in the log; valid until the next call. */
export function chunkKey(chunk: number): Buffer {
	numberKey.writeUInt32BE(chunk);
	return numberKey;
}

function encodeState({ generation, next, indexed, entries }: LogState): Uint8Array {
	return seal(Buffer.from(Float64Array.of(generation, next, indexed, entries).buffer));
}

function decodeState(sealed: Uint8Array | undefined): LogState | undefined {
	const bytes = unseal(sealed);
	if (bytes === undefined || bytes.length !== 32) return undefined;
	const [generation = 0, next = 0, indexed = 0, entries = 0] = new Float64Array(Uint8Array.from(bytes).buffer);
	return { generation, next, indexed, entries };
}
