// Mistakes in a Scanfile and on the command line, with the real command: what was wrong, where, and what to do;
// nothing ran and nothing was written but what loading keeps.
import test from 'ava';
import { noInnards, project, words } from './project.ts';

interface Mistake {
	readonly title: string;
	readonly scanfile: string;
	readonly typed?: readonly string[];
	/** Each a part of what is said on standard error. */
	readonly says: readonly (RegExp | string)[];
}

const spikes = 'const spikes = simulate({ over: grid({ weight: [1, 2] }), run: (p) => p.weight });\n';
const good = `${words}${spikes}export default scan({ spikes });\n`;
/** A scan of one rule over a space that is wrong. */
const over = (space: string) =>
	`${words}const space: Open = ${space};\nexport default scan({ spikes: simulate({ over: space, run: () => 1 }) });\n`;

const inScanfile: readonly Mistake[] = [
	{
		title: 'a Scanfile that does not compile is named with the line',
		scanfile: `${words}const a = grid({ k: [1 });\n`,
		says: ['Scanfile.ts:2: This does not compile: Expected "]" but found "}"'],
	},
	{
		title: 'a Scanfile that imports a file that is not there says which and where',
		scanfile: `${words}import { f } from "./modle.ts";\nexport default scan({ a: simulate({ run: f }) });\n`,
		says: ['Scanfile.ts:2:', './modle.ts'],
	},
	{
		title: 'a Scanfile that throws is named with the line and the message',
		scanfile: `${words}\nconst settings = JSON.parse("{");\nexport default scan(settings);\n`,
		says: [/^Scanfile\.ts:3: Scanfile\.ts throws: SyntaxError: Expected property name/m],
	},
	{
		title: 'a Scanfile that ends the process is told not to',
		scanfile: `${words}process.exit(0);\n`,
		says: ['Scanfile.ts:2: process.exit is called', 'remove the call'],
	},
	{
		title: 'a Scanfile that exports nothing is shown what to write',
		scanfile: `${words}${spikes}scan({ spikes });\n`,
		says: ['Scanfile.ts has no default export', 'export default scan({'],
	},
	{
		title: 'rules that go in a circle are named in their order',
		scanfile: `${words}const from: Open = {};
const a = simulate({ over: grid({ k: [1] }), from, run: () => 1 });
const b = simulate({ over: grid({ k: [1] }), from: { a }, run: () => 1 });
from.b = b;
export default scan({ a, b });\n`,
		says: [/^Scanfile\.ts:[34]: The rules go in a circle: (a → b → a|b → a → b)\. .*take one 'from' out/m],
	},
	{
		title: 'a target cannot have the name of a command, of a later one neither',
		scanfile: `${words}${spikes}export default scan({ plan: spikes, doctor: spikes });\n`,
		says: [
			'Scanfile.ts:3: scan: plan is a command of scanmake',
			'Scanfile.ts:3: scan: doctor is a command of scanmake',
			'rename it',
		],
	},
	{
		title: 'an unknown parameter in by is told the nearest',
		scanfile: `${words}${spikes}const mean = aggregate({ from: spikes, by: ["wieght"] as Open, run: () => 1 });
export default scan({ mean });\n`,
		says: [/^Scanfile\.ts:3: aggregate mean: .*wieght.*did you mean weight\?$/m],
	},
	{
		title: 'NaN and a Date are no values of a parameter',
		scanfile: over('grid({ k: [1, NaN], day: [new Date(0)] as Open })'),
		says: ['Scanfile.ts:2: grid: k[1] is NaN', 'Scanfile.ts:2: grid: day[0] is a Date', 'a finite number, a string'],
	},
	{
		title: 'a zip of unequal lengths says the lengths',
		scanfile: over('zip({ k: [1, 2], d: [1, 2, 3] })'),
		says: ['Scanfile.ts:2: zip:', 'k has 2, d has 3'],
	},
	{
		title: 'a name on both sides of times is named',
		scanfile: over('grid({ k: [1] }).times(grid({ k: [2] }) as Open)'),
		says: ['Scanfile.ts:2: .times: both sides have k'],
	},
	{
		title: 'a task without an input names its parameter set',
		scanfile: `${words}const input = generate({ over: grid({ k: [1, 2] }), run: (p) => p.k });
const s = simulate({ over: grid({ k: [2, 3] }), from: { input }, run: (p) => p.k });
export default scan({ s });\n`,
		says: [/^Scanfile\.ts:3: s k=3 has no task of s\.input/m],
	},
	{
		title: 'every path of uses that matches nothing is listed',
		scanfile: `${words}export default scan({
	s: simulate({ over: grid({ k: [1] }), uses: ["data/*.csv", "cell.param"], run: (p) => p.k }),
});\n`,
		says: [
			"Scanfile.ts:3: s: uses: 'data/*.csv' matches no file",
			"Scanfile.ts:3: s: uses: 'cell.param' matches no file",
		],
	},
];

const onCommandLine: readonly Mistake[] = [
	{
		title: 'a target that does not exist is told the nearest',
		scanfile: good,
		typed: ['spkies'],
		says: ['neither a command nor a target spkies. Did you mean spikes?'],
	},
	{
		title: 'so is the target of a command',
		scanfile: good,
		typed: ['table', 'spkies'],
		says: ['no target spkies. Did you mean spikes?'],
	},
	{
		title: 'an unknown parameter in --where is told the nearest',
		scanfile: good,
		typed: ['--where', 'wieght=1'],
		says: ['--where: there is no parameter wieght. Did you mean weight?'],
	},
	{
		title: 'a condition that cannot be read is quoted',
		scanfile: good,
		typed: ['plan', '--where', 'weight==, k'],
		says: ['"weight=="', 'there is no value after =='],
	},
	{
		title: 'an option that is misspelt is told the nearest',
		scanfile: good,
		typed: ['--dry-rnu'],
		says: ['no option --dry-rnu. Did you mean --dry-run?'],
	},
	{
		title: 'a command of a later time says so',
		scanfile: good,
		typed: ['verify', 'spikes'],
		says: ['scanmake verify is not there yet'],
	},
	{
		title: 'words of show that fit several tasks are answered with one to copy',
		scanfile: good,
		typed: ['show', 'spikes'],
		says: ['2 parameter sets of spikes fit', 'weight=1'],
	},
	{
		title: 'words of show that fit no task say where to look',
		scanfile: good,
		typed: ['show', 'spikes', 'weight=3'],
		says: ['spikes has no parameter set with weight=3', 'scanmake table spikes'],
	},
];

for (const { title, scanfile, typed = [], says } of [...inScanfile, ...onCommandLine]) {
	test(`${title}; exit status 2`, async (t) => {
		const { scanmake } = project(t, { 'Scanfile.ts': scanfile });
		const ended = await scanmake(...typed);
		t.is(ended.status, 2, ended.stderr);
		t.is(ended.stdout, '');
		for (const part of says) {
			if (typeof part === 'string') t.true(ended.stderr.includes(part), `${part}\nis not in\n${ended.stderr}`);
			else t.regex(ended.stderr, part);
		}
		noInnards(t, ended);
	});
}

test('a Scanfile that does not exist is named, and how to name one is said', async (t) => {
	const { scanmake } = project(t, {});
	const named = await scanmake('-f', 'Nope.ts');
	t.is(named.status, 2);
	t.regex(named.stderr, /no Scanfile Nope\.ts.*-f FILE/);
	const searched = await scanmake();
	t.is(searched.status, 2);
	t.regex(searched.stderr, /no Scanfile\.ts in .* or above it/);
	noInnards(t, searched);
});

test('all problems of one Scanfile are listed together, each with its line', async (t) => {
	const { scanmake } = project(t, {
		'Scanfile.ts': `${words}const a = simulate({ over: grid({ k: [NaN] }), run: (p) => p.k });
const b = simulate({ over: zip({ k: [1], j: [1, 2] }), run: (p) => p.k });
const c = aggregate({ from: a, by: ["kk"] as Open, run: () => 1 });
export default scan({ a, b, c, gc: a });\n`,
	});
	const ended = await scanmake();
	t.is(ended.status, 2);
	const lines = ended.stderr.trimEnd().split('\n');
	t.deepEqual(lines.map((line) => line.slice(0, 14)).sort(), [
		'Scanfile.ts:2:',
		'Scanfile.ts:3:',
		'Scanfile.ts:4:',
		'Scanfile.ts:5:',
	]);
	const asJson = await scanmake('--json');
	t.is(asJson.status, 2);
	const { ok, problems } = JSON.parse(asJson.stdout) as { ok: boolean; problems: Record<string, unknown>[] };
	t.false(ok);
	t.deepEqual(
		problems.map(({ message, file, line }) => `${file}:${line}: ${message}`),
		lines,
	);
	t.deepEqual(Object.keys(problems[0] ?? {}), ['message', 'file', 'line']);
	t.is(asJson.stderr, '');
});

test('a mistake in a module is shown in that module, relative to the Scanfile', async (t) => {
	const { scanmake } = project(t, {
		'Scanfile.ts': `import { scan } from "scanmake";\nimport { spikes } from "./lib/rules.ts";\nexport default scan({ spikes });\n`,
		'lib/rules.ts': `${words}\nexport const spikes = simulate({ over: grid({ k: [Infinity] }), run: (p) => p.k });\n`,
	});
	const ended = await scanmake();
	t.is(ended.status, 2);
	t.regex(ended.stderr, /^lib\/rules\.ts:3: grid: k\[0\] is Infinity/m);
});

test('what a Scanfile prints while it is read goes to standard error', async (t) => {
	const { scanmake } = project(t, {
		'Scanfile.ts': `${words}console.log("reading");\n${spikes}export default scan({ spikes });\n`,
	});
	const ended = await scanmake('--json');
	t.is(ended.status, 0);
	t.regex(ended.stderr, /reading/);
	t.true((JSON.parse(ended.stdout) as { ok: boolean }).ok);
});
