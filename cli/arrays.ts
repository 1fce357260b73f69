// Arrays with several axes, as they come from numpy: a typed array in row-major order with a `shape`. As lists of
// lists, and for eyes. Knows no stream and no format of a table.
import { inspect } from 'node:util';

/** A typed array. */
export type Numbers = ArrayBufferView & ArrayLike<unknown> & { subarray(from: number, to: number): Iterable<unknown> };

/** The sizes of an array's axes; without a shape of its own it has one axis. */
function shapeOf(array: Numbers): readonly number[] {
	const shape: unknown = 'shape' in array ? array.shape : undefined;
	return Array.isArray(shape) ? (shape as readonly number[]) : [array.length];
}

/** Lists of lists, as `tolist` of numpy gives them; of each axis the first `most`, then what `rest` says of the others. */
export function nestedLists(
	array: Numbers,
	most = Number.POSITIVE_INFINITY,
	rest?: (more: number) => unknown,
): unknown {
	const shape = shapeOf(array);
	const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
	const fill = (axis: number, at: number): unknown => {
		const size = shape[axis];
		if (size === undefined) return array[at];
		const count = Math.min(size, most);
		const isLast = axis === shape.length - 1;
		const list = isLast
			? Array.from(array.subarray(at, at + count))
			: Array.from({ length: count }, (_, index) => fill(axis + 1, at + index * (strides[axis] ?? 1)));
		return size > most && rest !== undefined ? [...list, rest(size - most)] : list;
	};
	return fill(0, 0);
}

const mostShown = 20;

/** Plain data as a page shows it: long texts and arrays are cut, arrays of several axes are shown by these. */
export function dataText(value: unknown): string {
	return inspect(shown(value), {
		depth: 6,
		maxArrayLength: mostShown,
		maxStringLength: 2000,
		breakLength: 76,
		compact: 3,
	});
}

// In place of an array with a shape stands what says how it is to be shown; the rest stays as it is.
function shown(value: unknown): unknown {
	if (typeof value !== 'object' || value === null || value instanceof DataView) return value;
	if (ArrayBuffer.isView(value)) {
		const array = value as Numbers;
		const shape = shapeOf(array);
		if (shape.length === 1) return value;
		const heading = `${array.constructor.name}(${shape.join(' × ')})`;
		const lists = nestedLists(array, mostShown, (more) => said(() => `… ${more} more`));
		return said((options) => `${heading} ${inspect(lists, { ...options, maxArrayLength: null })}`);
	}
	if (Array.isArray(value)) return value.map(shown);
	return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shown(inner)]));
}

function said(text: (options: object) => string): object {
	return { [inspect.custom]: (_depth: number, options: object) => text(options) };
}
