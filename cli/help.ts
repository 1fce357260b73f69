// The help pages: one of all commands, one of each. Knows no command's doing, only what it says of itself.
import { type CommandType, type OptionList, optionsOf } from './command.ts';
import { laterCommands } from './words.ts';

const categories = ['Build', 'Look', 'Keep house', 'Set up'];
const always: OptionList['options'] = [
	{ names: ['-h', '--help'], takesValue: false, text: 'this page; behind a command, that of the command' },
	{ names: ['--version'], takesValue: false, text: 'the version' },
];

/** `scanmake --help`: all commands, the options, some examples. */
export function overview(types: readonly CommandType[]): string {
	const lists = types.map((type) => ({ type, options: optionsOf(type) }));
	const everywhere = lists
		.map(({ options }) => options)
		.reduce((common, options) => common.filter((one) => options.some((other) => other.names[0] === one.names[0])));
	const building = (lists.find(({ type }) => type.usage?.category === 'Build')?.options ?? []).filter(
		(option) => !everywhere.some((common) => common.names[0] === option.names[0]),
	);
	const groups = categories.map((category) => {
		const group = types.filter((type) => type.usage?.category === category);
		return section(category, rows(group.map((type) => [callOf(type), type.usage?.description ?? ''])));
	});
	const shown = types.flatMap((type) =>
		(type.usage?.examples ?? []).slice(0, type.usage?.category === 'Build' ? 3 : 1),
	);
	return [
		'scanmake [options] [target…]\n',
		'\nRuns what is missing of a parameter scan. Tasks that were done before, in this\n',
		'scan or another, are not done again.\n',
		...groups,
		section('Options everywhere', rows([...everywhere, ...always].map(optionRow))),
		section('Options of a build', rows(building.map(optionRow))),
		section('Examples', exampleLines(shown)),
		section(
			'Not there yet',
			wrapped(laterCommands.join(', '), 76).map((line) => `  ${line}`),
		),
	].join('');
}

/** `scanmake COMMAND --help`. */
export function commandHelp(type: CommandType): string {
	const description = type.usage?.description ?? '';
	const sentence = `${description.charAt(0).toUpperCase()}${description.slice(1)}.`;
	return [
		`scanmake ${callOf(type)}\n\n${wrapped(sentence, 78).join('\n')}\n`,
		section('Options', rows([...optionsOf(type), ...always].map(optionRow))),
		section('Examples', exampleLines(type.usage?.examples ?? [])),
	].join('');
}

function callOf(type: CommandType): string {
	const name = type.paths?.[0]?.join(' ') ?? '';
	return [name === 'build' ? '[build]' : name, type.shape].filter((word) => word !== '').join(' ');
}

function section(title: string, lines: readonly string[]): string {
	return lines.length === 0 ? '' : `\n${title}\n${lines.map((line) => `${line}\n`).join('')}`;
}

function exampleLines(examples: readonly (readonly [string, string])[]): readonly string[] {
	return examples.flatMap(([what, line]) => [`  # ${what}`, `  ${line.replace('$0', 'scanmake')}`]);
}

function optionRow(option: OptionList['options'][number]): readonly [string, string] {
	const [name, value] = [option.names.join(', '), (option.names.at(-1) ?? '').replace(/^-+/, '').toUpperCase()];
	return [option.takesValue ? `${name} ${valueNames[value] ?? value}` : name, option.text];
}

const valueNames: Readonly<Record<string, string>> = {
	JOBS: 'N',
	STORE: 'DIR',
	WHERE: "'…'",
	OUTPUT: 'FILE',
	FORMAT: 'NAME',
	TRACE: 'FILE',
};

/** Two columns on a page of 80 characters; a long left side gets a line of its own. */
function rows(pairs: readonly (readonly [string, string])[]): readonly string[] {
	const left = 26;
	return pairs.flatMap(([name, text]) => {
		const lines = wrapped(text, 76 - left);
		const head = name.length <= left ? [] : [`  ${name}`];
		const [first = '', ...others] = lines;
		const start = head.length > 0 ? ' '.repeat(left) : name.padEnd(left);
		return [...head, `  ${start}  ${first}`.trimEnd(), ...others.map((line) => `${' '.repeat(left + 4)}${line}`)];
	});
}

/** The text in lines of at most `width` characters, longer words aside. */
export function wrapped(text: string, width: number): readonly string[] {
	const lines: string[] = [];
	for (const word of text.split(' ')) {
		const last = lines.at(-1);
		if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
		else lines[lines.length - 1] = `${last} ${word}`;
	}
	return lines;
}
