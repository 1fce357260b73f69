# Which names a scope binds, and how: one walk over statements that stays in their scope. Knows nothing of other
# modules, nor of what the names hold. Exact for every form of binding; where a later Python adds one, names of it are
# taken as global.
import _ast
from _ast import AST

FUNCTIONS = (_ast.FunctionDef, _ast.AsyncFunctionDef)
COMPREHENSIONS = (_ast.ListComp, _ast.SetComp, _ast.DictComp, _ast.GeneratorExp)


_TARGETS = frozenset([_ast.Name, _ast.Tuple, _ast.List, _ast.Starred])
# Texts that have `:=`: elsewhere expressions bind nothing, and are not walked through (a third of the time).
walrus = []


class Bound:
    """What one scope binds: names with how (None, or what an import names), globals, nonlocals, `import *`."""

    __slots__ = ("names", "outer", "nonlocals", "stars", "imports")

    def __init__(self):
        self.names = {}
        self.outer = set()
        self.nonlocals = set()
        self.stars = []
        self.imports = []

    def bind(self, name, how=None):
        self.names.setdefault(name, []).append(how)


def children(node):
    """The nodes below a node, in the order of the text."""
    found = []
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, list):
            found.extend([item for item in value if isinstance(item, AST)])
        elif isinstance(value, AST):
            found.append(value)
    return found


def arguments_of(arguments):
    """The argument nodes of a function, in order."""
    found = list(getattr(arguments, "posonlyargs", ())) + arguments.args
    if arguments.vararg is not None:
        found.append(arguments.vararg)
    found += arguments.kwonlyargs
    if arguments.kwarg is not None:
        found.append(arguments.kwarg)
    return found


def bound_by(statements):
    """What statements bind in the scope that they stand in."""
    bound = Bound()
    stack = [(node, False) for node in reversed(statements)]
    while stack:
        node, inner = stack.pop()
        kind = node.__class__
        below = None
        if kind is _ast.Name:
            if not inner and node.ctx.__class__ is not _ast.Load:
                bound.bind(node.id)
            continue
        if kind is _ast.Constant:
            continue
        if kind in FUNCTIONS:
            bound.bind(node.name)
            below = node.decorator_list + [node.args] + ([node.returns] if node.returns is not None else [])
        elif kind is _ast.ClassDef:
            bound.bind(node.name)
            below = node.decorator_list + node.bases + node.keywords
            bound.imports.extend(bound_by(node.body).imports)
        elif kind is _ast.Lambda:
            below = [node.args]
        elif kind in COMPREHENSIONS:
            inner = True
        elif kind is _ast.NamedExpr:
            bound.bind(node.target.id)
            below = [node.value]
        elif kind is _ast.Import:
            _import(node, bound)
            continue
        elif kind is _ast.ImportFrom:
            _import_from(node, bound)
            continue
        elif kind is _ast.Global:
            bound.outer.update(node.names)
            continue
        elif kind is _ast.Nonlocal:
            bound.nonlocals.update(node.names)
            continue
        elif kind.__name__ == "TypeAlias":
            below = [node.name]
        elif isinstance(getattr(node, "name", None), str):
            bound.bind(node.name)  # except … as, case … as, case [*…]
        elif isinstance(getattr(node, "rest", None), str):
            bound.bind(node.rest)
        if below is None:
            below = children(node)
        if not walrus:
            below = [item for item in below if not isinstance(item, _ast.expr) or item.__class__ in _TARGETS]
        stack.extend([(item, inner) for item in reversed(below)])
    return bound


def _import(node, bound):
    for alias in node.names:
        if alias.asname is None:
            bound.bind(alias.name.partition(".")[0], ("module", 0, alias.name.partition(".")[0], None))
        else:
            bound.bind(alias.asname, ("module", 0, alias.name, None))
        bound.imports.append(("module", 0, alias.name, None))


def _import_from(node, bound):
    for alias in node.names:
        how = ("from", node.level or 0, node.module or "", alias.name)
        bound.imports.append(how)
        if alias.name == "*":
            bound.stars.append(how)
        else:
            bound.bind(alias.asname or alias.name, how)
