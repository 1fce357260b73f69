// Which names of Python code refer to what: scopes, and the statements that bind a name.
import test from 'ava';
import { differs, same, testPairs } from './python-pairs.ts';

const pairs = [
	same(
		'a local that shadows a global is no reference',
		'n = 1\ndef simulate(p):\n    n = p\n    return n',
		'n = 1',
		'n = 2',
	),
	same(
		'a parameter that shadows a global is no reference',
		'n = 1\ndef simulate(p, n=0):\n    return n',
		'n = 1',
		'n = 2',
	),
	same(
		'a name of a comprehension is local to it',
		'x = 1\ndef simulate(p):\n    return [x for x in p]',
		'x = 1',
		'x = 2',
	),
	differs(
		'the first iterable of a comprehension is outside of it',
		'x = [1]\ndef simulate(p):\n    return [x for x in x]',
		'x = [1]',
		'x = [2]',
	),
	differs(
		'a name of a class body is not seen in its methods',
		'n = 1\nclass C:\n    n = 5\n    def f(self):\n        return n\ndef simulate(p):\n    return C().f()',
		'n = 1',
		'n = 2',
	),
	differs(
		'a class body sees globals before it binds',
		'n = 1\nclass C:\n    n = n + 1\ndef simulate(p):\n    return C.n',
		'n = 1',
		'n = 2',
	),
	differs('global is seen', 'n = 1\ndef simulate(p):\n    global n\n    n = n + 1\n    return n', 'n = 1', 'n = 2'),
	differs(
		'a nested function sees globals',
		'n = 1\ndef simulate(p):\n    def inner():\n        return n\n    return inner()',
		'n = 1',
		'n = 2',
	),
	same(
		'a nested function sees the locals around it',
		'n = 1\ndef simulate(p):\n    n = 2\n    def inner():\n        nonlocal n\n        n += 1\n        return n\n    return inner()',
		'n = 1',
		'n = 3',
	),
	differs('a default argument counts', 'n = 1\ndef simulate(p, k=n):\n    return k', 'n = 1', 'n = 2'),
	differs(
		'a decorator counts',
		'def twice(f):\n    return lambda p: 2 * f(p)\n@twice\ndef simulate(p):\n    return 1',
		'2 * f',
		'3 * f',
	),
	differs('an annotation counts', 'class T:\n    a = 1\ndef simulate(p: T):\n    return 1', 'a = 1', 'a = 2'),
	differs('a lambda sees globals', 'n = 1\nf = lambda x: x + n\ndef simulate(p):\n    return f(p)', 'n = 1', 'n = 2'),
	same(
		'a walrus in a comprehension binds in the function',
		'y = 1\ndef simulate(p):\n    r = [y := v for v in p]\n    return y',
		'y = 1',
		'y = 2',
	),
	same(
		'except … as is local',
		'e = 1\ndef simulate(p):\n    try:\n        return p.x\n    except KeyError as e:\n        return str(e)',
		'e = 1',
		'e = 2',
	),
	differs(
		'del makes a name local, and its global is not meant',
		'n = 1\ndef simulate(p):\n    return n',
		'return n',
		'del n',
	),
	differs('names in starred arguments are seen', 'a = [1]\ndef simulate(p):\n    return max(*a)', 'a = [1]', 'a = [2]'),
	differs(
		'keyword arguments count',
		'def f(a, b): return a\ndef simulate(p):\n    return f(a=1, b=2)',
		'f(a=1, b=2)',
		'f(b=1, a=2)',
	),
	differs(
		'which of several names of one statement is used counts',
		'a, b = 1, 2\ndef simulate(p):\n    return a',
		'return a',
		'return b',
	),
	differs(
		'all statements that bind a name count',
		'n = 1\nif n > 0:\n    m = 2\nelse:\n    m = 3\ndef simulate(p):\n    return m',
		'm = 3',
		'm = 4',
	),
	differs(
		'the order of statements that bind a name counts',
		'n = 1\nn = 2\ndef simulate(p):\n    return n',
		'n = 1\nn = 2',
		'n = 2\nn = 1',
	),
	differs(
		'what is read between two bindings depends on the place',
		'n = 1\nm = n\nn = 2\ndef simulate(p):\n    return m + n',
		'm = n\nn = 2',
		'n = 2\nm = n',
	),
	differs(
		'a method of a class that is used counts',
		'class C:\n    def f(self): return 1\ndef simulate(p):\n    return C().f()',
		'return 1',
		'return 2',
	),
	differs(
		'a base class counts',
		'class B:\n    def f(self): return 1\nclass C(B):\n    pass\ndef simulate(p):\n    return C().f()',
		'return 1',
		'return 2',
	),
	differs(
		'async functions are seen',
		'async def f(): return 1\nasync def simulate(p):\n    return await f()',
		'return 1',
		'return 2',
	),
	differs(
		'private names of classes are seen',
		'def __f(): return 1\n_C__f = __f\nclass C:\n    def g(self): return __f()\ndef simulate(p):\n    return C().g()',
		'return 1',
		'return 2',
	),
];

testPairs(test, pairs);
