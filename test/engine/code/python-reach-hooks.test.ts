// Which edits count that act without a call to be seen: operators, properties, texts that name attributes, modules that
// texts name; and which values that are assigned together are apart.
import test from 'ava';
import { differs, same, testPairs } from './python-pairs.ts';

/** A class whose methods note what they are given, and a statement of another module. */
const noted = (method: string, statement: string) => `
import box, setup
def simulate(p):
    return box.seen
# file: box.py
seen = []
class Box:
${method}
box = Box()
# file: setup.py
from box import box
${statement}
`;

const vector = (statement: string) => `
class Vector:
    def __init__(self, x): self.x = x
    def __add__(self, other): return Vector(self.x + other.x)
    def __getitem__(self, index): return self.x[index]
    def __iter__(self): return iter(self.x)
    def __eq__(self, other): return self.x == other.x
    @property
    def size(self): return len(self.x)
one = Vector([1])
${statement}
def simulate(p):
    return one
`;

const pairs = [
	differs(
		'an operator that notes something counts',
		noted('    def __or__(self, o): seen.append(o)', 'a = box | 1'),
		'1',
		'2',
	),
	differs(
		'a comparison that notes something counts',
		noted('    def __lt__(self, o): seen.append(o)', 'a = box < 1'),
		'1',
		'2',
	),
	differs(
		'an item that notes something counts',
		noted('    def __getitem__(self, o): seen.append(o)', 'a = box[1]'),
		'1',
		'2',
	),
	differs(
		'an attribute that notes something counts',
		noted('    def __getattr__(self, o): seen.append(o)', 'a = box.x'),
		'x',
		'y',
	),
	differs(
		'a format that notes something counts',
		noted('    def __format__(self, o): seen.append(o)', 'a = f"{box:3}"'),
		'3',
		'4',
	),
	differs(
		'a property that notes something counts as often as it is read',
		noted('    @property\n    def rate(self): seen.append(1)', 'a = [box.rate for i in range(3)]'),
		'range(3)',
		'range(4)',
	),
	differs(
		'a conversion that notes something counts',
		noted('    def __len__(self):\n        seen.append(1)\n        return 1', 'a = len(box)'),
		'len(box)',
		'1',
	),
	same('an operator that only computes does not count', vector('two = one + one'), 'one + one', 'one'),
	same('an item that is only looked up does not count', vector('two = one[0]'), 'one[0]', 'one[1]'),
	same('a property that only computes does not count', vector('two = one.size'), 'one.size', 'one.size + 1'),
	differs(
		'a call in the annotation of a variable counts',
		'seen = []\nx: seen.append(1) = 3\ndef simulate(p):\n    return seen',
		'append(1)',
		'append(2)',
	),
	differs(
		'a docstring counts where a text names __doc__',
		'def f():\n    "one"\ndef simulate(p):\n    return getattr(f, "__doc__")',
		'one',
		'two',
	),
	differs(
		'what a text asks of all globals counts',
		'import s\ndef simulate(p):\n    return getattr(s.f, "__globals__")["n"]\n# file: s.py\ndef f(): pass\nn = 1',
		'n = 1',
		'n = 2',
	),
	differs(
		'a builtin that is replaced counts',
		'import s\ndef simulate(p):\n    return len([])\n# file: s.py\nimport builtins\nbuiltins.len = lambda x: 1',
		': 1',
		': 2',
	),
	differs(
		'a builtin by its name counts with what it can see',
		'import builtins\nn = 1\ndef simulate(p):\n    return getattr(builtins, "eval")("n")',
		'n = 1',
		'n = 2',
	),
	differs(
		'a TYPE_CHECKING of the project counts',
		'TYPE_CHECKING = True\nif TYPE_CHECKING:\n    n = 1\ndef simulate(p):\n    return n',
		'n = 1',
		'n = 2',
	),
	differs(
		'a module that calls itself __main__ counts with what it runs then',
		'__name__ = "__main__"\nif __name__ == "__main__":\n    n = 1\ndef simulate(p):\n    return n',
		'n = 1',
		'n = 2',
	),
	same(
		'what only type checkers read does not count, whatever typing is called',
		'import typing as t\nif t.TYPE_CHECKING:\n    from s import f\ndef simulate(p) -> "f":\n    return 1\n# file: s.py\ndef f(): return 1',
		'return 1\n',
		'return 1\n\n',
	),
	differs(
		'a module that __import__ is told counts',
		'def simulate(p):\n    return __import__("kinds." + p["kind"])\n# file: kinds/one.py\nn = 1',
		'n = 1',
		'n = 2',
	),
	differs(
		'a module that an evaluated text imports counts',
		'def simulate(p):\n    exec(f"from kinds.{p} import n")\n# file: kinds/one.py\nn = 1',
		'n = 1',
		'n = 2',
	),
	differs(
		'a module of a package that is looked up by its name counts',
		'import kinds.one\ndef simulate(p):\n    return getattr(kinds, p["kind"]).n\n# file: kinds/__init__.py\n# file: kinds/one.py\nn = 1',
		'n = 1',
		'n = 2',
	),
	differs(
		'so does one of a package without __init__.py',
		'import kinds.one\ndef simulate(p):\n    return getattr(kinds, p["kind"]).n\n# file: kinds/one.py\nn = 1',
		'n = 1',
		'n = 2',
	),
	same(
		'a module of a package whose neighbour alone is used does not count',
		'import kinds.one, kinds.two\ndef simulate(p):\n    return kinds.two.n\n# file: kinds/one.py\nn = 1\n# file: kinds/two.py\nn = 3',
		'n = 1',
		'n = 2',
	),
	differs(
		'a source that is evaluated counts in whichever folder it lies',
		'from pathlib import Path\nexec((Path(__file__).parent / "sub" / "common.py").read_text())\ndef simulate(p):\n    return n\n# file: sub/common.py\nn = 1',
		'n = 1',
		'n = 2',
	),
	differs(
		'a package that is told where its modules lie counts with all sources',
		'import pkg.s\ndef simulate(p):\n    return pkg.s.n\n# file: pkg/__init__.py\n__path__.append("lib")\n# file: lib/s.py\nn = 1',
		'n = 1',
		'n = 2',
	),
	same('values that are assigned together are apart', 'a, b = 1, 20.0\ndef simulate(p):\n    return a', '20.0', '21.0'),
	differs('the one that is used counts', 'a, b = 1, 20.0\ndef simulate(p):\n    return b', '20.0', '21.0'),
	same(
		'they are as if written one by one',
		'a, b = 1, [2]\ndef simulate(p):\n    return a, b',
		'a, b = 1, [2]',
		'a = 1\nb = [2]',
	),
	differs(
		'names that are swapped are not apart',
		'a, b = 1, 2\na, b = b, a\ndef simulate(p):\n    return b',
		'a, b = b, a',
		'a = b; b = a',
	),
	differs(
		'calls that are assigned together are not apart',
		'n = []\ndef f():\n    n.append(1)\na, b = 1, f()\ndef simulate(p):\n    return n',
		'1, f()',
		'1, 2',
	),
];

testPairs(test, pairs);
