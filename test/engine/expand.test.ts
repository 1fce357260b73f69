import test from 'ava';
import { UserError } from '../../engine/errors.ts';
import { expand } from '../../engine/expand.ts';
import { aggregate, analyze, axis, generate, grid, list, type Rule, simulate } from '../../rules/index.ts';
import { pointAt } from '../../rules/space.ts';

const one = () => 1;

/** The rules by name, expanded; every complaint is placed at line 7 of Scanfile.ts. */
function expanded(rules: Readonly<Record<string, Rule>>) {
	const names = Object.keys(rules);
	const expansion = expand({
		rules: Object.values(rules),
		nameOf: (place) => names[place] as string,
		where: (stack) => (stack === '' ? undefined : { file: 'Scanfile.ts', line: 7 }),
	});
	const placeOf = (name: string) => names.indexOf(name);
	return {
		layout: (name: string) => expansion.layout(placeOf(name)),
		links: (name: string) => expansion.links(placeOf(name)),
		points: (name: string) => {
			const layout = expansion.layout(placeOf(name));
			return Array.from({ length: layout.size }, (_, row) => pointAt(layout, row));
		},
	};
}

function complaints(act: () => unknown) {
	try {
		act();
	} catch (error) {
		if (error instanceof UserError) return error.problems;
	}
	return [];
}

test('a rule without a space has one task without parameters, and so has an analysis', (t) => {
	const input = generate({ run: one });
	const { points } = expanded({ input, figure: analyze({ from: { input }, run: one }) });
	t.deepEqual([points('input'), points('figure')], [[{}], [{}]]);
});

test('an aggregate has one task a combination of `by`, in order of first appearance and with the names as in `by`', (t) => {
	const spikes = simulate({ over: grid({ a: [2, 1], b: [9, 8] }).trials(2), run: one });
	const { points, layout, links } = expanded({ spikes, rates: aggregate({ from: spikes, by: ['b', 'a'], run: one }) });
	t.deepEqual(points('rates'), [
		{ b: 9, a: 2 },
		{ b: 8, a: 2 },
		{ b: 9, a: 1 },
		{ b: 8, a: 1 },
	]);
	t.deepEqual(
		points('rates').map((point) => Object.keys(point)),
		Array(4).fill(['b', 'a']),
	);
	t.is(layout('rates').seeds, 'none');
	const [link] = links('rates');
	t.is(link?.kind, 'groups');
	t.is(link?.name, 'from');
});

test('an analysis takes all tasks of each of its inputs, under the names in `from`', (t) => {
	const spikes = simulate({ over: grid({ a: [1, 2] }), run: one });
	const { links } = expanded({ spikes, figure: analyze({ from: { left: spikes, right: spikes }, run: one }) });
	t.deepEqual(links('figure'), [
		{ kind: 'all', name: 'left', upstream: 0 },
		{ kind: 'all', name: 'right', upstream: 0 },
	]);
});

test('a task that no upstream task agrees with is a problem that names its parameter set', (t) => {
	const input = generate({ over: grid({ amplitude: [1] }), run: one });
	const spikes = simulate({ over: grid({ amplitude: [1, 2, 3] }), from: { input }, run: one });
	const [complaint, ...more] = complaints(() => expanded({ input, spikes }).links('spikes'));
	t.is(more.length, 0);
	t.is(
		complaint?.message,
		"spikes amplitude=2 has no task of input to take 'input' from (the same holds for 1 more): " +
			'input has no parameter set that agrees with it.',
	);
	t.is(complaint?.line, 7);
});

test('a task that several upstream tasks agree with is a problem that says what to do', (t) => {
	const input = generate({ over: grid({ amplitude: [1, 2], trial_: [0, 1] }), run: one });
	const spikes = simulate({ over: list([{ amplitude: 2 }]), from: { drive: input }, run: one });
	const [complaint] = complaints(() => expanded({ input, spikes }).links('spikes'));
	t.is(
		complaint?.message,
		"spikes amplitude=2 could take 'drive' from several tasks of input: they differ in parameters that spikes does not " +
			'have. Aggregate them first, or add those parameters.',
	);
});

test('two different defaults on the two sides of a link are a problem that shows both', (t) => {
	const input = generate({ over: grid({ tau: axis([10, 20], { default: 10 }) }), run: one });
	const spikes = simulate({ over: grid({ tau: axis([10, 20], { default: 20 }) }), from: { input }, run: one });
	const [complaint] = complaints(() => expanded({ input, spikes }).links('spikes'));
	t.regex(complaint?.message ?? '', /^spikes and input give tau two different defaults \(20 and 10\)\./);
});

test('what the functions of a space do wrong is a problem with its place', (t) => {
	const space = grid({ a: [1, 2] }).where((p) => {
		if (p.a === 2) throw new Error('no such cell');
		return true;
	});
	const [complaint] = complaints(() => expanded({ input: generate({ over: space, run: one }) }).layout('input'));
	t.regex(complaint?.message ?? '', /no such cell/);
	t.is(complaint?.file, 'Scanfile.ts');
});

test('rows and links are computed when they are asked for, and once', (t) => {
	let asked = 0;
	const counted = grid({ a: [1, 2, 3] }).where(() => {
		asked++;
		return true;
	});
	const { layout, links } = expanded({
		input: generate({ over: counted, run: one }),
		other: generate({ run: one }),
	});
	t.is(layout('other').size, 1);
	t.is(asked, 0);
	t.is(layout('input'), layout('input'));
	t.is(links('input'), links('input'));
});
