// Files of tasks from one rule to the next and to the user, with the real command: small and large ones, programs,
// read-only copies, readable paths.
import { existsSync, readFileSync, statSync } from 'node:fs';
import test from 'ava';
import { project, words } from './project.ts';

const scanfile = `${words}
import { execFileSync } from "node:child_process";
import { accessSync, chmodSync, constants, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
const input = generate({
	over: grid({ size: [10, 16_384, 16_385, 300_000], kind: ["a b/c"] }),
	run: (p, _inputs, io) => {
		writeFileSync(io.out("data/train.bin"), new Uint8Array(p.size).fill(p.size % 251));
		writeFileSync(io.out("model.sh"), "#!/bin/sh\\necho size $1\\n" + "#".repeat(p.size));
		chmodSync(io.out("model.sh"), 0o755);
		return null;
	},
});
const spikes = simulate({
	over: grid({ size: [10, 16_384, 16_385, 300_000], kind: ["a b/c"] }),
	from: { input },
	run: (p, _inputs, io) => {
		const train = io.in("input", "data/train.bin");
		const bytes = readFileSync(train);
		const program = io.in("input", "model.sh");
		return {
			right: bytes.length === p.size && bytes.every((byte) => byte === p.size % 251),
			name: basename(train),
			mode: statSync(train).mode & 0o777,
			said: execFileSync(program, [String(p.size)], { encoding: "utf8" }).trim(),
			programMode: statSync(program).mode & 0o777,
		};
	},
});
const figure = analyze({
	from: { input, spikes },
	run: ({ input, spikes }, io) => {
		writeFileSync(io.out("figures/tuning.svg"), "<svg>" + spikes.length + "</svg>");
		writeFileSync(io.out("sizes.csv"), input.map((row) => statSync(row.file("data/train.bin")).size).join());
		return spikes.every((row) => row.result.right);
	},
});
export default scan({ input, spikes, figure });
`;

test('files go from rule to rule as read-only copies with their names and their execute bit, whatever their size', async (t) => {
	const { build, scanmake, path, read, write } = project(t, { 'Scanfile.ts': scanfile });
	const built = await build('-j', '2');
	t.is(built.status, 0, built.stderr);
	const rows = JSON.parse((await scanmake('table', 'spikes', '--json')).stdout) as Record<string, unknown>[];
	t.is(rows.length, 4);
	for (const { size, right, name, mode, said, programMode } of rows)
		t.deepEqual(
			{ right, name, mode, said, programMode },
			{ right: true, name: 'train.bin', mode: 0o444, said: `size ${size}`, programMode: 0o555 },
		);

	// an analysis's files lie where they can be opened, and it is said where
	t.regex(built.stderr, /^figure wrote \.scanmake\/results\/figure\/figures\/tuning\.svg$/m);
	t.regex(built.stderr, /^figure wrote \.scanmake\/results\/figure\/sizes\.csv$/m);
	t.is(read('.scanmake/results/figure/figures/tuning.svg'), '<svg>4</svg>');
	t.is(read('.scanmake/results/figure/sizes.csv'), '10,16384,16385,300000');

	// what a user did to them is undone by the next build, which runs nothing
	write('.scanmake/results/figure/sizes.csv', 'scribble');
	t.deepEqual((await build()).did, { input: 'reused 4', spikes: 'reused 4', figure: 'reused 1' });
	t.is(read('.scanmake/results/figure/sizes.csv'), '10,16384,16385,300000');

	const shown = await scanmake('show', 'input', 'size=16385');
	t.regex(shown.stdout, /data\/train\.bin +16\.0 KiB/);
	t.regex(shown.stdout, /model\.sh +16\.0 KiB, executable/);

	const checkedOut = await scanmake('checkout', 'input', 'copies');
	t.is(checkedOut.status, 0);
	t.regex(checkedOut.stdout, /^input: 8 files in copies$/m);
	const copy = 'copies/size=300000/kind=a%20b%2Fc';
	t.is(readFileSync(path(`${copy}/data/train.bin`)).length, 300_000);
	t.is(statSync(path(`${copy}/model.sh`)).mode & 0o111, 0o111);
	t.is(statSync(path(`${copy}/data/train.bin`)).mode & 0o111, 0);
	const asJson = JSON.parse((await scanmake('checkout', 'figure', '--json')).stdout) as Record<string, unknown>;
	t.deepEqual(asJson['paths'], [path('figure/figures/tuning.svg'), path('figure/sizes.csv')]);
});

test('a task cannot change the file of another: what is kept stays as it was', async (t) => {
	const { build, scanmake } = project(t, {
		'Scanfile.ts': `${words}
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
const input = generate({ run: (_p, _inputs, io) => { writeFileSync(io.out("a.txt"), "as it was"); return 1; } });
const vandal = simulate({
	from: { input },
	run: (_p, _inputs, io) => {
		const path = io.in("input", "a.txt");
		chmodSync(path, 0o644);
		writeFileSync(path, "scribble");
		return 1;
	},
});
const reader = simulate({
	from: { input },
	over: grid({ k: [1] }),
	run: (_p, _inputs, io) => readFileSync(io.in("input", "a.txt"), "utf8"),
});
export default scan({ vandal, reader });\n`,
	});
	t.is((await build('vandal')).status, 1, 'who changes what it was given has failed');
	t.is((await build('reader')).status, 0);
	t.regex((await scanmake('table', 'reader')).stdout, /as it was/);
});

test('files made past a failure are written, too', async (t) => {
	const { build, path } = project(t, {
		'Scanfile.ts': `${words}
import { writeFileSync } from "node:fs";
const s = simulate({ over: grid({ k: [0, 1] }), run: (p) => { if (p.k === 1) throw new Error("no"); return p.k; } });
const some = aggregate({ from: s, by: [], missing: "skip", run: (rows) => rows.length });
const figure = analyze({ from: { some }, run: ({ some }, io) => { writeFileSync(io.out("a.svg"), "<svg/>"); return 1; } });
export default scan({ s, some, figure });\n`,
	});
	const built = await build('-j', '1');
	t.is(built.status, 1);
	t.deepEqual(built.did, { s: 'ran 1, failed 1', some: 'ran 1', figure: 'ran 1' });
	t.true(existsSync(path('.scanmake/results/figure/a.svg')));
	t.regex(built.stderr, /figure wrote \.scanmake\/results\/figure\/a\.svg/);
});
