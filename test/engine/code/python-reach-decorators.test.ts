// Decorators of a project's own: what one changes while it decorates counts for whoever reaches that, and nothing else
// does. Knows nothing of decorators of packages.
import test from 'ava';
import { differs, same, testPairs } from './python-pairs.ts';

const timed = `
import functools, time
log = []
def timed(f):
    @functools.wraps(f)
    def inner(*a, **k):
        t = time.perf_counter()
        r = f(*a, **k)
        log.append(time.perf_counter() - t)
        return r
    return inner
`;

const named = `
import functools
def named(name):
    def wrap(f):
        @functools.wraps(f)
        def inner(*a): return f(*a)
        inner.label = name
        return inner
    return wrap
`;

const either = `
import functools
def timed(f=None, *, n=1):
    def wrap(g):
        @functools.wraps(g)
        def inner(*a): return g(*a)
        return inner
    if f is None:
        return wrap
    return wrap(f)
`;

const itself = `
import functools
def timed(f=None, n=1):
    if f is None:
        return functools.partial(timed, n=n)
    if not callable(f):
        raise TypeError("no function: %r" % f)
    def inner(*a): return f(*a)
    inner.count = 0
    functools.update_wrapper(inner, f)
    return inner
`;

const pairs = [
	same(
		'another function under the same decorator does not count',
		`${timed}@timed\ndef decay(v): return v\n@timed\ndef analyse(x): return 1\ndef simulate(p): return decay(p)\n`,
		'return 1',
		'return 2',
	),
	same(
		'another function under the same decorator of another module does not count',
		`from tools import timed\n@timed\ndef decay(v): return v\n@timed\ndef analyse(x): return 1\ndef simulate(p): return decay(p)\n# file: tools.py\n${timed}`,
		'return 1',
		'return 2',
	),
	same(
		'another function under the same decorator of a module does not count',
		`import tools\n@tools.timed\ndef decay(v): return v\n@tools.timed\ndef analyse(x): return 1\ndef simulate(p): return decay(p)\n# file: tools.py\n${timed}`,
		'return 1',
		'return 2',
	),
	same(
		'another function under the same decorator with arguments does not count',
		`${named}@named("a")\ndef decay(v): return v\n@named("b")\ndef analyse(x): return 1\ndef simulate(p): return decay(p)\n`,
		'return 1',
		'return 2',
	),
	same(
		'another function under a decorator with and without arguments does not count',
		`${either}@timed\ndef decay(v): return v\n@timed(n=2)\ndef analyse(x): return 1\ndef simulate(p): return decay(p)\n`,
		'return 1',
		'return 2',
	),
	same(
		'another function under a decorator that gives itself with arguments does not count',
		`${itself}@timed\ndef decay(v): return v\n@timed(n=2)\ndef analyse(x): return 1\ndef simulate(p): return decay(p)\n`,
		'return 1',
		'return 2',
	),
	same(
		'another function under a decorator that marks it does not count',
		'def mark(f):\n    f.isModel = True\n    return f\n@mark\ndef decay(v): return v\n@mark\ndef analyse(x): return 1\ndef simulate(p): return decay(p)\n',
		'return 1',
		'return 2',
	),
	same(
		'another function under a decorator that caches does not count',
		'import functools\ndef cached(f):\n    known = {}\n    @functools.wraps(f)\n    def inner(x):\n        if x not in known:\n            known[x] = f(x)\n        return known[x]\n    inner.known = known\n    return inner\n@cached\ndef decay(v): return v\n@cached\ndef analyse(x): return 1\ndef simulate(p): return decay(p)\n',
		'return 1',
		'return 2',
	),
	same(
		'another function under a decorator that compiles does not count',
		'import numba\ndef fast(f): return numba.njit(cache=True)(f)\n@fast\ndef decay(v): return v\n@fast\ndef analyse(x): return 1\ndef simulate(p): return decay(p)\n',
		'return 1',
		'return 2',
	),
	same(
		'another function under two decorators does not count',
		`${timed}@timed\n@functools.lru_cache(maxsize=None)\n@timed\ndef decay(v): return v\n@timed\n@functools.lru_cache(maxsize=None)\n@timed\ndef analyse(x): return 1\ndef simulate(p): return decay(p)\n`,
		'return 1',
		'return 2',
	),
	same(
		'a method under the same decorator does not count',
		`${timed}@timed\ndef decay(v): return v\nclass Other:\n    @timed\n    def step(self): return 1\ndef simulate(p): return decay(p)\n`,
		'return 1',
		'return 2',
	),
	same(
		'a function that is wrapped by a call does not count',
		`${timed}def plain(x): return 1\n@timed\ndef decay(v): return v\nanalyse = timed(plain)\ndef simulate(p): return decay(p)\n`,
		'return 1',
		'return 2',
	),
	differs(
		'the decorator of a function counts',
		`${timed}@timed\ndef decay(v): return v\n@timed\ndef analyse(x): return 1\ndef simulate(p): return decay(p)\n`,
		'append(time',
		'extend(time',
	),
	differs(
		'a decorator that keeps names on itself counts',
		'def timed(f):\n    timed.calls.append(f.__name__)\n    return f\ntimed.calls = []\n@timed\ndef decay(v): return v\n@timed\ndef analyse(x): return 1\ndef simulate(p): return timed.calls\n',
		'def analyse',
		'def analyze',
	),
	differs(
		'a decorator that counts on itself counts',
		'def timed(f):\n    timed.count += 1\n    return f\ntimed.count = 0\n@timed\ndef decay(v): return v\nif 1:\n    @timed\n    def analyse(x): return 1\ndef simulate(p): return timed.count\n',
		'    @timed\n',
		'',
	),
	differs(
		'a decorator that counts in a global counts',
		'n = 0\ndef timed(f):\n    global n\n    n += len(f.__name__)\n    return f\n@timed\ndef decay(v): return v\n@timed\ndef analyse(x): return 1\ndef simulate(p): return n\n',
		'def analyse',
		'def analyses',
	),
	differs(
		'a decorator with arguments that registers counts',
		'MODELS = {}\ndef register(name):\n    def wrap(f):\n        MODELS[name] = f\n        return f\n    return wrap\n@register("a")\ndef decay(v): return v\n@register("b")\ndef analyse(x): return 1\ndef simulate(p): return MODELS[p](p)\n',
		'return 1',
		'return 2',
	),
	differs(
		'a decorator with arguments that registers at once counts',
		'NAMES = []\ndef register(name):\n    NAMES.append(name)\n    def wrap(f): return f\n    return wrap\n@register("a")\ndef decay(v): return v\n@register("b")\ndef analyse(x): return 1\ndef simulate(p): return NAMES\n',
		'"b"',
		'"c"',
	),
	differs(
		'a decorator of another module that registers counts',
		'from tools import register, MODELS\n@register\ndef decay(v): return v\n@register\ndef analyse(x): return 1\ndef simulate(p): return MODELS[p](p)\n# file: tools.py\nMODELS = {}\ndef register(f):\n    MODELS[f.__name__] = f\n    return f\n',
		'return 1',
		'return 2',
	),
	differs(
		'a decorator that registers through another function counts',
		'MODELS = {}\ndef keep(f): MODELS[f.__name__] = f\ndef timed(f):\n    keep(f)\n    return f\n@timed\ndef decay(v): return v\n@timed\ndef analyse(x): return 1\ndef simulate(p): return MODELS[p](p)\n',
		'return 1',
		'return 2',
	),
	differs(
		'a decorator that registers through an inner function counts',
		'MODELS = {}\ndef timed(f):\n    def keep(): MODELS[f.__name__] = f\n    keep()\n    return f\n@timed\ndef decay(v): return v\n@timed\ndef analyse(x): return 1\ndef simulate(p): return MODELS[p](p)\n',
		'return 1',
		'return 2',
	),
	differs(
		'a decorator that registers through a default argument counts',
		'def timed(f, known={}):\n    known[f.__name__] = f\n    return f\n@timed\ndef decay(v): return v\n@timed\ndef analyse(x): return 1\ndef simulate(p): return timed.__defaults__[0][p](p)\n',
		'return 1',
		'return 2',
	),
	differs(
		'a decorator that registers in an argument counts',
		'MODELS = []\ndef into(table):\n    def wrap(f):\n        table.append(f)\n        return f\n    return wrap\n@into(MODELS)\ndef decay(v): return v\n@into(MODELS)\ndef analyse(x): return 1\ndef simulate(p): return MODELS[1](p)\n',
		'return 1',
		'return 2',
	),
	differs(
		'a decorator that calls what it is given counts',
		't = []\ndef run(f):\n    f(1)\n    return f\n@run\ndef fill(x): t.append(1)\ndef simulate(p): return t\n',
		'append(1)',
		'append(2)',
	),
	differs(
		'a wrapper that is called while its module is imported counts',
		`${timed}@timed\ndef decay(v): return v\n@timed\ndef analyse(x): return 1\ndef simulate(p): return log\nanalyse(3)\n`,
		'analyse(3)',
		'analyse(4)',
	),
	differs(
		'a decorator above one that gives something else counts',
		"class Box: pass\nbox = Box()\ndef give(f): return box\ndef mark(f):\n    f.n = f.n + 1 if hasattr(f, 'n') else 5\n    return f\n@mark\n@give\ndef analyse(x): return 1\ndef simulate(p): return box.n\n",
		'else 5',
		'else 6',
	),
	differs(
		'a decorator that writes into something else than it is given counts',
		'class Box: pass\nbox = Box()\ndef mark(f):\n    f = box\n    f.n = 1\n    return f\n@mark\ndef analyse(x): return 1\ndef simulate(p): return box.n\n',
		'f.n = 1',
		'f.n = 2',
	),
	differs(
		"a decorator whose wrapper's attributes are those of a table counts",
		'box = {}\ndef mark(f):\n    def inner(): return f()\n    inner.__dict__ = box\n    inner.n = 1\n    return inner\n@mark\ndef analyse(x): return 1\ndef simulate(p): return box\n',
		'inner.n = 1',
		'inner.n = 2',
	),
	differs(
		'a decorator that is a class with state counts',
		'class Count:\n    seen = []\n    def __init__(self, f):\n        self.seen.append(f)\n        self.f = f\n    def __call__(self, *a): return self.f(*a)\n@Count\ndef decay(v): return v\n@Count\ndef analyse(x): return 1\ndef simulate(p): return Count.seen[1](p)\n',
		'return 1',
		'return 2',
	),
	differs(
		'a decorator that is an instance counts',
		'class Registry:\n    def __init__(self): self.known = []\n    def __call__(self, f):\n        self.known.append(f)\n        return f\nregistry = Registry()\n@registry\ndef decay(v): return v\n@registry\ndef analyse(x): return 1\ndef simulate(p): return registry.known[1](p)\n',
		'return 1',
		'return 2',
	),
	differs(
		'a decorator of classes that registers counts',
		'MODELS = []\ndef register(c):\n    MODELS.append(c)\n    return c\n@register\nclass Model:\n    n = 1\ndef simulate(p): return MODELS[0].n\n',
		'n = 1',
		'n = 2',
	),
	differs(
		'a setter of a property counts',
		'class C:\n    @property\n    def rate(self): return self.r\n    @rate.setter\n    def rate(self, value): self.r = value * 2\ndef simulate(p):\n    c = C()\n    c.rate = p\n    return c.rate\n',
		'value * 2',
		'value * 3',
	),
	differs(
		'a decorator that another module replaces counts',
		'import tools\nimport patch\nfrom work import x\ndef simulate(p): return tools.MODELS[0](p)\n# file: tools.py\nMODELS = []\ndef timed(f): return f\n# file: patch.py\nimport tools\ndef register(f):\n    tools.MODELS.append(f)\n    return f\ntools.timed = register\n# file: work.py\nimport tools\nx = 1\n@tools.timed\ndef analyse(x): return 1\n',
		'return 1',
		'return 2',
	),
	differs(
		'a decorator that is bound twice counts',
		'MODELS = []\ndef timed(f): return f\ndef timed(f):\n    MODELS.append(f)\n    return f\n@timed\ndef analyse(x): return 1\ndef simulate(p): return MODELS[0](p)\n',
		'return 1',
		'return 2',
	),
	differs(
		'a decorator that is itself decorated counts',
		'MODELS = []\ndef deco(d):\n    def inner(f):\n        MODELS.append(f)\n        return d(f)\n    return inner\n@deco\ndef timed(f): return f\n@timed\ndef analyse(x): return 1\ndef simulate(p): return MODELS[0](p)\n',
		'return 1',
		'return 2',
	),
	differs(
		'what a decorator is given is called by what it makes',
		'import functools\nt = []\ndef add(f):\n    t.append(1)\n    return f\ndef deco(f):\n    @functools.lru_cache(add)\n    def inner(): return f()\n    return inner\n@deco\ndef analyse(): return 1\ndef simulate(p): return t\n',
		'append(1)',
		'append(2)',
	),
	differs(
		'an operator of what a decorator is given counts',
		't = []\nclass N:\n    def __add__(self, other):\n        t.append(other)\n        return self\ndef plus(a, b): return a + b\nn = N()\nx = plus(n, 1)\ndef simulate(p): return t\n',
		'plus(n, 1)',
		'plus(n, 2)',
	),
	differs(
		'a truth that a function asks for counts',
		't = []\nclass N:\n    def __bool__(self):\n        t.append(1)\n        return True\nn = N()\ndef ask(a):\n    if a:\n        return 1\n    return 2\nx = ask(n)\ndef simulate(p): return t\n',
		'ask(n)',
		'1',
	),
	differs(
		'a print into a table counts',
		'class W:\n    def __init__(self): self.t = []\n    def write(self, x): self.t.append(x)\nw = W()\ndef note(x): print(x, file=w)\nnote(1)\ndef simulate(p): return w.t\n',
		'note(1)',
		'note(2)',
	),
	differs(
		'a wrapper that writes into a function of the module counts',
		'import functools\ndef base(): return 1\ndef timed(f): return functools.wraps(f)(base)\n@timed\ndef analyse(): return 2\ndef simulate(p): return base.__wrapped__()\n',
		'return 2',
		'return 3',
	),
];

testPairs(test, pairs);
