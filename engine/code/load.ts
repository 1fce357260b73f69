// From a Scanfile's path to its scan, with the identity of each rule's code: bundled anew only when a file changed.
// Everything that is wrong with a Scanfile leaves here as one `UserError` that lists it with file and line.
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Scan } from '../../rules/index.ts';
import type { Rule } from '../../rules/rule.ts';
import { type Complaint, UserError } from '../errors.ts';
import type { PythonTarget } from '../executors/executor.ts';
import type { Analysis } from './analysis.ts';
import type { Compiled } from './compile.ts';
import { evaluateSource, placesOf, type ScanSource } from './evaluate.ts';
import { identitiesOf, type RuleIdentity } from './identity.ts';
import { keep, keptFolder, mapName, readKept, readMap } from './kept.ts';
import type { MapPlace } from './places.ts';
import type { PythonRules } from './python/identity.ts';
import { type PythonProject, pythonProject } from './python/project.ts';

/** A Scanfile that was read, with all that the engine needs of it. */
export interface LoadedScan {
	readonly scan: Scan;
	readonly source: ScanSource;
	/** Aligned with `scan.rules`. */
	readonly identities: readonly RuleIdentity[];
	readonly warnings: readonly Complaint[];
	/** Names the code where it alone decides what the scan says: the same name, the same spaces. */
	readonly fixed?: string | undefined;
	/** The interpreter of the scan, and what Python code is by it. */
	readonly python: PythonProject;
	/** The Python function of the rule at this place; undefined: it has none. */
	pythonOf(place: number): PythonTarget | undefined;
	/** Where a stack's first frame in the user's files is. */
	place(stack: string): { readonly file: string; readonly line: number } | undefined;
}

export interface LoadOptions {
	readonly file: string;
	/** Where bundles are kept; undefined: nothing is kept. */
	readonly cacheFolder: string | undefined;
	/** Use what is kept, but write nothing. */
	readonly readOnly?: boolean | undefined;
}

interface Opened {
	readonly compiled: Compiled;
	readonly map: MapPlace;
	analysis(): Promise<Analysis>;
	/** Keeps what was learned. */
	save(hasLearned: boolean): void;
}

/** Reads a Scanfile; throws a `UserError` for everything that is wrong with it. */
export async function loadScan(options: LoadOptions): Promise<LoadedScan> {
	const file = resolve(options.file);
	checkFile(file);
	const opened = await open(file, options);
	const source: ScanSource = { ...opened.compiled.source, map: opened.map };
	const evaluated = await evaluateSource(source);
	const { scan } = evaluated;
	const place = placesOf(source);
	if (scan.problems.length > 0) {
		const complaints = scan.problems.map(({ message, stack }) => {
			const at = stack === undefined ? undefined : place(stack);
			return { message, file: at?.file, line: at?.line };
		});
		throw new UserError('scanfile', complaints);
	}
	const python = pythonOfScan(scan, source, options);
	const pythons = await pythonRulesOf(scan, source, python, (rule) => place(rule.site));
	const { known } = opened.compiled;
	const identified = await identitiesOf(evaluated, source, { known, analysis: opened.analysis }, pythons);
	opened.save(identified.hasLearned);
	python.save();
	if (identified.problems.length > 0) throw new UserError('scanfile', identified.problems);
	const { identities, warnings } = identified;
	const pythonOf: LoadedScan['pythonOf'] = (at) => pythons.rules.get(at)?.target;
	return { scan, source, identities, warnings, fixed: opened.compiled.fixed, python, pythonOf, place };
}

function pythonOfScan(scan: Scan, { folder }: ScanSource, options: LoadOptions): PythonProject {
	const { cacheFolder, readOnly } = options;
	return pythonProject({
		folder,
		option: scan.options.python,
		keptFolder: cacheFolder === undefined ? undefined : keptFolder(cacheFolder, resolve(options.file)),
		readOnly,
	});
}

async function pythonRulesOf(
	scan: Scan,
	{ folder }: ScanSource,
	python: PythonProject,
	siteOf: (rule: Rule) => Pick<Complaint, 'file' | 'line'> | undefined,
): Promise<PythonRules> {
	const isAny = scan.rules.some(({ recipe }) => recipe.kind === 'python');
	if (!isAny) return { rules: new Map(), warnings: [], problems: [] };
	const { pythonRules } = await import('./python/identity.ts');
	return pythonRules(scan.rules, python, folder, siteOf);
}

function checkFile(file: string): void {
	const stat = statSync(file, { throwIfNoEntry: false });
	if (stat?.isFile()) return;
	const what = stat === undefined ? `There is no Scanfile ${file}` : `${file} is no file`;
	throw new UserError('scanfile', `${what}. Name one with --file, or start a project with: scanmake init`);
}

async function open(file: string, { cacheFolder, readOnly }: LoadOptions): Promise<Opened> {
	const folder = cacheFolder === undefined ? undefined : keptFolder(cacheFolder, file);
	const kept = folder === undefined ? undefined : readKept(folder);
	if (folder !== undefined && kept !== undefined) {
		const { compiled, mapPath, isNewer } = kept;
		const name = mapPath.slice(folder.length + 1);
		return {
			compiled,
			map: { kind: 'file', path: mapPath },
			analysis: once(async () => {
				const { analyseKept, compile } = await import('./compile.ts');
				const text = readMap(mapPath);
				return text === undefined ? (await compile(file)).analysis : analyseKept(compiled, text);
			}),
			save: (hasLearned) => {
				if (readOnly !== true && (isNewer || hasLearned)) keep(folder, compiled, { name });
			},
		};
	}
	const { compile } = await import('./compile.ts');
	const { compiled, map, analysis } = await compile(file);
	const name = mapName(map);
	let place: MapPlace = { kind: 'text', text: map };
	// Kept at once, too: a Scanfile that throws need not be bundled again to throw again.
	if (folder !== undefined && readOnly !== true && keep(folder, compiled, { name, text: map })) {
		place = { kind: 'file', path: join(folder, name) };
	}
	return {
		compiled,
		map: place,
		analysis: async () => analysis,
		save: () => {
			if (folder !== undefined && readOnly !== true) keep(folder, compiled, { name });
		},
	};
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
	let made: Promise<T> | undefined;
	return () => {
		made ??= make();
		return made;
	};
}
