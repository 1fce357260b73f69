// The engine while 20,000 commands run: its memory over time, and how many processes it starts itself.
// Counted inside of it, by a module that is loaded before it; memory is sampled from outside.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { writeCommands } from './commands.ts';
import type { Ground } from './ground.ts';
import { runOnce } from './measure.ts';
import { scanmake, tasksRun } from './projects.ts';
import { countText, type Row } from './table.ts';

const jobs = 2;
const tasks = 20_000;
const growth = 1.2;

// Every way to start a process and go on comes by here.
const counter = `const { ChildProcess } = require('node:child_process');
const { appendFileSync } = require('node:fs');
const start = ChildProcess.prototype.spawn;
ChildProcess.prototype.spawn = function (options) {
	appendFileSync(process.env.BENCH_STARTED, options.file + '\\n');
	return start.call(this, options);
};
`;

/** The most memory of the last third of the run against that of the second, and the shells that were started. */
export async function flat(ground: Ground): Promise<readonly Row[]> {
	const project = writeCommands(ground.fresh('flat'), 'lines', tasks);
	const [preload, started] = [ground.fresh('counter.cjs'), ground.fresh('started')];
	writeFileSync(preload, counter);
	writeFileSync(started, '');
	process.env['BENCH_STARTED'] = started;
	const run = await runOnce(scanmake(project, ['-j', String(jobs)], ['--require', preload]), 'memory');
	delete process.env['BENCH_STARTED'];
	if (tasksRun(run) !== project.sets) throw new Error(`a cold build ran ${tasksRun(run)} tasks of ${project.sets}`);

	const programs = readFileSync(started, 'utf8')
		.split('\n')
		.slice(0, -1)
		.map((path) => basename(path));
	const isShell = (program: string) => ['sh', 'dash', 'bash', 'ksh', 'zsh', 'busybox'].includes(program);
	const shells = programs.filter(isShell).length;
	const others = [...new Set(programs.filter((program) => !isShell(program)))];
	const rows: Row[] = [
		{
			what: `shells that the engine starts for ${countText(tasks)} shell lines, -j ${jobs}`,
			measured: String(shells),
			against: others.length === 0 ? '' : `beside ${others.join(', ')}`,
			bound: { words: `at most ${jobs}`, holds: shells <= jobs },
		},
	];
	const what = `memory while ${countText(tasks)} shell lines run: last third`;
	const samples = run.samplesMiB;
	if (samples.length < 30) return [...rows, { what, measured: 'no /proc here' }];
	const third = Math.floor(samples.length / 3);
	const most = (from: number, to?: number) => samples.slice(from, to).reduce((a, b) => Math.max(a, b), 0);
	const [second, last] = [most(third, 2 * third), most(2 * third)];
	rows.push({
		what,
		measured: `${countText(last)} MiB`,
		against: `second third ${countText(second)} MiB, first ${countText(most(0, third))} MiB`,
		ratio: last / second,
		bound: { words: `at most ${growth} ×`, holds: last <= growth * second },
	});
	return rows;
}
