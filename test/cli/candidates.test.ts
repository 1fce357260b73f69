import test from 'ava';
import { completionOf, type Known, type Sources, wordsOfLine } from '../../cli/candidates.ts';
import { optionsOf } from '../../cli/command.ts';
import { allCommands } from '../../cli/run.ts';
import { scanmake } from './fake.ts';

const known: Known = {
	targets: ['spikes', 'rates'],
	parametersOf: (target) => (target === 'spikes' ? ['weight', 'trial'] : []),
	conditionsOf: (target, name) => (target === 'spikes' && name === 'weight' ? ['weight=0.2', 'weight=0.4'] : []),
};

/** The words that complete a line, and what the scan was asked with; `scan` undefined: it cannot be read. */
async function complete(line: string, scan: Known | undefined = known): Promise<string | readonly string[]> {
	const sources: Sources = { commands: allCommands, optionsOf, scan: async () => scan };
	const completion = await completionOf(wordsOfLine(line).slice(1), sources);
	return typeof completion === 'string' ? completion : completion.map(({ word }) => word);
}

test('a first word is completed with commands and targets, a later one with targets not named yet', async (t) => {
	const first = await complete('scanmake ');
	t.true(['plan', 'show', 'doctor', 'spikes', 'rates'].every((word) => first.includes(word)));
	t.deepEqual(await complete('scanmake pl'), ['plan']);
	t.deepEqual(await complete('scanmake spikes '), ['rates']);
	t.deepEqual(await complete('scanmake -j 4 plan r'), ['rates']);
	t.deepEqual(await complete('scanmake table '), ['spikes', 'rates']);
	t.deepEqual(await complete('scanmake table spikes '), []);
});

test('options are those of the command that is named', async (t) => {
	t.deepEqual(await complete('scanmake --tr'), ['--trace']);
	t.deepEqual(await complete('scanmake plan --tr'), []);
	t.deepEqual(await complete('scanmake table spikes --fo'), ['--format']);
	t.deepEqual(await complete('scanmake table spikes --format j'), ['json', 'jsonl']);
	t.deepEqual(await complete('scanmake graph --format '), ['mermaid', 'dot', 'json']);
	t.deepEqual(await complete('scanmake -f '), 'files');
	t.deepEqual(await complete('scanmake --trace x'), 'files');
	t.deepEqual(await complete('scanmake --store '), 'folders');
	t.deepEqual(await complete('scanmake init '), 'folders');
});

test('show completes parameters that are not given yet, and their values', async (t) => {
	t.deepEqual(await complete('scanmake show spikes '), ['weight=', 'trial=']);
	t.deepEqual(await complete('scanmake show spikes weight='), ['weight=0.2', 'weight=0.4']);
	t.deepEqual(await complete('scanmake show spikes weight=0.4 '), ['trial=']);
	t.deepEqual(await complete('scanmake show spikes nothing='), []);
});

test('--where completes the condition behind the last comma', async (t) => {
	t.deepEqual(await complete("scanmake spikes --where 'trial=1, we"), ['trial=1, weight=']);
	t.deepEqual(await complete("scanmake --where 'weight=0.4"), []);
	t.deepEqual(await complete("scanmake --where 'weight=0"), ['weight=0.2', 'weight=0.4']);
});

test('without a Scanfile that can be read, commands and options are completed all the same', async (t) => {
	const sources: Sources = { commands: allCommands, optionsOf, scan: async () => undefined };
	const completion = await completionOf(['pl'], sources);
	t.is(typeof completion === 'string' ? '' : completion[0]?.word, 'plan');
	t.deepEqual(await completionOf(['show', ''], sources), []);
});

test('a line is cut into words as a shell would, the last one as far as it goes', (t) => {
	t.deepEqual(wordsOfLine('a  b '), ['a', 'b', '']);
	t.deepEqual(wordsOfLine("a 'b c' d\\ e"), ['a', 'b c', 'd e']);
	t.deepEqual(wordsOfLine('a "b \\"c'), ['a', 'b "c']);
	t.deepEqual(wordsOfLine('a "it\'s'), ['a', "it's"]);
	t.deepEqual(wordsOfLine(''), ['']);
});

test('a shell that is not known is answered with those that are', async (t) => {
	for (const [line, words] of [
		['completion', /needs the name of a shell\. It knows bash, zsh, fish\./],
		['completion zhs', /knows no shell zhs\. Did you mean zsh\?/],
		['completion powershell', /knows no shell powershell\. It knows bash, zsh, fish\./],
		['completion bash zsh', /"zsh" is one word too many/],
	] as const) {
		const { status, stderr, stdout } = await scanmake(line);
		t.is(status, 2);
		t.regex(stderr, words);
		t.is(stdout, '');
	}
	const help = await scanmake('completion --help');
	for (const place of ['~/.bashrc', '~/.zshrc', '~/.config/fish/config.fish']) t.true(help.stdout.includes(place));
});
