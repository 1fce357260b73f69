// `scanmake gc`: drops results that no scan of late reaches. Knows no store; the engine decides.
import { UserError } from '../../engine/errors.ts';
import { ScanCommand } from '../command.ts';
import { gcSentence } from '../sentences.ts';

/** Cleans the store. */
export class GcCommand extends ScanCommand {
	static override paths = [['gc']];
	static override usage = {
		category: 'Keep house',
		description: 'drops results that neither this Scanfile nor a scan of the last 30 days reaches',
	};

	override async execute(): Promise<number> {
		if (this.words.length > 0) {
			throw new UserError(
				'usage',
				`scanmake gc takes no target; ${JSON.stringify(this.words[0])} is one word too many.`,
			);
		}
		const report = await this.withEngine({ mode: 'write' }, (engine) => engine.gc());
		if (this.json) await this.say(`${JSON.stringify({ ...report, ok: true })}\n`);
		else if (!this.quiet) await this.say(`${gcSentence(report)}\n`);
		return 0;
	}
}
