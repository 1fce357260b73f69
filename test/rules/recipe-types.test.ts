// What the compiler must infer of commands, shell lines and functions of Python, and what it must refuse, as the editor of a Scanfile sees it.
// A wrong name does not compile; at run time there is next to nothing to see.
import test from 'ava';
import {
	aggregate,
	analyze,
	type Command,
	command,
	file,
	generate,
	given,
	grid,
	json,
	out,
	param,
	python,
	type Rule,
	scan,
	shell,
	simulate,
	text,
} from '../../rules/index.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles where the rule's result is exactly this. */
function gives<R>(_rule: Rule<never, R> | Rule<unknown, R>, _same: true): void {}
const same = <A, B>(holds: Equal<A, B>): Equal<A, B> => holds;
type ResultOf<T> = T extends Rule<infer _P, infer R> ? R : never;
type ParamsOf<T> = T extends Rule<infer P, unknown> ? P : never;

interface Spikes {
	readonly rate: number;
	readonly cv: number;
}

const space = grid({ rate: [1, 2], mode: ['on', 'off'], freq: [1, 2] }).drop('freq', (p) => p.rate === 1);
const input = generate({ over: space.trials(3), run: command(['./gen', '--rate', param('rate'), out('train.txt')]) });

test('a chain of commands infers without an annotation', (t) => {
	const spikes = simulate({
		over: space.trials(3),
		from: { input },
		run: command(
			['./lif', 5, given('freq', ['--f', param('freq')]), file('input', 'train.txt'), out('s.txt')],
			json<Spikes>(),
		),
	});
	const lines = simulate({
		over: space.trials(3),
		from: { spikes, input },
		run: shell`sort -n < ${file('spikes', 's.txt')} | head -n ${5} > ${out('first.txt')}`,
	});
	t.true(same<ResultOf<typeof input>, null>(true));
	t.true(same<ResultOf<typeof spikes>, Spikes>(true));
	t.true(same<ResultOf<typeof lines>, null>(true));
	t.true(same<ParamsOf<typeof spikes>['rate'], number>(true));
	t.true(same<ParamsOf<typeof spikes>['mode'], 'on' | 'off'>(true));
	t.deepEqual(scan({ input, spikes, lines }).problems, []);
});

test('json<R>() gives R, text() a string, and what prints no result null', (t) => {
	gives<Spikes>(simulate({ run: command(['./lif'], json<Spikes>()) }), true);
	gives<number[]>(simulate({ run: shell.with(json<number[]>())`./lif | tail -n 1` }), true);
	gives<string>(simulate({ run: command(['date'], text()) }), true);
	gives<string>(simulate({ run: shell.with(text())`date | rev` }), true);
	gives<null>(simulate({ run: command(['true']) }), true);
	gives<null>(simulate({ run: shell`true` }), true);
	const unsaid = simulate({ run: command(['./lif'], json()) });
	t.true(same<ResultOf<typeof unsaid>, unknown>(true), 'what is not said is unknown, not any');
	// @ts-expect-error it prints text
	gives<number>(simulate({ run: command(['date'], text()) }), true);
	// @ts-expect-error it prints no result
	gives<Spikes>(simulate({ run: command(['./lif']) }), true);
});

test('a function gets the result of a command that is its input, typed', (t) => {
	const spikes = simulate({ over: space, run: command(['./lif'], json<Spikes>()) });
	const drawn = simulate({
		over: space,
		from: { spikes, input: generate({ over: space, run: shell`true` }) },
		run: (p, inputs, io) => {
			const nothing: null = inputs.input;
			io.in('spikes', 'train.txt');
			// @ts-expect-error no input has this name
			io.in('spike', 'train.txt');
			// @ts-expect-error the result has no such field
			inputs.spikes.rates;
			return inputs.spikes.cv + p.rate + (nothing === null ? 1 : 0);
		},
	});
	gives<number>(drawn, true);
	t.deepEqual(scan({ drawn }).problems, []);
});

test('a name that is no parameter does not compile', (t) => {
	simulate({ over: space, run: command(['./lif', param('rate'), param('mode')]) });
	simulate({ over: space.trials(2), run: command(['./lif', param('seed'), param('trial')]) });
	// @ts-expect-error misspelt
	simulate({ over: space, run: command(['./lif', param('raet')]) });
	// @ts-expect-error misspelt beside one that is not
	simulate({ over: space, run: command(['./lif', param('rate'), param('raet')]) });
	// @ts-expect-error misspelt, with a result
	simulate({ over: space, run: command(['./lif', param('raet')], json<Spikes>()) });
	// @ts-expect-error there are no trials
	simulate({ over: space, run: command(['./lif', param('seed')]) });
	// @ts-expect-error there are no parameters
	simulate({ run: command(['./lif', param('rate')]) });
	// @ts-expect-error misspelt
	simulate({ over: space, run: shell`./lif ${param('raet')}` });
	// @ts-expect-error misspelt, with a result
	generate({ over: space, run: shell.with(json<Spikes>())`./lif ${param('raet')}` });
	t.pass();
});

test('a misspelt name of given does not compile, nor one inside it', (t) => {
	simulate({ over: space, run: command(['./lif', given('freq', ['--f', param('freq')])]) });
	// @ts-expect-error misspelt
	simulate({ over: space, run: command(['./lif', given('frq', ['--f', param('freq')])]) });
	// @ts-expect-error misspelt inside
	simulate({ over: space, run: command(['./lif', given('freq', ['--f', param('feq')])]) });
	// @ts-expect-error misspelt inside one inside
	simulate({ over: space, run: shell`./lif ${given('freq', [given('mode', [param('feq')])])}` });
	// @ts-expect-error no such input
	simulate({ over: space, run: command(['./lif', given('freq', [file('input', 'x')])]) });
	t.pass();
});

test('a file of an input that from does not name does not compile', (t) => {
	const over = space.trials(3);
	simulate({ over, from: { input }, run: command(['./lif', file('input', 'train.txt')]) });
	// @ts-expect-error misspelt
	simulate({ over, from: { input }, run: command(['./lif', file('inptu', 'train.txt')]) });
	// @ts-expect-error misspelt
	simulate({ over, from: { input }, run: shell`./lif < ${file('inptu', 'train.txt')}` });
	// @ts-expect-error the rule has no from
	simulate({ over, run: shell`./lif < ${file('input', 'train.txt')}` });
	// @ts-expect-error an input is named, not given
	command(['./lif', file(input, 'train.txt')]);
	t.pass();
});

test('words are text, numbers and scanmake’s own; a flag that is true or undefined does not compile', (t) => {
	const verbose: boolean = space.size > 0;
	command(['./lif', '-v', 0.1, ...(verbose ? ['--all'] : [])]);
	// @ts-expect-error a boolean
	command(['./lif', verbose]);
	// @ts-expect-error nothing
	command(['./lif', verbose ? '-v' : undefined]);
	// @ts-expect-error a list in the list
	command(['./lif', ['-v']]);
	// @ts-expect-error text alone: it is a shell that would cut it
	command('./lif -v');
	// @ts-expect-error json is called
	command(['./lif'], json);
	t.pass();
});

test('a command stands outside a rule, and fits each rule that has what it needs', (t) => {
	const lif = command(['./lif', param('rate'), file('input', 'train.txt')], json<Spikes>());
	const typed: Command<'rate', 'input', Spikes> = lif;
	gives<Spikes>(simulate({ over: space, from: { input: generate({ run: shell`x` }) }, run: typed }), true);
	// @ts-expect-error this rule has no parameter rate
	simulate({ over: grid({ weight: [1] }), from: { input: generate({ run: shell`x` }) }, run: lif });
	// @ts-expect-error this rule has no input
	simulate({ over: space, run: lif });
	t.pass();
});

test('a function of Python gives what is said in <…>, to rows, inputs and tables; unsaid it is unknown', (t) => {
	const cell = simulate({ over: space.trials(3), from: { input }, run: python<Spikes>('lif.py', 'cell') });
	t.true(same<ResultOf<typeof cell>, Spikes>(true));
	t.true(same<ParamsOf<typeof cell>['mode'], 'on' | 'off'>(true), 'the space decides, without an annotation');
	const mean = aggregate({
		from: cell,
		by: ['rate', 'freq'],
		run: (rows, group) => rows.reduce((sum, row) => sum + row.result.cv, 0) / rows.length + (group.freq ?? group.rate),
	});
	t.true(same<ResultOf<typeof mean>, number>(true));
	const summed = aggregate({ from: cell, by: ['rate', 'freq'], run: python<{ mean: number }>('lif.py', 'mean') });
	t.true(same<ResultOf<typeof summed>, { mean: number }>(true));
	t.true(same<ParamsOf<typeof summed>['rate'], number>(true));
	t.true(same<keyof ParamsOf<typeof summed>, 'rate' | 'freq'>(true));
	const figure = analyze({ from: { summed, cell }, run: python<string>('lif.py', 'figure') });
	t.true(same<ResultOf<typeof figure>, string>(true));
	const means = analyze({
		from: { summed },
		run: ({ summed }) => summed.map((row) => row.result.mean + row.params.rate),
	});
	t.true(same<ResultOf<typeof means>, number[]>(true));
	const next = simulate({ over: space, from: { summed }, run: (p, { summed }) => summed.mean + p.rate });
	gives<number>(next, true);
	const shown = simulate({ over: space.trials(3), from: { cell }, run: shell`cat ${file('cell', 'train.txt')}` });

	const unsaid = simulate({ over: space, run: python('lif.py', 'cell') });
	t.true(same<ResultOf<typeof unsaid>, unknown>(true), 'not any');
	const grouped = aggregate({ from: unsaid, by: ['rate'], run: python('lif.py', 'mean') });
	t.true(same<ResultOf<typeof grouped>, unknown>(true));
	t.deepEqual(scan({ cell, mean, summed, figure, means, next, shown, unsaid, grouped }).problems, []);
});

test('beside a function of Python a misspelt name does not compile either', (t) => {
	const run = python<Spikes>('lif.py', 'cell');
	const cell = simulate({ over: space.trials(3), run });
	// @ts-expect-error misspelt
	aggregate({ from: cell, by: ['raet'], run });
	// @ts-expect-error seeds belong to single trials
	aggregate({ from: cell, by: ['seed'], run });
	// @ts-expect-error the result has no such field
	aggregate({ from: cell, by: ['rate'], run: (rows) => rows.map((row) => row.result.rates) });
	// @ts-expect-error no option of this name
	simulate({ over: space, run, timeuot: '2h' });
	// @ts-expect-error no space
	simulate({ over: run, run });
	// @ts-expect-error the function has no name
	python('lif.py');
	// @ts-expect-error not the word alone
	simulate({ over: space, run: python });
	// @ts-expect-error another result than is said
	gives<number>(simulate({ over: space, run }), true);
	t.pass();
});
