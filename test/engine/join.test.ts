import test from 'ava';
import fc from 'fast-check';
import { defaultsDiffer, joinRows } from '../../engine/join.ts';
import { axis, grid, list, type Value } from '../../rules/index.ts';
import { type Layout, layoutOf, pointAt } from '../../rules/space.ts';
import { seeded } from '../seeded.ts';

/** Whether rows of two layouts have one code. */
function agree(left: Layout, right: Layout, names: readonly string[]) {
	const { codes } = joinRows([left, right], names);
	return (i: number, j: number) => codes[0]?.[i] === codes[1]?.[j];
}

const x = (...values: Value[]) => layoutOf(list(values.map((each) => ({ x: each }))));

test('rows have one code exactly where their values agree, a number and the same text not', (t) => {
	const same = agree(x(1, '1', true, null), x(null, true, '1', 1), ['x']);
	const agreeing = [0, 1, 2, 3].flatMap((i) => [0, 1, 2, 3].filter((j) => same(i, j)).map((j) => [i, j]));
	t.deepEqual(agreeing, [
		[0, 3],
		[1, 2],
		[2, 1],
		[3, 0],
	]);
});

test('absent agrees with absent and with the default, on whichever side it is said', (t) => {
	const some = layoutOf(grid({ x: [1, 2], y: [0] }).drop('x', (p) => p.x === 1));
	const withDefault = layoutOf(grid({ x: axis([5, 7], { default: 7 }) }));
	t.is(pointAt(some, 0)['x'], undefined);
	t.true(agree(some, some, ['x'])(0, 0));
	t.false(agree(some, withDefault, ['x'])(0, 0));
	t.true(agree(some, withDefault, ['x'])(0, 1));
	t.true(agree(withDefault, some, ['x'])(1, 0));
	t.false(agree(some, withDefault, ['x'])(1, 1));
});

test('without shared names all rows agree', (t) => {
	const same = agree(x(1, 2), x(3), []);
	t.true(same(0, 0) && same(1, 0));
});

test('many names with many values agree row by row as their values do', (t) => {
	const names = ['a', 'b', 'c', 'd', 'e'] as const;
	const row = fc.record(
		Object.fromEntries(names.map((name) => [name, fc.nat(1)])) as Record<'a', fc.Arbitrary<number>>,
	);
	fc.assert(
		fc.property(
			fc.array(row, { minLength: 1, maxLength: 20 }),
			fc.array(row, { minLength: 1, maxLength: 20 }),
			(l, r) => {
				// unused values make the codes of five names larger than what is looked up densely
				const wide = (rows: readonly object[]) =>
					layoutOf(
						list([
							...rows,
							...Array.from({ length: 60 }, (_, i) => Object.fromEntries(names.map((name) => [name, 10 + i]))),
						] as Record<'a', number>[]),
					);
				const [left, right] = [wide(l), wide(r)];
				const { codes, bound } = joinRows([left, right], names);
				for (let i = 0; i < left.size; i++) {
					for (let j = 0; j < right.size; j++) {
						const equal = names.every((name) => pointAt(left, i)[name] === pointAt(right, j)[name]);
						if (equal !== (codes[0]?.[i] === codes[1]?.[j])) return false;
					}
					if (!((codes[0]?.[i] ?? Infinity) < bound)) return false;
				}
				return true;
			},
		),
		seeded(30),
	);
	t.pass();
});

test('two defaults differ where both are given and are not the same', (t) => {
	const column = (fallback: number | undefined) => {
		const space = fallback === undefined ? grid({ x: [1] }) : grid({ x: axis([1], { default: fallback }) });
		const [only] = layoutOf(space).columns;
		if (only === undefined) throw new Error('no column');
		return only;
	};
	t.true(defaultsDiffer(column(1), column(2)));
	t.false(defaultsDiffer(column(1), column(1)));
	t.false(defaultsDiffer(column(1), column(undefined)));
	t.false(defaultsDiffer(column(undefined), column(2)));
});
