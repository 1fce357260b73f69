// What a function threw, as a failure: a sentence and the user's own frames. Never throws itself.
// Knows nothing of tasks; the frames are put in source positions by whoever knows the bundle.
import type { Failure } from '../outcome.ts';
import { NotPlain } from '../value.ts';

const longest = 8 * 1024;
const mostRemembered = 1000;

/** The failure of a task whose function threw or rejected. */
export function thrownFailure(error: unknown, frames: (stack: string) => string): Failure {
	return { kind: 'threw', message: shorten(messageOf(error)), stack: shorten(frames(stackOf(error))) };
}

/** The failure of a task whose result cannot be kept; undefined where the error is another. */
export function plainFailure(error: unknown): Failure | undefined {
	if (!(error instanceof NotPlain)) return undefined;
	if (error.kind === 'work-path-in-result') return { kind: error.kind, path: error.path };
	return { kind: error.kind, path: error.path, what: error.what };
}

/** As `frames`, which is slow, but each stack's frames are looked up once: thousands of tasks fail in the same way. */
export function rememberingFrames(frames: (stack: string) => string): (stack: string) => string {
	const known = new Map<string, string>();
	return (stack) => {
		const start = stack.search(/^\s+at /m);
		if (start < 0) return stack;
		const raw = stack.slice(start);
		let found = known.get(raw);
		if (found === undefined) {
			if (known.size >= mostRemembered) known.clear();
			found = frames(raw);
			known.set(raw, found);
		}
		return stack.slice(0, start) + found;
	};
}

function messageOf(error: unknown): string {
	try {
		if (!(error instanceof Error)) return `a thrown ${typeof error}: ${String(error)}`;
		const cause = error.cause === undefined ? '' : ` (caused by: ${messageOf(error.cause)})`;
		return `${error.name === 'Error' ? '' : `${error.name}: `}${error.message}${cause}`;
	} catch {
		return 'something that cannot be shown';
	}
}

function stackOf(error: unknown): string {
	try {
		return error instanceof Error && typeof error.stack === 'string' ? error.stack : '';
	} catch {
		return '';
	}
}

function shorten(text: string): string {
	return text.length <= longest ? text : `${text.slice(0, longest)} …`;
}
