// What becomes of tasks that Python has ended: the files that they have declared are looked at, their folders go.
// Knows no process.
import { join } from 'node:path';
import { digestLength, filesDigest } from '../digest.ts';
import type { Failure, OutputFile } from '../outcome.ts';
import { thrownFailure } from '../workers/failure.ts';
import { type Discards, removeFile, taskFolder } from '../workers/folders.ts';
import { type Collected, collectOutputs, removeFolder } from '../workers/outputs.ts';
import type { PythonExtra } from '../workers/python-reports.ts';
import { someAnswers } from './columns.ts';
import type { AnswerExtra, Answers, Bundle } from './executor.ts';
import type { ProcessEnd } from './process.ts';

/** Answers as they come from a worker. */
export interface RawAnswers extends Answers {
	readonly extras: ReadonlyMap<number, PythonExtra & AnswerExtra>;
}

/** The answers with their files, in some pieces; a promise only where a large file has to be read. */
export function withFiles(
	bundle: Bundle,
	given: RawAnswers,
	discards: Discards,
): readonly (Answers | Promise<Answers>)[] {
	const raw = placed(bundle, given);
	const pieces: (Answers | Promise<Answers>)[] = [];
	let from = 0;
	for (const [i, extra] of raw.extras) {
		if (extra.outputs === undefined || extra.outputs.length === 0) continue;
		if (i > from) pieces.push(someAnswers(raw, from, i));
		pieces.push(withOwnFiles(bundle, someAnswers(raw, i, i + 1), extra, discards));
		from = i + 1;
	}
	if (from < raw.size) pieces.push(someAnswers(raw, from, raw.size));
	return pieces;
}

/** Says where the files with large values are. */
function placed({ workFolder }: Bundle, raw: RawAnswers): RawAnswers {
	if (raw.extras.size === 0) return raw;
	const extras = [...raw.extras].map(([i, { valueIn, ...extra }]): [number, PythonExtra & AnswerExtra] => [
		i,
		valueIn === undefined
			? extra
			: { ...extra, valueFile: { path: join(workFolder, valueIn.name), size: valueIn.size } },
	]);
	return { ...raw, extras: new Map(extras) };
}

/** All of these tasks failed. */
export function failedAnswers(
	{ id, workFolder, keepsFolders }: Bundle,
	worker: number,
	tasks: Uint32Array,
	extra: AnswerExtra & { readonly failure: Failure; readonly seconds?: number },
): Answers {
	const size = tasks.length;
	const { seconds = 0, ...told } = extra;
	if (!keepsFolders && size === 1) removeFolder(join(workFolder, taskFolder(id, tasks[0]!)));
	return {
		bundle: id,
		worker,
		size,
		tasks,
		seconds: new Float32Array(size).fill(seconds),
		digests: new Uint8Array(size * digestLength),
		offsets: new Uint32Array(size + 1),
		bytes: new Uint8Array(0),
		extras: new Map(Array.from(tasks, (_, i) => [i, told])),
	};
}

/** What the worker has said last where a task took away the way to answer (see CLOSED in _scanmake_log.py). */
const closedWords = 'scanmake: the task closed the descriptors by which its process answers\n';

/** How the task failed that ran when its interpreter ended. */
export function endFailure({ status, how }: ProcessEnd, log: string | undefined): Failure {
	if (status === 1 && log?.endsWith(closedWords) === true)
		return { kind: 'crashed', message: 'it closed the descriptors by which its process answers (os.closerange?)' };
	return status === undefined ? { kind: 'crashed', message: `Python ${how}` } : { kind: 'exited', status };
}

/** One task that has declared files. */
function withOwnFiles(
	bundle: Bundle,
	answer: Answers,
	{ outputs = [], ...extra }: PythonExtra & AnswerExtra,
	discards: Discards,
): Answers | Promise<Answers> {
	const folder = join(bundle.workFolder, taskFolder(bundle.id, answer.tasks[0]!));
	const paths = new Map(outputs.map((name) => [name, join(folder, name)]));
	const failed = (failure: Failure): Answers => {
		const { valueFile, ...told } = extra;
		if (valueFile !== undefined) removeFile(valueFile.path);
		const {
			seconds: [seconds = 0],
		} = answer;
		return failedAnswers(bundle, answer.worker, answer.tasks, { ...told, failure, seconds });
	};
	const conclude = (collected: Collected): Answers => {
		if ('failure' in collected) return failed(collected.failure);
		const { files } = collected;
		const mayGo = !bundle.keepsFolders && files.every((file) => file.path === undefined);
		if (mayGo) discards.discard(folder, paths.values());
		return withDigest(answer, files, extra);
	};
	if (extra.failure !== undefined) return failed(extra.failure);
	try {
		const collected = collectOutputs(paths, folder);
		if (!(collected instanceof Promise)) return conclude(collected);
		return collected.then(conclude).catch((error) => failed(thrownFailure(error, () => '')));
	} catch (error) {
		return failed(thrownFailure(error, () => ''));
	}
}

function withDigest(answer: Answers, files: readonly OutputFile[], extra: AnswerExtra): Answers {
	const digests = Uint8Array.from(filesDigest(answer.digests.subarray(0, digestLength), files));
	return { ...answer, digests, extras: new Map([[0, { ...extra, files }]]) };
}
