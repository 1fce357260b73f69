// From a Scanfile's path to its scan.
import { basename, dirname, join, resolve } from 'node:path';
import { statSync } from 'node:fs';
import type { Scan } from '../rules/index.ts';
import { digestBytes, hex } from './digest.ts';
import { type Complaint, UserError } from './errors.ts';
import { evaluateSource, placesOf, type ScanSource } from './evaluate.ts';
import { identitiesOf, type RuleIdentity } from './identity.ts';
import { mappedPlaces } from './places.ts';

/** A Scanfile that was read, with all that the engine needs of it. */
export interface LoadedScan {
	readonly scan: Scan;
	readonly source: ScanSource;
	/** Aligned with `scan.rules`. */
	readonly identities: readonly RuleIdentity[];
	readonly warnings: readonly Complaint[];
	/** Where a stack's first frame in the user's files is. */
	place(stack: string): { readonly file: string; readonly line: number } | undefined;
}

/** Reads a Scanfile; throws a `UserError` for everything that is wrong with it. */
export async function loadScan(options: {
	readonly file: string;
	readonly cacheFolder: string | undefined;
}): Promise<LoadedScan> {
	const file = resolve(options.file);
	if (!statSync(file, { throwIfNoEntry: false })?.isFile())
		throw new UserError('scanfile', `There is no Scanfile ${file}. Name one with --file, or start one with scanmake init.`);
	const { bundleScanfile } = await import('./bundling.ts');
	const { functionBody, withReturn } = await import('./body.ts');
	const folder = dirname(file);
	const bundled = await bundleScanfile(file);
	const body = functionBody(bundled.code, bundled.externals, mappedPlaces(bundled.map, folder).at);
	const code = withReturn(body, []);
	const source: ScanSource = {
		code,
		folder,
		file: basename(file),
		url: `scanmake:///${hex(digestBytes(code)).slice(0, 16)}/${basename(file)}`,
		imports: body.imports,
		modules: body.modules.map((module) => module.file),
		map: { kind: 'text', text: bundled.map },
	};
	const { scan } = await evaluateSource(source);
	const place = placesOf(source);
	if (scan.problems.length > 0) {
		const problems = scan.problems.map(({ message, stack }) => {
			const at = stack === undefined ? undefined : place(stack);
			return { message, file: at?.file, line: at?.line };
		});
		throw new UserError('scanfile', problems);
	}
	return { scan, source, identities: identitiesOf(scan), warnings: [], place };
}
