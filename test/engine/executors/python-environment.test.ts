// The environment of a Python: nothing that no key counts changes a result.
import test from 'ava';
import { handedOn, pythonEnvironment } from '../../../engine/executors/python-environment.ts';

const own = {
	PATH: '/bin',
	PYTHONHASHSEED: '7',
	PYTHONOPTIMIZE: '2',
	PYTHONWARNINGS: 'error',
	PYTHONUTF8: '0',
	PYTHONPATH: 'lib',
	OMP_NUM_THREADS: '16',
};

test('what changes results and is in no key is the same whatever the environment says', (t) => {
	const made = pythonEnvironment(2, handedOn(undefined), own);
	t.like(made, { PATH: '/bin', PYTHONPATH: 'lib', PYTHONHASHSEED: '0', PYTHONUTF8: '1', OMP_NUM_THREADS: '2' });
	t.is(made['MKL_NUM_THREADS'], '2');
	t.false('PYTHONOPTIMIZE' in made || 'PYTHONWARNINGS' in made);
	t.is(own.PYTHONOPTIMIZE, '2');
});

test('what a rule names in env is handed on as it is; where it is not set it is as for all', (t) => {
	const kept = handedOn(['PYTHONOPTIMIZE', 'OMP_NUM_THREADS', 'PATH', 'PYTHONDEVMODE', 'MKL_NUM_THREADS']);
	t.deepEqual(kept, ['MKL_NUM_THREADS', 'OMP_NUM_THREADS', 'PYTHONDEVMODE', 'PYTHONOPTIMIZE']);
	const made = pythonEnvironment(2, kept, own);
	t.like(made, { PYTHONOPTIMIZE: '2', OMP_NUM_THREADS: '16', MKL_NUM_THREADS: '2', PYTHONHASHSEED: '0' });
	t.false('PYTHONDEVMODE' in made);
});
