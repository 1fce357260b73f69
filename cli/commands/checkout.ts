// `scanmake checkout TARGET [DIR]`: the files of a target under readable paths.
// Knows no store; the engine writes.
import { relative, resolve } from 'node:path';
import { ScanCommand } from '../command.ts';
import { counted } from '../numbers.ts';
import { checkTarget, firstTarget } from '../targets.ts';

/** Writes a target's files into a folder. */
export class CheckoutCommand extends ScanCommand {
	static override paths = [['checkout']];
	static override shape = 'TARGET [DIR]';
	static override usage = {
		category: 'Look',
		description: 'the files of a target under readable paths, in DIR (else ./TARGET)',
		examples: [['The figures', '$0 checkout analyze figures']] satisfies [string, string][],
	};

	override async execute(): Promise<number> {
		const target = firstTarget('checkout', this.words, 1);
		const folder = resolve(this.outer.cwd, this.words[1] ?? target);
		const paths = await this.withEngine({ mode: 'read' }, (engine) => {
			checkTarget(engine, target);
			return engine.checkout(target, folder);
		});
		const shown = relative(this.outer.cwd, folder) || '.';
		if (this.json) await this.say(`${JSON.stringify({ target, folder, paths })}\n`);
		else if (!this.quiet)
			await this.say(
				`${target}: ${paths.length === 0 ? 'no files' : `${counted(paths.length, 'file')} in ${shown}`}\n`,
			);
		return 0;
	}
}
