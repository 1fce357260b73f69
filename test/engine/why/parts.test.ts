// What of a recipe changed, part by part, and the words for it.
import test from 'ava';
import { codeWords } from '../../../cli/part-words.ts';
import { programIdentity } from '../../../engine/code/program.ts';
import type { Part } from '../../../engine/code/reach.ts';
import { changedParts } from '../../../engine/why/parts.ts';
import { command, json, out, param } from '../../../rules/index.ts';
import type { ProgramRecipe } from '../../../rules/recipe.ts';

const declared = (name: string, digest: string, file = 'model.ts'): Part => ({ file, name, digest });
const written = (text: string): Part => ({ file: 'setup.ts', name: text, digest: text, kind: 'statement' });

function said(before: readonly Part[], now: readonly Part[], run = 'relay'): string {
	return codeWords({ run, parts: changedParts({ run, parts: before }, { run, parts: now }) });
}

test('the first three parts are named, and how many more', (t) => {
	const parts = (digest: string) => ['a', 'b', 'c', 'd', 'e'].map((name) => declared(name, digest));
	t.is(
		said(parts('1'), parts('2')),
		'`relay` → `a` in model.ts changed, `b` in model.ts changed, `c` in model.ts changed and 2 more',
	);
});

test('what came and what went is said to be new and gone, what changed comes first', (t) => {
	const kept = declared('relay', '1');
	t.is(
		said([kept, declared('gone', '1'), declared('gain', '1')], [kept, declared('come', '1'), declared('gain', '2')]),
		'`relay` → `gain` in model.ts changed, `come` in model.ts is new and `gone` in model.ts is gone',
	);
});

test('a declaration that only went to another file is said to have moved', (t) => {
	t.is(
		said([declared('gain', '1', 'a.ts')], [declared('gain', '1', 'b.ts')]),
		'`relay` → `gain` moved from a.ts to b.ts',
	);
});

test('of statements that begin alike, those that are still there are not named', (t) => {
	const same = { ...written('set(1);'), digest: 'x' };
	t.is(said([same, written('set(1);')], [same]), '`relay` → the statement `set(1);` in setup.ts is gone');
	t.is(said([same], [same, written('set(2);')]), '`relay` → the statement `set(2);` in setup.ts is new');
});

test('a file as a whole is named only where nothing in it is', (t) => {
	const whole = (digest: string): Part => ({ file: 'model.ts', name: '', digest, kind: 'file' });
	t.is(said([whole('1')], [whole('2')]), '`relay` → the file model.ts changed, all of which counts');
	t.is(
		said([whole('1'), declared('gain', '1')], [whole('2'), declared('gain', '2')]),
		'`relay` → `gain` in model.ts changed',
	);
});

test('where all parts are the same, it is what they refer to', (t) => {
	const parts = [declared('relay', '1')];
	t.is(said(parts, parts), '`relay` in model.ts refers to other declarations, or they are in another order');
});

test('packages, values, variables and numbers are said in words', (t) => {
	const valued = (kind: Exclude<Part['kind'], undefined>, name: string, shown: string): Part => ({
		...{ file: '', name, digest: shown, kind, shown },
	});
	t.is(
		said([valued('variable', 'variable LEVEL', '"1"')], [valued('variable', 'variable LEVEL', 'null')]),
		'`relay` → the environment variable LEVEL went from "1" to not set',
	);
	t.is(
		said([valued('value', 'value of step', '3')], [valued('value', 'value of step', '4')]),
		'`relay` → the value of `step` went from 3 to 4',
	);
	t.is(
		said([valued('number', 'number', '1')], [valued('number', 'number', '2')]),
		'`relay` → its number among the functions made at that place went from 1 to 2',
	);
	const solver = (digest: string): Part => ({ file: '', name: 'package solver', digest, kind: 'package' });
	t.is(said([solver('1')], [solver('2')]), '`relay` → the package solver changed');
});

const packaged = (name: string, shown: string, more: Partial<Part> = {}): Part => ({
	...{ file: '', name, digest: shown, kind: 'package', shown, ...more },
});

test('packages and the interpreter are named with both versions', (t) => {
	const numpy = (shown: string) => packaged('package numpy', shown);
	t.is(said([numpy('1.24.2')], [numpy('1.26.0')]), '`relay` → the package numpy went from 1.24.2 to 1.26.0');
	t.is(said([], [numpy('1.26.0')]), '`relay` → the package numpy 1.26.0 is new');
	t.is(said([numpy('1.24.2')], []), '`relay` → the package numpy 1.24.2 is gone');
	t.is(
		said([numpy('not installed')], [numpy('1.26.0')]),
		'`relay` → the package numpy was not installed and is 1.26.0 now',
	);
	t.is(
		said([numpy('1.24.2')], [numpy('not installed')]),
		'`relay` → the package numpy 1.24.2 is not installed any more',
	);
	const python = (version: string) => packaged('package python', version);
	t.is(said([python('3.11')], [python('3.12')]), '`relay` → Python went from 3.11 to 3.12');
});

test('a package that another one needs is named with it, and not the one whose version is the same', (t) => {
	const tree = (inner: string) => [
		packaged('package solver', '1.2.0', { digest: `with ${inner}` }),
		packaged('package inner', inner, { by: 'solver' }),
	];
	t.is(said(tree('0.1.0'), tree('0.2.0')), '`relay` → the package inner, which solver needs, went from 0.1.0 to 0.2.0');
	const [solver] = tree('0.1.0');
	const other = { ...packaged('package solver', '1.2.0'), digest: 'other' };
	t.is(said(solver === undefined ? [] : [solver], [other]), '`relay` → what the package solver resolves to changed');
});

test('a constant is named with its values before and after', (t) => {
	const constant = (shown: string): Part => ({ ...declared('TAU', shown, 'model.py'), shown });
	t.is(said([constant('10.0')], [constant('12.0')]), '`relay` → `TAU` in model.py went from 10.0 to 12.0');
	t.is(said([constant('10.0')], [declared('TAU', 'x', 'model.py')]), '`relay` → `TAU` in model.py changed');
});

test('between the function and what changed stand those that lead there, at most the last two', (t) => {
	const chain = (digest: string): readonly Part[] => [
		declared('relay', '1'),
		{ ...declared('a', '1'), by: 'model.ts: relay' },
		{ ...declared('b', '1'), by: 'model.ts: a' },
		{ ...declared('c', '1'), by: 'model.ts: b' },
		{ ...declared('gain', digest, 'gain.ts'), by: 'model.ts: c' },
	];
	t.is(said(chain('1'), chain('2')), '`relay` → … → `b` → `c` → `gain` in gain.ts changed');
	const short = (digest: string) => [...chain('1').slice(0, 2), { ...declared('gain', digest), by: 'model.ts: a' }];
	t.is(said(short('1'), short('2')), '`relay` → `a` → `gain` in model.ts changed');
	const round = (digest: string) => [{ ...declared('a', digest), by: 'model.ts: a' }];
	t.is(said(round('1'), round('2')), '`relay` → `a` in model.ts changed');
});

test('a declaration that went to another file and was edited there is one that changed; one that only went explains nothing beside it', (t) => {
	t.is(
		said([declared('gain', '1', 'a.ts')], [declared('gain', '2', 'b.ts')]),
		'`relay` → `gain`, which was in a.ts and is in b.ts, changed',
	);
	t.is(
		said(
			[declared('gain', '1', 'a.ts'), declared('decay', '1')],
			[declared('gain', '1', 'b.ts'), declared('decay', '2')],
		),
		'`relay` → `decay` in model.ts changed',
	);
});

test('another command is shown beside the one before', (t) => {
	const [before, now] = [
		command(['./lif', '--rate', param('rate'), out('spikes.txt')]),
		command(['./lif', '-r', param('rate'), out('spikes.txt')], json()),
	].map((recipe) => programIdentity(recipe as unknown as ProgramRecipe).parts) as [readonly Part[], readonly Part[]];
	const rate = '$' + '{rate}';
	const file = '$' + '{out spikes.txt}';
	t.is(
		said(before, now, ''),
		`\`./lif --rate ${rate} ${file}\` → \`./lif -r ${rate} ${file}\` and its output is read as json and was read as nothing`,
	);
	const long = (word: string) =>
		programIdentity({ kind: 'command', words: ['./lif', 'x'.repeat(120), word], output: 'nothing' }).parts;
	t.is(said(long('-a'), long('-b'), ''), `\`…${'x'.repeat(18)} -a\` → \`…${'x'.repeat(18)} -b\``);
	t.is(
		said([declared('relay', '1')], long('-a').slice(0, 1)),
		`\`relay\` → \`./lif ${'x'.repeat(73)}…\` in place of a function and \`relay\` in model.ts is gone`,
	);
});
