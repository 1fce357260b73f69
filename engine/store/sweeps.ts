// Finished rules (sweeps) and what unfinished ones reached, by name. A sweep is believed while no record was deleted or
// replaced since it was written: the store's generation says so. Knows neither rules nor results.
import { crc32 } from 'node:zlib';
import { putColumn, readColumn, removeColumn } from './columns.ts';
import { sealJson, unsealJson } from './seal.ts';
import type { Sweep } from './store.ts';
import type { Tables } from './tables.ts';

/** Kinds of keys in the table of small things: a sweep, its column; what was reached, its column. */
const kinds = { sweep: { head: 's', column: 'k' }, reached: { head: 'r', column: 'q' } } as const;
type Kind = keyof typeof kinds;

interface Head {
	readonly generation: number;
	readonly tasks: number;
	/** Hexadecimal. */
	readonly digest: string;
	readonly usedAt: number;
	/** Of the column of keys. */
	readonly checksum: number;
}

/** Sweeps and reached keys of a store. */
export interface Sweeps {
	sweep(name: Uint8Array, generation: number): Sweep | undefined;
	keys(name: Uint8Array): Uint8Array | undefined;
	put(name: Uint8Array, sweep: Sweep, keys: Uint8Array): void;
	touch(name: Uint8Array, usedAt: number): void;
	putReached(name: Uint8Array, keys: Uint8Array, usedAt: number): void;
	reachedKeys(name: Uint8Array): Uint8Array | undefined;
	/** Every column used since `since`; the others are removed. */
	usedSince(since: number): Iterable<Uint8Array>;
	/** Sweeps that were right before a collection are right after it; within `tables.write`. */
	carry(from: number, to: number): void;
}

/** The sweeps in these tables. */
export function sweeps(tables: Tables): Sweeps {
	function head(kind: Kind, name: Uint8Array): Head | undefined {
		return tables.read(() => unsealJson<Head>(tables.peek('rest', headKey(kind, name))));
	}

	const putHead = (kind: Kind, name: Uint8Array, value: Head) =>
		tables.put('rest', headKey(kind, name), sealJson(value));

	function put(kind: Kind, name: Uint8Array, value: Head, keys: Uint8Array): void {
		const old = head(kind, name);
		// the same keys again are not written again: 32 MB for a million tasks
		if (old === undefined || old.tasks !== value.tasks || old.checksum !== value.checksum) {
			remove(kind, name);
			putColumn(tables, kinds[kind].column, name, keys);
		}
		tables.write(() => putHead(kind, name, value));
	}

	function remove(kind: Kind, name: Uint8Array): void {
		tables.write(() => {
			tables.remove('rest', headKey(kind, name));
			removeColumn(tables, kinds[kind].column, name);
		});
	}

	function keysOf(kind: Kind, name: Uint8Array): Uint8Array | undefined {
		return tables.read(() => {
			const found = head(kind, name);
			return found && readColumn(tables, kinds[kind].column, name, found.tasks);
		});
	}

	// Names of one kind, also of columns whose head was never written.
	function* names(kind: Kind, prefix: string): Generator<Uint8Array> {
		let start: Uint8Array = Buffer.from(prefix);
		for (;;) {
			const [key] = tables.read(() => tables.keys('rest', start, 1));
			if (key === undefined || key[0] !== start[0]) return;
			const name = key.slice(1, prefix === kinds[kind].head ? undefined : -4);
			yield name;
			start = Buffer.concat([Buffer.from(prefix), name, Buffer.alloc(5, 0xff)]);
		}
	}

	function* usedSince(since: number): Generator<Uint8Array> {
		for (const kind of ['sweep', 'reached'] as const) {
			for (const name of names(kind, kinds[kind].head)) {
				const found = head(kind, name);
				const keys = found && tables.read(() => readColumn(tables, kinds[kind].column, name, found.tasks));
				if (found === undefined || keys === undefined || found.usedAt < since) remove(kind, name);
				else yield keys;
			}
			for (const name of names(kind, kinds[kind].column)) {
				if (head(kind, name) === undefined) remove(kind, name);
			}
		}
	}

	return {
		usedSince,
		sweep(name, generation) {
			const found = head('sweep', name);
			if (found === undefined || found.generation < generation) return undefined;
			const { tasks, usedAt } = found;
			return { generation: found.generation, tasks, digest: Uint8Array.from(Buffer.from(found.digest, 'hex')), usedAt };
		},
		keys: (name) => keysOf('sweep', name),
		reachedKeys: (name) => keysOf('reached', name),
		put(name, { generation, tasks, digest, usedAt }, keys) {
			const hex = Buffer.from(digest).toString('hex');
			put('sweep', name, { generation, tasks, digest: hex, usedAt, checksum: crc32(keys) }, keys);
		},
		touch(name, usedAt) {
			const found = head('sweep', name);
			if (found !== undefined) tables.write(() => putHead('sweep', name, { ...found, usedAt }));
		},
		putReached(name, keys, usedAt) {
			const head = { generation: 0, tasks: keys.length / 32, digest: '', usedAt, checksum: crc32(keys) };
			put('reached', name, head, keys);
		},
		carry(from, to) {
			for (const name of names('sweep', kinds.sweep.head)) {
				const found = head('sweep', name);
				if (found?.generation === from) putHead('sweep', name, { ...found, generation: to });
			}
		},
	};
}

function headKey(kind: Kind, name: Uint8Array): Buffer {
	return Buffer.concat([Buffer.from(kinds[kind].head), name]);
}
