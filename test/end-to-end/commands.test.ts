// Every command on one small scan, with the real program: what is printed where, the shapes that other programs
// rely on, the exit status.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { type Project, project, words } from './project.ts';

const scanfile = `${words}
import { appendFileSync, writeFileSync } from "node:fs";
const stimulus = grid({ amplitude: [0, 0.5], frequency: [1, 2] }).drop("frequency", (p) => p.amplitude === 0);
const input = generate({
	over: stimulus.trials(2),
	run: (p) => { appendFileSync(import.meta.dirname + "/ran.txt", "input\\n"); return { rate: p.amplitude, odd: NaN }; },
});
const spikes = simulate({
	over: stimulus.times(grid({ weight: [1, 2] })).trials(2),
	from: { input },
	run: (p, { input }) => {
		appendFileSync(import.meta.dirname + "/ran.txt", "spikes\\n");
		return { rate: input.rate * p.weight, weight: "w" + p.weight, f1: { re: Infinity, im: -Infinity }, train: [1, 2] };
	},
});
const response = aggregate({
	from: spikes,
	by: ["weight", "amplitude", "frequency"],
	run: (rows) => rows.reduce((sum, row) => sum + row.result.rate, 0) / rows.length,
});
const tuning = analyze({
	from: { response },
	run: ({ response }, io) => {
		writeFileSync(io.out("tuning.csv"), response.map((row) => row.result).join());
		io.log("drawn");
		return response.length;
	},
});
export default scan({ input, spikes, response, tuning });
`;

async function finished(t: Parameters<typeof project>[0]): Promise<Project> {
	const made = project(t, { 'Scanfile.ts': scanfile });
	const built = await made.build('-j', '2');
	t.is(built.status, 0, built.stderr);
	return made;
}

test('a build: one line of what there is to do, a table that accounts for every task, and nothing on standard output', async (t) => {
	const { scanmake, build, lines } = project(t, { 'Scanfile.ts': scanfile });
	const first = await scanmake('-j', '2');
	t.is(first.status, 0);
	t.is(first.stdout, '');
	const said = first.stderr.split('\n');
	t.is(said[0], '25 tasks: input 6, spikes 12, response 6, tuning 1');
	t.regex(said[1] ?? '', /^ +tasks +reused +ran +failed +blocked +left +time$/);
	t.regex(said[2] ?? '', /^input +6 +0 +6 +0 +0 +0 +\S+ m?s$/);
	t.regex(said[6] ?? '', /^total +25 +0 +25 +0 +0 +0 +\S+ m?s$/);
	t.is(said[7], 'tuning wrote .scanmake/results/tuning/tuning.csv');

	const again = await scanmake('build', 'tuning', '--quiet');
	t.deepEqual({ ...again }, { status: 0, stdout: '', stderr: '' });
	t.regex((await scanmake()).stderr, /^Nothing to do: 4 targets, 25 tasks up to date \(\S+ m?s\)\n$/);
	const asJson = await build();
	t.regex(
		asJson.stdout,
		/^\{"targets":\[\{"name":"input","rule":"generate","tasks":6,"reused":6,"ran":0,"failed":0,"blocked":0,"left":0,"seconds":0\},.*\],"ok":true,"seconds":[\d.]+\}\n$/,
	);
	t.is(lines('ran.txt').length, 18);
});

test('plan and --dry-run say what would run and why, and write nothing', async (t) => {
	const { scanmake, build, path, edit, lines } = project(t, { 'Scanfile.ts': scanfile });
	const fresh = await scanmake('plan');
	t.is(fresh.status, 0);
	t.regex(fresh.stdout, /6 of `input` to run: no build of it is remembered in this store\./);
	t.regex(fresh.stdout, /12 of `spikes` wait for `input` to run first\./);
	t.false(existsSync(path('.scanmake')));

	await build('input');
	const half = JSON.parse((await scanmake('--dry-run', '--json')).stdout) as { targets: Record<string, unknown>[] };
	t.deepEqual(
		half.targets.map(({ name, tasks, reused, toRun, unknown, left }) => ({
			name,
			tasks,
			reused,
			toRun,
			unknown,
			left,
		})),
		[
			{ name: 'input', tasks: 6, reused: 6, toRun: 0, unknown: 0, left: 0 },
			{ name: 'spikes', tasks: 12, reused: 0, toRun: 12, unknown: 0, left: 0 },
			{ name: 'response', tasks: 6, reused: 0, toRun: 0, unknown: 6, left: 0 },
			{ name: 'tuning', tasks: 1, reused: 0, toRun: 0, unknown: 1, left: 0 },
		],
	);
	t.is(lines('ran.txt').length, 6);

	await build();
	edit('Scanfile.ts', 'weight: [1, 2]', 'weight: [1, 2, 3]');
	const more = await scanmake('plan', 'spikes');
	t.regex(more.stdout, /spikes +18 +12 +6 +0/);
	t.regex(more.stdout, /6 of `spikes` to run: they were not in the scan before \(new for `weight`: /);
	t.deepEqual((await build('spikes')).did, { input: 'reused 6', spikes: 'reused 12, ran 6' });
});

test('--where builds only these parameter sets; -j says how many at a time', async (t) => {
	const { build, scanmake } = project(t, { 'Scanfile.ts': scanfile });
	const some = await build('response', '-j1', '--where', 'amplitude=0.5, frequency=1', '--where', 'weight>1');
	t.is(some.status, 0);
	t.deepEqual(some.did, {
		input: 'ran 2, left 4',
		spikes: 'ran 2, left 10',
		response: 'ran 1, left 5',
	});
	const none = await scanmake('--where', 'weight=7');
	t.is(none.status, 2);
	t.is(none.stderr, '--where: no parameter set has weight=7. The values of weight are 1, 2.\n');
	t.is((await scanmake('-j', '0')).status, 2);
	t.is((await scanmake('--fail-fast', '--keep-going')).status, 2);
	t.deepEqual((await build()).did, {
		input: 'reused 2, ran 4',
		spikes: 'reused 2, ran 10',
		response: 'reused 1, ran 5',
		tuning: 'ran 1',
	});
});

test('table: parameters, then the result’s fields, in the order of the space, as CSV, JSON and JSON lines', async (t) => {
	const { scanmake, read } = await finished(t);
	const csv = await scanmake('table', 'spikes');
	t.is(csv.status, 0);
	const [heading, first, ...others] = csv.stdout.trimEnd().split('\n');
	t.is(heading, 'amplitude,frequency,weight,trial,seed,rate,result.weight,f1.re,f1.im,train');
	t.regex(first ?? '', /^0,,1,0,\d+,0,w1,inf,-inf,"\[1,2\]"$/);
	t.is(others.length, 11);

	const json = await scanmake('table', 'spikes', '--format', 'json');
	const rows = JSON.parse(json.stdout) as Record<string, unknown>[];
	const { seed, ...row } = rows[0] ?? {};
	t.is(typeof seed, 'number');
	const fields = { rate: 0, 'result.weight': 'w1', 'f1.re': null, 'f1.im': null, train: [1, 2] };
	t.deepEqual(row, { amplitude: 0, weight: 1, trial: 0, ...fields });
	const jsonl = await scanmake('table', 'spikes', '--format', 'jsonl');
	t.deepEqual(
		jsonl.stdout
			.trimEnd()
			.split('\n')
			.map((line) => JSON.parse(line) as unknown),
		rows,
	);

	const file = await scanmake('table', 'response', '-o', 'response.csv');
	t.is(file.stdout, '');
	t.is(file.stderr, 'response: 6 rows in response.csv\n');
	t.is(
		read('response.csv'),
		'weight,amplitude,frequency,result\n1,0,,0\n2,0,,0\n1,0.5,1,0.5\n2,0.5,1,1\n1,0.5,2,0.5\n2,0.5,2,1\n',
	);
	t.regex((await scanmake('table', 'input')).stdout, /,NaN\n/);
	t.regex((await scanmake('table', 'spikes', '--format', 'parquet')).stderr, /not there yet/);
});

test('show: one task with its parameters, result, log, duration and provenance', async (t) => {
	const { scanmake, edit } = await finished(t);
	const page = await scanmake('show', 'spikes', 'weight=2', 'amplitude=0.5', 'frequency=1', 'trial=1');
	t.is(page.status, 0);
	t.regex(page.stdout, /^spikes \(simulate\): done in /);
	for (const part of [/weight +2/, /trial +1/, /seed +\d+/, /rate: 1,/, /build +1, on /, /key +[0-9a-f]{64}/])
		t.regex(page.stdout, part);
	const task = JSON.parse((await scanmake('show', 'tuning', '--json')).stdout) as Record<string, unknown>;
	t.like(task, { target: 'tuning', rule: 'analyze', state: 'done', result: 6, log: 'drawn\n', failure: null });
	t.like((task['files'] as unknown[])[0], { name: 'tuning.csv', executable: false });
	edit('Scanfile.ts', '"drawn"', '"painted"');
	t.regex((await scanmake('show', 'tuning')).stdout, /not run yet\. To run it: scanmake tuning/);
});

test('graph: the rules for Mermaid, Graphviz and programs', async (t) => {
	const { scanmake } = project(t, { 'Scanfile.ts': scanfile });
	const mermaid = await scanmake('graph');
	t.is(mermaid.status, 0);
	t.regex(mermaid.stdout, /^flowchart TD\n {2}r0\(\["input<br\/>generate, 6 tasks"\]\)\n/);
	t.regex(mermaid.stdout, /\n {2}r0 --> r1\n {2}r1 --> r2\n {2}r2 --> r3\n$/);
	const dot = await scanmake('graph', '--format', 'dot');
	t.regex(dot.stdout, /^digraph scan \{[\s\S]*r1 \[label="spikes\\nsimulate, 12 tasks"\];[\s\S]*r0 -> r1;[\s\S]*\}\n$/);
	const { rules } = JSON.parse((await scanmake('graph', '--format', 'json')).stdout) as { rules: unknown[] };
	t.deepEqual(rules[2], {
		name: 'response',
		kind: 'aggregate',
		isTarget: true,
		tasks: 6,
		parameters: ['weight', 'amplitude', 'frequency'],
		from: [{ as: 'from', rule: 'spikes' }],
	});
	t.is((await scanmake('graph', '--format', 'dto')).status, 2);
});

test('gc keeps what the Scanfile and the last 30 days reach; a month later the old code’s results go', async (t) => {
	const { build, scanmake, edit, write, path, start } = await finished(t);
	edit('Scanfile.ts', 'input.rate * p.weight', 'input.rate * p.weight + 0');
	t.deepEqual((await build('-j', '2')).did['spikes'], 'ran 12');
	t.regex((await scanmake('gc')).stdout, /^0 results removed, 37 kept/);

	// the same a month later: the clock is moved for that process alone
	write('later.mjs', 'const now = Date.now; Date.now = () => now() + 31 * 86_400_000;\n');
	const later = start(['gc', '--json'], { NODE_OPTIONS: `--import ${pathToFileURL(path('later.mjs')).href}` });
	const { status, stdout } = await later.ended;
	t.is(status, 0);
	t.like(JSON.parse(stdout), { kept: 25, removed: 12, ok: true });
	t.regex((await scanmake()).stderr, /^Nothing to do: 4 targets, 25 tasks up to date/);
	t.is((await scanmake('table', 'response')).stdout.split('\n').length, 8);
	edit('Scanfile.ts', 'input.rate * p.weight + 0', 'input.rate * p.weight');
	t.is((await build('-j', '2')).did['spikes'], 'ran 12');
});

test('the Scanfile is searched upwards; -f, --store and SCANMAKE_STORE say otherwise', async (t) => {
	const made = await finished(t);
	const { path, write, scanmake, start, build } = made;
	write('deep/below/nothing.txt', '');
	t.is((await start(['-f', '../../Scanfile.ts', '--quiet'], {}).ended).status, 2, 'relative to where one stands');
	write('other/Scan.ts', `${words}export default scan({ one: simulate({ run: () => 1 }) });\n`);
	t.deepEqual((await build('-f', 'other/Scan.ts')).did, { one: 'ran 1' });
	t.true(existsSync(path('other/.scanmake/format.json')));
	const elsewhere = await start(['-f', 'other/Scan.ts', '--json'], { SCANMAKE_STORE: path('elsewhere') }).ended;
	t.regex(elsewhere.stdout, /"ran":1/);
	t.true(existsSync(path('elsewhere/format.json')));
	t.regex((await scanmake('-f', 'other/Scan.ts', 'plan')).stdout, /Nothing to do: 1 target, 1 task up to date/);
});

test('help lists every command and option; --version is the package’s', async (t) => {
	const { scanmake } = project(t, {});
	const help = await scanmake('--help');
	t.is(help.status, 0);
	for (const word of ['[build]', 'plan', 'show', 'table', 'graph', 'checkout', 'gc', '--where', '--fail-fast', '-j'])
		t.true(help.stdout.includes(word), word);
	t.regex((await scanmake('table', '--help')).stdout, /--format/);
	t.regex((await scanmake('--version')).stdout, /^\d+\.\d+\.\d+\n$/);
});
