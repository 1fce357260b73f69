// Tasks that fail, with real threads: what is said of each, what the others do, and what the same command does next.
import { existsSync } from 'node:fs';
import test from 'ava';
import { noInnards, project, words } from './project.ts';

const ways = `${words}const ways = (p: { how: string }): Open => {
	switch (p.how) {
		case "throws": throw new TypeError("no such cell");
		case "throws text": throw "text";
		case "never ends": for (;;);
		case "exits": process.exit(7);
		case "a date": return { spikes: [1, { when: new Date(0) }] };
		case "a function": return () => 1;
		default: return 1;
	}
};
const hows = ["works", "throws", "throws text", "never ends", "exits", "a date", "a function", "works, too"];
const every = simulate({ over: grid({ how: hows }), timeout: "1s", run: ways });
const lost = simulate({ run: (_p, _inputs, io) => { io.out("spikes.txt"); return 1; } });
const path = simulate({ run: (_p, _inputs, io) => ({ file: io.out("a/spikes.txt") }) });
export default scan({ every, lost, path });
`;

test('each way to fail is that task’s failure alone, worded with its parameter set and the command that shows more', async (t) => {
	const { build, scanmake, edit } = project(t, { 'Scanfile.ts': ways });
	const built = await build('-j', '2');
	t.is(built.status, 1);
	t.false(built.ok);
	t.deepEqual(built.did, { every: 'ran 2, failed 6', lost: 'failed 1', path: 'failed 1' });
	for (const sentence of [
		/^simulate how=throws: threw TypeError: no such cell \(Scanfile\.ts:4\)/m,
		/^simulate 'how="throws text"': threw a string: text/m,
		/^simulate 'how="never ends"': took longer than its timeout of 1 s and was stopped/m,
		/^simulate how=exits: ended its process with exit status 7/m,
		/^simulate 'how="a date"': its result is no plain data: at result\.spikes\[1\]\.when there is a Date/m,
		/^simulate 'how="a function"': its result is no plain data: there is a function/m,
		/^simulate: did not write its output "spikes\.txt"/m,
		/^simulate: its result contains a path of io \(at result\.file\); return the file's name instead/m,
		/Its output: scanmake show every how=throws$/m,
		/8 tasks failed\. The same command reuses what is done and runs the rest again\./,
	])
		t.regex(built.stderr, sentence);
	noInnards(t, built);

	const shown = await scanmake('show', 'every', 'how=throws');
	t.is(shown.status, 0);
	t.regex(shown.stdout, /at ways \(Scanfile\.ts:4:\d+\)/, "the user's own frames are shown where they are asked for");
	t.notRegex(shown.stdout, /dist\/|engine\//);
	const plan = await scanmake('plan');
	t.regex(
		plan.stdout,
		/^2 of `every` \(how=throws\|"throws text"\) to run: they failed the last time, for instance so: threw TypeError: no such cell \(Scanfile\.ts:4\)\.$/m,
	);

	// a correction of the code is another task
	edit('Scanfile.ts', 'throw new TypeError("no such cell")', 'return 2');
	t.deepEqual((await build('every', '--where', 'how=throws|works')).did, { every: 'ran 2, left 6' });
});

test('a task that runs out of memory fails, and the scan goes on', async (t) => {
	const { build } = project(t, {
		'Scanfile.ts': `${words}
const run = (p: { k: number }) => {
	const hold: unknown[] = [];
	while (p.k === 1) hold.push(new Array(1e5).fill(p.k));
	return p.k;
};
export default scan({ greedy: simulate({ over: grid({ k: [0, 1, 2] }), run }) });\n`,
	});
	const built = await build('-j', '1');
	t.is(built.status, 1);
	t.deepEqual(built.did, { greedy: 'ran 2, failed 1' });
	t.regex(built.stderr, /^simulate k=1: ran out of memory/m);
	noInnards(t, built);
});

const chain = `${words}
import { appendFileSync, existsSync } from "node:fs";
const note = (text: string) => appendFileSync(import.meta.dirname + "/ran.txt", text + "\\n");
const input = generate({
	over: grid({ k: [0, 1, 2, 3] }),
	run: (p) => {
		note("input " + p.k);
		if (p.k === 2 && !existsSync(import.meta.dirname + "/mended")) throw new Error("the amplifier is off");
		return p.k;
	},
});
const spikes = simulate({
	over: grid({ k: [0, 1, 2, 3], w: [1, 2] }),
	from: { input },
	run: (p, { input }) => { note("spikes " + p.k + " " + p.w); return input * p.w; },
});
const each = aggregate({ from: spikes, by: ["k"], run: (rows) => rows.length });
const strict = aggregate({ from: spikes, by: ["w"], run: (rows) => rows.length });
const loose = aggregate({ from: spikes, by: ["w"], missing: "skip", run: (rows) => rows.map((row) => row.params.k) });
const figure = analyze({
	from: { loose },
	run: ({ loose }, io) => {
		io.log("members: " + loose.map((row) => row.result.length).join(" "));
		return loose.map((row) => row.result.length);
	},
});
export default scan({ input, spikes, each, strict, loose, figure });
`;

test('what needs a failed task is blocked, all else is built; once it is mended only what is missing runs', async (t) => {
	const { build, scanmake, lines, write } = project(t, { 'Scanfile.ts': chain });
	const first = await build('-j', '2');
	t.is(first.status, 1);
	t.deepEqual(first.did, {
		input: 'ran 3, failed 1',
		spikes: 'ran 6, blocked 2',
		each: 'ran 3, blocked 1',
		strict: 'blocked 2',
		loose: 'ran 2',
		figure: 'ran 1',
	});
	t.regex(first.stderr, /^generate k=2: threw Error: the amplifier is off \(Scanfile\.ts:\d+\)/m);
	t.regex(first.stderr, /1 task failed, 5 tasks could not run for want of an input/);

	// what went on without the missing members can be looked at
	const loose = await scanmake('table', 'loose', '--format', 'json');
	t.deepEqual(JSON.parse(loose.stdout), [
		{ w: 1, result: [0, 1, 3] },
		{ w: 2, result: [0, 1, 3] },
	]);
	t.regex((await scanmake('show', 'figure')).stdout, /done in[\s\S]*members: 3 3/);
	const blocked = await scanmake('show', 'spikes', 'k=2', 'w=1');
	t.is(blocked.status, 0);
	t.regex(blocked.stdout, /not run: an input has no result yet, or failed\. To run what is missing: scanmake spikes$/m);
	t.regex((await scanmake('plan')).stdout, /1 of `input` \(.+\) to run: it failed the last time/);

	write('mended', '');
	const before = lines('ran.txt').length;
	const second = await build('-j', '2');
	t.is(second.status, 0);
	t.deepEqual(second.did, {
		input: 'reused 3, ran 1',
		spikes: 'reused 6, ran 2',
		each: 'reused 3, ran 1',
		strict: 'ran 2',
		loose: 'ran 2',
		figure: 'ran 1',
	});
	t.deepEqual(lines('ran.txt').slice(before).sort(), ['input 2', 'spikes 2 1', 'spikes 2 2']);
});

test('--fail-fast starts nothing after a failure, and accounts for what was not started', async (t) => {
	const { build, lines } = project(t, {
		'Scanfile.ts': `${words}
import { appendFileSync } from "node:fs";
const run = (p: { k: number }) => {
	appendFileSync(import.meta.dirname + "/ran.txt", p.k + "\\n");
	if (p.k === 0) throw new Error("no");
	return p.k;
};
export default scan({ s: simulate({ over: grid({ k: Array.from({ length: 500 }, (_, k) => k) }), run }) });\n`,
	});
	const built = await build('--fail-fast', '-j', '1');
	t.is(built.status, 1);
	t.regex(built.stderr, /A task failed and --fail-fast was given: nothing new is started\./);
	t.regex(built.stderr, /1 task failed, \d+ tasks were not started/);
	const [account] = built.accounts;
	t.is(account?.failed, 1);
	t.true((account?.left ?? 0) > 400, 'the others were not started');
	t.is(lines('ran.txt').length, (account?.ran ?? 0) + 1, 'what is accounted for is what ran');

	const goingOn = await build('--keep-going', '-j', '1');
	const before = account?.ran ?? 0;
	t.is(goingOn.did['s'], `${before > 0 ? `reused ${before}, ` : ''}ran ${499 - before}, failed 1`);
});

test('a task that fails at first and is retried is kept like any other', async (t) => {
	const { build, lines, scanmake } = project(t, {
		'Scanfile.ts': `${words}
import { appendFileSync, readFileSync } from "node:fs";
const file = import.meta.dirname + "/ran.txt";
const run = (p: { k: number }) => {
	appendFileSync(file, p.k + "\\n");
	const times = readFileSync(file, "utf8").split("\\n").filter((line) => line === String(p.k)).length;
	if (p.k === 1 && times < 3) throw new Error("not yet");
	if (p.k === 2) throw new Error("never");
	return times;
};
export default scan({ flaky: simulate({ over: grid({ k: [0, 1, 2] }), retries: 2, run }) });\n`,
	});
	const first = await build('-j', '2');
	t.is(first.status, 1);
	t.deepEqual(first.did, { flaky: 'ran 2, failed 1' });
	t.deepEqual([...lines('ran.txt')].sort(), ['0', '1', '1', '1', '2', '2', '2']);
	t.regex((await scanmake('show', 'flaky', 'k=1')).stdout, /attempt +3/);
	t.is((first.stderr.match(/^simulate k=1/gm) ?? []).length, 0, 'a retry that succeeds is no failure');

	const second = await build('--where', 'k<2');
	t.is(second.status, 0);
	t.deepEqual(second.did, { flaky: 'reused 2, left 1' });
	t.is(lines('ran.txt').length, 7);
});

test('an asynchronous function that hears io.signal ends by itself at its timeout', async (t) => {
	const { build, path } = project(t, {
		'Scanfile.ts': `${words}
import { writeFileSync } from "node:fs";
const waits = simulate({
	timeout: "0.3s",
	run: (_p, _inputs, io) => new Promise<number>((_resolve, reject) => {
		io.signal.addEventListener("abort", () => {
			writeFileSync(import.meta.dirname + "/heard.txt", "");
			reject(new Error("aborted"));
		});
		setInterval(() => {}, 1000);
	}),
});
export default scan({ waits });\n`,
	});
	const built = await build();
	t.is(built.status, 1);
	t.regex(built.stderr, /^simulate: took longer than its timeout of 0\.3 s and was stopped/m);
	t.true(existsSync(path('heard.txt')));
});
