// Where the Scanfile and its store are. Knows the file system's names only, not what is in the files.
import { existsSync } from 'node:fs';
import { dirname, join, parse, resolve } from 'node:path';
import { UserError } from './errors.ts';

/** The Scanfile: `file` as typed, or the next `Scanfile.ts` from `cwd` upwards. */
export function findScanfile(file: string | undefined, cwd: string): string {
	if (file !== undefined) {
		const path = resolve(cwd, file);
		if (existsSync(path)) return path;
		throw new UserError('scanfile', `There is no Scanfile ${file}. Name one with -f FILE, or write it.`);
	}
	const { root } = parse(resolve(cwd));
	for (let folder = resolve(cwd); ; folder = dirname(folder)) {
		const path = join(folder, 'Scanfile.ts');
		if (existsSync(path)) return path;
		if (folder === root) break;
	}
	throw new UserError(
		'scanfile',
		`There is no Scanfile.ts in ${resolve(cwd)} or above it. Go to your project, name one with -f FILE, or write one.`,
	);
}

/** The store's folder: as typed after `--store`, `SCANMAKE_STORE`, or `.scanmake` beside the Scanfile. */
export function storeFolder(typed: string | undefined, scanfile: string, cwd: string): string {
	const given = typed ?? process.env['SCANMAKE_STORE'];
	return given === undefined || given === '' ? join(dirname(scanfile), '.scanmake') : resolve(cwd, given);
}
