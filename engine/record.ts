// Answers of a worker → what the store keeps: results with their provenance, failures beside them.
// Large values and files become blobs before the record that names them is committed.
import { digestBytes, digestLength } from './digest.ts';
import type { AnswerExtra, Answers } from './executors/executor.ts';
import { allSaid, type Said } from './first.ts';
import type { Failure, OutputFile } from './outcome.ts';
import {
	type FailureRecord,
	inlineLimit,
	type NewColumns,
	type NewRecord,
	type Store,
	type TaskRecord,
} from './store/store.ts';

/** One batch of answers, and what is recorded beside each result. */
export interface Ended {
	readonly answers: Answers;
	readonly build: number;
	readonly endedAt: number;
	keyOf(answer: number): Uint8Array;
	attemptOf(answer: number): number;
}

interface Draft {
	readonly answers: Answers;
	readonly records: readonly NewRecord[];
	readonly failures: readonly { readonly key: Uint8Array; readonly record: FailureRecord }[];
}

/**
 * Keeps all that ended: one transaction, after the blobs it names. A task runs only after its key was looked up.
 * Returns the answers as they were recorded: where a file is no more what its task left, that task has failed.
 */
export async function recordAnswers(store: Store, ended: readonly Ended[]): Promise<readonly Answers[]> {
	const isPlain = (each: Ended): boolean => store.commitColumns !== undefined && isAllPlain(each.answers);
	const drafts = await Promise.all(ended.filter((each) => !isPlain(each)).map((each) => draftOf(store, each)));
	const plain = ended.filter(isPlain);
	store.commitColumns?.(plain.map(columnsOf));
	store.commit(
		drafts.flatMap(({ records }) => records),
		drafts.flatMap(({ failures }) => failures),
	);
	let next = 0;
	return ended.map((each) => (isPlain(each) ? each.answers : (drafts[next++] as Draft).answers));
}

/** Nothing is known of these results besides their values, which are small: no object a result is needed. */
function isAllPlain({ extras, size, offsets }: Answers): boolean {
	if (extras.size > 0) return false;
	for (let i = 0; i < size; i++) if (offsets[i + 1]! - offsets[i]! > inlineLimit) return false;
	return true;
}

function columnsOf({ answers, build, endedAt, keyOf, attemptOf }: Ended): NewColumns {
	const { size, digests, offsets, bytes, seconds } = answers;
	const keys = new Uint8Array(size * digestLength);
	const attempts = new Uint32Array(size);
	for (let i = 0; i < size; i++) {
		keys.set(keyOf(i), i * digestLength);
		attempts[i] = attemptOf(i);
	}
	return { size, keys, digests, offsets, bytes, seconds, attempts, endedAt, build };
}

/** What of a batch is to be committed, once its blobs are kept. */
async function draftOf(store: Store, ended: Ended): Promise<Draft> {
	const { answers } = ended;
	const records: NewRecord[] = [];
	const failures: { readonly key: Uint8Array; readonly record: FailureRecord }[] = [];
	const blobs: Blob[] = [];
	for (let i = 0; i < answers.size; i++) {
		const extra = answers.extras.get(i);
		const key = ended.keyOf(i);
		const { build, endedAt } = ended;
		const log = extra?.log ?? '';
		const seconds = answers.seconds[i]!;
		const attempt = ended.attemptOf(i);
		if (extra?.failure !== undefined) {
			failures.push({ key, record: { failure: extra.failure, log, endedAt, seconds, attempt, build } });
			continue;
		}
		const { digest, value, valueDigest, files } = resultOf(answers, i, extra, store, blobs);
		const record: TaskRecord = { digest, value, valueDigest, files, log, endedAt, seconds, attempt, build };
		records.push({ key, record, isNew: true });
	}
	const spoilt = await spoiltOutputs(blobs);
	if (spoilt.size > 0) return draftOf(store, { ...ended, answers: withFailures(answers, spoilt) });
	return { answers, records, failures };
}

/** A blob that is being kept for an answer; `output` names the file that it is. */
interface Blob {
	readonly answer: number;
	readonly output: string | undefined;
	readonly isKept: Promise<boolean>;
}

/** Failures of the answers whose outputs could not be kept as they were. */
async function spoiltOutputs(blobs: readonly Blob[]): Promise<ReadonlyMap<number, Failure>> {
	const spoilt = new Map<number, Failure>();
	if (blobs.length === 0) return spoilt;
	const kept = await Promise.all(blobs.map(({ isKept }) => isKept));
	for (const [i, { answer, output }] of blobs.entries())
		if (kept[i] === false)
			spoilt.set(
				answer,
				output === undefined ? { kind: 'lost-result' } : { kind: 'bad-output', output, what: 'changing' },
			);
	return spoilt;
}

/** The answers with failures, by answer, in place of results; logs stay. */
function withFailures(answers: Answers, failures: ReadonlyMap<number, Failure>): Answers {
	const extras = new Map(answers.extras);
	for (const [i, failure] of failures) extras.set(i, { log: extras.get(i)?.log, failure });
	return { ...answers, extras };
}

const noFiles: TaskRecord['files'] = [];

type Result = Pick<TaskRecord, 'digest' | 'value' | 'valueDigest' | 'files'>;

function resultOf(answers: Answers, i: number, extra: AnswerExtra | undefined, store: Store, blobs: Blob[]): Result {
	const digest = answers.digests.subarray(i * 32, i * 32 + 32);
	const bytes = answers.bytes.subarray(answers.offsets[i], answers.offsets[i + 1]);
	const files = extra?.files?.map((file) => keepFile(file, i, store, blobs)) ?? noFiles;
	if (extra?.valueFile !== undefined && extra.bytesDigest !== undefined) {
		const { valueFile, bytesDigest: valueDigest } = extra;
		blobs.push({ answer: i, output: undefined, isKept: store.keepBlob(valueDigest, { ...valueFile, mayMove: true }) });
		return { digest, value: undefined, valueDigest, files };
	}
	if (bytes.length <= inlineLimit) return { digest, value: bytes, valueDigest: undefined, files };
	// One that is not right would read as damaged, never as another result.
	const valueDigest = extra?.bytesDigest ?? digestBytes(bytes);
	blobs.push({ answer: i, output: undefined, isKept: store.keepBlob(valueDigest, { bytes }) });
	return { digest, value: undefined, valueDigest, files };
}

function keepFile(file: OutputFile, answer: number, store: Store, blobs: Blob[]): TaskRecord['files'][number] {
	const { name, executable, size, digest, bytes, path } = file;
	if (bytes === undefined && path !== undefined)
		blobs.push({ answer, output: name, isKept: store.keepBlob(digest, { path }) });
	return { name, executable, size, digest, bytes };
}

/** The answers with a failure in place of every result that a changed file may be in: `changed` names it, by answer. */
export function withoutChanged(answers: Answers, changed: readonly (string | undefined)[] | undefined): Answers {
	if (changed === undefined) return answers;
	const failures = new Map<number, Failure>();
	for (const [i, file] of changed.entries()) if (file !== undefined) failures.set(i, { kind: 'input-changed', file });
	return withFailures(answers, failures);
}

/** For each answer the upstream file that someone altered, as `altered` tells of the bundle's tasks; undefined: none was. */
export async function alteredIn(
	answers: Answers,
	altered: ((task: number) => Said) | undefined,
): Promise<readonly (string | undefined)[] | undefined> {
	if (altered === undefined) return undefined;
	return allSaid(answers.tasks.subarray(0, answers.size), altered);
}
