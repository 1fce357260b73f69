// Python writes the same bytes as JavaScript for the same value, and reads them as what a user of Python expects.
import { spawnSync } from 'node:child_process';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { decodeValue, encodeValue } from '../../../engine/value.ts';
import { pythonWith } from '../../python.ts';
import { seeded } from '../../seeded.ts';
import { valuesIn, workers } from './python-hand.ts';

const numbers = fc.oneof(
	fc.double(),
	fc.integer(),
	fc.maxSafeInteger(),
	fc.constantFrom(0, -0, 127, 128, 255, 256, 65535, 65536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, -32, -33, -128),
	fc.constantFrom(-129, -32768, -32769, -(2 ** 31), -(2 ** 31) - 1, 2 ** 53, -(2 ** 53), 2 ** 60, 1e300),
	fc.constantFrom(Number.NaN, Infinity, -Infinity, 5e-324),
);
const strings = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 60 }),
	fc.string({ unit: 'grapheme', minLength: 20, maxLength: 300 }),
	fc.constantFrom('\ud800x', 'x\udc00\ud800', '', 'a'.repeat(31), 'a'.repeat(32), 'é'.repeat(128), 'a'.repeat(70000)),
);
const typedArrays = fc.oneof(
	...[fc.uint8Array(), fc.int8Array(), fc.int16Array(), fc.uint16Array(), fc.int32Array(), fc.uint32Array()],
	...[fc.float32Array(), fc.float64Array()],
);
const names = fc.oneof(strings, fc.constantFrom('__proto__', 'rate', '7', '10', '07', '4294967294', '4294967295', '²'));
const { plain } = fc.letrec((tie) => ({
	plain: fc.oneof(
		{ depthSize: 'small' },
		fc.oneof(fc.constantFrom(null, true, false), numbers, strings, typedArrays),
		fc.array(tie('plain'), { maxLength: 20 }),
		fc.array(fc.double({ noInteger: true, noNaN: true }), { minLength: 16, maxLength: 40 }),
		fc.dictionary(names, tie('plain'), { maxKeys: 20, noNullPrototype: true }),
	),
}));

/** Reads encoded values in Python and writes them again. */
function throughPython(t: ExecutionContext, python: string | undefined, values: readonly Uint8Array[]) {
	if (python === undefined) {
		t.log('skipped: there is no such Python');
		t.pass();
		return undefined;
	}
	const program = `
import struct, sys
sys.path.insert(0, ${JSON.stringify(workers)})
sys.dont_write_bytecode = True
from _scanmake_encode import encode
from _scanmake_decode import decode
data = memoryview(sys.stdin.buffer.read())
while len(data) > 0:
    size = struct.unpack_from("<I", data)[0]
    again = b"".join(encode(decode(data[4 : 4 + size])))
    sys.stdout.buffer.write(struct.pack("<I", len(again)) + again)
    data = data[4 + size :]
`;
	const pieces = values.flatMap((bytes) => [
		Uint8Array.from(new Uint8Array(Uint32Array.of(bytes.length).buffer)),
		bytes,
	]);
	const input = Buffer.concat(pieces);
	const { stdout, stderr } = spawnSync(python, ['-c', program], { input, maxBuffer: 2 ** 28 });
	t.is(stderr.toString(), '');
	const back: Buffer[] = [];
	for (let at = 0; at < stdout.length; ) {
		const size = stdout.readUInt32LE(at);
		back.push(stdout.subarray(at + 4, at + 4 + size));
		at += 4 + size;
	}
	return back;
}

const interpreters = [
	['with numpy', ['numpy']],
	['without numpy', []],
] as const;

for (const [what, modules] of interpreters) {
	test(`Python (${what}, where there is one) writes a value in the bytes that JavaScript writes`, (t) => {
		const { numRuns, seed } = seeded(400);
		const values = fc.sample(plain, { numRuns, seed }).map((value) => encodeValue(value));
		const back = throughPython(t, pythonWith(...modules), values);
		for (const [i, bytes] of back?.entries() ?? []) {
			t.is(bytes.toString('hex'), Buffer.from(values[i] ?? []).toString('hex'), `value ${i} (seed ${seed})`);
		}
		if (back !== undefined) t.is(back.length, values.length);
	});
}

for (const [what, modules] of interpreters) {
	test(`names that are places and NaNs of other patterns are written as JavaScript does (${what})`, (t) => {
		const odd = (kind: number, ...bits: number[]): Uint8Array => Uint8Array.of(0xc7, bits.length, kind, ...bits);
		const named = (...texts: string[]): Uint8Array[] => texts.map((name) => encodeValue(name));
		const dict = [0x84, ...named('b', '10', '7', '07').flatMap((name, i) => [...name, i])];
		const written = [
			Uint8Array.from(dict),
			odd(9, 1, 0, 0, 0, 0, 0, 0xf8, 0xff),
			odd(8, 1, 0, 0xc0, 0xff),
			Uint8Array.of(0xcb, 0xff, 0xf8, 0, 0, 0, 0, 0, 1),
		];
		const values = [
			{ 7: 2, 10: 1, b: 0, '07': 3 },
			Float64Array.of(Number.NaN),
			Float32Array.of(Number.NaN),
			Number.NaN,
		];
		const back = throughPython(t, pythonWith(...modules), written);
		for (const [i, bytes] of back?.entries() ?? [])
			t.is(bytes.toString('hex'), Buffer.from(encodeValue(values[i])).toString('hex'));
	});
}

test('integral numbers are integers in Python up to 2**53, whoever wrote them', async (t) => {
	const values = await valuesIn(t, {
		files: {
			'model.py': `
def simulate(params, inputs):
    return [type(x).__name__ for x in inputs["numbers"]] + [type(params["large"]).__name__, type(params["n"]).__name__]
`,
		},
		columns: { large: [1e20], n: [7] },
		inputs: { numbers: [[1, 1.5, 5e9, 2 ** 53, 2 ** 54, 1e300, -3, Infinity]] },
	});
	if (values === undefined) return;
	t.deepEqual(values, [['int', 'float', 'int', 'int', 'float', 'float', 'int', 'float', 'float', 'int']]);
});

test('what numpy made comes as numbers and typed arrays, of more dimensions with their shape', async (t) => {
	const python = pythonWith('numpy');
	if (python === undefined) {
		t.log('skipped: there is no Python with numpy');
		t.pass();
		return;
	}
	const values = await valuesIn(t, {
		python,
		files: {
			'model.py': `
import numpy as np
def simulate(params):
    return [np.float64(2.0), np.float32(0.5), np.int64(3), np.bool_(True), np.array(1.5), np.str_("x"),
            np.array([1.5, np.nan]), np.array([1, 2]), np.array([True, False]), np.array([0.5, -2, np.inf, 6e-8], np.float16),
            np.arange(6.0).reshape(2, 3), np.asfortranarray(np.arange(6, dtype=">i4").reshape(2, 3)),
            np.arange(10.0)[::-3], np.zeros((0, 3)), np.array([], dtype="uint64"), np.array([-(2 ** 53)])]
`,
		},
	});
	const shaped = (array: object, shape: number[]): object => Object.defineProperty(array, 'shape', { value: shape });
	const [list] = values as [unknown[]];
	const wanted: unknown[] = [
		...[2, 0.5, 3, true, 1.5, 'x', Float64Array.of(1.5, Number.NaN), Float64Array.of(1, 2), Uint8Array.of(1, 0)],
		Float32Array.of(0.5, -2, Infinity, 2 ** -24),
		shaped(Float64Array.of(0, 1, 2, 3, 4, 5), [2, 3]),
		shaped(Int32Array.of(0, 1, 2, 3, 4, 5), [2, 3]),
		...[
			Float64Array.of(9, 6, 3, 0),
			shaped(new Float64Array(0), [0, 3]),
			new Float64Array(0),
			Float64Array.of(-(2 ** 53)),
		],
	];
	t.deepEqual(list, wanted);
	const shapes = list.map((value) => (value as { shape?: readonly number[] } | null)?.shape);
	t.deepEqual(shapes, [...new Array(10).fill(undefined), [2, 3], [2, 3], undefined, [0, 3], undefined, undefined]);
});

test('arrays of numpy come back to Python with their type and shape, and can be written to', async (t) => {
	const python = pythonWith('numpy');
	if (python === undefined) {
		t.log('skipped: there is no Python with numpy');
		t.pass();
		return;
	}
	// The input is what Python wrote for such an array, read and written again in TypeScript.
	const shaped = Object.defineProperty(Float32Array.of(1, 2, 3, 4), 'shape', { value: [2, 2] });
	const values = await valuesIn(t, {
		python,
		files: {
			'model.py': `
import sys
def simulate(params, inputs):
    assert "numpy" in sys.modules
    shaped, flat, small = inputs.input
    shaped[0, 1] += 10
    return [str(shaped.dtype), list(shaped.shape), shaped, str(flat.dtype), flat.flags.writeable, str(small.dtype)]
`,
		},
		inputs: { input: [[decodeValue(encodeValue(shaped)), Float64Array.of(1), Uint8ClampedArray.of(1)]] },
	});
	const [list] = values as [unknown[]];
	t.deepEqual([list[0], list[1], list[3], list[4], list[5]], ['float32', [2, 2], 'float64', true, 'uint8']);
	t.deepEqual(Array.from(list[2] as Float32Array), [1, 12, 3, 4]);
	t.deepEqual((list[2] as { shape?: unknown }).shape, [2, 2]);
});

test('int64, bool and float16 arrays are the same in the Python that reads them', (t) => {
	const python = pythonWith('numpy');
	const head = (kind: number, bytes: number[]): Uint8Array =>
		Uint8Array.of(0xc7, 6 + bytes.length, 17, kind, 1, 1, 0, 0, 0, ...bytes);
	const written = [head(10, [255, 255, 255, 255, 255, 255, 255, 255]), head(13, [1]), head(12, [0, 60])];
	const back = throughPython(t, python, written);
	if (back === undefined) return;
	t.deepEqual(
		back.map((bytes) => bytes.toString('hex')),
		written.map((bytes) => Buffer.from(bytes).toString('hex')),
	);
	t.deepEqual(
		written.map((bytes) => decodeValue(bytes)),
		[Float64Array.of(-1), Uint8Array.of(1), Float32Array.of(1)],
	);
});

test('without numpy an array with a shape comes as lists in one another, a flat one as an array', async (t) => {
	const shaped = Object.defineProperty(Float64Array.of(1, 2, 3, 4, 5, 6), 'shape', { value: [3, 2] });
	const values = await valuesIn(t, {
		files: {
			'numpy.py': 'raise ImportError("there is none")',
			'model.py': `
def simulate(params, inputs):
    shaped, flat = inputs.input
    return [[list(row) for row in shaped], type(flat).__name__, flat]
`,
		},
		inputs: { input: [[shaped, Int16Array.of(-1, 2)]] },
	});
	if (values === undefined) return;
	t.deepEqual(values, [
		[
			[
				[1, 2],
				[3, 4],
				[5, 6],
			],
			'array',
			Int16Array.of(-1, 2),
		],
	]);
});

test('subclasses of plain types, tuples and bytes are what they hold', async (t) => {
	const values = await valuesIn(t, {
		files: {
			'model.py': `
import enum
from array import array
from collections import OrderedDict, defaultdict, namedtuple
Point = namedtuple("Point", "x y")
class Level(enum.IntEnum):
    HIGH = 3
class Text(str): pass
class Weight(float): pass
def simulate():
    counts = defaultdict(int, {Text("a"): 1})
    return [Point(1, 2.5), Level.HIGH, Text("t"), Weight(2.0), counts, OrderedDict(b=1, a=2), b"ab", bytearray(b"c"),
            array("d", [1.5]), array("l", [5]), deep(990), "\\ud83d\\ude00"]
def deep(n):
    value = 1
    for _ in range(n): value = [value]
    return value
`,
		},
	});
	if (values === undefined) return;
	const [list] = values as [unknown[]];
	t.deepEqual(list.slice(0, 10), [
		...[[1, 2.5], 3, 't', 2, { a: 1 }, { b: 1, a: 2 }, Uint8Array.of(97, 98), Uint8Array.of(99), Float64Array.of(1.5)],
		Float64Array.of(5),
	]);
	t.is(JSON.stringify(list[10]), `${'['.repeat(990)}1${']'.repeat(990)}`);
	t.is(list[11], '😀');
});

test('large results come whole: a million numbers, and an array of 100 MB', async (t) => {
	const values = await valuesIn(t, {
		files: {
			'model.py': `
from array import array
def simulate(weight):
    if weight == 0: return [i + 0.5 for i in range(10 ** 6)]
    if weight == 1: return list(range(10 ** 6))
    return {"x": array("d", bytes(100 * 10 ** 6)), "y": [array("d", [weight]) for _ in range(2000)]}
`,
		},
		columns: { weight: [0, 1, 2] },
	});
	if (values === undefined) return;
	const [floats, ints, large] = values as [number[], number[], { x: Float64Array; y: Float64Array[] }];
	t.is(floats.length, 10 ** 6);
	t.is(floats.at(-1), 10 ** 6 - 0.5);
	t.is(ints.at(-1), 10 ** 6 - 1);
	t.is(large.x.length, 12.5 * 10 ** 6);
	t.deepEqual(large.y.at(-1), Float64Array.of(2));
});
