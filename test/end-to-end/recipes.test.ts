// Options that every recipe has, through each kind of it: a function, a function of Python, a command, a shell line. What ran
// and what the recipe saw is the assertion.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { pythonWith } from '../python.ts';
import { type Built, type Project, project } from './project.ts';

interface Recipe {
	readonly what: string;
	/** The expression given as `run`. Each counts its tries in $TRIES, fails the first $FAILS times, and gives `Seen`. */
	readonly run: string;
	readonly files: Readonly<Record<string, string>>;
	/** How the first failure is worded. */
	readonly failure: RegExp;
}

/** What a task saw of its parameters and its environment; a program prints its words as text. */
interface Seen {
	readonly level: string;
	readonly seed: number | string;
}

const script = `#!/bin/sh
echo try >> "$TRIES/$1"
[ "$(wc -l < "$TRIES/$1")" -gt "$FAILS" ] || exit 3
printf '{"level": "%s", "seed": "%s"}' "$LEVEL" "$2"
`;

const model = `import os

def simulate(a, seed):
    """Fails the first times."""
    assert isinstance(a, int) and isinstance(seed, int) and 0 <= seed < 2**31, (a, seed)
    path = os.path.join(os.environ["TRIES"], str(a))
    with open(path, "a") as tries:
        tries.write("try\\n")
    with open(path) as tries:
        if len(tries.readlines()) <= int(os.environ["FAILS"]):
            raise RuntimeError("not yet")
    return {"level": os.environ.get("LEVEL"), "seed": seed}
`;

const recipes: readonly Recipe[] = [
	{
		what: 'a function',
		run: `(p) => {
			const path = process.env.TRIES + "/" + p.a;
			appendFileSync(path, "try\\n");
			if (readFileSync(path, "utf8").split("\\n").length - 1 <= Number(process.env.FAILS)) throw new Error("not yet");
			return { level: process.env.LEVEL, seed: p.seed };
		}`,
		files: {},
		failure: /threw Error: not yet \(Scanfile\.ts:\d+\)/,
	},
	{
		what: 'a function of Python',
		run: 'python("model.py", "simulate")',
		files: { 'model.py': model },
		failure: /threw RuntimeError: not yet \(model\.py:11\)/,
	},
	{
		what: 'a command',
		run: 'command(["sh", "run.sh", param("a"), param("seed")], json())',
		files: { 'run.sh': script },
		failure: /sh ended with exit status 3/,
	},
	{
		what: 'a shell line',
		run: `shell.with(json())\`echo begun >&2; sh run.sh \${param("a")} \${param("seed")} | cat
			[ "$(wc -l < "$TRIES"/\${param("a")})" -gt "$FAILS" ] || exit 3\``,
		files: { 'run.sh': script },
		failure: /ended with exit status 3/,
	},
];

/** A scan of two tasks, and builds of it in an environment. */
interface Ground {
	readonly one: Project;
	options(text: string): void;
	build(env?: Readonly<Record<string, string>>): Promise<Built['did']>;
	seen(): Promise<readonly (Seen & { readonly a: number; readonly 'result.seed': number | string })[]>;
	/** How often the task of this `a` was tried since this was last asked. */
	tries(a: number): number;
}

function ground(t: ExecutionContext, recipe: Recipe): Ground | undefined {
	if (recipe.what === 'a function of Python' && pythonWith() === undefined) {
		t.log('skipped: there is no python3 of 3.8 or newer');
		t.pass();
		return undefined;
	}
	const one = project(t, recipe.files);
	mkdirSync(one.path('.tries'));
	const known = new Map<number, number>();
	const options = (text: string): void =>
		one.write(
			'Scanfile.ts',
			`import { appendFileSync, readFileSync } from "node:fs";
import { command, grid, json, param, python, scan, shell, simulate } from "scanmake";
export default scan({ s: simulate({ over: grid({ a: [1, 2] }).trials(1), ${text} run: ${recipe.run} }) });
`,
		);
	options('');
	let given: Readonly<Record<string, string>> = {};
	return {
		one,
		options,
		async build(env = {}) {
			given = { TRIES: one.path('.tries'), FAILS: '0', LEVEL: 'low', ...env };
			const ended = await one.start(['--json', '-j', '2'], given).ended;
			const report = JSON.parse(ended.stdout) as { targets?: readonly Record<string, number>[]; problems?: unknown };
			if (report.targets === undefined) t.fail(ended.stdout);
			const [{ reused, ran, failed } = {}] = report.targets ?? [];
			t.regex(ended.stderr, (failed ?? 0) > 0 ? recipe.failure : /^/);
			return { s: `reused ${reused}, ran ${ran}, failed ${failed}` };
		},
		async seen() {
			// what the environment is now decides which results are those of the scan
			return JSON.parse((await one.start(['table', 's', '--json'], given).ended).stdout) as never;
		},
		tries(a) {
			const path = one.path(`.tries/${a}`);
			const all = existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
			const before = known.get(a) ?? 0;
			known.set(a, all);
			return all - before;
		},
	};
}

const nothing = { s: 'reused 2, ran 0, failed 0' };
const everything = { s: 'reused 0, ran 2, failed 0' };
const failures = { s: 'reused 0, ran 0, failed 2' };

for (const recipe of recipes) {
	test.serial(
		`${recipe.what} runs again when its version is another, and is reused when it is the old one again`,
		async (t) => {
			const made = ground(t, recipe);
			if (made === undefined) return;
			const { one, options, build } = made;
			options('version: 1,');
			t.deepEqual(await build(), everything);
			t.deepEqual(await build(), nothing);
			options('version: 2,');
			const plan = await one.scanmake('plan');
			t.regex(plan.stdout, /^2 of `s` to run: its version went from 1 to 2\.$/m);
			t.deepEqual(await build(), everything);
			options('version: 1,');
			t.deepEqual(await build(), nothing);
			options('version: "1",');
			t.deepEqual(await build(), everything, 'a text is no number');
		},
	);

	test.serial(
		`${recipe.what} sees the environment, and runs again when a variable that it names is another`,
		async (t) => {
			const made = ground(t, recipe);
			if (made === undefined) return;
			const { options, build, seen } = made;
			const levels = async () => (await seen()).map(({ level }) => level);
			options('env: ["LEVEL"],');
			t.deepEqual(await build(), everything);
			t.deepEqual(await levels(), ['low', 'low']);
			t.deepEqual(await build({ LEVEL: 'high' }), everything);
			t.deepEqual(await levels(), ['high', 'high']);
			t.deepEqual(await build({ LEVEL: 'high', OTHER: 'x' }), nothing, 'one that is not named is not in the key');
			t.deepEqual(await build({ LEVEL: 'low' }), nothing, 'what was computed is still there');
			t.deepEqual(await levels(), ['low', 'low']);
		},
	);

	test.serial(
		`${recipe.what} that fails is tried again as often as retries says, and the attempt is recorded`,
		async (t) => {
			const made = ground(t, recipe);
			if (made === undefined) return;
			const { one, options, build, tries } = made;
			t.deepEqual(await build({ FAILS: '1' }), failures, 'without retries once is all');
			t.deepEqual([tries(1), tries(2)], [1, 1]);
			options('retries: 2,');
			t.deepEqual(await build({ FAILS: '4' }), failures);
			t.deepEqual([tries(1), tries(2)], [3, 3]);
			t.deepEqual(await build({ FAILS: '6' }), everything);
			t.deepEqual([tries(1), tries(2)], [3, 3]);
			const shown = await one.scanmake('show', 's', 'a=1', 'trial=0', '--json');
			t.is((JSON.parse(shown.stdout) as { attempt: number }).attempt, 3);
			t.regex((await one.scanmake('show', 's', 'a=2', 'trial=0')).stdout, /^ {2}attempt +3$/m);
			options('retries: 5,');
			t.deepEqual(await build(), nothing, 'how often it may be tried is not in the key');
		},
	);

	test.serial(`${recipe.what} gets the seed that tables show`, async (t) => {
		const made = ground(t, recipe);
		if (made === undefined) return;
		t.deepEqual(await made.build(), everything);
		for (const { seed, 'result.seed': got } of await made.seen()) {
			t.true(Number.isInteger(seed) && Number(seed) >= 0 && Number(seed) < 2 ** 31, `${seed}`);
			t.deepEqual(got, recipe.what.includes('function') ? seed : String(seed));
		}
	});
}

test('a seed is what numpy makes a generator of, the same in every build', async (t) => {
	const python = pythonWith('numpy');
	if (python === undefined) {
		t.log('skipped: there is no python3 of 3.8 or newer with numpy');
		t.pass();
		return;
	}
	const one = project(t, {
		'model.py': `import numpy

def draw(seed):
    assert type(seed) is int, type(seed)
    numpy.random.seed(seed)
    return numpy.random.default_rng(seed).random(3)
`,
		'Scanfile.ts': `import { grid, python, scan, simulate } from "scanmake";
export default scan(
	{ s: simulate({ over: grid({ a: [1, 2] }).trials(2), run: python("model.py", "draw") }) },
	{ python: ${JSON.stringify(python)} },
);
`,
	});
	t.is((await one.build()).did['s'], 'ran 4');
	const rows = JSON.parse((await one.scanmake('table', 's', '--json')).stdout) as { seed: number; result: number[] }[];
	t.is(new Set(rows.map(({ result }) => result.join())).size, 4);
	const other = project(t, { 'model.py': one.read('model.py'), 'Scanfile.ts': one.read('Scanfile.ts') });
	await other.build();
	t.deepEqual(JSON.parse((await other.scanmake('table', 's', '--json')).stdout), rows);
});

test('files go from every kind of recipe to every other, and into aggregates of both languages', async (t) => {
	if (pythonWith() === undefined) {
		t.log('skipped: there is no python3 of 3.8 or newer');
		t.pass();
		return;
	}
	const one = project(t, {
		'model.py': `def write(a, io):
    with open(io.out("one.txt"), "w") as file:
        file.write("python %d" % a)

def read(params, inputs, io):
    texts = []
    for name in ("code", "python", "line", "words"):
        with open(io.in_(name, "one.txt")) as file:
            texts.append(file.read().strip())
    return texts

def gather(rows):
    texts = []
    for row in rows:
        with open(row.file("one.txt")) as file:
            texts.append(file.read())
    return texts
`,
		'Scanfile.ts': `import { readFileSync, writeFileSync } from "node:fs";
import { aggregate, command, file, grid, out, param, python, scan, shell, simulate, text } from "scanmake";
const over = grid({ a: [1, 2] });
const code = simulate({ over, run: (p, _inputs, io) => writeFileSync(io.out("one.txt"), "code " + p.a) });
const py = simulate({ over, run: python("model.py", "write") });
const line = simulate({ over, run: shell\`echo line \${param("a")} > \${out("one.txt")}\` });
const words = simulate({ over, run: command(["sh", "-c", 'echo words "$1" > "$2"', "sh", param("a"), out("one.txt")]) });
const from = { code, python: py, line, words };
const inPython = simulate({ over, from, run: python("model.py", "read") });
const inCode = simulate({
	over,
	from,
	run: (_p, _inputs, io) =>
		(["code", "python", "line", "words"] as const).map((name) => readFileSync(io.in(name, "one.txt"), "utf8").trim()),
});
const inCommand = simulate({
	over,
	from,
	run: command(
		["awk", "1", file("code", "one.txt"), file("python", "one.txt"), file("line", "one.txt"), file("words", "one.txt")],
		text(),
	),
});
const ofPython = aggregate({ from: py, by: [], run: (rows) => rows.map((row) => readFileSync(row.file("one.txt"), "utf8")) });
const ofCode = aggregate({ from: code, by: [], run: python("model.py", "gather") });
export default scan({ inPython, inCode, inCommand, ofPython, ofCode });
`,
	});
	const built = await one.build('-j', '2');
	t.is(built.status, 0, built.stderr);
	const results = async (target: string) =>
		(JSON.parse((await one.scanmake('table', target, '--json')).stdout) as { result: unknown }[]).map(
			({ result }) => result,
		);
	const known = [1, 2].map((a) => ['code', 'python', 'line', 'words'].map((name) => `${name} ${a}`));
	t.deepEqual(await results('inPython'), known);
	t.deepEqual(await results('inCode'), known);
	t.deepEqual(
		await results('inCommand'),
		known.map((lines) => `${lines.join('\n')}\n`),
	);
	t.deepEqual(await results('ofPython'), [['python 1', 'python 2']]);
	t.deepEqual(await results('ofCode'), [['code 1', 'code 2']]);
});

test('an array of numpy with two axes keeps them: in tables, on the page of its task, and for a function of either language', async (t) => {
	const python = pythonWith('numpy');
	if (python === undefined) {
		t.log('skipped: there is no python3 of 3.8 or newer with numpy');
		t.pass();
		return;
	}
	const one = project(t, {
		'model.py': `import numpy

def draw(a):
    return {"matrix": a * numpy.arange(6.0).reshape(2, 3), "counts": numpy.arange(3), "mean": numpy.float32(0.5)}

def turn(params, inputs):
    assert isinstance(inputs.drawn["matrix"], numpy.ndarray) and inputs.drawn["counts"].dtype == numpy.int64
    return inputs.drawn["matrix"].T
`,
		'Scanfile.ts': `import { grid, python, scan, simulate } from "scanmake";
interface Drawn { matrix: Float64Array & { shape: number[] }; counts: Float64Array; mean: number }
const over = grid({ a: [1, 2] });
const drawn = simulate({ over, run: python<Drawn>("model.py", "draw") });
const seen = simulate({ over, from: { drawn }, run: (_p, { drawn }) => [...drawn.matrix.shape, drawn.matrix[5] ?? NaN] });
const turned = simulate({ over, from: { drawn }, run: python("model.py", "turn") });
export default scan({ drawn, seen, turned }, { python: ${JSON.stringify(python)} });
`,
	});
	const built = await one.build();
	t.is(built.status, 0, built.stderr);
	const csv = 'a,matrix,counts,mean\n1,"[[0,1,2],[3,4,5]]","[0,1,2]",0.5\n2,"[[0,2,4],[6,8,10]]","[0,1,2]",0.5\n';
	t.is((await one.scanmake('table', 'drawn', '--format', 'csv')).stdout, csv);
	const rows = async (target: string) => JSON.parse((await one.scanmake('table', target, '--json')).stdout) as unknown;
	t.deepEqual(await rows('seen'), [
		{ a: 1, result: [2, 3, 5] },
		{ a: 2, result: [2, 3, 10] },
	]);
	const columns = [
		[0, 3],
		[1, 4],
		[2, 5],
	];
	t.deepEqual(
		await rows('turned'),
		[1, 2].map((a) => ({ a, result: columns.map((row) => row.map((x) => a * x)) })),
	);
	t.regex(
		(await one.scanmake('show', 'drawn', 'a=1')).stdout,
		/\n {4}matrix: Float64Array\(2 × 3\) \[ \[ 0, 1, 2 \], \[ 3, 4, 5 \] \],\n/,
	);
});
