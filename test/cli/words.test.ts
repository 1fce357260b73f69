// What is answered to wrong words, to Scanfiles with mistakes, and to a call for help.
import test from 'ava';
import { optionsOf } from '../../cli/command.ts';
import { allCommands, sayUncaught } from '../../cli/run.ts';
import { arrange, flags, laterCommands, valueOptions } from '../../cli/words.ts';
import { UserError } from '../../engine/errors.ts';
import { bareContext, output, scanmake } from './fake.ts';

test('the problems of a Scanfile are shown together, each behind its place, without a stack', async (t) => {
	const fails = new UserError('scanfile', [
		{ message: 'zip has 3 and 4 values.', file: 'Scanfile.ts', line: 12 },
		{ message: 'by names wieght.', file: 'Scanfile.ts', line: 20 },
	]);
	const text = await scanmake('', { fails });
	t.is(text.stderr, 'Scanfile.ts:12: zip has 3 and 4 values.\nScanfile.ts:20: by names wieght.\n');
	t.is(text.status, 2);
	const json = await scanmake('plan --json', { fails });
	t.deepEqual(JSON.parse(json.stdout), { ok: false, problems: fails.problems });
	t.is(json.stderr, '');
});

test('a store that cannot be used is exit status 3', async (t) => {
	const { status, stderr } = await scanmake('', { fails: new UserError('store', 'The store is read-only.') });
	t.is(status, 3);
	t.is(stderr, 'The store is read-only.\n');
});

test('a defect of scanmake is told from a mistake: a paragraph, the stack, exit status 3', async (t) => {
	const { status, stderr } = await scanmake('', { fails: new TypeError('x is undefined') });
	t.is(status, 3);
	t.regex(stderr, /^scanmake has a defect: x is undefined\. Please report it/);
	t.regex(stderr, /\n {4}at /);
});

test('a promise that the Scanfile let go is a mistake of the Scanfile, not a defect', async (t) => {
	const stderr = output();
	const error = new Error('late');
	error.stack = 'Error: late\n    at eval (scanmake:///ab/Scanfile.ts:6:16)\n    at evaluate (file:///engine.js:1:1)';
	const status = await sayUncaught(error, false, bareContext(stderr));
	t.is(status, 2);
	t.is(
		stderr.stream.text,
		'Something that the Scanfile started, and did not wait for, failed: Error: late. Write await before it.\n',
	);
	const ours = await sayUncaught(new Error('ours'), false, bareContext(stderr));
	t.is(ours, 3);
});

test('a wrong word is answered with the nearest right one and exit status 2', async (t) => {
	const expected: Readonly<Record<string, RegExp>> = {
		'--jsno': /^There is no option --jsno\. Did you mean --json\?\n$/,
		spikse: /^There is neither a command nor a target spikse\. Did you mean spikes\?\n$/,
		paln: /^There is neither a command nor a target paln\. Did you mean plan\?\n$/,
		xyzzy: /^There is neither a command nor a target xyzzy\. The targets are input, spikes, response, tuning\.\n$/,
		'spikes plan': /^plan is a command and no target: it stands first/,
		help: /--help/,
		'table spikse': /^There is no target spikse\. Did you mean spikes\?\n$/,
		'show spikse k=1': /^There is no target spikse\. Did you mean spikes\?\n$/,
		'checkout spikse': /Did you mean spikes\?/,
		'plan --format csv': /^--format is no option of scanmake plan\./,
		'table spikes --format cvs': /^There is no format cvs\. Did you mean csv\?/,
		'table spikes --format parquet': /parquet is not there yet/,
		'table spikes -o out.parquet': /parquet is not there yet/,
		'graph --format dto': /Did you mean dot\?/,
		'graph spikes': /one word too many/,
		'table spikes input': /one word too many/,
		show: /needs the name of a target/,
		'-j': /^-j needs a value/,
		'-j 0': /^--jobs takes a whole number/,
		'-j two': /^--jobs takes a whole number/,
		'--json=1': /^--json takes no value/,
		'--on cluster': /^--on is not there yet/,
		'--keep-going --fail-fast': /contradict/,
		'--where weight': /^The condition "weight" cannot be read/,
		'gc spikes': /takes no target/,
	};
	for (const [line, words] of Object.entries(expected)) {
		const { status, stderr, stdout } = await scanmake(line);
		t.regex(stderr, words, line);
		t.is(status, 2, line);
		t.is(stdout, '', line);
	}
});

test('all unknown targets are named at once', async (t) => {
	const { stderr } = await scanmake('plan spikse spikes inptu');
	t.deepEqual(stderr.trimEnd().split('\n').length, 2);
});

test('commands of a later time say so', async (t) => {
	for (const command of laterCommands) {
		const { status, stderr, asked } = await scanmake(`${command} spikes`);
		t.is(status, 2);
		t.is(stderr, `scanmake ${command} is not there yet. scanmake --help lists what is.\n`);
		t.deepEqual(asked, []);
	}
});

test('the words that tell options from targets know every option of every command', async (t) => {
	for (const type of await allCommands()) {
		for (const option of optionsOf(type)) {
			for (const name of option.names) t.true((option.takesValue ? valueOptions : flags).includes(name), name);
		}
	}
});

test('the help names every command and option, fits 80 columns, and needs no Scanfile', async (t) => {
	const { stdout, status, asked } = await scanmake('--help');
	t.is(status, 0);
	t.deepEqual(asked, []);
	for (const type of await allCommands()) {
		t.true(stdout.includes(`  ${type.paths?.[0]?.[0]}`) || stdout.includes('[build]'));
		const page = await scanmake(`${type.paths?.[0]?.[0]} --help`);
		for (const option of optionsOf(type)) t.true(page.stdout.includes(option.names.join(', ')), option.names[0]);
		for (const line of `${stdout}${page.stdout}`.split('\n')) t.true(line.length <= 80, line);
	}
});

test('a value of an option is no command, and behind -- nothing is an option', (t) => {
	t.like(arrange(['--where', 'plan', 'spikes']), { command: 'build', named: false });
	t.like(arrange(['-f', 'x', 'plan']), { command: 'plan', named: true, words: ['-f', 'x'] });
	t.like(arrange(['-fx', 'plan']), { words: ['-f', 'x'] });
	t.like(arrange(['spikes', 'plan']), { command: 'build', words: ['spikes', 'plan'] });
	t.like(arrange(['--', '--json']), { flags: [], words: ['--', '--json'] });
	t.like(arrange(['--where', '--help']), { flags: [] });
});
