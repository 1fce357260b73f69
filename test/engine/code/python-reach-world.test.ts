// Statements that change what no module of a Python project declares: they count for every function.
import test from 'ava';
import { differs, testPairs } from './python-pairs.ts';

const numpy = `
import numpy as np
grid = np.linspace(0, 1, 11)
def simulate(p):
    return np.exp(p)
`;

const other = (body: string) =>
	`import s\ndef simulate(p):\n    return s.f(p)\n# file: s.py\n${body}\ndef f(x): return x`;

const pairs = [
	differs('a setting of a package counts for every function', `${numpy}np.seterr(all="raise")`, 'raise', 'warn'),
	differs('a seed of a package counts', `${numpy}np.random.seed(3)`, 'seed(3)', 'seed(4)'),
	differs(
		'a setting of a package through a function counts',
		`${numpy}def settings():\n    np.seterr(all="raise")\nsettings()`,
		'raise',
		'warn',
	),
	differs(
		'an attribute of a package that is set counts',
		'from brian2 import prefs\nprefs.codegen.target = "numpy"\ndef simulate(p):\n    return 1',
		'numpy',
		'cython',
	),
	differs(
		'the recursion limit counts',
		'import sys\nsys.setrecursionlimit(100)\ndef simulate(p):\n    return 1',
		'100',
		'200',
	),
	differs(
		'an environment variable that is set counts',
		'import os\nos.environ["X"] = "1"\ndef simulate(p):\n    return 1',
		'"1"',
		'"2"',
	),
	differs(
		'settings of an imported module count',
		`import s\ndef simulate(p):\n    return 1\n# file: s.py\nimport numpy as np\nnp.seterr(all="raise")`,
		'raise',
		'warn',
	),
	differs(
		'settings of a package around the module count',
		`import pkg.s\ndef simulate(p):\n    return 1\n# file: pkg/__init__.py\nimport numpy as np\nnp.seterr(all="raise")\n# file: pkg/s.py\nx = 1`,
		'raise',
		'warn',
	),
	differs(
		'settings of a module that a called function imports count',
		other('def g():\n    import t\ng()\n# file: t.py\nimport numpy as np\nnp.seterr(all="raise")\n# file: s.py'),
		'raise',
		'warn',
	),

	differs(
		'an update of globals() counts',
		'for k in ["a"]:\n    globals()[k] = 1\ndef simulate(p):\n    return a',
		'= 1',
		'= 2',
	),
	differs(
		'a draw from the generator that all share counts',
		'import scipy.stats\nx = scipy.stats.norm.rvs(3)\ndef simulate(p):\n    return 1',
		'rvs(3)',
		'rvs(4)',
	),
	differs(
		'objects of a simulator that collects them count',
		'import brian2\ng = brian2.NeuronGroup(10, "v : 1")\ndef simulate(p):\n    return 1',
		'10',
		'11',
	),
	differs(
		'a module that is replaced counts',
		'import sys\nimport s\nsys.modules["t"] = s\ndef simulate(p):\n    import t\n    return t.n\n# file: s.py\nn = 1',
		'n = 1',
		'n = 2',
	),
];

testPairs(test, pairs);
