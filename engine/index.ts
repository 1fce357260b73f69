// The engine as a library: open a Scanfile with its store, then build, plan and look.
// Words nothing beyond its errors and prints nothing.
import { join } from 'node:path';
import { loadScan } from './code/load.ts';
import type { Listener } from './events.ts';
import { openScan } from './opened.ts';
import { findScanfile, storeFolder } from './place.ts';
import type {
	BuildOptions,
	BuildReport,
	GcReport,
	PlanReport,
	RuleKind,
	RuleNode,
	TableReader,
	TaskView,
	WhyReport,
} from './report.ts';
import { worked } from './spans.ts';
import { openStore } from './store/records.ts';
import { ownVersion } from './version.ts';

export { UserError } from './errors.ts';
export type { EngineEvent, Listener, Tally } from './events.ts';
export type * from './report.ts';

/** How an engine is opened. */
export interface EngineOptions {
	/** The Scanfile; undefined: `Scanfile.ts`, searched from `cwd` upwards. */
	readonly file?: string | undefined;
	/** The store's folder; undefined: `SCANMAKE_STORE`, or `.scanmake` beside the Scanfile. */
	readonly store?: string | undefined;
	/** Who writes holds the store's lock until `close`; readers work beside. */
	readonly mode: 'write' | 'read';
	readonly cwd: string;
	readonly listen?: Listener | undefined;
	/** What was typed: named by the lock. */
	readonly command?: string | undefined;
}

/** A Scanfile with its store. Every method throws a `UserError` for what a user can mend. */
export interface Engine {
	readonly scanfile: string;
	readonly storeFolder: string;
	readonly targets: readonly { readonly name: string; readonly rule: RuleKind }[];
	/** Builds the targets, all where none is named. Failed tasks are part of the report, not thrown. */
	build(targets: readonly string[], options: BuildOptions): Promise<BuildReport>;
	plan(targets: readonly string[], options: { readonly where?: string | undefined }): Promise<PlanReport>;
	/** Why tasks would run: of these targets (all where none is named), or of the parameter sets of one that fit the words. */
	why(targets: readonly string[], conditions: readonly string[]): Promise<WhyReport>;
	/** One task, named by `name=value` words. */
	show(target: string, conditions: readonly string[]): Promise<TaskView>;
	table(target: string): Promise<TableReader>;
	/** Writes the files of a target below a folder; returns the paths. */
	checkout(target: string, folder: string): Promise<readonly string[]>;
	graph(): Promise<readonly RuleNode[]>;
	/** Removes what neither the present Scanfile nor the scans of the last 30 days reach. */
	gc(): Promise<GcReport>;
	close(): Promise<void>;
}

export async function openEngine(options: EngineOptions): Promise<Engine> {
	const scanfile = findScanfile(options.file, options.cwd);
	const folder = storeFolder(options.store, scanfile, options.cwd);
	const command = options.command ?? 'scanmake';
	const store = await openStore({ folder, mode: options.mode, command, scanmake: ownVersion() });
	try {
		const begun = performance.now();
		const loaded = await loadScan({
			file: scanfile,
			cacheFolder: join(folder, 'scanfiles'),
			readOnly: options.mode === 'read',
		});
		const scan = openScan(loaded);
		if (options.listen !== undefined) worked(options.listen, 'load', begun);
		return {
			scanfile,
			storeFolder: folder,
			targets: loaded.scan.targets.map(({ name, rule }) => ({ name, rule: rule.kind })),
			async build(targets, buildOptions) {
				const { build } = await import('./build.ts');
				const listen = options.listen ?? (() => {});
				return build({ scan, store, listen, scanfile, command }, targets, buildOptions);
			},
			async plan(targets, { where }) {
				const { forecast } = await import('./forecast.ts');
				return forecast(scan, store, targets, where);
			},
			async why(targets, words) {
				const { why } = await import('./why/why.ts');
				return why(scan, store, targets, words);
			},
			async show(target, words) {
				const { show } = await import('./look.ts');
				return show(scan, store, target, words);
			},
			async table(target) {
				const { table } = await import('./look.ts');
				return table(scan, store, target);
			},
			async checkout(target, into) {
				const { checkout } = await import('./look.ts');
				return checkout(scan, store, target, into);
			},
			async graph() {
				const { graph } = await import('./look.ts');
				return graph(scan);
			},
			async gc() {
				const { collectGarbage } = await import('./collect.ts');
				return collectGarbage(scan, store);
			},
			close: () => store.close(),
		};
	} catch (error) {
		await store.close();
		throw error;
	}
}
