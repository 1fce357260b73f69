// Parameters that a command takes where they are absent: told when the scan is planned.
import test from 'ava';
import fc from 'fast-check';
import { absentNeeds } from '../../engine/needs.ts';
import { command, given, grid, list, param, shell, simulate } from '../../rules/index.ts';
import { layoutOf } from '../../rules/space.ts';
import { bench, complaintOf, opened } from '../harness.ts';
import { seeded } from '../seeded.ts';

const dropped = grid({ a: [0, 1, 2], f: [1, 2] }).drop('f', (p) => p.a === 0);

const [a, f, g] = ['a', 'f', 'g'].map((name) => param(name as never)) as [never, never, never];

function wrong(run: unknown, over: unknown = dropped): readonly string[] {
	const rule = simulate({ over: over as never, run: run as never });
	return absentNeeds(opened({ targets: { rule } }), 0, layoutOf(over as never)).map(({ message }) => message);
}

test('a parameter that is absent in some sets is a problem: how many, one of them, and what to write', (t) => {
	const expected =
		'rule: param("f") is absent in 1 of 5 parameter sets, for instance a=0. ' +
		'Write given("f", […]) around the words that are to be left out there.';
	t.deepEqual(wrong(command(['echo', a, f])), [expected]);
	t.deepEqual(wrong(shell`echo ${f} ${f}`), [expected]);
});

test('inside given it is no problem; inside given of another name it is, where that one is present', (t) => {
	t.deepEqual(wrong(command(['echo', given('f' as never, [f])])), []);
	t.deepEqual(wrong(command(['echo', given('f' as never, [given('a' as never, [f, a])])])), []);
	t.regex(
		wrong(command(['echo', given('a' as never, [f])])).join(),
		/absent in 1 of 5 parameter sets where a is given/,
	);
	const apart = list([{ f: 1, g: 1 }, { f: 2 }, { g: 3 }, {}]);
	t.regex(wrong(command(['echo', given('f' as never, [g])]), apart).join(), /absent in 1 of 4 .* for instance f=2\./);
	t.deepEqual(wrong(command(['echo', given('f' as never, [f])]), apart), []);
});

test('the seed is never absent', (t) => {
	t.deepEqual(wrong(command(['echo', param('seed' as never), param('trial' as never)]), dropped.trials(2)), []);
});

test('a build of such a scan starts nothing and says so', async (t) => {
	const rule = simulate({ over: dropped as never, run: command(['echo', f]) as never });
	const { build } = bench();
	t.regex(await complaintOf(() => build({ targets: { rule } })), /param\("f"\) is absent/);
});

test('sets are counted as a look at each of them counts', (t) => {
	const set = fc.record({ a: fc.nat(2), f: fc.nat(2), g: fc.nat(2) }, { requiredKeys: [] });
	fc.assert(
		fc.property(fc.array(set, { minLength: 1, maxLength: 12 }), fc.subarray(['a', 'g'] as const), (sets, present) => {
			const over = list(sets as never);
			const words = present.reduce<unknown>((inner, name) => given(name as never, [inner as never]), f);
			const all = [...(over.points() as Iterable<Record<string, unknown>>)];
			const count = all.filter(
				(one) => one['f'] === undefined && present.every((name) => one[name] !== undefined),
			).length;
			const found = layoutOf(over).columns.some(({ name }) => name === 'f') ? count : 0;
			const [message] = wrong(command(['echo', words as never]), over);
			t.is(message === undefined ? 0 : Number(/absent in (\d+)/.exec(message)?.[1]), found);
		}),
		seeded(200),
	);
});
