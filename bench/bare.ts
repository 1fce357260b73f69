// What the machine does without scanmake, each in a process of its own: node bare.js no-op FOLDER SETS, or cold FOLDER SETS.
// Uses node and lmdb alone, none of the engine's own code. Prints what each part took.
import { createHash, hash } from 'node:crypto';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import type { RootDatabase } from 'lmdb';

const radixes = [4, 33, 10];
const bytesOnly = { keyEncoding: 'binary', encoding: 'binary' } as const;
const recordBytes = 128;
const putBatch = 8192;
const callBatch = 500;

async function openDatabase(folder: string): Promise<RootDatabase<Buffer, Buffer>> {
	const { open } = await import('lmdb');
	return open<Buffer, Buffer>({ path: join(folder, 'bare'), ...bytesOnly });
}

/** Four columns with the code of every row, the first varying slowest. */
function columns(sets: number): Uint16Array[] {
	const made = [...radixes, 0].map(() => new Uint16Array(sets));
	for (let row = 0; row < sets; row++) {
		let rest = row;
		for (const [i, radix] of radixes.entries()) {
			(made[i] as Uint16Array)[row] = rest % radix;
			rest = Math.floor(rest / radix);
		}
		(made[3] as Uint16Array)[row] = rest;
	}
	return made;
}

/** Nothing to do, the least of it: columns, their digest, one look into a database. */
async function noOp(folder: string, sets: number): Promise<void> {
	const digest = createHash('sha256');
	for (const column of columns(sets)) digest.update(column);
	const database = await openDatabase(folder);
	const found = database.get(digest.digest());
	console.log(found === undefined ? 'looked' : 'found');
	await database.close();
}

/** The parts of a cold build, one after the other: keys, records, calls. */
async function cold(folder: string, sets: number): Promise<void> {
	const started = performance.now();
	const [amplitudes, frequencies, taus, weights] = columns(sets) as [
		Uint16Array,
		Uint16Array,
		Uint16Array,
		Uint16Array,
	];
	const keys: Buffer[] = [];
	for (let row = 0; row < sets; row++) {
		const amplitude = amplitudes[row];
		const text = `{"amplitude":${amplitude},"frequency":${frequencies[row]},"tau":${taus[row]},"weight":${weights[row]}}`;
		keys.push(hash('sha256', text, 'buffer'));
	}
	const hashed = performance.now();

	const database = await openDatabase(folder);
	const record = Buffer.alloc(recordBytes, 1);
	for (let start = 0; start < sets; start += putBatch) {
		// What is put in one turn is one transaction, and the last promise its end: a little faster than transactionSync.
		let committed: Promise<unknown> | undefined;
		for (const key of keys.slice(start, start + putBatch)) committed = database.put(key, record);
		await committed;
	}
	await database.close();
	const put = performance.now();

	const called = (await Promise.all([0, 1].map((half) => callHalf(half, sets)))).reduce((sum, part) => sum + part);
	if (called !== sets) throw new Error(`${called} results for ${sets} sets`);
	const parts = { hash: hashed - started, put: put - hashed, call: performance.now() - put };
	console.log(JSON.stringify(parts));
}

interface Point {
	readonly tau: number;
	readonly weight: number;
}

/** Half of all calls in a thread of their own, two messages under way; how many results came back. */
function callHalf(half: number, sets: number): Promise<number> {
	return new Promise((resolve, reject) => {
		const thread = new Worker(new URL(import.meta.url));
		let next = half * callBatch;
		let results = 0;
		let underWay = 0;
		const send = () => {
			if (next >= sets) return;
			const points: Point[] = [];
			for (let row = next; row < Math.min(next + callBatch, sets); row++) points.push({ tau: row % 10, weight: row });
			thread.postMessage(points);
			next += 2 * callBatch;
			underWay++;
		};
		thread.on('error', reject);
		thread.on('message', (answers: readonly unknown[]) => {
			results += answers.length;
			underWay--;
			send();
			if (underWay === 0) void thread.terminate().then(() => resolve(results));
		});
		send();
		send();
	});
}

if (isMainThread) {
	const [what, folder = '.', sets = '1000'] = process.argv.slice(2);
	await (what === 'cold' ? cold : noOp)(folder, Number(sets));
} else {
	const simulate = (p: Point) => ({ rate: 2 * p.weight + p.tau });
	parentPort?.on('message', (points: readonly Point[]) => parentPort?.postMessage(points.map(simulate)));
}
