// Which Python rules share their interpreters, and what these import from: read once, when the first is started,
// and held against the digests that keys were made with. Knows no process.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { digestBytes, hex } from '../digest.ts';
import { inlineLimit } from '../outcome.ts';
import type { FrozenSource, PythonStart } from '../workers/python-wire.ts';
import type { PythonTarget, RuleSetup } from './executor.ts';
import { handedOn } from './python-environment.ts';

/** Rules that are run by the same interpreters. */
export interface PythonKind {
	readonly interpreter: PythonTarget['interpreter'];
	readonly path: readonly string[];
	readonly cores: number;
	/** Variables of the environment that are handed on as they are. */
	readonly env: readonly string[];
	/** The module's file: what another module does when it is imported must not reach these functions. */
	readonly file: string;
	readonly setups: readonly RuleSetup[];
	/** Reads the sources at its first call. */
	frozen(): Frozen;
}

/** Sources as they were found. */
export interface Frozen {
	readonly sources: readonly FrozenSource[];
	/** Rules whose sources are no more what their keys say: the file, relative to the Scanfile's folder. */
	readonly changed: ReadonlyMap<number, string>;
}

/** What a rule's function is in; undefined: it is no Python function. */
export function targetOf({ recipe }: RuleSetup): PythonTarget | undefined {
	return recipe !== 'function' && recipe.kind === 'python' ? recipe : undefined;
}

/** The kinds of all Python rules, by rule. */
export function pythonKinds(setups: readonly RuleSetup[], folder: string): ReadonlyMap<number, PythonKind> {
	const kinds = new Map<string, PythonKind>();
	const byRule = new Map<number, PythonKind>();
	for (const setup of setups) {
		const target = targetOf(setup);
		if (target === undefined) continue;
		const { interpreter, path, file } = target;
		const { cores = 1 } = setup;
		const env = handedOn(setup.env);
		const name = JSON.stringify([interpreter, path, file, cores, env, target.sources, target.extensions, target.used]);
		const known = kinds.get(name);
		const own = [...(known?.setups ?? []), setup];
		kinds.set(name, { interpreter, path, cores, env, file, setups: own, frozen: once(() => freeze(own, folder)) });
	}
	for (const kind of kinds.values()) for (const { rule } of kind.setups) byRule.set(rule, kind);
	return byRule;
}

/** What an interpreter of this kind is started with. */
export function startOf({ path, frozen }: PythonKind, where: Pick<PythonStart, 'folder' | 'log'>): PythonStart {
	return { sources: frozen().sources, path, valueFilesFrom: inlineLimit + 1, ...where };
}

/** All rules, as an interpreter of this kind is told of those that it meets. */
export function setupsFor({ setups: own, frozen }: PythonKind, all: readonly RuleSetup[]): Map<number, RuleSetup> {
	const { changed } = frozen();
	return new Map(
		all.map((setup) => {
			const isOwn = own.includes(setup) && !changed.has(setup.rule);
			return [setup.rule, isOwn || targetOf(setup) === undefined ? setup : { ...setup, recipe: 'function' }];
		}),
	);
}

function freeze(setups: readonly RuleSetup[], folder: string): Frozen {
	const read = new Map<string, { readonly bytes: Uint8Array; readonly digest: string } | undefined>();
	const changed = new Map<number, string>();
	const sources = new Map<string, FrozenSource>();
	for (const setup of setups) {
		const target = targetOf(setup);
		const isFrozen = new Set(target?.sources);
		for (const source of [...isFrozen, ...(target?.extensions ?? [])]) {
			const { path, digest } = source;
			if (!read.has(path)) read.set(path, readSource(path));
			const found = read.get(path);
			if (found?.digest !== digest) {
				if (!changed.has(setup.rule)) changed.set(setup.rule, relative(folder, path));
			} else if (isFrozen.has(source)) sources.set(path, { path, bytes: found.bytes });
		}
	}
	return { sources: [...sources.values()], changed };
}

function readSource(path: string) {
	try {
		const bytes = readFileSync(path);
		return { bytes, digest: hex(digestBytes(bytes)) };
	} catch {
		return undefined;
	}
}

function once<T>(make: () => T): () => T {
	let made: { readonly is: T } | undefined;
	return () => {
		made ??= { is: make() };
		return made.is;
	};
}
