// A scan: targets by name, the rules behind them, and every mistake of the Scanfile in one list.
import test from 'ava';
import { aggregate, analyze, generate, grid, python, type Rule, scan, simulate, zip } from '../../rules/index.ts';
import { commandNames, isScan } from '../../rules/scan.ts';

const untyped = (thing: unknown): never => thing as never;
const space = grid({ amplitude: [0, 1], weight: [1, 2] });
const run = () => 1;

function small() {
	const input = generate({ over: space.pick('amplitude').trials(2), run });
	const spikes = simulate({ over: space.trials(2), from: { input }, run });
	const response = aggregate({ from: spikes, by: ['weight'], run });
	return { input, spikes, response, tuning: analyze({ from: { response }, run }) };
}

test('a scan has its targets in the order given and every rule that is reached once', (t) => {
	const { input, spikes, response, tuning } = small();
	const done = scan({ tuning, spikes });
	t.true(isScan(done));
	t.deepEqual(done.problems, []);
	t.deepEqual(
		done.targets.map(({ name }) => name),
		['tuning', 'spikes'],
	);
	t.deepEqual(done.rules, [tuning, response, spikes, input]);
	t.false(isScan({ ...done }));
});

test('what is put into from later is reached too, and a circle ends', (t) => {
	const from: Record<string, Rule> = {};
	const first = simulate({ over: space, from, run });
	const second = simulate({ over: space, from: { first }, run });
	from['second'] = second;
	t.deepEqual(scan({ first }).rules, [first, second]);
});

test('one rule may have two names', (t) => {
	const { input } = small();
	const done = scan({ input, again: input });
	t.deepEqual(done.problems, []);
	t.is(done.rules.length, 1);
	t.is(done.targets.length, 2);
});

test('no target has the name of a command', (t) => {
	const { input } = small();
	for (const name of commandNames) {
		t.regex(scan({ [name]: input }).problems[0]?.message ?? '', new RegExp(`^scan: ${name} is a command of scanmake`));
	}
	for (const name of ['build', 'gc', 'log', 'try', 'version']) t.true(commandNames.includes(name));
	t.deepEqual(scan({ analyze: input, 'input-2': input, _x: input }).problems, []);
});

const { input, spikes, response } = small();
const bare = generate({ run });

const mistakes: [string, () => ReturnType<typeof scan>, RegExp][] = [
	['no target', () => scan({}), /^scan: there is no target; name at least one rule/],
	[
		'a rule without a name',
		() => scan(untyped(input)),
		/^scan: it takes rules by name, not a rule \(generate\): scan\(\{ spikes \}\)\.$/,
	],
	['rules in a list', () => scan(untyped([input])), /^scan: it takes rules by name, not a list/],
	['a target that is a space', () => scan(untyped({ input, space })), /^scan: space is a space; a target is a rule/],
	[
		'a target that is not defined',
		() => scan(untyped({ input, spikes: undefined })),
		/^scan: spikes is missing; a target is a rule/,
	],
	['a target with a strange name', () => scan({ 'a b': input }), /^scan: "a b" cannot be the name of a target/],
	[
		'an unknown option',
		() => scan({ input }, untyped({ excutors: {} })),
		/^scan: there is no option excutors; did you mean executors\?/,
	],
	['options that are none', () => scan({ input }, untyped('x')), /^scan: the options are "x"; give an object/],
	[
		'a python that is no path',
		() => scan({ input }, { python: untyped(3) }),
		/^scan: python is 3; give an interpreter: python: "\.venv\/bin\/python"\.$/,
	],
	['a python that is empty', () => scan({ input }, { python: ' ' }), /^scan: python is " "; give an interpreter/],
	['a python with a NUL', () => scan({ input }, { python: 'a\0b' }), /^scan: python is "a\\u0000b"; give an interp/],
	[
		'a target that is only something to run',
		() => scan(untyped({ input, cell: python('model.py', 'cell') })),
		/^scan: cell is a function of Python \(python\); a target is a rule: generate, simulate/,
	],
	[
		'by of an unknown name',
		() => scan({ r: aggregate({ from: spikes, by: untyped(['wieght']), run }) }),
		/^aggregate r: by has wieght, which is no parameter of its simulate; did you mean weight\?$/,
	],
	[
		'by of a strange name',
		() => scan({ r: aggregate({ from: response, by: untyped(['tau']), run }) }),
		/^aggregate r: by has tau, which is no parameter of its aggregate; it has weight\.$/,
	],
	[
		'by of a rule without parameters',
		() => scan({ r: aggregate({ from: bare, by: untyped(['tau']), run }) }),
		/no parameter of its generate; it has none\.$/,
	],
	[
		'by of seeds',
		() => scan({ r: aggregate({ from: spikes, by: untyped(['seed']), run }) }),
		/^aggregate r: by has seed, which belongs to single trials/,
	],
	[
		'an input that is a space',
		() => scan({ s: simulate({ from: untyped({ space }), run }) }),
		/^simulate s: from\.space is a space; give a rule/,
	],
	[
		'an input that is text',
		() => scan({ s: simulate({ from: untyped({ input: 'input' }), run }) }),
		/^simulate s: from\.input is "input"; give a rule/,
	],
	[
		'an input that is not defined yet',
		() => scan({ s: simulate({ from: untyped({ input: undefined }), run }) }),
		/^simulate s: from\.input is missing; give a rule/,
	],
	[
		'an input with a strange name',
		() => scan({ s: simulate({ from: { 'my input': input }, run }) }),
		/^simulate s: "my input" in from cannot be a name/,
	],
	['an analysis of nothing', () => scan({ a: analyze({ from: {}, run }) }), /^analyze a: from names no rule/],
	[
		'a rule with a mistake',
		() => scan({ s: simulate({ over: space, retries: 0.5, run }) }),
		/^simulate s: retries is 0\.5/,
	],
	[
		'a mistake in a rule without a name',
		() => scan({ a: analyze({ from: { g: generate({ run, cores: 0 }) }, run }) }),
		/^generate: cores is 0/,
	],
	[
		'a space with a mistake',
		() => scan({ g: generate({ over: grid({ a: [Number.NaN] }), run }) }),
		/^grid: a\[0\] is NaN/,
	],
];

for (const [what, make, sentence] of mistakes) {
	test(`a problem with its place: ${what}`, (t) => {
		const [problem, ...others] = make().problems;
		t.regex(problem?.message ?? '', sentence);
		t.deepEqual(others, []);
		t.regex(problem?.stack?.split('\n')[1] ?? '', /scan\.test/);
	});
}

test('everything that is wrong is listed together, a shared space once', (t) => {
	const over = zip({ a: [1, 2], b: [1] });
	const one = generate({ over, run, retries: -1 });
	const two = simulate({ over: over.with({ seed: 1 }), from: { one }, run });
	const three = aggregate({ from: two, by: untyped(['c']), run });
	const words = scan({ plan: three, two, 'x!': one }).problems.map(({ message }) => message.split(/[ :]/)[0]);
	t.deepEqual(words, ['scan', 'scan', 'aggregate', 'zip', '.with', 'generate']);
});
