// Large values and files by the SHA-256 of their bytes, written aside and moved into place. Files are kept by cacache, which
// is loaded with the first of them. Every read is verified: a damaged blob reads as missing.
// Knows nothing of records.
import { createHash, hash } from 'node:crypto';
import { createReadStream, createWriteStream, readFileSync, rmSync, statSync } from 'node:fs';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { digestBytes, digestFile } from '../digest.ts';
import { discard } from './discard.ts';
import { type Movable, moved } from './moved.ts';
import type { BlobContent } from './store.ts';
import { worded } from './trouble.ts';

/** Files up to this size are read as a whole. */
const wholeSize = 4 * 1024 * 1024;
const writesAtOnce = 8;

/** The blobs of a store. */
export interface Blobs {
	/** Whether there is a blob of this size; its bytes are not looked at. */
	has(digest: Uint8Array, size: number | undefined): boolean;
	/** All bytes, verified. */
	read(digest: Uint8Array): Uint8Array | undefined;
	/** Writes the bytes to a path that does not exist; false where they are missing or damaged. */
	copy(digest: Uint8Array, path: string): Promise<boolean>;
	keep(digest: Uint8Array, content: BlobContent): Promise<boolean>;
	/** Removes all blobs but those that are named, and what cacache left besides; returns the bytes that were freed. */
	removeOthers(isNamed: (digest: Uint8Array) => boolean): Promise<number>;
}

type Put = (digest: Uint8Array, content: BlobContent) => Promise<void>;

/** Where cacache keeps content: its layout since version 2, checked by a test. */
export function blobPath(folder: string, hex: string): string {
	return join(folder, 'content-v2', 'sha256', hex.slice(0, 2), hex.slice(2, 4), hex.slice(4));
}

/** The blobs in `folder`, which need not exist. */
export function blobs(folder: string, isWriter: boolean): Blobs {
	const pathOf = (digest: Uint8Array) => blobPath(folder, Buffer.from(digest).toString('hex'));
	let put: Promise<Put> | undefined;

	function read(digest: Uint8Array): Uint8Array | undefined {
		const path = pathOf(digest);
		const bytes = readIfThere(path);
		if (bytes === undefined || Buffer.compare(hash('sha256', bytes, 'buffer'), digest) === 0) return bytes;
		if (isWriter) rmSync(path, { force: true });
		return undefined;
	}

	async function copy(digest: Uint8Array, path: string): Promise<boolean> {
		const source = pathOf(digest);
		if (!statSync(source, { throwIfNoEntry: false })?.isFile()) return false;
		const sum = createHash('sha256');
		const summing = new Transform({
			transform(piece: Buffer, _encoding, done) {
				sum.update(piece);
				done(null, piece);
			},
		});
		await pipeline(
			createReadStream(source, { highWaterMark: 1024 * 1024 }),
			summing,
			createWriteStream(path, { flags: 'wx' }),
		);
		if (Buffer.compare(sum.digest(), digest) === 0) return true;
		await rm(path, { force: true });
		if (isWriter) await rm(source, { force: true });
		return false;
	}

	async function keepMoved(path: string, digest: Uint8Array, { path: from, size }: Movable): Promise<boolean> {
		try {
			if (await isWhole(path, size, digest)) {
				rmSync(from, { force: true });
				return true;
			}
			return await moved(from, path, size, folder);
		} catch (error) {
			throw worded(error, folder);
		}
	}

	return {
		read,
		copy,
		has(digest, size) {
			const found = statSync(pathOf(digest), { throwIfNoEntry: false });
			return found !== undefined && (size === undefined || found.size === size);
		},
		async keep(digest, content) {
			const path = pathOf(digest);
			if ('path' in content && content.mayMove === true) return keepMoved(path, digest, content);
			const size = 'bytes' in content ? content.bytes.length : await sizeOf(content.path);
			if (size === undefined) return false;
			// cacache leaves alone what is there, also where it is not what its name says
			if (await isWhole(path, size, digest)) return true;
			rmSync(path, { force: true });
			put ??= loadPut(folder);
			try {
				await (await put)(digest, content);
				return true;
			} catch (error) {
				const { code } = error as { readonly code?: unknown };
				if (code === 'EINTEGRITY' && 'path' in content) return false;
				if ('path' in content && (await sizeOf(content.path)) === undefined) return false;
				throw worded(error, folder);
			}
		},
		removeOthers: (isNamed) =>
			discard(folder, (path) => {
				const digest = digestOfPath(path);
				return digest !== undefined && isNamed(digest);
			}),
	};
}

/** Undefined: there is no such file. */
async function sizeOf(path: string): Promise<number | undefined> {
	try {
		return (await stat(path)).size;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw error;
	}
}

async function isWhole(path: string, size: number, digest: Uint8Array): Promise<boolean> {
	if (statSync(path, { throwIfNoEntry: false })?.size !== size) return false;
	return Buffer.compare(size > wholeSize ? await digestFile(path) : digestBytes(readFileSync(path)), digest) === 0;
}

// Whatever is no content is cacache's index, which nobody reads, or was left in its folder for what is being written.
function digestOfPath(path: string): Uint8Array | undefined {
	const [layout, algorithm, ...rest] = path.split(sep);
	const hex = rest.join('');
	return layout === 'content-v2' && algorithm === 'sha256' && hex.length === 64 ? Buffer.from(hex, 'hex') : undefined;
}

function readIfThere(path: string): Uint8Array | undefined {
	try {
		return Uint8Array.from(readFileSync(path));
	} catch (error) {
		if ((error as { readonly code?: unknown }).code === 'ENOENT') return undefined;
		throw error;
	}
}

async function loadPut(folder: string): Promise<Put> {
	const { default: pLimit } = await import('p-limit');
	const limit = pLimit(writesAtOnce);
	let written = 0;

	// cacache would hash them once more and add to an index that nobody reads: half of what a megabyte costs. A file is
	// read while others may write to it; what is in memory is what its digest was made from.
	async function putBytes(digest: Uint8Array, bytes: Uint8Array): Promise<void> {
		const path = blobPath(folder, Buffer.from(digest).toString('hex'));
		const aside = join(folder, 'tmp', `${process.pid}-${written++}`);
		await Promise.all([mkdir(dirname(path), { recursive: true }), mkdir(dirname(aside), { recursive: true })]);
		try {
			await writeFile(aside, bytes);
			await rename(aside, path);
		} catch (error) {
			await rm(aside, { force: true });
			throw error;
		}
	}

	async function putFile(path: string, digest: Uint8Array): Promise<void> {
		const { default: cacache } = await import('cacache');
		const key = Buffer.from(digest).toString('hex');
		const integrity = `sha256-${Buffer.from(digest).toString('base64')}`;
		const options = { integrity, algorithms: ['sha256'] as [string] };
		if (statSync(path).size <= wholeSize) await cacache.put(folder, key, readFileSync(path), options);
		else
			await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), cacache.put.stream(folder, key, options));
	}

	return (digest, content) =>
		limit(() => ('bytes' in content ? putBytes(digest, content.bytes) : putFile(content.path, digest)));
}
