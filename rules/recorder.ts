// A parameter set that notes what is read of it. Reading a name, asking whether it is there and listing the names all
// count as reading; writing is refused. Knows columns, not what is asked.
import type { Column } from './columns.ts';
import type { Params } from './value.ts';

/** Parameter sets that look plain to a function and say which columns it read, in the order of their first reading. */
export function recordingParams(columns: readonly Column[]) {
	const places = new Map(columns.map((column, index) => [column.name, index]));
	let row = 0;
	let read = new Set<number>();

	function value(name: string | symbol): { readonly known: boolean; readonly value: Params[string] } {
		const place = typeof name === 'string' ? places.get(name) : undefined;
		if (place === undefined) return { known: false, value: undefined };
		read.add(place);
		const { codes, values } = columns[place]!;
		return { known: true, value: values[codes[row]! - 1] };
	}

	const params: Params = new Proxy<Record<string, never>>(
		{},
		{
			get: (target, name) => {
				const { known, value: found } = value(name);
				return known ? found : Reflect.get(target, name);
			},
			has: (target, name) => {
				const { known, value: found } = value(name);
				return known ? found !== undefined : Reflect.has(target, name);
			},
			ownKeys: () => columns.map((column) => column.name).filter((name) => value(name).value !== undefined),
			getOwnPropertyDescriptor: (_, name) => {
				const found = value(name).value;
				return found === undefined
					? undefined
					: { value: found, enumerable: true, configurable: true, writable: false };
			},
			set: () => false,
			defineProperty: () => false,
			deleteProperty: () => false,
			setPrototypeOf: () => false,
			preventExtensions: () => false,
		},
	);

	return {
		/** Asks about row `at`: the answer, and the places of the columns that were read. */
		readsOf(at: number, ask: (params: Params) => number): { readonly columns: Set<number>; readonly answer: number } {
			row = at;
			read = new Set();
			const answer = ask(params);
			return { columns: read, answer };
		},
	};
}
