// What `doctor` finds: the ground a scan stands on, as facts. Every part is looked at though another is broken.
// Words no sentence but passes on those of the errors that it meets. Writes nothing to project or store.
import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isProgram, type ProgramRecipe } from '../rules/recipe.ts';
import { loadScan } from './code/load.ts';
import { type Complaint, UserError } from './errors.ts';
import {
	checkoutOf,
	type DiskSpace,
	existing,
	type FileSystem,
	fileSystemOf,
	type Machine,
	machine,
	spaceIn,
	statOf,
} from './machine.ts';
import { type OpenedScan, openScan } from './opened.ts';
import { findScanfile, storeFolder } from './place.ts';
import { type Found, findProgram } from './program-place.ts';
import { programsOf } from './programs.ts';
import { lookAtPython, type PythonFound } from './python-found.ts';
import { standings } from './standing.ts';
import { type Holder, isAlive, readHolder } from './store/lock.ts';
import { memoryStore } from './store/memory.ts';
import { networkName } from './store/network.ts';
import { openStore } from './store/records.ts';
import { ownVersion } from './version.ts';

/** A program, who wants it, and where it is. */
export interface ProgramFound {
	readonly name: string;
	/** Targets whose recipes start it, or whose `uses` asks it; none: it is only good to know. */
	readonly rules: readonly string[];
	readonly found: Found;
}

export type ScanFound =
	| { readonly kind: 'none'; readonly message: string; readonly isNamed: boolean }
	| { readonly kind: 'broken'; readonly file: string; readonly problems: readonly Complaint[] }
	| {
			readonly kind: 'loaded';
			readonly file: string;
			readonly targets: number;
			readonly warnings: readonly Complaint[];
			readonly problems: readonly Complaint[];
			readonly hasPrograms: boolean;
			/** Script files that commands name and that are not there. */
			readonly missingScripts: readonly { readonly file: string; readonly rules: readonly string[] }[];
			/** Rules that ask for more than the machine has. */
			readonly greedy: readonly { readonly rule: string; readonly cores?: number; readonly memoryMiB?: number }[];
	  };

export interface StoreFound {
	readonly folder: string;
	readonly exists: boolean;
	/** Of the store on disk; undefined where there is none. */
	readonly format: number | undefined;
	/** Why it cannot be used. */
	readonly problem: string | undefined;
	readonly isWritable: boolean;
	readonly bytes: number;
	/** There was more than could be counted in time. */
	readonly hasMore: boolean;
	readonly space: DiskSpace | undefined;
	readonly files: FileSystem;
	readonly lock: (Holder & { readonly isAlive: boolean }) | undefined;
}

export interface Findings {
	readonly machine: Machine;
	readonly scan: ScanFound;
	readonly store: StoreFound;
	readonly programs: readonly ProgramFound[];
	/** Undefined where no rule has a Python function. */
	readonly python: PythonFound | undefined;
	/** Where `sh` leads. */
	readonly shell: string | undefined;
	readonly checkout: { readonly commit: string; readonly changed: number } | undefined;
}

const goodToKnow = ['python3', 'ssh', 'sbatch', 'qsub'];
const countMilliseconds = 2000;

/** Looks at everything; never throws for what a user can mend. */
export async function examine(asked: {
	readonly file: string | undefined;
	readonly store: string | undefined;
	readonly cwd: string;
}): Promise<Findings> {
	const here = machine();
	let file: string | undefined;
	let message = '';
	try {
		file = findScanfile(asked.file, asked.cwd);
	} catch (error) {
		message = textOf(error);
	}
	const store = await lookAtStore(storeFolder(asked.store, file ?? join(asked.cwd, 'Scanfile.ts'), asked.cwd), file);
	const folder = file === undefined ? asked.cwd : dirname(file);
	const opened = file === undefined ? undefined : await open(file, store);
	const python = opened?.scan === undefined ? undefined : await lookAtPython(opened.scan);
	const scan: ScanFound =
		file === undefined || opened === undefined
			? { kind: 'none', message, isNamed: asked.file !== undefined }
			: opened.scan === undefined
				? { kind: 'broken', file, problems: opened.problems }
				: await lookAtScan(opened.scan, file, store, here);
	const wanted = opened?.scan === undefined ? new Map<string, string[]>() : wantedPrograms(opened.scan);
	for (const name of goodToKnow)
		if (!wanted.has(name) && (python === undefined || name !== 'python3')) wanted.set(name, []);
	const sh = findProgram('sh', folder);
	return {
		machine: here,
		scan,
		store,
		programs: [...wanted].map(([name, rules]) => ({ name, rules, found: findProgram(name, folder) })),
		python,
		shell: sh.kind === 'found' ? realpathSync(sh.path) : undefined,
		checkout: await checkoutOf(folder),
	};
}

type Opened =
	| { readonly scan: OpenedScan; readonly problems?: never }
	| { readonly scan?: never; readonly problems: readonly Complaint[] };

async function open(file: string, store: StoreFound): Promise<Opened> {
	const cacheFolder = store.problem === undefined ? join(store.folder, 'scanfiles') : undefined;
	try {
		return { scan: openScan(await loadScan({ file, cacheFolder, readOnly: true })) };
	} catch (error) {
		return { problems: complaintsOf(error) };
	}
}

async function lookAtScan(scan: OpenedScan, file: string, store: StoreFound, here: Machine): Promise<ScanFound> {
	const problems: Complaint[] = [];
	const warnings = [...scan.loaded.warnings];
	const attempt = async (act: () => unknown): Promise<void> => {
		try {
			await act();
		} catch (error) {
			problems.push(...complaintsOf(error));
		}
	};
	for (const place of scan.order) await attempt(() => scan.expansion.links(place));
	if (problems.length === 0) {
		const network = attemptOr(undefined, () => networkName(store.folder));
		const readable = store.problem === undefined && network === undefined;
		const known = readable
			? await openStore({ folder: store.folder, mode: 'read', scanmake: ownVersion() }).catch(() => memoryStore())
			: memoryStore();
		await attempt(async () => warnings.push(...(await standings(scan, scan.order, known)).warnings));
		await known.close();
	}
	const missing = new Map<string, string[]>();
	for (const [name, recipe] of recipesOf(scan)) {
		for (const script of programsOf(recipe).scripts) {
			if (!existsSync(resolve(scan.folder, script))) add(missing, script, name);
		}
	}
	return {
		kind: 'loaded',
		file,
		targets: scan.loaded.scan.targets.length,
		warnings,
		problems: uniqueOf(problems),
		hasPrograms: recipesOf(scan).length > 0,
		missingScripts: [...missing].map(([script, rules]) => ({ file: script, rules })),
		greedy: scan.order.flatMap((place) => {
			const { cores = 0, memoryMiB = 0 } = scan.rules[place]?.options ?? {};
			const tooMany = cores > here.cores ? { cores } : undefined;
			const tooMuch = memoryMiB > here.memoryMiB ? { memoryMiB } : undefined;
			return tooMany || tooMuch ? [{ rule: scan.nameOf(place), ...tooMany, ...tooMuch }] : [];
		}),
	};
}

function recipesOf(scan: OpenedScan): readonly (readonly [string, ProgramRecipe])[] {
	return scan.order.flatMap((place) => {
		const recipe = scan.rules[place]?.recipe;
		return isProgram(recipe) ? [[scan.nameOf(place), recipe] as const] : [];
	});
}

function wantedPrograms(scan: OpenedScan): Map<string, string[]> {
	const wanted = new Map<string, string[]>();
	const isThere = (name: string) => findProgram(name, scan.folder).kind !== 'not-found';
	for (const [name, recipe] of recipesOf(scan))
		for (const one of programsOf(recipe, isThere).programs) add(wanted, one, name);
	for (const place of scan.order)
		for (const used of scan.rules[place]?.options.uses ?? [])
			if (typeof used !== 'string' && used.kind === 'tool') add(wanted, used.program, scan.nameOf(place));
	return wanted;
}

function add(lists: Map<string, string[]>, name: string, value: string): void {
	const list = lists.get(name) ?? [];
	lists.set(name, list);
	if (!list.includes(value)) list.push(value);
}

async function lookAtStore(folder: string, scanfile: string | undefined): Promise<StoreFound> {
	const exists = existsSync(folder);
	const place = existing(folder);
	let problem: string | undefined;
	try {
		await (await openStore({ folder, mode: 'read', scanmake: ownVersion() })).close();
	} catch (error) {
		problem = textOf(error);
	}
	if (exists && statOf(folder)?.isDirectory() !== true)
		problem = `The store ${folder} is no folder. Name another one with --store.`;
	const known = [place, join(folder, 'format.json'), ...(scanfile === undefined ? [] : [scanfile, dirname(scanfile)])];
	return {
		folder,
		exists,
		format: formatOf(folder),
		problem,
		isWritable: isWritable(place),
		...(exists ? await sizeOf(folder) : { bytes: 0, hasMore: false }),
		space: spaceIn(place),
		files: fileSystemOf(place, known),
		lock: attemptOr(undefined, () => {
			const holder = readHolder(join(folder, 'lock'));
			return holder === undefined ? undefined : { ...holder, isAlive: isAlive(holder) };
		}),
	};
}

function formatOf(folder: string): number | undefined {
	return attemptOr(undefined, () => {
		const found: unknown = (JSON.parse(readFileSync(join(folder, 'format.json'), 'utf8')) as { format?: unknown })
			.format;
		return typeof found === 'number' ? found : undefined;
	});
}

function isWritable(place: string): boolean {
	return attemptOr(false, () => {
		accessSync(place, constants.W_OK | constants.X_OK);
		return statSync(place).isDirectory();
	});
}

async function sizeOf(folder: string): Promise<{ readonly bytes: number; readonly hasMore: boolean }> {
	const until = performance.now() + countMilliseconds;
	let bytes = 0;
	try {
		for await (const entry of await opendir(folder, { recursive: true })) {
			if (performance.now() > until) return { bytes, hasMore: true };
			if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).blocks * 512;
		}
	} catch {
		return { bytes, hasMore: true };
	}
	return { bytes, hasMore: false };
}

function attemptOr<T>(otherwise: T, act: () => T): T {
	try {
		return act();
	} catch {
		return otherwise;
	}
}

function complaintsOf(error: unknown): readonly Complaint[] {
	if (error instanceof UserError) return error.problems;
	throw error;
}

function textOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

function uniqueOf(problems: readonly Complaint[]): readonly Complaint[] {
	return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
