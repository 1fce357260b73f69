// An engine that runs a Python function which holds the interpreter's lock for ever and has started a program: started by a
// test, which kills it. argv: a folder for the pids; `exit`: it ends by itself as soon as they are there; an interpreter.
import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pythonPool } from '../../../engine/executors/pythons.ts';
import { room } from '../../../engine/executors/room.ts';

const [, , folder = '', how = '', interpreter = ''] = process.argv;
const text = `import ctypes, os, signal, subprocess
def note(name, pid):
    with open(name + "-part", "w") as file:
        file.write(str(pid))
    os.rename(name + "-part", name)
def f():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    note("program", subprocess.Popen(["sleep", "600"]).pid)
    note("worker", os.getpid())
    ctypes.PyDLL(None).sleep(600)
`;
const file = join(folder, 'model.py');
writeFileSync(file, text);
const sources = [{ path: file, digest: createHash('sha256').update(text).digest('hex') }];
const nothing = (): void => {};
const pool = pythonPool({
	setups: [
		{
			rule: 0,
			kind: 'simulate',
			columns: [],
			seeded: false,
			recipe: { kind: 'python', interpreter, path: [folder], module: 'model', file, name: 'f', sources },
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

setInterval(() => {
	if (how === 'exit' && ['worker', 'program'].every((name) => existsSync(join(folder, name)))) process.exit(0);
}, 10);
