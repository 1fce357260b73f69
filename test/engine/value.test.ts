// Plain data comes back as what it was, from the same bytes each time; what is no plain data is named with its place.
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { createEncoder, decodeValue, type EncodeOptions, encodeValue, NotPlain } from '../../engine/value.ts';
import { seeded } from '../seeded.ts';

const numbers = fc.oneof(
	fc.double(),
	fc.integer(),
	fc.constantFrom(0, -0, 127, 128, 255, 256, 65535, 65536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, -32, -33, -128),
	fc.constantFrom(-129, -32768, -32769, -(2 ** 31), -(2 ** 31) - 1, Number.MAX_SAFE_INTEGER, Number.NaN, -Infinity),
);
const strings = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 60 }),
	fc.string({ unit: 'grapheme' }),
	fc.constant('\ud800x'),
);
const typedArrays = fc.oneof(
	fc.uint8Array(),
	fc.int8Array(),
	fc.uint8ClampedArray(),
	fc.int16Array(),
	fc.uint16Array(),
	fc.int32Array(),
	fc.uint32Array(),
	fc.float32Array(),
	fc.float64Array(),
	fc.bigInt64Array(),
	fc.bigUint64Array(),
);
const { plain } = fc.letrec((tie) => ({
	plain: fc.oneof(
		{ depthSize: 'small' },
		fc.oneof(fc.constantFrom(null, true, false), numbers, strings, typedArrays),
		fc.array(tie('plain'), { maxLength: 20 }),
		fc.dictionary(fc.oneof(strings, fc.constantFrom('__proto__', 'rate', '7')), tie('plain'), {
			maxKeys: 20,
			noNullPrototype: true,
		}),
	),
}));

test('plain data comes back as what it was', (t) => {
	fc.assert(
		fc.property(plain, (value) => {
			t.deepEqual(decodeValue(encodeValue(value)), value);
		}),
		seeded(100),
	);
});

test('a value has the same bytes each time, from each encoder', (t) => {
	const encoder = createEncoder(Uint8Array.of(1, 2, 3));
	fc.assert(
		fc.property(plain, (value) => {
			const bytes = encodeValue(value);
			const length = encoder.encode(value);
			t.deepEqual(encodeValue(decodeValue(bytes)), bytes);
			t.deepEqual(new Uint8Array(encoder.buffer().subarray(0, length)), Uint8Array.of(1, 2, 3, ...bytes));
		}),
		seeded(100),
	);
});

test('different values have different bytes', (t) => {
	const values = [
		0,
		-0,
		'0',
		null,
		false,
		[],
		{},
		'',
		[0],
		{ 0: 0 },
		Number.NaN,
		'NaN',
		1.5,
		Infinity,
		-Infinity,
		[[]],
	];
	const arrays = [new Int8Array(8), new Uint8Array(8), new Float32Array(2), new Float64Array(1), new BigInt64Array(1)];
	const seen = new Set([...values, ...arrays].map((value) => Buffer.from(encodeValue(value)).toString('hex')));
	t.is(seen.size, values.length + arrays.length);
	t.notDeepEqual(encodeValue({ a: 1, b: 2 }), encodeValue({ b: 2, a: 1 }));
});

test('the encoding is MessagePack, which other languages read', (t) => {
	const value = { rate: 20.5, n: 3, name: 'é', on: true, none: null, big: 300, list: new Array(20).fill(-1) };
	const hex =
		'87a472617465cb4034800000000000a16e03a46e616d65a2c3a9a26f6ec3a46e6f6e65c0a3626967cd012ca46c697374dc0014' +
		'ff'.repeat(20);
	t.is(Buffer.from(encodeValue(value)).toString('hex'), hex);
});

test('all NaNs are one, in numbers and in arrays of floats', (t) => {
	const bits = new Float64Array(new BigUint64Array([0xfff8000000000000n, 0x7ff8000000000001n]).buffer);
	const floats = new Float32Array(new Uint32Array([0xffc00000, 0x7fc00001]).buffer);
	t.deepEqual(encodeValue(bits), encodeValue(new Float64Array([Number.NaN, Number.NaN])));
	t.deepEqual(encodeValue(floats), encodeValue(new Float32Array([Number.NaN, Number.NaN])));
	t.deepEqual(encodeValue(bits[0]), encodeValue(Number.NaN));
});

test('undefined is null at the top and left out of objects, as in JSON', (t) => {
	t.deepEqual(encodeValue(undefined), encodeValue(null));
	t.deepEqual(encodeValue({ a: 1, b: undefined }), encodeValue({ a: 1 }));
	const many = Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`name${i}`, i === 3 ? undefined : i]));
	t.deepEqual(decodeValue(encodeValue(many)), JSON.parse(JSON.stringify(many)));
	t.deepEqual(encodeValue(many), encodeValue(JSON.parse(JSON.stringify(many))));
});

test('a Buffer is an array of bytes, wherever it lies in memory', (t) => {
	t.deepEqual(decodeValue(encodeValue(Buffer.from('abc'))), Uint8Array.of(97, 98, 99));
	const view = new Float64Array(Float64Array.of(1, 2, 3, 4).buffer, 8, 2);
	const back = decodeValue(encodeValue(['x', view])) as [string, Float64Array];
	t.deepEqual(back[1], Float64Array.of(2, 3));
	t.is(back[1].byteOffset, 0);
	t.is(back[1].buffer.byteLength, 16);
});

test('a typed array keeps its shape, where its elements fill it', (t) => {
	const shaped = (array: object, shape: unknown): object => Object.defineProperty(array, 'shape', { value: shape });
	const again = (array: object): unknown =>
		(decodeValue(encodeValue([array])) as [{ readonly shape?: unknown }])[0].shape;
	const numbers = () => Float64Array.of(1, Number.NaN, 3, 4, 5, 6);
	t.deepEqual(again(shaped(numbers(), [2, 3])), [2, 3]);
	t.deepEqual(again(shaped(new Uint8ClampedArray(0), [0, 7, 2])), [0, 7, 2]);
	const back = decodeValue(encodeValue(shaped(numbers(), [1, 6]))) as Float64Array;
	t.deepEqual(back, numbers());
	t.deepEqual(Object.keys(back), Object.keys(numbers()));
	t.deepEqual(encodeValue(back), encodeValue(shaped(numbers(), [1, 6])));
	t.notDeepEqual(encodeValue(back), encodeValue(numbers()));
	for (const shape of [[6], [2, 2], [-2, -3], [1.5, 4], 'x', ['2', '3'], undefined])
		t.deepEqual(encodeValue(shaped(numbers(), shape)), encodeValue(numbers()));
	t.is(again(shaped(new BigInt64Array(4), [2, 2])), undefined);
});

test('NaNs in an array with a shape are one pattern', (t) => {
	const odd = new Float64Array(new BigUint64Array([0xfff8000000000000n, 0x7ff8000000000001n]).buffer);
	const plain = Float64Array.of(Number.NaN, Number.NaN);
	for (const array of [odd, plain]) Object.defineProperty(array, 'shape', { value: [1, 2] });
	t.deepEqual(encodeValue(odd), encodeValue(plain));
});

test('types of elements that only Python has are read as the nearest that JavaScript has', (t) => {
	const bytes = (kind: number, shape: readonly number[], content: readonly number[]): Uint8Array => {
		const head = [kind, shape.length, ...shape.flatMap((size) => [size, 0, 0, 0])];
		return Uint8Array.of(0xc7, head.length + content.length, 17, ...head, ...content);
	};
	t.deepEqual(decodeValue(bytes(13, [3], [0, 1, 1])), Uint8Array.of(0, 1, 1));
	const halves = [0, 0x3c, 1, 0, 0, 0xfc, 0, 0x7e, 0xff, 0x7b, 0, 0xc0];
	t.deepEqual(decodeValue(bytes(12, [6], halves)), Float32Array.of(1, 2 ** -24, -Infinity, Number.NaN, 65504, -2));
	const wide = Buffer.alloc(16);
	wide.writeBigInt64LE(-(2n ** 53n), 0);
	wide.writeBigInt64LE(2n ** 53n, 8);
	t.deepEqual(decodeValue(bytes(10, [2], [...wide])), Float64Array.of(-(2 ** 53), 2 ** 53));
	t.deepEqual(decodeValue(bytes(11, [1], [...wide.subarray(8)])), Float64Array.of(2 ** 53));
	t.throws(() => decodeValue(bytes(14, [1], [0])));
});

test('bytes in shared memory are read as others are', (t) => {
	const bytes = encodeValue({ text: 'a longer text than twenty-four characters: é', list: Float64Array.of(1) });
	const shared = new Uint8Array(new SharedArrayBuffer(bytes.length + 3), 3);
	shared.set(bytes);
	t.deepEqual(decodeValue(shared), decodeValue(bytes));
});

class Neuron {
	readonly rate = 1;
}

const cyclic: Record<string, unknown> = { rates: [1] };
cyclic['again'] = { deeper: cyclic };
let deep: unknown = 1;
for (let i = 0; i < 2000; i++) deep = [deep];

const refused: readonly [value: unknown, path: string, what: string][] = [
	[new Date(0), 'result', 'a Date'],
	[{ rates: [0, 1, 2, new Map()] }, 'result.rates[3]', 'a Map'],
	[[new Set()], 'result[0]', 'a Set'],
	[{ f() {} }, 'result.f', 'a function'],
	[{ 'not a name': new Neuron() }, 'result["not a name"]', 'a Neuron'],
	[Symbol('s'), 'result', 'a symbol'],
	[{ big: 1n }, 'result.big', 'a bigint'],
	[[1, undefined], 'result[1]', 'undefined'],
	[new Array(3), 'result[0]', 'undefined'],
	[new Error('x'), 'result', 'an Error'],
	[Promise.resolve(1), 'result', 'a Promise'],
	[new ArrayBuffer(8), 'result', 'an ArrayBuffer'],
	[new DataView(new ArrayBuffer(8)), 'result', 'a DataView'],
	[Object.create({ a: 1 }), 'result', 'an object with a prototype of its own'],
	[cyclic, 'result.again.deeper', 'result again (a cycle)'],
	[deep, `result${'[0]'.repeat(1000)}`, 'nested more than 1000 levels deep'],
];

for (const [value, path, what] of refused) {
	test(`${what} at ${path.slice(0, 40)} is refused with its place`, (t) => {
		const error = refusal(t, value);
		t.deepEqual([error?.kind, error?.path, error?.what], ['not-plain', path, what]);
	});
}

test('names that look alike are kept apart', (t) => {
	const alike = { raxe: 1, raye: 2, raze: { raxe: 3 }, räxe: 4, r: 5, '': 6 };
	t.deepEqual(decodeValue(encodeValue([alike, alike])), [alike, alike]);
});

test('the same object twice is no cycle', (t) => {
	const shared = { a: 1 };
	t.deepEqual(decodeValue(encodeValue([shared, shared, { shared }])), [shared, shared, { shared }]);
});

test('a string with the path of a work folder is refused, in a key too', (t) => {
	const forbidden = ['/tmp/work'];
	const place = refusal(t, { file: 'see /tmp/work/3/spikes.txt' }, { forbidden });
	t.deepEqual([place?.kind, place?.path], ['work-path-in-result', 'result.file']);
	t.is(refusal(t, { '/tmp/work/3': 1 }, { forbidden })?.kind, 'work-path-in-result');
	t.is(refusal(t, ['/tmp/work'], { forbidden, name: 'value' })?.path, 'value[0]');
	t.notThrows(() => encodeValue({ file: '/tmp/wor' }, { forbidden }));
});

test('bytes that are cut off or no encoding are no value', (t) => {
	const bytes = encodeValue({ rate: 1.5, list: [1, 2], text: 'a text that is longer than the others' });
	for (let length = 0; length < bytes.length; length++) t.throws(() => decodeValue(bytes.subarray(0, length)));
	t.throws(() => decodeValue(Uint8Array.of(...bytes, 0)));
	t.throws(() => decodeValue(Uint8Array.of(0xc1)));
});

function refusal(t: ExecutionContext, value: unknown, options?: EncodeOptions): NotPlain | undefined {
	return t.throws(() => encodeValue(value, options), { instanceOf: NotPlain });
}
