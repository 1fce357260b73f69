// Evaluates a bundled Scanfile: in the planning process, and again from the same text in every worker thread.
// The bundle is the body of an async function, since modules once imported are never given back.
// Knows neither how the bundle was made nor what is done with the scan.
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import * as words from '../../rules/index.ts';
import { suggestion } from '../../rules/nearest.ts';
import { isScan, type Scan } from '../../rules/scan.ts';
import { whatIs } from '../../rules/value.ts';
import { bug, UserError } from '../errors.ts';
import { type MapPlace, placesOf, userFrames } from './places.ts';
import { keepQuiet, type QuietSpell } from './quiet.ts';

export { placesOf, userFrames };

/** The name under which a Scanfile imports the words. */
export const wordsName = 'scanmake';

/** One import declaration of the bundle: something that is not in it. */
export interface ExternalImport {
	/** `scanmake`, a `node:` module or the URL of a package's file. */
	readonly from: string;
	/** As the user wrote it, for messages. */
	readonly specifier: string;
	/** What is imported (`*` is the module itself) and what the bundle calls it. */
	readonly names: readonly { readonly imported: string; readonly local: string }[];
	readonly file: string | undefined;
	readonly line: number | undefined;
}

/** A bundled Scanfile as plain data: all that a thread needs to evaluate it. */
export interface ScanSource {
	/** The body of an async function. */
	readonly code: string;
	/** The folder of the Scanfile. */
	readonly folder: string;
	/** The Scanfile, relative to the folder. */
	readonly file: string;
	/** What V8 calls the code in stacks. */
	readonly url: string;
	readonly imports: readonly ExternalImport[];
	/** The files, relative to the folder, whose `import.meta` the code mentions. */
	readonly modules: readonly string[];
	readonly map: MapPlace;
}

/** What the body's one parameter is called, and what it gives to the body. */
export const hostName = '$scanmake';
interface Host {
	readonly imports: readonly unknown[];
	readonly modules: readonly unknown[];
	readonly load: (specifier: unknown, options?: ImportCallOptions) => Promise<unknown>;
	readonly require: NodeJS.Require;
}

/** An evaluated Scanfile: the scan, and what the top-level names hold whose text does not say it. */
export interface Evaluated {
	readonly scan: Scan;
	readonly values: readonly (() => unknown)[];
}

type Body = (host: Host) => Promise<{ readonly found: unknown; readonly values: readonly (() => unknown)[] }>;
const AsyncFunction = (async () => {}).constructor as new (parameter: string, body: string) => Body;

/** The scan that a Scanfile exports; throws a `UserError` where there is none. Its own problems are in the scan. */
export async function evaluateScan(source: ScanSource): Promise<Scan> {
	return (await evaluateSource(source)).scan;
}

/** As `evaluateScan`, with the values that identities need. */
export async function evaluateSource(source: ScanSource): Promise<Evaluated> {
	const body = compiled(source);
	const quiet = keepQuiet();
	try {
		const imports: unknown[] = [];
		for (const external of source.imports) imports.push(await imported(external));
		const { found, values } = await orNever(body(hostOf(source, imports)), source);
		refuseExits(source, quiet);
		return { scan: asScan(source, found), values };
	} catch (error) {
		refuseExits(source, quiet);
		throw error instanceof UserError ? error : thrown(source, error);
	} finally {
		quiet.end();
	}
}

function compiled(source: ScanSource): Body {
	try {
		return new AsyncFunction(hostName, `${source.code}\n//# sourceURL=${source.url}`);
	} catch (error) {
		return bug(`the bundle of ${source.file} does not parse (${String(error)})`);
	}
}

function hostOf(source: ScanSource, imports: readonly unknown[]): Host {
	const scanfile = join(source.folder, source.file);
	return {
		imports,
		modules: source.modules.map((module) => metaOf(join(source.folder, module))),
		load: (specifier, options) => importNow(absolute(String(specifier), scanfile), options),
		require: createRequire(scanfile),
	};
}

/** `import.meta` as the file itself would see it. */
function metaOf(path: string): unknown {
	const url = pathToFileURL(path).href;
	const resolve = (specifier: string): string =>
		/^(\.{0,2}\/|\w+:)/.test(specifier)
			? new URL(specifier, url).href
			: pathToFileURL(createRequire(path).resolve(specifier)).href;
	return { url, dirname: dirname(path), filename: path, resolve };
}

/** A computed relative specifier is taken from the Scanfile's folder; all others were made absolute when bundling. */
function absolute(specifier: string, scanfile: string): string {
	return specifier.startsWith('.') ? new URL(specifier, pathToFileURL(scanfile)).href : specifier;
}

async function importNow(from: string, options?: ImportCallOptions): Promise<unknown> {
	return from === wordsName ? words : await import(from, options);
}

async function imported(external: ExternalImport): Promise<unknown> {
	const { file, line, specifier } = external;
	let namespace: object;
	try {
		namespace = Object(await importNow(external.from));
	} catch (error) {
		const message = `"${specifier}" could not be loaded: ${textOf(error)}`;
		throw new UserError('scanfile', [{ message, file, line }]);
	}
	for (const { imported: name } of external.names) {
		if (name === '*' || name in namespace) continue;
		const near = suggestion(name, Object.keys(namespace)) || '.';
		const help = 'default' in namespace ? ` If it is a CommonJS package, write: import all from "${specifier}"` : '';
		throw new UserError('scanfile', [{ message: `"${specifier}" exports no "${name}"${near}${help}`, file, line }]);
	}
	return namespace;
}

/** Evaluations under way, by what tells them that the process has nothing left to do. */
const waiting = new Set<() => void>();
const nothingLeft = (): void => {
	for (const tell of waiting) tell();
};

/** A top-level await that nothing will ever answer would end the process without a word. */
async function orNever<T>(work: Promise<T>, source: ScanSource): Promise<T> {
	if (!isMainThread) return await work;
	const message = 'The Scanfile awaits something at its top level that never ends. Remove that await.';
	let tell = (): void => undefined;
	const never = new Promise<never>((_resolve, reject) => {
		tell = () => reject(new UserError('scanfile', [{ message, file: source.file }]));
	});
	if (waiting.size === 0) process.on('beforeExit', nothingLeft);
	waiting.add(tell);
	try {
		return await Promise.race([work, never]);
	} finally {
		waiting.delete(tell);
		if (waiting.size === 0) process.off('beforeExit', nothingLeft);
	}
}

function refuseExits(source: ScanSource, quiet: QuietSpell): void {
	const stack = quiet.exits.find((exit) => exit.includes(source.url));
	if (stack === undefined) return;
	const place = placesOf(source)(stack);
	const message =
		'process.exit is called while the Scanfile is read. A Scanfile only describes the scan: remove the call, or throw an Error.';
	throw new UserError('scanfile', [{ message, file: place?.file ?? source.file, line: place?.line }]);
}

function asScan(source: ScanSource, found: unknown): Scan {
	if (isScan(found)) return found;
	const remedy = 'End it with: export default scan({ spikes, response })';
	const message =
		found === undefined
			? `${source.file} has no default export. ${remedy}`
			: `The default export of ${source.file} is no scan but ${whatIs(found)}. ${remedy}`;
	throw new UserError('scanfile', [{ message, file: source.file }]);
}

function thrown(source: ScanSource, error: unknown): UserError {
	const place = error instanceof Error ? placesOf(source)(error.stack ?? '') : undefined;
	const file = place?.file ?? source.file;
	return new UserError('scanfile', [
		{ message: `${basename(file)} throws: ${textOf(error)}`, file, line: place?.line },
	]);
}

function textOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	return error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
}
