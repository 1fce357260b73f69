// One writer: a file that names the process that writes to a folder. Knows nothing of what is written.
// A lock is a hard link to a file written before, so that it appears whole and to one taker only. The lock of a process
// that no longer exists is replaced by whoever first links `<lock>.<its id>`: the right to replace that very lock.
import { randomUUID } from 'node:crypto';
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { worded } from './trouble.ts';

/** A lock that was taken. */
export interface Lock {
	/** Its holder before was killed: what it was doing may be half done. */
	readonly wasLeft: boolean;
	release(): void;
}

/** Who holds a lock. */
export interface Holder {
	readonly id: string;
	readonly pid: number;
	readonly host: string;
	readonly user: string;
	/** Milliseconds since 1970. */
	readonly since: number;
	readonly command: string;
	/** When the process started, in ticks since boot, and which boot that was; where the system tells. */
	readonly ticks: string | undefined;
	readonly boot: string | undefined;
}

/** Takes the lock of a folder that exists, or says who holds it. */
export function takeLock(folder: string, { command }: { readonly command: string }): Lock {
	const path = join(folder, 'lock');
	const mine = describe(command);
	const draft = `${path}-${mine.id}`;
	let wasLeft = false;
	try {
		writeFileSync(draft, JSON.stringify(mine), { flag: 'wx' });
		const taken = acquire(path, mine, draft);
		if (taken !== 'free' && taken !== 'left') throw heldBy(folder, path, taken);
		wasLeft = taken === 'left';
		removeDeadNames(folder);
	} catch (error) {
		throw worded(error, folder);
	} finally {
		rmSync(draft, { force: true });
	}
	return {
		wasLeft,
		release() {
			if (readHolder(path)?.id === mine.id) rmSync(path, { force: true });
		},
	};
}

// Who holds it, or what I found when I took it: nothing, or the lock of a process that has died. The right to replace a
// stale lock is itself such a lock, since its taker may die too.
function acquire(path: string, mine: Holder, draft: string): Holder | 'free' | 'left' {
	for (;;) {
		if (linked(draft, path)) return 'free';
		const holder = readHolder(path);
		if (holder === undefined) continue;
		if (isAlive(holder)) return holder;
		const right = `${path}.${holder.id}`;
		const other = acquire(right, mine, draft);
		if (other !== 'free' && other !== 'left') return other;
		if (readHolder(path)?.id === holder.id) {
			renameSync(right, path);
			return 'left';
		}
		// it was replaced before the right to it was mine
		rmSync(right, { force: true });
	}
}

// Drafts and rights of processes that died before the lock was theirs. Who lives needs its own until it has its answer.
function removeDeadNames(folder: string): void {
	for (const name of readdirSync(folder)) {
		if (!/^lock[-.]/.test(name)) continue;
		const holder = readHolder(join(folder, name));
		if (holder !== undefined && !isAlive(holder)) rmSync(join(folder, name), { force: true });
	}
}

function linked(draft: string, path: string): boolean {
	try {
		linkSync(draft, path);
		return true;
	} catch (error) {
		const { code } = error as { readonly code?: unknown };
		if (code === 'EEXIST') return false;
		if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
	}
	// a file system without hard links
	try {
		writeFileSync(path, readFileSync(draft), { flag: 'wx' });
		return true;
	} catch (error) {
		if ((error as { readonly code?: unknown }).code === 'EEXIST') return false;
		throw error;
	}
}

/** Who holds the lock at `path`; undefined where it is free. */
export function readHolder(path: string): Holder | undefined {
	let text: string;
	try {
		text = readFileSync(path, 'utf8');
	} catch (error) {
		if ((error as { readonly code?: unknown }).code === 'ENOENT') return undefined;
		throw error;
	}
	try {
		const found = JSON.parse(text) as Partial<Holder> | null;
		if (typeof found?.id === 'string' && typeof found.pid === 'number') return found as Holder;
	} catch {}
	const since = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
	return { id: 'unreadable', pid: 0, host: '', user: '', since, command: '', ticks: undefined, boot: undefined };
}

// A process on another machine cannot be asked; a lock that cannot be read may be about to be written.
export function isAlive(holder: Holder): boolean {
	if (holder.pid === 0) return Math.abs(Date.now() - holder.since) < 10_000;
	if (holder.host !== hostname()) return true;
	if (holder.boot !== undefined && holder.boot !== bootId()) return false;
	try {
		process.kill(holder.pid, 0);
	} catch (error) {
		return (error as { readonly code?: unknown }).code === 'EPERM';
	}
	const now = startOf(holder.pid);
	return now === undefined || now === 'ended' ? now === undefined : holder.ticks === undefined || now === holder.ticks;
}

function describe(command: string): Holder {
	const started = startOf(process.pid);
	return {
		id: randomUUID(),
		pid: process.pid,
		host: hostname(),
		user: userName(),
		since: Date.now(),
		command,
		ticks: started,
		boot: bootId(),
	};
}

function userName(): string {
	try {
		return userInfo().username;
	} catch {
		return 'unknown';
	}
}

// Field 22 of /proc/PID/stat; 'ended' for a process that its parent has not waited for. Undefined where there is no /proc.
function startOf(pid: number): string | undefined {
	const text = readIfThere(`/proc/${pid}/stat`);
	if (text === undefined) return undefined;
	const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
	return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : fields[19];
}

function bootId(): string | undefined {
	return readIfThere('/proc/sys/kernel/random/boot_id')?.trim();
}

function readIfThere(path: string): string | undefined {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return undefined;
	}
}

function heldBy(folder: string, path: string, { pid, host, user, since, command }: Holder): UserError {
	const time = new Date(since - new Date(since).getTimezoneOffset() * 60_000)
		.toISOString()
		.slice(0, 19)
		.replace('T', ' ');
	const who = pid === 0 ? 'another process' : `process ${pid} of ${user} on ${host} (${command})`;
	const isElsewhere = pid !== 0 && host !== hostname();
	return new UserError(
		'store',
		`The store ${folder} is in use: ${who} has been writing to it since ${time}. Wait until it has ended or end it, then run the same command again; plan, show and table can read beside it.${isElsewhere ? ` If there is no such process on ${host} any more, delete ${path}.` : ''}`,
	);
}
