// From the words of a command line to an exit status: finds the one command that is named and runs it; words what went wrong.
// Only the command that is named is loaded.
import { UserError } from '../engine/errors.ts';
import { type CommandType, readCommand } from './command.ts';
import type { Context } from './context.ts';
import { writeAll } from './output.ts';
import { exitStatus, problemLine } from './sentences.ts';
import { type Arranged, arrange, type CommandName, commandNames, laterCommands } from './words.ts';

const commands: Readonly<Record<CommandName, () => Promise<CommandType>>> = {
	build: async () => (await import('./commands/build.ts')).BuildCommand,
	plan: async () => (await import('./commands/plan.ts')).PlanCommand,
	why: async () => (await import('./commands/why.ts')).WhyCommand,
	show: async () => (await import('./commands/show.ts')).ShowCommand,
	table: async () => (await import('./commands/table.ts')).TableCommand,
	graph: async () => (await import('./commands/graph.ts')).GraphCommand,
	checkout: async () => (await import('./commands/checkout.ts')).CheckoutCommand,
	gc: async () => (await import('./commands/gc.ts')).GcCommand,
	doctor: async () => (await import('./commands/doctor.ts')).DoctorCommand,
	init: async () => (await import('./commands/init.ts')).InitCommand,
	completion: async () => (await import('./commands/completion.ts')).CompletionCommand,
};

/** Every command, loaded. */
export function allCommands(): Promise<readonly CommandType[]> {
	return Promise.all(commandNames.map((name) => commands[name]()));
}

/** Runs what was typed behind `scanmake`; returns the exit status and never throws. */
export async function run(typed: readonly string[], context: Context): Promise<number> {
	const arranged = arrange(typed);
	try {
		return await runArranged(arranged, typed, context);
	} catch (error) {
		return await sayError(error, arranged.flags.includes('--json'), context);
	}
}

async function runArranged(arranged: Arranged, typed: readonly string[], context: Context): Promise<number> {
	const { command, named, flags } = arranged;
	const say = (text: string): Promise<void> => writeAll(context.stdout.stream, [text]);
	if (laterCommands.includes(command)) {
		throw new UserError('usage', `scanmake ${command} is not there yet. scanmake --help lists what is.`);
	}
	if (flags.includes('--help') || flags.includes('-h')) {
		const { commandHelp, overview } = await import('./help.ts');
		await say(named ? commandHelp(await commands[command as CommandName]()) : overview(await allCommands()));
		return 0;
	}
	if (flags.includes('--version')) {
		const { ownVersion } = await import('../engine/version.ts');
		await say(`${ownVersion()}\n`);
		return 0;
	}
	const type = await commands[command as CommandName]();
	const ready = await readCommand(type, arranged, context, typed);
	return await ready.execute();
}

/** What an error says that nobody waited for: a promise of the Scanfile that was let go, or a defect of ours. */
export async function sayUncaught(error: unknown, json: boolean, context: Context): Promise<number> {
	const [first = ''] = /^\s+at .*$/m.exec(error instanceof Error ? (error.stack ?? '') : '') ?? [];
	if (!first.includes('scanmake:///')) return sayError(error, json, context);
	const words = `Something that the Scanfile started, and did not wait for, failed: ${String(error)}. Write await before it.`;
	return sayError(new UserError('scanfile', words), json, context);
}

/** A user's mistake is shown as its sentences; anything else is a defect of ours and shows where. */
async function sayError(error: unknown, json: boolean, context: Context): Promise<number> {
	const problems = error instanceof UserError ? error.problems : [{ message: defectWords(error) }];
	if (json) await writeAll(context.stdout.stream, [`${(await import('./json.ts')).problemsJson(problems)}\n`]);
	else context.stderr.stream.write(problems.map((problem) => `${problemLine(problem)}\n`).join(''));
	if (error instanceof UserError) return exitStatus(error.kind);
	context.stderr.stream.write(`\n${error instanceof Error ? error.stack : String(error)}\n`);
	return 3;
}

function defectWords(error: unknown): string {
	const message = error instanceof Error ? error.message : String(error);
	if (message.startsWith('scanmake has a defect')) return message;
	return `scanmake has a defect: ${message}. Please report it with what you did and the lines below; results that were recorded are kept.`;
}
