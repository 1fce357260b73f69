// Runs commands and shell lines: one long-lived `sh` a slot, fed with a few tasks ahead. What is not written yet waits here,
// so that any worker can take it; what was written and not begun is taken back where a task takes its time or a worker dies.
// Knows neither recipes nor results.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { bug } from '../errors.ts';
import { discards } from '../workers/folders.ts';
import { takeLogFile } from '../workers/log-file.ts';
import { type ProgramRunner, programRunner } from '../workers/program.ts';
import { taskText } from '../workers/shell.ts';
import { aheadOf, notePace, paces } from './pace.ts';
import type { Pool, PoolOptions } from './pool.ts';
import { demandOf } from './room.ts';
import { type Report, type Shell, type ShellEnd, startShell } from './shell.ts';
import { type Flight, isSlow, logFile, newSlot, type Slot, skipFile } from './slot.ts';
import { type OpenBundle, takeTask, untakenCount, waitingBundles } from './waiting.ts';

/** What the pool needs besides what every pool needs. */
export interface ShellPoolOptions extends PoolOptions {
	/** Where programs run. */
	readonly folder: string;
	/** A POSIX shell that reads from its standard input; `sh -s` where nothing is said. */
	readonly shell?: readonly string[] | undefined;
}

const tickMilliseconds = 50;
const slowMilliseconds = 300;
const mostFailedStarts = 3;
// With so many tasks ahead a worker is not done before its reports are read: eight are some 5 ms, or they were not written.
const restfulCount = 8;

/** A pool of shells. */
export function shellPool(options: ShellPoolOptions): Pool {
	const { events, room, folder } = options;
	const setupByRule = new Map(options.setups.map((setup) => [setup.rule, setup]));
	const paceOf = paces();
	const path = process.env['PATH'] ?? '';
	const slots = Array.from({ length: options.slots }, (_, i) => newSlot(options.firstWorker + i));
	const waiting = waitingBundles<ProgramRunner>(events);
	const folders = new Set<string>();
	const discarded = discards();
	let state: 'open' | 'drained' | 'broken' | 'closed' = 'open';
	let failedStarts = 0;
	let timer: NodeJS.Timeout | undefined;
	let closing: Promise<void> | undefined;
	let allGone: () => void = () => {};

	function start(slot: Slot): Shell {
		const shell = startShell(options.shell ?? ['sh', '-s'], folder, {
			ready() {
				failedStarts = 0;
				slot.since = performance.now();
			},
			reported: (reports) => reported(slot, reports),
			over: (end) => over(slot, end),
		});
		slot.shell = shell;
		return shell;
	}

	function fillAll(): void {
		if (waiting.front() !== undefined) {
			const byLoad = [...slots].sort((one, other) => one.flights.length - other.flights.length);
			for (const slot of byLoad) fill(slot);
		}
		for (const slot of slots) release(slot);
	}

	/** Writes tasks to a worker, as many as it may have ahead. */
	function fill(slot: Slot): void {
		if (state !== 'open' || slot.ending !== undefined || isSlow(slot)) return;
		let text = '';
		const failed: (() => void)[] = [];
		for (let bundle = waiting.front(); bundle !== undefined && hasRoom(slot, bundle); bundle = waiting.front()) {
			const share = Math.ceil(untakenCount(bundle) / slots.length);
			const count = Math.min(share, aheadOf(paceOf(bundle.bundle.rule)) - slot.flights.length);
			for (let i = 0; i < count; i++) text += written(slot, bundle, failed);
			if (count < 1 || text !== '') break;
		}
		if (text !== '') (slot.shell ?? start(slot)).write(text);
		// Whoever hears of it may send more at once: not before flights and text agree.
		for (const tell of failed) tell();
	}

	/** Whether the worker may have tasks of the bundle now. */
	function hasRoom(slot: Slot, { setup }: OpenBundle<ProgramRunner>): boolean {
		if (slot.flights.length > 0) {
			return slot.taken?.rule === setup.rule && slot.flights.length <= aheadOf(paceOf(setup.rule)) / 2;
		}
		if (slot.taken?.rule === setup.rule) return true;
		giveRoomBack(slot);
		const demand = demandOf(setup);
		if (!room.take(demand)) return false;
		slot.taken = { rule: setup.rule, demand };
		return true;
	}

	/** The text of one more task; nothing where it fails before it begins. */
	function written(slot: Slot, bundle: OpenBundle<ProgramRunner>, failed: (() => void)[]): string {
		const number = takeTask(bundle);
		if (number === undefined) return '';
		const task = bundle.runner.prepare(number);
		if ('kind' in task) {
			const ended = { task: number, seconds: 0, tagged: undefined, digest: undefined, extra: { failure: task } };
			failed.push(() => waiting.answer(bundle, slot.worker, ended));
			return '';
		}
		const log = logFile(slot, bundle.bundle);
		if (slot.flights.length === 0) slot.since = performance.now();
		slot.flights.push({ open: bundle, task, log, isWithdrawn: false });
		return taskText({ text: task.text, printed: task.printed, log, unless: skipFile(slot, bundle.bundle) });
	}

	function reported(slot: Slot, reports: readonly Report[]): void {
		const now = performance.now();
		const ran = reports.filter(({ kind }) => kind === 'ended').length;
		const seconds = (now - slot.since) / 1000 / Math.max(1, ran);
		slot.since = now;
		for (const report of reports) {
			const flight = slot.flights.shift();
			if (flight === undefined || (flight.isWithdrawn && report.kind === 'ended')) continue;
			if (report.kind === 'skipped') giveBack(flight);
			else {
				notePace(paceOf(flight.open.bundle.rule), seconds);
				ended(slot, flight, report, seconds);
			}
		}
		fill(slot);
		release(slot);
		if (slot.flights.length >= restfulCount) slot.shell?.rest();
	}

	function ended(slot: Slot, flight: Flight, report: Report & { kind: 'ended' }, seconds: number): void {
		const log = report.hasLog ? takeLogFile(flight.log) : undefined;
		const answered = flight.open.runner.ended(flight.task, report.status, { seconds, log });
		if (answered instanceof Promise) void answered.then((late) => waiting.answer(flight.open, slot.worker, late));
		else waiting.answer(flight.open, slot.worker, answered);
	}

	/** The flight's task was not run and waits again. */
	function giveBack(flight: Flight): void {
		if (flight.isWithdrawn) return;
		flight.isWithdrawn = true;
		flight.open.runner.forget(flight.task);
		waiting.giveBack(flight.open, flight.task.task);
	}

	function tick(): void {
		waiting.handOver();
		if (waiting.count() === 0) {
			clearInterval(timer);
			timer = undefined;
		}
		// What was reported while the engine was busy is taken first: it is read before the first of these, and told after it.
		setImmediate(() => setImmediate(check));
	}

	function check(): void {
		const now = performance.now();
		for (const slot of slots) {
			const [flight] = slot.flights;
			if (flight === undefined || slot.shell?.isReady() !== true || slot.ending !== undefined) continue;
			const { timeoutSeconds } = flight.open.setup;
			if (timeoutSeconds !== undefined && now - slot.since >= timeoutSeconds * 1000) {
				slot.ending = { flight, failure: { kind: 'timed-out', timeoutSeconds } };
				slot.shell.end();
			} else if (slot.flights.length > 1 && now - slot.since > slowMilliseconds) relieve(slot, flight);
		}
	}

	/** Takes back what waits behind a task that takes its time: others may run it. */
	function relieve(slot: Slot, flight: Flight): void {
		if (isSlow(slot)) return;
		slot.slow = flight;
		writeFileSync(skipFile(slot, flight.open.bundle), '');
		slot.generation++;
		// Two turns later all is read that was reported before the file was there. Where the task still runs then, the worker
		// will see the file before it begins with anything behind.
		setImmediate(() => setImmediate(takeBack, slot, flight));
	}

	function takeBack(slot: Slot, flight: Flight): void {
		if (slot.flights[0] !== flight) return;
		for (const each of slot.flights.slice(1).reverse()) giveBack(each);
		fillAll();
	}

	function over(slot: Slot, { wasReady, how, abandoned }: ShellEnd): void {
		if (abandoned !== undefined)
			events.abandoned(
				`Something that a command started could not be ended and was left behind: process group ${abandoned}`,
			);
		const { flights, ending } = slot;
		const first = flights[0]?.isWithdrawn === false ? flights[0] : undefined;
		const failure = ending?.failure ?? { kind: 'crashed' as const, message: `its shell ${how}` };
		const blamed = wasReady && (ending === undefined || ending.flight === first) ? first : undefined;
		Object.assign(slot, { shell: undefined, flights: [], ending: undefined, slow: undefined });
		for (const flight of flights.slice(blamed === undefined ? 0 : 1).reverse()) giveBack(flight);
		if (blamed !== undefined) {
			const end = { seconds: (performance.now() - slot.since) / 1000, log: takeLogFile(blamed.log) };
			waiting.answer(blamed.open, slot.worker, blamed.open.runner.failed(blamed.task, failure, end));
		}
		if (state === 'closed' && slots.every(({ shell }) => shell === undefined)) allGone();
		if (!wasReady && ++failedStarts >= mostFailedStarts && state !== 'closed' && state !== 'broken') {
			state = 'broken';
			events.broken(
				existsSync(folder)
					? `The shell that runs commands (${(options.shell ?? ['sh']).join(' ')}) ${how}`
					: `The folder in which commands run is not there: ${folder}`,
			);
		}
		release(slot);
		fillAll();
	}

	/** A worker that has nothing to run takes no room. */
	function release(slot: Slot): void {
		if (slot.flights.length === 0) giveRoomBack(slot);
	}

	function giveRoomBack(slot: Slot): void {
		if (slot.taken !== undefined) room.free(slot.taken.demand);
		slot.taken = undefined;
	}

	async function closeAll(): Promise<void> {
		waiting.handOver();
		waiting.finishAll();
		state = 'closed';
		clearInterval(timer);
		const gone = new Promise<void>((resolve) => {
			allGone = resolve;
		});
		if (slots.some(({ shell }) => shell !== undefined)) {
			for (const slot of slots) slot.shell?.end();
			await gone;
		}
		await discarded.over();
	}

	return {
		send(bundle) {
			const setup = setupByRule.get(bundle.rule);
			if (setup === undefined || setup.recipe === 'function' || setup.recipe.kind === 'python')
				return bug(`a bundle of rule ${bundle.rule} for shells`);
			// It must be there for logs, also where no task has a folder.
			if (!folders.has(bundle.workFolder)) mkdirSync(bundle.workFolder, { recursive: true });
			folders.add(bundle.workFolder);
			const runner = programRunner(bundle, setup, setup.recipe, { folder, path, discards: discarded });
			waiting.add(bundle, setup, runner);
			timer ??= setInterval(tick, tickMilliseconds);
			fillAll();
		},
		place: fillAll,
		openCount: waiting.count,
		warmUp() {
			const [slot] = slots;
			if (slot !== undefined && slot.shell === undefined && state === 'open') start(slot);
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
