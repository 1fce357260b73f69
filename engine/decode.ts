// Bytes to plain data: the other direction of value.ts. Typed arrays come on buffers of their own, aligned.
// Trusts its bytes (they are checked by digest); what is cut off or no encoding of ours throws.

import { arrayKinds, readShaped, shapedKind } from './arrays.ts';

/** The extension of a string with unpaired surrogates, which UTF-8 cannot hold. */
export const utf16Kind = 16;

// Names recur in every result: the last one of each length and ends is kept. Gain: 1.6 times on small objects.
const names: (string | undefined)[] = new Array(1024).fill(undefined);

let bytes: Buffer = Buffer.alloc(0);
let view: DataView = new DataView(bytes.buffer);
let at = 0;

/** The value that `encodeValue` wrote. */
export function decodeValue(encoded: Uint8Array): unknown {
	bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
	view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
	at = 0;
	const value = read();
	if (at !== bytes.length) damaged();
	return value;
}

function damaged(): never {
	throw new Error('These bytes are no encoded value');
}

function advance(count: number): number {
	const start = at;
	at += count;
	if (at > bytes.length) damaged();
	return start;
}

function read(): unknown {
	const mark = bytes[advance(1)]!;
	if (mark < 0x80) return mark;
	if (mark < 0x90) return readObject(mark & 0x0f);
	if (mark < 0xa0) return readArray(mark & 0x0f);
	if (mark < 0xc0) return readString(mark & 0x1f);
	if (mark >= 0xe0) return mark - 0x100;
	switch (mark) {
		case 0xc0:
			return null;
		case 0xc2:
			return false;
		case 0xc3:
			return true;
		case 0xc7:
			return readExtension(bytes[advance(1)]!);
		case 0xc8:
			return readExtension(view.getUint16(advance(2)));
		case 0xc9:
			return readExtension(view.getUint32(advance(4)));
		case 0xcb:
			return view.getFloat64(advance(8));
		case 0xcc:
			return bytes[advance(1)]!;
		case 0xcd:
			return view.getUint16(advance(2));
		case 0xce:
			return view.getUint32(advance(4));
		case 0xd0:
			return view.getInt8(advance(1));
		case 0xd1:
			return view.getInt16(advance(2));
		case 0xd2:
			return view.getInt32(advance(4));
		case 0xd9:
			return readString(bytes[advance(1)]!);
		case 0xda:
			return readString(view.getUint16(advance(2)));
		case 0xdb:
			return readString(view.getUint32(advance(4)));
		case 0xdc:
			return readArray(view.getUint16(advance(2)));
		case 0xdd:
			return readArray(view.getUint32(advance(4)));
		case 0xde:
			return readObject(view.getUint16(advance(2)));
		case 0xdf:
			return readObject(view.getUint32(advance(4)));
		default:
			return damaged();
	}
}

function readArray(count: number): unknown[] {
	const values: unknown[] = [];
	for (let i = 0; i < count; i++) values.push(read());
	return values;
}

function readObject(count: number): Record<string, unknown> {
	const value: Record<string, unknown> = {};
	for (let i = 0; i < count; i++) {
		const name = readName();
		// The one name whose assignment would do something else than add a property.
		if (name === '__proto__')
			Object.defineProperty(value, name, { value: read(), writable: true, enumerable: true, configurable: true });
		else value[name] = read();
	}
	return value;
}

function readName(): string {
	const length = bytes[at]! - 0xa0;
	if (length < 1 || length > 31) {
		const name = read();
		return typeof name === 'string' ? name : damaged();
	}
	const start = at + 1;
	const slot = (length * 37 + bytes[start]! * 7 + bytes[start + length - 1]!) & 1023;
	const known = names[slot];
	if (known !== undefined && known.length === length) {
		let i = 0;
		while (i < length && known.charCodeAt(i) === bytes[start + i]) i++;
		// Bytes from 0x80 on are no characters of their own: a kept name has none.
		if (i === length) {
			at = start + length;
			return known;
		}
	}
	at = start;
	const name = readString(length);
	if (name.length === length) names[slot] = name;
	return name;
}

function readString(length: number): string {
	const start = advance(length);
	if (length > 24) return bytes.toString('utf8', start, at);
	let text = '';
	for (let i = start; i < at; i++) {
		const code = bytes[i]!;
		if (code >= 0x80) return bytes.toString('utf8', start, at);
		text += String.fromCharCode(code);
	}
	return text;
}

function readExtension(length: number): unknown {
	const kind = bytes[advance(1)]!;
	const start = advance(length);
	if (kind === utf16Kind) return bytes.toString('utf16le', start, at);
	if (kind === shapedKind) return readShaped(bytes.subarray(start, at)) ?? damaged();
	const copy = new Uint8Array(length);
	copy.set(bytes.subarray(start, at));
	return (arrayKinds[kind] ?? damaged()).make(copy.buffer);
}
