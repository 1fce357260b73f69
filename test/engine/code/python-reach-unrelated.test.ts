// Statements of Python modules that change nothing of what a function reaches: an edit of them reruns nothing.
import test from 'ava';
import { same, testPairs } from './python-pairs.ts';

const numpy = `
import numpy as np
grid = np.linspace(0, 1, 11)
def simulate(p):
    return np.exp(p)
`;

const pairs = [
	same(
		'an unrelated call of a plain function does not count',
		'def area(r): return r * 2\na = area(3)\ndef simulate(p):\n    return 1',
		'area(3)',
		'area(4)',
	),
	same(
		'an unrelated read of a constant does not count',
		'n = 1\nm = max(n, 2)\ndef simulate(p):\n    return n',
		'max(n, 2)',
		'max(n, 3)',
	),
	same(
		'an unrelated generator does not count',
		'import numpy as np\nrng = np.random.default_rng(3)\ndef simulate(p):\n    return np.exp(p)',
		'default_rng(3)',
		'default_rng(4)',
	),
	same(
		'an unrelated dataclass does not count',
		'from dataclasses import dataclass, field\n@dataclass\nclass C:\n    a: int = 1\n    b: list = field(default_factory=list)\ndef simulate(p):\n    return 1',
		'a: int = 1',
		'a: int = 2',
	),
	same(
		'an unrelated path does not count',
		'from pathlib import Path\nhere = Path(__file__).resolve().parent\ndef simulate(p):\n    return 1',
		'.parent',
		'.parent.parent',
	),
	same(
		'an unrelated compiled expression does not count',
		'import re\nword = re.compile("a")\ndef simulate(p):\n    return 1',
		'"a"',
		'"b"',
	),
	same(
		'an unrelated cached function does not count',
		'import functools\n@functools.lru_cache(maxsize=None)\ndef f(x): return x\ndef simulate(p):\n    return 1',
		'return x',
		'return 2',
	),
	same(
		'reading a file into an unrelated name does not count',
		'import json\nwith open("p.json") as f:\n    d = json.load(f)\ndef simulate(p):\n    return 1',
		'p.json',
		'q.json',
	),
	same(
		'an unrelated changed table does not count',
		'a = []\na.append(1)\nb = []\ndef simulate(p):\n    return b',
		'append(1)',
		'append(2)',
	),
	same('an unrelated array does not count', numpy, '11', '21'),
	same('an unrelated print does not count', 'n = 1\nprint("n is", n)\ndef simulate(p):\n    return n', 'n is', 'n:'),
];

testPairs(test, pairs);
