// A project on disk that is built, edited and built again: which tasks ran, and what every target's rows then hold.
// The Scanfile's real bundle is planned by the real engine; its tasks run in this process, on a store in memory.
// Knows nothing of which edits there are, nor of what must rerun.
import { mkdir, mkdtemp, realpath, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from '../../engine/build.ts';
import { loadScan } from '../../engine/code/load.ts';
import { table } from '../../engine/look.ts';
import { openScan } from '../../engine/opened.ts';
import { memoryStore } from '../../engine/store/memory.ts';
import type { Store } from '../../engine/store/store.ts';
import { inThisProcess } from './process.ts';

/** Texts by path. */
export type Files = Readonly<Record<string, string>>;

/** By path: a whole new text, one or several replacements of a part that occurs once, or null, which removes the file. */
export type Edits = Readonly<Record<string, string | null | readonly (readonly [old: string, now: string])[]>>;

/** Values of environment variables; undefined: unset. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The tasks that ran, by target; targets of which none ran are left out. */
export type Reruns = Readonly<Record<string, number>>;

/** One edit of a project and what must run because of it. */
export interface Edit {
	readonly title: string;
	readonly project: Files;
	/** Where links lead, by path. */
	readonly links?: Files;
	readonly edits?: Edits;
	/** The environment, before and after the edit. */
	readonly variables?: readonly [before: Variables, after: Variables];
	readonly reruns: Reruns;
}

/** What came of a build. */
export interface Built {
	readonly ran: Reruns;
	/** The parameters and the result of every row of every target. */
	readonly rows: Readonly<Record<string, readonly unknown[]>>;
	readonly warnings: readonly string[];
}

/** What an edit did: the build after it, and what a build without any older result gives. */
export interface Edited {
	readonly before: Built;
	readonly after: Built;
	readonly fresh: Built;
}

/** Writes a project, gives its folder to `use`, and removes it. */
export async function inProject<T>(files: Files, use: (folder: string) => Promise<T>, links: Files = {}): Promise<T> {
	const folder = await realpath(await mkdtemp(join(tmpdir(), 'scanmake-identity-')));
	try {
		await write(folder, files);
		for (const [path, target] of Object.entries(links)) {
			await mkdir(dirname(join(folder, path)), { recursive: true });
			await symlink(target, join(folder, path));
		}
		return await use(folder);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Writes texts below a folder. Their times are as they would be for whoever had not edited them a moment ago. */
export async function write(folder: string, files: Files, age = 60): Promise<void> {
	for (const [path, text] of Object.entries(files)) {
		const place = join(folder, path);
		await mkdir(dirname(place), { recursive: true });
		await writeFile(place, text);
		const at = Date.now() / 1000 - age;
		await utimes(place, at, at);
	}
}

/** The texts of a project after an edit. */
export function edited(files: Files, edits: Edits): Files {
	const result: Record<string, string> = { ...files };
	for (const [path, edit] of Object.entries(edits)) {
		if (edit === null) delete result[path];
		else if (typeof edit === 'string') result[path] = edit;
		else for (const [old, now] of edit) result[path] = replaced(result[path] ?? '', old, now, path);
	}
	return result;
}

function replaced(text: string, old: string, now: string, path: string): string {
	const pieces = text.split(old);
	if (pieces.length !== 2) throw new Error(`${path} has ${pieces.length - 1} times ${old}`);
	return pieces.join(now);
}

/** Builds a project, edits it, builds it again with what was kept, and once more with nothing kept. */
export async function afterEdit({ project, links, edits = {}, variables = [{}, {}] }: Edit): Promise<Edited> {
	const use = async (folder: string): Promise<Edited> => {
		const store = memoryStore();
		try {
			setVariables(variables[0]);
			const before = await builtIn(folder, store, join(folder, '.scanmake'));
			for (const [path, edit] of Object.entries(edits)) if (edit === null) await rm(join(folder, path));
			const now = edited(project, edits);
			await write(folder, Object.fromEntries(Object.keys(edits).flatMap((path) => pair(path, now[path]))), 30);
			setVariables(variables[1]);
			const after = await builtIn(folder, store, join(folder, '.scanmake'));
			const fresh = await builtIn(folder, memoryStore(), undefined);
			return { before, after, fresh };
		} finally {
			setVariables(
				Object.fromEntries(Object.keys({ ...variables[0], ...variables[1] }).map((name) => [name, undefined])),
			);
		}
	};
	return await inProject(project, use, links);
}

function pair(path: string, text: string | undefined): [string, string][] {
	return text === undefined ? [] : [[path, text]];
}

function setVariables(variables: Variables): void {
	for (const [name, value] of Object.entries(variables)) {
		if (value === undefined) delete process.env[name];
		else process.env[name] = value;
	}
}

/** Builds all targets of the Scanfile in a folder. A task that fails is an error. */
export async function builtIn(folder: string, store: Store, cacheFolder: string | undefined): Promise<Built> {
	const scanfile = join(folder, 'Scanfile.ts');
	const loaded = await loadScan({ file: scanfile, cacheFolder });
	const scan = openScan(loaded);
	const ground = { scan, store, listen: () => {}, scanfile, command: 'test', startExecutor: inThisProcess };
	const report = await build(ground, [], { jobs: 2 });
	if (!report.ok) throw new Error(JSON.stringify(report.failures.slice(0, 3)));
	const rows: Record<string, readonly unknown[]> = {};
	for (const { name } of loaded.scan.targets) rows[name] = [...(await table(scan, store, name)).rows()];
	const warnings = loaded.warnings.map(({ message, file, line }) => `${file}:${line} ${message}`);
	return { ran: ranOf(report.targets), rows, warnings };
}

/** The tasks that ran, by target. */
export function ranOf(targets: readonly { readonly name: string; readonly ran: number }[]): Reruns {
	return Object.fromEntries(targets.filter(({ ran }) => ran > 0).map(({ name, ran }) => [name, ran]));
}
