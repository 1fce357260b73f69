// Rules in folders with files, and their keys, without running anything. Knows not which files should count.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { hex } from '../../engine/digest.ts';
import { settleAll } from '../../engine/look.ts';
import { plan } from '../../engine/plan.ts';
import { type Standings, standings } from '../../engine/standing.ts';
import { memoryStore } from '../../engine/store/memory.ts';
import { keyOf } from '../../engine/tasks.ts';
import { simulate } from '../../rules/index.ts';
import type { Rule } from '../../rules/rule.ts';
import type { AnySpace } from '../../rules/space.ts';
import { opened } from '../harness.ts';

export type Files = Readonly<Record<string, string>>;

/** A folder with these files, removed when the test ends. */
export function folderWith(t: ExecutionContext, files: Files): string {
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-inputs-'));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	put(folder, files);
	return folder;
}

/** Writes files below a folder. */
export function put(folder: string, files: Files): void {
	for (const [name, text] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, name)), { recursive: true });
		writeFileSync(join(folder, name), text);
	}
}

/** A rule whose recipe is anything. */
export const ruleOf = (run: unknown, over?: AnySpace): Rule =>
	simulate({ ...(over === undefined ? {} : { over: over as never }), run: run as never }) as Rule;

/** How a rule of a project stands, the keys of its tasks and the name of its sweep. */
export async function standsOf(
	folder: string,
	rule: Rule,
): Promise<{ stands: Standings; keys: string[]; sweep: string }> {
	const scan = opened({ targets: { rule }, folder });
	const store = memoryStore();
	const stands = await standings(scan, [0], store);
	const planned = plan(scan, [0], stands, store, { conditions: [], rowsOf: [] });
	settleAll(planned);
	const table = planned.laneOf(0)?.table;
	const keys = Array.from({ length: table?.size ?? 0 }, (_, row) =>
		table === undefined ? '' : hex(keyOf(table, row)),
	);
	return { stands, keys, sweep: hex(stands.sweepNameOf(0, () => undefined) ?? new Uint8Array()) };
}
