// The plug is pulled at seeded operations of a build: between a blob, its record, a sweep and a rename, with half of a
// file written, in the middle of lmdb's commit; up to four times before a build may end. SCANMAKE_RUNS says how many times
// in all, SCANMAKE_SEED draws others: SCANMAKE_RUNS=300 npx ava dist/test/plug/kills.test.js
import test, { type ExecutionContext } from 'ava';
import { drawn, goesOn, ground, numbers, recordsIn, type Undisturbed, undisturbed } from './ground.ts';
import type { Order } from './order.ts';
import { runs, tasks } from './scan.ts';

const { numRuns, seed } = drawn(25);
const killsOfChain = [1, 1, 2, 4, 3, 1, 2, 4, 3, 4] as const;

let known: Undisturbed | undefined;
async function wantedBy(t: ExecutionContext): Promise<Undisturbed> {
	known ??= await undisturbed(t);
	return known;
}

/** Each kind of operation is as likely as each other: there are 60 transactions and one rename of a card. */
function plugOf(
	random: ReturnType<typeof numbers>,
	{ counts }: Undisturbed,
	killsBefore: number,
): NonNullable<Order['plug']> {
	const label = random.pick(Object.keys(counts).sort());
	// who goes on has less to do
	const count = 1 + random.below(Math.ceil((counts[label] ?? 1) / (1 + killsBefore)));
	const atLatest = random.pick(['lmdb close', 'rename card.json.PID', 'rm lock', 'unlink lock']);
	if (label === 'lmdb transaction' && random.below(2) === 0)
		return { label, count, phase: 'within', microseconds: random.below(1500), atLatest };
	return { label, count, phase: random.pick(['before', 'half', 'after'] as const), atLatest };
}

/** What ran although its result had been recorded. */
function ranInVain(recorded: ReadonlyMap<string, string>, ran: readonly string[]): readonly string[] {
	return ran.filter((task) => recorded.has(task));
}

let [drawnSoFar, pulled] = [0, 0];
for (let chain = 0; drawnSoFar < numRuns; chain++) {
	const kills = Math.min(killsOfChain[chain % killsOfChain.length] ?? 1, numRuns - drawnSoFar);
	drawnSoFar += kills;
	const name = `seed ${seed}, chain ${chain}, ${kills} kills`;
	test.serial(`a build killed at any operation goes on to the same results: ${name}`, async (t) => {
		const wanted = await wantedBy(t);
		const random = numbers(seed + 1000 * chain);
		const made = ground(t);
		const plugs: string[] = [];
		let recorded: ReadonlyMap<string, string> = new Map();
		let [before, lost] = [0, 0];
		for (let kill = 0; kill < kills; kill++) {
			const plug = plugOf(random, wanted, kill);
			plugs.push(JSON.stringify(plug));
			const running = made.disturbed({ plug });
			const ended = await running.ended;
			t.true(running.child.signalCode === 'SIGKILL' || ended.status === 0, `${plugs.join(' ')} ${ended.stderr}`);
			if (ended.status !== 0) pulled += 1;
			const ran = made.ran().slice(before);
			before += ran.length;
			t.deepEqual(ranInVain(recorded, ran), [], `${plugs.join(' ')}: nothing that was recorded runs again`);
			const now = recordsIn(made.store);
			for (const [task, what] of recorded) t.is(now.get(task), what, `${plugs.join(' ')}: ${task} is kept`);
			lost += new Set(ran).size - (now.size - recorded.size);
			recorded = now;
		}
		await goesOn(t, made, wanted, plugs.join(' '));
		const last = made.ran().slice(before);
		t.deepEqual(ranInVain(recorded, last), [], `${plugs.join(' ')}: nothing that was recorded runs again`);
		t.true(made.ran().length <= runs + lost, 'only what was in flight runs twice');

		const again = await made.build();
		t.deepEqual(
			again.did,
			Object.fromEntries(Object.entries(tasks).map(([target, count]) => [target, `reused ${count}`])),
			plugs.join(' '),
		);
		const target = random.pick(Object.keys(tasks));
		t.is((await made.scanmake('table', target, '--format', 'jsonl')).stdout, wanted.tables[target] ?? '', target);
	});
}

test.serial('these kills met builds that were at work', (t) => {
	t.log(`${pulled} of ${numRuns}`);
	t.true(pulled >= 0.9 * numRuns);
});
