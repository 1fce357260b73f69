// `scanmake show TARGET [name=value…]`: one task. Knows no store; what the engine knows of the task is laid out as a page.
import { unreachable } from '../../engine/errors.ts';
import type { TaskView } from '../../engine/report.ts';
import { dataText } from '../arrays.ts';
import { oneLine, visible } from '../columns.ts';
import { ScanCommand } from '../command.ts';
import { taskJson } from '../json.ts';
import { bytes, duration, instant } from '../numbers.ts';
import type { Paint } from '../paint.ts';
import { damagedRemedy, failureWords, isOfPython } from '../sentences.ts';
import { commandLine, type Invocation } from '../shell.ts';
import { checkTarget, firstTarget } from '../targets.ts';

/** Shows one task. */
export class ShowCommand extends ScanCommand {
	static override paths = [['show']];
	static override shape = 'TARGET [name=value…]';
	static override usage = {
		category: 'Look',
		description: 'one task: parameters, result, files, log, duration, provenance',
		examples: [['The task of one parameter set', '$0 show spikes weight=0.4 trial=7']] satisfies [string, string][],
	};

	override async execute(): Promise<number> {
		const target = firstTarget('show', this.words, Number.POSITIVE_INFINITY);
		const task = await this.withEngine({ mode: 'read' }, (engine) => {
			checkTarget(engine, target);
			return engine.show(target, this.words.slice(1));
		});
		const page = (): string => taskPage(task, this.paint(this.outer.stdout), this.invocation);
		await this.say(this.json ? `${taskJson(task)}\n` : page());
		return 0;
	}
}

function taskPage(task: TaskView, paint: Paint, invocation: Invocation): string {
	const heading = `${paint('bold', task.target)} (${task.rule}): ${stateWords(task, invocation)}`;
	const files = task.files.map(
		(file) => [oneLine(file.name), `${bytes(file.size)}${file.executable ? ', executable' : ''}`] as const,
	);
	const get = `to get them: ${commandLine(invocation, 'checkout', task.target)}`;
	return [
		`${heading}\n`,
		section(
			paint,
			'Parameters',
			pairs(Object.entries(task.params).map(([name, value]) => [oneLine(name), oneLine(String(value))])),
		),
		section(paint, 'Result', task.state === 'done' ? visible(dataText(task.result)) : ''),
		section(paint, 'Files', files.length === 0 ? '' : `${pairs(files)}\n${get}`),
		section(paint, 'Log', visible(task.log.trimEnd())),
		section(paint, 'Stack', visible(stackOf(task))),
		section(paint, 'Provenance', pairs(provenance(task))),
	].join('');
}

/** Where it threw; what Python says of that is in the log already. */
function stackOf({ failure, log }: TaskView): string {
	if (failure?.kind !== 'threw') return '';
	return isOfPython(failure.stack) && log.includes('Traceback (most recent call last)') ? '' : failure.stack;
}

function stateWords(task: TaskView, invocation: Invocation): string {
	const time = task.seconds === undefined ? '' : ` in ${duration(task.seconds)}`;
	switch (task.state) {
		case 'done':
			return `done${time}`;
		case 'damaged':
			return `its result in the store is damaged. ${damagedRemedy(invocation)}`;
		case 'failed':
			return task.failure === undefined
				? `failed${time}`
				: `${failureWords(task.failure)}${time === '' ? '' : ` (${time.slice(4)})`}`;
		case 'not-run':
			return `not run yet. To run it: ${commandLine(invocation, task.target)}`;
		case 'inputs-missing':
			return `not run: an input has no result yet, or failed. To run what is missing: ${commandLine(invocation, task.target)}`;
		default:
			return unreachable(task.state);
	}
}

function section(paint: Paint, title: string, text: string): string {
	if (text === '') return '';
	return `\n${paint('bold', title)}\n${text.replace(/^(?=.)/gm, '  ')}\n`;
}

function pairs(entries: readonly (readonly [string, string])[]): string {
	const width = entries.reduce((widest, [name]) => Math.max(widest, name.length), 0);
	return entries.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

function provenance(task: TaskView): readonly (readonly [string, string])[] {
	const { build } = task;
	const known: readonly (readonly [string, string | undefined])[] = [
		['ended', task.endedAt === undefined ? undefined : instant(task.endedAt)],
		['attempt', task.attempt === undefined || task.attempt <= 1 ? undefined : String(task.attempt)],
		[
			'build',
			build === undefined ? undefined : `${build.number}, on ${build.host} (${build.platform}, Node ${build.node})`,
		],
		['interpreter', build?.python],
		['scanmake', build?.scanmake],
		['Scanfile', build?.scanfile],
		['commit', build?.commit],
		['key', task.key],
		['digest', task.digest],
	];
	return known.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}
