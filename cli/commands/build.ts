// `scanmake [target…]`: builds, and says how far it is. Knows no rule and no task.
import { UserError } from '../../engine/errors.ts';
import type { Engine } from '../../engine/index.ts';
import type { BuildReport } from '../../engine/report.ts';
import { Option, ScanCommand } from '../command.ts';
import { buildJson } from '../json.ts';
import { followProgress, type Progress } from '../progress.ts';
import { exitStatus, totals } from '../sentences.ts';
import { sameCommand } from '../shell.ts';
import { errorLines, summaryLines } from '../summary.ts';
import { knownTargets } from '../targets.ts';

/** Builds targets, all where none is named. */
export class BuildCommand extends ScanCommand {
	static override paths = [['build']];
	static override shape = '[target…]';
	static override usage = {
		category: 'Build',
		description: 'builds the targets, all when none is named; runs only what is missing',
		examples: [
			['Everything', '$0'],
			['Only some parameter sets of one target, two tasks at a time', "$0 tuning --where 'weight=0.4, trial<5' -j 2"],
			['What would run?', '$0 --dry-run'],
		] satisfies [string, string][],
	};
	jobs = Option.String('-j,--jobs', { description: 'how many tasks run side by side, for instance 4' });
	where = Option.Array('--where', {
		description: "only these parameter sets: 'name=v, name=a..b, name>v, name=v|w'",
	});
	keepGoing = Option.Boolean('--keep-going', false, {
		description: 'after a failure run all that does not need it (default)',
	});
	failFast = Option.Boolean('--fail-fast', false, { description: 'after a failure start nothing more' });
	dryRun = Option.Boolean('--dry-run', false, { description: 'the same as scanmake plan' });

	override async execute(): Promise<number> {
		const where = await whereText(this.where);
		const jobs = jobsNumber(this.jobs);
		if (this.keepGoing && this.failFast) {
			throw new UserError('usage', '--keep-going and --fail-fast contradict each other; give one of them.');
		}
		if (this.dryRun) return (await import('./plan.ts')).showPlan(this, where);
		const { stderr, clock } = this.outer;
		const screen = {
			write: (text: string) => void stderr.stream.write(text),
			isTerminal: stderr.isTerminal,
			columns: () => stderr.columns(),
			paint: this.paint(stderr),
			quiet: this.quiet,
		};
		const progress = followProgress(screen, clock, this.invocation);
		const build = async (engine: Engine): Promise<number> => {
			const targets = knownTargets(engine, this.words, !this.context.named);
			const { failFast, invocation } = this;
			const options = { jobs, failFast, where, command: sameCommand(invocation) };
			const report = await this.interruptibly(progress, (signal) => engine.build(targets, { ...options, signal }));
			progress.close();
			const columns = stderr.isTerminal ? stderr.columns() : 100;
			const style = { columns, paint: screen.paint, invocation, cwd: this.outer.cwd };
			const lines = this.quiet ? errorLines(report, style) : summaryLines(report, style);
			if (lines.length > 0) screen.write(`${lines.join('\n')}\n`);
			if (this.json) await this.say(`${buildJson(report)}\n`);
			return buildStatus(report);
		};
		try {
			return await this.withEngine({ mode: 'write', listen: progress.listen }, build);
		} finally {
			progress.close();
		}
	}

	/** A first Ctrl-C aborts the signal, a second one ends the process. */
	private async interruptibly<T>(progress: Progress, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
		const stop = new AbortController();
		const forget = this.outer.onInterrupt(() => {
			if (!stop.signal.aborted) {
				progress.interrupted();
				stop.abort();
				return;
			}
			progress.close();
			this.outer.exit(130);
		});
		try {
			return await run(stop.signal);
		} finally {
			forget();
		}
	}
}

/** 0 all built, 1 some task failed, 3 could not go on, 130 interrupted. */
export function buildStatus(report: BuildReport): number {
	if (report.broken !== undefined) return exitStatus(report.broken.kind);
	if (report.interrupted) return 130;
	return report.ok && totals(report.targets).failed === 0 ? 0 : 1;
}

/** All that stands behind `--where`, looked through before anything is opened. Throws a UserError. */
export async function whereText(given: readonly string[] | undefined): Promise<string | undefined> {
	if (given === undefined) return undefined;
	const { parseWhere } = await import('../../engine/where.ts');
	for (const text of given) parseWhere(text);
	return given.join(', ');
}

function jobsNumber(given: string | undefined): number | undefined {
	if (given === undefined) return undefined;
	if (/^[1-9]\d{0,4}$/.test(given)) return Number(given);
	throw new UserError(
		'usage',
		`--jobs takes a whole number from 1 on, for instance --jobs 4; ${JSON.stringify(given)} is none.`,
	);
}
