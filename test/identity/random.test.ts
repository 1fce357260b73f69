// Random edits of random projects: a rule reruns exactly when something that it can reach is other than ever before.

import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { memoryStore } from '../../engine/store/memory.ts';
import { seeded } from '../seeded.ts';
import { answer, filesOf, reachOf, ruleCount } from './drawn.ts';
import { drawing, history } from './edits.ts';
import { builtIn, inProject, write } from './ground.ts';

test('random edits rerun the rules that reach what they change, and no other', async (t) => {
	await fc.assert(
		fc.asyncProperty(drawing, history, async (first, steps) => {
			await inProject(filesOf(first), async (folder) => {
				const store = memoryStore();
				const known = Array.from({ length: ruleCount }, () => new Set<string>());
				let files = filesOf(first);
				let now = first;
				for (const step of [undefined, ...steps]) {
					now = step?.change(now) ?? now;
					const next = filesOf(now);
					await write(folder, Object.fromEntries(Object.entries(next).filter(([path, text]) => files[path] !== text)));
					files = next;
					const { ran, rows } = await builtIn(folder, store, join(folder, '.scanmake'));
					const expected: Record<string, number> = {};
					for (const [rule, texts] of known.entries()) {
						const text = reachOf(now, rule);
						if (!texts.has(text)) expected[`r${rule}`] = 2;
						texts.add(text);
						const results = [1, 2].map((x) => ({ params: { x }, done: true, result: answer(now, rule, x) }));
						t.deepEqual(JSON.parse(JSON.stringify(rows[`r${rule}`])), results);
					}
					t.deepEqual(ran, expected, `after ${step?.name ?? 'nothing'}: ${JSON.stringify(now)}`);
				}
			});
		}),
		seeded(20),
	);
});
