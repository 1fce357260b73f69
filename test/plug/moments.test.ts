// The plug is pulled at moments that no operation names: of the engine while tasks run, of a thread that a task ends.
// How much runs twice is bounded by what two threads have in hand. Knows nothing of the engine's inside.
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { sleepText, until, words } from '../end-to-end/project.ts';
import { drawn, goesOn, ground, numbers, type Undisturbed, undisturbed } from './ground.ts';

const { numRuns, seed } = drawn(6);
const random = numbers(seed);

let known: Promise<Undisturbed> | undefined;
async function wantedBy(t: ExecutionContext): Promise<Undisturbed> {
	known ??= undisturbed(t);
	return known;
}

for (let round = 0; round < numRuns; round++) {
	const moments = Array.from({ length: 1 + random.below(3) }, () => random.below(700));
	test.serial(`a build killed after ${moments.join(', ')} ms goes on to the same results: seed ${seed}`, async (t) => {
		const wanted = await wantedBy(t);
		const made = ground(t);
		for (const moment of moments) {
			const running = made.disturbed({});
			await Promise.race([wait(moment), running.ended]);
			running.child.kill('SIGKILL');
			await running.ended;
		}
		await goesOn(t, made, wanted, `killed after ${moments.join(', ')} ms`);
	});
}

const slow = `${words}${sleepText}
import { appendFileSync } from "node:fs";
const run = (p: { k: number }) => {
	appendFileSync(process.env.PLUG_LOG ?? "/dev/null", p.k + "\\n");
	sleep(40);
	return p.k;
};
export default scan({ slow: simulate({ over: grid({ k: Array.from({ length: 48 }, (_, i) => i) }), run }) });
`;

test('of tasks that take their time, a kill costs those that two threads have in hand and no more', async (t) => {
	const made = ground(t, slow);
	const kills = 3;
	let least = 0;
	for (let kill = 0; kill < kills; kill++) {
		least += 6 + random.below(8);
		const running = made.disturbed({});
		const enough = least;
		await until(() => made.ran().length >= enough);
		running.child.kill('SIGKILL');
		await running.ended;
	}
	t.is((await made.undisturbed()).status, 0);
	const ran = made.ran();
	t.is(new Set(ran).size, 48);
	// a bundle takes some 0.2 s, and a thread that has answered may have begun the next of its two
	const inHand = 2 * 2 * 5;
	t.true(ran.length <= 48 + kills * inHand, `${ran.length} runs of 48 tasks`);
	t.log(`${ran.length} runs of 48 tasks`);
});

test('a thread that its task ends costs that task alone, and the results of the others are the same', async (t) => {
	const text = slow.replace(
		'return p.k;',
		'if (p.k % 16 === 7 && process.env.PLUG_DIE) process.exit(3);\n\treturn p.k;',
	);
	const made = ground(t, text.replace('sleep(40)', 'sleep(2)'));
	const dying = made.start(['-j', '2', '--json'], { PLUG_LOG: made.path('ran.txt'), PLUG_DIE: 'yes' });
	const ended = await dying.ended;
	t.is(ended.status, 1, ended.stderr);
	t.regex(ended.stdout, /"ran":45,"failed":3,/);
	t.is(made.ran().length, 48);
	t.is((await made.undisturbed()).status, 0);
	t.is(made.ran().length, 51);
});
