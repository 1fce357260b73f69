// Small stand-ins for the tests of single files of the engine: records, bundles' answers, stores that are watched or spoiled.
// Knows no rules; what a test does not care about has a plain value.
import { digestBytes, resultDigest } from '../../engine/digest.ts';
import type { AnswerExtra, Answers } from '../../engine/executors/executor.ts';
import type { Link } from '../../engine/links.ts';
import type { Failure } from '../../engine/outcome.ts';
import type { LaneSpec } from '../../engine/schedule.ts';
import type { Store, StoredFile, TaskRecord } from '../../engine/store/store.ts';
import { type TaskTable, taskTable } from '../../engine/tasks.ts';
import { encodeValue } from '../../engine/value.ts';

/** A result as the store keeps it. */
export function recordOf(value: unknown, files: readonly StoredFile[] = []): TaskRecord {
	const bytes = encodeValue(value);
	const digest = resultDigest(bytes, files);
	return {
		digest,
		value: bytes,
		valueDigest: undefined,
		files,
		log: '',
		endedAt: 0,
		seconds: 0,
		attempt: 1,
		build: 1,
	};
}

/** A small file as the store keeps it. */
export function storedFile(name: string, text: string, executable = false): StoredFile {
	const bytes = Buffer.from(text);
	return { name, executable, size: bytes.length, digest: digestBytes(bytes), bytes };
}

/** A lane of `size` tasks that takes its inputs as `links` say. */
export function laneSpec(place: number, size: number, links: readonly Link[] = []): LaneSpec & { table: TaskTable } {
	return { place, table: taskTable(size), links, skipsMissing: false, isSettled: false };
}

/** Task i takes task `rows[i]` of `upstream`. */
export function oneLink(upstream: number, rows: readonly number[], name = 'input'): Link {
	return { kind: 'one', name, upstream, rows: Int32Array.from(rows) };
}

/** What ended how: the value of a success, or a failure. */
export type Ended = { readonly value: unknown } | { readonly failure: Failure };

export const thrown: Failure = { kind: 'threw', message: 'no', stack: '' };

/** Answers to some tasks of a bundle. */
export function answersTo(bundle: number, ended: ReadonlyMap<number, Ended>, secondsEach = 0.001): Answers {
	const tasks = [...ended.keys()];
	const values = tasks.map((task) => {
		const how = ended.get(task);
		return how !== undefined && 'value' in how ? encodeValue(how.value) : new Uint8Array(0);
	});
	const offsets = new Uint32Array(tasks.length + 1);
	for (const [i, value] of values.entries()) offsets[i + 1] = (offsets[i] ?? 0) + value.length;
	const digests = new Uint8Array(tasks.length * 32);
	const extras = new Map<number, AnswerExtra>();
	for (const [i, task] of tasks.entries()) {
		const how = ended.get(task);
		if (how !== undefined && 'failure' in how) extras.set(i, { failure: how.failure });
		else digests.set(resultDigest(values[i] ?? new Uint8Array(0), []), i * 32);
	}
	return {
		bundle,
		worker: 0,
		size: tasks.length,
		tasks: Uint32Array.from(tasks),
		seconds: new Float32Array(tasks.length).fill(secondsEach),
		digests,
		offsets,
		bytes: Buffer.concat(values),
		extras,
	};
}

/** A store of which every call is noted by its name. */
export function watched(inner: Store): { readonly store: Store; readonly calls: string[] } {
	const calls: string[] = [];
	const store = new Proxy(inner, {
		get(target, name: keyof Store) {
			const found = target[name];
			if (typeof found !== 'function') return found;
			return (...given: never[]) => {
				calls.push(name);
				return (found as (...given: never[]) => unknown)(...given);
			};
		},
	});
	return { store, calls };
}

/** A store in which the results named by `spoil` turn out to be damaged when they are read: forgotten, as on disk. */
export function spoiling(inner: Store): { readonly store: Store; spoil(value: unknown): void } {
	const spoiled = new Set<string>();
	const isSpoiled = (key: Uint8Array): boolean => {
		const value = inner.readValue(key);
		// once: what runs again is in order
		if (value === undefined || !spoiled.delete(Buffer.from(value).toString('hex'))) return false;
		inner.forget([key]);
		return true;
	};
	return {
		store: {
			...inner,
			read: (key) => (isSpoiled(key) ? undefined : inner.read(key)),
			readValue: (key) => (isSpoiled(key) ? undefined : inner.readValue(key)),
			readResult: (key) => (isSpoiled(key) ? undefined : inner.readResult(key)),
		},
		spoil: (value) => spoiled.add(Buffer.from(encodeValue(value)).toString('hex')),
	};
}
