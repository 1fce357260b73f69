// The rows of a rule as compressed bytes, so that a later build can be compared with them. One shape is kept once, under
// the digest that the engine knows rows by. Knows neither keys nor results.
import { deflateSync, inflateSync } from 'node:zlib';
import type { Layout } from '../../rules/space.ts';

interface ShapeHead {
	readonly size: number;
	readonly seeds: Layout['seeds'];
	readonly columns: readonly {
		readonly name: string;
		readonly values: unknown;
		readonly default?: unknown;
		readonly width: number;
	}[];
}

const fast = { level: 1 };

/** The bytes of a layout: a line of JSON, and the codes of its columns one after the other. */
export function shapeBytes({ size, seeds, columns }: Layout): Uint8Array {
	const head: ShapeHead = {
		size,
		seeds,
		columns: columns.map(({ name, values, codes, default: fallback }) => ({
			...{ name, values, width: codes.BYTES_PER_ELEMENT },
			...(fallback === undefined ? {} : { default: fallback }),
		})),
	};
	const codes = columns.map((column) =>
		Buffer.from(column.codes.buffer, column.codes.byteOffset, column.codes.byteLength),
	);
	return deflateSync(Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...codes]), fast);
}

/** The layout that `shapeBytes` was given; undefined where the bytes are none. */
export function shapeLayout(bytes: Uint8Array): Layout | undefined {
	try {
		const all = inflateSync(bytes);
		const end = all.indexOf(10);
		const { size, seeds, columns } = JSON.parse(all.toString('utf8', 0, end)) as ShapeHead;
		let at = end + 1;
		return {
			size,
			seeds,
			columns: columns.map(({ name, values, default: fallback, width }) => {
				const part = Uint8Array.from(all.subarray(at, at + width * size));
				at += width * size;
				const Codes = width === 1 ? Uint8Array : width === 2 ? Uint16Array : Uint32Array;
				const codes = new Codes(part.buffer, 0, size);
				return { name, values: values as Layout['columns'][number]['values'], codes, default: fallback as undefined };
			}),
		};
	} catch {
		return undefined;
	}
}

/** A text for each row, of which most are alike: the distinct ones as a line of JSON, then the number of each row's. */
export function textBytes(size: number, textOf: (row: number) => string): Uint8Array {
	const numbers = new Map<string, number>();
	const codes = new Uint32Array(size);
	for (let row = 0; row < size; row++) {
		const text = textOf(row);
		let number = numbers.get(text);
		if (number === undefined) {
			number = numbers.size;
			numbers.set(text, number);
		}
		codes[row] = number;
	}
	const head = Buffer.from(`${JSON.stringify([...numbers.keys()])}\n`);
	return deflateSync(Buffer.concat([head, Buffer.from(codes.buffer)]), fast);
}

/** The texts that `textBytes` was given; undefined where the bytes are none. */
export function textsOf(bytes: Uint8Array): ((row: number) => string) | undefined {
	try {
		const all = inflateSync(bytes);
		const end = all.indexOf(10);
		const texts = JSON.parse(all.toString('utf8', 0, end)) as readonly string[];
		return (row) => texts[all.readUInt32LE(end + 1 + 4 * row)] ?? '';
	} catch {
		return undefined;
	}
}

/** One byte a task, of which most are alike. */
export function stateBytes(states: Uint8Array): Uint8Array {
	return deflateSync(states, fast);
}

/** What `stateBytes` was given. */
export function statesOf(bytes: Uint8Array): Uint8Array | undefined {
	try {
		return inflateSync(bytes);
	} catch {
		return undefined;
	}
}
