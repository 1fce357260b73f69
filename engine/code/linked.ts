// Packages that are links to folders elsewhere: workspaces, `npm link`, `file:`. Their version says nothing of an edit, so
// they count by what is in them: followed like the project's own modules where bundled code would run as it stands in its
// file, else by all their files; data that they read beside themselves by their files, too. Knows neither bundles nor identities.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { readWatched, type Watched, watch } from './stamps.ts';

/** Whether a file lies where packages are installed: links are taken to be followed already. */
export function isInstalled(path: string): boolean {
	return /[\\/]node_modules[\\/]/.test(path);
}

/** The folder of the package that an import reached through a link; undefined: it reached something else. */
export function linkedFolder(name: string, resolveDir: string, found: string): string | undefined {
	for (let above = resolveDir; ; above = dirname(above)) {
		const place = realPath(join(above, 'node_modules', name));
		if (place !== undefined) return found.startsWith(place + sep) && !isInstalled(found) ? place : undefined;
		if (above === dirname(above)) return undefined;
	}
}

function realPath(path: string): string | undefined {
	try {
		return realpathSync(path);
	} catch {
		return undefined;
	}
}

/** The folder of the package that a file belongs to. */
export function packageAbove(path: string): string {
	for (let above = dirname(path); above !== dirname(above); above = dirname(above))
		if (statSync(join(above, 'package.json'), { throwIfNoEntry: false })?.isFile()) return above;
	return dirname(path);
}

const endings = ['', '.js', '.cjs', '.mjs', '.json', '/index.js', '/index.cjs'];
const inner = /(?:\brequire\s*\(|\bfrom|\bimport\s*\(?)\s*['"](\.[^'"]*)['"]/g;
/** What of CommonJS works only where the file stands: its place, what is computed, machine code. */
const placed =
	/\b__(?:dir|file)name\b|\brequire\s*\(\s*(?:[^'"`\s]|`[^`]*\$\{)|\brequire\.(?:resolve|extensions|cache)\b|\.node['"`]|['"](?:bindings|node-gyp-build)['"]/;

/** Whether the code that an import reaches in its package does the same when it is bundled. */
export function isFollowable(entry: string): boolean {
	const seen = new Set<string>();
	const open = [entry];
	for (const file of open) {
		if (/^\.(node|wasm)$/.test(extname(file))) return false;
		if (seen.has(file) || isInstalled(file) || !/^\.c?js$/.test(extname(file))) continue;
		seen.add(file);
		const text = readFileSync(file, 'utf8');
		if (!/^\s*(?:import|export)\b/m.test(text) && placed.test(text)) return false;
		for (const [, name = ''] of text.matchAll(inner)) {
			const wanted = resolve(dirname(file), name);
			const ending = endings.find((each) => statSync(wanted + each, { throwIfNoEntry: false })?.isFile());
			if (ending !== undefined) open.push(wanted + ending);
		}
	}
	return true;
}

const aside = new Set(['node_modules', '.git', '.scanmake']);

/**
 * Digest of the files of a package, by their names in it; hexadecimal. What is below `except` does not count, nor do files that
 * are `left` out. Says what to watch.
 */
export function contentOf(
	folder: string,
	except: string,
	watched: Map<string, Watched>,
	left: (path: string) => boolean = () => false,
): string {
	const digest = createHash('sha256');
	const seen = new Set<string>();
	const visit = (path: string): void => {
		const real = realPath(path);
		if (real === undefined || seen.has(real) || real === except) return;
		seen.add(real);
		if (!statSync(real).isDirectory()) {
			if (left(path)) return;
			const { watched: entry } = readWatched(path);
			watched.set(path, entry);
			const text = entry.kind === 'file' ? entry.digest : '';
			digest.update(`${JSON.stringify(relative(folder, path).split(sep))} ${text}\n`);
			return;
		}
		watched.set(path, watch(path));
		for (const name of readdirSync(path).sort()) if (!aside.has(name)) visit(join(path, name));
	};
	visit(folder);
	return digest.digest('hex');
}

/** What people read and what is run by itself: none of it is read by the functions of a package. */
const unread =
	/^(?:(?:readme|changelog|changes|history|licen[cs]e|contributing)\b.*|.*\.(?:test|spec)\.[cm]?[jt]sx?)$/i;

/** What code that knows its place may read there, by the file that mentions `import.meta`. */
export interface LinkedData {
	readonly package: string;
	readonly digest: string;
}

/**
 * Of each of some modules that lies in one of some packages: the digest of all files of the package that are not bundled, since
 * `new URL("./table.json", import.meta.url)` may be any of them. Says what to watch.
 */
export function linkedData(
	modules: readonly string[],
	{ folders, bundled }: { readonly folders: readonly string[]; readonly bundled: readonly string[] },
	except: string,
	watched: Map<string, Watched>,
): ReadonlyMap<string, LinkedData> {
	const found = new Map<string, LinkedData>();
	const digests = new Map<string, string>();
	const followed = new Set(bundled);
	const left = (path: string): boolean => followed.has(path) || unread.test(basename(path));
	const innermostFirst = [...folders].sort((a, b) => b.length - a.length);
	for (const module of modules) {
		const folder = innermostFirst.find((one) => module.startsWith(one + sep));
		if (folder === undefined) continue;
		const digest = digests.get(folder) ?? contentOf(folder, except, watched, left);
		digests.set(folder, digest);
		found.set(module, { package: nameOf(folder), digest });
	}
	return found;
}

function nameOf(folder: string): string {
	try {
		const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly name?: unknown };
		return typeof name === 'string' ? name : basename(folder);
	} catch {
		return basename(folder);
	}
}
