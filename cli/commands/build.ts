// `scanmake [target…]`: builds, and says how far it is. Knows no rule and no task.
import { resolve } from 'node:path';
import { UserError } from '../../engine/errors.ts';
import type { EngineEvent } from '../../engine/events.ts';
import type { Engine } from '../../engine/index.ts';
import type { BuildReport } from '../../engine/report.ts';
import { Option, ScanCommand } from '../command.ts';
import type { EventLines } from '../json-events.ts';
import { isUnicode } from '../paint.ts';
import type { Progress, Screen } from '../progress.ts';
import { exitStatus, keptSentence, nothingToDo, totals } from '../sentences.ts';
import { sameCommand } from '../shell.ts';
import type { Trace } from '../trace.ts';

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
			['Where does the time go?', '$0 --trace trace.json'],
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
	trace = Option.String('--trace', {
		description: 'a file for a trace viewer (chrome://tracing, ui.perfetto.dev): who did what when',
	});
	keep = Option.Boolean('--keep', false, { description: 'work folders of tasks stay, and the summary says where' });
	jsonEvents = Option.Boolean('--json-events', false, {
		description: 'each event as a line of JSON on standard output, as it happens',
	});

	override async execute(): Promise<number> {
		const where = await whereText(this.where);
		const jobs = jobsNumber(this.jobs);
		if (this.keepGoing && this.failFast) {
			throw new UserError('usage', '--keep-going and --fail-fast contradict each other; give one of them.');
		}
		if (this.json && this.jsonEvents) {
			throw new UserError(
				'usage',
				'--json and --json-events both write to standard output; give one of them. The last event has what --json gives.',
			);
		}
		if (this.dryRun) {
			const extra =
				this.trace !== undefined ? '--trace' : this.keep ? '--keep' : this.jsonEvents ? '--json-events' : undefined;
			if (extra !== undefined)
				throw new UserError('usage', `${extra} is about a build, and --dry-run runs nothing; give one of them.`);
			return (await import('./plan.ts')).showPlan(this, where);
		}
		const trace =
			this.trace === undefined
				? undefined
				: (await import('../trace.ts')).traceFile(resolve(this.outer.cwd, this.trace));
		try {
			return await this.withEvents((lines) => this.build({ jobs, where }, [trace, lines]));
		} finally {
			const trouble = trace?.close();
			if (trouble !== undefined) this.outer.stderr.stream.write(`The trace is not complete: ${trouble}\n`);
		}
	}

	/** Tells a program what happens, where that is asked for, from the first line to the last. */
	private async withEvents(run: (lines: EventLines | undefined) => Promise<number>): Promise<number> {
		if (!this.jsonEvents) return run(undefined);
		const { eventLines } = await import('../json-events.ts');
		const { ownVersion } = await import('../../engine/version.ts');
		const lines = eventLines(this.outer.stdout.stream, {
			version: ownVersion(),
			command: sameCommand(this.invocation),
		});
		try {
			return await run(lines);
		} catch (error) {
			const { problemsJson, problemsOf } = await import('../json.ts');
			lines.end(problemsJson(problemsOf(error)));
			throw error;
		}
	}

	private async build(
		asked: { readonly jobs: number | undefined; readonly where: string | undefined },
		[trace, lines]: readonly [Trace | undefined, EventLines | undefined],
	): Promise<number> {
		const { stderr, clock } = this.outer;
		const screen = {
			write: (text: string) => void stderr.stream.write(text),
			// lines of events on the same screen leave no place for a block that is drawn again
			isTerminal: stderr.isTerminal && !(this.jsonEvents && this.outer.stdout.isTerminal),
			columns: () => stderr.columns(),
			rows: () => stderr.rows(),
			unicode: isUnicode(this.outer.env),
			paint: this.paint(stderr),
			quiet: this.quiet,
		};
		const progress = onDemand(async () => {
			const { followProgress } = await import('../progress.ts');
			return followProgress(screen, clock);
		});
		const listen = (event: EngineEvent): void => {
			trace?.listen(event);
			lines?.listen(event);
			// the engine's own work is nothing to be shown: a build with nothing to do goes on without progress
			if (event.kind !== 'worked') progress.listen(event);
		};
		const build = async (engine: Engine): Promise<number> => {
			const targets = await this.targetsOf(engine);
			const { failFast, keep, invocation } = this;
			const options = { ...asked, failFast, keep, command: sameCommand(invocation) };
			const built = await this.interruptibly(progress, (signal) => engine.build(targets, { ...options, signal }));
			// What the user waited for: loading the Scanfile belongs to it.
			const report = { ...built, seconds: Math.max(built.seconds, clock.now() / 1000) };
			await progress.close();
			await this.sayReport(report, screen);
			if (lines !== undefined) lines.end((await import('../json.ts')).buildJson(report));
			return buildStatus(report);
		};
		try {
			return await this.withEngine({ mode: 'write', listen }, build);
		} finally {
			await progress.close();
		}
	}

	private async targetsOf(engine: Engine): Promise<readonly string[]> {
		if (this.words.length === 0) return [];
		const { knownTargets } = await import('../targets.ts');
		return knownTargets(engine, this.words, !this.context.named);
	}

	private async sayReport(report: BuildReport, screen: Screen): Promise<void> {
		const nothing = nothingToDo(report);
		if (nothing === undefined) {
			const { errorLines, summaryLines } = await import('../summary.ts');
			const columns = screen.isTerminal ? screen.columns() : 100;
			const style = { columns, paint: screen.paint, invocation: this.invocation, cwd: this.outer.cwd };
			const lines = this.quiet ? errorLines(report, style) : summaryLines(report, style);
			if (lines.length > 0) screen.write(`${lines.join('\n')}\n`);
		} else if (!this.quiet) screen.write(`${nothing}\n`);
		if (this.keep && !this.quiet) screen.write(`${keptSentence(report.kept, this.outer.cwd, this.invocation)}\n`);
		if (this.json) await this.say(`${(await import('../json.ts')).buildJson(report)}\n`);
	}

	/** A first Ctrl-C aborts the signal, a second one ends the process. */
	private async interruptibly<T>(progress: OnDemand, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
		const stop = new AbortController();
		const forget = this.outer.onInterrupt(() => {
			if (stop.signal.aborted) {
				void progress.close();
				this.outer.exit(130);
				return;
			}
			progress.interrupted();
			stop.abort();
		});
		try {
			return await run(stop.signal);
		} finally {
			forget();
		}
	}
}

interface OnDemand {
	readonly listen: (event: EngineEvent) => void;
	interrupted(): void;
	close(): Promise<void>;
}

/** Progress that is loaded with its first event: a build with nothing to do has none, and starts 5 ms earlier. */
function onDemand(load: () => Promise<Progress>): OnDemand {
	let loading: Promise<void> | undefined;
	let loaded: Progress | undefined;
	const waiting: ((progress: Progress) => void)[] = [];
	const tell = (act: (progress: Progress) => void): void => {
		if (loaded !== undefined) {
			act(loaded);
			return;
		}
		waiting.push(act);
		loading ??= load().then((progress) => {
			loaded = progress;
			for (const next of waiting) next(progress);
		});
	};
	return {
		listen: (event) => tell((progress) => progress.listen(event)),
		interrupted: () => tell((progress) => progress.interrupted()),
		async close() {
			loaded?.close();
			await loading;
			loaded?.close();
		},
	};
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
