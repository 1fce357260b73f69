// Pythons that are started before their tasks come: as many as will run side by side.
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { pythonPool } from '../../../engine/executors/pythons.ts';
import { numbered, play } from './programs.ts';
import { hasPython, modules } from './pythons.ts';

const model = `import os
with open(os.path.join(os.path.dirname(__file__), "imports"), "a") as log:
    log.write("%d\\n" % os.getpid())
def f(p):
    return p.a
`;

for (const [tasks, cores, wanted] of [
	[1, 1, 1],
	[2, 1, 2],
	[100, 1, 2],
	[100, 2, 1],
] as const) {
	test(`for ${tasks} tasks of ${cores} cores ${wanted} of two workers have imported the module before`, async (t) => {
		if (!hasPython(t)) return;
		const { folder, path, target } = modules(t, { 'model.py': model });
		const imports = () =>
			existsSync(path('imports')) ? readFileSync(path('imports'), 'utf8').split('\n').length - 1 : 0;
		const { ended } = await play({
			folder,
			rules: [{ run: target('model.py', 'f'), sets: numbered(1), cores }],
			makePool(options) {
				const pool = pythonPool({ ...options, workFolder: path('work') });
				pool.warmUp(tasks);
				return pool;
			},
			async atEnd() {
				for (let round = 0; round < 500 && imports() < wanted; round++) await wait(20);
			},
		});
		t.is(ended[0]?.[0]?.value, 0);
		t.is(imports(), wanted);
	});
}
