// `scanmake why [TARGET [name=value…]]`: why tasks would run, or why one is reused. Knows no key and no store: what the
// engine answers is put into sentences.
import { UserError } from '../../engine/errors.ts';
import type { WhyReport, WhyTarget } from '../../engine/report.ts';
import { ScanCommand } from '../command.ts';
import { hanging, lineWidth } from '../hanging.ts';
import { whyJson } from '../json.ts';
import type { Paint } from '../paint.ts';
import { commandLine } from '../shell.ts';
import { checkTarget } from '../targets.ts';
import { behindSentences, groupSentence, taskSentences, whyHeading } from '../why-sentences.ts';

/** Says why tasks would run. */
export class WhyCommand extends ScanCommand {
	static override paths = [['why']];
	static override shape = '[TARGET [name=value…]]';
	static override usage = {
		category: 'Look',
		description: 'why tasks would run: what changed since the last build; or since when one is reused',
		examples: [
			['Why would this task run?', '$0 why spikes weight=0.4 trial=7'],
			['Why would the tasks of a target run?', '$0 why spikes'],
		] satisfies [string, string][],
	};

	override async execute(): Promise<number> {
		const [targets, conditions] = split(this.words);
		const report = await this.withEngine({ mode: 'read' }, (engine) => {
			for (const target of targets) checkTarget(engine, target);
			return engine.why(targets, conditions);
		});
		if (this.json) await this.say(`${whyJson(report)}\n`);
		else await this.say(`${this.lines(report).join('\n')}\n`);
		return 0;
	}

	private lines(report: WhyReport): readonly string[] {
		const { stdout } = this.outer;
		const width = lineWidth(stdout);
		const paint = this.paint(stdout);
		if (report.kind === 'task') return taskSentences(report.task).flatMap((line) => setIn(line, '', width));
		return report.targets.flatMap((target) => this.targetLines(target, paint, width));
	}

	private targetLines(target: WhyTarget, paint: Paint, width: number): readonly string[] {
		const heading = hanging(whyHeading(target), '', width).map((line) => paint('bold', line));
		const groups = target.groups.flatMap((group) => {
			const behind = behindSentences(group.behind ?? []).flatMap((line) => setIn(line, '    ', width));
			const lines = [...hanging(groupSentence(target.name, group), '  ', width), ...behind];
			if (group.example === '' || group.tasks === target.tasks) return lines;
			// a command is to be copied: it is not broken into lines
			const command = `${commandLine(this.invocation, 'why', target.name)} ${group.example}`;
			return [...lines, paint('dim', `    for instance: ${command}`)];
		});
		return [...heading, ...groups];
	}
}

/** A sentence that may begin with spaces, which its further lines have, too. */
function setIn(line: string, indent: string, width: number): readonly string[] {
	const [spaces = ''] = /^ */.exec(line) ?? [];
	return hanging(line.trimStart(), `${indent}${spaces}`, width);
}

/** Targets and rules come first, conditions behind them. */
function split(words: readonly string[]): readonly [targets: readonly string[], conditions: readonly string[]] {
	const at = words.findIndex(isCondition);
	if (at < 0) return [words, []];
	const [targets, conditions] = [words.slice(0, at), words.slice(at)];
	if (targets.length === 1 && conditions.every(isCondition)) return [targets, conditions];
	throw new UserError(
		'usage',
		'scanmake why takes one target with name=value words behind it, or targets alone. scanmake why --help shows how.',
	);
}

const isCondition = (word: string): boolean => /[=<>]/.test(word);
