// `scanmake table TARGET`: all rows, the parameters first, then the result's fields.
// Chooses the format and where it goes; the rows are worded by table.ts.
import { resolve } from 'node:path';
import { UserError } from '../../engine/errors.ts';
import type { TableReader } from '../../engine/report.ts';
import { nearest } from '../../rules/nearest.ts';
import { Option, ScanCommand } from '../command.ts';
import { writeAll, writeFileAside } from '../output.ts';
import { damagedRows, missingRows } from '../sentences.ts';
import { alignedText, csvText, jsonArray, jsonLines } from '../table.ts';
import { checkTarget, firstTarget } from '../targets.ts';

const formats = ['csv', 'json', 'jsonl'] as const;
type Format = (typeof formats)[number];

/** Writes a target's rows. */
export class TableCommand extends ScanCommand {
	static override paths = [['table']];
	static override shape = 'TARGET [-o FILE]';
	static override usage = {
		category: 'Look',
		description: "all rows of a target: the parameters, then the result's fields",
		examples: [
			['For numpy and pandas', '$0 table response -o response.csv'],
			['For a program', '$0 table response --format jsonl | jq .mean'],
		] satisfies [string, string][],
	};
	format = Option.String('--format', { description: 'csv, json or jsonl (else by the name of FILE, or csv)' });
	output = Option.String('-o,--output', { description: 'the file to write (else standard output)' });

	override async execute(): Promise<number> {
		const target = firstTarget('table', this.words, 0);
		const format = this.chosenFormat();
		const { stdout, stderr } = this.outer;
		const output = this.output === '-' ? undefined : this.output;
		return await this.withEngine({ mode: 'read' }, async (engine) => {
			checkTarget(engine, target);
			const { table, missing, damaged } = countingMissing(await engine.table(target));
			if (output !== undefined) {
				await writeFileAside(resolve(this.outer.cwd, output), rowsText(table, format ?? 'csv'));
				if (!this.quiet) stderr.stream.write(`${target}: ${table.size} rows in ${output}\n`);
			} else if (format !== undefined || !stdout.isTerminal) {
				await writeAll(stdout.stream, rowsText(table, format ?? 'csv'));
			} else {
				await writeAll(
					stdout.stream,
					alignedText(table, stdout.columns(), (columns) => this.sayLeftOut(columns)),
				);
			}
			if (missing() > 0 && !this.quiet) stderr.stream.write(`${missingRows(table, missing(), this.invocation)}\n`);
			if (damaged() === 0) return 0;
			stderr.stream.write(`${damagedRows(table, damaged(), this.invocation)}\n`);
			return 3;
		});
	}

	/** Undefined: none was asked for. */
	private chosenFormat(): Format | undefined {
		const named =
			this.format ??
			/\.(csv|json|jsonl|ndjson|parquet)$/.exec(this.output ?? '')?.[1] ??
			(this.json ? 'json' : undefined);
		if (named === undefined) return undefined;
		if (named === 'parquet')
			throw new UserError('usage', 'The format parquet is not there yet; csv, json and jsonl are.');
		const format = formats.find((one) => one === (named === 'ndjson' ? 'jsonl' : named));
		if (format !== undefined) return format;
		const near = nearest(named, formats);
		throw new UserError(
			'usage',
			`There is no format ${named}. ${near === undefined ? 'There are csv, json and jsonl.' : `Did you mean ${near}?`}`,
		);
	}

	private sayLeftOut(columns: readonly string[]): void {
		if (!this.quiet)
			this.outer.stderr.stream.write(`Too wide for more columns: ${columns.join(', ')}. --format csv has them all.\n`);
	}
}

/** The same rows; `missing` and `damaged` tell how many of the last reading had no result, or one that is lost. */
function countingMissing(table: TableReader): {
	readonly table: TableReader;
	readonly missing: () => number;
	readonly damaged: () => number;
} {
	let missing = 0;
	let damaged = 0;
	const counted: TableReader = {
		...table,
		*rows() {
			missing = 0;
			damaged = 0;
			for (const row of table.rows()) {
				if (row.isDamaged === true) damaged++;
				else if (!row.done) missing++;
				yield row;
			}
		},
	};
	return { table: counted, missing: () => missing, damaged: () => damaged };
}

function rowsText(table: TableReader, format: Format): Iterable<string> {
	if (format === 'csv') return csvText(table);
	return format === 'json' ? jsonArray(table) : jsonLines(table);
}
