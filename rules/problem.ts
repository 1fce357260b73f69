// A mistake in a Scanfile, as data: what it is and where it was written.
// Problems are collected and shown together; nothing here throws.

/** One mistake in a Scanfile. */
export interface Problem {
	/** A sentence that says what is wrong and what to do. */
	readonly message: string;
	/** Where it was written: a JavaScript stack, whose first frame outside scanmake is the place. */
	readonly stack?: string | undefined;
}

/** The text with a full stop, unless it ends in a question. */
export function sentence(text: string): string {
	return text.endsWith('?') ? text : `${text}.`;
}

/** The stack at the call of a public word, `word` itself and what is below it left out. */
export function callSite(word: (...args: never[]) => unknown): string {
	const holder: { stack?: string } = {};
	Error.captureStackTrace(holder, word);
	return holder.stack ?? '';
}
