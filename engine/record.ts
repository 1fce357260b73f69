// Answers of a worker → what the store keeps: results with their provenance, failures beside them.
// Large values and files become blobs before the record that names them is committed.
import { digestBytes } from './digest.ts';
import type { AnswerExtra, Answers } from './executors/executor.ts';
import type { OutputFile } from './outcome.ts';
import { type FailureRecord, inlineLimit, type NewRecord, type Store, type TaskRecord } from './store/store.ts';

/** What is recorded beside each result of one batch of answers. */
export interface Circumstances {
	readonly build: number;
	readonly endedAt: number;
	keyOf(answer: number): Uint8Array;
	attemptOf(answer: number): number;
}

/** Keeps all that ended: one transaction, after the blobs it names. A task runs only after its key was looked up. */
export async function recordAnswers(store: Store, answers: Answers, circumstances: Circumstances): Promise<void> {
	const records: NewRecord[] = [];
	const failures: { readonly key: Uint8Array; readonly record: FailureRecord }[] = [];
	const blobs: Promise<void>[] = [];
	for (let i = 0; i < answers.size; i++) {
		const extra = answers.extras.get(i);
		const key = circumstances.keyOf(i);
		const common = {
			log: extra?.log ?? '',
			endedAt: circumstances.endedAt,
			seconds: answers.seconds[i]!,
			attempt: circumstances.attemptOf(i),
			build: circumstances.build,
		};
		if (extra?.failure !== undefined) failures.push({ key, record: { failure: extra.failure, ...common } });
		else records.push({ key, record: { ...common, ...resultOf(answers, i, extra, store, blobs) }, isNew: true });
	}
	if (blobs.length > 0) await Promise.all(blobs);
	store.commit(records, failures);
}

type Result = Pick<TaskRecord, 'digest' | 'value' | 'valueDigest' | 'files'>;

function resultOf(
	answers: Answers,
	i: number,
	extra: AnswerExtra | undefined,
	store: Store,
	blobs: Promise<void>[],
): Result {
	const digest = answers.digests.subarray(i * 32, i * 32 + 32);
	const bytes = answers.bytes.subarray(answers.offsets[i], answers.offsets[i + 1]);
	const files = (extra?.files ?? []).map((file) => keepFile(file, store, blobs));
	if (bytes.length <= inlineLimit) return { digest, value: bytes, valueDigest: undefined, files };
	const valueDigest = digestBytes(bytes);
	blobs.push(store.keepBlob(valueDigest, { bytes }));
	return { digest, value: undefined, valueDigest, files };
}

function keepFile(file: OutputFile, store: Store, blobs: Promise<void>[]): TaskRecord['files'][number] {
	const { name, executable, size, digest, bytes, path } = file;
	if (bytes === undefined && path !== undefined) blobs.push(store.keepBlob(digest, { path }));
	return { name, executable, size, digest, bytes };
}

/** The answers with a failure in place of every result that a changed file may be in: `changed` names it, by answer. */
export function withoutChanged(answers: Answers, changed: readonly (string | undefined)[] | undefined): Answers {
	if (changed === undefined) return answers;
	const extras = new Map(answers.extras);
	for (const [i, file] of changed.entries())
		if (file !== undefined) extras.set(i, { log: extras.get(i)?.log, failure: { kind: 'input-changed', file } });
	return { ...answers, extras };
}

/** For each answer the upstream file that someone altered, as `altered` tells of the bundle's tasks; undefined: none was. */
export async function alteredIn(
	answers: Answers,
	altered: ((task: number) => Promise<string | undefined>) | undefined,
): Promise<readonly (string | undefined)[] | undefined> {
	if (altered === undefined) return undefined;
	const files: (string | undefined)[] = [];
	for (const task of answers.tasks.subarray(0, answers.size)) files.push(await altered(task));
	return files.some((file) => file !== undefined) ? files : undefined;
}
