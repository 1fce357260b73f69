// Which parameter sets are meant, in few words: conditions that can be typed, or the first ones.
import test from 'ava';
import fc from 'fast-check';
import { holds, parseCondition } from '../../../engine/where.ts';
import { describedSets } from '../../../engine/why/described.ts';
import type { AnySpace } from '../../../rules/expression.ts';
import { axis, grid } from '../../../rules/index.ts';
import { type Layout, layoutOf, pointAt } from '../../../rules/space.ts';
import { seeded } from '../../seeded.ts';

type Point = Readonly<Record<string, number | string | undefined>>;

/** What is said of the rows that a predicate holds for, among those that another does. */
function said(space: AnySpace, isMeant: (p: Point) => boolean, isThere: (p: Point) => boolean = () => true) {
	const layout = layoutOf(space);
	const marks = (is: (p: Point) => boolean) => marked(layout, (row) => is(pointAt(layout, row) as Point));
	const { where, examples, count, isAll } = describedSets(
		layout,
		marks((p) => isThere(p) && isMeant(p)),
		marks(isThere),
	);
	return [isAll ? 'all' : count, ...(where ?? examples ?? [])];
}

const marked = (layout: Layout, is: (row: number) => boolean): Uint8Array =>
	Uint8Array.from({ length: layout.size }, (_, row) => (is(row) ? 1 : 0));

const cells = grid({ weight: [0.2, 0.4, 0.8], n: [0, 1, 2, 3, 4, 5, 6, 7], site: ['soma', 'my dendrite'] });

test('one value of one parameter, a few, a range of numbers', (t) => {
	t.deepEqual(
		said(cells, (p) => p['weight'] === 0.4),
		[16, 'weight=0.4'],
	);
	t.deepEqual(
		said(cells, (p) => p['weight'] !== 0.4),
		[32, 'weight=0.2|0.8'],
	);
	t.deepEqual(
		said(cells, (p) => Number(p['n']) > 2),
		[30, 'n=3..7'],
	);
	t.deepEqual(
		said(cells, (p) => p['site'] !== 'soma'),
		[24, 'site="my dendrite"'],
	);
});

test('several parameters where one does not say it', (t) => {
	t.deepEqual(
		said(cells, (p) => p['weight'] === 0.8 && Number(p['n']) < 2),
		[4, 'weight=0.8', 'n=0|1'],
	);
});

test('where no few conditions say it, the first ones; one set in full; all as such', (t) => {
	t.deepEqual(
		said(cells, (p) => (Number(p['n']) + Number(p['weight'] === 0.4)) % 2 === 0),
		[24, 'weight=0.2 n=0 site=soma', `weight=0.2 n=0 'site="my dendrite"'`, 'weight=0.2 n=2 site=soma'],
	);
	t.deepEqual(
		said(cells, (p) => p['weight'] === 0.2 && p['n'] === 3 && p['site'] === 'soma'),
		[1, 'weight=0.2 n=3 site=soma'],
	);
	t.deepEqual(
		said(cells, () => true),
		['all'],
	);
});

test('conditions are held against the sets that are there, and an absent parameter is in none', (t) => {
	t.deepEqual(
		said(
			cells,
			(p) => p['weight'] === 0.4 && p['site'] === 'soma',
			(p) => p['site'] === 'soma',
		),
		[8, 'weight=0.4'],
	);
	const dropped = grid({ weight: [1, 2], tau: axis([10, 20]) }).drop('tau', (p) => p['weight'] === 2);
	t.deepEqual(
		said(dropped, (p) => p['tau'] !== undefined),
		[2, 'weight=1'],
	);
	t.deepEqual(
		said(dropped, (p) => p['tau'] === undefined || p['tau'] === 20),
		[2, 'weight=1 tau=20', 'weight=2'],
	);
});

test('whatever the sets: conditions hold for them and for no others that are there', (t) => {
	const layout = layoutOf(grid({ a: [1, 2, 3], b: ['x', 'y'], c: [1, 5, 7, 9, 11, 12] }));
	const bits = fc.uint8Array({ min: 0, max: 1, minLength: layout.size, maxLength: layout.size });
	const pick = fc.record({
		a: fc.subarray([1, 2, 3]),
		b: fc.subarray(['x', 'y']),
		c: fc.subarray([1, 5, 7, 9, 11, 12]),
	});
	const product = pick.map(({ a, b, c }) =>
		marked(layout, (row) => {
			const p = pointAt(layout, row) as { a: number; b: string; c: number };
			return a.includes(p.a) && b.includes(p.b) && c.includes(p.c);
		}),
	);
	fc.assert(
		fc.property(fc.oneof(bits, product), bits, (meant, others) => {
			const among = others.map((is, row) => is | meant[row]!);
			const { count, where, isAll, examples } = describedSets(layout, meant, among);
			t.is(
				count,
				meant.reduce((sum, one) => sum + one, 0),
			);
			t.true(isAll || where !== undefined || examples !== undefined);
			if (where === undefined) return;
			const conditions = where.map(parseCondition);
			for (let row = 0; row < layout.size; row++) {
				if (among[row] === 0) continue;
				const params = pointAt(layout, row) as Record<string, number | string>;
				const isHeld = conditions.every((condition) => holds(condition, params[condition.name]));
				t.is(isHeld, meant[row] === 1, where.join(' '));
			}
		}),
		seeded(200),
	);
});
