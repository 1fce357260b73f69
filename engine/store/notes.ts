// The small things of a store: failures, defaults, facts and builds. Each under its checksum, so that a damaged one
// reads as missing. Knows nothing of results.
import { hash } from 'node:crypto';
import { seal, sealJson, unseal, unsealJson } from './seal.ts';
import type { BuildRecord, FailureRecord, Store } from './store.ts';
import type { Tables } from './tables.ts';

/** Small things as the store offers them, and what a collection needs. */
export interface Notes {
	readonly read: Pick<Store, 'defaultOf' | 'fact' | 'builds'>;
	failureOf(key: Uint8Array): FailureRecord | undefined;
	/** Within `tables.write`. */
	putFailure(key: Uint8Array, record: FailureRecord): void;
	readonly write: Pick<Store, 'putDefault' | 'putFacts' | 'startBuild'>;
	/** Removes failures and builds that nobody wants. */
	remove(isWanted: {
		failure(key: Uint8Array, record: FailureRecord): boolean;
		build(build: BuildRecord): boolean;
	}): void;
}

const page = 1000;
const buildCount = Buffer.from('n');

/** The small things in these tables. */
export function notes(tables: Tables): Notes {
	const get = (key: Uint8Array) => tables.peek('rest', key);

	function failureOf(key: Uint8Array): FailureRecord | undefined {
		return tables.read(() => unsealJson<FailureRecord>(tables.peek('failures', key)));
	}

	function builds(): BuildRecord[] {
		const found: BuildRecord[] = [];
		for (const keys of pages('rest', buildKey(0))) {
			for (const key of keys) {
				if (key[0] !== buildPrefix) return found;
				const build = tables.read(() => unsealJson<BuildRecord>(get(key)));
				if (build !== undefined) found.push(build);
			}
		}
		return found;
	}

	function* pages(table: 'rest' | 'failures', from: Uint8Array): Generator<readonly Uint8Array[]> {
		let start = from;
		for (;;) {
			const keys = tables.read(() => tables.keys(table, start, page));
			yield keys;
			const last = keys.at(-1);
			if (last === undefined || keys.length < page) return;
			start = Buffer.concat([last, Buffer.alloc(1)]);
		}
	}

	return {
		failureOf,
		putFailure: (key, record) => tables.put('failures', key, sealJson(record)),
		read: {
			defaultOf: (identity, parameter) => tables.read(() => unseal(get(defaultKey(identity, parameter)))?.toString()),
			fact(name) {
				const bytes = tables.read(() => unseal(get(factKey(name))));
				return bytes && Uint8Array.from(bytes);
			},
			builds,
		},
		write: {
			putDefault(identity, parameter, value) {
				tables.write(() => tables.put('rest', defaultKey(identity, parameter), seal(Buffer.from(value))));
			},
			putFacts(facts) {
				if (facts.size === 0) return;
				tables.write(() => {
					for (const [name, value] of facts) tables.put('rest', factKey(name), seal(value));
				});
			},
			startBuild(build) {
				const counted = tables.read(() => unsealJson<number>(get(buildCount)));
				const number = (counted ?? builds().at(-1)?.number ?? 0) + 1;
				tables.write(() => {
					tables.put('rest', buildKey(number), sealJson({ number, ...build }));
					tables.put('rest', buildCount, sealJson(number));
				});
				return number;
			},
		},
		remove({ failure, build }) {
			for (const keys of pages('failures', Buffer.alloc(1))) {
				tables.write(() => {
					for (const key of keys) {
						const record = failureOf(key);
						if (record === undefined || !failure(key, record)) tables.remove('failures', key);
					}
				});
			}
			const old = builds().filter((found) => !build(found));
			if (old.length > 0) {
				tables.write(() => {
					for (const { number } of old) tables.remove('rest', buildKey(number));
				});
			}
		},
	};
}

const buildPrefix = 'b'.charCodeAt(0);

function buildKey(number: number): Buffer {
	const key = Buffer.from('b....');
	key.writeUInt32BE(number, 1);
	return key;
}

const defaultKey = (identity: Uint8Array, parameter: string) =>
	Buffer.concat([Buffer.from('d'), identity, shortened(parameter)]);

const factKey = (name: string) => Buffer.concat([Buffer.from('f'), shortened(name)]);

// lmdb has keys of up to some 500 bytes; a longer name is its digest
function shortened(name: string): Buffer {
	const bytes = Buffer.from(name);
	return bytes.length <= 400 ? bytes : Buffer.concat([Buffer.of(0), hash('sha256', bytes, 'buffer')]);
}
