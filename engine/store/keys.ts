// Columns of 32-byte keys, compared in place and as a set. Knows not what the keys name.
// A million keys are one typed array, never a million strings.

/** Whether 32 bytes are equal. */
export function sameKey(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): boolean {
	for (let i = 0; i < 32; i++) if (a[aAt + i] !== b[bAt + i]) return false;
	return true;
}

/** The first four bytes of a key: evenly spread, since keys are digests. */
export function prefixOf(keys: Uint8Array, at: number): number {
	return ((keys[at]! << 24) | (keys[at + 1]! << 16) | (keys[at + 2]! << 8) | keys[at + 3]!) >>> 0;
}

/** Which keys are wanted. It may take a stranger for one of them (1 in 10¹¹ for a million keys): use it only to keep things. */
export interface KeySet {
	add(keys: Uint8Array, at: number): void;
	has(keys: Uint8Array, at: number): boolean;
	size(): number;
}

/** A set that holds eight bytes a key, in one open-addressed table at most half full. */
export function keySet(): KeySet {
	let slots = new Uint32Array(2 * 1024);
	let size = 0;

	// Where the key is, or the free place where it belongs. The pair (0, 0) marks a free place.
	function find(table: Uint32Array, first: number, second: number): number {
		const mask = table.length / 2 - 1;
		let place = first & mask;
		while (table[2 * place] !== 0 || table[2 * place + 1] !== 0) {
			if (table[2 * place] === first && table[2 * place + 1] === second) break;
			place = (place + 1) & mask;
		}
		return 2 * place;
	}

	function grow(): void {
		const larger = new Uint32Array(slots.length * 2);
		for (let i = 0; i < slots.length; i += 2) {
			const first = slots[i]!;
			const second = slots[i + 1]!;
			if (first === 0 && second === 0) continue;
			const place = find(larger, first, second);
			larger[place] = first;
			larger[place + 1] = second;
		}
		slots = larger;
	}

	return {
		size: () => size,
		has(keys, at) {
			const second = prefixOf(keys, at + 4) | 1;
			return slots[find(slots, prefixOf(keys, at), second >>> 0) + 1] !== 0;
		},
		add(keys, at) {
			const first = prefixOf(keys, at);
			const second = (prefixOf(keys, at + 4) | 1) >>> 0;
			const place = find(slots, first, second);
			if (slots[place + 1] !== 0) return;
			slots[place] = first;
			slots[place + 1] = second;
			size += 1;
			if (4 * size > slots.length) grow();
		},
	};
}
