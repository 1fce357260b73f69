// Plain data to bytes, the same bytes on every machine and in every run: MessagePack with one way to write each value.
// Checks while it writes, since a result that is no plain data could not be read back as what it was.
// Encoding: integers of 32 bits in their shortest form, all other numbers as 64-bit floats, NaN as one pattern, maps in
// insertion order, typed arrays (with their shape) and unpaired surrogates as extensions. Knows nothing of tasks, files or digests.

import { arrayKinds, floatNaNs, shapedHead, shapedKind, shapeOf } from './arrays.ts';
import { utf16Kind } from './decode.ts';
import { describe, NotPlain, placeText } from './plain.ts';

export { decodeValue } from './decode.ts';
export { NotPlain } from './plain.ts';

/** What is known of a value before it is encoded. */
export interface EncodeOptions {
	/** What paths begin with; `result` where nothing is said. */
	readonly name?: string | undefined;
	/** Folders whose path no string may contain. */
	readonly forbidden?: readonly string[] | undefined;
}

/** Writes values one after the other into a buffer that it keeps: for loops that copy or hash at once. */
export interface Encoder {
	/** Encodes one value behind the prefix; its bytes are buffer()[prefix.length … the number returned]. */
	encode(value: unknown, options?: EncodeOptions): number;
	/** The buffer of the last value, valid until the next. */
	buffer(): Uint8Array;
}

const deepest = 1000;
const mostBytes = 2 ** 31 - 1;
const keptBytes = 16 * 1024 * 1024;
const firstBytes = 4096;
const loneSurrogate = /\p{Surrogate}/u;
const nothing: EncodeOptions = {};
const noHead: Uint8Array = new Uint8Array(0);

/** An encoder that leaves `prefix` in front of each value, so that a tagged value is hashed where it lies. */
export function createEncoder(prefix: Uint8Array): Encoder {
	let bytes = Buffer.alloc(0);
	// The same memory: a Buffer's views cost twice as much as these.
	let plain = new Uint8Array(bytes.buffer);
	let view = new DataView(bytes.buffer);
	let at = 0;
	let name = 'result';
	let forbidden: readonly string[] = [];
	// The way from the root to where the encoder is: names or places, and the objects that hold them.
	const way: (string | number)[] = [];
	const holders: (object | undefined)[] = [];

	function resize(size: number): void {
		const old = bytes;
		bytes = Buffer.from(new ArrayBuffer(size));
		plain = new Uint8Array(bytes.buffer);
		view = new DataView(bytes.buffer);
		bytes.set(old.subarray(0, at));
	}

	function reserve(count: number): void {
		if (at + count <= bytes.length) return;
		if (at + count > mostBytes) throw new NotPlain('not-plain', name, 'more than 2 GiB of data');
		resize(Math.min(mostBytes, Math.max(bytes.length * 2, at + count + firstBytes)));
	}

	function refuse(what: string, depth: number, kind: NotPlain['kind'] = 'not-plain'): never {
		throw new NotPlain(kind, placeText(name, way.slice(0, depth)), what);
	}

	function write(value: unknown, depth: number): void {
		switch (typeof value) {
			case 'number':
				writeNumber(value);
				return;
			case 'string':
				writeString(value, depth);
				return;
			case 'boolean':
				reserve(1);
				bytes[at++] = value ? 0xc3 : 0xc2;
				return;
			case 'object':
				if (value !== null) writeHolder(value, depth);
				else {
					reserve(1);
					bytes[at++] = 0xc0;
				}
				return;
			default:
				refuse(describe(value), depth);
		}
	}

	function writeNumber(value: number): void {
		reserve(9);
		if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
			if (value >= 0) {
				if (value < 0x80) bytes[at++] = value;
				else writeSized(value, 0xcc, 0xcd, 0xce);
			} else if (value >= -0x20) bytes[at++] = value & 0xff;
			else if (value >= -0x80) {
				bytes[at++] = 0xd0;
				bytes[at++] = value & 0xff;
			} else if (value >= -0x8000) {
				bytes[at++] = 0xd1;
				view.setInt16(at, value);
				at += 2;
			} else {
				bytes[at++] = 0xd2;
				view.setInt32(at, value);
				at += 4;
			}
		} else if (value >>> 0 === value && value > 0) writeSized(value, 0xcc, 0xcd, 0xce);
		else {
			bytes[at++] = 0xcb;
			// Arithmetic leaves NaNs of either sign: the constant is one pattern.
			if (Number.isNaN(value)) {
				view.setUint32(at, 0x7ff80000);
				view.setUint32(at + 4, 0);
			} else view.setFloat64(at, value);
			at += 8;
		}
	}

	/** A number below 2³² behind the mark of its width; five bytes must have been reserved. */
	function writeSized(count: number, mark8: number, mark16: number, mark32: number): void {
		if (count < 0x100) {
			bytes[at++] = mark8;
			bytes[at++] = count;
		} else writeCount(count, mark16, mark32);
	}

	function writeCount(count: number, mark16: number, mark32: number): void {
		if (count < 0x10000) {
			bytes[at++] = mark16;
			view.setUint16(at, count);
			at += 2;
		} else {
			bytes[at++] = mark32;
			view.setUint32(at, count);
			at += 4;
		}
	}

	function writeStringHeader(count: number): void {
		if (count < 32) bytes[at++] = 0xa0 | count;
		else writeSized(count, 0xd9, 0xda, 0xdb);
	}

	function writeString(text: string, depth: number): void {
		const length = text.length;
		for (const folder of forbidden) {
			if (length >= folder.length && text.includes(folder))
				refuse('a path in the work folder', depth, 'work-path-in-result');
		}
		if (length < 40) {
			reserve(length + 2);
			const start = at;
			writeStringHeader(length);
			let i = 0;
			for (; i < length; i++) {
				const code = text.charCodeAt(i);
				if (code >= 0x80) break;
				bytes[at++] = code;
			}
			if (i === length) return;
			at = start;
		}
		if (loneSurrogate.test(text)) {
			writeExtension(utf16Kind, Buffer.from(text, 'utf16le'));
			return;
		}
		const count = Buffer.byteLength(text, 'utf8');
		reserve(count + 5);
		writeStringHeader(count);
		at += bytes.write(text, at, count, 'utf8');
	}

	function writeExtension(kind: number, content: Uint8Array, head = noHead): void {
		const size = head.length + content.length;
		reserve(size + 6);
		writeSized(size, 0xc7, 0xc8, 0xc9);
		bytes[at++] = kind;
		bytes.set(head, at);
		at += head.length;
		bytes.set(content, at);
		at += content.length;
	}

	function writeHolder(value: object, depth: number): void {
		if (depth >= deepest) refuse(`nested more than ${deepest} levels deep`, depth);
		for (let above = 0; above < depth; above++) {
			if (holders[above] === value) refuse(`${placeText(name, way.slice(0, above))} again (a cycle)`, depth);
		}
		const prototype = Object.getPrototypeOf(value);
		if (prototype === Object.prototype || prototype === null) {
			holders[depth] = value;
			writeObject(value as Readonly<Record<string, unknown>>, depth);
		} else if (prototype === Array.prototype) {
			holders[depth] = value;
			writeArray(value as readonly unknown[], depth);
		} else if (ArrayBuffer.isView(value)) writeTypedArray(value, depth);
		else refuse(describe(value), depth);
	}

	function writeArray(value: readonly unknown[], depth: number): void {
		const count = value.length;
		reserve(5);
		if (count < 16) bytes[at++] = 0x90 | count;
		else writeCount(count, 0xdc, 0xdd);
		for (let i = 0; i < count; i++) {
			way[depth] = i;
			write(value[i], depth + 1);
		}
	}

	function writeObject(value: Readonly<Record<string, unknown>>, depth: number): void {
		const names = Object.keys(value);
		const start = at;
		writeMapHeader(names.length);
		const body = at;
		let count = 0;
		for (let i = 0; i < names.length; i++) {
			const key = names[i] as string;
			const part = value[key];
			if (part === undefined) continue;
			way[depth] = key;
			writeString(key, depth + 1);
			write(part, depth + 1);
			count++;
		}
		if (count === names.length) return;
		const end = at;
		at = start;
		writeMapHeader(count);
		bytes.copyWithin(at, body, end);
		at += end - body;
	}

	function writeMapHeader(count: number): void {
		reserve(5);
		if (count < 16) bytes[at++] = 0x80 | count;
		else writeCount(count, 0xde, 0xdf);
	}

	function writeTypedArray(value: ArrayBufferView, depth: number): void {
		const kind = arrayKinds.findIndex((known) => known?.name === Object.prototype.toString.call(value).slice(8, -1));
		if (kind < 0) refuse(describe(value), depth);
		const content = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
		const shape = shapeOf(value, kind);
		if (shape === undefined) writeExtension(kind, content);
		else writeExtension(shapedKind, content, shapedHead(kind, shape));
		const pattern = floatNaNs.get(kind);
		if (pattern === undefined) return;
		const numbers = value as unknown as ArrayLike<number>;
		const start = at - value.byteLength;
		for (let i = 0; i < numbers.length; i++) {
			if (Number.isNaN(numbers[i])) bytes.set(pattern, start + i * pattern.length);
		}
	}

	return {
		encode(value, options = nothing) {
			name = options.name ?? 'result';
			forbidden = options.forbidden ?? [];
			if (bytes.length === 0 || bytes.length > keptBytes) {
				at = 0;
				resize(firstBytes + prefix.length);
				bytes.set(prefix);
			}
			at = prefix.length;
			try {
				write(value === undefined ? null : value, 0);
			} finally {
				holders.fill(undefined);
			}
			return at;
		},
		buffer: () => plain,
	};
}

const encoder = createEncoder(new Uint8Array(0));

/** Bytes of a value; throws `NotPlain` where it is no plain data. Undefined is null, and left out of objects. */
export function encodeValue(value: unknown, options?: EncodeOptions): Uint8Array {
	const end = encoder.encode(value, options);
	return new Uint8Array(encoder.buffer().subarray(0, end));
}
