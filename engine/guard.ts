// Files that keys were made with, looked at again before results are recorded: a command may have changed what it was
// given, or a person edited it. What was seen to change stays changed for this build. Knows no answers and no store.
import { type BigIntStats, statSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { digestFile } from './digest.ts';
import { allSaid, firstSaid, type Said } from './first.ts';
import type { KeyedFile } from './inputs.ts';
import { isRestless, nowNanoseconds, stampOf } from './stamp.ts';
import type { TaskId } from './tasks.ts';

/** The files of one rule's keys. */
export interface RuleFiles {
	/** Of every task. */
	readonly shared: readonly KeyedFile[];
	/** Of every task: those that installed packages count by. */
	readonly packages: readonly KeyedFile[];
	/** Of single tasks; undefined: none. */
	readonly own: ((task: TaskId) => readonly KeyedFile[]) | undefined;
}

export interface FileGuard {
	/** To be waited for before answers are taken in: what is asked from then on is looked at anew, once. */
	turn(): Promise<void>;
	/** For each of the tasks that have ended the name of a file that has changed since the key was made; undefined: none has. */
	changed(place: number, ended: () => readonly TaskId[]): Promise<readonly (string | undefined)[] | undefined>;
	/** Whether a file of all tasks of the rule has changed: none of them can be recorded any more. */
	isSpoiled(place: number): boolean;
}

interface Watched {
	readonly file: KeyedFile;
	/** The looks under which the file has the digest of the keys; undefined: too young to tell. */
	stamp: string | undefined;
	/** The looks that were seen last, and when first. */
	seen: { readonly stamp: string; readonly at: number } | undefined;
	turn: number;
	isChanged: boolean;
}

const restlessMilliseconds = 2000;

/**
 * Looking takes a tenth of the time at most, unless it is dear: with thousands of files the rest ends after this, since
 * workers hold some tenths of a second of work and would idle while answers wait any longer.
 */
const longestRestMilliseconds = 100;

/** `stampOf` tells under which looks a file was digested (see files.ts). */
export function fileGuard(
	filesOf: (place: number) => RuleFiles | undefined,
	digested: { stampOf(path: string): string | undefined },
): FileGuard {
	const watched = new Map<string, Watched>();
	const spoiled = new Set<number>();
	let turn = 0;
	let spentMilliseconds = 0;
	let restedAt = 0;

	// Undefined: the file is as it was.
	function look(file: KeyedFile): Said {
		let known = watched.get(file.path);
		if (known === undefined) {
			known = { file, stamp: digested.stampOf(file.path), seen: undefined, turn: -1, isChanged: false };
			watched.set(file.path, known);
		}
		if (!known.isChanged && known.turn !== turn) {
			const started = performance.now();
			const is = hasChanged(known);
			if (is instanceof Promise) return is.then((later) => (noted(later, known, started) ? file.name : undefined));
			noted(is, known, started);
		}
		return known.isChanged ? file.name : undefined;
	}

	function noted(isChanged: boolean, known: Watched, started: number): boolean {
		known.isChanged = isChanged;
		known.turn = turn;
		spentMilliseconds += performance.now() - started;
		return isChanged;
	}

	const firstChanged = (files: readonly KeyedFile[]): Said => firstSaid(files.values(), look);

	return {
		async turn() {
			const rest = Math.min(9 * spentMilliseconds, longestRestMilliseconds) - (performance.now() - restedAt);
			if (rest >= 1) await new Promise((resolve) => setTimeout(resolve, rest));
			turn++;
			spentMilliseconds = 0;
			restedAt = performance.now();
		},
		async changed(place, ended) {
			const files = filesOf(place);
			if (files === undefined) return undefined;
			const shared = (await firstChanged(files.shared)) ?? (await firstChanged(files.packages));
			if (shared !== undefined) {
				spoiled.add(place);
				return ended().map(() => shared);
			}
			const { own } = files;
			if (own === undefined) return undefined;
			return allSaid(ended(), (task) => firstChanged(own(task)));
		},
		isSpoiled: (place) => spoiled.has(place),
	};
}

function hasChanged(known: Watched): boolean | Promise<boolean> {
	const [now, at] = [nowNanoseconds(), performance.now()];
	try {
		const stat = statSync(known.file.path, { bigint: true });
		if (stampOf(stat) === known.stamp) return false;
		return !stat.isFile() || hasOtherBytes(known, stat, { now, at });
	} catch {
		return true;
	}
}

/** `now` and `at` are from before the file was looked at. */
async function hasOtherBytes(
	known: Watched,
	stat: BigIntStats,
	{ now, at }: { readonly now: bigint; readonly at: number },
): Promise<boolean> {
	const { path, digest } = known.file;
	try {
		if (Buffer.compare(await digestFile(path), digest) !== 0) return true;
	} catch {
		return true;
	}
	const stamp = stampOf(stat);
	if (known.seen?.stamp !== stamp) known.seen = { stamp, at };
	// a file of another clock may be young for hours: what has looked the same for as long is as good
	known.stamp = isRestless(stat, now) && at - known.seen.at < restlessMilliseconds ? undefined : stamp;
	return false;
}
