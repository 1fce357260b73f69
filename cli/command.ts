// The words of clipanion: what every command has in common, and how a command reads its words.
// The only file that imports clipanion.
import { type BaseContext, Cli, Command, Option, type Usage } from 'clipanion';
import { UserError } from '../engine/errors.ts';
import type { Engine, EngineOptions } from '../engine/index.ts';
import type { Context, Output } from './context.ts';
import { writeAll } from './output.ts';
import { type Paint, paintFor } from './paint.ts';
import { type Invocation, programName, sameCommand } from './shell.ts';
import { type Arranged, flags, laterOptions, valueOptions } from './words.ts';

export { Option, type Usage };

interface CommandContext extends BaseContext {
	readonly outer: Context;
	/** All words behind `scanmake`. */
	readonly typed: readonly string[];
	/** Whether the command's name was among them. */
	readonly named: boolean;
}

/** What every command has: where the scan is, and how to speak. */
export abstract class ScanCommand extends Command<CommandContext> {
	/** What stands behind the command's name, for the help. */
	static shape = '';
	file = Option.String('-f,--file', {
		description: 'the Scanfile (else Scanfile.ts, searched upwards from here)',
	});
	store = Option.String('--store', { description: 'where results are kept (else .scanmake/ next to the Scanfile)' });
	json = Option.Boolean('--json', false, { description: 'one JSON object on standard output' });
	quiet = Option.Boolean('--quiet', false, { description: 'say nothing but errors' });
	noColor = Option.Boolean('--no-color', false, { description: 'no colours' });
	words = Option.Rest();

	/** What the command does; returns the exit status. */
	abstract override execute(): Promise<number>;

	get outer(): Context {
		return this.context.outer;
	}

	/** How scanmake was called, for commands to copy. */
	get invocation(): Invocation {
		const options = [
			...(this.file === undefined ? [] : ['-f', this.file]),
			...(this.store === undefined ? [] : ['--store', this.store]),
		];
		return { program: programName(this.outer.env), options, typed: this.context.typed };
	}

	paint(output: Output): Paint {
		return paintFor(output.isTerminal, this.outer.env, this.noColor);
	}

	/** Opens the engine, hands it to `use` and closes it, whatever happens. */
	async withEngine<T>(
		request: Pick<EngineOptions, 'mode' | 'listen'>,
		use: (engine: Engine) => Promise<T>,
	): Promise<T> {
		const { file, store, invocation } = this;
		const where = { file, store, cwd: this.outer.cwd, command: sameCommand(invocation) };
		const engine = await this.outer.open({ ...where, ...request });
		try {
			return await use(engine);
		} finally {
			await engine.close();
		}
	}

	/** Writes to standard output. */
	async say(text: string): Promise<void> {
		await writeAll(this.outer.stdout.stream, [text]);
	}
}

/** A command of ours as clipanion takes it. */
export interface CommandType {
	new (): ScanCommand;
	paths?: string[][];
	usage?: Usage;
	shape: string;
}

/** The options of a command. */
export interface OptionList {
	readonly name: string;
	readonly options: readonly {
		readonly names: readonly string[];
		readonly takesValue: boolean;
		readonly text: string;
	}[];
}

/** The options of a command, as it declares them. */
export function optionsOf(type: CommandType): OptionList['options'] {
	const [definition] = Cli.from<CommandContext>([type], { binaryName: 'scanmake' }).definitions();
	return (definition?.options ?? []).map((option) => {
		const [names = '', ...values] = option.definition.split(' ');
		return { names: names.split(','), takesValue: values.length > 0, text: (option.description ?? '').trim() };
	});
}

/** Reads the words behind a command's name; throws a UserError of kind `usage` that names the nearest option. */
export async function readCommand(
	type: CommandType,
	arranged: Arranged,
	outer: Context,
	typed: readonly string[],
): Promise<ScanCommand> {
	const { words, named } = arranged;
	const cli = Cli.from<CommandContext>([type], { binaryName: 'scanmake' });
	const path = type.paths?.[0] ?? [];
	try {
		return cli.process([...path, ...words], { outer, typed, named }) as ScanCommand;
	} catch (error) {
		if (error instanceof Error && 'clipanion' in error)
			throw await wrongOption({ name: path.join(' '), options: optionsOf(type) }, words);
		throw error;
	}
}

async function wrongOption(command: OptionList, words: readonly string[]): Promise<UserError> {
	const known = command.options.flatMap((option) => option.names);
	for (let at = 0; at < words.length && words[at] !== '--'; at++) {
		const word = words[at] ?? '';
		if (!word.startsWith('-') || word === '-') continue;
		const name = word.split('=', 1)[0] ?? word;
		const option = command.options.find((one) => one.names.includes(name));
		if (laterOptions.includes(name)) return new UserError('usage', `${name} is not there yet.`);
		if (option === undefined) return unknownOption(name, command.name, known);
		if (!option.takesValue && name !== word) return new UserError('usage', `${name} takes no value.`);
		if (!option.takesValue || name !== word) continue;
		if (words[at + 1] === undefined || words[at + 1]?.startsWith('-')) {
			return new UserError('usage', `${name} needs a value: ${option.text}.`);
		}
		at++;
	}
	return new UserError('usage', 'These words make no command. scanmake --help shows what does.');
}

async function unknownOption(name: string, command: string, known: readonly string[]): Promise<UserError> {
	if ([...valueOptions, ...flags].includes(name)) {
		return new UserError(
			'usage',
			`${name} is no option of scanmake ${command}. scanmake ${command} --help lists what is.`,
		);
	}
	const { nearest } = await import('../rules/nearest.ts');
	const near = nearest(name, known);
	const hint = near === undefined ? `scanmake ${command} --help lists them.` : `Did you mean ${near}?`;
	return new UserError('usage', `There is no option ${name}. ${hint}`);
}
