// The entry of a worker thread: evaluates the Scanfile once, then runs the tasks of the bundles that it is sent.
// Takes each task by its ticket, says in shared memory what runs since when, and lets nothing of a task reach the
// process's own output. Knows neither the store nor the schedule.
import { readlinkSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { evaluateScan, userFrames } from '../code/evaluate.ts';
import { bug } from '../errors.ts';
import { answerWriter } from './answers.ts';
import { rememberingFrames, thrownFailure } from './failure.ts';
import { appendLog, captureStream, readLog, resetLog } from './log.ts';
import type { FromThread, PartMessage, ThreadData, ToThread } from './messages.ts';
import { clock, shareMemory, word } from './shared.ts';
import { type Ground, type TaskRunner, taskRunner } from './task.ts';

const port = parentPort ?? bug('a worker was started outside a thread');
const { source, setups, buffer } = workerData as ThreadData;
const shared = shareMemory(buffer);
const { control } = shared;
const post = (message: FromThread, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
const answers = answerWriter(shared, post);
const setupByRule = new Map(setups.map((setup) => [setup.rule, setup]));
const parts: PartMessage[] = [];
let running: TaskRunner | undefined;
let busy = false;

// Between tasks there is no log: what a forgotten timer prints then is nobody's.
const log = (text: string | Uint8Array): void => {
	if (Atomics.load(control, word.task) >= 0) appendLog(shared, text);
};
captureStream(process.stdout, log);
captureStream(process.stderr, log);

const frames = rememberingFrames((stack) => userFrames(source, stack));
try {
	const scan = await evaluateScan(source);
	const ground: Ground = {
		setupOf: (rule) => setupByRule.get(rule) ?? bug(`a bundle of rule ${rule}, which the threads were not told of`),
		runOf(rule) {
			const recipe = scan.rules[rule]?.recipe;
			if (recipe?.kind !== 'function') return bug(`no function of rule ${rule} in the evaluated Scanfile`);
			return recipe.run as (...given: unknown[]) => unknown;
		},
		frames,
		clock,
		log,
		logged: () => readLog(shared),
		listens: () => Atomics.store(control, word.listens, 1),
	};
	port.on('message', (message: ToThread) => {
		if (message.kind === 'run') {
			parts.push(message);
			if (!busy) void runParts(ground);
		} else if (control[word.part] === message.part && control[word.task] === message.task)
			running?.abort(message.reason);
	});
	post({ kind: 'ready', native: nativeName() });
} catch (error) {
	const failure = thrownFailure(error, frames);
	post({ kind: 'broken', message: failure.kind === 'threw' ? `${failure.message}\n${failure.stack}`.trim() : '' });
}

async function runParts(ground: Ground): Promise<void> {
	busy = true;
	for (let part = parts.shift(); part !== undefined; part = parts.shift()) await runPart(part, ground);
	busy = false;
}

async function runPart({ part, bundle, ticket }: PartMessage, ground: Ground): Promise<void> {
	const runner = taskRunner(bundle, ground);
	running = runner;
	answers.begin(part);
	Atomics.store(control, word.part, part);
	for (;;) {
		const task = Atomics.add(ticket, 0, 1);
		if (task >= bundle.tasks.size) break;
		resetLog(shared);
		control[word.listens] = 0;
		shared.numbers[0] = clock();
		// From here on the task is the one that a death of the thread costs.
		Atomics.store(control, word.task, task);
		const pending = runner.run(task, answers.write);
		if (pending !== undefined) await pending;
	}
	Atomics.store(control, word.task, -1);
	answers.handOver();
	post({ kind: 'ended', part });
}

// The kernel's number of this thread: by it the processes that it waits for can be found.
function nativeName(): string | undefined {
	try {
		return readlinkSync('/proc/thread-self');
	} catch {
		return undefined;
	}
}
