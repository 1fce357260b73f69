// Loaded into the command before anything else (`node --import`): counts what it does to the disk, by kind and place, and
// at one of these operations pulls the plug: before it, behind it, or with half of its bytes written. May also say that
// the disk is full, and let the clock run wrong. Knows the names of node:fs and of lmdb's transactions, and of the engine
// nothing. SCANMAKE_PLUG is its order as JSON (`Order` of order.ts).
import disk, { writeFileSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { isMainThread, Worker } from 'node:worker_threads';
import type { Order, Phase } from './order.ts';

const order = JSON.parse(process.env['SCANMAKE_PLUG'] ?? '{}') as Order;
type Call = (this: unknown, ...given: unknown[]) => unknown;
type Room = Record<string, unknown>;

const overwrite = writeFileSync;
const counts: Record<string, number> = {};

function die(): never {
	process.kill(process.pid, 'SIGKILL');
	for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** Which operation this is; what is to happen at it. */
function arrive(label: string): Phase | 'full' | undefined {
	const count = (counts[label] ?? 0) + 1;
	counts[label] = count;
	const { plug, full } = order;
	if (plug?.label === label && plug.count === count) return plug.phase;
	if (plug?.atLatest === label) return 'before';
	if (full?.labels.includes(label)) {
		seen += 1;
		if (seen > full.after) return 'full';
	}
	return undefined;
}
let seen = 0;

const noSpace = () =>
	Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', errno: -28, syscall: 'write' });

/** Where a path leads, without what differs from run to run. */
function placeOf(given: unknown): string {
	if (typeof given === 'number') return 'descriptor';
	const path = String(given);
	const inside = /\/\.scanmake(?:\/(.*))?$/.exec(path);
	if (inside === null) return 'elsewhere';
	const [room = '', next = ''] = (inside[1] ?? '').split('/');
	if (room === '') return 'store';
	return room === 'blobs' ? `blobs/${next}` : room.replace(/[-.][0-9a-f-]{36}.*$/, '-ID').replace(/\.\d+$/, '.PID');
}

const half = (data: unknown): unknown => {
	const bytes = Buffer.from(data as Uint8Array);
	return bytes.subarray(0, bytes.length >> 1);
};

/** Wraps a function of node:fs; `style` says how it tells that it is done. */
function wrap(room: Room, name: string, style: 'sync' | 'callback' | 'promise'): void {
	const real = room[name] as Call;
	if (typeof real !== 'function') return;
	const isWrite = /^(write|append)File/.test(name);
	room[name] = function (this: unknown, ...given: unknown[]): unknown {
		const place = placeOf(given[0]);
		if (place === 'elsewhere' || (/^open/.test(name) && !/[wa+]/.test(String(given[1]))))
			return real.apply(this, given);
		const what = arrive(`${name.replace(/Sync$/, '')} ${place}`);
		if (what === undefined) return real.apply(this, given);
		if (what === 'full') {
			if (style === 'sync') throw noSpace();
			if (style === 'promise') return Promise.reject(noSpace());
			return setImmediate(() => (given.at(-1) as (error: Error) => void)(noSpace()));
		}
		if (what === 'half' && isWrite) {
			overwrite(given[0] as string, half(given[1]) as Uint8Array);
			die();
		}
		if (what === 'before') die();
		if (style === 'sync') {
			real.apply(this, given);
			die();
		}
		if (style === 'promise') return (real.apply(this, given) as Promise<unknown>).then(die);
		return real.apply(this, [...given.slice(0, -1), () => die()]);
	};
}

const names = [
	'open',
	'write',
	'writev',
	'writeFile',
	'appendFile',
	'rename',
	'unlink',
	'rm',
	'rmdir',
	'mkdir',
	'link',
];

function wrapFileSystem(): void {
	const callbacks = disk as unknown as Room;
	const promises = disk.promises as unknown as Room;
	for (const name of [...names, 'chmod', 'copyFile', 'fsync']) {
		wrap(callbacks, `${name}Sync`, 'sync');
		wrap(callbacks, name, 'callback');
		wrap(promises, name, 'promise');
	}
	syncBuiltinESMExports();
}

interface Environment {
	transactionSync(action: () => void): void;
	close(): Promise<void>;
}

/** lmdb's writes are out of reach, its transactions are not: before, within, behind, and some microseconds after the start. */
function wrapDatabase(): void {
	const path = order.lmdb;
	if (path === undefined) return;
	const lmdb = createRequire(path)('lmdb') as { open(options: object): Environment };
	const { open } = lmdb;
	lmdb.open = (options) => {
		const opening = arrive('lmdb open');
		if (opening === 'before') die();
		const environment = open(options);
		if (opening !== undefined) die();
		const { transactionSync, close } = environment;
		environment.transactionSync = (action) => {
			const what = arrive('lmdb transaction');
			if (what === 'full') throw noSpace();
			if (what === 'before') die();
			if (what === 'within') bomb();
			transactionSync.call(environment, () => {
				action();
				if (what === 'half') die();
			});
			if (what !== undefined) die();
		};
		environment.close = async () => {
			const what = arrive('lmdb close');
			if (what === 'before') die();
			await close.call(environment);
			if (what !== undefined) die();
		};
		return environment;
	};
}

// A thread that kills the process some microseconds from now, whatever this thread does meanwhile.
const fuse = new Int32Array(new SharedArrayBuffer(4));
function bomb(): void {
	Atomics.store(fuse, 0, 1);
	Atomics.notify(fuse, 0);
}
function lay(microseconds: number): void {
	const text = `const { workerData: { fuse, microseconds } } = require('node:worker_threads');
Atomics.wait(fuse, 0, 0);
const end = process.hrtime.bigint() + BigInt(microseconds) * 1000n;
while (process.hrtime.bigint() < end);
process.kill(process.pid, 'SIGKILL');`;
	new Worker(text, { eval: true, execArgv: [], workerData: { fuse, microseconds } }).unref();
}

/** The wall clock as `order.clock` has it: off by so many milliseconds, and off by more after so many readings. */
function wrapClock(clock: NonNullable<Order['clock']>): void {
	const { now } = Date;
	let readings = 0;
	Date.now = () => now() + clock.offset + (++readings > clock.readings ? clock.jump : 0);
}

if (order.clock !== undefined) wrapClock(order.clock);
if (isMainThread && process.env['SCANMAKE_PLUG'] !== undefined) {
	if (order.plug?.phase === 'within') lay(order.plug.microseconds ?? 0);
	wrapFileSystem();
	wrapDatabase();
	const { report } = order;
	if (report !== undefined) process.on('exit', () => overwrite(report, JSON.stringify(counts)));
}
