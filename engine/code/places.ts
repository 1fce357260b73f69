// From positions in the evaluated bundle back to the lines that the user wrote.
// A stack names frames of the bundle by its URL; everything else in it is scanmake's, Node's or a package's.
// The source map is decoded when the first message needs it.
import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { isAbsolute, relative, resolve } from 'node:path';

/** Where the source map is: at hand, or in a file that is read when a message needs it. */
export type MapPlace =
	| { readonly kind: 'text'; readonly text: string }
	| { readonly kind: 'file'; readonly path: string };

/** What of an evaluated bundle is needed to find places in its sources. */
export interface MappedCode {
	/** The folder of the Scanfile: files are named relative to it. */
	readonly folder: string;
	/** What V8 calls the bundle in stacks. */
	readonly url: string;
	readonly map: MapPlace;
}

/** A place in a file that the user wrote; line and column start at 1. */
export interface Place {
	/** Relative to the Scanfile's folder. */
	readonly file: string;
	readonly line: number;
	readonly column: number;
}

/** A position in the bundle's code: line from 0 (its first line), column from 0. */
export interface CodePosition {
	readonly line: number;
	readonly column: number;
}

/** Lines that V8 puts before the body of a function made from text, and the line of imports that begins the body. */
const linesBeforeBody = 2;
export const linesBeforeBundle = 1;

/** A decoded source map. */
export interface Places {
	at(position: CodePosition): Place | undefined;
	/** The file whose text is between two positions; undefined where the bundler itself wrote it. */
	fileBetween(start: CodePosition, end: CodePosition): string | undefined;
}

/** Finds the source of positions in a bundle whose map is given as text. */
export function mappedPlaces(text: string, folder: string): Places {
	const map = new SourceMap(JSON.parse(text) as SourceMapPayload);
	const entryAt = ({ line, column }: CodePosition) => {
		const entry = map.findEntry(line - linesBeforeBundle, column);
		return 'originalSource' in entry && entry.originalSource !== undefined ? entry : undefined;
	};
	const named = (source: string): string => {
		const path = resolve(folder, source);
		const file = relative(folder, path).replaceAll('\\', '/');
		return isAbsolute(file) ? path : file;
	};
	return {
		at(position) {
			const entry = entryAt(position);
			if (entry === undefined) return undefined;
			return { file: named(entry.originalSource), line: entry.originalLine + 1, column: entry.originalColumn + 1 };
		},
		fileBetween(start, end) {
			const entry = entryAt({ line: end.line, column: end.column - 1 });
			if (entry === undefined) return undefined;
			const line = entry.generatedLine + linesBeforeBundle;
			const isBefore = line < start.line || (line === start.line && entry.generatedColumn < start.column);
			return isBefore ? undefined : named(entry.originalSource);
		},
	};
}

/** Finds the source of positions in a bundle; undefined where the map is gone or does not know. */
export function codePlaces(code: MappedCode): (position: CodePosition) => Place | undefined {
	let find: ((position: CodePosition) => Place | undefined) | undefined;
	return (position) => {
		find ??= readPlaces(code);
		return find(position);
	};
}

function readPlaces(code: MappedCode): (position: CodePosition) => Place | undefined {
	try {
		const text = code.map.kind === 'text' ? code.map.text : readFileSync(code.map.path, 'utf8');
		return mappedPlaces(text, code.folder).at;
	} catch {
		// A newer bundle may have replaced the map: then messages go without a line.
		return () => undefined;
	}
}

interface Frame {
	readonly name: string;
	readonly position: CodePosition;
}

/** The position of a stack's first frame that lies in the bundle. */
export function firstPosition(code: { readonly url: string }, stack: string): CodePosition | undefined {
	for (const line of stack.split('\n')) {
		const frame = frameOf(code.url, line);
		if (frame !== undefined) return frame.position;
	}
	return undefined;
}

/** Finds the place of a stack's first frame that lies in the bundle, in source terms. */
export function placesOf(code: MappedCode): (stack: string) => Place | undefined {
	const find = codePlaces(code);
	return (stack) => {
		const position = firstPosition(code, stack);
		return position === undefined ? undefined : find(position);
	};
}

/** The stack with the user's frames only, in source positions; its first lines (the message) as they are. */
export function userFrames(code: MappedCode, stack: string): string {
	const find = codePlaces(code);
	const lines: string[] = [];
	let isMessage = true;
	for (const line of stack.split('\n')) {
		if (/^\s+at /.test(line)) isMessage = false;
		if (isMessage) lines.push(line);
		const frame = isMessage ? undefined : frameOf(code.url, line);
		const place = frame === undefined ? undefined : find(frame.position);
		if (frame === undefined || place === undefined) continue;
		const where = `${place.file}:${place.line}:${place.column}`;
		lines.push(frame.name === '' ? `    at ${where}` : `    at ${frame.name} (${where})`);
	}
	return lines.join('\n');
}

function frameOf(url: string, line: string): Frame | undefined {
	const start = line.indexOf(url);
	if (start < 0) return undefined;
	const numbers = /^:(\d+):(\d+)/.exec(line.slice(start + url.length));
	if (numbers === null) return undefined;
	const name = /^\s+at (?:async )?(.*) \($/.exec(line.slice(0, start))?.[1] ?? '';
	// `eval` is what V8 calls the body itself: the top level of the user's files.
	return {
		name: name === 'eval' ? '' : name,
		position: { line: Number(numbers[1]) - 1 - linesBeforeBody, column: Number(numbers[2]) - 1 },
	};
}
