import test from 'ava';
import { neededRules, orderRules } from '../../engine/graph.ts';
import { aggregate, analyze, generate, grid, type Rule, simulate } from '../../rules/index.ts';

const input = generate({ run: () => 1 });
const spikes = simulate({ over: grid({ a: [1] }), from: { input }, run: () => 1 });
const rates = aggregate({ from: spikes, by: ['a'], run: () => 1 });
const other = simulate({ from: { input }, run: () => 1 });
const figure = analyze({ from: { rates, other }, run: () => 1 });

/** A rule that takes from others which are put in later. */
function open(): { rule: Rule; from: Record<string, Rule> } {
	const from: Record<string, Rule> = {};
	return { rule: simulate({ from, run: () => 1 }), from };
}

test('each rule comes after those that it takes inputs from, whatever order they are given in', (t) => {
	const rules: Rule[] = [figure, rates, other, spikes, input];
	const ordered = orderRules(rules);
	t.is(ordered.kind, 'order');
	const places = ordered.rules.map((place) => rules[place]);
	t.is(places.length, 5);
	for (const [at, rule] of places.entries())
		for (const upstream of Object.values(rule?.from ?? {})) t.true(places.indexOf(upstream) < at);
});

test('a cycle is found, and each rule of it takes from the one before', (t) => {
	const [a, b, c] = [open(), open(), open()];
	a.from['c'] = c.rule;
	b.from['a'] = a.rule;
	c.from['b'] = b.rule;
	const rules = [input, a.rule, b.rule, c.rule];
	const ordered = orderRules(rules);
	t.is(ordered.kind, 'cycle');
	t.deepEqual([...ordered.rules].sort(), [1, 2, 3]);
	for (const [at, place] of ordered.rules.entries()) {
		const before = rules[ordered.rules.at(at - 1) as number] as Rule;
		t.true(Object.values<Rule>((rules[place] as Rule).from).includes(before));
	}
});

test('of two cycles that share a rule one is told, not both as if they were one', (t) => {
	const [a, b, c] = [open(), open(), open()];
	a.from['b'] = b.rule;
	a.from['c'] = c.rule;
	b.from['a'] = a.rule;
	c.from['a'] = a.rule;
	const rules = [a.rule, b.rule, c.rule];
	const ordered = orderRules(rules);
	t.is(ordered.kind, 'cycle');
	t.is(ordered.rules.length, 2);
	t.true(ordered.rules.includes(0));
});

test('a rule that takes from itself is a cycle of one', (t) => {
	const { rule, from } = open();
	from['self'] = rule;
	t.deepEqual(orderRules([rule]), { kind: 'cycle', rules: [0] });
});

test('what is wanted needs what it takes from, upstream first, and nothing else', (t) => {
	const rules: Rule[] = [figure, rates, other, spikes, input];
	const { rules: order } = orderRules(rules);
	const named = (wanted: Rule[]) => neededRules(rules, order, wanted).map((place) => rules[place]);
	t.deepEqual(named([rates]), [input, spikes, rates]);
	t.is(named([figure]).length, rules.length);
	t.is(named([figure]).at(-1), figure);
	t.deepEqual(named([]), []);
});
