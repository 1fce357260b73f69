// The plug is pulled while commands run: of the engine, then nothing that it started goes on and the next build repeats
// what was in flight; of the shells that run the commands, then the others go on. Knows of processes what /proc says.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { until } from '../end-to-end/project.ts';
import { drawn, type Ground, ground, listing, numbers } from './ground.ts';

const { numRuns, seed } = drawn(3);
const random = numbers(seed);

/** Each task notes that it began and that it ended, sleeps, and writes a file that the next rule reads. */
const scanfile = (seconds: number, tag: string) => `
import { file, grid, out, param, scan, shell, simulate, text } from "scanmake";
const k = Array.from({ length: 16 }, (_, i) => i);
const made = simulate({ over: grid({ k }), retries: 2,
	run: shell\`echo begin \${param("k")} >> "$PLUG_LOG"; sleep ${seconds}.\${param("k")}${tag}; echo end \${param("k")} >> "$PLUG_LOG"; echo \${param("k")} > \${out("made.txt")}\` });
const read = simulate({ over: grid({ k }), from: { made }, retries: 2, run: shell.with(text())\`cat \${file("made", "made.txt")}\` });
export default scan({ made, read });
`;

/** Processes that were started with this text in their arguments. */
function running(tag: string): readonly string[] {
	return readdirSync('/proc').filter((pid) => {
		try {
			return (
				/^\d+$/.test(pid) &&
				readFileSync(`/proc/${pid}/cmdline`, 'utf8')
					.split('\0')
					.some((word) => word.endsWith(tag))
			);
		} catch {
			return false;
		}
	});
}

/** The shells that a process has started. */
function shellsOf(pid: number | undefined): readonly number[] {
	try {
		return readdirSync(`/proc/${pid}/task`)
			.flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').match(/\d+/g) ?? [])
			.map(Number)
			.filter((child) => readFileSync(`/proc/${child}/comm`, 'utf8').trim() !== 'esbuild');
	} catch {
		return [];
	}
}

const begun = (made: Ground) => made.ran().filter((line) => line.startsWith('begin')).length;
const ended = (made: Ground) => new Set(made.ran().filter((line) => line.startsWith('end'))).size;

async function isRight(t: Parameters<typeof ground>[0], made: Ground): Promise<void> {
	const table = await made.scanmake('table', 'read', '--format', 'jsonl');
	const lines = table.stdout
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as { k: number; result: string });
	t.deepEqual(
		lines.map(({ k, result }) => [k, result.trim()]),
		Array.from({ length: 16 }, (_, k) => [k, `${k}`]),
	);
	t.deepEqual(
		listing(made.store).filter((path) => /^(work\/|lock)/.test(path)),
		[],
	);
}

test.serial('no command goes on when the engine is killed, however long it would have taken', async (t) => {
	if (!existsSync('/proc/self/task')) return void t.pass('no /proc here');
	const tag = `0${process.pid}`;
	const made = ground(t, scanfile(600, tag));
	const { child, ended: over } = made.disturbed({});
	await until(() => begun(made) >= 2 && running(tag).length >= 2);
	child.kill('SIGKILL');
	await over;
	await until(() => running(tag).length === 0, 20);
	await wait(300);
	t.is(ended(made), 0);
	t.is(begun(made), 2, 'and none is begun');
});

for (let round = 0; round < numRuns; round++) {
	const moments = Array.from({ length: 2 }, () => 1 + random.below(6));
	test.serial(
		`an engine killed after ${moments.join(' and ')} more commands repeats those in flight: ${seed}`,
		async (t) => {
			const made = ground(t, scanfile(0, '1'));
			let least = 0;
			for (const moment of moments) {
				least = begun(made) + moment;
				const { child, ended: over } = made.disturbed({});
				const enough = least;
				await until(() => begun(made) >= enough);
				child.kill('SIGKILL');
				await over;
				const done = begun(made);
				await wait(200);
				t.is(begun(made), done, 'nothing is begun any more');
			}
			const last = await made.undisturbed();
			t.is(last.status, 0, last.stderr);
			// two shells with two bundles each; a bundle takes some 0.2 s
			t.true(begun(made) <= 16 + moments.length * 8, `${begun(made)} commands for 16 tasks`);
			t.log(`${begun(made)} commands for 16 tasks`);
			await isRight(t, made);
		},
	);
}

test.serial('shells that are killed while commands run cost the commands that they ran', async (t) => {
	if (!existsSync('/proc/self/task')) return void t.pass('no /proc here');
	const made = ground(t, scanfile(0, '1'));
	const build = made.disturbed({});
	let killed = 0;
	for (let least = 2; least <= 10; least += 4) {
		await until(() => begun(made) >= least);
		const shell = random.pick(shellsOf(build.child.pid));
		if (shell !== undefined) {
			killed += 1;
			process.kill(shell, 'SIGKILL');
		}
	}
	const over = await build.ended;
	t.log(`${killed} killed, ${begun(made)} commands for 16 tasks, status ${over.status}`);
	t.true(over.status === 0 || over.status === 1, over.stderr);
	t.is((await made.undisturbed()).status, 0);
	t.true(begun(made) <= 16 + 2 * killed, `${begun(made)} commands for 16 tasks`);
	await isRight(t, made);
});
