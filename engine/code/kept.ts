// What is kept of a bundled Scanfile between runs: one file with the code, and the source map in a file of its own.
// Believed only while every file that went into it is as it was. Knows nothing of what the code means.
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { digestBytes, hex } from '../digest.ts';
import { ownVersion } from '../version.ts';
import { readChecked, writeAside, writeChecked } from './checked.ts';
import type { Compiled } from './compile.ts';
import { unchanged } from './stamps.ts';

/** A bundle that was found as it was left. */
export interface Kept {
	readonly compiled: Compiled;
	readonly mapPath: string;
	/** Some file was touched and is the same: its new times are worth keeping. */
	readonly isNewer: boolean;
}

interface KeptFile {
	readonly format: string;
	readonly map: string;
	readonly compiled: Compiled;
}

const formatVersion = 4;
/** With a checksum: a flipped bit in kept code would run under the identity of the right one. */
const fileName = 'bundle.json';

/** The folder for one Scanfile's bundle. */
export function keptFolder(cacheFolder: string, file: string): string {
	return join(cacheFolder, hex(digestBytes(file)));
}

/** The kept bundle, if it is still true. */
export function readKept(folder: string): Kept | undefined {
	try {
		const body = readChecked(join(folder, fileName));
		if (body === undefined) return undefined;
		const kept = JSON.parse(body) as KeptFile;
		if (kept.format !== format()) return undefined;
		const now = unchanged(kept.compiled.watched);
		if (now === undefined) return undefined;
		const compiled = now.isNewer ? { ...kept.compiled, watched: now.watched } : kept.compiled;
		return { compiled, mapPath: join(folder, kept.map), isNewer: now.isNewer };
	} catch {
		// None, a torn one or one of another version: it is made again.
		return undefined;
	}
}

/** The name of a source map's file: a running build goes on finding its own. */
export function mapName(map: string): string {
	return `${hex(digestBytes(map)).slice(0, 16)}.map`;
}

/** The source map at this path; undefined where it is gone or is not what its name says. */
export function readMap(path: string): string | undefined {
	try {
		const text = readFileSync(path, 'utf8');
		return mapName(text) === basename(path) ? text : undefined;
	} catch {
		return undefined;
	}
}

/** Keeps a bundle, and its map unless that is kept already. A folder that cannot be written costs time, nothing else. */
export function keep(
	folder: string,
	compiled: Compiled,
	map: { readonly name: string; readonly text?: string },
): boolean {
	try {
		mkdirSync(folder, { recursive: true });
		if (map.text !== undefined) writeAside(join(folder, map.name), map.text);
		const kept: KeptFile = { format: format(), map: map.name, compiled };
		writeChecked(join(folder, fileName), JSON.stringify(kept));
		if (map.text !== undefined) removeOldMaps(folder, map.name);
		return true;
	} catch {
		return false;
	}
}

function removeOldMaps(folder: string, name: string): void {
	for (const other of readdirSync(folder)) {
		if (other.endsWith('.map') && other !== name) rmSync(join(folder, other), { force: true });
	}
}

let known: string | undefined;

/** The format and scanmake's own version: another one may bundle differently. */
function format(): string {
	known ??= `scanmake bundle ${formatVersion}, scanmake ${ownVersion()}`;
	return known;
}
