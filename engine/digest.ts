// Digests of bytes, values and files: SHA-256, 32 bytes. What is hashed for one purpose begins with a tag of its own,
// so that no value has the digest of something else. Knows neither keys nor the store.
import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** How many bytes a digest has. */
export const digestLength = 32;

/** What stands in front of an encoded value when its digest is taken. */
export const valueTag: Uint8Array = Buffer.from('scanmake value\n');

const filesTag = Buffer.from('scanmake value and files\n');

/** What of a file is in the digest of a result. */
export interface DigestedFile {
	readonly name: string;
	readonly executable: boolean;
	readonly digest: Uint8Array;
}

/** SHA-256 of bytes, or of the UTF-8 of a text. */
export function digestBytes(content: Uint8Array | string): Uint8Array {
	return hash('sha256', content, 'buffer');
}

/** Writes the SHA-256 of bytes to `target` at `offset`. Three times as fast as a digest of its own where there are many. */
export function digestInto(content: Uint8Array, target: Uint8Array, offset: number): void {
	const text = hash('sha256', content, 'binary');
	for (let i = 0; i < digestLength; i++) target[offset + i] = text.charCodeAt(i);
}

/** Digest of an encoded value alone. */
export function valueDigest(value: Uint8Array): Uint8Array {
	return createHash('sha256').update(valueTag).update(value).digest();
}

/** Digest of a result: its encoded value and its files, whatever their order. */
export function resultDigest(value: Uint8Array, files: readonly DigestedFile[]): Uint8Array {
	return files.length === 0 ? valueDigest(value) : filesDigest(valueDigest(value), files);
}

/** Digest of a result that has files, from the digest of its value. */
export function filesDigest(value: Uint8Array, files: readonly DigestedFile[]): Uint8Array {
	const sum = createHash('sha256').update(filesTag).update(value);
	for (const file of [...files].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))) {
		const name = Buffer.from(file.name);
		const head = Buffer.alloc(5);
		head.writeUInt32BE(name.length);
		head[4] = file.executable ? 1 : 0;
		sum.update(head).update(name).update(file.digest);
	}
	return sum.digest();
}

/** SHA-256 of the bytes of a file, read piece by piece. */
export async function digestFile(path: string): Promise<Uint8Array> {
	const sum = createHash('sha256');
	for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) sum.update(piece as Buffer);
	return sum.digest();
}

/** A digest as 64 hexadecimal digits. */
export function hex(digest: Uint8Array): string {
	return Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).toString('hex');
}

/** The digest that 64 hexadecimal digits stand for. */
export function fromHex(text: string): Uint8Array {
	return Buffer.from(text, 'hex');
}

/** A digest as base64. */
export function base64(digest: Uint8Array): string {
	return Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).toString('base64');
}
