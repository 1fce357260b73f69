// Cut files, zeroed pages and flipped bits in what a build left: lmdb's file, cacache's, the kept Scanfile, the card, the
// files of analyses. The next builds say a sentence or repair it; what is read at last is what an undisturbed build gives.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openTables } from '../../engine/store/tables.ts';
import { type Ended, noInnards } from '../end-to-end/project.ts';
import { analysisFiles, drawn, type Ground, ground, numbers, type Undisturbed, undisturbed } from './ground.ts';

const { numRuns, seed } = drawn(7);

const rooms = {
	'the kept Scanfile': /^scanfiles\/.*bundle\.json$/,
	'the source map': /^scanfiles\/.*\.map$/,
	'the card': /^card\.json$/,
	'a large value or file': /^blobs\/content/,
	"cacache's index": /^blobs\/index/,
	'the files of an analysis': /^results\/.*\./,
	'the database': /^records\/data\.mdb$/,
} as const;

let known: Promise<Undisturbed> | undefined;
async function wantedBy(t: ExecutionContext): Promise<Undisturbed> {
	known ??= undisturbed(t);
	return known;
}

/** Harms one file of a room; returns how. */
function harm(store: string, room: RegExp, random: ReturnType<typeof numbers>): string {
	const files = readdirSync(store, { recursive: true, encoding: 'utf8' })
		.filter((path) => room.test(path) && statSync(join(store, path)).isFile())
		.sort();
	const name = random.pick(files);
	const path = join(store, name);
	const bytes = readFileSync(path);
	const at = random.below(bytes.length);
	const how = random.pick(['flip', 'flips', 'cut', 'zero'] as const);
	if (how === 'flip') bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
	if (how === 'flips') for (let i = 0; i < 20; i++) bytes[random.below(bytes.length)] = random.below(256);
	if (how === 'zero') bytes.fill(0, at & ~4095, Math.min(bytes.length, (at & ~4095) + 4096));
	writeFileSync(path, how === 'cut' ? bytes.subarray(0, at) : bytes);
	return `${how} at ${at} of ${bytes.length} in ${name}`;
}

/** The summary's separator changes forth and back, so that each build has something to do with what was kept. */
function turn(made: Ground): void {
	made.write('turn.txt', made.read('turn.txt') === '|' ? '/' : '|');
}

/** Who builds and who looks reads the truth or a sentence, and does what that says; at last all is right. */
async function repaired(t: ExecutionContext, made: Ground, wanted: Undisturbed, where: string): Promise<string[]> {
	const said: string[] = [];
	turn(made);
	for (let attempt = 0; attempt < 6; attempt++) {
		const build = await made.undisturbed();
		if (follow(t, made, build, said, where) && (await isAllRight(t, made, wanted, said, where))) return said;
	}
	return t.fail(`${where}: not repaired: ${said.join('; ')}`);
}

async function isAllRight(
	t: ExecutionContext,
	made: Ground,
	wanted: Undisturbed,
	said: string[],
	where: string,
): Promise<boolean> {
	for (const name of ['input', 'spikes', 'trace', 'summary']) {
		const table = await made.scanmake('table', name, '--format', 'jsonl');
		if (!follow(t, made, table, said, where)) {
			if (/scanmake gc/.test(table.stderr)) await made.scanmake('gc');
			return false;
		}
		t.is(table.stdout, (wanted.tables[name] ?? '').replaceAll('|', made.read('turn.txt')), `${where}: ${name}`);
	}
	return true;
}

/** Whether it ended well; a store that is to be moved away is. */
function follow(t: ExecutionContext, made: Ground, ended: Ended, said: string[], where: string): boolean {
	noInnards(t, ended);
	if (ended.status === 0) return true;
	const sentence = /[^"\n]*(damaged|cannot be used|expects format)[^"\n]*/.exec(ended.stderr + ended.stdout)?.[0];
	said.push(ended.status === null ? 'the process was ended' : (sentence ?? 'nothing'));
	if (ended.status !== null) t.truthy(sentence, `${where}: ${ended.stderr}${ended.stdout}`);
	if (/mv \S+ \S+/.test(sentence ?? '')) rmSync(made.store, { recursive: true, force: true });
	return false;
}

for (const [room, pattern] of Object.entries(rooms)) {
	test.serial(`damage to ${room} is repaired or said, and never a wrong result: seed ${seed}`, async (t) => {
		const wanted = await wantedBy(t);
		const random = numbers(seed + room.length);
		const made = ground(t);
		t.is((await made.undisturbed()).status, 0);
		for (let run = 0; run < Math.ceil(numRuns / Object.keys(rooms).length); run++) {
			const where = harm(made.store, pattern, random);
			const said = await repaired(t, made, wanted, where);
			t.log(`${where}: ${said.join(', ')}`);
			t.deepEqual(analysisFiles(made.store), wanted.files, where);
		}
	});
}

test.serial('a result that the index lost is said by who looks, forgotten by gc, and runs again', async (t) => {
	const wanted = await wantedBy(t);
	const made = ground(t);
	t.is((await made.undisturbed()).status, 0);
	const shown = JSON.parse((await made.scanmake('show', 'spikes', 'k=3', 'weight=1', '--json')).stdout) as {
		key: string;
	};
	const tables = openTables(join(made.store, 'records'), 'write');
	tables.write(() => t.true(tables.remove('index', Buffer.from(shown.key, 'hex'))));
	await tables.close();
	const table = await made.scanmake('table', 'spikes');
	t.is(table.status, 3);
	t.regex(table.stderr, /1 result in the store is damaged\. To forget what is damaged: scanmake gc/);
	t.regex((await made.scanmake('gc')).stdout, /1 damaged result forgotten/);
	t.is((await made.build()).did['spikes'], 'reused 23, ran 1');
	t.is((await made.scanmake('table', 'spikes', '--format', 'jsonl')).stdout, wanted.tables['spikes'] ?? '');
});
