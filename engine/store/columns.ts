// Long columns of task keys in the table of small things: in pieces of a megabyte, each under its checksum.
// Knows not what the keys are for.
import { seal, unseal } from './seal.ts';
import type { Tables } from './tables.ts';

const pieceKeys = 32 * 1024;

function pieceKey(kind: string, name: Uint8Array, piece: number): Buffer {
	const key = Buffer.alloc(1 + name.length + 4);
	key.write(kind, 'latin1');
	key.set(name, 1);
	key.writeUInt32BE(piece, 1 + name.length);
	return key;
}

/** Writes a column of 32-byte keys, a few megabytes a transaction. What names it is to be written after it. */
export function putColumn(tables: Tables, kind: string, name: Uint8Array, keys: Uint8Array): void {
	const piecesAtOnce = 8;
	const pieces = Math.ceil(keys.length / (32 * pieceKeys));
	for (let start = 0; start < pieces; start += piecesAtOnce) {
		tables.write(() => {
			for (let piece = start; piece < Math.min(pieces, start + piecesAtOnce); piece++) {
				const part = keys.subarray(piece * 32 * pieceKeys, (piece + 1) * 32 * pieceKeys);
				tables.put('rest', pieceKey(kind, name, piece), seal(part));
			}
		});
	}
}

/** The column of `size` keys; undefined where a piece lacks or is damaged. Within `tables.read`. */
export function readColumn(tables: Tables, kind: string, name: Uint8Array, size: number): Uint8Array | undefined {
	const keys = new Uint8Array(32 * size);
	let at = 0;
	for (let piece = 0; at < keys.length; piece++) {
		const part = unseal(tables.peek('rest', pieceKey(kind, name, piece)));
		if (part === undefined || at + part.length > keys.length) return undefined;
		keys.set(part, at);
		at += part.length;
	}
	return keys;
}

/** Removes a column; within `tables.write`. */
export function removeColumn(tables: Tables, kind: string, name: Uint8Array): void {
	for (let piece = 0; tables.remove('rest', pieceKey(kind, name, piece)); piece++);
}
