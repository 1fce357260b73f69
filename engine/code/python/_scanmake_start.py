# Where a walk begins: the function that a Scanfile names, or a whole script. Says what is wrong with it: no such
# file, no such function, something else under that name. Knows how a function can be called from how it is written.
import _ast
import os
import sys

from _scanmake_modules import is_immutable, read_module
from _scanmake_scopes import FUNCTIONS

_MOST_NAMED = 5
_PLAIN_VALUES = (_ast.Constant, _ast.List, _ast.Tuple, _ast.Dict, _ast.Set, _ast.JoinedStr)


class Start:
    """A start: the module, the name in it (None: the whole file), and what is wrong."""

    def __init__(self, module, name, path):
        self.module = module
        self.name = name
        self.path = path
        self.signature = None
        self.problems = []

    def problem(self, message, line=0, file=None):
        self.problems.append({"message": message, "file": file or self.path, "line": line})


def start_function(names, dotted, path, name, folder):
    """A function by its file and name."""
    relative = shown(path, folder)
    if not os.path.isfile(path):
        start = Start(None, name, path)
        start.problem("%s is not there." % relative if not os.path.exists(path) else "%s is no file." % relative)
        return start
    module = names.modules.get(dotted)
    if module is None or module.path != path:
        module = names.modules[dotted] = read_module(dotted, path, path.endswith("__init__.py"), False)
    start = Start(module, name, path)
    if module.problem is None:
        look_at(start, names, relative)
    return start


def start_script(names, path, folder, dotted):
    """A file that is run."""
    if not os.path.isfile(path):
        start = Start(None, None, path)
        start.problem("%s is not there." % shown(path, folder))
        return start
    return Start(names.script(path, dotted), None, path)


def look_at(start, names, relative):
    """What stands under the name."""
    module, name = start.module, start.name
    if name not in module.bindings:
        if module.stars or "__getattr__" in module.bindings or makes_names(names, module):
            return
        near = nearest(name, functions_of(module)) or nearest(name, module.bindings)
        line = line_of(module, near) if near else 0
        hint = "; did you mean %s?" % near if near else ". " + remedy(relative, functions_of(module))
        start.problem("%s has no function %s%s" % (relative, name, hint), line)
        return
    targets = names.resolve(module, name, ())
    if len(targets) != 1:
        return
    kind, what, bound, _ = targets[0]
    if kind in ("module", "namespace"):
        message = "%s of %s is a module, not a function. Name a function of it."
        start.problem(message % (name, relative), line_of(module, name))
        return
    if kind == "missing":
        return
    if kind != "name":
        return
    binders = names.binders(what, bound)
    if len(binders) != 1:
        return
    node = binders[0].node
    if node.__class__ is _ast.ClassDef:
        message = "%s of %s is a class, not a function. Write a function that uses it, and name that."
        start.problem(message % (name, relative), node.lineno, what.path)
    elif node.__class__ in FUNCTIONS:
        if not node.decorator_list:
            start.signature = signature_of(node, what.path)
    elif node.__class__ in (_ast.Assign, _ast.AnnAssign) and node.value is not None:
        value = node.value
        isSingle = node.__class__ is _ast.AnnAssign or all(target.__class__ is _ast.Name for target in node.targets)
        if isSingle and value.__class__ is _ast.Lambda:
            start.signature = signature_of(value, what.path)
        elif isSingle and (value.__class__ in _PLAIN_VALUES or is_immutable(value)):
            message = "%s of %s is a value, not a function. Name a function."
            start.problem(message % (name, relative), node.lineno, what.path)


def nearest(name, candidates):
    """As a worker says it."""
    sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "workers"))
    import _scanmake_nearest

    sys.path.pop()
    return _scanmake_nearest.nearest(name, candidates)


def makes_names(names, module):
    """Code that could make a name that no statement shows."""
    for unit in module.units:
        text = unit.read()
        for token in text.tokens:
            if token.__class__ is tuple and token[0] in ("exec", "globals", "eval", "vars", "locals", "setattr"):
                return True
            if token.__class__ is tuple and "modules" in token[1]:
                return True
    return False


def remedy(relative, functions):
    """What to do where no name comes near."""
    if not functions:
        return "It has no functions at all: write it there, or name another file."
    more = " and others" if len(functions) > _MOST_NAMED else ""
    return "Write it there, or name one that it has: %s%s." % (", ".join(functions[:_MOST_NAMED]), more)


def functions_of(module):
    return [
        name
        for name, entries in module.bindings.items()
        if any(unit.node.__class__ in FUNCTIONS for unit, _ in entries)
    ]


def line_of(module, name):
    return module.bindings[name][0][0].node.lineno


def signature_of(node, path):
    """How a function can be called, and where it is written."""
    arguments = node.args
    byPlace = list(getattr(arguments, "posonlyargs", ())) + arguments.args
    required = len(byPlace) - len(arguments.defaults)
    names = [{"name": item.arg, "required": index < required} for index, item in enumerate(byPlace)]
    for item, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        names.append({"name": item.arg, "required": default is None})
    return {
        "names": names,
        "positional": len(byPlace),
        "rest": arguments.kwarg is not None,
        "file": path,
        "line": node.lineno,
    }


def shown(path, folder):
    """A path as the user names it."""
    relative = os.path.relpath(path, folder)
    return path if relative.startswith("..") else relative.replace(os.sep, "/")
