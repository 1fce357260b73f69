// Which packages a bundle uses: name, version, and those of all that they resolve to in turn, as node resolves them.
// A package without a version counts by its bytes, and one that is a link to a folder elsewhere by all its files. Knows nothing
// of code.
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { digestBytes, hex } from '../digest.ts';
import { contentOf, isInstalled, packageAbove } from './linked.ts';
import { readWatched, type Watched, watch } from './stamps.ts';

/** What an import from outside counts as, by how the bundle names it. */
export type PackageTexts = Readonly<Record<string, string>>;

/** By the same names: the package and all that it resolves to in turn, each once with its version. */
export type PackageVersions = Readonly<Record<string, readonly (readonly [name: string, version: string])[]>>;

interface Manifest {
	readonly folder: string;
	readonly label: string;
	/** Of a package that is a link: the digest of its files. */
	readonly content: string;
	readonly dependencies: readonly string[];
}

/** Whether a string of the bundle names a package. */
export function mentionsPackage(packages: PackageTexts, text: string): boolean {
	return Object.hasOwn(packages, text);
}

/** The name under which a file's `import.meta` stands among the texts, where what lies beside it counts. */
export function placeName(file: string): string {
	return `what lies beside ${file}`;
}

/** Walks the packages that a bundle imports; `project` is the Scanfile's folder, which is no part of a package. Also answers what to watch: a change of it may change a text. */
export function packageTexts(
	externals: ReadonlyMap<string, { readonly specifier: string; readonly path: string | undefined }>,
	project: string,
): { readonly texts: PackageTexts; readonly versions: PackageVersions; readonly watched: readonly Watched[] } {
	const manifests = new Map<string, Manifest | undefined>();
	const watched = new Map<string, Watched>();
	const texts: Record<string, string> = {};
	const versions: Record<string, readonly (readonly [string, string])[]> = {};

	function manifestOf(folder: string): Manifest | undefined {
		if (!manifests.has(folder)) manifests.set(folder, readManifest(folder, project, watched));
		return manifests.get(folder);
	}

	for (const [name, { specifier, path }] of externals) {
		if (path === undefined) continue;
		const folder = packageFolder(path);
		const first = manifestOf(folder);
		const tree = first === undefined ? undefined : treeOf(first, manifestOf, watched);
		let text = `${specifier}\n${tree === undefined ? bytesOf(path, watched) : tree.text}`;
		if (first?.label.endsWith('@') === true) text += bytesOf(path, watched);
		texts[name] = hex(digestBytes(text));
		versions[name] = tree?.versions ?? [];
	}
	return { texts, versions, watched: [...watched.values()] };
}

/** One line for each package and what it resolves to, sorted; and their versions. */
function treeOf(first: Manifest, manifestOf: (folder: string) => Manifest | undefined, watched: Map<string, Watched>) {
	const open = [first];
	const lines = new Map<string, string>();
	for (const { folder, label, content, dependencies } of open) {
		if (lines.has(folder)) continue;
		const resolved: string[] = [];
		for (const name of dependencies) {
			const found = resolveFrom(folder, name, { manifestOf, watched });
			if (found === undefined) continue;
			resolved.push(found.label);
			open.push(found);
		}
		lines.set(folder, `${label}${content}: ${resolved.sort().join(' ')}`);
	}
	const versions = [...new Set(open.map(({ label }) => label))].map((label) => {
		const at = label.lastIndexOf('@');
		return [label.slice(0, at), label.slice(at + 1)] as const;
	});
	return { text: [...new Set(lines.values())].sort().join('\n'), versions };
}

function resolveFrom(
	folder: string,
	name: string,
	{
		manifestOf,
		watched,
	}: {
		readonly manifestOf: (folder: string) => Manifest | undefined;
		readonly watched: Map<string, Watched>;
	},
): Manifest | undefined {
	for (let above = folder; ; above = dirname(above)) {
		// a link in it may be put to another folder
		if (name.startsWith('@')) {
			const scope = join(above, 'node_modules', dirname(name));
			watched.set(scope, watch(scope));
		}
		let place: string | undefined;
		try {
			place = realpathSync(join(above, 'node_modules', name));
		} catch {}
		const found = place === undefined ? undefined : manifestOf(place);
		if (found !== undefined || above === dirname(above)) return found;
	}
}

function readManifest(folder: string, project: string, watched: Map<string, Watched>): Manifest | undefined {
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
		const linked = isInstalled(folder) ? '' : contentOf(folder, project, watched);
		const shown = linked === '' ? version : `${version} (linked, ${linked.slice(0, 8)})`;
		return {
			folder,
			label: `${String(read['name'] ?? '')}@${shown}`,
			content: linked,
			dependencies: [...new Set(names)].sort(),
		};
	} catch {
		return undefined;
	}
}

function bytesOf(path: string, watched: Map<string, Watched>): string {
	const { watched: entry } = readWatched(path);
	watched.set(path, entry);
	return entry.kind === 'file' ? entry.digest : '';
}

const installed = /^(.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+))[\\/]/;

/** The folder of the package that a file belongs to: what follows the last `node_modules`; of a link the nearest manifest's. */
function packageFolder(path: string): string {
	return installed.exec(path)?.[1] ?? packageAbove(path);
}

/** The name of the package that a file's path or URL belongs to. */
export function packageName(path: string): string {
	return installed.exec(path)?.[2] ?? path;
}

/** A file's path or URL from the name of its package on: the same in every project. */
export function pathInPackage(path: string): string {
	const [root = '', , name = ''] = installed.exec(path) ?? [];
	return `${name}${path.slice(Math.max(0, root.length - 1))}`;
}
