// The user's functions in a space, `where`, `drop` and `derive`, asked about every row; and the sentence for what they
// did wrong. The first mistake of a function stands for all of them: a million rows are not a million problems.
import { type Column, narrowed, type Rows } from './columns.ts';
import type { Expression } from './expression.ts';
import { askEach } from './predicate.ts';
import type { Problem } from './problem.ts';
import { describeRow } from './rows.ts';
import { asValue, type Params, type Value, valuesAre, whatIs } from './value.ts';

type Asking = Extract<Expression, { readonly kind: 'where' | 'drop' | 'derive' }>;

/** 1 for the rows of which the function of a `where` or `drop` holds; undefined, and a problem, where it failed. */
export function yesOrNo(node: Asking, rows: Rows, problems: Problem[]): Uint8Array | undefined {
	const answers = new Uint8Array(rows.size);
	const wrong = askEach(rows, yes, answers);
	if (wrong === undefined) return answers;
	problems.push(complaint(node, rows, wrong));
	return undefined;

	function yes(params: Params): number {
		const answer = node.ask(params);
		if (answer instanceof Promise) throw new NoAnswer('gives a promise; it must answer at once: leave async out');
		return answer ? 1 : 0;
	}
}

/** The column that a `derive` computes; absent everywhere, and a problem, where its function failed. */
export function derivedColumn(node: Asking & { readonly kind: 'derive' }, rows: Rows, problems: Problem[]): Column {
	const known = new Map<Value, number>();
	const codes = new Uint32Array(rows.size);
	const wrong = askEach(rows, codeOf, codes);
	if (wrong !== undefined) {
		problems.push(complaint(node, rows, wrong));
		codes.fill(0);
	}
	return { name: node.name, values: [...known.keys()], codes: narrowed(codes, known.size), default: undefined };

	function codeOf(params: Params): number {
		const given = node.ask(params);
		const value = asValue(given);
		if (value === undefined) throw new NoAnswer(`gives ${whatIs(given)}; ${valuesAre}`);
		const code = known.get(value) ?? known.size + 1;
		known.set(value, code);
		return code;
	}
}

/** Thrown, and caught again, in this file alone: an answer that is none. */
class NoAnswer extends Error {}

function complaint(node: Asking, rows: Rows, wrong: { readonly row: number; readonly error: unknown }): Problem {
	const { error } = wrong;
	const word = node.kind === 'where' ? '.where: its function' : `.${node.kind}: the function of ${node.name}`;
	const set = describeRow(rows, wrong.row) || 'the set without parameters';
	if (error instanceof NoAnswer) {
		return { message: `${word} ${error.message}. It was asked about ${set}.`, stack: node.site };
	}
	const said = error instanceof Error ? error.message : String(error);
	const thrown = error instanceof Error ? error.stack : undefined;
	return { message: `${word} threw for ${set}: ${said}`, stack: thrown ?? node.site };
}
