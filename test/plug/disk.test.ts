// A disk that is full from some operation of a build on: the build ends with a sentence, nothing that was recorded is
// lost, and with room again the same command goes on to the same results.
import test, { type ExecutionContext } from 'ava';
import { noInnards } from '../end-to-end/project.ts';
import { drawn, goesOn, ground, numbers, recordsIn, type Undisturbed, undisturbed } from './ground.ts';

const { numRuns, seed } = drawn(6);
const random = numbers(seed);

let known: Promise<Undisturbed> | undefined;
async function wantedBy(t: ExecutionContext): Promise<Undisturbed> {
	known ??= undisturbed(t);
	return known;
}

/** What needs room, and without which there is no build: not what would only have made the next one faster. */
const needsRoom = /^(open|write|writeFile|appendFile|mkdir|link|lmdb transaction)(?!.*(scanfiles|card\.json))/;

for (let round = 0; round < numRuns; round++) {
	const place = random.below(1000);
	test.serial(`a disk that is full at ${place} thousandths of a build: seed ${seed}`, async (t) => {
		const wanted = await wantedBy(t);
		const made = ground(t);
		const labels = Object.keys(wanted.counts).filter((label) => needsRoom.test(label));
		const all = labels.reduce((sum, label) => sum + (wanted.counts[label] ?? 0), 0);
		const after = [Math.floor((all * place) / 1000), random.below(30)];
		let kept: ReadonlyMap<string, string> = new Map();
		for (let attempt = 0; attempt < 2; attempt++) {
			const ended = await made.disturbed({ full: { labels, after: after[attempt] ?? 0 } }).ended;
			const where = `full after ${after[attempt]} of ${all}`;
			noInnards(t, ended);
			t.is(ended.status, 3, `${where}: ${ended.stderr}`);
			t.regex(ended.stderr + ended.stdout, /The disk of the store .* is full/, where);
			t.regex(ended.stderr + ended.stdout, /run the same command again/, where);
			const now = recordsIn(made.store);
			for (const [task, what] of kept) t.is(now.get(task), what, `${where}: ${task} is kept`);
			kept = now;
		}
		const before = made.ran().length;
		await goesOn(t, made, wanted, `full after ${after.join(', then ')} of ${all}`);
		t.deepEqual(
			made
				.ran()
				.slice(before)
				.filter((task) => kept.has(task)),
			[],
			'nothing that was recorded runs again',
		);
	});
}
