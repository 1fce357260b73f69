// Files that change while a build runs: no result is recorded that they may be in (semantics 13), and edits between builds
// of commands that really run.
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type BuildReport, openEngine } from '../../engine/index.ts';
import { grid, simulate } from '../../rules/index.ts';
import { bench } from '../harness.ts';
import { inProject } from './code/projects.ts';

async function build(folder: string): Promise<{ report: BuildReport; counts: readonly string[] }> {
	const engine = await openEngine({ mode: 'write', cwd: folder });
	try {
		const report = await engine.build([], { jobs: 2 });
		const counts = report.targets.map(
			({ name, reused, ran, failed, left }) => `${name} ${reused} ${ran} ${failed}${left > 0 ? ' +' : ''}`,
		);
		return { report, counts };
	} finally {
		await engine.close();
	}
}

const scanfile = (
	text: string,
) => `import { command, file, given, grid, out, param, scan, shell, simulate, text } from 'scanmake';
const sets = grid({ f: ['a.txt', 'b.txt'], n: [1, 2, 3] });
${text}`;

function folderOf(t: ExecutionContext): string {
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-changed-'));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

test('a file edited while functions run: what ended before is kept, nothing that ended after, and nothing more starts', async (t) => {
	const folder = folderOf(t);
	const file = join(folder, 'model.txt');
	writeFileSync(file, 'one');
	let edit = true;
	let started = 0;
	const rule = simulate({
		over: grid({ n: Array.from({ length: 60 }, (_, i) => i) }),
		uses: 'model.txt',
		retries: 5,
		run: (p) => {
			started++;
			if (edit && p.n === 20) writeFileSync(file, 'two');
			return p.n;
		},
	});
	const { build: run, report, events } = bench();
	await run({ targets: { rule }, folder });
	const [{ ran, failed, left, tasks }] = report().targets as [BuildReport['targets'][number]];
	t.is(ran + failed + left, tasks);
	t.true(failed > 0 && left > 0 && started < 60, 'most never start');
	t.false(report().ok);
	for (const { failure } of report().failures) t.deepEqual(failure, { kind: 'input-changed', file: 'model.txt' });
	t.false(
		events.some((event) => event.kind === 'task-failed' && event.willRetry),
		'another try would fail alike',
	);

	edit = false;
	t.is((await run({ targets: { rule }, folder })).length, 60, 'nothing was recorded for the new content');
	writeFileSync(file, 'one');
	const again = await run({ targets: { rule }, folder });
	t.is(again.length, 60 - ran, 'of the old content what ended before the edit is known');
	t.true(again.includes('rule {"n":20}'));
});

test('a command that changes a file that it was given has failed, is not tried again, and nothing of it is kept', async (t) => {
	const line = 'const rule = simulate({ retries: 2, run: shell`cat model.txt; echo x | tee -a model.txt` });';
	await inProject(
		{ 'Scanfile.ts': scanfile(`${line}\nexport default scan({ rule });`), 'model.txt': '' },
		async (folder) => {
			const { counts, report } = await build(folder);
			t.deepEqual(counts, ['rule 0 0 1']);
			t.deepEqual(report.failures[0]?.failure, { kind: 'input-changed', file: 'model.txt' });
			t.is(readFileSync(join(folder, 'model.txt'), 'utf8'), 'x\n', 'it ran once');
			writeFileSync(join(folder, 'model.txt'), '');
			t.deepEqual((await build(folder)).counts, ['rule 0 0 1']);
		},
	);
});

test('a command that writes the same bytes again changes nothing', async (t) => {
	const line = "const rule = simulate({ run: command(['cp', 'from.txt', 'model.txt']) });";
	const files = { 'from.txt': 'm', 'model.txt': 'm' };
	await inProject({ 'Scanfile.ts': scanfile(`${line}\nexport default scan({ rule });`), ...files }, async (folder) => {
		t.deepEqual((await build(folder)).counts, ['rule 0 1 0']);
		t.deepEqual((await build(folder)).counts, ['rule 1 0 0']);
	});
});

test('a changed file that a parameter names fails the tasks with this value alone', async (t) => {
	const line =
		// biome would not have the placeholders of the Scanfile in a plain string
		'const rule = simulate({ over: sets, run: shell`cat @{param("f")}; printf x | tee -a $(printf %s a).txt` });'.replace(
			'@',
			'$',
		);
	const files = { 'a.txt': '', 'b.txt': '' };
	await inProject({ 'Scanfile.ts': scanfile(`${line}\nexport default scan({ rule });`), ...files }, async (folder) => {
		const { counts, report } = await build(folder);
		t.deepEqual(counts, ['rule 0 3 3']);
		for (const { parameters, failure } of report.failures) {
			t.regex(parameters, /f=a\.txt/);
			t.deepEqual(failure, { kind: 'input-changed', file: 'a.txt' });
		}
	});
});

test('a task that alters the copy of an upstream file has failed, alone; who takes the same file later has it as it was', async (t) => {
	const text = `const trials = grid({ n: [1, 2, 3, 4] });
const up = simulate({ over: trials, run: shell\`echo @{param('n')} > @{out('x.txt')}\` });
const one = simulate({ over: trials, from: { up }, retries: 1, run: shell.with(text())\`
	if test @{param('n')} = 2; then chmod u+w @{file('up', 'x.txt')}; echo more >> @{file('up', 'x.txt')}; fi
	cat @{file('up', 'x.txt')}\` });
const all = simulate({ over: trials, from: { up }, run: shell.with(text())\`cat @{file('up', 'x.txt')}\` });
export default scan({ one, all });`.replaceAll('@', '$');
	await inProject({ 'Scanfile.ts': scanfile(text) }, async (folder) => {
		const { counts, report } = await build(folder);
		t.deepEqual(counts.slice(0, 2), ['one.up 0 4 0', 'one 0 3 1']);
		t.deepEqual(report.failures[0]?.failure, { kind: 'input-changed', file: 'up/x.txt' });
		// a task of the other rule that had the altered copy at the same time fails with it, and then has a new one
		t.true(['all 0 4 0', 'all 0 3 1'].includes(counts[2] ?? ''));
		await build(folder);
		const engine = await openEngine({ mode: 'read', cwd: folder });
		const found = [...(await engine.table('all')).rows()].map(({ result }) => result);
		await engine.close();
		for (const [i, result] of found.entries()) t.true(result === undefined || result === `${i + 1}\n`);
	});
});

test('after an edit run the tasks that the file is an input of, and after none nothing', async (t) => {
	const text = `const one = simulate({ over: sets, run: command(['cat', param('f'), 'model.txt'], text()) });
const same = simulate({ over: sets, run: command(['cat', param('f'), 'model.txt'], text()) });
export default scan({ one, same });`;
	const files = { 'a.txt': '1', 'b.txt': '1', 'model.txt': '1', 'other.txt': '1' };
	await inProject({ 'Scanfile.ts': scanfile(text), ...files }, async (folder) => {
		const ran = async () => (await build(folder)).report.targets.reduce((sum, target) => sum + target.ran, 0);
		t.is(await ran(), 6, 'the same command over the same sets runs once');
		t.is(await ran(), 0);
		writeFileSync(join(folder, 'a.txt'), '2');
		t.is(await ran(), 3);
		writeFileSync(join(folder, 'other.txt'), '2');
		t.is(await ran(), 0);
		writeFileSync(join(folder, 'model.txt'), '2');
		t.is(await ran(), 6);
		writeFileSync(join(folder, 'a.txt'), '1');
		writeFileSync(join(folder, 'model.txt'), '1');
		t.is(await ran(), 0, 'what was run before is known');
		rmSync(join(folder, 'b.txt'));
		const { report } = await build(folder);
		t.is(report.targets[0]?.failed, 3, 'without its file cat fails');
	});
});

test('a program of the project is an input of the command that starts it', async (t) => {
	const text = `export default scan({ rule: simulate({ over: sets, run: command(['./lif', param('n')], text()) }) });`;
	await inProject({ 'Scanfile.ts': scanfile(text), lif: '#!/bin/sh\necho $1\n' }, async (folder) => {
		const { chmodSync } = await import('node:fs');
		chmodSync(join(folder, 'lif'), 0o755);
		t.deepEqual((await build(folder)).counts, ['rule 0 6 0']);
		appendFileSync(join(folder, 'lif'), '# another one\n');
		t.deepEqual((await build(folder)).counts, ['rule 0 6 0']);
		t.true(existsSync(join(folder, 'lif')));
	});
});
