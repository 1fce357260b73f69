import test from 'ava';
import { conditionsFor } from '../../engine/conditions.ts';
import { aggregate, analyze, generate, grid, simulate } from '../../rules/index.ts';
import { complaintOf, opened } from '../harness.ts';

const input = generate({ over: grid({ amplitude: [0, 1] }), run: () => 1 });
const spikes = simulate({ over: grid({ amplitude: [0, 1], weight: [1] }).trials(2), from: { input }, run: () => 1 });
const rates = aggregate({ from: spikes, by: ['weight'], run: () => 1 });
const scan = opened({ targets: { input, spikes, rates, figure: analyze({ from: { rates }, run: () => 1 }) } });

const conditions = (where: string | undefined, ...targets: string[]) =>
	conditionsFor(scan, scan.needed(targets), where);

test('no --where is no condition', (t) => {
	t.deepEqual(conditions(undefined), []);
});

test('conditions may name parameters of any generate or simulate that the targets need, trial too', (t) => {
	t.deepEqual(
		conditions('weight=1, trial<1, amplitude=0..1').map(({ name }) => name),
		['weight', 'trial', 'amplitude'],
	);
});

test('a parameter that no rule has is a mistake, with the one that may have been meant', async (t) => {
	t.is(await complaintOf(() => conditions('wieght=1')), '--where: there is no parameter wieght. Did you mean weight?');
	const message = await complaintOf(() => conditions('zzz=1, yyy=2'));
	t.deepEqual(
		message.split('\n').map((line) => line.slice(0, 37)),
		['--where: there is no parameter zzz. T', '--where: there is no parameter yyy. T'],
	);
});

test('a parameter of rules that the targets do not need is a mistake, too', async (t) => {
	t.regex(await complaintOf(() => conditions('weight=1', 'input')), /no parameter weight/);
});

test('what cannot be read is a mistake of the command line', async (t) => {
	t.regex(await complaintOf(() => conditions('weight')), /cannot be read/);
});

test('a condition that no value of its parameter meets is a mistake that shows the values', async (t) => {
	t.is(
		await complaintOf(() => conditions('weight=1, amplitude=7')),
		'--where: no parameter set has amplitude=7. The values of amplitude are 0, 1.',
	);
});
