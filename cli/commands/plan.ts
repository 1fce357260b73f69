// `scanmake plan`: what would run and what is reused, per target, with a reason; runs nothing.
// Knows no key and no store: the engine's plan is shown as it is.
import type { PlanReport } from '../../engine/report.ts';
import { alignedLines } from '../columns.ts';
import { Option, ScanCommand } from '../command.ts';
import { hanging, lineWidth } from '../hanging.ts';
import { planJson } from '../json.ts';
import { count } from '../numbers.ts';
import { problemLine } from '../sentences.ts';
import { knownTargets } from '../targets.ts';
import { planEnd, planSentences } from '../why-sentences.ts';
import { whereText } from './build.ts';

/** Says what a build would do. */
export class PlanCommand extends ScanCommand {
	static override paths = [['plan']];
	static override shape = '[target…]';
	static override usage = {
		category: 'Look',
		description: 'what would run and what is reused, with a reason; runs nothing',
		examples: [['What would the next build do?', '$0 plan']] satisfies [string, string][],
	};
	where = Option.Array('--where', { description: 'only these parameter sets, as in a build' });
	// What a build takes and a plan does not need: so that `plan` can be put into a command line and taken out again.
	jobs = Option.String('-j,--jobs', { hidden: true });
	keepGoing = Option.Boolean('--keep-going', false, { hidden: true });
	failFast = Option.Boolean('--fail-fast', false, { hidden: true });
	dryRun = Option.Boolean('--dry-run', false, { hidden: true });

	override async execute(): Promise<number> {
		return showPlan(this, await whereText(this.where));
	}
}

/** Plans for the targets of the command and shows it. */
export async function showPlan(command: ScanCommand, where: string | undefined): Promise<number> {
	const planned = await command.withEngine({ mode: 'read' }, (engine) =>
		engine.plan(knownTargets(engine, command.words, !command.context.named), { where }),
	);
	const report = { ...planned, seconds: Math.max(planned.seconds, command.outer.clock.now() / 1000) };
	const warnings = report.warnings.map(problemLine);
	if (!command.json) await command.say(`${[...planLines(report, command), ...warnings].join('\n')}\n`);
	else {
		if (warnings.length > 0) command.outer.stderr.stream.write(`${warnings.join('\n')}\n`);
		await command.say(`${planJson(report)}\n`);
	}
	return 0;
}

function planLines(report: PlanReport, command: ScanCommand): readonly string[] {
	const width = lineWidth(command.outer.stdout);
	const numbers = ['tasks', 'reused', 'toRun', 'unknown', 'left'] as const;
	const shown = numbers.filter((field) => field !== 'left' || report.targets.some((target) => target.left > 0));
	const headings = shown.map((field) => ({ heading: field === 'toRun' ? 'to run' : field, align: 'right' as const }));
	const rows = report.targets.map((target) => [target.name, ...shown.map((field) => count(target[field]))]);
	const reasons = report.targets.flatMap((target) => planSentences(target, command.invocation));
	const end = planEnd(report);
	return [
		...alignedLines([{ heading: '', align: 'left' }, ...headings], rows),
		...[...reasons, end].flatMap((sentence) => hanging(sentence, '', width)),
	];
}
