// Sentences in lines as wide as the terminal, the second and further ones set in. Who reads by a program gets one line each.
import type { Output } from './context.ts';
import { wrapped } from './help.ts';

/** How many characters fit in a line. */
export function lineWidth(output: Output): number {
	return output.isTerminal ? Math.max(20, output.columns()) : Number.POSITIVE_INFINITY;
}

/** The text in lines that begin with `indent`, and those behind the first with two spaces more. */
export function hanging(text: string, indent: string, width: number): readonly string[] {
	return wrapped(text, width - indent.length - 2).map((line, at) => `${indent}${at === 0 ? '' : '  '}${line}`);
}
