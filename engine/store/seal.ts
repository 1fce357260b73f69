// Small values with a checksum in front, so that a flipped bit on disk reads as "not there" and never as another value.
// Encoding: CRC-32 of the rest (4 bytes, little-endian), then the bytes. Knows nothing of what they mean.
import { crc32 } from 'node:zlib';

/** The bytes with their checksum in front. */
export function seal(bytes: Uint8Array): Uint8Array {
	const sealed = Buffer.allocUnsafe(bytes.length + 4);
	sealed.set(bytes, 4);
	sealed.writeUInt32LE(crc32(bytes), 0);
	return sealed;
}

/** A copy of what was sealed; undefined where there is nothing or the checksum does not hold. */
export function unseal(sealed: Uint8Array | undefined): Buffer<ArrayBuffer> | undefined {
	if (sealed === undefined || sealed.length < 4) return undefined;
	const copy = Buffer.from(sealed);
	const bytes = copy.subarray(4);
	return crc32(bytes) === copy.readUInt32LE(0) ? bytes : undefined;
}

/** Plain data as sealed JSON. */
export function sealJson(value: unknown): Uint8Array {
	return seal(Buffer.from(JSON.stringify(value)));
}

/** What `sealJson` sealed. The caller knows its type: the checksum says that nothing changed since. */
export function unsealJson<T>(sealed: Uint8Array | undefined): T | undefined {
	const bytes = unseal(sealed);
	return bytes === undefined ? undefined : (JSON.parse(bytes.toString()) as T);
}
