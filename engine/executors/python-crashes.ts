// Modules that end the interpreter while they are imported: tried twice, then none of their functions can run.
// Knows neither tasks nor workers.
import { relative } from 'node:path';
import type { Failure } from '../outcome.ts';
import type { ProcessEnd } from './process.ts';
import type { PythonKind } from './python-kinds.ts';

/** Why a function cannot run, with the log of the last try. */
export interface ImportCrash {
	readonly failure: Failure;
	readonly log?: string | undefined;
}

/** What is known of crashes at import. */
export interface ImportCrashes {
	/** An interpreter has ended while it imported the module of this kind. */
	note(kind: PythonKind, end: ProcessEnd, log: string | undefined): void;
	/** Undefined: it can be tried. */
	of(kind: PythonKind): ImportCrash | undefined;
}

// Once may be an accident of the machine.
const mostTries = 2;

/** Nothing has crashed yet. `folder`: the Scanfile's. */
export function importCrashes(folder: string): ImportCrashes {
	const countByKind = new Map<PythonKind, number>();
	const known = new Map<PythonKind, ImportCrash>();
	return {
		note(kind, end, log) {
			const count = (countByKind.get(kind) ?? 0) + 1;
			countByKind.set(kind, count);
			if (count < mostTries) return;
			const file = relative(folder, kind.file);
			known.set(kind, { failure: { kind: 'not-imported', file, message: `Python ${end.how}` }, log });
		},
		of: (kind) => known.get(kind),
	};
}
