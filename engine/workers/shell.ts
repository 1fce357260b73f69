// The text that makes an `sh` a worker: what it reads first, and what it reads for each task.
// Built-ins of a POSIX shell only, since a machine far away may have nothing else. Knows neither recipes nor processes.
import { quoted } from './command-line.ts';

/** One task, as the shell has to be told of it. */
export interface ShellTask {
	/** One command that runs it, in a shell of its own where it may do something to that. */
	readonly text: string;
	/** Where its standard output goes; undefined: to its log. */
	readonly printed: string | undefined;
	/** Standard error is added to this file. */
	readonly log: string;
	/** Where this file exists, the task is not run. */
	readonly unless: string;
}

/** What the worker says once it is ready for tasks. */
export const readyReport = 'ready';

/** What the worker says of a task that it did not run. */
export const skippedReport = 'skipped';

/** What stands behind the exit status in the report of a task that has printed to its log. */
export const loggedMark = ' logged';

/**
 * Who started a worker holds the other end of descriptor 4: once that is gone, with its holder, the watcher ends everything
 * that the worker started. The watcher holds on to nothing else.
 */
const watcher = `{ read -r scanmake_end; kill -KILL 0; } <&4 >/dev/null 2>&1 3>&- 4<&- &
exec 4<&-
`;

/** Functions that the environment brings along (bash exports them) do not stand in for what a worker uses. */
const noFunctions = 'unset -f echo read kill\n';

/** The beginning of a worker's input. Reports go to standard output, by a descriptor that no task has. */
export const prologue = `${noFunctions}exec 3>&1 >/dev/null
${watcher}scanmake_ended() { if [ -s "$2" ]; then echo "$1${loggedMark}" >&3; else echo "$1" >&3; fi; }
echo ${readyReport} >&3
`;

/** The words that make another program a worker: it has descriptors 0 to 3 as they were. */
export function watchedWords(words: readonly string[]): readonly string[] {
	return ['sh', '-c', `${noFunctions}${watcher}exec "$@"`, 'sh', ...words];
}

/** The text of one task: what it sets, closes or breaks is its own. */
export function taskText({ text, printed, log, unless }: ShellTask): string {
	const logged = quoted(log);
	const output = printed === undefined ? `>>${logged} 2>&1` : `>${quoted(printed)} 2>>${logged}`;
	return `if [ -e ${quoted(unless)} ]; then echo ${skippedReport} >&3; else ${text} </dev/null ${output} 3>&-; scanmake_ended $? ${logged}; fi\n`;
}
