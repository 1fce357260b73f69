// When a command or shell line is the same code, and what names the difference where it is not.
import test from 'ava';
import fc from 'fast-check';
import { programIdentity } from '../../../engine/code/program.ts';
import { hex } from '../../../engine/digest.ts';
import { command, file, given, json, out, param, shell, text } from '../../../rules/index.ts';
import type { ProgramRecipe } from '../../../rules/recipe.ts';
import { seeded } from '../../seeded.ts';

const identity = (made: unknown) => {
	const { digest, parts } = programIdentity(made as ProgramRecipe);
	return { digest: hex(digest), parts: JSON.stringify(parts.map(({ name, digest: of }) => [name, of])) };
};

const x = param('x' as never);

test('the same words are the same code, wherever they are written', (t) => {
	t.deepEqual(identity(command(['./lif', x, 0.1])), identity(command(['./lif', x, '0.1'])));
	t.deepEqual(identity(shell`./lif ${x}`), identity(shell`./lif ${x}`));
});

test('words, their order, their kind, the output and the way they are run are all in the identity', (t) => {
	const made: readonly unknown[] = [
		command(['./lif', x]),
		command([x, './lif']),
		command(['./lif', 'x']),
		command(['./lif', `$${'{x}'}`]),
		command(['./lif', out('x')]),
		command(['./lif', param('y' as never)]),
		command(['./lif', given('x' as never, [x])]),
		command(['./lif', given('x' as never, [x, x])]),
		command(['./lif', file('x' as never, 'x')]),
		command(['./lif', file('x' as never, 'y')]),
		command(['./lif', x], json()),
		command(['./lif', x], text()),
		shell`./lif ${x}`,
		shell`./lif ${x} `,
		shell.with(json())`./lif ${x}`,
		shell`./lif${x}`,
		command(['./lif', 0.1]),
		command(['./lif', 0.10000000000000002]),
	];
	t.is(new Set(made.map((one) => identity(one).digest)).size, made.length);
	t.is(new Set(made.map((one) => identity(one).parts)).size, made.length, 'some part differs wherever the digest does');
});

test('the digest differs where some part does, and only there', (t) => {
	const word = fc.oneof(
		fc.constantFrom('a', 'b', ''),
		fc.constantFrom(x, out('a'), given('x' as never, ['a']), given('x' as never, [x])),
	);
	const output = fc.constantFrom(undefined, json(), text());
	const made = fc.oneof(
		fc.tuple(fc.array(word, { maxLength: 3 }), output).map(([words, how]) => command(words as never, how as never)),
		fc
			.tuple(fc.constantFrom('a ', 'b', ' '), word, output)
			.map(([line, one, how]) =>
				how === undefined ? shell`${line as never}${one as never}` : shell.with(how as never)`${line}${one as never}`,
			),
	);
	fc.assert(
		fc.property(made, made, (one, other) => {
			const [left, right] = [identity(one), identity(other)];
			t.is(left.digest === right.digest, left.parts === right.parts);
			t.is(left.digest === right.digest, JSON.stringify(one) === JSON.stringify(other));
		}),
		seeded(500),
	);
});

test('a person reads the words and the output in the parts', (t) => {
	const { parts } = programIdentity(command(['./lif', '--rate', x], json()) as unknown as ProgramRecipe);
	t.deepEqual(
		parts.map(({ name, kind, shown }) => [name, kind, shown]),
		[
			['command', 'words', `./lif --rate $${'{x}'}`],
			['output', 'words', 'json'],
		],
	);
});
