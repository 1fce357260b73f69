// Programs that run many commands, each with what makes it run `tasks` of them cold, two at a time, in a folder of its own.
// Which of them are installed. Knows nothing of scanmake.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, Contestant } from './measure.ts';

/** What each task does: writes its number to a file, or starts a program that does nothing. */
export type Work = 'lines' | 'programs';

/** A peer. */
export interface Peer {
	readonly name: string;
	/** What makes it run the tasks `0 … tasks − 1` in this folder. */
	write(folder: string, tasks: number, work: Work): Command;
	/** The most tasks that it is given: what would take minutes is given fewer, and its pace is told. */
	readonly most: number;
	/** The Debian package, where it is not the name. */
	readonly debian?: string;
}

/** All that are compared, whether they are there or not. */
export const peers: readonly Peer[] = [
	{
		name: 'ninja',
		debian: 'ninja-build',
		most: Number.POSITIVE_INFINITY,
		write(folder, tasks, work) {
			const lines = ['rule run', `  command = ${work === 'lines' ? 'echo $n > $out' : '/bin/true $n'}`];
			for (let n = 0; n < tasks; n++) lines.push(`build out/${n}: run`, `  n = ${n}`);
			writeFileSync(join(folder, 'build.ninja'), `${lines.join('\n')}\n`);
			return { program: 'ninja', words: ['-j2', '--quiet'], folder };
		},
	},
	{
		name: 'xargs',
		debian: 'findutils',
		most: Number.POSITIVE_INFINITY,
		write(folder, tasks, work) {
			writeFileSync(join(folder, 'numbers'), numbers(tasks));
			const each = work === 'lines' ? ['-I', '{}', 'sh', '-c', 'echo {} > out/{}'] : ['-n', '1', '/bin/true'];
			return { program: 'xargs', words: ['-a', 'numbers', '-P', '2', ...each], folder };
		},
	},
	{
		name: 'make',
		most: Number.POSITIVE_INFINITY,
		write(folder, tasks, work) {
			const recipe = work === 'lines' ? 'echo $(@F) > $@' : '/bin/true $(@F)';
			const all = Array.from({ length: tasks }, (_, n) => `out/${n}`).join(' ');
			writeFileSync(join(folder, 'Makefile'), `all: ${all}\n${all}:\n\t@${recipe}\n`);
			return { program: 'make', words: ['-s', '-j2'], folder };
		},
	},
	{
		name: 'parallel',
		most: 300,
		write(folder, tasks, work) {
			writeFileSync(join(folder, 'numbers'), numbers(tasks));
			const each = work === 'lines' ? 'echo {} > out/{}' : '/bin/true {}';
			return { program: 'parallel', words: ['-j2', '-a', 'numbers', each], folder };
		},
	},
	{
		name: 'snakemake',
		most: 100,
		write(folder, tasks, work) {
			const [output, run] =
				work === 'lines'
					? ['"out/{n}"', 'echo {wildcards.n} > {output}']
					: ['touch("out/{n}")', '/bin/true {wildcards.n}'];
			const all = `rule all:\n    input: expand("out/{n}", n=range(${tasks}))\n`;
			writeFileSync(join(folder, 'Snakefile'), `${all}rule run:\n    output: ${output}\n    shell: "${run}"\n`);
			return { program: 'snakemake', words: ['--quiet', 'all', '-j', '2'], folder };
		},
	},
];

const numbers = (tasks: number) => Array.from({ length: tasks }, (_, n) => `${n}\n`).join('');

/** The version of a peer on this machine, undefined where it is not there. */
export function versionOf({ name }: Pick<Peer, 'name'>): string | undefined {
	const { status, stdout } = spawnSync(name, ['--version'], { encoding: 'utf8' });
	return status === 0 ? (/\d+(\.\d+)*/.exec(stdout)?.[0] ?? '') : undefined;
}

/** A peer at work: each run begins in an empty folder, and must have written all files where tasks write any. */
export function contestant(peer: Peer, folder: string, tasks: number, work: Work): Contestant {
	mkdirSync(folder, { recursive: true });
	const out = join(folder, 'out');
	return {
		command: peer.write(folder, tasks, work),
		prepare() {
			for (const name of ['out', '.ninja_log', '.ninja_deps', '.snakemake'])
				rmSync(join(folder, name), { recursive: true, force: true });
			mkdirSync(out);
		},
		check() {
			const written = readdirSync(out).length;
			if (work === 'lines' && written !== tasks) throw new Error(`${peer.name} ran ${written} of ${tasks} tasks`);
		},
	};
}
