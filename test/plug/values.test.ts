// Large values of Python functions from end to end: what takes them, how they lie in the store, and the plug pulled where
// a value is moved from its worker's file into its place.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { pythonWith } from '../python.ts';
import { type Ground, ground } from './ground.ts';

const model = `import os
from array import array
def made(params):
    with open(os.environ["PLUG_LOG"], "a") as log:
        log.write("made %d\\n" % params.k)
    return {"times": array("d", [params.k // 2 + 0.5] * 4000), "k": params.k // 2}
def taken(params, inputs):
    times = inputs.made["times"]
    return [len(times), float(sum(times))]
`;
const scanfile = (interpreter: string) => `import { arange, generate, grid, python, scan, simulate } from "scanmake";
const over = grid({ k: arange(0, 6, 1) });
const made = generate({ over, run: python("model.py", "made") });
const taken = simulate({ over, from: { made }, run: python("model.py", "taken") });
const summed = simulate({ over, from: { made }, run: (_p, { made }) => {
	const { times } = made as { times: Float64Array };
	return [times.length, times.reduce((sum, time) => sum + time, 0)];
} });
export default scan({ made, taken, summed }, { python: ${JSON.stringify(interpreter)} });
`;

function arrays(t: ExecutionContext): Ground | undefined {
	const interpreter = pythonWith();
	if (interpreter !== undefined) {
		const made = ground(t, scanfile(interpreter));
		made.write('model.py', model);
		return made;
	}
	t.log('skipped: no python3 of 3.8 or newer is here');
	t.pass();
	return undefined;
}

const blobsOf = ({ store }: Ground) =>
	readdirSync(join(store, 'blobs'), { recursive: true, encoding: 'utf8' }).filter((path) => /[0-9a-f]{60}$/.test(path));
const leftIn = ({ store }: Ground) =>
	existsSync(join(store, 'work')) ? readdirSync(join(store, 'work'), { recursive: true, encoding: 'utf8' }) : [];

const wanted = [0, 0, 1, 1, 2, 2].map((k, i) => `{"k":${i},"result":[4000,${4000 * (k + 0.5)}]}\n`).join('');

async function isWhole(t: ExecutionContext, made: Ground): Promise<void> {
	for (const target of ['taken', 'summed'])
		t.is((await made.scanmake('table', target, '--format', 'jsonl')).stdout, wanted, target);
	t.is(blobsOf(made).length, 3, 'equal bytes are one blob');
}

test.serial(
	'large arrays go from Python to Python and to TypeScript, and equal ones lie in the store once',
	async (t) => {
		const made = arrays(t);
		if (made === undefined) return;
		const { status, stderr } = await made.undisturbed();
		t.is(status, 0, stderr);
		await isWhole(t, made);
		t.deepEqual(leftIn(made), []);
	},
);

test.serial('a build that keeps its work folders keeps no values there', async (t) => {
	const made = arrays(t);
	if (made === undefined) return;
	t.is((await made.undisturbed('--keep')).status, 0);
	await isWhole(t, made);
	t.deepEqual(
		leftIn(made).filter((path) => path.includes('value-')),
		[],
	);
});

for (const phase of ['before', 'after'] as const) {
	test.serial(`a build killed ${phase} a value is moved into its place goes on to the same results`, async (t) => {
		const made = arrays(t);
		if (made === undefined) return;
		const running = made.disturbed({ plug: { label: 'rename work', count: 2, phase } });
		await running.ended;
		t.is(running.child.signalCode, 'SIGKILL');
		const { status, stderr } = await made.undisturbed();
		t.is(status, 0, stderr);
		await isWhole(t, made);
		t.deepEqual(leftIn(made), [], 'what the killed build had written is gone');
	});
}
