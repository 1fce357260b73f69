// A card beside the database with what the last builds asked it for: sweeps and facts, a few lines of JSON. A build that
// finds all its answers there never opens the database, which would cost it 45 of 200 ms.
// Believed only while the database's file is as it was when the card was written; whoever opens the database to write
// takes the card away first and leaves a new one when it is closed. Knows nothing of records.
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { fromHex, hex } from '../digest.ts';
import { bug } from '../errors.ts';
import { stampOf } from '../stamp.ts';
import type { Store, Sweep } from './store.ts';

const cardFormat = 'scanmake card 2';
const mostEntries = 256;

interface Card {
	readonly format: string;
	/** CRC-32 of all the rest as JSON: a flipped bit is no answer. */
	readonly checksum: number;
	/** The state of the database's file. */
	readonly stamp: string;
	readonly generation: number;
	/** By name, hexadecimal; digests hexadecimal. */
	readonly sweeps: Readonly<Record<string, Omit<Sweep, 'digest'> & { readonly digest: string }>>;
	/** By name; hexadecimal. */
	readonly facts: Readonly<Record<string, string>>;
}

export interface CardedStore {
	readonly folder: string;
	/** The database's file. */
	readonly file: string;
	/** Opens the database; its `close` calls `closed` when nothing is open any more. */
	open(closed: () => void): Store;
	/** Lets the next writer in. */
	release(): void;
}

/** A store for a writer that opens its database when the card does not have the answer. */
export function withCard({ folder, file, open, release }: CardedStore): Store {
	const path = join(folder, 'card.json');
	const card = readCard(path, file);
	const sweeps = new Map(Object.entries(card?.sweeps ?? {}));
	const facts = new Map(Object.entries(card?.facts ?? {}));
	let opened: Store | undefined;
	let generation = card?.generation ?? 0;
	if (card === undefined) real();

	function real(): Store {
		if (opened === undefined) {
			rmSync(path, { force: true });
			opened = open(() => {
				writeCard(path, file, { generation, sweeps, facts });
				release();
			});
		}
		return opened;
	}

	function noteSweep(name: Uint8Array, sweep: Sweep): void {
		sweeps.delete(hex(name));
		sweeps.set(hex(name), { ...sweep, digest: hex(sweep.digest) });
	}

	return {
		folder,
		generation: () => opened?.generation() ?? generation,
		sweep(name) {
			const known = opened === undefined ? sweeps.get(hex(name)) : undefined;
			if (known !== undefined) return { ...known, digest: fromHex(known.digest) };
			const sweep = real().sweep(name);
			if (sweep !== undefined) noteSweep(name, sweep);
			return sweep;
		},
		putSweep(name, sweep, keys) {
			real().putSweep(name, sweep, keys);
			noteSweep(name, sweep);
		},
		touchSweep(name, usedAt) {
			real().touchSweep(name, usedAt);
			const known = sweeps.get(hex(name));
			if (known !== undefined) sweeps.set(hex(name), { ...known, usedAt });
		},
		fact(name) {
			const known = opened === undefined ? facts.get(name) : undefined;
			if (known !== undefined) return fromHex(known);
			const fact = real().fact(name);
			if (fact !== undefined) facts.set(name, hex(fact));
			return fact;
		},
		putFacts(learned) {
			real().putFacts(learned);
			for (const [name, fact] of learned) facts.set(name, hex(fact));
		},
		async close() {
			if (opened === undefined) return release();
			generation = opened.generation();
			await opened.close();
		},
		lookUp: (...given) => real().lookUp(...given),
		has: (key) => real().has(key),
		read: (key) => real().read(key),
		readFailure: (key) => real().readFailure(key),
		readValue: (key) => real().readValue(key),
		readResult: (key) => real().readResult(key),
		copyFile: (...given) => real().copyFile(...given),
		keepBlob: (...given) => real().keepBlob(...given),
		commit: (...given) => real().commit(...given),
		commitColumns: (...given) => (real().commitColumns ?? bug('a store without columns'))(...given),
		forget: (keys) => real().forget(keys),
		sweepKeys: (name) => real().sweepKeys(name),
		putReached: (...given) => real().putReached(...given),
		reachedKeys: (name) => real().reachedKeys(name),
		defaultOf: (...given) => real().defaultOf(...given),
		putDefault: (...given) => real().putDefault(...given),
		snapshot: (name) => real().snapshot(name),
		putSnapshot: (...given) => real().putSnapshot(...given),
		snapshotColumn: (name) => real().snapshotColumn(name),
		builds: () => real().builds(),
		startBuild: (build) => real().startBuild(build),
		async collect(options) {
			const collected = await real().collect(options);
			sweeps.clear();
			facts.clear();
			return collected;
		},
	};
}

function readCard(path: string, file: string): Card | undefined {
	try {
		const card = JSON.parse(readFileSync(path, 'utf8')) as Card;
		const { checksum, ...rest } = card;
		const isWhole = card.format === cardFormat && checksum === crc32(JSON.stringify(rest));
		return isWhole && card.stamp === stampOf(statSync(file, { bigint: true })) ? card : undefined;
	} catch {
		return undefined;
	}
}

// Without a card the next build opens the database: a card that cannot be written is no harm.
function writeCard(
	path: string,
	file: string,
	{
		generation,
		sweeps,
		facts,
	}: {
		readonly generation: number;
		readonly sweeps: Map<string, Card['sweeps'][string]>;
		readonly facts: Map<string, string>;
	},
): void {
	const believed = [...sweeps].filter(([, sweep]) => sweep.generation >= generation).slice(-mostEntries);
	const card: Omit<Card, 'checksum'> = {
		format: cardFormat,
		stamp: stampOf(statSync(file, { bigint: true })),
		generation,
		sweeps: Object.fromEntries(believed),
		facts: Object.fromEntries([...facts].slice(-mostEntries)),
	};
	const aside = `${path}.${process.pid}`;
	try {
		writeFileSync(aside, JSON.stringify({ checksum: crc32(JSON.stringify(card)), ...card }));
		renameSync(aside, path);
	} catch {
		rmSync(aside, { force: true });
	}
}
