// What a task costs that fails, hangs, leaves something behind or takes its shell down: itself, and nothing else.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { json, out, param, shell, text } from '../../../rules/recipe.ts';
import type { Ended } from './ended.ts';
import { numbered, play, run } from './programs.ts';

const one = [{ a: 1 }];

const isAlive = (pid: number): boolean => {
	try {
		// What has ended and was not noticed by anybody does not run.
		return !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		return false;
	}
};

async function eventually(isTrue: () => boolean, waitSeconds = 60): Promise<boolean> {
	for (let i = 0; i < waitSeconds * 50 && !isTrue(); i++) await new Promise((resolve) => setTimeout(resolve, 20));
	return isTrue();
}

const pidIn = (folder: string, name: string): number => Number(readFileSync(join(folder, name), 'utf8'));

const onLinux = process.platform === 'linux' ? test : test.skip;

/** Every 50th task does `what`; the others say their number. Built-ins alone, so that several are written ahead. */
const oneIn50 = (what: string) => {
	const raw = ['case ', ` in 0 | *00 | *50) ${what};; esac; echo `, '; echo ', ' > ', ''];
	return shell.with(json())({ raw } as unknown as TemplateStringsArray, param('a'), param('a'), param('a'), out('n'));
};

function othersAreThere(t: ExecutionContext, ended: readonly (Ended | undefined)[]): void {
	for (const [a, task] of ended.entries()) {
		t.is(task?.times, 1, `${a}`);
		if (a % 50 === 0) continue;
		t.is(task?.value, a);
		t.is(Buffer.from(task?.files?.[0]?.bytes ?? []).toString(), `${a}\n`);
	}
}

for (const bundleSize of [7, 300]) {
	const more = { bundleSize };

	test(`one task in 50 fails, in bundles of ${bundleSize}: no other is lost`, async (t) => {
		const ended = await run(oneIn50('exit 3'), numbered(300), more);
		othersAreThere(t, ended);
		for (const a of [0, 50, 250]) t.like(ended[a]?.failure, { kind: 'ended', status: 3 });
	});

	test(`one task in 50 prints 1 MB, in bundles of ${bundleSize}: no other is lost`, async (t) => {
		const ended = await run(oneIn50("head -c 1000000 /dev/zero | tr '\\0' x >&2"), numbered(300), more);
		othersAreThere(t, ended);
		t.is(ended[50]?.value, 50);
		t.true((ended[50]?.log?.length ?? 0) > 100_000);
	});

	test(`one task in 50 leaves a background process that prints, in bundles of ${bundleSize}: no other is lost`, async (t) => {
		const ended = await run(oneIn50('(while :; do echo noise; sleep 0.01; done) &'), numbered(300), more);
		othersAreThere(t, ended);
	});

	test(`one task in 50 kills its own shell or group, in bundles of ${bundleSize}: no other is lost`, async (t) => {
		for (const what of ['kill -9 $$', 'kill -9 0', 'kill $$']) {
			const ended = await run(oneIn50(what), numbered(150), more);
			othersAreThere(t, ended);
			const by = what === 'kill $$' ? 'SIGTERM' : 'SIGKILL';
			for (const a of [0, 50, 100])
				t.deepEqual(ended[a]?.failure, { kind: 'crashed', message: `its shell was ended by ${by}` });
		}
	});
}

test('a task that takes longer than its timeout is stopped with all that it started; no other is lost', async (t) => {
	const what = `sh -c 'echo $$ > "hung-$1"; while :; do sleep 1; done' sh "$(date +%s%N)" | cat`;
	const { ended } = await play({
		rules: [{ run: oneIn50(what), sets: numbered(60), timeoutSeconds: 5 }],
		atEnd(folder) {
			const hung = readdirSync(folder).filter((name) => name.startsWith('hung-'));
			t.is(hung.length, 2);
			for (const name of hung) t.false(isAlive(pidIn(folder, name)));
		},
	});
	othersAreThere(t, ended[0] ?? []);
	for (const a of [0, 50]) t.deepEqual(ended[0]?.[a]?.failure, { kind: 'timed-out', timeoutSeconds: 5 });
});

test('a task that does not hear SIGTERM is killed a second after its timeout, and keeps its log', async (t) => {
	const line = shell`trap '' TERM; echo on; sh -c 'echo $$ > hung; while :; do sleep 1; done'; while :; do sleep 1; done`;
	await play({
		rules: [{ run: line, sets: one, timeoutSeconds: 0.2 }],
		atEnd: (folder) => {
			t.false(isAlive(pidIn(folder, 'hung')));
		},
	}).then(({ ended }) => {
		t.deepEqual(ended[0]?.[0]?.failure, { kind: 'timed-out', timeoutSeconds: 0.2 });
		t.regex(ended[0]?.[0]?.log ?? '', /^on\n/);
	});
});

test('what was written to a worker behind a task that takes its time is run by another', async (t) => {
	// It waits for all tasks that come after it, of which some were written behind it.
	const waits = 'i=201; while [ $i -lt 300 ]; do until [ -e mark-$i ]; do sleep 0.02; done; i=$((i + 1)); done';
	const raw = ['case ', ` in 200) ${waits};; esac; echo run >> mark-`, '; echo ', ''];
	const line = shell.with(json())({ raw } as unknown as TemplateStringsArray, param('a'), param('a'), param('a'));
	const { ended } = await play({
		rules: [{ run: line, sets: numbered(300) }],
		atEnd(folder) {
			const runs = numbered(300).map(({ a }) => readFileSync(join(folder, `mark-${a}`), 'utf8'));
			t.true(
				runs.every((text) => text === 'run\n'),
				'none is run twice',
			);
		},
	});
	t.true(ended[0]?.every((task, a) => task?.value === a && task.times === 1));
});

test('a background process holds nothing up, and is ended with the pool', async (t) => {
	let pid = 0;
	const line = shell.with(
		text(),
	)`sh -c 'echo $$ > left; while :; do sleep 1; done' & until [ -s left ]; do sleep 0.01; done; echo here`;
	const { ended } = await play({
		rules: [{ run: line, sets: one }],
		atEnd: (folder) => {
			pid = pidIn(folder, 'left');
			t.true(isAlive(pid));
		},
	});
	t.is(ended[0]?.[0]?.value, 'here\n');
	t.false(isAlive(pid));
});

test('a background process that stands in its task’s folder reaches no other task’s', async (t) => {
	const line = shell`echo ${param('a')} > ${out('n')}; case ${param('a')} in 0) cd "$(dirname "$(printf %s ${out('n')})")"; (while :; do echo spoiled > n; sleep 0.01; done) 2>&1 & ;; *) sleep 0.1;; esac`;
	const ended = await run(line, numbered(8), { slots: 1 });
	for (const [a, task] of ended.entries())
		if (a > 0) t.is(Buffer.from(task?.files?.[0]?.bytes ?? []).toString(), `${a}\n`);
});

test('a bundle is shared by all workers, each of which is one shell for all its tasks', async (t) => {
	const { ended, order } = await play({
		rules: [{ run: shell.with(text())`echo $$; sleep 0.005`, sets: numbered(200) }],
		slots: 2,
	});
	t.is(new Set(ended[0]?.map((task) => task?.value)).size, 2);
	t.deepEqual([...new Set(order.map(({ worker }) => worker))].sort(), [5, 6]);
});

test('a task that takes two cores runs alone, and rules run in the order in which they came', async (t) => {
	const alone = shell`mkdir lock || exit 9; sleep 0.01; rmdir lock`;
	const other = shell`[ ! -e lock ]`;
	const { ended } = await play({
		rules: [
			{ run: other, sets: numbered(40) },
			{ run: alone, sets: numbered(20), cores: 2 },
			{ run: other, sets: numbered(40) },
		],
		bundleSize: 5,
	});
	t.true(ended.flat().every((task) => task?.failure === undefined && task?.times === 1));
});

test('drained, a pool begins nothing: what runs may end, the rest is given back', async (t) => {
	let answered = 0;
	const { ended, finished } = await play({
		rules: [{ run: shell`sleep 0.02; : > ${out('n')}`, sets: numbered(200) }],
		bundleSize: 50,
		onAnswer(count, _pool, end) {
			answered ||= count;
			end();
		},
		async atEnd(_, pool) {
			pool.drain();
			t.true(await eventually(() => pool.openCount() === 0));
		},
	});
	t.true(answered > 0 && (ended[0]?.filter((task) => task === undefined).length ?? 0) > 50);
	t.true(ended[0]?.every((task) => task === undefined || task.failure === undefined));
	t.true([...finished.values()].every((times) => times === 1));
});

test('closed, a pool ends what runs and answers nothing for it', async (t) => {
	let pid = 0;
	const { ended } = await play({
		rules: [
			{ run: shell`:`, sets: one },
			{ run: shell`sh -c 'echo $$ > runs; while :; do sleep 1; done'`, sets: one },
		],
		onAnswer: (_count, _pool, end) => end(),
		async atEnd(folder) {
			const file = join(folder, 'runs');
			t.true(await eventually(() => existsSync(file) && readFileSync(file, 'utf8') !== ''));
			pid = pidIn(folder, 'runs');
		},
	});
	t.false(isAlive(pid));
	t.is(ended[1]?.[0], undefined);
});

const ends: Readonly<Record<string, string>> = {
	kill: 'is killed',
	exit: 'exits',
	close: 'exits while it waits for what does not hear SIGTERM',
};

for (const how of ['kill', 'exit', 'close']) {
	onLinux(`nothing runs on once the engine ${ends[how]}`, async (t) => {
		const folder = mkdtempSync(join(tmpdir(), 'scanmake-killed-'));
		const script = fileURLToPath(new URL('./killed-engine.js', import.meta.url));
		const engine = spawn(process.execPath, [script, folder, how], { stdio: 'ignore' });
		const names = ['worker', 'task', 'background'];
		const isThere = (name: string) => existsSync(join(folder, name)) && readFileSync(join(folder, name), 'utf8') !== '';
		t.true(await eventually(() => names.every(isThere)));
		const pids = names.map((name) => pidIn(folder, name));
		if (how === 'kill') engine.kill('SIGKILL');
		t.true(await eventually(() => !pids.some(isAlive)), `${pids.filter(isAlive)}`);
		rmSync(folder, { recursive: true, force: true });
	});
}
