// Which files of the project are in which keys of commands and shell lines (semantics 13), without running any.
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { hex } from '../../engine/digest.ts';
import { findFiles, keyFiles, madeTexts, noMadeTexts, taskFiles } from '../../engine/inputs.ts';
import type { OpenedScan } from '../../engine/opened.ts';
import { projectFiles } from '../../engine/project.ts';
import { standings } from '../../engine/standing.ts';
import { memoryStore } from '../../engine/store/memory.ts';
import { command, given, grid, list, out, param, shell } from '../../rules/index.ts';
import type { Rule } from '../../rules/rule.ts';
import { layoutOf } from '../../rules/space.ts';
import { opened } from '../harness.ts';
import { type Files, folderWith, put, ruleOf, standsOf } from './keyed.ts';

/** The rows whose keys an edit of files changes. Where any does, the name of the sweep must. */
async function changedBy(t: ExecutionContext, folder: string, rule: Rule, edit: Files): Promise<number[]> {
	const before = await standsOf(folder, rule);
	put(folder, edit);
	const now = await standsOf(folder, rule);
	const rows = now.keys.flatMap((key, row) => (key === before.keys[row] ? [] : [row]));
	t.is(rows.length > 0, before.sweep !== now.sweep, 'the sweep has another name where a key is another');
	return rows;
}

const sharedBy = async (folder: string, run: unknown) =>
	(await standsOf(folder, ruleOf(run))).stands
		.filesOf(0)
		.shared.map(({ name }) => name)
		.sort();

test('words of a command that name a file of the project are its inputs, also behind `=`', async (t) => {
	const files = { lif: '', 'model.txt': '', 'data/a.txt': '', 'b.txt': '', 'k=v.txt': '', 'unused.txt': '' };
	const folder = folderWith(t, files);
	const words = [
		'./lif',
		'--model=model.txt',
		'data/../data/a.txt',
		join(folder, 'b.txt'),
		'k=v.txt',
		'data',
		'no.txt',
	];
	t.deepEqual(await sharedBy(folder, command(words)), ['b.txt', 'data/a.txt', 'k=v.txt', 'lif', 'model.txt']);
	const absent = given('a' as never, ['--model=model.txt'] as const);
	t.deepEqual(await sharedBy(folder, command(['./lif', absent] as never)), ['lif', 'model.txt']);
});

test('words of a shell line that name a file are its inputs; what the shell writes to is none', async (t) => {
	const folder = folderWith(t, { lif: '', 'in.txt': '', 'out.txt': '', 'log.txt': '', 'x.txt': '', 'my file.txt': '' });
	t.deepEqual(await sharedBy(folder, shell`X=x.txt ./lif <in.txt >out.txt 2>> log.txt`), ['in.txt', 'lif', 'x.txt']);
	t.deepEqual(await sharedBy(folder, shell`sort 'my file.txt' | ./lif > out.txt && cat out.txt`), [
		'lif',
		'my file.txt',
	]);
	t.deepEqual(await sharedBy(folder, shell`./li"f" ${'in.txt'} > ./out.txt; echo "$(cat x.txt)" # log.txt`), [
		...['in.txt', 'lif', 'x.txt'],
	]);
});

test('what lies outside the project, and what is not the project’s own, is not looked at', async (t) => {
	const outer = folderWith(t, {
		'x.txt': '',
		'in/a.txt': '',
		'in/.scanmake/s': '',
		'in/node_modules/m': '',
		'in/.git/g': '',
	});
	const folder = join(outer, 'in');
	const words = ['../x.txt', join(outer, 'x.txt'), '.scanmake/s', 'node_modules/m', '.git/g', 'a.txt', '', '.', '..'];
	t.deepEqual(await sharedBy(folder, command(words)), ['a.txt']);
	const rule = ruleOf(
		command(['cat', param('f' as never)]),
		grid({ f: ['../x.txt', '/etc/passwd', 'a.txt', '\0', '.'] }),
	);
	const { made } = (await standsOf(folder, rule)).stands.filesOf(0);
	t.deepEqual([...made.keys()], ['a.txt']);
	t.deepEqual(await changedBy(t, folder, rule, { '../x.txt': 'changed' }), []);
});

test('an edited file changes the keys of all tasks of a command that names it, a touched one none', async (t) => {
	const folder = folderWith(t, { 'model.txt': '1' });
	const rule = ruleOf(command(['cat', 'model.txt', param('n' as never)]), grid({ n: [1, 2] }));
	t.deepEqual(await changedBy(t, folder, rule, { 'model.txt': '1' }), []);
	t.deepEqual(
		await changedBy(t, folder, rule, { 'model.txt': '2' }),
		[0, 1],
		'younger than two seconds, of the same size',
	);
	t.deepEqual(await changedBy(t, folder, rule, { 'other.txt': '2' }), []);
});

test('a file that a parameter names counts for the tasks with this value alone', async (t) => {
	const folder = folderWith(t, { 'a.txt': '1', 'b.txt': '1', '7': 'a number is no name' });
	const over = grid({ f: ['a.txt', 'b.txt', 'none'], n: [1, 7] });
	const rule = ruleOf(command(['cat', param('f' as never), param('n' as never)]), over);
	t.deepEqual(await changedBy(t, folder, rule, { 'a.txt': '2' }), [0, 1]);
	t.deepEqual(await changedBy(t, folder, rule, { 'b.txt': '2' }), [2, 3]);
	t.deepEqual(await changedBy(t, folder, rule, { none: 'now it is there' }), [4, 5]);
	t.deepEqual(await changedBy(t, folder, rule, { '7': 'x' }), []);
});

test('a word made of text and parameters counts for the tasks in which it names a file', async (t) => {
	const folder = folderWith(t, { 'data/a-1.txt': '1', 'data/a-2.txt': '1' });
	const over = grid({ f: ['a', 'b'], n: [1, 2], other: [0, 1] });
	const rule = ruleOf(shell`cat --in=data/${param('f' as never)}-${param('n' as never)}.txt`, over);
	t.deepEqual(await changedBy(t, folder, rule, { 'data/a-1.txt': '2' }), [0, 1]);
	t.deepEqual(await changedBy(t, folder, rule, { 'data/b-2.txt': 'new' }), [6, 7]);
	const writes = ruleOf(shell`date > data/${param('f' as never)}-${param('n' as never)}.txt`, over);
	t.deepEqual(await changedBy(t, folder, writes, { 'data/a-1.txt': '3' }), []);
});

test('what the words say is made once a combination of values, however many sets there are', (t) => {
	const over = grid({ f: ['a', 'b'], g: ['a', 'c'], n: [1, 2, 3] });
	const { recipe } = ruleOf(shell`cat ${param('f' as never)}-${param('g' as never)} > ${param('f' as never)}`);
	t.deepEqual(madeTexts(recipe as never, layoutOf(over)), {
		read: ['a-a', 'a-c', 'b-a', 'b-c'],
		written: ['a', 'b'],
	});
});

test('the files of tasks are one list for each choice of files, whatever other words say', (t) => {
	const over = grid({ m: ['a', 'b', 'none'], w: ['x', 'y'], n: [1, 2] });
	const word = (name: string) => param(name as never);
	const lines = [
		command([word('w'), word('m'), word('n')] as never),
		shell`${word('m')} --out=${word('w')}-${word('n')}`,
	];
	const made = new Map(['a', 'b'].map((name) => [name, [{ name, path: `/${name}`, digest: new Uint8Array(32) }]]));
	for (const run of lines) {
		const of = taskFiles(ruleOf(run).recipe as never, made, layoutOf(over));
		const found = Array.from({ length: 12 }, (_, row) => of?.(row));
		t.deepEqual(
			found.map((one) => one?.files.map(({ name }) => name).join()),
			[...'aaaabbbb', '', '', '', ''],
		);
		t.is(new Set(found).size, 3);
	}
	const silent = taskFiles(ruleOf(command([word('w')] as never)).recipe as never, made, layoutOf(over));
	t.is(silent, undefined);
});

test('many texts are no fact: they are not made one text to be remembered', async (t) => {
	const folder = folderWith(t, { 'name 7': '' });
	const rule = ruleOf(
		command(['cat', param('f' as never)]),
		grid({ f: Array.from({ length: 30_000 }, (_, i) => `name ${i}`) }),
	);
	const scan = opened({ targets: { rule }, folder });
	const { stringify } = JSON;
	let texts = 0;
	const counting = (value: { readonly read?: { readonly length: number } }) => {
		if (value?.read?.length === 30_000) texts++;
		return stringify(value);
	};
	for (const fixed of [undefined, 'the digest of a bundle']) {
		JSON.stringify = counting;
		try {
			const stands = await standings({ ...scan, loaded: { ...scan.loaded, fixed } }, [0], memoryStore());
			t.deepEqual([...stands.filesOf(0).made.keys()], ['name 7']);
			t.false([...stands.learned().keys()].some((name) => name.startsWith('words ')));
		} finally {
			JSON.stringify = stringify;
		}
	}
	t.is(texts, 0);
});

test('where a parameter is absent it names nothing', async (t) => {
	const folder = folderWith(t, { 'a.txt': '1' });
	const over = list([{ n: 1, f: 'a.txt' }, { n: 2 }]);
	const rule = ruleOf(shell`cat ${given('f' as never, [param('f' as never)])}`, over);
	t.deepEqual(await changedBy(t, folder, rule, { 'a.txt': '2' }), [0]);
});

test('many names in one folder are found as few are', async (t) => {
	const names = Array.from({ length: 300 }, (_, i) => `f${i}`);
	const there = names.filter((_, i) => i % 7 === 0);
	const folder = folderWith(t, Object.fromEntries(there.map((name) => [`data/${name}`, name])));
	const rule = ruleOf(shell`cat data/${param('f' as never)}`, grid({ f: names }));
	const { made } = (await standsOf(folder, rule)).stands.filesOf(0);
	t.deepEqual([...made.keys()].sort(), there.map((name) => `data/${name}`).sort());
});

test('two rules with the same command and sets have the same keys, whatever the order of the sets', async (t) => {
	const folder = folderWith(t, { 'a.txt': '1' });
	const over = grid({ f: ['a.txt', 'b.txt'] });
	const one = await standsOf(folder, ruleOf(command(['cat', param('f' as never)]), over));
	const other = await standsOf(folder, ruleOf(command(['cat', param('f' as never)]), grid({ f: ['b.txt', 'a.txt'] })));
	t.deepEqual([...one.keys].sort(), [...other.keys].sort());
});

test('a file that is there and cannot be read is named', async (t) => {
	const folder = folderWith(t, { lif: '', 'a.txt': '' });
	const { recipe } = ruleOf(command(['./lif', 'none']));
	const found = findFiles(recipe as never, noMadeTexts, projectFiles(folder));
	const named = await keyFiles(found, () => Promise.reject(Object.assign(new Error('closed'), { code: 'EACCES' })));
	t.deepEqual([named.written, named.unreadable], [[], ['lif']]);
	const fails = () => keyFiles(found, () => Promise.reject(new TypeError('of an analysis')));
	await t.throwsAsync(fails, { message: 'of an analysis' }, 'a file that can be read is not said to be closed');
});

test('where the Scanfile alone decides what the sets are, they are not laid out again to know which files they name', async (t) => {
	const folder = folderWith(t, { 'a.txt': '1', 'b.txt': '1' });
	const scan = opened({
		targets: { rule: ruleOf(shell`cat ${param('f' as never)}.txt`, grid({ f: ['a', 'b', 'c'] })) },
		folder,
	});
	const store = memoryStore();
	let laidOut = 0;
	const counting: OpenedScan = {
		...scan,
		loaded: { ...scan.loaded, fixed: 'the digest of a bundle' },
		expansion: {
			...scan.expansion,
			layout(place) {
				laidOut++;
				return scan.expansion.layout(place);
			},
		},
	};
	const sweep = async () => {
		const stands = await standings(counting, [0], store);
		store.putFacts(stands.learned());
		return hex(stands.sweepNameOf(0, () => undefined) ?? new Uint8Array());
	};
	const first = await sweep();
	t.true(laidOut > 0);
	laidOut = 0;
	t.is(await sweep(), first);
	put(folder, { 'a.txt': '2' });
	const edited = await sweep();
	t.not(edited, first);
	put(folder, { 'c.txt': 'new' });
	t.not(await sweep(), edited);
	t.is(laidOut, 0);
});

test('out() names no file of the project', async (t) => {
	const folder = folderWith(t, { 'o.txt': '' });
	t.deepEqual(await sharedBy(folder, command(['date', out('o.txt')])), []);
});

test('files are found where a shell runs commands inside other text, goes into a folder, or gets a line of its own', async (t) => {
	const folder = folderWith(t, { 'data/x.txt': '' });
	for (const run of [
		shell`echo $(( $(wc -l < data/x.txt) + 1 ))`,
		shell`cat <<EOF
$(cat data/x.txt)
EOF`,
		shell`cd data && cat x.txt`,
		shell`(cd data; cat ./x.txt)`,
		command(['env', '-C', 'data', 'cat', 'x.txt']),
		command(['sh', '-c', 'cat data/x.txt']),
		command(['awk', '-fdata/x.txt']),
	])
		t.deepEqual(await sharedBy(folder, run), ['data/x.txt'], JSON.stringify(run));
	t.deepEqual(
		await sharedBy(
			folder,
			shell`cat <<'EOF'
$(cat data/x.txt)
EOF`,
		),
		[],
		'a quoted delimiter makes all of it text',
	);
});
