# What names refer to, across the modules of the project: statements that bind them, whole modules, packages,
# builtins. Follows imports, re-exports and attributes of modules. Knows nothing of what statements do. Nothing is
# imported or run.
from _scanmake_hooks import hooks_of
from _scanmake_modules import read_module
from _scanmake_pure import BUILTINS

# What a module has by itself.
SPECIAL = frozenset(
    """__name__ __file__ __doc__ __package__ __spec__ __loader__ __path__ __cached__ __annotations__ __builtins__
    __module__ __qualname__ __class__""".split()
)


class Names:
    """Modules by the names under which one path finds them, and what names in them refer to."""

    def __init__(self, search, main=None):
        self.search = search
        self.modules = {}
        self.known = {}
        self.main = main
        self.hooks = {}

    def module(self, name):
        """The project's source module of a name; None: it is something else."""
        if name in self.modules:
            return self.modules[name]
        found = self.search.find(name)
        module = None
        if found.kind == "source":
            module = read_module(name, found.path, found.path.endswith("__init__.py"), False)
        self.modules[name] = module
        return module

    def script(self, path, name):
        """A file as it is run; `name` is what it is called in its package, `__main__` outside of any."""
        module = self.modules[name] = read_module(name, path, False, True)
        return module

    def hooked(self):
        """What may change something without being called, in any module: `attribute`, `item`, `operator`."""
        for name, module in self.modules.items():
            if module is not None and module not in self.hooks:
                self.hooks[module] = hooks_of(module)
        return frozenset().union(*self.hooks.values())

    def resolve(self, module, key, attributes):
        """What a reference of a module means: a list of (kind, what, name, attributes that are left)."""
        known = self.known.get((module, key, attributes))
        if known is None:
            found = self._resolve(module, key, attributes)
            known = self.known[(module, key, attributes)] = list(dict.fromkeys(found))
        return known

    def _resolve(self, module, key, attributes):
        if key.__class__ is str:
            return self._name(module, key, attributes, ())
        if key[0] == "mangled":
            end = key[1]
            names = [name for name in module.bindings if name[:1] == "_" and name.endswith(end) and name != end]
            return [target for name in names for target in self._name(module, name, attributes, ())]
        if key[0] == "mark":
            return self._mark(module, key[1:])
        return self._follow(module, key, attributes, ())

    def _mark(self, module, how):
        """An import statement mentions a module without using it."""
        base = absolute(module, how)
        if how[3] == "*":
            return [("everything",) + target[1:] for target in self._through(base, (), ())]
        if how[0] == "from":
            targets = self._follow(module, how, (), ())
        else:
            targets = self._through(base, (), ())
        return [("imported",) + target[1:] if target[0] == "module" else target for target in targets]

    def _name(self, module, name, attributes, seen):
        if (module, name) in seen:
            return []
        entries = module.bindings.get(name)
        if not entries:
            return [unbound(module, name, attributes)]
        targets = [("star", module, name, attributes)] if module.stars else []
        for unit, how in entries:
            if how is None or not unit.isImport:
                targets.append(("name", module, name, attributes))
            if how is not None:
                targets += self._follow(module, how, attributes, seen + ((module, name),))
        return targets

    def _follow(self, module, how, attributes, seen):
        base = absolute(module, how)
        return self._through(base, attributes if how[0] == "module" else (how[3],) + attributes, seen)

    def _through(self, dotted, attributes, seen):
        """`module.attribute…`, from the module on."""
        found = self.search.find(dotted) if dotted else None
        full = ".".join((dotted,) + attributes)
        if found is None or found.kind == "missing":
            return [("missing", None, full, ())]
        if found.kind == "stdlib" and full.startswith("builtins."):
            return [("builtin", None, attributes[0], attributes[1:])]
        if found.kind in ("stdlib", "installed", "extension"):
            return [(found.kind, found, full, ())]
        if found.kind == "namespace":
            if not attributes:
                return [("namespace", None, dotted, ())]
            return self._through(dotted + "." + attributes[0], attributes[1:], seen)
        module = self.module(dotted)
        if not attributes:
            return [("module", module, "", ())]
        return self._attribute(module, dotted, attributes, seen)

    def _attribute(self, module, dotted, attributes, seen):
        name = attributes[0]
        targets = []
        if name in module.bindings:
            targets = self._name(module, name, attributes[1:], seen)
        if module.isPackage:
            inside = self.search.find(dotted + "." + name).kind
            if inside in ("source", "extension") or (inside == "namespace" and not targets):
                targets += self._through(dotted + "." + name, attributes[1:], seen)
        if targets or (module, name) in seen:
            return targets
        if name == "__dict__":
            return [("module", module, "", ())]
        if name in SPECIAL:
            return [("special", module, name, attributes[1:])]
        if "__getattr__" in module.bindings:
            return [("raw", module, "", attributes)]
        if module.stars:
            return [("star", module, name, attributes[1:])]
        return [("nowhere", None, name, attributes[1:])]

    def imported(self, module, how):
        """The source modules that an import statement brings in: the packages around one come first."""
        base = absolute(module, how)
        names = [base] if base else []
        if how[0] == "from" and how[3] != "*" and base:
            inside = self.search.find(base)
            if inside.kind in ("source", "namespace") and self.search.find(base + "." + how[3]).kind == "source":
                names.append(base + "." + how[3])
        found = []
        for name in names:
            parts = name.split(".")
            for size in range(1, len(parts) + 1):
                inner = self.module(".".join(parts[:size]))
                if inner is not None:
                    found.append(inner)
        return found

    def binders(self, module, name):
        """The statements that bind a name, imports that only pass it on aside."""
        found = []
        for unit, how in module.bindings.get(name, ()):
            if (how is None or not unit.isImport) and unit not in found:
                found.append(unit)
        return found


def unbound(module, name, attributes):
    """A name that no statement of its module binds."""
    if name in SPECIAL:
        return ("special", module, name, attributes)
    if module.stars:
        return ("star", module, name, attributes)
    if name in BUILTINS:
        return ("builtin", None, name, attributes)
    return ("nowhere", None, name, attributes)


def absolute(module, how):
    """The full name of the module that an import names; empty where there is none."""
    level = how[1]
    if level == 0:
        return how[2]
    parts = module.name.split(".")
    if not module.isPackage:
        parts = parts[:-1]
    if level - 1 > 0:
        parts = parts[: 1 - level]
    if not parts:
        return ""
    return ".".join(parts + ([how[2]] if how[2] else []))
