// Bundles a Scanfile and its imports into one module: the sole user of esbuild, loaded only when something changed.
// Packages stay outside, named by URLs resolved from the file that imports them; `scanmake` stays outside by its name. Packages
// that are links to folders elsewhere are bundled where they can be.
// Knows nothing of what the code means.
import { readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BuildFailure, build, type Metafile, type OnResolveArgs, type Plugin, type PluginBuild } from 'esbuild';
import { type Complaint, UserError } from '../errors.ts';
import { isFollowable, isInstalled, linkedFolder } from './linked.ts';
import { readWatched, type Watched, watch } from './stamps.ts';

/** A bundled Scanfile, as esbuild leaves it. */
export interface Bundled {
	/** An ES module. */
	readonly code: string;
	/** Its source map; sources are relative to the Scanfile's folder. */
	readonly map: string;
	/** What each file of the project imports of the project, by paths relative to the Scanfile's folder. */
	readonly imports: ReadonlyMap<string, readonly string[]>;
	/** How the bundle names what is outside, and what the user wrote. */
	readonly externals: ReadonlyMap<string, { readonly specifier: string; readonly path: string | undefined }>;
	/** The folders of packages that are links and were bundled. */
	readonly linked: readonly string[];
	/** Everything that decided what the bundle is. */
	readonly watched: readonly Watched[];
}

interface Notes {
	readonly files: Map<string, Watched>;
	readonly externals: Map<string, { specifier: string; path: string | undefined }>;
	/** Where packages are looked for: `node_modules`, and `node_modules/@scope` of those that are named. */
	readonly lookedIn: Set<string>;
	readonly linked: Set<string>;
}

const pluginMark = Symbol('scanmake');
const triedEndings = ['', '.tsx', '.ts', '.jsx', '.js', '.css', '.json'];

/** Bundles the Scanfile at an absolute path; throws a `UserError` with all that does not compile. */
export async function bundleScanfile(file: string): Promise<Bundled> {
	const folder = dirname(file);
	const notes: Notes = { files: new Map(), externals: new Map(), lookedIn: new Set(), linked: new Set() };
	const result = await build({
		entryPoints: [file],
		absWorkingDir: folder,
		outfile: join(folder, 'bundle.js'),
		bundle: true,
		write: false,
		format: 'esm',
		platform: 'node',
		target: 'node20',
		conditions: [],
		mainFields: ['main'],
		charset: 'utf8',
		ignoreAnnotations: true,
		sourcemap: 'external',
		sourcesContent: false,
		metafile: true,
		logLevel: 'silent',
		plugins: [outside(notes)],
	}).catch((error: unknown) => {
		throw new UserError('scanfile', complaints(error));
	});
	const text = (ending: string): string => result.outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
	return {
		code: text('.js'),
		map: text('.map'),
		imports: importsOf(result.metafile),
		externals: notes.externals,
		linked: [...notes.linked],
		watched: [...notes.files.values(), ...surroundings(folder, notes, result.metafile)],
	};
}

/** Keeps packages outside and remembers the very bytes that are bundled. */
function outside(notes: Notes): Plugin {
	const setup = (esbuild: PluginBuild): void => {
		esbuild.onResolve({ filter: /^[^./]|^\.[^./]|^\.\.[^/]/ }, async (args) => {
			if (args.kind === 'entry-point' || args.pluginData === pluginMark) return undefined;
			return await resolveBare(esbuild, args, notes);
		});
		esbuild.onLoad({ filter: /.*/, namespace: 'file' }, ({ path }) => {
			const { content, watched } = readWatched(path);
			notes.files.set(path, watched);
			return { contents: content, loader: 'default' };
		});
	};
	return { name: 'outside', setup };
}

async function resolveBare(esbuild: PluginBuild, args: OnResolveArgs, notes: Notes) {
	const { path: specifier, kind, importer, resolveDir } = args;
	const keep = (name: string, path?: string) => {
		notes.externals.set(name, { specifier, path });
		return { path: name, external: true };
	};
	if (specifier === 'scanmake') return keep(specifier);
	if (isBuiltin(specifier)) return keep(specifier.startsWith('node:') ? specifier : `node:${specifier}`);
	if (/^(data|https?):/.test(specifier)) return undefined;
	if (specifier.startsWith('file:')) return { path: fileURLToPath(specifier) };
	const found = await esbuild.resolve(specifier, { kind, importer, resolveDir, pluginData: pluginMark });
	if (found.errors.length > 0) return { errors: found.errors };
	const name = packageName(specifier);
	const linked = linkedFolder(name, resolveDir, found.path);
	const isLinked = linked !== undefined;
	const isPackage = isInstalled(found.path) && /^\.([cm]?js|node|wasm)$|^$/.test(extname(found.path));
	if (isInstalled(found.path) || isLinked) {
		notes.lookedIn.add('node_modules');
		if (name.startsWith('@')) notes.lookedIn.add(join('node_modules', dirname(name)));
	}
	const isOutside = isPackage || (isLinked && !isFollowable(found.path));
	if (isLinked && !isOutside) notes.linked.add(linked);
	if (!isOutside || found.external) return { path: found.path, external: found.external, namespace: found.namespace };
	const isRequired = kind === 'require-call' || kind === 'require-resolve';
	return keep(isRequired ? found.path : pathToFileURL(found.path).href, found.path);
}

function importsOf(metafile: Metafile): Map<string, string[]> {
	const imports = new Map<string, string[]>();
	for (const [file, input] of Object.entries(metafile.inputs)) {
		imports.set(
			file,
			input.imports.filter(({ external }) => external !== true).map(({ path }) => path),
		);
	}
	return imports;
}

/** What is no input and still decides: settings, and what would be found first if it were there. */
function surroundings(folder: string, notes: Notes, metafile: Metafile): Watched[] {
	const paths = new Set<string>();
	for (const file of notes.files.keys()) {
		for (let above = dirname(file); ; above = dirname(above)) {
			if (basename(above) !== 'node_modules') {
				for (const name of ['tsconfig.json', 'jsconfig.json', 'package.json']) paths.add(join(above, name));
				for (const name of notes.lookedIn) paths.add(join(above, name));
			}
			if (above === dirname(above)) break;
		}
	}
	for (const path of [...paths]) if (path.endsWith('config.json')) addExtended(path, paths);
	for (const [file, input] of Object.entries(metafile.inputs)) {
		for (const { path, original, external } of input.imports) {
			if (external === true || original === undefined || !/^\.\.?\//.test(original)) continue;
			const wanted = resolve(folder, dirname(file), original);
			const found = resolve(folder, path);
			if (wanted === found) continue;
			for (const ending of triedEndings) {
				const candidate = wanted + ending;
				if (candidate === found) break;
				if (!isFolder(candidate)) paths.add(candidate);
			}
		}
	}
	for (const file of notes.files.keys()) paths.delete(file);
	return [...paths].map(watch);
}

function isFolder(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The settings that a tsconfig.json extends by a relative path, and those in turn. */
function addExtended(path: string, paths: Set<string>): void {
	let text: string;
	try {
		text = readFileSync(path, 'utf8');
	} catch {
		return;
	}
	for (const [, name] of text.matchAll(/"extends"\s*:\s*\[?\s*"(\.[^"]+)"/g)) {
		if (name === undefined) continue;
		const base = resolve(dirname(path), name.endsWith('.json') ? name : `${name}.json`);
		if (paths.has(base)) continue;
		paths.add(base);
		addExtended(base, paths);
	}
}

function complaints(error: unknown): Complaint[] {
	const errors = (error as Partial<BuildFailure>).errors ?? [];
	if (errors.length === 0) return [{ message: String(error) }];
	return errors.map(({ text, location }) => ({
		message: sentence(text),
		file: location?.file,
		line: location?.line,
	}));
}

function sentence(text: string): string {
	const missing = /^Could not resolve "(.+)"$/.exec(text)?.[1];
	if (missing === undefined) return `This does not compile: ${text}`;
	if (/^[./]/.test(missing)) return `There is no file "${missing}". Paths are taken from the importing file.`;
	return `"${missing}" is not installed. If it is a package: npm install ${packageName(missing)}`;
}

/** The package that a bare specifier names. */
function packageName(specifier: string): string {
	return specifier
		.split('/')
		.slice(0, specifier.startsWith('@') ? 2 : 1)
		.join('/');
}
