// Which packages a bundle uses: name, version, and those of all that they resolve to in turn, as node resolves them.
// A package without a version counts by its bytes. Knows nothing of code.
import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { digestBytes, hex } from '../digest.ts';
import { readWatched, type Watched, watch } from './stamps.ts';

/** What an import from outside counts as, by how the bundle names it. */
export type PackageTexts = Readonly<Record<string, string>>;

interface Manifest {
	readonly folder: string;
	readonly label: string;
	readonly dependencies: readonly string[];
}

/** Whether a string of the bundle names a package. */
export function mentionsPackage(packages: PackageTexts, text: string): boolean {
	return Object.hasOwn(packages, text);
}

/** Walks the packages that a bundle imports. Also answers what to watch: a change of it may change a text. */
export function packageTexts(
	externals: ReadonlyMap<string, { readonly specifier: string; readonly path: string | undefined }>,
): { readonly texts: PackageTexts; readonly watched: readonly Watched[] } {
	const manifests = new Map<string, Manifest | undefined>();
	const watched = new Map<string, Watched>();
	const texts: Record<string, string> = {};

	function manifestOf(folder: string): Manifest | undefined {
		if (!manifests.has(folder)) manifests.set(folder, readManifest(folder, watched));
		return manifests.get(folder);
	}

	for (const [name, { specifier, path }] of externals) {
		if (path === undefined) continue;
		const folder = packageFolder(path);
		const first = manifestOf(folder);
		let text = `${specifier}\n${first === undefined ? bytesOf(path, watched) : treeText(first, manifestOf)}`;
		if (first?.label.endsWith('@') === true) text += bytesOf(path, watched);
		texts[name] = hex(digestBytes(text));
	}
	return { texts, watched: [...watched.values()] };
}

/** One line for each package and what it resolves to, sorted. */
function treeText(first: Manifest, manifestOf: (folder: string) => Manifest | undefined): string {
	const open = [first];
	const lines = new Map<string, string>();
	for (const { folder, label, dependencies } of open) {
		if (lines.has(folder)) continue;
		const resolved: string[] = [];
		for (const name of dependencies) {
			const found = resolveFrom(folder, name, manifestOf);
			if (found === undefined) continue;
			resolved.push(found.label);
			open.push(found);
		}
		lines.set(folder, `${label}: ${resolved.sort().join(' ')}`);
	}
	return [...new Set(lines.values())].sort().join('\n');
}

function resolveFrom(
	folder: string,
	name: string,
	manifestOf: (folder: string) => Manifest | undefined,
): Manifest | undefined {
	for (let above = folder; ; above = dirname(above)) {
		let place: string | undefined;
		try {
			place = realpathSync(join(above, 'node_modules', name));
		} catch {}
		const found = place === undefined ? undefined : manifestOf(place);
		if (found !== undefined || above === dirname(above)) return found;
	}
}

function readManifest(folder: string, watched: Map<string, Watched>): Manifest | undefined {
	const path = join(folder, 'package.json');
	const inner = join(folder, 'node_modules');
	watched.set(inner, watch(inner));
	try {
		const { content, watched: entry } = readWatched(path);
		watched.set(path, entry);
		const read = JSON.parse(content.toString()) as Readonly<Record<string, unknown>>;
		const fields = [read['dependencies'], read['optionalDependencies'], read['peerDependencies']];
		const names = fields.flatMap((field) => (typeof field === 'object' && field !== null ? Object.keys(field) : []));
		const version = typeof read['version'] === 'string' ? read['version'] : '';
		return { folder, label: `${String(read['name'] ?? '')}@${version}`, dependencies: [...new Set(names)].sort() };
	} catch {
		return undefined;
	}
}

function bytesOf(path: string, watched: Map<string, Watched>): string {
	const { watched: entry } = readWatched(path);
	watched.set(path, entry);
	return hex(digestBytes(readFileSync(path)));
}

const installed = /^(.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+))[\\/]/;

/** The folder of the package that a file belongs to: what follows the last `node_modules`. */
function packageFolder(path: string): string {
	return installed.exec(path)?.[1] ?? dirname(path);
}

/** The name of the package that a file's path or URL belongs to. */
export function packageName(path: string): string {
	return installed.exec(path)?.[2] ?? path;
}
