#!/usr/bin/env node
// The program `scanmake`: hands the process's words, streams and signals to run.ts and ends with its exit status.
// The only file of cli/ that knows the process.
import type { Writable } from 'node:stream';
import type { WriteStream } from 'node:tty';
import type { Context, Output } from './context.ts';
import { run, sayUncaught } from './run.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const { TERM: terminal } = process.env;

let unwritten: string | undefined;

function output(stream: WriteStream): Output {
	// A reader that has gone away (`| head`) is no error, a full disk is; who writes looks whether the stream still lives.
	stream.on('error', (error: NodeJS.ErrnoException) => {
		if (stream === process.stdout && error.code !== 'EPIPE' && error.code !== 'ECONNRESET') unwritten ??= error.message;
	});
	const isTerminal = stream.isTTY === true && terminal !== 'dumb';
	return { stream, isTerminal, columns: () => stream.columns || 80, rows: () => stream.rows || 24 };
}

const context: Context = {
	cwd: process.cwd(),
	env: process.env,
	stdout: output(process.stdout),
	stderr: output(process.stderr),
	clock: {
		now: () => performance.now(),
		every(milliseconds, act) {
			const timer = setInterval(act, milliseconds);
			timer.unref();
			return () => clearInterval(timer);
		},
	},
	open: async (request) => (await import('../engine/index.ts')).openEngine(request),
	onInterrupt(act) {
		for (const signal of signals) process.on(signal, act);
		return () => {
			for (const signal of signals) process.off(signal, act);
		};
	},
	exit: (status) => process.exit(status),
};

function flushed(stream: Writable): Promise<void> {
	return new Promise((settle) => {
		if (stream.destroyed || stream.errored !== null || stream.writableLength === 0) settle();
		else stream.once('error', () => settle()).write('', () => settle());
	});
}

process.once('uncaughtException', (error) => {
	// below the cursor there may be lines of a build's progress
	if (context.stderr.isTerminal) process.stderr.write('\r\x1b[J');
	void sayUncaught(error, process.argv.includes('--json'), context).then((failed) => process.exit(failed));
});
const status = await run(process.argv.slice(2), context);
await flushed(process.stdout);
if (unwritten !== undefined)
	process.stderr.write(`Standard output could not be written: ${unwritten}. What it lacks can be asked for again.\n`);
await flushed(process.stderr);
// A worker thread that could not be stopped must not keep the process.
process.exit(unwritten === undefined ? status : 3);
