// Which task a kept work folder belongs to: a line of JSON for each in the folder's index.
// Knows where workers make these folders, not what is in them.
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Answers } from './executors/executor.ts';
import { taskFolder } from './workers/folders.ts';

/** The file in a build's work folder that says whose the others are. */
export const indexName = 'index.jsonl';

/** Adds to the index those of the answered tasks that have a folder: its name, whose it is, and how the task failed. */
export function noteFolders(
	workFolder: string,
	answers: Answers,
	ownerOf: (answer: number) => { readonly target: string; readonly parameters: string },
): void {
	if (!existsSync(workFolder)) return;
	let lines = '';
	for (let i = 0; i < answers.size; i++) {
		const folder = taskFolder(answers.bundle, answers.tasks[i]!);
		if (!existsSync(join(workFolder, folder))) continue;
		const failed = answers.extras.get(i)?.failure?.kind ?? null;
		lines += `${JSON.stringify({ ...ownerOf(i), folder, failed })}\n`;
	}
	if (lines !== '') appendFileSync(join(workFolder, indexName), lines);
}
