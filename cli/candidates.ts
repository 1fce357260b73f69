// What may stand at the end of a half-typed command line: commands, options, targets, parameters and their values.
// Decides on words alone; what the scan has is asked for only where it is needed. Knows no shell.
import type { CommandType, OptionList } from './command.ts';
import { arrange, valueOptions } from './words.ts';

/** One way to go on, and what it is. */
export interface Candidate {
	readonly word: string;
	readonly text?: string | undefined;
}

/** How a word goes on: with one of some words, or as the path of a file or folder. */
export type Completion = 'files' | 'folders' | readonly Candidate[];

/** What is known of a scan; `ScanNames` of the engine. */
export interface Known {
	readonly targets: readonly string[];
	parametersOf(target: string): readonly string[];
	conditionsOf(target: string, parameter: string): readonly string[];
}

/** Where completion looks things up. */
export interface Sources {
	commands(): Promise<readonly CommandType[]>;
	optionsOf(type: CommandType): OptionList['options'];
	/** The scan that the words name with --file; undefined where it cannot be read. */
	scan(words: readonly string[]): Promise<Known | undefined>;
}

const formats: Readonly<Record<string, readonly string[]>> = {
	table: ['csv', 'json', 'jsonl'],
	graph: ['mermaid', 'dot', 'json'],
};

/** How the last word goes on; `words` are those behind `scanmake`, the last one (perhaps empty) is being typed. */
export async function completionOf(words: readonly string[], sources: Sources): Promise<Completion> {
	const current = words.at(-1) ?? '';
	const before = words.slice(0, -1);
	const all = await allOf(before, current, sources);
	if (typeof all === 'string') return all;
	return all.filter(({ word }) => word.startsWith(current) && (word !== current || current === ''));
}

async function allOf(before: readonly string[], current: string, sources: Sources): Promise<Completion> {
	const { command, named, words } = arrange(before);
	const option = before.at(-1) ?? '';
	const positions = targetsIn(words);
	if (valueOptions.includes(option) && !before.slice(0, -1).includes('--')) {
		return optionValue(option, { command, current, targets: positions }, () => sources.scan(words));
	}
	const types = await sources.commands();
	const type = types.find((one) => one.paths?.[0]?.[0] === command);
	if (current.startsWith('-') && !before.includes('--')) {
		const options = type === undefined ? [] : sources.optionsOf(type);
		return options.flatMap(({ names, text }) => names.map((word) => ({ word, text })));
	}
	switch (command) {
		case 'completion':
			return positions.length === 0 ? asWords(['bash', 'zsh', 'fish']) : [];
		case 'init':
			return positions.length === 0 ? 'folders' : [];
		case 'doctor':
		case 'graph':
		case 'gc':
			return [];
		default:
	}
	const scan = await sources.scan(words);
	const targets = (scan?.targets ?? []).map((word) => ({ word, text: 'target' }));
	if (command === 'build' || command === 'plan') {
		const rest = targets.filter(({ word }) => !positions.includes(word));
		if (named || positions.length > 0) return rest;
		const commands = types.map((one) => ({ word: one.paths?.[0]?.[0] ?? '', text: one.usage?.description }));
		return [...commands, ...rest];
	}
	const [target] = positions;
	if (target === undefined) return targets;
	if (command === 'checkout') return 'folders';
	return command === 'show' || command === 'why' ? conditions(scan, target, positions.slice(1), current) : [];
}

/** Words that are neither options nor their values. */
function targetsIn(words: readonly string[]): readonly string[] {
	const found: string[] = [];
	for (let at = 0; at < words.length; at++) {
		const word = words[at] ?? '';
		if (word === '--') return [...found, ...words.slice(at + 1)];
		if (valueOptions.includes(word)) at++;
		else if (!word.startsWith('-')) found.push(word);
	}
	return found;
}

async function optionValue(
	option: string,
	typed: { readonly command: string; readonly current: string; readonly targets: readonly string[] },
	scan: () => Promise<Known | undefined>,
): Promise<Completion> {
	switch (option) {
		case '-f':
		case '--file':
		case '-o':
		case '--output':
		case '--trace':
			return 'files';
		case '--store':
			return 'folders';
		case '--format':
			return asWords(formats[typed.command] ?? []);
		case '--where': {
			const known = await scan();
			const targets = typed.targets.length > 0 ? typed.targets : (known?.targets ?? []);
			const start = /^.*,\s*/s.exec(typed.current)?.[0] ?? '';
			const last = typed.current.slice(start.length);
			const lists = targets.map((target) => conditions(known, target, [], last));
			const seen = new Map(lists.flat().map((candidate) => [candidate.word, candidate]));
			return [...seen.values()].map(({ word, text }) => ({ word: `${start}${word}`, text }));
		}
		default:
			return [];
	}
}

/** `name=`, and behind it the values; names that were given before are left out. */
function conditions(
	scan: Known | undefined,
	target: string,
	given: readonly string[],
	current: string,
): readonly Candidate[] {
	const name = /^([^=]*)=/.exec(current)?.[1];
	if (name !== undefined) return asWords(scan?.conditionsOf(target, name) ?? []);
	const names = (scan?.parametersOf(target) ?? []).filter((one) => !given.some((word) => word.startsWith(`${one}=`)));
	return names.map((word) => ({ word: `${word}=`, text: 'parameter' }));
}

function asWords(words: readonly string[]): readonly Candidate[] {
	return words.map((word) => ({ word }));
}

/** The words of a line that a POSIX shell has, up to the cursor: the last one may be empty, or its quotes still open. */
export function wordsOfLine(line: string): readonly string[] {
	const words: string[] = [];
	let word: string | undefined;
	let quote = '';
	for (let at = 0; at < line.length; at++) {
		const sign = line[at] ?? '';
		if (quote === '' && /\s/.test(sign)) {
			if (word !== undefined) words.push(word);
			word = undefined;
			continue;
		}
		word ??= '';
		if (sign === quote) quote = '';
		else if (quote === '' && (sign === "'" || sign === '"')) quote = sign;
		else if (sign === '\\' && quote !== "'" && at + 1 < line.length) {
			const next = line[++at] ?? '';
			word += quote === '"' && !/["\\$`]/.test(next) ? `\\${next}` : next;
		} else word += sign;
	}
	return [...words, word ?? ''];
}
