// Which edits of a Python project change what a function is: imports and syntax.
import test from 'ava';
import { differs, same, testPairs } from './python-pairs.ts';

const helper = `
def helper(x):
    return x + 1
def other(x):
    return x
def simulate(p):
    return helper(p)
`;

const synapse = `
from synapse import decay as d
def simulate(p):
    return d(p)
# file: synapse.py
TAU = 10.0
def decay(x):
    return x * TAU
def unrelated(x):
    return x
`;

const pairs = [
	differs('a change of a called function counts', helper, 'x + 1', 'x + 2'),
	same(
		'a change of another function does not count',
		helper,
		'def other(x):\n    return x',
		'def other(x):\n    return 3',
	),
	same('comments and layout do not count', helper, 'return x + 1', 'return (x  +\n        1)  # sum'),
	same('a docstring does not count', helper, 'def helper(x):\n', 'def helper(x):\n    """Adds."""\n'),
	same('the docstring of a module does not count', helper, 'def helper', '"""A module."""\ndef helper'),
	differs(
		'a docstring counts where __doc__ is mentioned',
		`def helper():\n    "one"\n    return 1\ndef simulate(p):\n    return helper.__doc__`,
		'"one"',
		'"two"',
	),
	same(
		'the order of declarations does not count',
		helper,
		'def helper(x):\n    return x + 1\ndef other(x):\n    return x\n',
		'def other(x):\n    return x\ndef helper(x):\n    return x + 1\n',
	),
	differs('a constant counts with its type: 1 and 1.0', 'def simulate(p): return 1', 'return 1', 'return 1.0'),
	differs('a constant counts with its type: 1 and True', 'def simulate(p): return 1', 'return 1', 'return True'),
	differs('0.0 and -0.0 differ', 'def simulate(p): return 0.0', '0.0', '-0.0'),
	differs('bytes and text differ', 'def simulate(p): return b""', 'b""', '""'),
	differs('f-strings count', 'def simulate(p): return f"{p:.3f}"', '.3f', '.4f'),
	differs('a function that is imported under another name counts', synapse, 'x * TAU', 'x / TAU'),
	differs('what an imported function reaches counts', synapse, 'TAU = 10.0', 'TAU = 11.0'),
	same(
		'the rest of an imported module does not count',
		synapse,
		'def unrelated(x):\n    return x',
		'def unrelated(x):\n    return 2',
	),
	same('a renamed module does not count', synapse, 'synapse', 'connection'),
	same(
		'a function that moved to another module does not count',
		`
from a import f
import b
def simulate(p):
    return f(p)
# file: a.py
def f(x):
    return x
# file: b.py
y = 2`,
		`from a import f
import b
def simulate(p):
    return f(p)
# file: a.py
def f(x):
    return x
# file: b.py
y = 2`,
		`from b import f
import a
def simulate(p):
    return f(p)
# file: a.py
y = 2
# file: b.py
def f(x):
    return x`,
	),
	same(
		'`import m` and `m.f` is `from m import f`',
		synapse,
		'from synapse import decay as d\ndef simulate(p):\n    return d(p)',
		'import synapse\ndef simulate(p):\n    return synapse.decay(p)',
	),
	same(
		'only the attribute of a module that is used counts',
		'import s\ndef simulate(p):\n    return s.f(p)\n# file: s.py\ndef f(x): return x\ndef g(x): return x',
		'def g(x): return x',
		'def g(x): return 2',
	),
	differs(
		'a module that is passed on counts in full',
		'import s\ndef simulate(p):\n    return getattr(s, p.name)(p)\n# file: s.py\ndef f(x): return x\ndef g(x): return x',
		'def g(x): return x',
		'def g(x): return 2',
	),
	differs(
		'a module that is stored counts in full',
		'import s\nm = s\ndef simulate(p):\n    return m.g(p)\n# file: s.py\ndef g(x): return x',
		'def g(x): return x',
		'def g(x): return 2',
	),
	differs(
		'an import in a function is followed',
		'def simulate(p):\n    from s import f\n    return f(p)\n# file: s.py\ndef f(x): return x',
		'def f(x): return x',
		'def f(x): return 2',
	),
	same(
		'an import in a function takes what it names alone',
		'def simulate(p):\n    import s\n    return s.f(p)\n# file: s.py\ndef f(x): return x\ng = 1',
		'g = 1',
		'g = 2',
	),
	differs(
		'a relative import in a package is followed',
		'from pkg import f\ndef simulate(p):\n    return f(p)\n# file: pkg/__init__.py\nfrom .inner import f\n# file: pkg/inner.py\nfrom . import deep\ndef f(x): return deep.g(x)\n# file: pkg/deep.py\ndef g(x): return x',
		'def g(x): return x',
		'def g(x): return 2',
	),
	differs(
		'a submodule of a package is followed',
		'import pkg.deep\ndef simulate(p):\n    return pkg.deep.g(p)\n# file: pkg/__init__.py\n# file: pkg/deep.py\ndef g(x): return x',
		'def g(x): return x',
		'def g(x): return 2',
	),
	differs(
		'a package without __init__.py is followed',
		'from pkg.deep import g\ndef simulate(p):\n    return g(p)\n# file: pkg/deep.py\ndef g(x): return x',
		'def g(x): return x',
		'def g(x): return 2',
	),
	differs(
		'an import that is tried counts with all that may be imported',
		'try:\n    import fast as s\nexcept ImportError:\n    import slow as s\ndef simulate(p):\n    return s.f(p)\n# file: fast.py\ndef f(x): return x\n# file: slow.py\ndef f(x): return 3',
		'def f(x): return 3',
		'def f(x): return 4',
	),
	same(
		'what only type checkers read does not count',
		'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    n = 1\ndef simulate(p):\n    return p',
		'n = 1',
		'n = 2',
	),
	same(
		'what only a script runs does not count',
		'n = 1\ndef simulate(p):\n    return n\nif __name__ == "__main__":\n    n = 2\n    print(simulate(3))',
		'simulate(3)',
		'simulate(4)',
	),
	differs(
		'a module name counts where __name__ is mentioned',
		'from synapse import f\ndef simulate(p):\n    return f()\n# file: synapse.py\ndef f():\n    return __name__',
		'synapse',
		'renamed',
	),
	differs(
		'a function that is imported anew under the same name',
		'from a import f\nfrom b import f\ndef simulate(p):\n    return f()\n# file: a.py\ndef f(): return 1\n# file: b.py\ndef f(): return 2',
		'from a import f\nfrom b import f',
		'from b import f\nfrom a import f',
	),
	differs(
		'packages and builtins differ by name',
		'from math import sin as f\ndef simulate(p):\n    return f(p)',
		'sin',
		'cos',
	),
	same(
		'an import alias of a package does not count',
		'import math as m\ndef simulate(p):\n    return m.sin(p)',
		'import math as m\ndef simulate(p):\n    return m.sin(p)',
		'from math import sin\ndef simulate(p):\n    return sin(p)',
	),
	differs(
		'a module that is not found counts by its name',
		'import nowhere_a as n\ndef simulate(p):\n    return n.f(p)',
		'nowhere_a',
		'nowhere_b',
	),
];

testPairs(test, pairs);
