// The two kinds of error that leave the engine: what a user can mend, and what only we can.
// Knows no command line; the sentences are shown as they are.

/** Why scanmake could not go on: decides the exit status. */
export type ErrorKind = 'usage' | 'scanfile' | 'store' | 'disk' | 'executor';

/** One thing that is wrong, and where. */
export interface Complaint {
	readonly message: string;
	readonly file?: string | undefined;
	readonly line?: number | undefined;
}

/** A mistake that the user can mend: shown as sentences, never with a stack. */
export class UserError extends Error {
	readonly kind: ErrorKind;
	readonly problems: readonly Complaint[];

	constructor(kind: ErrorKind, problems: readonly Complaint[] | string) {
		const list = typeof problems === 'string' ? [{ message: problems }] : problems;
		super(list.map((problem) => problem.message).join('\n'));
		this.name = 'UserError';
		this.kind = kind;
		this.problems = list;
	}
}

/** An invariant of ours that does not hold: a defect of scanmake. */
export function bug(what: string): never {
	throw new Error(`scanmake has a defect: ${what}. Please report it with what you did.`);
}

/** Closes a switch over a union: does not compile while a case is missing. */
export function unreachable(value: never): never {
	return bug(`no case for ${JSON.stringify(value)}`);
}
