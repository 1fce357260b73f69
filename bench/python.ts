// Python models: 100,000 trivial tasks cold beside IPython parallel's load-balanced map on the same function, what knowing
// the code costs where nothing is to do, and a megabyte of numpy array a task into the store.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ground } from './ground.ts';
import { ipyparallelRates } from './ipyparallel.ts';
import { inTurns, median, runOnce } from './measure.ts';
import { expectNothingRun, type Project, scanmake, tasksRun } from './projects.ts';
import { countText, type Row, secondsText } from './table.ts';

const trivialTasks = 100_000;
const arrayTasks = 1000;
const arrayNumbers = 131_072;
const rounds = 3;
const leastPerSecond = 50_000;
const leastMegabytes = 300;
const mostIdentitySeconds = 0.06;

/** All rows; those of arrays only where there is a Python that has numpy. */
export async function python(ground: Ground): Promise<readonly Row[]> {
	const interpreter = interpreterWith('json');
	if (interpreter === undefined) return [{ what: 'Python models', measured: 'there is no Python' }];
	const withNumpy = interpreterWith('numpy');
	return [
		...(await trivial(ground, interpreter)),
		...(await nothingToDo(ground, interpreter)),
		...(withNumpy === undefined
			? [{ what: 'numpy arrays as results', measured: 'no Python with numpy is there (Debian: python3-numpy)' }]
			: await arrays(ground, withNumpy)),
	];
}

const trivialModel = 'def spikes(params):\n    return {"rate": 2 * params["weight"] + 1}\n';
const arrayModel = `import numpy as np


def spikes(params):
    return np.full(${arrayNumbers}, params["weight"] + 0.5)
`;

function writePython(folder: string, model: string, sets: number, interpreter: string): Project {
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, 'model.py'), model);
	const text = `import { arange, grid, python, scan, simulate } from 'scanmake';
const weight = arange(0, ${sets}, 1);
const spikes = simulate({ over: grid({ weight }), run: python('model.py', 'spikes') });
export default scan({ spikes }, { python: ${JSON.stringify(interpreter)} });
`;
	writeFileSync(join(folder, 'Scanfile.ts'), text);
	return { folder, sets };
}

/** Median seconds of cold builds that record everything. */
async function coldSeconds(ground: Ground, project: Project): Promise<number> {
	const words: string[] = [];
	const { cold } = await inTurns(
		{
			cold: {
				command: { ...scanmake(project), words },
				prepare() {
					words.splice(0, words.length, ...scanmake(project, ['-j', '2', '--store', ground.fresh('store')]).words);
				},
				check(run) {
					if (tasksRun(run) !== project.sets) throw new Error(`a cold build ran ${tasksRun(run)} of ${project.sets}`);
				},
			},
		},
		rounds,
	);
	return median(cold);
}

async function trivial(ground: Ground, interpreter: string): Promise<readonly Row[]> {
	const project = writePython(ground.fresh('python'), trivialModel, trivialTasks, interpreter);
	const seconds = await coldSeconds(ground, project);
	const perSecond = trivialTasks / seconds;
	const what = `cold, ${countText(trivialTasks)} trivial Python tasks, results recorded`;
	const least = { words: `at least ${countText(leastPerSecond)}/s`, holds: perSecond >= leastPerSecond };
	const rows: Row[] = [
		{ what, measured: `${secondsText(seconds)}, ${countText(perSecond)}/s`, against: '', bound: least },
	];
	const rates = await ipyparallelRates(ground.fresh('ipyparallel'));
	if (rates === undefined) return [...rows, { what, measured: '', against: 'ipyparallel is missing' }];
	for (const { chunk, tasksPerSecond } of rates) {
		const times = chunk === 1 ? 100 : 1;
		const ratio = perSecond / tasksPerSecond;
		const against = `ipyparallel, ${chunk} a message: ${countText(tasksPerSecond)}/s`;
		const bound = { words: `at least ${times} ×`, holds: ratio >= times };
		rows.push({ what: 'the same', measured: `${countText(perSecond)}/s`, against, ratio, bound });
	}
	return rows;
}

/** What a build with nothing to do takes, after an edit of a comment in the model too, beside one of a TypeScript function. */
async function nothingToDo(ground: Ground, interpreter: string): Promise<readonly Row[]> {
	const sets = 1000;
	const ours = writePython(ground.fresh('python'), trivialModel, sets, interpreter);
	const model = join(ours.folder, 'model.py');
	const plain = writePython(ground.fresh('function'), trivialModel, sets, interpreter);
	const text = `import { arange, grid, scan, simulate } from 'scanmake';
const weight = arange(0, ${sets}, 1);
export default scan({ spikes: simulate({ over: grid({ weight }), run: (p) => ({ rate: 2 * p.weight + 1 }) }) });
`;
	writeFileSync(join(plain.folder, 'Scanfile.ts'), text);
	// another project whose model is edited, so that the first one's stays as it was
	const edited = writePython(ground.fresh('python'), trivialModel, sets, interpreter);
	for (const project of [ours, plain, edited]) await runOnce(scanmake(project));
	writeFileSync(model, trivialModel);
	await new Promise((resolve) => setTimeout(resolve, 2100));
	for (const project of [ours, plain]) await runOnce(scanmake(project));
	let edits = 0;
	const times = await inTurns(
		{
			python: { command: scanmake(ours), check: expectNothingRun },
			function: { command: scanmake(plain), check: expectNothingRun },
			edited: {
				command: scanmake(edited),
				prepare: () => writeFileSync(join(edited.folder, 'model.py'), `# ${++edits}\n${trivialModel}`),
				check: expectNothingRun,
			},
		},
		9,
	);
	const least = median(times.function);
	const row = (what: string, seconds: number, most: number): Row => ({
		what,
		measured: secondsText(seconds),
		against: `a function ${secondsText(least)}: + ${Math.round(1000 * (seconds - least))} ms`,
		bound: { words: `at most + ${1000 * most} ms`, holds: seconds - least <= most },
	});
	const what = 'nothing to do, Python model';
	return [
		row(`${what}, no file changed`, median(times.python), 0.01),
		row(`${what}, a comment in it edited`, median(times.edited), mostIdentitySeconds),
	];
}

async function arrays(ground: Ground, interpreter: string): Promise<readonly Row[]> {
	const project = writePython(ground.fresh('arrays'), arrayModel, arrayTasks, interpreter);
	const seconds = await coldSeconds(ground, project);
	const megabytes = (arrayTasks * arrayNumbers * 8) / 1e6 / seconds;
	return [
		{
			what: `cold, ${countText(arrayTasks)} numpy arrays of 1 MB as results, into the store`,
			measured: `${secondsText(seconds)}, ${countText(megabytes)} MB/s`,
			bound: { words: `at least ${leastMegabytes} MB/s`, holds: megabytes >= leastMegabytes },
		},
	];
}

/** Debian's own interpreter has Debian's packages, whatever comes first on PATH. */
function interpreterWith(module: string): string | undefined {
	return ['/usr/bin/python3', 'python3'].find(
		(candidate) => spawnSync(candidate, ['-c', `import ${module}`]).status === 0,
	);
}
