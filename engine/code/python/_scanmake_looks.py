# Questions on expressions of a module's top level: what a call calls and whether it is pure, whether looking through
# something uses it up, whether a base class is told of its subclasses. Knows a table of pure callables; whatever is
# not known is taken for the worst.
import _ast

from _scanmake_lookup import chain
from _scanmake_modules import is_fixed, is_immutable
from _scanmake_pure import QUIET_METHODS, builtin_purity, consumes, is_unary, purity_of
from _scanmake_scopes import FUNCTIONS

_DISPLAYS = (
    _ast.List,
    _ast.Tuple,
    _ast.Dict,
    _ast.Set,
    _ast.ListComp,
    _ast.SetComp,
    _ast.DictComp,
    _ast.JoinedStr,
    _ast.BinOp,
)


class Looks:
    """The questions, for one module."""

    def __init__(self, module, names):
        self.module = module
        self.names = names

    def targets(self, func):
        found = chain(func)
        return () if found is None else self.names.resolve(self.module, found[0].id, found[1])

    def purity(self, func, inner):
        """pure, caller, reads (open), quiet (a harmless method of what a pure call gave), or unknown."""
        found = chain(func)
        if found is None:
            if func.__class__ is _ast.Attribute and func.attr in QUIET_METHODS and func.value.__class__ is _ast.Call:
                return "quiet" if self.purity(func.value.func, inner) in ("pure", "quiet") else "unknown"
            if func.__class__ is _ast.Attribute and func.value.__class__ in (_ast.Constant, _ast.JoinedStr):
                return "caller"
            return "unknown"
        if found[0].id in inner:
            return "unknown"
        kinds = set()
        for kind, _, name, left in self.targets(func):
            if kind == "builtin":
                kinds.add("caller" if left else "reads" if name == "open" else builtin_purity(name))
            elif kind in ("stdlib", "installed", "missing"):
                kinds.add(purity_of(name))
            else:
                kinds.add("unknown")
        return kinds.pop() if len(kinds) == 1 else "unknown"

    def is_data(self, node, inner):
        kind = node.__class__
        if kind in _DISPLAYS or is_immutable(node):
            return True
        if kind is _ast.Call:
            return self.purity(node.func, inner) == "pure"
        if kind is not _ast.Name or node.id in inner:
            return False
        targets = self.names.resolve(self.module, node.id, ())
        units = [unit for what in targets if what[0] == "name" for unit in self.names.binders(what[1], what[2])]
        if any(target[0] != "name" for target in targets) or not units:
            return False
        return all(is_fixed(unit) or (assigned(unit).__class__ in _DISPLAYS) or self.is_array(unit) for unit in units)

    def is_array(self, unit):
        value = assigned(unit)
        found = chain(value.func) if value.__class__ is _ast.Call else None
        if found is None:
            return False
        targets = self.names.resolve(unit.module, found[0].id, found[1])
        return all(
            kind in ("installed", "missing") and name.startswith("numpy.") and purity_of(name) == "pure"
            for kind, _, name, _ in targets
        )

    def is_function(self, node):
        """What a pure callable may call."""
        if node.__class__ is not _ast.Name:
            return node.__class__ is _ast.Lambda
        targets = self.names.resolve(self.module, node.id, ())
        units = [unit for what in targets if what[0] == "name" for unit in self.names.binders(what[1], what[2])]
        return any(unit.node.__class__ in FUNCTIONS for unit in units)

    def keeps_track(self, base):
        """A class of the project that is told of its subclasses, or whose own bases may be."""
        found = chain(base)
        if found is None:
            return True
        stack = [(self.module, found[0].id, found[1])]
        seen = set()
        while stack:
            item = stack.pop()
            if item in seen:
                continue
            seen.add(item)
            for kind, what, name, _ in self.names.resolve(*item):
                if kind != "name":
                    continue
                for binder in self.names.binders(what, name):
                    node = binder.node
                    if "__init_subclass__" in binder.read().words or "metaclass" in binder.read().words:
                        return True
                    if node.__class__ is not _ast.ClassDef:
                        return True
                    for above in [chain(above) for above in node.bases]:
                        if above is None:
                            return True
                        stack.append((what, above[0].id, above[1]))
        return False

    def uses_up(self, func):
        return any(consumes(name) for _, _, name, _ in self.targets(func))

    def written_to(self, node):
        """Arguments that numpy may write to: `out`, also by its place."""
        found = [keyword.value for keyword in node.keywords if keyword.arg in ("out", None)]
        names = [name for _, _, name, _ in self.targets(node.func) if name.startswith("numpy.")]
        if names:
            found += node.args[1 if any(is_unary(name) for name in names) else 2 :]
        return found


def assigned(unit):
    """The value that an assignment gives."""
    return getattr(unit.node, "value", None)
