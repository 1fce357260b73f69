// Which statements of Python modules change what a function reaches.
import test from 'ava';
import { differs, same, testPairs } from './python-pairs.ts';

const table = `
table = []
def setup():
    table.append(3)
setup()
def simulate(p):
    return len(table)
`;

const pairs = [
	differs(
		'a method that is called on a name counts',
		'table = []\ntable.append(1)\ndef simulate(p):\n    return table',
		'append(1)',
		'append(2)',
	),
	differs(
		'an assignment to an item counts',
		'table = {}\ntable["a"] = 1\ndef simulate(p):\n    return table',
		'= 1',
		'= 2',
	),
	differs(
		'an assignment to an attribute counts',
		'def f(): return f.n\nf.n = 1\ndef simulate(p):\n    return f()',
		'f.n = 1',
		'f.n = 2',
	),
	differs('an augmented assignment counts', 'n = 1\nn += 1\ndef simulate(p):\n    return n', 'n += 1', 'n += 2'),
	differs(
		'del of an item counts',
		'd = {1: 1, 2: 2}\ndel d[1]\ndef simulate(p):\n    return d',
		'del d[1]',
		'del d[2]',
	),
	differs('what a called function changes counts', table, 'append(3)', 'append(4)'),
	differs('that it is called counts', table, '\nsetup()\n', '\n\n'),
	differs(
		'what a called function binds with global counts',
		'n = 1\ndef setup():\n    global n\n    n = 2\nsetup()\ndef simulate(p):\n    return n',
		'n = 2',
		'n = 3',
	),
	same(
		'what an uncalled function would change does not count',
		'n = [1]\ndef setup():\n    n.append(2)\ndef simulate(p):\n    return n',
		'append(2)',
		'append(3)',
	),
	differs(
		'what is changed through another function counts',
		'n = []\ndef inner(): n.append(1)\ndef setup(): inner()\nsetup()\ndef simulate(p):\n    return n',
		'append(1)',
		'append(2)',
	),
	differs(
		'being an argument of a call counts',
		'n = []\ndef fill(x): x.append(1)\nfill(n)\ndef simulate(p):\n    return n',
		'append(1)',
		'append(2)',
	),
	differs(
		'a change through another name of the same thing counts',
		'a = []\nb = a\nb.append(1)\ndef simulate(p):\n    return a',
		'append(1)',
		'append(2)',
	),
	differs(
		'a change through what holds it counts',
		'a = []\nb = {"x": a}\nb["x"].append(1)\ndef simulate(p):\n    return a',
		'append(1)',
		'append(2)',
	),
	differs(
		'a change through a list that it was put into counts',
		'a = []\nr = []\nr.append(a)\nr[0].append(1)\ndef simulate(p):\n    return a',
		'[0].append(1)',
		'[0].append(2)',
	),
	differs(
		'a change through what a function returns counts',
		'a = []\ndef get(): return a\nget().append(1)\ndef simulate(p):\n    return a',
		'append(1)',
		'append(2)',
	),
	differs(
		'a change in a loop over it counts',
		'rows = [[], []]\nfor row in rows:\n    row.append(1)\ndef simulate(p):\n    return rows',
		'append(1)',
		'append(2)',
	),
	differs(
		'a change in a comprehension counts',
		'rows = [[], []]\n[row.append(1) for row in rows]\ndef simulate(p):\n    return rows',
		'append(1)',
		'append(2)',
	),
	differs(
		'a change in a class body counts',
		't = []\nclass C:\n    t.append(1)\ndef simulate(p):\n    return t',
		'append(1)',
		'append(2)',
	),
	differs(
		'a change in with counts',
		'import threading\nt = []\nwith threading.Lock():\n    t.append(1)\ndef simulate(p):\n    return t',
		'append(1)',
		'append(2)',
	),
	differs(
		'a change in a default argument counts',
		't = []\ndef f(x=t.append(1)): pass\ndef simulate(p):\n    return t',
		'append(1)',
		'append(2)',
	),
	differs(
		'a change by map counts',
		't = []\ndef f(x): t.append(x)\nlist(map(f, [1]))\ndef simulate(p):\n    return t',
		'map(f, [1])',
		'map(f, [2])',
	),
	differs(
		'an iterator that is used up counts',
		'it = iter([1, 2, 3])\na = next(it)\ndef simulate(p):\n    return next(it)',
		'a = next(it)',
		'a = 1',
	),
	differs(
		'an iterator that a pure function uses up counts',
		'it = iter([1, 2, 3])\na = list(it)\ndef simulate(p):\n    return list(it)',
		'a = list(it)',
		'a = 1',
	),
	differs(
		'a decorator that registers counts',
		'rules = {}\ndef rule(f):\n    rules[f.__name__] = f\n    return f\n@rule\ndef a(x): return 1\ndef simulate(p):\n    return rules[p](p)',
		'return 1',
		'return 2',
	),
	differs(
		'a decorator of a package that registers counts',
		'from functools import singledispatch\n@singledispatch\ndef f(x): return 0\n@f.register(int)\ndef _(x): return 1\ndef simulate(p):\n    return f(p)',
		'return 1',
		'return 2',
	),
	differs(
		'subclasses that a base keeps count',
		'class B:\n    all = []\n    def __init_subclass__(cls):\n        B.all.append(cls)\nclass C(B):\n    n = 1\ndef simulate(p):\n    return B.all[0].n',
		'n = 1',
		'n = 2',
	),
	differs(
		'subclasses that a base is asked for count',
		'class B: pass\nclass C(B):\n    n = 1\ndef simulate(p):\n    return B.__subclasses__()[0].n',
		'n = 1',
		'n = 2',
	),
	differs(
		'a class attribute that an instance changes counts',
		'class C:\n    n = []\n    def __init__(self, k): self.n.append(k)\nC(1)\ndef simulate(p):\n    return C.n',
		'C(1)',
		'C(2)',
	),
	differs(
		'a change of another module counts',
		'import s\nimport patch\ndef simulate(p):\n    return s.f(p)\n# file: s.py\ndef f(x): return x\n# file: patch.py\nimport s\ns.f = lambda x: 1',
		'x: 1',
		'x: 2',
	),
	differs(
		'a change of what another module holds counts',
		'from s import t\nimport patch\ndef simulate(p):\n    return t\n# file: s.py\nt = []\n# file: patch.py\nfrom s import t\nt.append(1)',
		'append(1)',
		'append(2)',
	),
	differs(
		'setattr of a module counts',
		'import s\nsetattr(s, "n", 1)\ndef simulate(p):\n    return s.n\n# file: s.py\nn = 0',
		'"n", 1',
		'"n", 2',
	),
	differs(
		'the order of two changes counts',
		'a = []\na.append(1)\na.append(2)\ndef simulate(p):\n    return a',
		'a.append(1)\na.append(2)',
		'a.append(2)\na.append(1)',
	),
	differs(
		'what is drawn before or after a seed differs',
		`import numpy as np\nx = np.random.rand()\nnp.random.seed(3)\ndef simulate(p):\n    return x`,
		'x = np.random.rand()\nnp.random.seed(3)',
		'np.random.seed(3)\nx = np.random.rand()',
	),
	differs(
		'a method of a builtin class that is given a name changes it',
		't = []\nlist.append(t, 1)\ndef simulate(p):\n    return t',
		'(t, 1)',
		'(t, 2)',
	),
	differs(
		'an operator that works in place counts',
		'import operator\nt = []\noperator.iadd(t, [1])\ndef simulate(p):\n    return t',
		'[1]',
		'[2]',
	),
	differs(
		'an iterator that is unpacked counts',
		'it = iter([1, 2, 3])\na, b = 0, 0\na, b, *_ = it\ndef simulate(p):\n    return list(it)',
		'a, b, *_ = it',
		'a, b = 1, 1',
	),
	differs(
		'an iterator that is searched counts',
		'it = iter([1, 2, 3])\na = 2 in it\ndef simulate(p):\n    return list(it)',
		'2 in it',
		'1 in it',
	),
	differs(
		'an iterator that is joined counts',
		'it = iter("abc")\na = ",".join(it)\ndef simulate(p):\n    return list(it)',
		'a = ",".join(it)',
		'a = 1',
	),
	differs(
		'an item that a defaultdict makes when it is read counts',
		'from collections import defaultdict\nd = defaultdict(list)\nx = d["a"]\ndef simulate(p):\n    return d',
		'd["a"]',
		'd["b"]',
	),
	differs(
		'a function that a pure callable calls counts',
		'import re\nt = []\ndef f(x):\n    t.append(1)\n    return 0\nx = max([1, 2], key=f)\ndef simulate(p):\n    return t',
		'append(1)',
		'append(2)',
	),
	same(
		'the order of a constant and a setting does not count',
		'import numpy as np\nDT = 1\nnp.seterr(all="raise")\ndef simulate(p):\n    return DT',
		'DT = 1\nnp.seterr(all="raise")',
		'np.seterr(all="raise")\nDT = 1',
	),
];

testPairs(test, pairs);
