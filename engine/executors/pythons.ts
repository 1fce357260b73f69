// Runs Python functions: one interpreter at work a slot, told bundles once and then some of their tasks at a time, a few
// milliseconds ahead of what it runs. What was sent and not begun is taken back where a task takes its time or an
// interpreter dies. Knows neither messages nor results.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bug } from '../errors.ts';
import { discards } from '../workers/folders.ts';
import { takeLogFile } from '../workers/log-file.ts';
import type { PythonAnswers, PythonReport } from '../workers/python-reports.ts';
import { meanSeconds, someAnswers } from './columns.ts';
import type { Bundle } from './executor.ts';
import { aheadOf, notePace, paces } from './pace.ts';
import type { Pool, PoolOptions } from './pool.ts';
import { endWords, type Python, type PythonEnd, startPython } from './python.ts';
import { type ImportCrash, importCrashes } from './python-crashes.ts';
import { type PythonKind, pythonKinds, setupsFor, startOf } from './python-kinds.ts';
import { slotRoom } from './python-room.ts';
import {
	chosen,
	isSlowPython,
	newPythonSlot,
	type OpenPython,
	type PythonSlot,
	runningRun,
	skipFirst,
	takeAnswered,
	taskAt,
	tasksOf,
	withdraw,
} from './python-slot.ts';
import { endFailure, failedAnswers, withFiles } from './python-task.ts';
import type { Message } from './python-told.ts';
import { pythonWatch } from './python-watch.ts';
import { demandOf } from './room.ts';
import { skipFile } from './slot.ts';
import { takeTasks, untakenCount, waitingBundles } from './waiting.ts';

/** What the pool needs besides what every pool needs. */
export interface PythonPoolOptions extends PoolOptions {
	/** The Scanfile's folder. */
	readonly folder: string;
	/** Where bundles will have their folders; undefined: nothing is got ready before the first comes. */
	readonly workFolder?: string | undefined;
}

const tickMilliseconds = 50;
const mostFailedStarts = 3;
const mostTasksAhead = 4096;
// What a task costs besides what its function takes.
const overheadSeconds = 5e-6;
const restfulCount = 256;

/** A pool of Pythons. */
export function pythonPool(options: PythonPoolOptions): Pool {
	const { events, folder } = options;
	const space = slotRoom(options.room);
	const setupByRule = new Map(options.setups.map((setup) => [setup.rule, setup]));
	const kinds = pythonKinds(options.setups, folder);
	const crashes = importCrashes(folder);
	const paceOf = paces();
	const slots = Array.from({ length: options.slots }, (_, i) => newPythonSlot(options.firstWorker + i));
	const discarded = discards();
	const waiting = waitingBundles<undefined>({
		answered: events.answered,
		finished(bundle) {
			for (const { pythons } of slots) for (const python of pythons.values()) python.send(python.told.drop(bundle));
			events.finished(bundle);
		},
	});
	const watch = pythonWatch({ slots, giveBack: waiting.giveBack, place: fillAll });
	let state: 'open' | 'drained' | 'broken' | 'closed' = 'open';
	let isHeld = false;
	let [failedStarts, started] = [0, 0];
	let timer: NodeJS.Timeout | undefined;
	let closing: Promise<void> | undefined;
	let allGone: () => void = () => {};

	function start(slot: PythonSlot, kind: PythonKind, workFolder: string): Python {
		const { interpreter, cores, env } = kind;
		if (typeof interpreter !== 'string') return bug('a Python that is not there');
		mkdirSync(workFolder, { recursive: true });
		const log = join(workFolder, `python-${slot.worker}-${started++}.log`);
		const python: Python = startPython(
			{ interpreter, cores, env, start: startOf(kind, { folder, log }), setups: setupsFor(kind, options.setups) },
			{
				reported: (report) => reported(slot, python, report),
				over: (end) => over(slot, kind, python, end),
			},
		);
		slot.pythons.set(kind, python);
		if (isHeld) python.hold(true);
		return python;
	}

	function fillAll(): void {
		if (waiting.front() !== undefined) {
			const byLoad = [...slots].sort((one, other) => one.ahead - other.ahead);
			for (const slot of byLoad) fill(slot);
		}
		for (const slot of slots) space.release(slot);
	}

	/** Sends tasks to a worker, as many as it may have ahead. */
	function fill(slot: PythonSlot): void {
		if (state !== 'open' || slot.ending !== undefined || isSlowPython(slot)) return;
		const messages: Message[] = [];
		for (;;) {
			const queued = waiting.queued();
			const open = chosen(slot, slots, queued);
			if (open !== undefined && failCrashed(open)) continue;
			if (open === undefined || !space.take(slot, kindOf(open.bundle.rule), demandOf(open.setup))) break;
			const most = aheadOf(paceOf(open.bundle.rule), mostTasksAhead);
			if (slot.ahead > most / 2) break;
			const sharers = queued.length > 1 ? 1 : slots.length;
			messages.push(...sent(slot, open, Math.min(Math.ceil(untakenCount(open) / sharers), most - slot.ahead)));
			if (untakenCount(open) > 0) break;
		}
		if (messages.length > 0) slot.python?.send(messages);
	}

	/** What a worker has to be told to run some more tasks. */
	function sent(slot: PythonSlot, open: OpenPython, count: number): readonly Message[] {
		const { bundle } = open;
		const kind = kindOf(bundle.rule);
		const python = slot.pythons.get(kind) ?? start(slot, kind, bundle.workFolder);
		if (slot.python !== python) Object.assign(slot, { python, experience: 0, seen: undefined });
		const tasks = takeTasks(open, count);
		const size = tasks instanceof Int32Array ? tasks.length : tasks.to - tasks.from;
		if (slot.runs.length === 0) slot.since = performance.now();
		slot.runs.push({ open, tasks, size, at: 0, kept: size });
		slot.ahead += size;
		slot.open = open;
		return python.told.run(bundle, tasks, skipFile(slot, bundle));
	}

	function reported(slot: PythonSlot, python: Python, report: PythonReport): void {
		if (report.kind === 'ready' || report.kind === 'imported') {
			failedStarts = 0;
			// What an import takes is not the first task's time.
			slot.since = performance.now();
		} else if (report.kind === 'broken') broken(`A Python that runs tasks cannot go on: ${report.message}`);
		else if (slot.python === python && report.kind === 'skipped') {
			skipFirst(slot, waiting.giveBack);
			fillAll();
		} else if (slot.python === python && report.kind === 'answers') answered(slot, report.answers);
	}

	function answered(slot: PythonSlot, answers: PythonAnswers): void {
		slot.since = performance.now();
		for (const { open, from, to } of takeAnswered(slot, answers.size))
			conclude(open, someAnswers({ ...answers, worker: slot.worker }, from, to));
		fill(slot);
		space.release(slot);
		// What comes in large pieces comes in few.
		if (slot.ahead >= restfulCount && answers.size > 1) slot.python?.rest();
	}

	function conclude(open: OpenPython, answers: Parameters<typeof withFiles>[1]): void {
		notePace(paceOf(open.bundle.rule), meanSeconds(answers) + overheadSeconds);
		for (const piece of withFiles(open.bundle, answers, discarded)) {
			if (piece instanceof Promise) void piece.then((late) => waiting.answerAll(open, late));
			else waiting.answerAll(open, piece);
		}
	}

	function tick(): void {
		waiting.handOver();
		if (waiting.count() === 0) {
			clearInterval(timer);
			timer = undefined;
		}
		// What was reported while the engine was busy is taken first: it is read before the first of these.
		setImmediate(() => setImmediate(() => !isHeld && watch.check()));
	}

	function over(slot: PythonSlot, kind: PythonKind, python: Python, end: PythonEnd): void {
		const left = 'Something that a Python function started could not be ended and was left behind';
		if (end.abandoned !== undefined) events.abandoned(`${left}: process group ${end.abandoned}`);
		slot.pythons.delete(kind);
		const isCrash = end.wasReady && !python.hasModule() && slot.ending === undefined && state !== 'closed';
		if (isCrash) crashes.note(kind, end, takeLogFile(python.log));
		if (slot.python === python) lost(slot, python, end);
		if (state === 'closed' && slots.every(({ pythons }) => pythons.size === 0)) allGone();
		if (!end.wasReady && ++failedStarts >= mostFailedStarts && state !== 'closed') {
			broken(`Python (${kind.interpreter}) ${endWords(end, takeLogFile(python.log))}`);
		}
		space.release(slot);
		fillAll();
	}

	/** The interpreter at work has ended: the task that ran fails, unless that was not its fault, and the others run elsewhere. */
	function lost(slot: PythonSlot, python: Python, end: PythonEnd): void {
		const { ending, since } = slot;
		const run = runningRun(slot);
		const isStopped = ending?.failure !== undefined && ending.at === slot.ended;
		const blamed = isStopped || (ending === undefined && python.hasModule()) ? run : undefined;
		withdraw(slot, blamed === undefined ? 0 : 1, waiting.giveBack);
		Object.assign(slot, { python: undefined, runs: [], ahead: 0, ending: undefined, slow: undefined, seen: undefined });
		if (blamed === undefined) return;
		const { open, at } = blamed;
		const log = takeLogFile(python.log);
		const failure = ending?.failure ?? endFailure(end, log);
		const extra = { failure, log, seconds: (performance.now() - since) / 1000 };
		waiting.answerAll(open, failedAnswers(open.bundle, slot.worker, Uint32Array.of(taskAt(blamed, at)), extra));
	}

	function broken(message: string): void {
		if (state === 'broken' || state === 'closed') return;
		state = 'broken';
		events.broken(message);
	}

	const kindOf = (rule: number): PythonKind => kinds.get(rule) ?? bug(`a bundle of rule ${rule} for Python`);

	function send(bundle: Bundle): void {
		const setup = setupByRule.get(bundle.rule) ?? bug(`a bundle of rule ${bundle.rule} for Python`);
		const kind = kindOf(bundle.rule);
		if (typeof kind.interpreter !== 'string') {
			broken(kind.interpreter.problem);
			return;
		}
		waiting.add(bundle, setup, undefined);
		const file = kind.frozen().changed.get(bundle.rule);
		const open = waiting.queued().at(-1);
		if (file !== undefined && open?.bundle === bundle) failAll(open, { failure: { kind: 'input-changed', file } });
		timer ??= setInterval(tick, tickMilliseconds);
		fillAll();
	}

	/** None of the bundle's tasks that wait can be run; the log is that of the first. */
	function failAll(open: OpenPython, why: ImportCrash): void {
		for (let log = why.log; untakenCount(open) > 0; log = undefined) {
			const tasks = tasksOf(takeTasks(open, log === undefined ? untakenCount(open) : 1));
			waiting.answerAll(open, failedAnswers(open.bundle, options.firstWorker, tasks, { ...why, log }));
		}
	}

	function endOne(slot: PythonSlot, python: Python): void {
		if (slot.python === python && slot.runs.length > 0) python.end();
		else python.leave();
	}

	function failCrashed(open: OpenPython): boolean {
		const crash = crashes.of(kindOf(open.bundle.rule));
		if (crash !== undefined) failAll(open, crash);
		return crash !== undefined;
	}

	// What ended while nothing was read took no longer for that.
	function hold(isHeldNow: boolean): void {
		isHeld = isHeldNow;
		for (const slot of slots) {
			slot.since = performance.now();
			for (const python of slot.pythons.values()) python.hold(isHeld);
		}
	}

	async function closeAll(): Promise<void> {
		hold(false);
		waiting.handOver();
		waiting.finishAll();
		state = 'closed';
		clearInterval(timer);
		const gone = new Promise<void>((resolve) => {
			allGone = resolve;
		});
		if (slots.some(({ pythons }) => pythons.size > 0)) {
			for (const slot of slots) for (const python of slot.pythons.values()) endOne(slot, python);
			await gone;
		}
		await discarded.over();
	}

	return {
		send,
		place: fillAll,
		openCount: waiting.count,
		hold,
		warmUp(tasks) {
			const [first] = kinds;
			if (first === undefined || options.workFolder === undefined || state !== 'open') return;
			const [rule, kind] = first;
			if (typeof kind.interpreter !== 'string' || kind.frozen().changed.has(rule)) return;
			const sideBySide = Math.max(1, Math.floor(slots.length / kind.cores));
			for (const slot of slots.slice(0, Math.min(tasks, sideBySide))) {
				const python = slot.pythons.get(kind) ?? start(slot, kind, options.workFolder);
				python.send(python.told.importOf(rule));
			}
		},
		drain() {
			if (state !== 'open') return;
			state = 'drained';
			waiting.giveUp();
		},
		close() {
			closing ??= closeAll();
			return closing;
		},
	};
}
