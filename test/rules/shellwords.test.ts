// How a shell line is cut, also compared with the shell itself on drawn lines.
import { execFileSync } from 'node:child_process';
import test from 'ava';
import fc from 'fast-check';
import { param, shell } from '../../rules/index.ts';
import { isProgram, type ShellRecipe } from '../../rules/recipe.ts';
import { shellProblems } from '../../rules/shellproblems.ts';
import { cutShell } from '../../rules/shellwords.ts';
import { seeded } from '../seeded.ts';

/** A shell line with this text alone. */
function line(text: string): ShellRecipe {
	return { kind: 'shell', text: [text], words: [], output: 'nothing' };
}

function recipeOf(made: unknown): ShellRecipe {
	if (isProgram(made) && made.kind === 'shell') return made;
	throw new Error('no shell line');
}

/** The words of a line as text: `>` in front of what is written, ? for what only the shell knows. */
function cut(text: string): string[] {
	return cutShell(line(text)).words.map(
		({ parts, isWritten }) => (isWritten ? '>' : '') + parts.map((part) => part ?? '?').join(''),
	);
}

test('words are cut at blanks, line breaks and operators, without their quotes', (t) => {
	const lines: Readonly<Record<string, readonly string[]>> = {
		'./lif  --rate 3\tin.txt': ['./lif', '--rate', '3', 'in.txt'],
		'a&&b||c;d|e&f\n(g)': ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
		'cat \'my file.txt\' "my other.txt" a\\ b': ['cat', 'my file.txt', 'my other.txt', 'a b'],
		'a"b"\'c\'d': ['abcd'],
		'\'a\\b\' "a\\b\\"\\$" a\\b': ['a\\b', 'a\\b"$', 'ab'],
		'\'\' ""': ['', ''],
		'X=model.txt ./lif --model=a.txt': ['X=model.txt', './lif', '--model=a.txt'],
		'a\\\nb': ['ab'],
		'echo a#b # c d\ne': ['echo', 'a#b', 'e'],
	};
	for (const [text, words] of Object.entries(lines)) t.deepEqual(cut(text), words, text);
});

test('what a redirection writes is told from what it reads', (t) => {
	const lines: Readonly<Record<string, readonly string[]>> = {
		'cat <in.txt >out.txt': ['cat', 'in.txt', '>out.txt'],
		'cat < in.txt 2> err.txt 1>>log.txt': ['cat', 'in.txt', '>err.txt', '>log.txt'],
		'a >| b 2>&1 >&c <&0': ['a', '>b', '>1', '>c', '0'],
		'a 2 > b': ['a', '2', '>b'],
		'a2>b': ['a2', '>b'],
		'a > b c > d': ['a', '>b', 'c', '>d'],
		'a <> b': ['a', 'b'],
	};
	for (const [text, words] of Object.entries(lines)) t.deepEqual(cut(text), words, text);
});

test('a command substitution has words of its own; what only the shell knows is no text', (t) => {
	const lines: Readonly<Record<string, readonly string[]>> = {
		'echo $(cat a.txt) b': ['echo', 'cat', 'a.txt', '?', 'b'],
		'echo "x$(cat "a b.txt" | sort)y" c': ['echo', 'cat', 'a b.txt', 'sort', 'x?y', 'c'],
		'echo `cat a.txt` b': ['echo', 'cat', 'a.txt', '?', 'b'],
		'cat $HOME/a.txt "$1" $? $$ a$': ['cat', '?/a.txt', '?', '?', '?', 'a$'],
		'cat ${X:-default.txt} ${X} b': ['cat', 'default.txt', '?', '?', 'b'],
		'echo $((1 << 2)) b\nc': ['echo', '?', 'b', 'c'],
		'echo $(( (1 + 2) * 3 > 2 )) b': ['echo', '?', 'b'],
		'x=$( (a; b) ) c': ['a', 'b', 'x=?', 'c'],
	};
	for (const [text, words] of Object.entries(lines)) t.deepEqual(cut(text), words, text);
});

test('the lines of a here-document are no words; those behind it are', (t) => {
	const lines: Readonly<Record<string, readonly string[]>> = {
		'cat <<END > a.txt\nb.txt > c.txt\nEND\nd': ['cat', '>a.txt', 'd'],
		"cat <<'E F'; x\nb\nE F\nd": ['cat', 'x', 'd'],
		'cat <<-E\n\tb\n\tE\nd': ['cat', 'd'],
		'cat <<E\nb\n\tE\nd': ['cat'],
		'cat <<A <<B\na\nA\nb\nB\nd': ['cat', 'd'],
		'cat <<E\nnever ended': ['cat'],
		'cat <<<word d': ['cat', 'word', 'd'],
	};
	for (const [text, words] of Object.entries(lines)) t.deepEqual(cut(text), words, text);
});

test('interpolations are parts of their words, and every one has a place', (t) => {
	const made = recipeOf(shell`cat data/${param('a' as never)}.txt ${param('b' as never)} > out${3}`);
	const { words, places } = cutShell(made);
	t.deepEqual(
		words.map(({ parts }) => parts),
		[['cat'], ['data/', 0, '.txt'], [1], ['out', 2]],
	);
	t.deepEqual(places, ['nothing', 'nothing', 'nothing']);
});

test('an interpolation where quoting does not make it one word is a problem that says what to do', (t) => {
	const x = param('x' as never);
	const wrong: readonly (readonly [unknown, string])[] = [
		[shell`echo '${x}'`, "inside quotes (')"],
		[shell`echo "a ${x}"`, 'inside quotes (")'],
		[shell`echo "\${V:-${x}}"`, 'inside quotes (")'],
		[shell`echo \`cat ${x}\``, 'inside backquotes'],
		[shell`cat <<E\n`, ''],
		[
			shell`cat <<E
a ${x}
E
`,
			'inside a here-document',
		],
		[shell`echo a # ${x}`, 'inside a comment'],
		[shell`echo $((${x} + 1))`, 'inside $((…))'],
		[shell`echo \\${x}`, ''],
		[shell`echo a\ ${x}`, ''],
		[shell`echo $${x}`, 'behind a $'],
	];
	for (const [made, words] of wrong) {
		const problems = shellProblems(recipeOf(made));
		if (words === '') t.deepEqual(problems, []);
		else t.true(problems.length === 1 && problems[0]?.includes(`stands ${words}`), `${words}: ${problems}`);
	}
	const behind = shellProblems({ ...line(''), text: ['echo \\', ''], words: ['x'] });
	t.regex(behind.join(), /^the first .* stands behind a backslash, .*; take the backslash out$/);
	for (const made of [
		shell`echo 'a'${x}"b"`,
		shell`echo "$(cat ${x})"`,
		shell`echo it\'s ${x}`,
		shell`# a
${x}`,
	])
		t.deepEqual(shellProblems(recipeOf(made)), []);
});

test('words are cut as sh cuts them', (t) => {
	const plain = fc.stringMatching(/^[a-z./=:,#-]{1,4}$/).filter((text) => !text.startsWith('#'));
	const odd = fc.constantFrom('\\ ', '\\\\', "\\'", '\\"', '\\$', '\\\n', '\\a', '\\>');
	const single = fc.stringMatching(/^[a-z ">\\#$`|\n]{0,5}$/).map((text) => `'${text}'`);
	const double = fc
		.array(
			fc.oneof(fc.stringMatching(/^[a-z '>#|;]{1,3}$/), fc.constantFrom('\\"', '\\$', '\\`', '\\\\', '\\a', '\\\n')),
			{
				maxLength: 3,
			},
		)
		.map((pieces) => `"${pieces.join('')}"`);
	const word = fc
		.array(fc.oneof(plain, odd, single, double), { minLength: 1, maxLength: 4 })
		.map((pieces) => pieces.join(''))
		// a word of continued lines alone is none, and a # behind one begins a comment
		.filter((text) => !/^(\\\n)+(#|$)/.test(text));
	const separator = fc.constantFrom(' ', '  ', '\t', ' \\\n ');
	const drawn = fc.array(fc.tuple(word, separator), { minLength: 1, maxLength: 5 });
	const lines: string[] = [];
	fc.assert(
		fc.property(drawn, (pieces) => {
			lines.push(pieces.flat().join(''));
		}),
		seeded(300),
	);
	const script = `show() { printf '%s\\0' "$@"; printf '\\001\\0'; }\n${lines.map((one) => `show ${one}`).join('\n')}\n`;
	const printed = execFileSync('/bin/sh', [], { input: script, encoding: 'utf8' });
	const expected = printed.split('\u0001\0').slice(0, -1);
	t.is(expected.length, lines.length);
	for (const [i, text] of lines.entries()) {
		t.deepEqual(cut(text), (expected[i] ?? '').split('\0').slice(0, -1), JSON.stringify(text));
	}
});
