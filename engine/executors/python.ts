// One Python interpreter that runs tasks (engine/workers/worker.py): how it is started, what it is told, what it reports.
// Knows messages and reports, neither tasks nor how a process is ended.
import { ownFile } from '../version.ts';
import { type PythonReport, reportReader } from '../workers/python-reports.ts';
import { type PythonStart, startMessage } from '../workers/python-wire.ts';
import { watchedWords } from '../workers/shell.ts';
import type { RuleSetup } from './executor.ts';
import { type ProcessEnd, startProcess } from './process.ts';
import { pythonEnvironment } from './python-environment.ts';
import { type Message, type Told, toldTo } from './python-told.ts';

/** What is started. */
export interface PythonOptions {
	readonly interpreter: string;
	/** Cores that its libraries may use. */
	readonly cores: number;
	/** Variables of the environment that are handed on as they are. */
	readonly env: readonly string[];
	readonly start: PythonStart;
	/** All rules that it may meet. */
	readonly setups: ReadonlyMap<number, RuleSetup>;
}

/** How an interpreter ended, as the end of a sentence that begins with “Python”. */
export interface PythonEnd extends ProcessEnd {
	/** Whether it was ready for tasks. */
	readonly wasReady: boolean;
	/** The end of what it said before it was ready. */
	readonly said: string;
}

/** What an interpreter tells. */
export interface PythonEvents {
	/** Reports in the order in which they came. */
	reported(report: PythonReport): void;
	/** It and all that it started is gone. */
	over(end: PythonEnd): void;
}

/** An interpreter. */
export interface Python {
	/** Undefined: it could not be started. */
	readonly pid: number | undefined;
	/** The file that it logs to. */
	readonly log: string;
	isReady(): boolean;
	/** Whether the module of a rule's function was imported: before that none of its tasks runs. */
	hasImported(rule: number): boolean;
	/** Whether the module that its rules have in common was imported. */
	hasModule(): boolean;
	/** What it has to be told. */
	readonly told: Told;
	send(messages: readonly Message[]): void;
	/** It has enough to do: its reports are read a little later, several at once. */
	rest(): void;
	/** While it is held, its reports are not read. */
	hold(isHeld: boolean): void;
	/** It has nothing to do and ends by itself, after what it has to do at its end; is ended where that takes long. */
	leave(): void;
	/** Ends it and what it started: asks first, and kills after a second. */
	end(): void;
	/** Ends it and what it started at once. */
	kill(): void;
}

// A socket holds some 270 small reports: those of tasks that take nothing come in some 2 ms.
const restMilliseconds = 2;
const saidLength = 2000;

/** Starts an interpreter in the Scanfile's folder. */
export function startPython({ interpreter, cores, env, start, setups }: PythonOptions, events: PythonEvents): Python {
	let isReady = false;
	let said = '';
	const imported = new Set<number>();
	const python = startProcess(
		{
			words: watchedWords([interpreter, ownFile('engine/workers/worker.py')]),
			folder: start.folder,
			env: pythonEnvironment(cores, env),
			descriptors: ['pipe', 'ignore', 'pipe', 'pipe', 'pipe'],
			reports: 3,
		},
		{
			silent() {},
			over: (end) => events.over({ ...end, wasReady: isReady, said }),
		},
	);
	python
		.stream(2)
		?.setEncoding('utf8')
		.on('data', (text: string) => {
			said = `${said}${text}`.slice(-saidLength);
		});
	python.reports?.on(
		'data',
		reportReader((report) => {
			if (report.kind === 'ready') isReady = true;
			if (report.kind === 'imported') imported.add(report.rule);
			events.reported(report);
		}),
	);

	function send(messages: readonly Message[]): void {
		const { input } = python;
		if (input === null || input.destroyed) return;
		input.cork();
		for (const message of messages) for (const bytes of message) input.write(bytes);
		input.uncork();
	}

	send([startMessage(start)]);
	return {
		pid: python.pid,
		log: start.log,
		isReady: () => isReady,
		hasImported: (rule) => imported.has(rule),
		hasModule: () => imported.size > 0,
		told: toldTo(setups),
		send,
		hold: python.hold,
		rest: () => python.rest(restMilliseconds),
		// One that has imported nothing has nothing to do at its end, and may be busy with that.
		leave: () => (imported.size > 0 ? python.leave() : python.end()),
		end: python.end,
		kill: python.kill,
	};
}

/** How one ended that was never ready. */
export function endWords({ how, said }: PythonEnd, log: string | undefined): string {
	const all = `${said}${log ?? ''}`.trim();
	return `${how} before it could run anything${all === '' ? '' : `: ${all}`}`;
}
