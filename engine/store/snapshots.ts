// What the last build of each rule left for `why`: a text by name, and long columns that texts share. A damaged one reads
// as missing. Knows not what they say.
import { hash } from 'node:crypto';
import { seal, sealJson, unseal, unsealJson } from './seal.ts';
import type { Snapshot, Store } from './store.ts';
import type { Tables } from './tables.ts';

/** Snapshots as the store offers them, and what a collection needs. */
export interface Snapshots {
	readonly read: Pick<Store, 'snapshot' | 'snapshotColumn'>;
	readonly write: Pick<Store, 'putSnapshot'>;
	/** Removes the columns that no snapshot names. */
	tidy(): void;
}

const pieceSize = 1 << 20;
const piecesAtOnce = 8;
const head = 'w';
const column = 'v';

/** The snapshots in these tables. */
export function snapshots(tables: Tables): Snapshots {
	function snapshot(name: string): Snapshot | undefined {
		return tables.read(() => unsealJson<Snapshot>(tables.peek('rest', headKey(name))));
	}

	// a damaged one is written again
	const has = (name: string) => tables.read(() => readColumn(name)) !== undefined;

	// The first piece is written last: where it is, the others are.
	function putColumn(name: string, bytes: Uint8Array): void {
		const digest = digestOf(name);
		const pieces = Math.max(1, Math.ceil(bytes.length / pieceSize));
		for (let end = pieces; end > 0; end -= piecesAtOnce) {
			tables.write(() => {
				for (let piece = end - 1; piece >= Math.max(0, end - piecesAtOnce); piece--) {
					const part = bytes.subarray(piece * pieceSize, (piece + 1) * pieceSize);
					tables.put('rest', pieceKey(digest, piece), seal(Buffer.concat([counted(pieces), part])));
				}
			});
		}
	}

	function readColumn(name: string): Uint8Array | undefined {
		const digest = digestOf(name);
		const parts: Uint8Array[] = [];
		for (let piece = 0, pieces = 1; piece < pieces; piece++) {
			const part = unseal(tables.peek('rest', pieceKey(digest, piece)));
			if (part === undefined || part.length < 4) return undefined;
			pieces = part.readUInt32BE(0);
			parts.push(part.subarray(4));
		}
		return Buffer.concat(parts);
	}

	function* keys(prefix: string): Generator<Uint8Array> {
		let start: Uint8Array = Buffer.from(prefix);
		for (;;) {
			const found = tables.read(() => tables.keys('rest', start, 1000));
			for (const key of found) {
				if (key[0] !== prefix.charCodeAt(0)) return;
				yield key;
			}
			const last = found.at(-1);
			if (last === undefined) return;
			start = Buffer.concat([last, Buffer.alloc(1)]);
		}
	}

	return {
		read: { snapshot, snapshotColumn: (name) => tables.read(() => readColumn(name)) },
		write: {
			putSnapshot(name, value, columns) {
				for (const [of, make] of columns) if (!has(of)) putColumn(of, make());
				tables.write(() => tables.put('rest', headKey(name), sealJson(value)));
			},
		},
		tidy() {
			const wanted = new Set<string>();
			for (const key of keys(head)) {
				const value = tables.read(() => unsealJson<Snapshot>(tables.peek('rest', key)));
				for (const of of value?.columns ?? []) wanted.add(digestOf(of).toString('hex'));
			}
			const old = [...keys(column)].filter((key) => !wanted.has(Buffer.from(key).toString('hex', 1, 33)));
			if (old.length === 0) return;
			tables.write(() => {
				for (const key of old) tables.remove('rest', key);
			});
		},
	};
}

const digestOf = (name: string): Buffer => hash('sha256', name, 'buffer');

// lmdb has keys of up to some 500 bytes: a name is its digest
const headKey = (name: string): Buffer => Buffer.concat([Buffer.from(head), digestOf(name)]);

const pieceKey = (digest: Uint8Array, piece: number): Buffer =>
	Buffer.concat([Buffer.from(column), digest, counted(piece)]);

function counted(number: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(number);
	return bytes;
}
