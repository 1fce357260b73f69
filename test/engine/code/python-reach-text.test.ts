// What cannot be followed in Python code counts as more text, never as less.
import test from 'ava';
import { differs, same, testPairs } from './python-pairs.ts';

const pairs = [
	differs(
		'exec counts as the whole text of the module',
		'n = 1\ndef simulate(p):\n    exec(p)',
		'n = 1',
		'n = 1  # one',
	),
	differs(
		'eval counts as the whole text of the module',
		'n = 1\ndef simulate(p):\n    return eval(p)',
		'n = 1',
		'n = 1  # one',
	),
	differs(
		'globals() counts as the whole text of the module',
		'n = 1\ndef simulate(p):\n    return globals()[p]',
		'n = 1',
		'n = 1  # one',
	),
	differs(
		'globals() counts for what its module imports',
		'from s import f\ndef simulate(p):\n    return globals()["f"](p)\n# file: s.py\ndef f(x): return 1',
		'return 1',
		'return 2',
	),
	same(
		'exec of an unrelated function does not count',
		'n = 1\ndef g(p):\n    exec(p)\ndef simulate(p):\n    return 1',
		'n = 1',
		'n = 2',
	),
	differs(
		'a star import counts with all of both modules',
		'from s import *\ndef simulate(p):\n    return f(p)\n# file: s.py\ndef f(x): return x\nn = 1',
		'n = 1',
		'n = 2',
	),
	same(
		'a star import counts without comments',
		'from s import *\ndef simulate(p):\n    return f(p)\n# file: s.py\ndef f(x): return x\nn = 1',
		'n = 1',
		'n = 1  # one',
	),
	differs(
		'a star import of a package counts with the whole module',
		'from math import *\nn = 1\ndef simulate(p):\n    return sin(p)',
		'n = 1',
		'n = 2',
	),
	differs(
		'a re-export by star is followed',
		'from pkg import f\ndef simulate(p):\n    return f(p)\n# file: pkg/__init__.py\nfrom .s import *\n# file: pkg/s.py\ndef f(x): return 1',
		'return 1',
		'return 2',
	),
	differs(
		'a computed import counts with all files below',
		'import importlib\ndef simulate(p):\n    return importlib.import_module(p.name).f(p)\n# file: models/a.py\ndef f(x): return 1',
		'return 1',
		'return 1  # one',
	),
	differs(
		'an import by a constant name is an import',
		'import importlib\nm = importlib.import_module("s")\ndef simulate(p):\n    return m.f(p)\n# file: s.py\ndef f(x): return 1',
		'return 1',
		'return 2',
	),
	same(
		'an import by a constant name is no computed one',
		'import importlib\nm = importlib.import_module("s")\ndef simulate(p):\n    return m.f(p)\n# file: s.py\ndef f(x): return 1\n# file: t.py\nn = 1',
		'n = 1',
		'n = 2',
	),
	differs(
		'a changed sys.path counts with all files below',
		'import sys\nsys.path.insert(0, "lib")\nimport helper\ndef simulate(p):\n    return helper.f(p)\n# file: lib/helper.py\ndef f(x): return 1',
		'return 1',
		'return 2',
	),
	differs(
		'a module with __getattr__ counts as text where it is asked',
		'import s\ndef simulate(p):\n    return s.anything\n# file: s.py\ndef __getattr__(name): return n\nn = 1',
		'n = 1',
		'n = 1  # one',
	),
	differs(
		'inspect counts as text',
		'import inspect\ndef f(): return 1\ndef simulate(p):\n    return inspect.getsource(f)',
		'return 1',
		'return 1  # one',
	),
	differs(
		'names in texts count where a package looks them up',
		'import brian2\ntau = 10\ndef simulate(p):\n    return brian2.Equations("dv/dt = -v/tau : 1")',
		'tau = 10',
		'tau = 20',
	),
	same(
		'names in texts do not count elsewhere',
		'tau = 10\ndef simulate(p):\n    return p["tau"]',
		'tau = 10',
		'tau = 20',
	),
	differs(
		'an import for its effects alone counts',
		'import brian2_settings\ndef simulate(p):\n    return 1',
		'import brian2_settings',
		'import brian2_other',
	),
	differs(
		'a module that a function imports for all is followed',
		'def init():\n    global s\n    import s\ndef simulate(p):\n    init()\n    return s.f(p)\n# file: s.py\ndef f(x): return 1',
		'return 1',
		'return 2',
	),
	differs(
		'a module that a class body imports is followed',
		'class C:\n    import s\n    n = s.f(1)\ndef simulate(p):\n    return C.n\n# file: s.py\ndef f(x): return 1',
		'return 1',
		'return 2',
	),
	differs(
		'what eval can reach through an imported module counts',
		'import s\ndef simulate(p):\n    return eval("s.f(p)")\n# file: s.py\ndef f(x): return 1',
		'return 1',
		'return 2',
	),
	differs(
		'a module that is passed on counts with those that it imports',
		'import s\ndef simulate(p):\n    return getattr(s, "t").f(p)\n# file: s.py\nimport t\n# file: t.py\ndef f(x): return 1',
		'return 1',
		'return 2',
	),
	differs(
		'a star import behind a declaration may replace it',
		'from s import f\ndef simulate(p):\n    return f(p)\n# file: s.py\ndef f(x): return 0\nfrom t import *\n# file: t.py\ndef f(x): return 1',
		'return 1',
		'return 2',
	),
	differs(
		'the text of a module counts where its __doc__ is mentioned',
		'"one"\ndef simulate(p):\n    return __doc__',
		'one',
		'two',
	),
	differs(
		'an array that numpy writes to counts',
		'import numpy as np\na = np.zeros(3)\nb = np.ones(3)\nnp.exp(b, a)\nnp.add(b, b, out=a)\nc = 1\ndef simulate(p):\n    return a',
		'np.exp(b, a)',
		'np.sin(b, a)',
	),
	same(
		'an unrelated instance of a class does not count',
		'class C:\n    def __init__(self, n): self.n = n\nc = C(1)\ndef simulate(p):\n    return C(p)',
		'C(1)',
		'C(2)',
	),
	differs(
		'a file that is run counts',
		'exec(open("common.py").read())\ndef simulate(p):\n    return f(p)\n# file: common.py\ndef f(x): return 1',
		'return 1',
		'return 2',
	),
	differs(
		'a star import behind an import may replace it',
		'from s import f\ndef simulate(p):\n    return f(p)\n# file: s.py\nfrom u import f\nfrom t import *\n# file: t.py\ndef f(x): return 1\n# file: u.py\ndef f(x): return 0',
		'return 1',
		'return 2',
	),
];

testPairs(test, pairs);
