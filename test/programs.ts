// Which programs this machine has. Starts them to see.
import { spawnSync } from 'node:child_process';

/** Whether a program can be started. */
export function isThere(program: string): boolean {
	return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}
