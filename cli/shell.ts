// Command lines: what a user can copy from a message and paste behind the prompt of a POSIX shell.
// Knows no command of ours except how scanmake itself was started.
import { shellWord } from '../engine/words.ts';

/** How scanmake was started, so that a command shown to the user finds the same scan. */
export interface Invocation {
	readonly program: string;
	/** `-f` and `--store` as they were typed. */
	readonly options: readonly string[];
	/** All that was typed. */
	readonly typed: readonly string[];
}

/** A command line to copy: `npx scanmake -f Scan.ts show spikes weight=0.4`. */
export function commandLine(invocation: Invocation, ...words: readonly string[]): string {
	return [invocation.program, ...[...invocation.options, ...words].map(shellWord)].join(' ');
}

/** The command line that was typed. */
export function sameCommand(invocation: Invocation): string {
	return [invocation.program, ...invocation.typed.map(shellWord)].join(' ');
}

/** Who starts scanmake by npx has no `scanmake` on the path. */
export function programName(env: Readonly<Record<string, string | undefined>>): string {
	const { npm_command: startedBy } = env;
	return startedBy === 'exec' ? 'npx scanmake' : 'scanmake';
}
