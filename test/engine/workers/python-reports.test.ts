// Reports are the same in whatever pieces they come; many small answers come as columns, large values in one piece.
import test from 'ava';
import fc from 'fast-check';
import { type PythonReport, reportReader } from '../../../engine/workers/python-reports.ts';
import { seeded } from '../../seeded.ts';

interface Row {
	readonly kind: number;
	readonly bundle: number;
	readonly task: number;
	readonly value: Uint8Array;
	readonly extra: string;
}

function bytesOf({ kind, bundle, task, value, extra }: Row): Buffer {
	const head = Buffer.alloc(56);
	const tail = Buffer.from(extra);
	head[0] = kind;
	head.writeUInt32LE(bundle, 4);
	head.writeUInt32LE(task, 8);
	head.writeFloatLE(task / 2, 12);
	head.writeUInt32LE(value.length, 16);
	head.writeUInt32LE(tail.length, 20);
	head.fill(task % 256, 24);
	return Buffer.concat([head, value, tail]);
}

/** What was told, one thing a task. */
function flat(reports: readonly PythonReport[]): readonly unknown[] {
	return reports.flatMap((report): readonly unknown[] => {
		if (report.kind !== 'answers') return [report];
		const { bundle, size, tasks, seconds, digests, offsets, bytes, extras } = report.answers;
		return Array.from({ length: size }, (_, i) => ({
			bundle,
			task: tasks[i],
			seconds: seconds[i],
			digest: digests[32 * i + 31],
			value: Buffer.from(bytes.subarray(offsets[i], offsets[i + 1])).toString('latin1'),
			extra: extras.get(i),
		}));
	});
}

function read(pieces: readonly Buffer[]): readonly PythonReport[] {
	const reports: PythonReport[] = [];
	const take = reportReader((report) => reports.push(report));
	for (const piece of pieces) take(piece);
	return reports;
}

const rows = fc.array(
	fc.record({
		kind: fc.constantFrom(1, 2, 2, 2, 2, 2, 3, 5),
		bundle: fc.nat(1),
		task: fc.nat(1000),
		value: fc
			.tuple(
				fc.oneof({ weight: 5, arbitrary: fc.nat(50) }, fc.constantFrom(128, 129, 16_000, 17_000, 50_000)),
				fc.nat(255),
			)
			.map(([size, fill]) => new Uint8Array(4 * size).fill(fill)),
		extra: fc.constantFrom('', '', '', '{"log":"é"}', JSON.stringify({ log: 'x'.repeat(20_000) })),
	}),
	{ maxLength: 12 },
);

test('reports are the same in whatever pieces they come', (t) => {
	fc.assert(
		fc.property(rows, fc.array(fc.nat(70_000)), (list, cuts) => {
			const all = Buffer.concat(list.map(bytesOf));
			const pieces: Buffer[] = [];
			let at = 0;
			for (const cut of cuts) {
				pieces.push(Buffer.from(all.subarray(at, at + cut)));
				at = Math.min(all.length, at + cut);
			}
			pieces.push(Buffer.from(all.subarray(at)));
			const wanted = list.flatMap((row) => flat(read([bytesOf(row)])));
			t.deepEqual(flat(read(pieces)), wanted);
			t.deepEqual(flat(read([all])), wanted);
		}),
		seeded(60),
	);
});

test('a byte at a time is enough', (t) => {
	const list = [1, 2, 2, 3].map((kind, task) => ({
		kind,
		bundle: 4,
		task,
		value: new Uint8Array(8).fill(task),
		extra: '',
	}));
	const all = Buffer.concat(list.map(bytesOf));
	t.deepEqual(flat(read([...all].map((byte) => Buffer.of(byte)))), flat(read([all])));
});

test('answers of one bundle that come together are given as columns', (t) => {
	const list = Array.from({ length: 100 }, (_, task) => ({
		kind: 2,
		bundle: task < 60 ? 1 : 2,
		task,
		value: Uint8Array.of(task),
		extra: task === 7 ? '{"log":"seven"}' : '',
	}));
	const reports = read([Buffer.concat(list.map(bytesOf))]);
	const sizes = reports.map((report) => (report.kind === 'answers' ? report.answers.size : 0));
	t.deepEqual(sizes, [60, 40]);
	const [first] = reports;
	if (first?.kind !== 'answers') return t.fail();
	t.deepEqual([...first.answers.extras], [[7, { log: 'seven' }]]);
	t.deepEqual(
		first.answers.tasks,
		Uint32Array.from({ length: 60 }, (_, i) => i),
	);
	t.deepEqual(
		first.answers.bytes,
		Uint8Array.from({ length: 60 }, (_, i) => i),
	);
});

test('a large value is one buffer of its size', (t) => {
	const value = new Uint8Array(1_000_000).fill(3);
	const row = bytesOf({ kind: 2, bundle: 1, task: 5, value, extra: '{"log":"x"}' });
	const pieces = Array.from({ length: Math.ceil(row.length / 65_536) }, (_, i) =>
		row.subarray(65_536 * i, 65_536 * (i + 1)),
	);
	const [report] = read(pieces);
	if (report?.kind !== 'answers') return t.fail();
	t.is(report.answers.bytes.buffer.byteLength, value.length);
	t.deepEqual(report.answers.bytes, value);
	t.deepEqual(report.answers.extras.get(0), { log: 'x' });
});
