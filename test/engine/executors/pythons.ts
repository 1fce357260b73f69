// Runs tasks of Python functions by real interpreters, as the loop would. Knows no store and no schedule.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { PythonTarget } from '../../../engine/executors/executor.ts';
import { pythonPool } from '../../../engine/executors/pythons.ts';
import { pythonWith } from '../../python.ts';
import type { Ended } from './ended.ts';
import { type Play, type Played, type PlayedRule, play } from './programs.ts';

/** A folder with Python modules. */
export interface Modules {
	readonly folder: string;
	path(name: string): string;
	/** A function of one of them, as the engine would tell of it. */
	target(file: string, name: string, more?: Partial<PythonTarget>): PythonTarget;
	/** Runs all tasks. */
	play(given: Omit<Play, 'folder' | 'makePool'>): Promise<Played>;
	/** Runs tasks of one function of `model.py`. */
	run(
		name: string,
		sets: PlayedRule['sets'],
		more?: Partial<PlayedRule> & Omit<Play, 'rules'>,
	): Promise<readonly (Ended | undefined)[]>;
}

/** Modules by file name, in a folder that is removed when the test ends. */
export function modules(
	t: ExecutionContext,
	files: Readonly<Record<string, string>>,
	interpreter = pythonWith() ?? 'python3',
): Modules {
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-pythons-'));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	const path = (name: string): string => join(folder, name);
	for (const [name, text] of Object.entries(files)) writeFileSync(path(name), text);
	const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
	const sources = Object.entries(files).map(([name, text]) => ({ path: path(name), digest: digest(text) }));
	const target: Modules['target'] = (file, name, more = {}) => ({
		kind: 'python',
		interpreter,
		path: [folder],
		module: file.replace('.py', ''),
		file: path(file),
		name,
		sources,
		...more,
	});
	const playHere: Modules['play'] = (given) => play({ ...given, folder, makePool: pythonPool });
	return {
		folder,
		path,
		target,
		play: playHere,
		async run(name, sets, more = {}) {
			const played = await playHere({ ...more, rules: [{ ...more, run: target('model.py', name), sets }] });
			return played.ended[0] ?? [];
		},
	};
}

/** Whether there is a Python; a test that finds none says so. */
export function hasPython(t: ExecutionContext, ...wanted: readonly string[]): boolean {
	if (pythonWith(...wanted) !== undefined) return true;
	t.log(`skipped: no python3 of 3.8 or newer${wanted.length > 0 ? ` with ${wanted.join(', ')}` : ''} is here`);
	t.pass();
	return false;
}
