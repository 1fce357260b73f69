// Programs that start another one whose name stands among their words: `nice -n 5 ./lif`, `mpirun -n 4 ./lif`.
// Knows their options only as far as one takes the next word. Knows no disk.

/** A word of a command; undefined where it is computed. */
export type Isolated = string | undefined;

/** Options that take the next word, by program. */
const wrappers: Readonly<Record<string, string>> = {
	env: '-u -C --unset --chdir',
	exec: '-a',
	ionice: '-c -n --class --classdata',
	mpiexec: '-n -np -c -N -H -host --host -f -hostfile --hostfile -machinefile -wdir --wdir -x -ppn -perhost',
	mpirun: '-n -np -c -N -H -host --host -f -hostfile --hostfile -machinefile -wdir --wdir -x -ppn -perhost',
	nice: '-n --adjustment',
	nohup: '',
	numactl: '-N -m -C -i -p --cpunodebind --membind --physcpubind --interleave --preferred',
	setsid: '',
	srun: '-n -N -c -p -t -J -w -A -o -e -D -G -q --ntasks --nodes --cpus-per-task --partition --time',
	stdbuf: '-i -o -e --input --output --error',
	taskset: '',
	time: '-o -f --output --format',
	timeout: '-k -s --kill-after --signal',
	xargs: '-I -n -P -L -s -d -a -E --max-args --max-procs --delimiter --arg-file',
};

/** Whether a program starts another that its words name. */
export function isWrapper(program: string): boolean {
	return Object.hasOwn(wrappers, program);
}

/** The commands that a wrapper may start: from the first word on that is no option and a program, or the first that is no option. */
export function behindWrapper(
	program: string,
	words: readonly Isolated[],
	isThere: (name: string) => boolean,
): readonly (readonly Isolated[])[] {
	const taking = (wrappers[program] ?? '').split(' ');
	const commands: (readonly Isolated[])[] = [];
	let first: readonly Isolated[] | undefined;
	for (let at = 0; at < words.length; at++) {
		const word = words[at];
		if (word === undefined || word === '') continue;
		if (word.startsWith('-')) {
			if (taking.includes(word)) at++;
		} else if (!isSetting(word)) {
			const found = words.slice(at);
			first ??= found;
			if (!isThere(word)) continue;
			commands.push(found);
			break;
		}
	}
	// `mpirun -n 1 ./a : -n 3 ./b`
	const next = /^mpi/.test(program) ? words.indexOf(':') : -1;
	if (next >= 0) commands.push(...behindWrapper(program, words.slice(next + 1), isThere));
	return commands.length === 0 && first !== undefined ? [first] : commands;
}

// A variable, a number, a duration, a mask of processors.
function isSetting(word: string): boolean {
	return /^[A-Za-z_]\w*=/.test(word) || /^(0x[\dA-Fa-f]+|\d[\d.,:-]*[smhdkKMG]?)$/.test(word) || word === ':';
}
