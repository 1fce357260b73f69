// Ordered tables of bytes in one lmdb environment: the only file that knows lmdb, which is loaded when a store is opened.
// Reads see the newest committed state and hold no transaction longer than `read`; writes are transactions that are on
// disk when `write` returns. Knows nothing of what the bytes mean.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bug } from '../errors.ts';
import { flawOf, isThere } from './intact.ts';
import { damagedError, worded } from './trouble.ts';

export type TableName = 'log' | 'index' | 'failures' | 'rest';
const tableNames: readonly TableName[] = ['log', 'index', 'failures', 'rest'];

/** The tables of a store. */
export interface Tables {
	/** Runs an answer: what is read within is one state of the store. */
	read<T>(answer: () => T): T;
	/** A value, or undefined. A view that lasts until the next call of `peek`: within `read` or `write` only. */
	peek(table: TableName, key: Uint8Array): Buffer | undefined;
	/** Copies of the keys from `start` on, in order, at most `limit`, as committed. Within `read` or `write` only. */
	keys(table: TableName, start: Uint8Array, limit: number): readonly Uint8Array[];
	/** The last key of a table. Within `read` or `write` only. */
	lastKey(table: TableName): Uint8Array | undefined;
	/** Runs a transaction: all its changes or, when it throws, none. */
	write(action: () => void): void;
	put(table: TableName, key: Uint8Array, value: Uint8Array): void;
	/** Faster than `put` for a key behind all others. */
	append(table: TableName, key: Uint8Array, value: Uint8Array): void;
	remove(table: TableName, key: Uint8Array): boolean;
	close(): Promise<void>;
}

interface ReadTransaction {
	readonly address: number;
	renew(): void;
	done(): void;
}

// What is used of lmdb-js. Its types leave out `transaction` of getBinaryFast and the addon's resetTxn.
interface Table {
	getBinaryFast(key: Uint8Array, options: { readonly transaction: ReadTransaction }): Uint8Array | undefined;
	getKeys(options: object): Iterable<Uint8Array>;
	putSync(key: Uint8Array, value: Uint8Array, options?: { readonly append: boolean }): boolean;
	removeSync(key: Uint8Array): boolean;
}
interface Environment extends Table {
	openDB(name: string, options: object): Table | undefined;
	transactionSync(action: () => void): void;
	useReadTransaction(): ReadTransaction;
	readerCheck(): number;
	close(): Promise<void>;
}
interface Lmdb {
	open(options: object): Environment;
	readonly nativeAddon: { resetTxn(address: number): void };
}

const bytesOnly = { keyEncoding: 'binary', encoding: 'binary', cache: false };
const writesPerCheck = 64;
const appending = { append: true };

/** The file that holds them. */
export const databaseFile = (folder: string): string => join(folder, 'data.mdb');

/** Whether there are tables in this folder. */
export function tablesExist(folder: string): boolean {
	return isThere(databaseFile(folder));
}

/** Opens the tables; `mode: 'read'` needs them to exist and works beside a writer. */
export function openTables(folder: string, mode: 'write' | 'read'): Tables {
	const flaw = tablesExist(folder) ? flawOf(databaseFile(folder)) : undefined;
	if (flaw !== undefined) throw damagedError(folder, flaw);
	// its CommonJS form is one file: 31 ms to load instead of 62
	const lmdb = createRequire(import.meta.url)('lmdb') as Lmdb;
	const isWriter = mode === 'write';
	const environment = tryTo(() =>
		lmdb.open({
			...bytesOnly,
			path: folder,
			noSubdir: false,
			readOnly: !isWriter,
			maxDbs: tableNames.length,
			// address space, not memory; it grows where it is too small
			mapSize: 2 ** 30,
			// a commit waits for its pages to be on disk, not for the page that names them: a power cut may cost the
			// last commit and never harms the others
			overlappingSync: false,
			noMetaSync: true,
		}),
	);
	const opened = new Map<TableName, Table>();
	// One transaction for all reads, begun anew by the first access of an answer and reset at its end. (lmdb-js would
	// reset its own with a timer a read.) Opening a table ends it.
	let within: { readonly transaction: ReadTransaction } | undefined;
	let depth = 0;
	let writes = 0;

	function current(): { readonly transaction: ReadTransaction } {
		within ??= { transaction: environment.useReadTransaction() };
		return within;
	}

	function reset(): void {
		if (within !== undefined) lmdb.nativeAddon.resetTxn(within.transaction.address);
	}

	function tryTo<T>(action: () => T): T {
		try {
			return action();
		} catch (error) {
			throw worded(error, folder);
		}
	}

	function table(name: TableName): Table | undefined {
		const known = opened.get(name);
		if (known !== undefined) return known;
		within?.transaction.done();
		within = undefined;
		const found = environment.openDB(name, { ...bytesOnly });
		if (found !== undefined) opened.set(name, found);
		return found;
	}

	// Opening a table is a transaction of its own.
	function openAll(): void {
		for (const name of tableNames) table(name);
	}

	function keysOf(name: TableName, range: object): Uint8Array[] {
		const found = table(name);
		const { transaction } = current();
		transaction.renew();
		return Array.from(found?.getKeys({ ...range, transaction }) ?? [], (key) => Uint8Array.from(key));
	}

	return {
		read(answer) {
			if (depth > 0) return answer();
			depth++;
			try {
				return answer();
			} catch (error) {
				throw worded(error, folder);
			} finally {
				depth--;
				reset();
			}
		},
		peek(name, key) {
			const found = (opened.get(name) ?? table(name))?.getBinaryFast(key, current());
			return found === undefined ? undefined : Buffer.from(found.buffer, found.byteOffset, found.length);
		},
		keys: (name, start, limit) => keysOf(name, { start, limit }),
		lastKey: (name) => keysOf(name, { reverse: true, limit: 1 })[0],
		write(action) {
			if (!isWriter) bug('a store that was opened for reading is written to');
			tryTo(() => {
				openAll();
				// readers that were killed would keep old pages from being used again
				if (++writes % writesPerCheck === 0) environment.readerCheck();
				depth++;
				try {
					environment.transactionSync(action);
				} finally {
					depth--;
					reset();
				}
			});
		},
		put(name, key, value) {
			opened.get(name)?.putSync(key, value);
		},
		append(name, key, value) {
			if (opened.get(name)?.putSync(key, value, appending) === false) opened.get(name)?.putSync(key, value);
		},
		remove: (name, key) => opened.get(name)?.removeSync(key) ?? false,
		async close() {
			within?.transaction.done();
			await environment.close();
		},
	};
}
