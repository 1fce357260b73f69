// `scanmake why` as a user meets it: a real project, built, edited, asked.
import test from 'ava';
import { project } from './project.ts';

const files = {
	'Scanfile.ts': `import { aggregate, generate, grid, out, scan, shell, simulate, param } from 'scanmake';
import { poissonInput, relayCell } from './model.ts';
const stimulus = grid({ amplitude: [0, 1, 2] });
const input = generate({ over: stimulus, run: poissonInput });
const spikes = simulate({ over: stimulus.times(grid({ weight: [1, 2] })), from: { input }, run: relayCell, env: ['LEVEL'] });
const rates = aggregate({ from: spikes, by: ['weight'], run: (rows) => rows.length });
const trains = simulate({ over: stimulus, run: shell\`cat train.txt > \${out('copy.txt')}; echo \${param('amplitude')}\` });
export default scan({ input, spikes, rates, trains });
`,
	'model.ts': `import { decay } from './synapse.ts';
export const poissonInput = (p: { amplitude: number }) => p.amplitude;
export const relayCell = (p: { weight: number }, inputs: { input: number }) => decay(inputs.input) * p.weight;
`,
	'synapse.ts': 'export const decay = (x: number) => x / 3;\n',
	'train.txt': '1 2 3\n',
};

test('after an edit why names what changed, for all tasks and for one; after gc and another build it still knows', async (t) => {
	const { scanmake, build, edit, write } = project(t, files);
	await build();
	edit('synapse.ts', 'x / 3', 'x / 4');
	write('train.txt', '1 2 3 4\n');
	const sentence = 'to run: `spikes` ran before with other code: `relayCell` → `decay` in synapse.ts changed.';
	const all = await scanmake('why');
	t.is(all.status, 0);
	t.true(all.stdout.includes(`6 ${sentence}`), all.stdout);
	t.true(all.stdout.includes('3 of `trains` to run: the file train.txt that the command names changed.'), all.stdout);
	t.regex(all.stdout, /^input: 3 tasks, all reused$/m);
	t.regex(all.stdout, /^ {2}2 of `rates` wait for `spikes` to run first\.$/m);
	t.true((await scanmake('plan')).stdout.includes(`6 ${sentence}`));
	const one = await scanmake('why', 'spikes', 'amplitude=1', 'weight=2');
	t.regex(one.stdout, /^spikes amplitude=1 weight=2 would run\. Compared with build 1 of /);
	t.regex(
		(await scanmake('why', 'input', 'amplitude=1')).stdout,
		/^input amplitude=1 is reused: its result is of build 1,/,
	);

	await build();
	await scanmake('gc');
	t.regex((await scanmake('why')).stdout, /^spikes: 6 tasks, all reused$/m);
	edit('synapse.ts', 'x / 4', 'x / 5');
	t.true((await scanmake('why', 'spikes')).stdout.includes(`6 ${sentence}`));
});

test('what made an input other is named behind it, though the input was built long since and gc has run', async (t) => {
	const { scanmake, build, edit } = project(t, files);
	await build();
	edit('model.ts', '=> p.amplitude;', '=> (p.amplitude === 2 ? 20 : p.amplitude);');
	await build('input');
	edit('Scanfile.ts', 'rows.length', '2 * rows.length');
	await build('trains');
	await scanmake('gc');
	const behind =
		'1 of `input` (amplitude=2) differs since then: `input` ran before with other code: `poissonInput` in model.ts changed.';
	t.deepEqual((await scanmake('why', 'spikes')).stdout.split('\n').slice(0, 3), [
		'spikes: 6 tasks: 4 reused, 2 to run',
		'  2 of `spikes` (amplitude=2) to run: their input `input` (amplitude=2) has other results.',
		`    ${behind}`,
	]);
	const one = (await scanmake('why', 'rates', 'weight=2')).stdout.split('\n').slice(1);
	t.deepEqual(one, [
		'- `rates` ran before with other code: `run` in Scanfile.ts changed.',
		'- waits for `spikes` to run first.',
		'  1 of `spikes` (amplitude=2 weight=2) to run: its input `input` (amplitude=2) has another result.',
		`    ${behind}`,
		'',
	]);
	await build('spikes');
	await scanmake('gc');
	t.deepEqual((await scanmake('why', 'rates', 'weight=2')).stdout.split('\n').slice(2), [
		'- of `spikes`, 1 row (amplitude=2 weight=2) has another result.',
		'  1 of `spikes` (amplitude=2 weight=2) differs since then: its input `input` (amplitude=2) has another result.',
		`    ${behind}`,
		'',
	]);
});
