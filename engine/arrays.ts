// Arrays of numbers as bytes: the typed arrays of JavaScript, each an extension of the encoding, and those that also have a
// shape or a type of element that JavaScript lacks (Python's), which share one extension. Elements lie in little-endian order.
// Knows nothing of the rest of the encoding.

interface ArrayKind {
	readonly name: string;
	make(buffer: ArrayBuffer): ArrayBufferView;
}

function kindOf(name: string): ArrayKind | undefined {
	const maker: unknown = Reflect.get(globalThis, name);
	if (typeof maker !== 'function') return undefined;
	return { name, make: (buffer) => Reflect.construct(maker, [buffer]) as ArrayBufferView };
}

/** Typed arrays by the number of their extension. Never renumber. */
export const arrayKinds: readonly (ArrayKind | undefined)[] = [
	undefined,
	...['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array'],
	...['Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array', 'Float16Array'],
].map((name) => (name === undefined ? undefined : kindOf(name)));

/** The one pattern that stands for NaN in arrays of floats, by the number of their type. */
export const floatNaNs: ReadonlyMap<number, Uint8Array> = new Map([
	[8, Uint8Array.of(0, 0, 0xc0, 0x7f)],
	[9, Uint8Array.of(0, 0, 0, 0, 0, 0, 0xf8, 0x7f)],
	[12, Uint8Array.of(0, 0x7e)],
]);

/**
 * The extension of arrays with a shape: number of the type (as above, 13: booleans), number of dimensions, their sizes
 * (u32, little-endian), the elements in row-major order. 64-bit integers are such that a float holds them.
 */
export const shapedKind = 17;

const int64 = 10;
const uint64 = 11;
const float16 = 12;
const boolean = 13;

/** The shape that an array carries, if it has one of two dimensions or more that its elements fill. */
export function shapeOf(array: ArrayBufferView, kind: number): readonly number[] | undefined {
	const shape: unknown = Object.getOwnPropertyDescriptor(array, 'shape')?.value;
	if (!Array.isArray(shape) || shape.length < 2 || shape.length > 255) return undefined;
	// Numbers alone: what JavaScript has for 64-bit integers is read as something else.
	if (kind === int64 || kind === uint64) return undefined;
	if (!shape.every((size) => typeof size === 'number' && size >>> 0 === size)) return undefined;
	const count = shape.reduce<number>((product, size) => product * size, 1);
	return count === (array as unknown as ArrayLike<unknown>).length ? shape : undefined;
}

/** What stands in front of the elements of an array with a shape. */
export function shapedHead(kind: number, shape: readonly number[]): Uint8Array {
	const head = Buffer.alloc(2 + 4 * shape.length);
	head[0] = kind;
	head[1] = shape.length;
	for (const [i, size] of shape.entries()) head.writeUInt32LE(size, 2 + 4 * i);
	return head;
}

/** The array that such an extension holds: a typed array, with its `shape` where it has two dimensions or more. */
export function readShaped(content: Buffer): ArrayBufferView | undefined {
	const shape: number[] = [];
	for (let i = 0; i < content[1]!; i++) shape.push(content.readUInt32LE(2 + 4 * i));
	const array = elementsOf(content[0]!, content.subarray(2 + 4 * shape.length));
	if (array === undefined || shape.length < 2) return array;
	return Object.defineProperty(array, 'shape', { value: Object.freeze(shape) });
}

function elementsOf(kind: number, content: Buffer): ArrayBufferView | undefined {
	if (kind === int64 || kind === uint64) return wideIntegers(content, kind === int64);
	if (kind === float16) return Float32Array.from({ length: content.length / 2 }, (_, i) => half(content, 2 * i));
	const bytes = new Uint8Array(content.length);
	bytes.set(content);
	return kind === boolean ? bytes : arrayKinds[kind]?.make(bytes.buffer);
}

function wideIntegers(content: Buffer, isSigned: boolean): Float64Array {
	const numbers = new Float64Array(content.length / 8);
	for (let i = 0; i < numbers.length; i++) {
		const high = isSigned ? content.readInt32LE(8 * i + 4) : content.readUInt32LE(8 * i + 4);
		numbers[i] = high * 2 ** 32 + content.readUInt32LE(8 * i);
	}
	return numbers;
}

// IEEE 754 binary16: sign, five bits of exponent, ten of fraction.
function half(content: Buffer, at: number): number {
	const bits = content.readUInt16LE(at);
	const sign = bits >>> 15 === 0 ? 1 : -1;
	const exponent = (bits >>> 10) & 31;
	const fraction = bits & 1023;
	if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
	return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
