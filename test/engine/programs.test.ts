import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { findProgram } from '../../engine/program-place.ts';
import { programsOf } from '../../engine/programs.ts';
import { command, file, given, param, shell } from '../../rules/index.ts';
import type { ProgramRecipe } from '../../rules/recipe.ts';

const of = (recipe: unknown) => programsOf(recipe as ProgramRecipe);

test('a command starts its first word, unless that is computed', (t) => {
	const { programs, scripts, commands } = of(command(['python3', 'model.py', param('n')]));
	t.deepEqual([programs, scripts], [['python3'], ['model.py']]);
	t.deepEqual(commands[0], ['python3', 'model.py', undefined]);
	t.deepEqual(of(command([param('program'), 'x'])).programs, []);
});

test('a shell line starts the first word of each of its commands', (t) => {
	const lines: readonly (readonly [unknown, readonly string[]])[] = [
		[shell`./lif ${param('n')} < in.txt | sort -n > out.txt`, ['./lif', 'sort']],
		[shell`A=1 B="x y" make all && ./run; tail -1 log || cat log`, ['make', './run', 'tail', 'cat']],
		[shell`cd build && if grep -q x f; then awk '{ print $1; exit }' f; else date; fi`, ['grep', 'awk', 'date']],
		[shell`for i in a b; do gzip "$i"; done`, ['gzip']],
		[shell`(./a; ./b) 2>&1 | tee log`, ['./a', './b', 'tee']],
		[shell`n=$(wc -l f); ./go "$n" # not ./this`, ['wc', './go']],
		[shell`"my tool" --x; 'other tool'; th\ ird`, ['my tool', 'other tool', 'th ird']],
		[shell`$PROGRAM x; ${param('program')} y; * z`, []],
		[shell`echo a; printf b; test -f c; [ -f d ]`, []],
		[
			shell`./a &
			./b
			wait`,
			['./a', './b'],
		],
	];
	for (const [recipe, programs] of lines)
		t.deepEqual([...of(recipe).programs].sort(), [...programs].sort(), JSON.stringify(recipe));
});

test('a shell line starts programs in substitutions, functions and branches, and what it says itself is none', (t) => {
	const lines: readonly (readonly [unknown, readonly string[]])[] = [
		[shell`case $x in a|b) one ;; (c) two; three;; *) four; esac; five`, ['one', 'two', 'three', 'four', 'five']],
		[shell`say() { printf x; cut -c1; }; say | "sort"`, ['cut', 'sort']],
		[shell`function say { six; }; say && while read x; do seven; done < list`, ['six', 'seven']],
		[shell`echo "$(outer "$(inner)")" \`old\``, ['outer', 'inner', 'old']],
		[shell`awk '$(not one) { print }' < in`, ['awk']],
		[
			shell`cat <<END > out.txt
not one
END
tail out.txt`,
			['cat', 'tail'],
		],
		[shell`exec ./lif; command sort; time -p ./slow; eval 'uniq x'`, ['./lif', 'sort', './slow', 'uniq']],
		[shell`${'sort'} -n; x${'y'} z; ${file('in', 'tool')} w`, ['sort', 'xy']],
	];
	for (const [recipe, programs] of lines)
		t.deepEqual([...of(recipe).programs].sort(), [...programs].sort(), JSON.stringify(recipe));
});

test('a program that another program starts is started, too', (t) => {
	const isThere = (name: string) => name !== 'host1';
	const starts = (recipe: unknown) => programsOf(recipe as ProgramRecipe, isThere).programs;
	const lines: readonly (readonly [unknown, readonly string[]])[] = [
		[shell`nice -n 5 ./lif`, ['nice', './lif']],
		[shell`env A=1 -u B OMP=2 timeout -k 5s 10m ./lif 3`, ['env', 'timeout', './lif']],
		[command(['mpirun', '-n', param('n'), '--strange', 'host1', './lif', 'x']), ['mpirun', './lif']],
		[command(['mpirun', '-n', '1', './a', ':', '-n', '3', './b']), ['mpirun', './a', './b']],
		[shell`ls | xargs -I {} wc -l {}`, ['ls', 'xargs', 'wc']],
		[shell`srun --ntasks=4 -p short ./lif`, ['srun', './lif']],
		[command(['sh', '-c', 'sort x | uniq']), ['sh', 'sort', 'uniq']],
		[shell`find . -name x -exec grep -l y {} +`, ['find', 'grep']],
		[
			command(['time', 'stdbuf', '-o', 'L', 'nohup', 'setsid', './lif']),
			['time', 'stdbuf', 'nohup', 'setsid', './lif'],
		],
		[command(['nice', 'host1']), ['nice', 'host1']],
		[command([given('n', ['taskset', '0x3']), './lif']), ['taskset', './lif']],
		[command([file('build', 'lif'), '--rate']), []],
	];
	for (const [recipe, programs] of lines) t.deepEqual(starts(recipe), programs, JSON.stringify(recipe));
});

test('a program is looked for as a command would: by PATH, or from the folder where a path is given', (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-programs-'));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	const write = (name: string, text: string, mode: number) => {
		writeFileSync(join(folder, name), text);
		chmodSync(join(folder, name), mode);
	};
	write('plain', '', 0o644);
	write('good', '#!/bin/sh\n', 0o755);
	write('bad', '#! /nowhere/python -u\n', 0o755);
	write('windows', '#!/bin/sh\r\n', 0o755);
	write('env', '#!/usr/bin/env nonsuch\n', 0o755);
	t.deepEqual(findProgram('./good', folder), { kind: 'found', path: join(folder, 'good') });
	t.is(findProgram('good', folder, `/nowhere:${folder}`).kind, 'found');
	t.is(findProgram('good', folder, '/nowhere').kind, 'not-found');
	t.is(findProgram('good', folder, `${folder}/good:${folder}`).kind, 'found', 'a file on PATH is passed over');
	t.is(findProgram('./plain', folder).kind, 'not-executable');
	t.is(findProgram('.', folder).kind, 'not-found', 'a folder is no program');
	t.like(findProgram('./bad', folder), { kind: 'no-interpreter', interpreter: '/nowhere/python' });
	t.is(findProgram('./windows', folder).kind, 'no-interpreter');
	t.like(findProgram('./env', folder), { kind: 'no-interpreter', interpreter: 'nonsuch' });
	write('words', '#!/usr/bin/env -S nonsuch -u\n', 0o755);
	t.like(findProgram('./words', folder), { kind: 'no-interpreter', interpreter: 'nonsuch' });
	write('nonsuch', '', 0o755);
	t.is(findProgram('./env', folder, folder).kind, 'found', 'its interpreter is looked for where programs are');
});
