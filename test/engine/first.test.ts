// What is said of items one after the other, at once or later, and that nothing more is asked than need be.
import test from 'ava';
import { allSaid, firstSaid, type Said } from '../../engine/first.ts';

const later = async (what: string | undefined) => what;

/** What is said of numbers, and of which it was asked. */
function asking(...answers: readonly (() => Said)[]) {
	const asked: number[] = [];
	const ask = (item: number): Said => {
		asked.push(item);
		return answers[item]?.();
	};
	return { asked, ask, items: [...answers.keys()] };
}

test('the first thing said is the answer, and nothing is asked after it', async (t) => {
	for (const said of [() => 'yes', () => later('yes')])
		for (const silent of [() => undefined, () => later(undefined)]) {
			const { asked, ask, items } = asking(silent, silent, said, () => 'too late');
			t.is(await firstSaid(items.values(), ask), 'yes');
			t.deepEqual(asked, [0, 1, 2]);
		}
	const { ask, items } = asking(
		() => undefined,
		() => later(undefined),
		() => undefined,
	);
	t.is(await firstSaid(items.values(), ask), undefined);
});

test('what can be said at once is', (t) => {
	const { ask, items } = asking(
		() => undefined,
		() => 'yes',
		() => later('too late'),
	);
	t.is(firstSaid(items.values(), ask), 'yes');
	t.is(firstSaid([0].values(), ask), undefined);
});

test('of each item is told what was said of it, in their order; of none if nothing was', async (t) => {
	const { ask, items } = asking(
		() => later(undefined),
		() => 'a',
		() => later('b'),
		() => undefined,
	);
	t.deepEqual(await allSaid(items, ask), [undefined, 'a', 'b', undefined]);
	t.is(await allSaid([0, 3], ask), undefined);
});
