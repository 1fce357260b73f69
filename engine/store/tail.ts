// Which records were written lately and are not in the index yet: key → digest and place in the log, in memory.
// A table of typed arrays: 80 bytes a record. Knows no database.
import { prefixOf, sameKey } from './keys.ts';

/** A key and a digest, 32 bytes each, at places of columns. */
export interface Entry {
	readonly keys: Uint8Array;
	readonly keyAt: number;
	readonly digests: Uint8Array;
	readonly digestAt: number;
}

/** Entries are numbered from 0. */
export interface Tail {
	size(): number;
	/** The entry of a key, -1 where there is none. */
	find(keys: Uint8Array, at: number): number;
	/** Adds an entry, or moves the one that the key has. */
	put(record: Entry, chunk: number, offset: number): void;
	/** The columns; valid until the next `put`. Chunk and offset of entry i are places[2 i] and places[2 i + 1]. */
	columns(): { readonly keys: Uint8Array; readonly digests: Uint8Array; readonly places: Uint32Array };
	/** All entries, neighbouring keys side by side. */
	order(): Float64Array;
	clear(): void;
}

/** An empty tail. */
export function tail(): Tail {
	let size = 0;
	let capacity = 0;
	let keys = new Uint8Array(0);
	let digests = new Uint8Array(0);
	let places = new Uint32Array(0);
	/** Open addressing, at most half full: entry + 1, 0 is free. */
	let slots = new Uint32Array(0);

	function slotOf(from: Uint8Array, at: number): number {
		const mask = slots.length - 1;
		let slot = prefixOf(from, at) & mask;
		for (;;) {
			const entry = slots[slot]!;
			if (entry === 0 || sameKey(keys, (entry - 1) * 32, from, at)) return slot;
			slot = (slot + 1) & mask;
		}
	}

	function grow(): void {
		capacity = Math.max(1024, capacity * 2);
		keys = larger(keys, 32 * capacity);
		digests = larger(digests, 32 * capacity);
		const grown = new Uint32Array(2 * capacity);
		grown.set(places);
		places = grown;
		slots = new Uint32Array(2 * capacity);
		for (let entry = 0; entry < size; entry++) slots[slotOf(keys, entry * 32)] = entry + 1;
	}

	return {
		size: () => size,
		find: (from, at) => (size === 0 ? -1 : slots[slotOf(from, at)]! - 1),
		put({ keys: from, keyAt, digests: fromDigests, digestAt }, chunk, offset) {
			if (size === capacity) grow();
			const slot = slotOf(from, keyAt);
			if (slots[slot] === 0) slots[slot] = ++size;
			const entry = slots[slot]! - 1;
			for (let i = 0; i < 32; i++) {
				keys[entry * 32 + i] = from[keyAt + i]!;
				digests[entry * 32 + i] = fromDigests[digestAt + i]!;
			}
			places[2 * entry] = chunk;
			places[2 * entry + 1] = offset;
		},
		columns: () => ({ keys, digests, places }),
		order() {
			// one number an entry: as much of the key's beginning as fits above the entry's number, 53 bits in all
			const room = 2 ** Math.ceil(Math.log2(size + 1));
			const drop = Math.max(1, (2 ** 32 * room) / 2 ** 53);
			const order = new Float64Array(size);
			for (let entry = 0; entry < size; entry++) {
				order[entry] = Math.floor(prefixOf(keys, entry * 32) / drop) * room + entry;
			}
			return order.sort().map((packed) => packed % room);
		},
		clear() {
			size = 0;
			capacity = 0;
			keys = new Uint8Array(0);
			digests = new Uint8Array(0);
			places = new Uint32Array(0);
			slots = new Uint32Array(0);
		},
	};
}

function larger(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
	const grown = new Uint8Array(size);
	grown.set(bytes);
	return grown;
}
