// A store in memory: what the engine is tested with, and what a reader finds where no store exists yet.
// The same promises as the store on disk, without locks, damage or limits. Knows no file system but for `copyFile`.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { digestBytes } from '../digest.ts';
import { bug } from '../errors.ts';
import type { BuildRecord, FailureRecord, Snapshot, Store, Sweep, TaskRecord } from './store.ts';

/** How an empty store in memory is made. */
export interface MemoryOptions {
	readonly folder?: string | undefined;
	/** It stays empty: writing to it is a defect. */
	readonly isReadOnly?: boolean | undefined;
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
	try {
		return await readFile(path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw error;
	}
}

const nameOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const day = 24 * 60 * 60 * 1000;

/** An empty store in memory. */
export function memoryStore({ folder = 'memory', isReadOnly = false }: MemoryOptions = {}): Store {
	let generation = 0;
	const records = new Map<string, TaskRecord>();
	const failures = new Map<string, FailureRecord>();
	const blobs = new Map<string, Uint8Array>();
	const sweeps = new Map<string, { sweep: Sweep; keys: Uint8Array }>();
	const reached = new Map<string, { keys: Uint8Array; usedAt: number }>();
	const defaults = new Map<string, string>();
	const facts = new Map<string, Uint8Array>();
	const builds: BuildRecord[] = [];
	const snapshots = new Map<string, Snapshot>();
	const snapshotColumns = new Map<string, Uint8Array>();

	function writing(): void {
		if (isReadOnly) bug('a store that was opened for reading is written to');
	}

	function bytesOfFile({
		bytes,
		digest,
	}: {
		bytes: Uint8Array | undefined;
		digest: Uint8Array;
	}): Uint8Array | undefined {
		return bytes ?? blobs.get(nameOf(digest));
	}

	function forget(keys: readonly Uint8Array[]): void {
		writing();
		for (const key of keys) {
			records.delete(nameOf(key));
			failures.delete(nameOf(key));
		}
		if (keys.length > 0) generation += 1;
	}

	const encodedValue = (record: TaskRecord) =>
		record.value ?? (record.valueDigest && blobs.get(nameOf(record.valueDigest)));
	const isWhole = (record: TaskRecord) =>
		encodedValue(record) !== undefined && record.files.every((file) => bytesOfFile(file) !== undefined);

	function look<T>(key: Uint8Array, take: (record: TaskRecord) => T | undefined): T | undefined {
		const record = records.get(nameOf(key));
		const answer = record && take(record);
		if (record !== undefined && answer === undefined) forget([key]);
		return answer;
	}

	return {
		folder,
		generation: () => generation,
		lookUp(keys, rows, digests, found) {
			let hits = 0;
			for (const row of rows) {
				const record = records.get(nameOf(keys.subarray(32 * row, 32 * row + 32)));
				if (record === undefined) continue;
				digests.set(record.digest, 32 * row);
				found[row] = 1;
				hits += 1;
			}
			return hits;
		},
		has: (key) => records.has(nameOf(key)),
		read: (key) => look(key, (record) => (isWhole(record) ? record : undefined)),
		readValue: (key) => look(key, (record) => encodedValue(record)?.slice()),
		readResult: (key) =>
			look(key, (record) => {
				const value = encodedValue(record);
				return value === undefined ? undefined : { value, files: record.files };
			}),
		readFailure: (key) => (records.has(nameOf(key)) ? undefined : failures.get(nameOf(key))),
		async copyFile(file, path) {
			const bytes = bytesOfFile(file);
			if (bytes === undefined) return false;
			await writeFile(path, bytes, { flag: 'wx' });
			return true;
		},
		async keepBlob(digest, content) {
			writing();
			const bytes = 'bytes' in content ? content.bytes : await readIfThere(content.path);
			if ('path' in content && content.mayMove === true) await rm(content.path, { force: true });
			if (bytes === undefined) return blobs.has(nameOf(digest));
			if (Buffer.compare(digestBytes(bytes), digest) !== 0) return false;
			blobs.set(nameOf(digest), Uint8Array.from(bytes));
			return true;
		},
		commit(added, failed) {
			writing();
			for (const { key, record } of failed) failures.set(nameOf(key), structuredClone(record));
			for (const { key, record } of added) {
				const known = records.get(nameOf(key));
				if (known !== undefined && Buffer.compare(known.digest, record.digest) === 0) continue;
				if (known !== undefined) generation += 1;
				records.set(nameOf(key), structuredClone(record));
			}
		},
		forget,
		sweep(name) {
			const found = sweeps.get(nameOf(name))?.sweep;
			return found === undefined || found.generation < generation ? undefined : found;
		},
		sweepKeys: (name) => sweeps.get(nameOf(name))?.keys.slice(),
		putSweep(name, sweep, keys) {
			writing();
			sweeps.set(nameOf(name), { sweep: structuredClone(sweep), keys: keys.slice() });
		},
		touchSweep(name, usedAt) {
			writing();
			const found = sweeps.get(nameOf(name));
			if (found !== undefined) found.sweep = { ...found.sweep, usedAt };
		},
		putReached(name, keys, usedAt) {
			writing();
			reached.set(nameOf(name), { keys: keys.slice(), usedAt });
		},
		reachedKeys: (name) => reached.get(nameOf(name))?.keys.slice(),
		defaultOf: (identity, parameter) => defaults.get(`${nameOf(identity)} ${parameter}`),
		putDefault(identity, parameter, value) {
			writing();
			defaults.set(`${nameOf(identity)} ${parameter}`, value);
		},
		fact: (name) => facts.get(name)?.slice(),
		putFacts(added) {
			writing();
			for (const [name, value] of added) facts.set(name, value.slice());
		},
		snapshot: (name) => snapshots.get(name),
		putSnapshot(name, snapshot, columns) {
			writing();
			for (const [of, make] of columns) if (!snapshotColumns.has(of)) snapshotColumns.set(of, make().slice());
			snapshots.set(name, structuredClone(snapshot));
		},
		snapshotColumn: (name) => snapshotColumns.get(name)?.slice(),
		builds: () => [...builds],
		startBuild(build) {
			writing();
			const number = (builds.at(-1)?.number ?? 0) + 1;
			builds.push({ number, ...build });
			return number;
		},
		async collect({ reachable, now, keepDays }) {
			writing();
			const since = now - keepDays * day;
			const wanted = new Set<string>();
			const want = (keys: Uint8Array) => {
				for (let at = 0; at < keys.length; at += 32) wanted.add(nameOf(keys.subarray(at, at + 32)));
			};
			for (const column of reachable) want(column);
			for (const [name, { sweep, keys }] of sweeps) {
				if (sweep.usedAt < since) sweeps.delete(name);
				else want(keys);
			}
			for (const [name, { keys, usedAt }] of reached) {
				if (usedAt < since) reached.delete(name);
				else want(keys);
			}
			const before = generation;
			let removed = 0;
			let freedBytes = 0;
			const named = new Set<string>();
			for (const [name, record] of records) {
				if (wanted.has(name) || record.endedAt >= since) {
					for (const { digest } of record.files) named.add(nameOf(digest));
					if (record.valueDigest !== undefined) named.add(nameOf(record.valueDigest));
					continue;
				}
				records.delete(name);
				removed += 1;
				freedBytes += record.value?.length ?? 0;
			}
			for (const [name, bytes] of blobs) {
				if (named.has(name)) continue;
				blobs.delete(name);
				freedBytes += bytes.length;
			}
			for (const [name, { endedAt }] of failures) {
				if (endedAt < since && !wanted.has(name)) failures.delete(name);
			}
			const spoken = new Set([...snapshots.values()].flatMap(({ columns }) => columns));
			for (const name of snapshotColumns.keys()) if (!spoken.has(name)) snapshotColumns.delete(name);
			if (removed > 0) generation += 1;
			for (const found of sweeps.values()) {
				if (found.sweep.generation === before) found.sweep = { ...found.sweep, generation };
			}
			return { kept: records.size, removed, freedBytes };
		},
		async close() {},
	};
}
