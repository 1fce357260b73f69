// What is said of reads of the clock, the environment, chance and the network: in a function's body, which scanmake
// cannot see, and at the top level, where each worker reads anew. Knows nothing of what is reached.
import type { Code } from './items.ts';
import type { Mention } from './mentions.ts';

/** A remark with its place; one on an environment variable does not hold where the rule names the variable in `env`. */
export interface Warning {
	readonly message: string;
	readonly file: string | undefined;
	readonly line: number | undefined;
	readonly variable?: string | undefined;
}

interface Reading {
	readonly kind: 'environment' | 'chance' | 'clock' | 'network' | undefined;
	/** As the user wrote it. */
	readonly what: string;
	readonly variable?: string | undefined;
}

/** What exactly a mention reads, from the text around it. */
export function reading(code: Code, { kind, what, node }: Mention): Reading {
	const before = code.text.slice(Math.max(0, node.start - 4), node.start);
	const text = code.text.slice(node.start, node.start + 200).replace(/^globalThis\./, '');
	const environment = /^process\.env\b(?:\.([\w$]+)|\["([^"]+)"\])?/.exec(text);
	if (environment !== null) {
		const variable = environment[1] ?? environment[2];
		return { kind: 'environment', what: `process.env${variable === undefined ? '' : `.${variable}`}`, variable };
	}
	const clock = /^(?:process\.(?:hrtime|uptime)|Date\.now|performance\.(?:now|timeOrigin))\b/.exec(text);
	if (clock !== null) return { kind: 'clock', what: clock[0] };
	if (/^Date(\(\)|;)/.test(text) || (before === 'new ' && /^Date\b(?!\()/.test(text))) {
		return { kind: 'clock', what: before === 'new ' ? 'new Date()' : 'Date()' };
	}
	if (/^crypto\.(?:random|getRandom)/.test(text) || kind === 'chance') {
		return {
			kind: kind === 'chance' && !/^(?:Math|crypto\.(?:random|getRandom))/.test(text) ? undefined : 'chance',
			what,
		};
	}
	return { kind: kind === 'network' ? 'network' : undefined, what };
}

/** Remarks on the mentions in a function's body, or in what is evaluated at the top level. */
export function warningsOf(code: Code, name: string, mentions: readonly Mention[], where: 'body' | 'top'): Warning[] {
	return mentions.flatMap((mention) => {
		const read = reading(code, mention);
		const message = where === 'body' ? inBody(name, read) : atTop(name, read);
		if (message === undefined) return [];
		const place = code.place(mention.node);
		return [{ message, file: place?.file, line: place?.line, variable: read.variable }];
	});
}

function inBody(name: string, { kind, what, variable }: Reading): string | undefined {
	switch (kind) {
		case 'environment':
			return `${name} reads ${what} while it runs: a change of it reruns nothing. Name it in the rule: env: ["${variable ?? 'NAME'}"].`;
		case 'chance':
			return `${name} uses ${what}: its results cannot be repeated. Draw from params.seed (see .trials).`;
		case 'clock':
			return `${name} reads the clock (${what}): its results may differ from run to run and are kept as they are.`;
		case 'network':
			return `${name} uses ${what}: scanmake cannot see when the answer changes. Bump the rule's version when it does.`;
		default:
			return undefined;
	}
}

function atTop(name: string, { kind, what }: Reading): string | undefined {
	if (kind !== 'chance' && kind !== 'clock') return undefined;
	return `${name} is made with ${what} when the Scanfile is read: it differs in each worker and from run to run, so that its rules always rerun.`;
}
