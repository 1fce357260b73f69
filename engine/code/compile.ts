// From a Scanfile's path to what is kept of it: the bundle as the body of a function, and what identities need.
// Loaded only when something changed. Keeps and evaluates nothing itself.
import { basename, dirname } from 'node:path';
import { digestBytes, hex } from '../digest.ts';
import { type Analysis, analyse } from './analysis.ts';
import { functionBody, withReturn } from './body.ts';
import { bundleScanfile } from './bundling.ts';
import type { ScanSource } from './evaluate.ts';
import type { KnownFunctions } from './identity.ts';
import { type PackageTexts, packageTexts } from './packages.ts';
import { mappedPlaces } from './places.ts';
import type { Watched } from './stamps.ts';

/** A bundled Scanfile as plain data, without its source map. */
export interface Compiled {
	readonly source: Omit<ScanSource, 'map'>;
	readonly packages: PackageTexts;
	/** Which files of the project a file imports. */
	readonly imports: readonly (readonly [string, readonly string[]])[];
	/** Everything that decided all this. */
	readonly watched: readonly Watched[];
	readonly known: KnownFunctions;
	/** Digest of the code where it alone decides what the scan says; hexadecimal. */
	readonly fixed: string | undefined;
}

/** Bundles a Scanfile; throws a `UserError` where it does not compile. */
export async function compile(
	file: string,
): Promise<{ readonly compiled: Compiled; readonly map: string; readonly analysis: Analysis }> {
	const folder = dirname(file);
	const bundled = await bundleScanfile(file);
	const packages = packageTexts(bundled.externals);
	const body = functionBody(bundled.code, bundled.externals, mappedPlaces(bundled.map, folder).at);
	const modules = body.modules.map((module) => module.file);
	const surroundings = { packages: packages.texts, imports: bundled.imports };
	const draft = { code: body.code, folder, imports: body.imports, modules };
	const analysis = analyse(draft, bundled.map, surroundings);
	const code = withReturn(body, analysis.valueNames);
	const url = `scanmake:///${hex(digestBytes(code)).slice(0, 16)}/${basename(file)}`;
	const compiled: Compiled = {
		source: { ...draft, code, file: basename(file), url },
		packages: packages.texts,
		imports: [...bundled.imports],
		watched: [...new Map([...bundled.watched, ...packages.watched].map((entry) => [entry.path, entry])).values()],
		known: {},
		fixed: analysis.isSelfContained ? hex(digestBytes(code)) : undefined,
	};
	return { compiled, map: bundled.map, analysis };
}

/** Parses a bundle that was kept. */
export function analyseKept(compiled: Compiled, map: string): Analysis {
	const surroundings = { packages: compiled.packages, imports: new Map(compiled.imports) };
	return analyse(compiled.source, map, surroundings);
}
