// Removes what nothing reaches any more: records first, then the files that no record names, so that an interruption
// loses nothing. Keys are held as eight bytes each: a million cost 32 MB. Knows neither rules nor spaces.
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Blobs } from './blobs.ts';
import { discard } from './discard.ts';
import { blobsOf, buildOf, endedAtOf, keyAt } from './encoding.ts';
import { type KeySet, keySet } from './keys.ts';
import { chunkKey, type ResultLog, recordsOf } from './log.ts';
import type { Notes } from './notes.ts';
import type { Snapshots } from './snapshots.ts';
import type { Collected, CollectOptions } from './store.ts';
import type { Sweeps } from './sweeps.ts';
import type { Tables } from './tables.ts';
import { type Tail, tail } from './tail.ts';

/** The parts of an open store. */
export interface StoreParts {
	readonly folder: string;
	readonly tables: Tables;
	readonly log: ResultLog;
	readonly sweeps: Sweeps;
	readonly blobs: Blobs;
	readonly notes: Notes;
	readonly snapshots: Snapshots;
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
	/** Removed, but still in the index; and chunks of which nothing is needed any more. */
	readonly unindexed: Tail;
	readonly chunks: number[];
}

const day = 24 * 60 * 60 * 1000;
/** Chunks that are looked at in one transaction. */
const chunksAtOnce = 256;
/** Moved or removed records after which the index follows, in the order of the keys: few steps touch all its pages. */
const changesAtOnce = 512 * 1024;
const sliceSize = 16 * 1024;

/** Keeps what is reachable, was used or was written lately; removes the rest. */
export async function collect(parts: StoreParts, { reachable, now, keepDays }: CollectOptions): Promise<Collected> {
	const { folder, tables, log, sweeps, blobs, notes, snapshots } = parts;
	const since = now - keepDays * day;
	log.settle(1);
	const wanted = keySet();
	const want = (keys: Uint8Array) => {
		for (let at = 0; at + 32 <= keys.length; at += 32) wanted.add(keys, at);
	};
	for (const column of reachable) want(column);
	for (const column of sweeps.usedSince(since)) want(column);

	const tally: Tally = {
		...{ kept: 0, removed: 0, freedBytes: 0, damaged: 0 },
		...{ blobs: keySet(), builds: new Set(), unindexed: tail(), chunks: [] },
	};
	const isKept = (record: Buffer) => endedAtOf(record) >= since || wanted.has(record, keyAt);
	const before = tables.read(log.state);
	for (let chunk = firstChunk(tables); chunk < before.next; chunk += chunksAtOnce) {
		const end = Math.min(before.next, chunk + chunksAtOnce);
		log.change((state) => log.appendEncoded(sift(parts, chunk, end, isKept, tally), state));
		if (log.waiting() + tally.unindexed.size() >= changesAtOnce) apply(parts, tally);
	}
	apply(parts, tally);
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
	snapshots.tidy();
	const freedByFiles = (await blobs.removeOthers((digest) => tally.blobs.has(digest, 0))) + (await tidy(folder, now));
	return { kept: tally.kept, removed: tally.removed, freedBytes: tally.freedBytes + freedByFiles };
}

function firstChunk(tables: Tables): number {
	const [first] = tables.read(() => tables.keys('log', Buffer.alloc(4), 1));
	return first === undefined ? 0 : Buffer.from(first).readUInt32BE(0);
}

// Yields the kept records of those chunks of which not all are kept: they move behind the end of the log.
function* sift(
	{ tables, log }: StoreParts,
	from: number,
	end: number,
	isKept: (record: Buffer) => boolean,
	tally: Tally,
): Generator<Buffer> {
	const digest = new Uint8Array(32);
	for (let number = from; number < end; number++) {
		const bytes = tables.peek('log', chunkKey(number));
		if (bytes === undefined) continue;
		const chunk = Buffer.from(bytes);
		const kept: Buffer[] = [];
		let keptBytes = 0;
		for (const { record, at, size } of recordsOf(chunk)) {
			const isFound = log.digestOf(chunk, at + keyAt, digest, 0);
			if (!isFound || log.place.chunk !== number || log.place.offset !== at) continue;
			if (record !== undefined && isKept(record)) {
				kept.push(record);
				keptBytes += size;
				continue;
			}
			tally.unindexed.put({ keys: chunk, keyAt: at + keyAt, digests: digest, digestAt: 0 }, number, at);
			tally.removed += 1;
			if (record === undefined) tally.damaged += 1;
		}
		for (const record of kept) note(record, tally);
		if (keptBytes === chunk.length) continue;
		tally.freedBytes += chunk.length - keptBytes;
		tally.chunks.push(number);
		yield* kept;
	}
}

// The index follows, then the chunks that nothing points to any more go.
function apply({ tables, log }: StoreParts, tally: Tally): void {
	log.settle(1);
	const order = tally.unindexed.order();
	const { keys } = tally.unindexed.columns();
	for (let start = 0; start < order.length; start += sliceSize) {
		log.change((state) => {
			let removed = 0;
			for (const i of order.subarray(start, start + sliceSize)) {
				if (tables.remove('index', keys.subarray(32 * i, 32 * i + 32))) removed += 1;
			}
			return { ...state, generation: state.generation + 1, entries: Math.max(0, state.entries - removed) };
		});
	}
	tally.unindexed.clear();
	const chunks = tally.chunks.splice(0);
	for (let start = 0; start < chunks.length; start += sliceSize) {
		tables.write(() => {
			for (const number of chunks.slice(start, start + sliceSize)) tables.remove('log', chunkKey(number));
		});
	}
}

function note(record: Buffer, tally: Tally): void {
	tally.kept += 1;
	tally.builds.add(buildOf(record));
	for (const digest of blobsOf(record)) tally.blobs.add(digest, 0);
}

// What killed processes left: work folders, and names of locks that were being taken.
async function tidy(folder: string, now: number): Promise<number> {
	const isOld = (path: string) => (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now) < now - day;
	let freed = 0;
	for (const name of readdirSync(folder)) {
		const path = join(folder, name);
		if (/^lock[-.]/.test(name) && isOld(path)) rmSync(path, { force: true });
		if (name !== 'work') continue;
		for (const build of readdirSync(path)) {
			if (!isOld(join(path, build))) continue;
			freed += await discard(join(path, build), () => false);
			rmSync(join(path, build), { recursive: true, force: true });
		}
	}
	return freed;
}
