// Python functions as a user edits them: what reruns, what is said of mistakes, what happens where no interpreter can be
// used. With the machine's own Python; where there is none, each test says so.
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { pythonWith } from '../python.ts';
import { noInnards, type Project, project, words } from './project.ts';

const files = {
	'Scanfile.ts': `${words}import { python } from "scanmake";
const spikes = simulate({ over: grid({ weight: [1, 2] }), run: python("model.py", "simulate") });
const rates = aggregate({ from: spikes, by: ["weight"], run: python("model.py", "mean") });
export default scan({ spikes, rates });
`,
	'model.py': `"""A model."""
from lib.gain import gain


def simulate(weight):
    return {"rate": gain(weight)}


def mean(rows):
    return sum(row.result["rate"] for row in rows) / len(rows)
`,
	'lib/__init__.py': '',
	'lib/gain.py': 'def gain(x):\n    return 2 * x\n\n\ndef unused(x):\n    return x\n',
};

function pythonProject(t: ExecutionContext): (Project & { python: string }) | undefined {
	const python = pythonWith();
	if (python !== undefined) return { ...project(t, files), python };
	t.log('skipped: there is no python3 of 3.8 or newer');
	t.pass();
	return undefined;
}

test('a rule reruns where its function reaches what was edited, and nowhere else', async (t) => {
	const made = pythonProject(t);
	if (made === undefined) return;
	const { build, edit } = made;
	t.deepEqual((await build()).did, { spikes: 'ran 2', rates: 'ran 2' });
	t.deepEqual((await build()).did, { spikes: 'reused 2', rates: 'reused 2' });
	edit('model.py', '"""A model."""', '"""The model."""  # of a neuron\n');
	edit('lib/gain.py', 'def unused(x):\n    return x', 'def unused(x):\n    return 1');
	t.deepEqual((await build()).did, { spikes: 'reused 2', rates: 'reused 2' });
	edit('model.py', '/ len(rows)', '/ (2 * len(rows))');
	t.deepEqual((await build()).did, { spikes: 'reused 2', rates: 'ran 2' });
	edit('lib/gain.py', '2 * x', 'x * 2');
	t.deepEqual((await build()).did, { spikes: 'ran 2', rates: 'reused 2' }, 'the same results');
	edit('lib/gain.py', 'x * 2', 'x * 3');
	t.deepEqual((await build()).did, { spikes: 'ran 2', rates: 'ran 2' });
});

test('while no file changed no interpreter is started; doctor shows the one that is used', async (t) => {
	const made = pythonProject(t);
	if (made === undefined) return;
	const { build, lines, path, write, scanmake, python, edit } = made;
	mkdirSync(path('.venv/bin'), { recursive: true });
	symlinkSync(python, path('.venv/bin/python'));
	edit('Scanfile.ts', 'scan({ spikes, rates })', 'scan({ spikes, rates }, { python: "./python" })');
	// as a shim does: any other script would be started each time, to see where it leads
	write('python', `#!/bin/sh\necho x >> ${path('started')}\nexec ${path('.venv/bin/python')} "$@" # pyenv exec\n`);
	chmodSync(path('python'), 0o755);
	t.deepEqual((await build()).did, { spikes: 'ran 2', rates: 'ran 2' });
	t.is(lines('started').length, 1);
	await build();
	await scanmake('plan');
	await scanmake('table', 'spikes');
	t.is(lines('started').length, 1);
	const { stdout, status } = await scanmake('doctor');
	t.is(status, 0);
	t.regex(stdout, /ok +Python 3\.\d+\.\d+ \(of spikes, rates\) is .*, the python option of the scan, with(out)? numpy/);
});

test('mistakes in a module are said together, with file and line', async (t) => {
	const made = pythonProject(t);
	if (made === undefined) return;
	const { edit, scanmake } = made;
	edit('model.py', 'def simulate(weight):', 'def simulate(weight, wieght):');
	edit('model.py', 'def mean(rows)', 'def means(rows)');
	const ended = await scanmake('plan');
	t.is(ended.status, 2);
	noInnards(t, ended);
	t.regex(ended.stderr, /model\.py:5: simulate takes wieght, which is no parameter of the rule; did you mean weight\?/);
	t.regex(ended.stderr, /model\.py(:\d+)?: model\.py has no function mean; did you mean means\?/);
	edit('model.py', 'def means(rows)', 'def zzz(rows)');
	const again = await scanmake('plan');
	t.regex(
		again.stderr,
		/Scanfile\.ts:\d+: model\.py has no function mean\. Write it there, or name one that it has: .*zzz.*\./,
	);
});

test('without an interpreter a plan is made all the same, doctor names it a problem, and a build ends with the reason', async (t) => {
	const made = pythonProject(t);
	if (made === undefined) return;
	const { path, scanmake, build } = made;
	mkdirSync(path('.venv/bin'), { recursive: true });
	symlinkSync('/nowhere/bin/python3', path('.venv/bin/python'));
	const sentence = 'is a link to /nowhere/bin/python3, which is not there: the virtual environment';
	const planned = await scanmake('plan', '--json');
	t.is(planned.status, 0);
	t.true(planned.stdout.includes('"toRun":2'));
	const doctor = await scanmake('doctor');
	t.is(doctor.status, 1);
	t.is(doctor.stdout.split(sentence).length, 2, 'said once');
	const built = await build();
	t.deepEqual([built.status, built.did['spikes']], [3, 'left 2']);
	t.true(built.stderr.includes(sentence), built.stderr);
	noInnards(t, built);
});
