// A kept text with a line in front that is the checksum of the rest, written aside and then into its place: a torn or
// damaged one reads as none. Knows nothing of what is kept.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';

/** The text that was kept; undefined: none, or a damaged one. */
export function readChecked(path: string): string | undefined {
	let text: string;
	try {
		text = readFileSync(path, 'utf8');
	} catch {
		return undefined;
	}
	const end = text.indexOf('\n');
	const body = text.slice(end + 1);
	return text.slice(0, end) === String(crc32(body)) ? body : undefined;
}

/** Keeps a text. Throws where the folder cannot be written. */
export function writeChecked(path: string, body: string): void {
	writeAside(path, `${crc32(body)}\n${body}`);
}

/** Writes a file so that nobody sees half of it. */
export function writeAside(path: string, text: string): void {
	const aside = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
	try {
		writeFileSync(aside, text);
		renameSync(aside, path);
	} catch (error) {
		rmSync(aside, { force: true });
		throw error;
	}
}
