import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { traceFile } from '../../cli/trace.ts';
import type { EngineEvent } from '../../engine/events.ts';
import { scanmake } from './fake.ts';

interface TraceEvent {
	readonly ph: string;
	readonly name: string;
	readonly pid: number;
	readonly tid: number;
	readonly ts?: number;
	readonly dur?: number;
	readonly args: Readonly<Record<string, unknown>>;
}

/** What a strict viewer asks of a trace: whole JSON, known phases, times that are numbers, rows with names. */
function strictly(t: ExecutionContext, path: string): readonly TraceEvent[] {
	const { traceEvents } = JSON.parse(readFileSync(path, 'utf8')) as { traceEvents: readonly TraceEvent[] };
	const named = new Set(
		traceEvents.filter(({ ph, name }) => ph === 'M' && name === 'thread_name').map(({ tid }) => tid),
	);
	for (const event of traceEvents) {
		t.true(['M', 'X', 'i'].includes(event.ph), event.ph);
		t.true(Number.isInteger(event.pid) && Number.isInteger(event.tid) && event.name !== '');
		if (event.ph === 'M') continue;
		t.true(Number.isFinite(event.ts) && (event.ts ?? -1) >= 0);
		t.true(named.has(event.tid), 'every row has a name');
		if (event.ph === 'X') t.true(Number.isFinite(event.dur) && (event.dur ?? -1) >= 0);
	}
	for (const row of named) {
		let reached = 0;
		for (const { ts = 0, dur = 0 } of traceEvents.filter(({ ph, tid }) => ph === 'X' && tid === row)) {
			t.true(ts >= reached, 'spans of a row do not overlap');
			reached = ts + dur;
		}
	}
	return traceEvents;
}

function place(t: ExecutionContext): string {
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-trace-'));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	return join(folder, 'trace.json');
}

const planned: EngineEvent = {
	kind: 'planned',
	targets: [
		{ name: 'input', rule: 'generate', tasks: 2 },
		{ name: 'spikes', rule: 'simulate', tasks: 40 },
	],
};

function answered(worker: number, at: number, seconds: number, more: object = {}): EngineEvent {
	return { kind: 'answered', target: 1, worker, tasks: 10, failed: 0, seconds, at, ...more };
}

test('a trace has a row for the engine and one for each worker, with the spans of their work', (t) => {
	const path = place(t);
	const trace = traceFile(path, () => 1500);
	trace.listen({ kind: 'worked', what: 'load', seconds: 0.2, at: 1000 });
	trace.listen(planned);
	trace.listen(answered(0, 1400, 0.1));
	trace.listen(answered(1, 1450, 0.2, { tasks: 1, parameters: 'weight=0.4' }));
	// told late: it seems to have begun before the last one ended
	trace.listen(answered(0, 1450, 0.1));
	t.is(trace.close(), undefined);
	const events = strictly(t, path);
	const rows = events.filter(({ name }) => name === 'thread_name').map(({ args }) => args['name']);
	t.deepEqual(rows, ['engine', 'worker 0', 'worker 1']);
	const spans = events.filter(({ ph }) => ph === 'X').map(({ name, tid, ts, dur }) => [name, tid, ts, dur]);
	t.deepEqual(spans, [
		['load', 0, 0, 200_000],
		['spikes', 1, 300_000, 100_000],
		['spikes', 2, 250_000, 200_000],
		['spikes', 1, 400_000, 50_000],
	]);
	t.is(events.find(({ tid, ph }) => tid === 2 && ph === 'X')?.args['parameters'], 'weight=0.4');
});

test('failures, notices and stops are instants of a trace', (t) => {
	const path = place(t);
	const trace = traceFile(path, () => 5);
	const failure = { kind: 'threw', message: 'no "spikes"\n', stack: '' } as const;
	trace.listen({
		kind: 'task-failed',
		target: 'spikes',
		rule: 'simulate',
		parameters: "kind='a b'",
		failure,
		willRetry: false,
	});
	trace.listen({ kind: 'notice', message: 'a result was damaged' });
	trace.listen({ kind: 'stopping', reason: 'interrupt' });
	trace.close();
	const instants = strictly(t, path).filter(({ ph }) => ph === 'i');
	t.deepEqual(
		instants.map(({ name }) => name),
		['spikes failed', 'notice', 'stopping'],
	);
	t.is(instants[0]?.args['failure'], 'threw Error: no "spikes"');
	t.is(instants[0]?.args['parameters'], "kind='a b'");
});

test('a trace is whole JSON while it is written, and what it holds does not stay in memory', (t) => {
	const path = place(t);
	const trace = traceFile(path, () => 0);
	strictly(t, path);
	trace.listen(planned);
	const seen: number[] = [];
	for (let i = 0; i < 5000; i++) {
		trace.listen(answered(i % 3, 1000 + i, 0.001));
		if (i % 500 === 0) seen.push(strictly(t, path).length);
	}
	t.deepEqual(
		[...seen].sort((a, b) => a - b),
		seen,
	);
	t.true((seen.at(-1) ?? 0) > 3000, 'it is in the file before the build ends');
	trace.close();
	t.is(strictly(t, path).filter(({ ph }) => ph === 'X').length, 5000);
});

test('a trace writes over a trace and over nothing else', async (t) => {
	const path = place(t);
	traceFile(path).close();
	const longer = traceFile(path);
	for (let i = 0; i < 50; i++) longer.listen(answered(0, i, 0.001));
	longer.close();
	traceFile(path).close();
	t.is(strictly(t, path).filter(({ ph }) => ph === 'X').length, 0, 'nothing of the old one is left');
	writeFileSync(path, 'export default scan({});\n');
	const { status, stderr, asked } = await scanmake(['--trace', path]);
	t.is(status, 2);
	t.regex(stderr, /is there and is no trace; --trace writes over traces only\. Name another file/);
	t.deepEqual(asked, [], 'nothing was built');
	t.is(readFileSync(path, 'utf8'), 'export default scan({});\n');
});

test('a place where no trace can be written is said before anything is built', async (t) => {
	const path = place(t);
	for (const [where, words] of [
		[join(path, 'x'), /could not be written: its folder does not exist/],
		[join(path, '..'), /could not be written: it is a folder/],
	] as const) {
		const { status, stderr, asked } = await scanmake(['--trace', where]);
		t.is(status, 3);
		t.regex(stderr, words);
		t.deepEqual(asked, []);
	}
});
