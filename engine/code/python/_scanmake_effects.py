# What a top-level statement may change when its module is imported: names of the project, or the world. Goes through
# the functions that it calls. Knows which callables are pure from a table; whatever is not known is taken as changing
# all that it can get at.
import _ast

from _scanmake_modules import is_fixed, is_plain
from _scanmake_pure import builtin_purity, purity_of
from _scanmake_quiet import Quiet
from _scanmake_touch import touched_by

_QUIET = frozenset(["name", "special", "namespace", "nowhere", "imported", "everything"])


class Effects:
    """What statements change, each looked at once for as long as no further module is read."""

    def __init__(self, names):
        self.names = names
        self.size = -1
        self.known = {}
        self.direct = {}
        self.quiet = None
        self.quietSize = -1

    def of(self, unit):
        """(names as (module, name), whether the world, imports of called functions as (module, how))."""
        if self.size != len(self.names.modules):
            self.size = len(self.names.modules)
            self.known = {}
        known = self.known.get(unit)
        if known is None:
            known = self.known[unit] = self._of(unit)
        return known

    def touches(self, unit):
        """The references that a statement itself calls, changes or gives away."""
        if self.quietSize != len(self.names.modules):
            self.quietSize = len(self.names.modules)
            self.quiet = Quiet(self.names, self.names.hooked())
        known = unit.touches
        if known is None or known[0] != self.quiet.hooked or known[1] not in (None, self.quiet):
            touches, isAsking = touched_by(unit, self.names, self.quiet)
            # Any further module may give what was quiet something else.
            known = unit.touches = (self.quiet.hooked, self.quiet if isAsking else None, touches)
        return known[2]

    def _of(self, unit):
        touches = self.touches(unit)
        if not touches:
            return frozenset(), False, ()
        changed = set()
        isWorld = False
        later = []
        seen = set()
        stack = [(unit.module, token) for token in touches]
        while stack:
            module, token = stack.pop()
            for kind, what, name, left in self.names.resolve(module, token[0], token[1]):
                if kind != "name":
                    isWorld = isWorld or self.changes_world(kind, name, left, token)
                    continue
                binders = self.names.binders(what, name)
                if token[3] != "stored" and all(is_fixed(binder) for binder in binders):
                    continue
                isCalled = token[3] == "called" and not left and len(binders) == 1
                if not (isCalled and is_plain(binders[0])):
                    changed.add((what, name))
                if (what, name) in seen:
                    continue
                seen.add((what, name))
                for binder in binders + self.changers(what, name):
                    text = binder.read()
                    stack.extend([(binder.module, item) for item in text.tokens if item.__class__ is tuple])
                    later.extend([(binder.module, how) for how in text.later])
        return frozenset(changed), isWorld, later

    def changers(self, module, name):
        """The statements that themselves do something to a name: what they put into it is reached through it."""
        if self.direct.get("") != len(self.names.modules):
            self.direct = {"": len(self.names.modules)}
            for other in [item for item in self.names.modules.values() if item is not None]:
                for unit in other.units:
                    for token in self.touches(unit):
                        for kind, what, target, _ in self.names.resolve(other, token[0], token[1]):
                            if kind == "name":
                                self.direct.setdefault((what, target), {})[unit] = True
        return list(self.direct.get((module, name), ()))

    def changes_world(self, kind, name, left, token):
        if kind in _QUIET:
            return kind == "nowhere" and token[3] == "stored"
        if kind == "builtin":
            return token[3] == "stored" or (builtin_purity(name) == "world" and token[3] != "reads")
        if kind in ("stdlib", "installed", "missing"):
            if token[0].__class__ is tuple and token[0][0] == "mark":
                return False
            return token[3] == "stored" or name.startswith("pathlib.") or purity_of(name) == "world"
        return True


def is_unused_import(unit):
    """An import of a package whose name the module never mentions is there for what it does."""
    if not unit.isImport or unit.node.__class__ is _ast.ImportFrom:
        return False
    module = unit.module
    if module.isPackage:
        return False
    if module.mentioned is None:
        module.mentioned = set()
        for other in module.units:
            if not other.isImport:
                module.mentioned |= other.read().words
                module.mentioned |= {token[0] for token in other.read().tokens if token.__class__ is tuple}
    return not any(name in module.mentioned for name in unit.bound.names)
