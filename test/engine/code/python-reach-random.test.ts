// Random Python projects with one number edited: where the result of the function changes, its digest does.
// The function is run by Python itself, before and after: that is the whole model.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'ava';
import { pythonWith } from '../../python.ts';
import { seeded } from '../../seeded.ts';
import { reach, workFolder, write } from './python-pairs.ts';
import { edited, picker, randomProject } from './python-projects.ts';

const { numRuns: size, seed } = seeded(150);

/** Runs `simulate` of each folder's model.py in fresh modules; prints one line each. */
const driver = `
import sys
sys.dont_write_bytecode = True
before = set(sys.modules)
for folder in sys.stdin.read().split("\\n"):
    sys.path.insert(0, folder)
    try:
        import model
        said = repr(model.simulate())
    except Exception as error:
        said = "raised %r" % error
    print(said.replace("\\n", " "))
    sys.path.remove(folder)
    for name in set(sys.modules) - before:
        del sys.modules[name]
    sys.path_importer_cache.clear()
`;

test('where an edit changes what a function returns, it changes its digest', (t) => {
	const python = pythonWith();
	if (python === undefined) {
		t.log('skipped: there is no Python of 3.8 or newer');
		t.pass();
		return;
	}
	const folder = workFolder();
	const pick = picker(seed);
	const folders: string[] = [];
	for (let index = 0; index < size; index++) {
		for (const [side, files] of edited(randomProject(pick), pick).entries()) {
			folders.push(join(folder, `${index}-${side}`));
			write(join(folder, `${index}-${side}`), files);
		}
	}
	const { stdout } = spawnSync(python, ['-c', driver], { input: folders.join('\n'), encoding: 'utf8' });
	const results = stdout.split('\n');
	const functions = folders.map((place) => ({ file: join(place, 'model.py'), name: 'simulate' }));
	const codes = reach(python, { folder, functions }).functions;
	let [changed, kept] = [0, 0];
	for (let index = 0; index < size; index++) {
		const [before, after] = [2 * index, 2 * index + 1];
		const isSame = codes[before]?.digest === codes[after]?.digest;
		if (results[before] !== results[after]) {
			changed += 1;
			t.false(isSame, `project ${index} of seed ${seed}: ${folders[before]}`);
		} else if (isSame) kept += 1;
	}
	t.log(`seed ${seed}: ${size} edits, ${changed} changed the result, ${kept} left the digest alone`);
	t.true(changed > size / 20, 'the edits change something');
	t.true(kept > size / 10, 'not everything counts');
});

test('digests are the same in every run, whatever the order of hashes', (t) => {
	const python = pythonWith();
	if (python === undefined) {
		t.log('skipped: there is no Python of 3.8 or newer');
		t.pass();
		return;
	}
	const folder = workFolder();
	const pick = picker(seed + 1);
	const functions = Array.from({ length: 10 }, (_, index) => {
		write(join(folder, `${index}`), edited(randomProject(pick), pick)[0]);
		return { file: join(folder, `${index}`, 'model.py'), name: 'simulate' };
	});
	const answers = ['0', '1', '77'].map((hashSeed) =>
		reach(python, { folder, functions }, { PYTHONHASHSEED: hashSeed }),
	);
	t.deepEqual(answers[1], answers[0]);
	t.deepEqual(answers[2], answers[0]);
});
