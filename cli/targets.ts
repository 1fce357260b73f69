// The targets that stand on a command line: whether they exist, and what may have been meant.
// Knows no engine, only the names it has.
import { UserError } from '../engine/errors.ts';
import { nearest } from '../rules/nearest.ts';
import { commandNames, isCommand } from './words.ts';

/** What has targets by name. */
interface Named {
	readonly targets: readonly { readonly name: string }[];
}

/** Each target once; throws a UserError that lists all words that are none. `mayBeCommand`: the first may be a misspelt command. */
export function knownTargets(scan: Named, words: readonly string[], mayBeCommand = false): readonly string[] {
	const names = scan.targets.map((target) => target.name);
	const unknown = words.filter((word) => !names.includes(word));
	if (unknown.length === 0) return [...new Set(words)];
	const problems = unknown.map((word) => ({
		message: unknownTarget(word, names, mayBeCommand && word === words[0]),
	}));
	throw new UserError('usage', problems);
}

/** The first word, which a command needs; `more` words may follow. Throws a UserError. */
export function firstTarget(command: string, words: readonly string[], more: number): string {
	const [target, ...rest] = words;
	if (target === undefined) {
		throw new UserError(
			'usage',
			`scanmake ${command} needs the name of a target. scanmake ${command} --help shows how.`,
		);
	}
	if (rest.length <= more) return target;
	const extra = JSON.stringify(rest[more]);
	throw new UserError(
		'usage',
		`scanmake ${command}: ${extra} is one word too many. scanmake ${command} --help shows how.`,
	);
}

/** Throws a UserError where there is no such target; rules without a name of their own (`spikes.input`) are left to the engine. */
export function checkTarget(scan: Named, name: string): void {
	if (!name.includes('.')) knownTargets(scan, [name]);
}

function unknownTarget(word: string, names: readonly string[], mayBeCommand: boolean): string {
	if (isCommand(word)) return `${word} is a command and no target: it stands first, as in scanmake ${word}.`;
	if (mayBeCommand && word === 'help') return 'There is no target help. scanmake --help shows what there is.';
	const what = mayBeCommand ? `neither a command nor a target ${word}` : `no target ${word}`;
	const near = nearest(word, mayBeCommand ? [...names, ...commandNames] : names);
	if (near !== undefined) return `There is ${what}. Did you mean ${near}?`;
	return `There is ${what}. The targets are ${names.join(', ')}.`;
}
