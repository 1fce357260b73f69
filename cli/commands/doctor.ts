// `scanmake doctor`: checks the ground that a scan stands on. Opens no engine: what is broken must not keep it from looking.
// Lays out; what is good or bad is checks.ts's to say.
import { UserError } from '../../engine/errors.ts';
import { type Check, checksEnd, checksOf, type State } from '../checks.ts';
import { textWidth } from '../columns.ts';
import { ScanCommand } from '../command.ts';
import { wrapped } from '../help.ts';
import type { Style } from '../paint.ts';

const signs: Readonly<Record<State, readonly [string, Style]>> = {
	ok: ['ok', 'green'],
	note: ['-', 'dim'],
	warning: ['warning', 'yellow'],
	problem: ['problem', 'red'],
};

/** Checks the ground. */
export class DoctorCommand extends ScanCommand {
	static override paths = [['doctor']];
	static override usage = {
		category: 'Set up',
		description: 'checks the ground: Node, the Scanfile, the store, the programs that commands start',
		examples: [['What is missing on this machine?', '$0 doctor']] satisfies [string, string][],
	};

	override async execute(): Promise<number> {
		if (this.words.length > 0) {
			const word = JSON.stringify(this.words[0]);
			throw new UserError('usage', `scanmake doctor takes no target; ${word} is one word too many.`);
		}
		const { examine } = await import('../../engine/doctor.ts');
		const { file, store, invocation } = this;
		const checks = checksOf(await examine({ file, store, cwd: this.outer.cwd }), invocation);
		const isOk = checks.every(({ state }) => state !== 'problem');
		if (this.json) await this.say(`${JSON.stringify({ ok: isOk, checks })}\n`);
		else {
			const shown = this.quiet ? checks.filter(({ state }) => state === 'problem') : checks;
			const lines = shown.flatMap((check) => this.lines(check));
			if (!this.quiet) lines.push(...wrapped(checksEnd(checks, invocation), this.width));
			if (lines.length > 0) await this.say(`${lines.join('\n')}\n`);
		}
		return isOk ? 0 : 1;
	}

	private get width(): number {
		const { stdout } = this.outer;
		return stdout.isTerminal ? Math.max(20, stdout.columns() - 1) : Number.POSITIVE_INFINITY;
	}

	/** The sign, then the sentence beside it, lines that are too long broken. */
	private lines({ state, message, remedy }: Check): readonly string[] {
		const [sign, style] = signs[state];
		const indent = 9;
		const texts = [...wrapped(message, this.width - indent), ...wrapped(remedy ?? '', this.width - indent)];
		const painted = this.paint(this.outer.stdout)(style, sign);
		const gap = ' '.repeat(indent - textWidth(sign));
		return texts
			.filter((text) => text !== '')
			.map((text, at) => `${at === 0 ? painted + gap : ' '.repeat(indent)}${text}`);
	}
}
