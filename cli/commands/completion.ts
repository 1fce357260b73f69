// `scanmake completion bash|zsh|fish`: the script that a shell loads, and the answers that the script asks for.
// Silent where nothing can be said: a message in the middle of a half-typed line helps nobody.
import { UserError } from '../../engine/errors.ts';
import { nearest } from '../../rules/nearest.ts';
import { type Completion, completionOf, wordsOfLine } from '../candidates.ts';
import { Option, optionsOf, ScanCommand } from '../command.ts';
import { completionScripts } from '../completion-scripts.ts';
import { arrange } from '../words.ts';

/** Prints a completion script, or completes. */
export class CompletionCommand extends ScanCommand {
	static override paths = [['completion']];
	static override shape = 'bash|zsh|fish';
	static override usage = {
		category: 'Set up',
		description: 'prints a script for your shell, which then completes commands, options, targets and parameters',
		examples: [
			['For bash: type this once, then open a new terminal', `echo 'eval "$($0 completion bash)"' >> ~/.bashrc`],
			['For zsh', `echo 'eval "$($0 completion zsh)"' >> ~/.zshrc`],
			['For fish', "echo '$0 completion fish | source' >> ~/.config/fish/config.fish"],
		] satisfies [string, string][],
	};
	// What the scripts ask with: the words behind `scanmake` up to the cursor, apart or as the line that was typed.
	asWords = Option.Boolean('--words', false, { hidden: true });
	line = Option.String('--line', { hidden: true });

	override async execute(): Promise<number> {
		if (this.line !== undefined) return this.answer(wordsOfLine(this.line).slice(1));
		if (this.asWords) return this.answer(this.words);
		const [shell, ...more] = this.words;
		if (more.length > 0)
			throw new UserError('usage', `scanmake completion: ${JSON.stringify(more[0])} is one word too many.`);
		const names = Object.keys(completionScripts);
		const script = shell === undefined ? undefined : completionScripts[shell];
		if (script === undefined) {
			const near = shell === undefined ? undefined : nearest(shell, names);
			const what = shell === undefined ? 'needs the name of a shell' : `knows no shell ${shell}`;
			const help = near === undefined ? `It knows ${names.join(', ')}.` : `Did you mean ${near}?`;
			throw new UserError(
				'usage',
				`scanmake completion ${what}. ${help} scanmake completion --help shows how to install it.`,
			);
		}
		await this.say(script);
		return 0;
	}

	private async answer(words: readonly string[]): Promise<number> {
		try {
			await this.say(answerText(await this.completion(words)));
		} catch {
			// A Scanfile that cannot be read has no names; who completes a line does not want to read why.
		}
		return 0;
	}

	private async completion(words: readonly string[]): Promise<Completion> {
		const { allCommands } = await import('../run.ts');
		const { cwd } = this.outer;
		return completionOf(words, {
			commands: allCommands,
			optionsOf,
			async scan(typed) {
				const { scanNames } = await import('../../engine/names.ts');
				const [file, store] = [optionValue(typed, ['-f', '--file']), optionValue(typed, ['--store'])];
				return scanNames({ file, store, cwd }).catch(() => undefined);
			},
		});
	}
}

/** A word a line, behind a tab what it is; `:files` and `:folders` leave it to the shell. */
function answerText(completion: Completion): string {
	if (typeof completion === 'string') return `:${completion}\n`;
	return completion
		.filter(({ word }) => !/[\t\n]/.test(word))
		.map(({ word, text }) => (text === undefined ? `${word}\n` : `${word}\t${text}\n`))
		.join('');
}

function optionValue(typed: readonly string[], names: readonly string[]): string | undefined {
	const { words } = arrange(typed);
	const at = words.findLastIndex((word) => names.includes(word));
	const joined = words.find((word) => names.some((name) => word.startsWith(`${name}=`)));
	return at >= 0 ? words[at + 1] : joined?.slice(joined.indexOf('=') + 1);
}
