// The loop with real threads: what does not wait for a sleeping task ends before it; a build that is interrupted or
// killed loses at most what was running. Tasks tell by files what ran and when; nothing here measures time.
import test from 'ava';
import { builtOf, noInnards, project, sleepText, until, words } from './project.ts';

test('with one generate task asleep, everything that does not need it ends before it does', async (t) => {
	// the sleeper wakes when all others have left their file, or gives up and tells how many had
	const { build, scanmake } = project(t, {
		'Scanfile.ts': `${words}${sleepText}
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
const folder = import.meta.dirname + "/ended";
mkdirSync(folder, { recursive: true });
const k = Array.from({ length: 40 }, (_, i) => i);
const others = 39 * 3;
const endedSoFar = () => readdirSync(folder).length;
const input = generate({
	over: grid({ k }),
	run: (p) => {
		for (let i = 0; p.k === 17 && i < 2000 && endedSoFar() < others; i++) sleep(10);
		return endedSoFar();
	},
});
const spikes = simulate({
	over: grid({ k, w: [1, 2] }),
	from: { input },
	run: (p) => { writeFileSync(folder + "/spikes-" + p.k + "-" + p.w, ""); return p.w; },
});
const mean = aggregate({
	from: spikes,
	by: ["k"],
	run: (rows, group) => { writeFileSync(folder + "/mean-" + group.k, ""); return rows.length; },
});
export default scan({ input, spikes, mean });\n`,
	});
	const built = await build('-j', '2');
	t.is(built.status, 0, built.stderr);
	t.deepEqual(built.did, { input: 'ran 40', spikes: 'ran 80', mean: 'ran 40' });
	const sleeper = JSON.parse((await scanmake('show', 'input', 'k=17', '--json')).stdout) as { result: number };
	t.is(sleeper.result, 39 * 3);
});

/** 150 tasks of some 8 ms that leave a line each, and the sum over them. */
const slow = `${words}${sleepText}
import { appendFileSync } from "node:fs";
const spikes = simulate({
	over: grid({ k: Array.from({ length: 150 }, (_, i) => i) }).trials(1),
	run: (p) => {
		appendFileSync(import.meta.dirname + "/ran.txt", p.k + "\\n");
		sleep(8);
		return { rate: p.k * 0.1, seed: p.seed, train: new Float64Array(p.k % 50 === 0 ? 4000 : 4).fill(p.k) };
	},
});
const total = aggregate({
	from: spikes,
	by: [],
	run: (rows) => rows.reduce((sum, row) => sum + row.result.rate * row.result.train.length, 0),
});
export default scan({ spikes, total });
`;

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	test(`${signal} in mid-run: exit status 130, what is done is kept, and the same command runs only the rest`, async (t) => {
		const { start, build, lines } = project(t, { 'Scanfile.ts': slow });
		const { child, ended } = start(['-j', '2', '--json']);
		await until(() => lines('ran.txt').length >= 30);
		child.kill(signal);
		const first = builtOf(t, await ended);
		t.is(first.status, 130);
		t.regex(first.stderr, /Stopping; what is done is kept\. Ctrl-C again ends at once\./);
		t.regex(first.stderr, /Interrupted\. \d+ finished tasks are kept\. To go on from there: scanmake -j 2 --json$/m);
		noInnards(t, first);
		const [spikes, total] = first.accounts;
		t.true((spikes?.ran ?? 0) >= 26, 'at most what ran at that moment is lost');
		t.is(spikes?.failed, 0, 'a task that was stopped has not failed');
		t.is(total?.left, 1);

		const ranBefore = lines('ran.txt').length;
		const second = await build('-j', '2');
		t.is(second.status, 0);
		t.deepEqual(second.did, { spikes: `reused ${spikes?.ran}, ran ${150 - (spikes?.ran ?? 0)}`, total: 'ran 1' });
		t.is(lines('ran.txt').length - ranBefore, 150 - (spikes?.ran ?? 0));
	});
}

test('kill -9 at any moment: the same command goes on, and at most the bundles in flight run again', async (t) => {
	const undisturbed = project(t, { 'Scanfile.ts': slow });
	const whole = await undisturbed.build('-j', '2');
	t.is(whole.status, 0);

	// seeded, so that a failure can be had again: eight kills of one scan, each some time after its start
	const seed = 20131;
	let state = seed;
	const random = () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
	const killed = project(t, { 'Scanfile.ts': slow });
	for (let round = 0; round < 8; round++) {
		const before = killed.lines('ran.txt');
		const { child, ended } = killed.start(['-j', '2']);
		if (round % 2 === 0) {
			const more = before.length + Math.floor(random() * 30);
			await until(() => killed.lines('ran.txt').length > more || child.exitCode !== null);
		} else await new Promise((resolve) => setTimeout(resolve, random() * 500));
		child.kill('SIGKILL');
		const { stderr } = await ended;
		t.notRegex(stderr, /defect|damaged|in use/, `seed ${seed}, round ${round}`);
		const ranAgain = killed
			.lines('ran.txt')
			.slice(before.length)
			.filter((line) => before.includes(line));
		// two threads, each with a bundle of at most 0.2 s of tasks (25), the answers on their way
		t.true(ranAgain.length <= 2 * 25, `seed ${seed}, round ${round}: ${ranAgain.length} tasks ran again`);
	}
	const ranBefore = killed.lines('ran.txt').length;
	const last = await killed.build('-j', '2');
	t.is(last.status, 0, last.stderr);
	const [spikes] = last.accounts;
	t.is(spikes?.ran, killed.lines('ran.txt').length - ranBefore);
	t.true((spikes?.reused ?? 0) > 0, 'what was done before the kills is kept');
	for (const target of ['spikes', 'total']) {
		const [expected, found] = [await undisturbed.scanmake('table', target), await killed.scanmake('table', target)];
		t.is(found.stdout, expected.stdout, `${target} is as if nothing had happened`);
	}
	t.deepEqual((await killed.build()).did, { spikes: 'reused 150', total: 'reused 1' });
});
