// A task's manifest as text, one field a line, and its SHA-256, the task's key. The same text explains the key.
// Canonical JSON has no raw line breaks, so the text is unambiguous. Knows no store and no files.

import { createHash, hash } from 'node:crypto';
import { canonicalValue } from '../rules/canonical.ts';
import type { Rule } from '../rules/rule.ts';
import { seedOf } from '../rules/seed.ts';
import { canonicalWriter, type Layout, seedAt } from '../rules/space.ts';
import { digestLength } from './digest.ts';
import type { Link } from './links.ts';
import { isDone, stateOf, type TaskId, type TaskTable } from './tasks.ts';

/** Raised when keys are made differently: no older result is reused then. */
export const keyVersion = 1;

/** The part of the manifest that all tasks of a rule have in common. `files`, `programs`, `uses` and `env` are canonical text. */
export interface RuleManifest {
	/** Identity of the recipe, hexadecimal. */
	readonly recipe: string;
	/** The files that a command's words name as they are written (see inputs.ts). */
	readonly files?: string | undefined;
	/** The programs that a command starts (see program-digests.ts). */
	readonly programs?: string | undefined;
	readonly uses: string;
	readonly env: string;
	readonly version: string | number | undefined;
}

export function manifestPrefix(manifest: RuleManifest): string {
	const version = manifest.version === undefined ? '' : `version ${canonicalValue(manifest.version)}\n`;
	const files = !manifest.files ? '' : `files ${manifest.files}\n`;
	const programs = !manifest.programs ? '' : `programs ${manifest.programs}\n`;
	const uses = manifest.uses === '' ? '' : `uses ${manifest.uses}\n`;
	const env = manifest.env === '' ? '' : `env ${manifest.env}\n`;
	return `scanmake key ${keyVersion}\nrecipe ${manifest.recipe}\n${files}${programs}${uses}${env}${version}`;
}

/** One input of a rule, as key making sees it. */
export interface KeyInput {
	readonly link: Link;
	readonly layout: Layout;
	readonly table: TaskTable;
}

/** What makes the keys of one rule's tasks. */
export interface KeyMaker {
	readonly prefix: string;
	readonly layout: Layout;
	/** One a task where the rule has seeds: filled in as the manifest is written, since it is made of the same text. */
	readonly seeds: Uint32Array;
	readonly inputs: readonly KeyInput[];
	/** The text of the files that a task's own parameters name (see inputs.ts); undefined where no task has any. */
	readonly files?: ((task: TaskId) => string) | undefined;
}

/** The line of a manifest, and of the name of a sweep, for files that parameters name; nothing where there are none. */
export function parameterFilesLine(files: string): string {
	return files === '' ? '' : `parameter-files ${files}\n`;
}

/** Returns a function that hands the manifest of a task to `sink` in pieces: whole lines, in their fixed order. */
export function manifestWriter(maker: KeyMaker): (task: TaskId, sink: (piece: string) => void) => void {
	const { prefix, layout, seeds, inputs, files } = maker;
	const params = canonicalWriter(layout);
	const writers = [...inputs]
		.sort((left, right) => (left.link.name < right.link.name ? -1 : 1))
		.map((input) => inputWriter(input));
	const start = `${prefix}params `;
	return (task, sink) => {
		const text = params(task);
		if (layout.seeds === 'none') sink(`${start}${text}\n`);
		else {
			const seed = layout.seeds === 'independent' ? seedOf(text) : seedAt(layout, task);
			seeds[task] = seed;
			sink(`${start}${text}\nseed ${seed}\n`);
		}
		if (files !== undefined) sink(parameterFilesLine(files(task)));
		for (const write of writers) write(task, sink);
	};
}

/** Returns a function that writes the key of a task into the table. */
export function keyWriter(maker: KeyMaker, table: TaskTable): (task: TaskId) => void {
	const write = manifestWriter(maker);
	const target = Buffer.from(table.keys.buffer, table.keys.byteOffset, table.keys.byteLength);
	let text = '';
	let long: ReturnType<typeof createHash> | undefined;
	const collect = (piece: string) => {
		text += piece;
		if (text.length > 65_536) {
			long ??= createHash('sha256');
			long.update(text);
			text = '';
		}
	};
	return (task) => {
		text = '';
		long = undefined;
		write(task, collect);
		// crypto.hash is 1.6 times as fast as createHash for short texts (1.3 M/s against 0.8 M/s)
		const key = long === undefined ? hash('sha256', text, 'buffer') : finish(long, text);
		target.set(key, task * digestLength);
	};
}

function finish(long: ReturnType<typeof createHash>, text: string): Buffer {
	return long.update(text).digest();
}

// A member that failed under `missing: "skip"` has no result: it is no row.
function inputWriter({ link, layout, table }: KeyInput): (task: TaskId, sink: (piece: string) => void) => void {
	const digests = Buffer.from(table.digests.buffer, table.digests.byteOffset, table.digests.byteLength);
	const hex = (row: number) => digests.toString('hex', row * digestLength, (row + 1) * digestLength);
	const name = JSON.stringify(link.name);
	if (link.kind === 'one') {
		return (task, sink) => sink(`input ${name} ${hex(link.rows[task]!)}\n`);
	}
	const params = canonicalWriter(layout);
	// one function may serve an aggregate and an analysis, to which the same rows come in different clothes
	const head = `${link.kind === 'all' ? 'table' : 'rows'} ${name} seeds ${layout.seeds}\n`;
	const line = (row: number) => `row ${params(row)} ${hex(row)}\n`;
	return (task, sink) => {
		sink(head);
		forEachMember(link, task, table, (row) => sink(line(row)));
	};
}

/** The upstream rows with a result that a task takes through an aggregating link, in the order of the space. */
export function forEachMember(
	link: Exclude<Link, { kind: 'one' }>,
	task: TaskId,
	table: TaskTable,
	visit: (row: number) => void,
): void {
	if (link.kind === 'all') {
		for (let row = 0; row < table.size; row++) if (isDone(stateOf(table, row))) visit(row);
		return;
	}
	const end = link.starts[task + 1]!;
	for (let i = link.starts[task]!; i < end; i++) {
		const row = link.members[i]!;
		if (isDone(stateOf(table, row))) visit(row);
	}
}

/** Digest of a layout: names, values, defaults, seeds and order of its rows. */
export function columnsDigest(layout: Layout): string {
	const digest = createHash('sha256');
	digest.update(`scanmake columns 1\nsize ${layout.size}\nseeds ${layout.seeds}\n`);
	for (const column of layout.columns) {
		const fallback = column.default === undefined ? '' : canonicalValue(column.default);
		const values = column.values.map(canonicalValue).join(',');
		digest.update(
			`column ${JSON.stringify(column.name)} default ${fallback} width ${column.codes.BYTES_PER_ELEMENT}\n`,
		);
		digest.update(`values [${values}]\n`);
		digest.update(new Uint8Array(column.codes.buffer, column.codes.byteOffset, column.codes.byteLength));
	}
	return digest.digest('hex');
}

/** What names a sweep besides the rule's own manifest: hexadecimal digests. */
export interface SweepInput {
	readonly name: string;
	readonly columns: string;
	readonly results: string;
}

/** The name under which a finished rule is remembered. `columns` is the digest of the rule's own rows. */
export function sweepName(rule: Rule, prefix: string, columns: string, inputs: readonly SweepInput[]): Uint8Array {
	const from = inputs
		.map((input) => `from ${JSON.stringify(input.name)} columns ${input.columns} results ${input.results}\n`)
		.sort()
		.join('');
	return hash(
		'sha256',
		`scanmake sweep 1\nkind ${rule.kind}\nmissing ${rule.missing}\n${prefix}columns ${columns}\n${from}`,
		'buffer',
	);
}

/** Merkle digest of all results of a rule, in the order of its rows. */
export function resultsDigest(table: TaskTable): Uint8Array {
	return createHash('sha256').update(`scanmake results 1\nsize ${table.size}\n`).update(table.digests).digest();
}
