# Remarks on what results depend on and no key can see, in the code that was reached: the environment, chance, the
# clock, the network, files that a text names. Each with file and line. Knows nothing of rules: what `env` and `uses`
# name is silenced elsewhere.
import os

_CLOCK = frozenset(
    """time.time time.time_ns time.localtime time.gmtime time.ctime datetime.datetime.now datetime.datetime.utcnow
    datetime.datetime.today datetime.date.today""".split()
)
_NETWORK = ("urllib.request.", "requests.", "http.client.", "httpx.", "aiohttp.", "urllib3.", "socket.", "ftplib.")
_CHANCE = frozenset(["os.urandom", "uuid.uuid1", "uuid.uuid4", "os.getrandom", "random.SystemRandom"])
_READERS = ("os.getenv", "os.environ.get", "os.environ.pop", "os.environ.setdefault", "os.environ")
# What makes a generator: of chance where it is given nothing.
_GENERATORS = frozenset(
    ["random.Random", "numpy.random.default_rng", "numpy.random.RandomState", "numpy.random.SeedSequence"]
)
_BITS = frozenset(["PCG64", "MT19937", "Philox", "SFC64", "PCG64DXSM"])
_SEEDS = {"random.seed": "random.", "numpy.random.seed": "numpy.random.", "numpy.random.set_state": "numpy.random."}
_NO_DRAW = frozenset(
    ["seed", "getstate", "setstate", "set_state", "get_state", "Generator", "Random", "RandomState", "BitGenerator"]
)
_LONGEST_NAME = 200
_COMPUTED = (
    "this imports what the text does not name: every .py file of the folder counts. Those of other folders do not, and "
    "a task that imports one fails: name them in uses."
)


def warnings_of(walk, names, folder, sources):
    """Remarks on one walk, in the order in which its statements were met."""
    found = {}
    pairs = [(unit, call) for unit in walk.units for call in unit.read().calls]
    calls = [(unit, call, name) for unit, call in pairs for name in names_of(names, unit, call)]
    seeded = {_SEEDS[name] for _, call, name in calls if name in _SEEDS and call[4] and call[1] > 0}
    for unit, call, name in calls:
        remark = environment(call, name) or drawn(unit, call, name, seeded) or seen(name)
        if remark is not None:
            add(found, unit, call[3], remark)
    for unit in walk.units:
        for text, line in unit.read().strings:
            path = file_named(text, folder, unit.module.path)
            if path is not None and path not in sources:
                add(found, unit, line, (named(text), None, os.path.relpath(path, folder).replace(os.sep, "/")))
    if walk.computedAt is not None:
        unit, line = walk.computedAt
        add(found, unit, line, (_COMPUTED, None, None))
    return list(found.values())


def add(found, unit, line, remark):
    message, variable, file = remark
    key = (message, unit.module.path, line)
    warning = {"message": message, "file": unit.module.path, "line": line}
    if variable is not None:
        warning["variable"] = variable
    if file is not None:
        warning["names"] = file
    found.setdefault(key, warning)


def names_of(names, unit, call):
    """What a call calls, by its full name outside of the project."""
    token = call[0]
    targets = names.resolve(unit.module, token[0], token[1])
    return [name for kind, _, name, _ in targets if kind in ("stdlib", "installed", "missing")]


def environment(call, name):
    if name not in _READERS or (name == "os.environ") != (call[1] == -1):
        return None
    variable = call[2] if isinstance(call[2], str) else None
    what = "the environment variable %s" % variable if variable else "environment variables by computed names"
    message = 'this reads %s: a change of it reruns nothing. Name it in the rule: env: ["%s"].'
    return (message % (what, variable or "NAME"), variable, None)


def drawn(unit, call, name, seeded):
    """Chance without a seed, or with one that is set once for many tasks."""
    _, size, first, _, isRun = call
    if size < 0:
        return None
    isGenerator = name in _GENERATORS or (name.startswith("numpy.random.") and name.rpartition(".")[2] in _BITS)
    if isGenerator:
        if size == 0:
            message = "%s() without a seed: its results cannot be repeated. Give it params.seed (see .trials)."
            return (message % name, None, None)
        if not isRun and name != "numpy.random.SeedSequence":
            message = "%s is made once for all tasks of a process: what a task draws depends on those before it. "
            return ((message + "Make it in the function, from params.seed.") % name, None, None)
        return None
    if name in _CHANCE or name.startswith("secrets."):
        return ("%s: its results cannot be repeated. Draw from params.seed (see .trials)." % name, None, None)
    for library in ("numpy.random.", "random."):
        last = name[len(library) :]
        if name.startswith(library) and "." not in last and last not in _NO_DRAW and library not in seeded:
            message = "%s draws from a generator that no task seeds: its results cannot be repeated. "
            return ((message + "Draw from params.seed (see .trials).") % name, None, None)
    return None


def seen(name):
    if name in _CLOCK:
        message = "this reads the clock (%s): its results may differ from run to run and are kept as they are."
        return (message % name, None, None)
    if name.startswith(_NETWORK):
        message = "this uses %s: scanmake cannot see when the answer changes. Bump the rule's version when it does."
        return (message % name, None, None)
    return None


def named(text):
    return 'this names the file %s: put it into uses: ["%s"], or a change of it reruns nothing.' % (text, text)


def file_named(text, folder, source):
    """The file of the project that a text names, from the Scanfile's folder or from where it stands."""
    if not text or len(text) > _LONGEST_NAME or "\n" in text or "\0" in text or text.startswith(".."):
        return None
    for base in (folder, os.path.dirname(source)):
        path = os.path.normpath(os.path.join(base, text))
        if path.startswith(folder + os.sep) and os.path.isfile(path):
            return path
    return None
