# Words by which code does what its text does not show: evaluates texts, looks at its own source, imports by computed
# names. For each the text that has to count instead. Knows nothing of modules.

# The module's own text: it can name anything in it.
_MODULE_BUILTINS = frozenset(["exec", "eval", "compile", "globals", "__import__"])
# The text of all modules that are there.
_PROCESS_WORDS = frozenset(["__subclasses__", "__globals__", "f_globals", "f_back", "__builtins__", "__closure__"])
_PROCESS_MODULES = (
    "inspect",
    "gc",
    "sys.modules",
    "sys._getframe",
    "traceback.walk_stack",
    "sys.settrace",
    "sys.setprofile",
    "linecache",
)
# Files that the text does not name.
_COMPUTED_MODULES = (
    "runpy",
    "pkgutil",
    "imp",
    "sys.path",
    "sys.meta_path",
    "sys.path_hooks",
    "importlib.util",
    "importlib.machinery",
    "importlib.import_module",
    "importlib.__import__",
    "importlib.reload",
    "zipimport",
    "site.addsitedir",
)
_NAMING_WORDS = frozenset(["__module__", "__qualname__", "__file__", "__package__", "__spec__"])
_NAMING_MODULES = (
    "inspect",
    "pickle",
    "copyreg",
    "shelve",
    "marshal",
    "multiprocessing",
    "concurrent.futures",
    "dill",
    "cloudpickle",
    "joblib",
    "traceback",
)
# They look up names of the caller in texts: equations, formulas, queries.
_FRAME_READERS = (
    "brian2",
    "numexpr",
    "pandas",
    "patsy",
    "statsmodels",
    "formulaic",
    "polars",
    "duckdb",
    "pydantic",
    "typing.get_type_hints",
)


def within(dotted, modules):
    """Whether a dotted name is one of some modules or in it."""
    for module in modules:
        if dotted == module or dotted.startswith(module + "."):
            return True
    return False


def asked_by_words(words):
    """What must count besides, for the attributes and names that a text has: docs, names, process."""
    asked = set()
    if "__doc__" in words or "getdoc" in words:
        asked.add("docs")
    if words & _NAMING_WORDS:
        asked.add("names")
    if words & _PROCESS_WORDS:
        asked.add("process")
    return asked


def asked_by_target(kind, name):
    """The same for what a name refers to: docs, names, strings, module, process, computed."""
    asked = set()
    if kind == "builtin":
        if name in _MODULE_BUILTINS:
            asked.add("module")
        if name == "__import__":
            asked.add("computed")
        if name == "help":
            asked.add("docs")
    elif kind == "special":
        asked.add("docs" if name == "__doc__" else "process" if name == "__builtins__" else "names")
    elif kind in ("stdlib", "installed", "missing"):
        if within(name, _PROCESS_MODULES):
            asked.update(["process", "docs"])
        if within(name, _COMPUTED_MODULES):
            asked.add("computed")
        if name == "builtins":
            asked.add("module")
        if within(name, _NAMING_MODULES):
            asked.add("names")
        if within(name, _FRAME_READERS):
            asked.add("strings")
    return asked


def is_import_call(kind, name):
    """A function that imports what it is told."""
    return (kind == "builtin" and name == "__import__") or (kind == "stdlib" and name == "importlib.import_module")


def words_in(text):
    """The identifiers in a text."""
    return "".join([sign if sign.isalnum() or sign == "_" else " " for sign in text]).split()
