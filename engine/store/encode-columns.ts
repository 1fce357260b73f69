// Records without log and files from columns: the bytes that `encodeRecord` writes for them, without an object a record.
// 100,000 results: 0.12 s instead of 0.5 s. Knows no database.
import { digestAt, headerSize, isInline, keyAt } from './encoding.ts';
import type { NewColumns } from './store.ts';

/** How many bytes the record of a row takes. */
export function rowSize({ offsets }: NewColumns, row: number): number {
	return headerSize + offsets[row + 1]! - offsets[row]!;
}

/** Writes the record of a row into `target`, where there is room for it. */
export function encodeRow(target: DataView, at: number, columns: NewColumns, row: number): void {
	const { keys, digests, offsets, bytes, seconds, attempts, endedAt, build } = columns;
	const size = rowSize(columns, row);
	const value = offsets[row]!;
	target.setUint32(at + 4, size, true);
	for (let i = 0; i < 32; i++) {
		target.setUint8(at + keyAt + i, keys[32 * row + i]!);
		target.setUint8(at + digestAt + i, digests[32 * row + i]!);
	}
	target.setFloat64(at + 72, endedAt, true);
	target.setFloat64(at + 80, seconds[row]!, true);
	target.setUint32(at + 88, build, true);
	target.setUint32(at + 92, size - headerSize, true);
	target.setUint32(at + 96, 0, true);
	target.setUint32(at + 100, 0, true);
	target.setUint16(at + 104, Math.min(attempts[row]!, 0xffff), true);
	target.setUint16(at + 106, isInline, true);
	for (let i = 0; i < size - headerSize; i++) target.setUint8(at + headerSize + i, bytes[value + i]!);
	target.setUint32(at, checksum(target, at + 4, at + size), true);
}

// CRC-32 as zlib has it: a call of that with a view of so few bytes takes four times as long.
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
	let remainder = byte;
	for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
	return remainder;
});

function checksum(bytes: DataView, from: number, to: number): number {
	let sum = 0xffffffff;
	for (let at = from; at < to; at++) sum = (sum >>> 8) ^ remainders[(sum ^ bytes.getUint8(at)) & 0xff]!;
	return ~sum >>> 0;
}
