// An engine that runs a command which runs for ever and starts another in the background: started by a test, which kills it.
// argv: a folder for the pids; `exit`: it ends by itself as soon as they are there;
// `close`: it ends while its pool is being closed.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { room } from '../../../engine/executors/room.ts';
import { shellPool } from '../../../engine/executors/shells.ts';
import { type ProgramRecipe, shell } from '../../../rules/recipe.ts';

const [, , folder = '', how = ''] = process.argv;
const recipe = shell`trap '' TERM HUP; sh -c 'trap "" TERM HUP; echo $$ > background; while :; do sleep 1; done' & echo $$ > worker; sh -c 'echo $$ > task; while :; do sleep 1; done'`;
const nothing = (): void => {};
const pool = shellPool({
	setups: [
		{
			rule: 0,
			kind: 'simulate',
			columns: [],
			seeded: false,
			recipe: { ...(recipe as unknown as ProgramRecipe) },
			timeoutSeconds: undefined,
		},
	],
	slots: 1,
	firstWorker: 0,
	room: room({ cores: 1, memoryMiB: 1 }, nothing),
	folder,
	events: { answered: nothing, finished: nothing, abandoned: nothing, broken: nothing },
});
const tasks = { rule: 0, codes: new Uint32Array(0), seeds: new Uint32Array(0), size: 1 };
pool.send({ id: 0, rule: 0, tasks, inputs: [], workFolder: join(folder, 'work'), keepsFolders: false });
const isWritten = (name: string): boolean => (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0) > 0;

setInterval(() => {
	if (how === 'kill' || !['worker', 'task', 'background'].every(isWritten)) return;
	if (how === 'exit') process.exit(0);
	void pool.close();
	setTimeout(() => process.exit(0), 100);
}, 10);
