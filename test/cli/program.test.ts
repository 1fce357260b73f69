// The program itself, as a process of its own with a real engine: what a user sees, and the exit statuses.
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const program = fileURLToPath(new URL('../../cli/main.js', import.meta.url));
const packageFolder = dirname(fileURLToPath(import.meta.resolve('scanmake/package.json')));

const scanfile = `
import { aggregate, analyze, grid, scan, simulate } from 'scanmake';
import { writeFileSync } from 'node:fs';
const spikes = simulate({
	over: grid({ weight: [0.2, 0.4], mode: ['fast', 'very slow'] }).trials(5),
	env: ['BAD'],
	run: (p, _inputs, io) => {
		if (process.env.BAD === '1' && p.weight === 0.4 && p.trial === 3) throw new TypeError('no such weight');
		io.log('weight ' + p.weight);
		return { rate: p.weight * 10 + p.trial };
	},
});
const response = aggregate({ from: spikes, by: ['weight'], run: (rows) => ({ n: rows.length }) });
const tuning = analyze({
	from: { response },
	run: (tables, io) => {
		writeFileSync(io.out('curves.csv'), 'weight,n');
		return tables.response.length;
	},
});
const slow = simulate({ over: grid({ k: [1, 2] }), run: () => new Promise(() => { setInterval(() => {}, 1000); }) });
export default scan({ spikes, response, tuning, slow });
`;

interface Ended {
	readonly status: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

async function project(
	use: (folder: string, run: (...words: string[]) => Promise<Ended>) => Promise<void>,
): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'scanmake-program-'));
	try {
		await mkdir(join(folder, 'node_modules'));
		await symlink(packageFolder, join(folder, 'node_modules', 'scanmake'), 'dir');
		await writeFile(join(folder, 'Scanfile.ts'), scanfile);
		await use(folder, (...words) => runIn(folder, words));
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

function environment(): NodeJS.ProcessEnv {
	const { SCANMAKE_STORE: _store, npm_command: _command, NO_COLOR: _color, ...rest } = process.env;
	return rest;
}

function runIn(folder: string, words: readonly string[]): Promise<Ended> {
	const [bad, rest] = words[0] === 'BAD=1' ? ['1', words.slice(1)] : ['', words];
	return new Promise((settle) => {
		const options = { cwd: folder, env: { ...environment(), BAD: bad } };
		const child = execFile(process.execPath, [program, ...rest], options, (_error, stdout, stderr) =>
			settle({ status: child.exitCode, stdout, stderr }),
		);
	});
}

test('a build runs what is missing, accounts for it and names what was written; the next one has nothing to do', async (t) => {
	await project(async (folder, run) => {
		const first = await run('tuning');
		t.is(first.status, 0);
		t.is(first.stdout, '');
		t.regex(first.stderr, /^23 tasks: spikes 20, response 2, tuning 1\n/);
		t.regex(first.stderr, /^total +23 +0 +23 +0 +0 +0 /m);
		const [, path = ''] = /^tuning wrote (.*)$/m.exec(first.stderr) ?? [];
		t.is(await readFile(join(folder, path), 'utf8'), 'weight,n');
		const second = await run('tuning');
		t.is(second.status, 0);
		t.regex(second.stderr, /^Nothing to do: 3 targets, 23 tasks up to date \(.*\)\n$/);
		const json: unknown = JSON.parse((await run('tuning', '--json')).stdout);
		t.like(json, { ok: true, targets: [{ name: 'spikes', rule: 'simulate', tasks: 20, reused: 20, ran: 0 }] });
	});
});

test('a failed task ends in exit status 1; the command it names shows its output; the rest is kept', async (t) => {
	await project(async (_folder, run) => {
		const failed = await run('BAD=1', 'tuning');
		t.is(failed.status, 1);
		t.regex(
			failed.stderr,
			/^simulate weight=0\.4 mode=fast trial=3: threw TypeError: no such weight \(Scanfile\.ts:8\)/m,
		);
		t.regex(failed.stderr, /Its output: scanmake show spikes weight=0\.4 (mode=fast|'mode=.*') trial=3$/m);
		t.regex(failed.stderr, /^total +23 +0 +19 +2 +2 +0 /m);
		const shown = await run('BAD=1', 'show', 'spikes', 'weight=0.4', 'mode=very slow', 'trial=3');
		t.is(shown.status, 0);
		t.regex(shown.stdout, /^spikes \(simulate\): threw TypeError: no such weight/);
		const done = await run('BAD=1', 'show', 'spikes', 'weight=0.4', 'mode=very slow', 'trial=2');
		t.regex(done.stdout, /\nResult\n {2}\{ rate: 6 \}\n(?:.*\n)*Log\n {2}weight 0\.4\n/);
		const table = await run('BAD=1', 'table', 'spikes');
		t.is(table.stdout.split('\n').filter((line) => line.endsWith(',')).length, 2);
	});
});

test('a first Ctrl-C stops tasks that never end, keeps what is done and says how to go on', async (t) => {
	await project(async (folder, run) => {
		const child = spawn(process.execPath, [program, '--json'], { cwd: folder, env: environment() });
		let [stdout, stderr] = ['', ''];
		child.stdout.on('data', (chunk: Buffer) => {
			stdout += chunk.toString();
		});
		child.stderr.on('data', (chunk: Buffer) => {
			// The first line comes once tasks run, and by then the signal is listened to.
			if (stderr === '') child.kill('SIGINT');
			stderr += chunk.toString();
		});
		const status = await new Promise((settle) => child.on('close', settle));
		t.is(status, 130);
		t.regex(stderr, /^Stopping; what is done is kept/m);
		t.regex(stderr, /To go on from there: scanmake --json\n$/);
		t.like(JSON.parse(stdout), { ok: false });
		t.is((await run('spikes')).status, 0);
	});
});

test('a wrong word, a broken Scanfile and a missing one are exit status 2, without a stack', async (t) => {
	await project(async (folder, run) => {
		const misspelt = await run('spikse');
		t.is(misspelt.stderr, 'There is neither a command nor a target spikse. Did you mean spikes?\n');
		t.is(misspelt.status, 2);
		await writeFile(join(folder, 'broken.ts'), '\nconst a = ;\n');
		const broken = await run('-f', 'broken.ts', '--json');
		t.is(broken.status, 2);
		t.like(JSON.parse(broken.stdout), { ok: false, problems: [{ file: 'broken.ts', line: 2 }] });
		const missing = await run('-f', 'nowhere.ts');
		t.is(missing.status, 2);
		t.notRegex(`${missing.stderr}${misspelt.stderr}`, /^ +at /m);
	});
});
