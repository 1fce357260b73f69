// A project with the scan of scan.ts, the command in it with the plug in a test's hand, and what is in its store
// afterwards. Reads the store's tables as they are: what the engine would say of them is not asked here.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { digestBytes, hex } from '../../engine/digest.ts';
import { blobPath } from '../../engine/store/blobs.ts';
import { blobsOf, decodeRecord } from '../../engine/store/encoding.ts';
import { recordsOf } from '../../engine/store/log.ts';
import { openTables, tablesExist } from '../../engine/store/tables.ts';
import { type Ended, type Project, project, type Running } from '../end-to-end/project.ts';
import { seeded } from '../seeded.ts';
import type { Order } from './order.ts';
import { scanfile, tasks } from './scan.ts';

const preload = new URL('./preload.js', import.meta.url).href;
const lmdb = fileURLToPath(import.meta.url);

/** A project in which things go wrong. */
export interface Ground extends Project {
	/** Starts a build of everything with this order. */
	disturbed(order: Order, ...typed: readonly string[]): Running;
	/** A build of everything to its end, undisturbed but for its log. */
	undisturbed(...typed: readonly string[]): Promise<Ended>;
	/** The tasks that ran so far, each time they did. */
	ran(): readonly string[];
	readonly store: string;
}

/** The project, empty but for its Scanfile. */
export function ground(t: ExecutionContext, text: string = scanfile): Ground {
	const made = project(t, { 'Scanfile.ts': text, 'turn.txt': '|' });
	mkdirSync(made.path('node_modules'));
	const log = made.path('ran.txt');
	const env = (order: Order) => ({
		PLUG_LOG: log,
		NODE_OPTIONS: `--import=${preload}`,
		SCANMAKE_PLUG: JSON.stringify({ lmdb, ...order }),
	});
	return {
		...made,
		store: made.path('.scanmake'),
		disturbed: (order, ...typed) => made.start(['-j', '2', '--json', ...typed], env(order)),
		undisturbed: (...typed) => made.start(['-j', '2', '--json', ...typed], { PLUG_LOG: log }).ended,
		ran: () => made.lines('ran.txt'),
	};
}

/** The numbers of a seeded sequence (mulberry32). */
export function numbers(seed: number): { below(limit: number): number; pick<T>(from: readonly T[]): T } {
	let state = seed;
	function below(limit: number): number {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
	}
	return { below, pick: (from) => from[below(from.length)] as (typeof from)[number] };
}

/** So many kills where nothing else is asked for, and the seed they are drawn with. */
export const drawn = (kills: number): { readonly numRuns: number; readonly seed: number } => seeded(kills);

/** Every record of a store by what its task wrote to its log: value and files, byte by byte; 'damaged' is a failure. */
export function recordsIn(store: string): ReadonlyMap<string, string> {
	const found = new Map<string, string>();
	if (!tablesExist(join(store, 'records'))) return found;
	const tables = openTables(join(store, 'records'), 'read');
	try {
		tables.read(() => {
			for (const key of tables.keys('log', Buffer.alloc(4), 1e6)) {
				for (const { record } of recordsOf(tables.peek('log', key))) {
					if (record === undefined) throw new Error(`a damaged record in chunk ${hex(key)} of ${store}`);
					found.set(...described(store, Buffer.from(record)));
				}
			}
		});
	} finally {
		void tables.close();
	}
	return found;
}

function described(store: string, record: Buffer): [task: string, what: string] {
	const { log, digest, value, files } = decodeRecord(record);
	const blobs = blobsOf(record).map((named) => {
		const path = blobPath(join(store, 'blobs'), hex(named));
		const isRight = existsSync(path) && hex(digestBytes(readFileSync(path))) === hex(named);
		return isRight ? hex(named) : `damaged ${hex(named)}`;
	});
	const inline = files.map((file) => [
		file.name,
		file.executable,
		file.size,
		hex(file.digest),
		hex(file.bytes ?? empty),
	]);
	const all = JSON.stringify([hex(record.subarray(8, 40)), hex(digest), value && hex(value), inline]);
	return [log.trim(), [hex(digestBytes(all)).slice(0, 16), ...blobs].join(' ')];
}
const empty = new Uint8Array(0);

/** What lies in a store's folder: paths, without what is named by chance or by the project's place. */
export function listing(store: string): readonly string[] {
	return readdirSync(store, { recursive: true, encoding: 'utf8' })
		.filter((path) => !/^blobs\/(content|index)/.test(path) && !isHalfDraft(join(store, path)))
		.map((path) => path.replace(/scanfiles\/[0-9a-f]{64}/, 'scanfiles/ID').replace(/[0-9a-f]{16}\.map/, 'ID.map'))
		.sort();
}

// A lock that its taker did not write to the end may belong to one that still does: it stays for ten seconds.
function isHalfDraft(path: string): boolean {
	return /\/lock-[^/]*$/.test(path) && !readFileSync(path, 'utf8').endsWith('}');
}

/** The bytes of the analyses' files. */
export function analysisFiles(store: string): Readonly<Record<string, string>> {
	const folder = join(store, 'results');
	if (!existsSync(folder)) return {};
	const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
		statSync(join(folder, path)).isFile(),
	);
	return Object.fromEntries(paths.sort().map((path) => [path, hex(digestBytes(readFileSync(join(folder, path))))]));
}

/** What an undisturbed build leaves. */
export interface Undisturbed {
	readonly records: ReadonlyMap<string, string>;
	readonly files: Readonly<Record<string, string>>;
	readonly listing: readonly string[];
	readonly tables: Readonly<Record<string, string>>;
	/** How often each operation occurs. */
	readonly counts: Readonly<Record<string, number>>;
}

/** Builds without a disturbance and reads all that comes of it. */
export async function undisturbed(t: ExecutionContext): Promise<Undisturbed> {
	const made = ground(t);
	const report = made.path('counts.json');
	const ended = await made.disturbed({ report }).ended;
	t.is(ended.status, 0, ended.stderr);
	const tables: Record<string, string> = {};
	for (const name of Object.keys(tasks))
		tables[name] = (await made.scanmake('table', name, '--format', 'jsonl')).stdout;
	const counts = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
	const { store } = made;
	return { records: recordsIn(store), files: analysisFiles(store), listing: listing(store), tables, counts };
}

/** The same command goes on to the results of an undisturbed build, and leaves nothing else behind. */
export async function goesOn(t: ExecutionContext, made: Ground, wanted: Undisturbed, where: string): Promise<Ended> {
	const ended = await made.undisturbed();
	t.is(ended.status, 0, `${where}: ${ended.stderr}`);
	isUndisturbed(t, made, wanted, where);
	return ended;
}

/** What is in the store is what an undisturbed build leaves. */
export function isUndisturbed(t: ExecutionContext, made: Ground, wanted: Undisturbed, where: string): void {
	t.deepEqual(sorted(recordsIn(made.store)), sorted(wanted.records), `${where}: the results`);
	t.deepEqual(analysisFiles(made.store), wanted.files, `${where}: the files of the analyses`);
	t.deepEqual(listing(made.store), wanted.listing, `${where}: what lies in the store`);
}

const sorted = (records: ReadonlyMap<string, string>) => [...records].map((entry) => entry.join(': ')).sort();
