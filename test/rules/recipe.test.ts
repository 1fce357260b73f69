// Commands and shell lines as data, and every mistake in them that can be told without running anything.
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
	scan,
	shell,
	simulate,
	text,
} from '../../rules/index.ts';
import { isProgram, isPython, needsOf } from '../../rules/recipe.ts';

const untyped = (thing: unknown): never => thing as never;
const space = grid({ amplitude: [0, 1], frequency: [1, 2] });
const input = generate({ over: space, run: command(['./gen', out('train.txt'), out('plots/rate.svg')]) });
const made = generate({ over: space, run: () => null });

/** What is wrong with a simulate that runs this, as sentences. */
function wrong(run: unknown, from = { input, made }): readonly string[] {
	return scan({ s: simulate({ over: space, from, run: untyped(run) }) }).problems.map(({ message }) => message);
}

test('a command is its words as data, numbers as JavaScript writes them', (t) => {
	const words = ['./lif', 0.1, 1e-7, -0, 1e21, param('frequency'), out('s.txt'), file('input', 'train.txt')] as const;
	const { recipe } = simulate({ over: space, from: { input }, run: command(words, json<number>()) });
	t.deepEqual(recipe, {
		kind: 'command',
		words: [
			...['./lif', '0.1', '1e-7', '0', '1e+21'],
			{ kind: 'param', name: 'frequency' },
			{ kind: 'out', name: 's.txt' },
			{ kind: 'file', input: 'input', name: 'train.txt' },
		],
		output: 'json',
	});
	t.true(isProgram(recipe));
	t.false(isProgram({ ...recipe }), 'what only looks like one is none');
	const nothing = simulate({ run: command(['true']) }).recipe;
	const said = simulate({ run: command(['date'], text()) }).recipe;
	t.deepEqual([isProgram(nothing) && nothing.output, isProgram(said) && said.output], ['nothing', 'text']);
});

test('a shell line is its text around its words', (t) => {
	const { recipe } = simulate({
		over: space,
		run: shell`./lif ${param('amplitude')} --n ${5} | sort > ${out('s.txt')}`,
	});
	t.deepEqual(recipe, {
		kind: 'shell',
		text: ['./lif ', ' --n ', ' | sort > ', ''],
		words: [{ kind: 'param', name: 'amplitude' }, '5', { kind: 'out', name: 's.txt' }],
		output: 'nothing',
	});
	const withResult = simulate({ run: shell.with(json<number>())`wc -l < spikes.txt` }).recipe;
	t.deepEqual(isProgram(withResult) && withResult.output, 'json');
});

/** The text of a line without words. */
function lineOf(run: Command<never, never, null>): string | undefined {
	const { recipe } = simulate({ run });
	return recipe.kind === 'shell' ? recipe.text.join('') : undefined;
}

test('a shell line keeps its backslashes as they are typed', (t) => {
	t.is(lineOf(shell`printf 'a\n\t\\b' | sed 's/\(x\)/\1/'`), "printf 'a\\n\\t\\\\b' | sed 's/\\(x\\)/\\1/'");
	t.is(lineOf(shell`awk '{ print $1 }' spikes.txt`), "awk '{ print $1 }' spikes.txt");
	t.is(
		lineOf(shell`ls \
		-l`),
		'ls \\\n\t\t-l',
	);
	t.is(lineOf(shell`printf '\u12'`), "printf '\\u12'", 'also where JavaScript knows no such escape');
});

test('what a template could not hold otherwise becomes what it stands for: a backquote and ${', (t) => {
	const home = ['$', '{HOME}'].join('');
	t.is(lineOf(shell`echo \`date\` \${HOME} $HOME`), `echo \`date\` ${home} $HOME`);
	t.is(lineOf(shell`echo \$HOME`), 'echo \\$HOME', 'a dollar that needs no backslash keeps it');
	t.is(lineOf(shell`echo \\\${HOME}`), `echo \\\\${home}`);
});

test('what a command names is found, also inside given, with what given makes sure of', (t) => {
	const { recipe } = simulate({
		over: space,
		from: { input },
		run: shell`x ${param('amplitude')} ${given('frequency', ['-f', param('frequency'), given('amplitude', [out('a')])])} ${file('input', 'train.txt')}`,
	});
	t.deepEqual(isProgram(recipe) && needsOf(recipe), [
		{ kind: 'param', name: 'amplitude', present: [] },
		{ kind: 'given', name: 'frequency', present: [] },
		{ kind: 'param', name: 'frequency', present: ['frequency'] },
		{ kind: 'given', name: 'amplitude', present: ['frequency'] },
		{ kind: 'out', name: 'a', present: ['frequency', 'amplitude'] },
		{ kind: 'file', input: 'input', name: 'train.txt', present: [] },
	]);
});

const mistakes: [string, unknown, RegExp][] = [
	[
		'a parameter',
		command(['x', param('frequncy')]),
		/^simulate s: param\("frequncy"\) is no parameter.*mean frequency\?$/,
	],
	[
		'a parameter of a line',
		shell`x ${param('tau')}`,
		/param\("tau"\) is no parameter of the rule; it has amplitude, freq/,
	],
	['a given name', command(['x', given('frq', ['-f'])]), /given\("frq"\) is no parameter of the rule/],
	['inside given', command(['x', given('frequency', [param('amplitud')])]), /param\("amplitud"\).*mean amplitude\?$/],
	['a seed without trials', command(['x', param('seed')]), /param\("seed"\) is no parameter of the rule; it has/],
	['an input', command(['x', file('inptu', 'train.txt')]), /file\("inptu", …\) names no input; did you mean input\?$/],
	[
		'a file',
		command(['x', file('input', 'trian.txt')]),
		/"trian\.txt"\) is no file of that input; did you mean train\.txt\?$/,
	],
	[
		'another file',
		shell`x < ${file('input', 'b')}`,
		/is no file of that input; it writes train\.txt, plots\/rate\.svg\.$/,
	],
	[
		'a way upwards',
		command(['x', out('../x')]),
		/^simulate s: out\("\.\.\/x"\) is no name of a file in the task's folder; write/,
	],
	['a way from the root', command(['x', out('/tmp/x')]), /out\("\/tmp\/x"\) is no name of a file/],
	['a way through a folder', shell`x > ${out('a/../../x')}`, /out\("a\/\.\.\/\.\.\/x"\) is no name of a file/],
	['a file without a name', command(['x', out('')]), /out\(""\) is no name of a file/],
	['a folder', command(['x', out('plots/')]), /out\("plots\/"\) is no name of a file/],
	['no program', command([]), /^simulate s: command names no program; give a program and its arguments/],
	['an empty program', command(['']), /command names no program/],
	['an empty line', shell``, /^simulate s: the shell line is empty/],
	[
		'a line of white space',
		shell`
	`,
		/the shell line is empty/,
	],
	['text for a command', command(untyped('./lif -v')), /command names no program/],
	['shell with parentheses', shell(untyped('ls')), /shell stands right before its line, without parentheses/],
	[
		'a line in quotes',
		shell`x "${param('amplitude')}"`,
		/the first \$\{…\} of the shell line stands inside quotes \("\)/,
	],
	['a line in single quotes', shell`x ${1} '${param('amplitude')} b'`, /the second \$\{…\}.*inside quotes \('\)/],
	[
		'a flag that is true',
		command(['x', untyped(true)]),
		/^simulate s: there is true among its words; give text, a number/,
	],
	['nothing', command(['x', untyped(undefined)]), /there is undefined among its words/],
	['null', shell`x ${untyped(null)}`, /there is null among its words/],
	['a list', command(['x', given('frequency', [untyped(['-f'])])]), /there is a list among its words/],
	['a rule as input', command(['x', file(untyped(input), 'train.txt')]), /there is an object among its words/],
	['a parameter that has no name', command(['x', param(untyped(3))]), /there is an object among its words/],
	['a NUL', command(['x', 'a\0b']), /one of its words holds a NUL character/],
	['json without its call', command(['x'], untyped(json)), /what it prints is neither json\(\) nor text\(\)/],
];

for (const [what, run, sentence] of mistakes) {
	test(`a mistake in a command is one problem, with its place: ${what}`, (t) => {
		const [message = '', ...others] = wrong(run);
		t.regex(message, sentence);
		t.deepEqual(others, []);
		const [problem] = scan({ s: simulate({ over: space, from: { input, made }, run: untyped(run) }) }).problems;
		t.regex(problem?.stack?.split('\n')[1] ?? '', /recipe\.test/);
	});
}

test('every mistake of a command is listed, each once', (t) => {
	const run = command(['', param('a1'), param('a1'), file('none', 'x'), out('../x'), untyped(null)]);
	t.deepEqual(
		wrong(run).map((message) => message.replace(/;.*/, '')),
		[
			'simulate s: there is null among its words',
			'simulate s: command names no program',
			'simulate s: param("a1") is no parameter of the rule',
			'simulate s: file("none", …) names no input',
			'simulate s: out("../x") is no name of a file in the task\'s folder',
		],
	);
});

test('files of a function, of Python too, are known only when it has run, and a file may have any name in the folder', (t) => {
	t.deepEqual(wrong(command(['x', file('made', 'anything.txt')])), []);
	const drawn = generate({ over: space, run: python('draw.py', 'draw') });
	t.deepEqual(
		scan({ s: simulate({ over: space, from: { drawn }, run: shell`cat ${file('drawn', 'a.npy')}` }) }).problems,
		[],
	);
	t.deepEqual(wrong(command(['x', out('a b/c\'d".txt'), out('-x'), out('.hidden'), out('…')])), []);
	t.deepEqual(wrong(shell`x ${param('amplitude')}'quoted' "and so" ${out('a')}`), []);
	t.deepEqual(wrong(shell`x it\'s ${param('amplitude')}`), []);
});

test('where a rule has no parameters or no inputs the sentence says so', (t) => {
	const bare = scan({ s: simulate({ run: untyped(command(['x', param('a'), file('input', 'x')])) }) });
	t.regex(bare.problems[0]?.message ?? '', /param\("a"\) is no parameter of the rule; it has none\.$/);
	t.regex(bare.problems[1]?.message ?? '', /file\("input", …\) names no input; the rule has no from\.$/);
	const silent = generate({ over: space, run: shell`true` });
	const reads = simulate({ over: space, from: { silent }, run: command(['x', file('silent', 'x')]) });
	t.regex(scan({ reads }).problems[0]?.message ?? '', /is no file of that input; it writes none\.$/);
});

test('trial and seed are parameters of a command where there are trials', (t) => {
	const run = command(['./lif', param('seed'), param('trial')]);
	t.deepEqual(scan({ s: simulate({ over: space.trials(2), run }) }).problems, []);
});

test('aggregate and analyze run functions alone, and the sentence says how those read files', (t) => {
	for (const run of [untyped(command(['x'])), untyped(shell`x`)]) {
		const response = aggregate({ from: input, by: ['amplitude'], run });
		const figure = analyze({ from: { input }, run });
		const messages = scan({ response, figure }).problems.map(({ message }) => message);
		t.is(messages.length, 2);
		t.regex(
			messages[0] ?? '',
			/^aggregate response: run is a (command|shell), which only generate and simulate can run/,
		);
		t.regex(
			messages[1] ?? '',
			/^analyze figure: run is a .* it can read the files of its rows by row\.file\("name"\)\.$/,
		);
	}
});

test('a function of Python is the file of its module and its name as data, in every kind of rule', (t) => {
	const run = python('models/lif.py', 'simulate');
	const cell = simulate({ over: space, from: { input }, run });
	t.deepEqual(cell.recipe, { kind: 'python', file: 'models/lif.py', name: 'simulate' });
	t.true(isPython(cell.recipe));
	t.false(isPython({ ...cell.recipe }), 'what only looks like one is none');
	t.false(isProgram(cell.recipe));
	const drawn = generate({ run });
	const response = aggregate({ from: cell, by: ['amplitude'], run });
	const figure = analyze({ from: { response }, run });
	for (const { recipe } of [drawn, response, figure]) t.is(recipe, cell.recipe);
	t.deepEqual(scan({ drawn, cell, response, figure }).problems, []);
	for (const path of ['/abs/model.py', '../model.py', './a b.py', 'größe.py', 'my-model.py', 'pkg/__init__.py'])
		t.deepEqual(wrong(python(path, 'größe_2')), []);
});

const pythonMistakes: [string, unknown, RegExp][] = [
	[
		'nothing',
		python(untyped(undefined), untyped(undefined)),
		/names no file and no function; give both: python\("model/,
	],
	[
		'no name',
		python('lif.py', untyped(undefined)),
		/^simulate s: python\("lif\.py"\) names no function; give one: python\("lif\.py", "simulate"\)\.$/,
	],
	['an empty name', python('lif.py', ''), /python\("lif\.py"\) names no function; give one/],
	[
		'an object',
		python(untyped({ file: 'lif.py', name: 'f' }), untyped(undefined)),
		/python takes the file of a module and the name of a function, not an object: python/,
	],
	[
		'a function',
		python(
			untyped(() => 1),
			'f',
		),
		/the name of a function, not a function: python/,
	],
	[
		'a name that is a function',
		python(
			'lif.py',
			untyped(() => 1),
		),
		/the function of python\("lif\.py", …\) is a function; give its name as text/,
	],
	[
		'parameters for a name',
		python('lif.py', untyped({ a: 1 })),
		/the function of python\("lif\.py", …\) is an object; give its name/,
	],
	['an empty file', python('', 'f'), /the file of python is empty; give the path/],
	['a NUL', python('a\0.py', 'f'), /the file of python holds a NUL/],
	[
		'a module',
		python('model', 'f'),
		/"model" is no file of a Python module, which ends in \.py; give its file: python\("model\.py", "f"\)\.$/,
	],
	['a module in a package', python('models.lif', 'f'), /give its file: python\("models\/lif\.py", "f"\)\.$/],
	['a path without its ending', python('models/lif', 'f'), /give its file: python\("models\/lif\.py", "f"\)\.$/],
	[
		'a module and its function',
		python('model.py:run', untyped(undefined)),
		/"model\.py:run" is no file; give the file and the function apart: python\("model\.py", "run"\)\.$/,
	],
	['a folder', python('models/', 'f'), /"models\/" is no file of a Python module, which ends in \.py: python/],
	['a file that has only an ending', python('.py', 'f'), /"\.py" is no file of a Python module, which ends in \.py/],
	[
		'a notebook',
		python('a.ipynb', 'f'),
		/"a\.ipynb" is a notebook, which cannot be imported; put the function into a module/,
	],
	[
		'a module of the Scanfile',
		python('model.ts', 'f'),
		/"model\.ts" is no Python module; import its function in the Scanfile/,
	],
	['what is compiled', python('model.pyc', 'f'), /"model\.pyc" is no source of a Python module/],
	[
		'a call',
		python('a.py', 'run(1)'),
		/python\("a\.py", "run\(1\)"\) names no function; leave out what is not its name: python\("a\.py", "run"\)\.$/,
	],
	['a method', python('a.py', 'Cell.run'), /names what is inside of something; give a function of the module itself/],
	['no identifier', python('a.py', '2d'), /names no function: a name has letters, digits and _, no digit first\.$/],
	['a keyword', python('a.py', 'lambda'), /python\("a\.py", "lambda"\) names a keyword of Python/],
];

for (const [what, run, sentence] of pythonMistakes) {
	test(`a mistake in python is told: ${what}`, (t) => {
		const messages = wrong(run);
		t.is(messages.length, 1, messages.join('\n'));
		t.regex(messages[0] ?? '', sentence);
		const rows = aggregate({ from: input, by: [], run: untyped(run) }).problems;
		t.is(rows.length, messages.length, 'whatever the kind of rule');
	});
}
