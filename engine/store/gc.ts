// Removes what nothing reaches any more: records first, then the files that no record names, so that an interruption
// loses nothing. Keys are held as eight bytes each: a million cost 32 MB. Knows neither rules nor spaces.
import type { Blobs } from './blobs.ts';
import { buildOf, decodeRecord, digestAt, endedAtOf, keyAt } from './encoding.ts';
import { type KeySet, keySet } from './keys.ts';
import { chunkKey, chunkSize, indexEntry, type LogState, type ResultLog, recordsOf } from './log.ts';
import type { Notes } from './notes.ts';
import type { Collected, CollectOptions } from './store.ts';
import type { Sweeps } from './sweeps.ts';
import type { Tables } from './tables.ts';

/** The parts of an open store. */
export interface StoreParts {
	readonly tables: Tables;
	readonly log: ResultLog;
	readonly sweeps: Sweeps;
	readonly blobs: Blobs;
	readonly notes: Notes;
}

interface Tally {
	kept: number;
	removed: number;
	freedBytes: number;
	/** Damaged records among the removed: no sweep can be trusted to have them. */
	damaged: number;
	/** Blobs and builds that kept records name. */
	readonly blobs: KeySet;
	readonly builds: Set<number>;
}

const day = 24 * 60 * 60 * 1000;
/** Chunks that are looked at in one transaction. */
const chunksAtOnce = 256;

/** Keeps what is reachable, was used or was written lately; removes the rest. */
export async function collect(parts: StoreParts, { reachable, now, keepDays }: CollectOptions): Promise<Collected> {
	const { tables, log, sweeps, blobs, notes } = parts;
	const since = now - keepDays * day;
	log.settle(1);
	const wanted = keySet();
	const want = (keys: Uint8Array) => {
		for (let at = 0; at + 32 <= keys.length; at += 32) wanted.add(keys, at);
	};
	for (const column of reachable) want(column);
	for (const column of sweeps.usedSince(since)) want(column);

	const tally: Tally = { kept: 0, removed: 0, freedBytes: 0, damaged: 0, blobs: keySet(), builds: new Set() };
	const isKept = (record: Buffer) => endedAtOf(record) >= since || wanted.has(record, keyAt);
	const before = tables.read(log.state);
	for (let chunk = firstChunk(tables); chunk < before.next; chunk += chunksAtOnce) {
		const end = Math.min(before.next, chunk + chunksAtOnce);
		log.change((state) => sift(parts, { from: chunk, end, state, isKept, tally }));
	}
	if (tally.removed > 0 && tally.damaged === 0) {
		log.change((state) => {
			sweeps.carry(before.generation, state.generation);
			return state;
		});
	}
	notes.remove({
		failure: (key, { endedAt }) => endedAt >= since || wanted.has(key, 0),
		build: ({ number, startedAt }) => startedAt >= since || tally.builds.has(number),
	});
	const freedByBlobs = await blobs.removeOthers((digest) => tally.blobs.has(digest, 0));
	return { kept: tally.kept, removed: tally.removed, freedBytes: tally.freedBytes + freedByBlobs };
}

function firstChunk(tables: Tables): number {
	const [first] = tables.read(() => tables.keys('log', Buffer.alloc(4), 1));
	return first === undefined ? 0 : Buffer.from(first).readUInt32BE(0);
}

interface Sifting {
	readonly from: number;
	readonly end: number;
	readonly state: LogState;
	readonly isKept: (record: Buffer) => boolean;
	readonly tally: Tally;
}

// A chunk all of whose records are kept stays as it is. The kept ones of another move behind the end of the log.
function sift({ tables, log }: StoreParts, { from, end, state, isKept, tally }: Sifting): LogState {
	const digest = new Uint8Array(32);
	const moved = Buffer.allocUnsafe(chunkSize);
	let length = 0;
	let { next } = state;
	const removedBefore = tally.removed;

	const flush = (bytes: Buffer) => {
		if (bytes.length > 0) tables.append('log', chunkKey(next++), bytes);
		length = 0;
	};
	function move(record: Buffer): void {
		if (length + record.length > chunkSize) flush(moved.subarray(0, length));
		const key = record.subarray(keyAt, keyAt + 32);
		tables.put('index', key, indexEntry(record.subarray(digestAt, digestAt + 32), next, length));
		if (record.length > chunkSize) flush(record);
		else length += record.copy(moved, length);
	}

	for (let number = from; number < end; number++) {
		const bytes = tables.peek('log', chunkKey(number));
		if (bytes === undefined) continue;
		const chunk = Buffer.from(bytes);
		const kept: Buffer[] = [];
		let keptBytes = 0;
		for (const { record, at, size } of recordsOf(chunk)) {
			const isCurrent =
				log.digestOf(chunk, at + keyAt, digest, 0) && log.place.chunk === number && log.place.offset === at;
			if (!isCurrent) continue;
			if (record !== undefined && isKept(record)) {
				kept.push(record);
				keptBytes += size;
				continue;
			}
			tables.remove('index', chunk.subarray(at + keyAt, at + keyAt + 32));
			tally.removed += 1;
			if (record === undefined) tally.damaged += 1;
		}
		for (const record of kept) note(record, tally);
		tally.freedBytes += chunk.length - keptBytes;
		if (keptBytes === chunk.length) continue;
		for (const record of kept) move(record);
		tables.remove('log', chunkKey(number));
	}
	flush(moved.subarray(0, length));
	const removed = tally.removed - removedBefore;
	if (removed === 0 && next === state.next) return state;
	const generation = state.generation + (removed > 0 ? 1 : 0);
	return { ...state, generation, next, indexed: next, entries: Math.max(0, state.entries - removed) };
}

function note(record: Buffer, tally: Tally): void {
	tally.kept += 1;
	tally.builds.add(buildOf(record));
	const { files, valueDigest } = decodeRecord(record);
	if (valueDigest !== undefined) tally.blobs.add(valueDigest, 0);
	for (const file of files) if (file.bytes === undefined) tally.blobs.add(file.digest, 0);
}
