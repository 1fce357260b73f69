// Rules as data: what a rule keeps of what it is given, and the sentences for what it cannot be given.
import test from 'ava';
import {
	aggregate,
	analyze,
	command,
	generate,
	grid,
	python,
	type Rule,
	shell,
	simulate,
	value,
} from '../../rules/index.ts';
import { isRule, parametersOf } from '../../rules/rule.ts';

const untyped = (thing: unknown): never => thing as never;
const space = grid({ a: [1], weight: [2] });
const run = () => 1;
const spikes = simulate({ over: space.trials(2), run });

test('a rule keeps its function, its space and its inputs as they were given', (t) => {
	const from = { spikes };
	const rule = simulate({ over: space, from, run });
	t.true(isRule(rule));
	t.is(rule.kind, 'simulate');
	t.deepEqual(rule.recipe, { kind: 'function', run });
	t.is(rule.over, space);
	t.is(rule.from, from, 'the very object: what is put in later is seen');
	t.is(rule.by, undefined);
	t.regex(rule.site.split('\n')[1] ?? '', /rule\.test/);
	t.deepEqual(rule.problems, []);
});

test('an aggregate has one upstream rule, and groups', (t) => {
	const rule = aggregate({ from: spikes, by: ['weight', 'a'], run });
	t.deepEqual(Object.keys(rule.from), ['from']);
	t.is(rule.from['from'], spikes);
	t.deepEqual(rule.by, ['weight', 'a']);
	t.is(rule.missing, 'fail');
	t.is(aggregate({ from: spikes, by: [], missing: 'skip', run }).missing, 'skip');
});

test('the parameters of a rule are those of its space, its groups, or none', (t) => {
	t.deepEqual(parametersOf(spikes), ['a', 'weight', 'trial']);
	t.deepEqual(parametersOf(aggregate({ from: spikes, by: ['weight'], run })), ['weight']);
	t.deepEqual(parametersOf(analyze({ from: { spikes }, run })), []);
	t.deepEqual(parametersOf(generate({ run })), []);
});

test('over may be left out, from and the options too', (t) => {
	const rule = generate({ run });
	t.is(rule.over, undefined);
	t.deepEqual(rule.from, {});
	t.deepEqual(rule.options, {
		uses: [],
		env: [],
		version: undefined,
		retries: 0,
		timeoutSeconds: undefined,
		cores: undefined,
		memoryMiB: undefined,
		executor: undefined,
	});
});

test('options are read into plain units', (t) => {
	const model = value({ tau: [1, Number.NaN, new Float64Array(2)] });
	const { options, problems } = generate({
		run,
		uses: ['data/*.csv', model],
		env: ['OMP_NUM_THREADS'],
		version: '2b',
		retries: 3,
		timeout: '90s',
		cores: 4,
		memory: '2GiB',
		executor: 'lab',
	});
	t.deepEqual(problems, []);
	t.deepEqual(options, {
		uses: ['data/*.csv', model],
		env: ['OMP_NUM_THREADS'],
		version: '2b',
		retries: 3,
		timeoutSeconds: 90,
		cores: 4,
		memoryMiB: 2048,
		executor: 'lab',
	});
	t.is(model.kind, 'value');
});

test('one path or one name need no list', (t) => {
	const { options } = generate({ run, uses: 'data.csv', env: 'HOME' });
	t.deepEqual([options.uses, options.env], [['data.csv'], ['HOME']]);
});

test('a timeout is a number and a unit', (t) => {
	const seconds = (timeout: string) => generate({ run, timeout }).options.timeoutSeconds;
	t.deepEqual(['90s', '2h', '1.5 min', '10m', '1d', '500ms'].map(seconds), [90, 7200, 90, 600, 86400, 0.5]);
	t.deepEqual(['90', '2 hours', 's', '-1s', '0s', '1h30m', ''].map(seconds), Array(7).fill(undefined));
});

test('memory is a number and a unit, in MiB rounded up', (t) => {
	const size = (memory: string) => generate({ run, memory }).options.memoryMiB;
	t.deepEqual(['2GiB', '500 MiB', '1.5TiB', '1KiB', '1GB'].map(size), [2048, 500, 1572864, 1, 954]);
	t.deepEqual(['2', '2G', '2gib', '0MiB'].map(size), Array(4).fill(undefined));
});

const circle: Record<string, unknown> = {};
circle['itself'] = circle;

const mistakes: [string, () => Rule, RegExp][] = [
	[
		'a function alone',
		() => generate(untyped(run)),
		/^generate takes one object, not a function: generate\(\{ over: space, run: f \}\)\.$/,
	],
	['a space alone', () => simulate(untyped(space)), /^simulate takes one object, not a space/],
	[
		'no function',
		() => generate(untyped({ over: space })),
		/^run is missing; give a function, python\("model\.py", "simulate"\), command\(\[…\]\) or shell`…`\.$/,
	],
	[
		'no function for rows',
		() => aggregate(untyped({ from: spikes, by: ['a'] })),
		/^run is missing; give a function or python\("model\.py", "simulate"\)\.$/,
	],
	[
		'a word alone',
		() => generate({ over: space, run: untyped(python) }),
		/^run is the word python alone; say what is to run: python\("model\.py", "simulate"\)\.$/,
	],
	['another word alone', () => generate({ run: untyped(command) }), /^run is the word command alone; .*: command\(\[/],
	['shell alone', () => generate({ run: untyped(shell) }), /^run is the word shell alone; say what is to run: shell`/],
	[
		'a file in place of a function',
		() => simulate({ run: untyped('model.py') }),
		/^run is "model\.py"; give a function, python\("model\.py", "simulate"\), command/,
	],
	[
		'what to run as over',
		() => simulate({ over: untyped(python('model.py', 'simulate')), run }),
		/^over is a function of Python \(python\); give a space/,
	],
	['a command as over', () => simulate({ over: untyped(shell`ls`), run }), /^over is a shell line; give a space/],
	[
		'what to run alone',
		() => simulate(untyped(python('model.py', 'simulate'))),
		/^simulate takes one object, not a function of Python \(python\): simulate\(\{ over: space, from/,
	],
	[
		'what to run as inputs',
		() => simulate({ from: untyped(python('model.py', 'simulate')), run }),
		/^from is a function of Python \(python\); give rules by name/,
	],
	[
		'a result in place of a function',
		() => generate({ over: space, run: untyped(run()) }),
		/^run is 1; give a function/,
	],
	['over a rule', () => simulate({ over: untyped(spikes), run }), /^over is a rule \(simulate\); give a space/],
	['over a list', () => simulate({ over: untyped([1]), run }), /^over is a list; give a space/],
	[
		'from a rule',
		() => simulate({ from: untyped(spikes), run }),
		/^from is a rule \(simulate\); give rules by name: from: \{ input \}\.$/,
	],
	['from nothing', () => analyze(untyped({ run })), /^from is missing; give rules by name/],
	[
		'aggregate of rules by name',
		() => aggregate({ from: untyped({ spikes }), by: [], run }),
		/^from is an object; give one rule: .*; leave the braces out\.$/,
	],
	[
		'aggregate of a space',
		() => aggregate({ from: untyped(space), by: [], run }),
		/^from is a space; give one rule: aggregate/,
	],
	[
		'aggregate without by',
		() => aggregate(untyped({ from: spikes, run })),
		/^by is missing; give a list of names: by: \["weight"\]\.$/,
	],
	[
		'by a name alone',
		() => aggregate({ from: spikes, by: untyped('weight'), run }),
		/^by is "weight"; give a list of names/,
	],
	[
		'by something else',
		() => aggregate({ from: spikes, by: untyped([3]), run }),
		/^by has 3; give names of parameters/,
	],
	[
		'by in a simulate',
		() => simulate(untyped({ over: space, by: ['a'], run })),
		/^by belongs to aggregate; simulate has no such option\.$/,
	],
	[
		'missing in an analyze',
		() => analyze(untyped({ from: { spikes }, missing: 'skip', run })),
		/^missing belongs to aggregate/,
	],
	[
		'over in an aggregate',
		() => aggregate(untyped({ from: spikes, by: [], over: space, run })),
		/^over belongs to generate and simulate; aggregate has/,
	],
	[
		'an unknown kind of missing',
		() => aggregate({ from: spikes, by: [], missing: untyped('ignore'), run }),
		/^missing is "ignore"; write "skip" or "fail"/,
	],
	[
		'a misspelt option',
		() => generate(untyped({ run, retrys: 3 })),
		/^generate has no option retrys; did you mean retries\?$/,
	],
	['an option that is none', () => generate(untyped({ run, colour: 3 })), /^generate has no option colour\.$/],
	['negative retries', () => generate({ run, retries: -1 }), /^retries is -1; give a whole number, 0 or more\.$/],
	[
		'a timeout without a unit',
		() => generate({ run, timeout: '90' }),
		/^timeout is "90"; give a duration, such as "90s"/,
	],
	['a timeout that is a number', () => generate({ run, timeout: untyped(90) }), /^timeout is 90; give a duration/],
	['memory in words', () => generate({ run, memory: 'much' }), /^memory is "much"; give a size, such as/],
	['no core', () => generate({ run, cores: 0 }), /^cores is 0; give a whole number, 1 or more/],
	[
		'a version that is an object',
		() => generate({ run, version: untyped({}) }),
		/^version is an object; give a number or text/,
	],
	['a version that is NaN', () => generate({ run, version: Number.NaN }), /^version is NaN; give a number or text/],
	[
		'an executor that is no name',
		() => generate({ run, executor: untyped({}) }),
		/^executor is an object; give the name/,
	],
	[
		'an environment variable that is none',
		() => generate({ run, env: ['A=1'] }),
		/^env has "A=1"; give names of environment variables/,
	],
	['an empty path', () => generate({ run, uses: [''] }), /^uses\[0\] is empty; give a path or a glob/],
	[
		'data without value',
		() => generate({ run, uses: untyped(['a', { b: 1 }]) }),
		/^uses\[1\] is an object; give a path, a glob, value\(data\) or tool\(/,
	],
	[
		'value of a function',
		() => generate({ run, uses: [value({ a: [run] })] }),
		/^uses\[0\] is value\(…\) of what is no plain data: a\[0\] is a function/,
	],
	['value of a Date', () => generate({ run, uses: [value(new Date(0))] }), /: it is a Date/],
	['value of undefined', () => generate({ run, uses: [value({ a: { b: undefined } })] }), /: a\.b is undefined/],
	['value of a circle', () => generate({ run, uses: [value(circle)] }), /: itself is an object that contains itself/],
];

for (const [what, make, sentence] of mistakes) {
	test(`a problem with the rule's place: ${what}`, (t) => {
		const rule = make();
		t.true(isRule(rule));
		const [problem, ...others] = rule.problems;
		t.regex(problem?.message ?? '', sentence);
		t.deepEqual(others, []);
		t.regex(problem?.stack?.split('\n')[1] ?? '', /rule\.test/);
	});
}
