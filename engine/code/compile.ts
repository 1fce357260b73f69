// From a Scanfile's path to what is kept of it: the bundle as the body of a function, and what identities need.
// Loaded only when something changed. Keeps and evaluates nothing itself.
import { basename, dirname, resolve } from 'node:path';
import { digestBytes, hex } from '../digest.ts';
import { type Analysis, analyse } from './analysis.ts';
import { functionBody, withReturn } from './body.ts';
import { type Bundled, bundleScanfile } from './bundling.ts';
import type { ScanSource } from './evaluate.ts';
import type { KnownFunctions } from './identity.ts';
import { type LinkedData, linkedData } from './linked.ts';
import { type PackageTexts, type PackageVersions, packageTexts, placeName } from './packages.ts';
import { mappedPlaces } from './places.ts';
import type { Watched } from './stamps.ts';

/** A bundled Scanfile as plain data, without its source map. */
export interface Compiled {
	readonly source: Omit<ScanSource, 'map'>;
	readonly packages: PackageTexts;
	readonly versions: PackageVersions;
	/** Which files of the project a file imports. */
	readonly imports: readonly (readonly [string, readonly string[]])[];
	/** Everything that decided all this. */
	readonly watched: readonly Watched[];
	readonly known: KnownFunctions;
	/** Digest of the code where it alone decides what the scan says; hexadecimal. */
	readonly fixed: string | undefined;
}

type Packages = ReturnType<typeof packageTexts>;

/** Bundles a Scanfile; throws a `UserError` where it does not compile. */
export async function compile(
	file: string,
): Promise<{ readonly compiled: Compiled; readonly map: string; readonly analysis: Analysis }> {
	const folder = dirname(file);
	const bundled = await bundleScanfile(file);
	const body = functionBody(bundled.code, bundled.externals, mappedPlaces(bundled.map, folder).at);
	const modules = body.modules.map((module) => module.file);
	const packages = packagesOf(bundled, modules, folder);
	const surroundings = { packages: packages.texts, versions: packages.versions, imports: bundled.imports };
	const draft = { code: body.code, folder, imports: body.imports, modules };
	const analysis = analyse(draft, bundled.map, surroundings);
	const code = withReturn(body, analysis.valueNames);
	const url = `scanmake:///${hex(digestBytes(code)).slice(0, 16)}/${basename(file)}`;
	const compiled: Compiled = {
		source: { ...draft, code, file: basename(file), url },
		packages: packages.texts,
		versions: packages.versions,
		imports: [...bundled.imports],
		watched: [...new Map([...bundled.watched, ...packages.watched].map((entry) => [entry.path, entry])).values()],
		known: {},
		fixed: analysis.isSelfContained ? hex(digestBytes(code)) : undefined,
	};
	return { compiled, map: bundled.map, analysis };
}

function packagesOf(bundled: Bundled, modules: readonly string[], folder: string): Packages {
	const packages = packageTexts(bundled.externals, folder);
	const watched = new Map<string, Watched>();
	const files = modules.map((file) => resolve(folder, file));
	const inside = { folders: bundled.linked, bundled: [...bundled.imports.keys()].map((file) => resolve(folder, file)) };
	const data = linkedData(files, inside, folder, watched);
	const named = modules.flatMap((file, at) => {
		const one = data.get(files[at] ?? '');
		return one === undefined ? [] : [[placeName(file), one] as const];
	});
	const version = ({ package: name, digest }: LinkedData) => [[name, `linked, ${digest.slice(0, 8)}`] as const];
	return {
		texts: { ...packages.texts, ...Object.fromEntries(named.map(([name, { digest }]) => [name, digest])) },
		versions: { ...packages.versions, ...Object.fromEntries(named.map(([name, one]) => [name, version(one)])) },
		watched: [...packages.watched, ...watched.values()],
	};
}

/** Parses a bundle that was kept. */
export function analyseKept(compiled: Compiled, map: string): Analysis {
	const { packages, versions, imports } = compiled;
	return analyse(compiled.source, map, { packages, versions, imports: new Map(imports) });
}
