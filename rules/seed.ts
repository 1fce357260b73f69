// A seed from canonical text. Knows neither spaces nor trials.
import { hash } from 'node:crypto';

/** An integer in [0, 2³¹): the first four bytes of the text's SHA-256, big endian, without the last bit. */
export function seedOf(canonicalText: string): number {
	return Number.parseInt(hash('sha256', canonicalText, 'hex').slice(0, 8), 16) >>> 1;
}
