// The log of the running task, in shared memory so that it outlives the thread: its beginning and its end, the middle
// left out where it is long. Knows nothing of when a task begins or ends.
import { logPartBytes, type Shared } from './shared.ts';

/** Forgets the log of the task before. */
export function resetLog(shared: Shared): void {
	shared.numbers[1] = 0;
}

/** Adds a text to the log. */
export function appendLog(shared: Shared, text: string | Uint8Array): void {
	const bytes = typeof text === 'string' ? Buffer.from(text) : text;
	const size = shared.numbers[1] ?? 0;
	const inHead = Math.max(0, Math.min(bytes.length, logPartBytes - size));
	shared.logHead.set(bytes.subarray(0, inHead), Math.min(size, logPartBytes));
	// Of what does not fit, only the last bytes can be seen in the end.
	const from = Math.max(inHead, bytes.length - logPartBytes);
	let at = (size + from - logPartBytes) % logPartBytes;
	for (let i = from; i < bytes.length; ) {
		const count = Math.min(bytes.length - i, logPartBytes - at);
		shared.logTail.set(bytes.subarray(i, i + count), at);
		i += count;
		at = 0;
	}
	shared.numbers[1] = size + bytes.length;
}

/** The log as text; undefined where nothing was logged. */
export function readLog(shared: Shared): string | undefined {
	const size = shared.numbers[1] ?? 0;
	if (size === 0) return undefined;
	const head = Buffer.from(shared.logHead.slice(0, Math.min(size, logPartBytes)));
	const inTail = Math.min(size - head.length, logPartBytes);
	if (inTail === 0) return head.toString();
	const at = size % logPartBytes;
	const pieces =
		inTail < logPartBytes
			? [[0, inTail]]
			: [
					[at, inTail],
					[0, at],
				];
	const tail = Buffer.concat(pieces.map(([start, end]) => shared.logTail.slice(start, end)));
	const leftOut = size - head.length - tail.length;
	return logText(head, leftOut, tail);
}

/** A log as text: its beginning, how many bytes are left out, and its end. */
export function logText(head: Buffer, leftOut: number, tail: Buffer): string {
	if (leftOut === 0) return Buffer.concat([head, tail]).toString();
	return `${head.toString()}\n[scanmake left out ${leftOut} bytes of the log here]\n${tail.toString()}`;
}

/** Sends what is written to a stream to `append`, whatever it was meant for. */
export function captureStream(stream: NodeJS.WriteStream, append: (text: string | Uint8Array) => void): void {
	type Done = (error?: Error | null) => void;
	stream.write = (text: string | Uint8Array, encoding?: BufferEncoding | Done, done?: Done): boolean => {
		append(typeof text === 'string' && typeof encoding === 'string' ? Buffer.from(text, encoding) : text);
		const callback = typeof encoding === 'function' ? encoding : done;
		if (callback !== undefined) process.nextTick(callback);
		return true;
	};
}
