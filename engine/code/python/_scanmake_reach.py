# What a function or script is, as text: the statements that bind what it refers to, and so on, and those that can
# change any of it. Statements are numbered as they are met, so neither names of modules nor the order of declarations
# count. Knows nothing of packages but their names; what cannot be followed is more text, never less.
from _scanmake_effects import is_unused_import
from _scanmake_modules import looks_at_import
from _scanmake_opaque import asked_by_target, asked_by_words, is_import_call, words_in


class Walk:
    """One walk from a start; `asked` is what a former walk found that must count besides."""

    def __init__(self, names, effects, asked=()):
        self.names = names
        self.effects = effects
        self.asked = set(asked)
        self.isAsked = set()
        self.executed = {}
        self.timeline = {}
        self.units = {}
        self.by = {}
        self.reading = None
        self.queue = []
        self.keys = {}
        self.modules = {}
        self.spaces = {}
        self.inside = {}
        self.targets = {}
        self.texts = []
        self.raw = {}
        self.isComputed = False
        self.computedAt = None

    def execute(self, module):
        """A module runs when it is imported, what it imports before what comes after."""
        if module in self.executed:
            return
        self.executed[module] = True
        if module.isPackage and b"__path__" in module.data:
            self.isComputed = True
        for unit in module.units:
            for how in unit.bound.imports:
                self.imports(module, how)
            self.timeline[unit] = len(self.timeline)

    def imports(self, module, how):
        for inner in self.names.imported(module, how):
            self.execute(inner)

    def key(self, module, name):
        """The number of a name; its statements are to be read."""
        number = self.keys.get((module, name))
        if number is None:
            number = self.keys[(module, name)] = len(self.keys)
            self.execute(module)
            for unit in self.names.binders(module, name):
                self.add(unit)
        return number

    def add(self, unit):
        if unit not in self.units:
            self.units[unit] = len(self.units)
            self.by[unit] = self.reading
            self.queue.append(unit)
            self.execute(unit.module)
            if unit.module.stars:
                self.whole(unit.module)

    def whole(self, module):
        """All statements of a module, and whatever changes what it binds."""
        self.execute(module)
        number = self.modules.get(module)
        if number is None:
            number = self.modules[module] = len(self.modules)
            for unit in module.units:
                self.add(unit)
            for name in module.bindings:
                self.key(module, name)
            for unit in module.units:
                self.whole_imports(unit)
        return number

    def whole_imports(self, unit):
        """Who has a module has the modules that it imports."""
        for how in unit.bound.imports + unit.read().later:
            if how[0] == "module":
                for inner in self.names.imported(unit.module, how):
                    self.whole(inner)
            for kind, what, _, _ in self.names.resolve(unit.module, ("mark",) + how, ()):
                if kind == "imported":
                    self.whole(what)

    def whole_text(self, module):
        """A module as it is written, comments and all."""
        if module.path not in self.raw:
            self.raw[module.path] = module.digest
        self.whole(module)

    def close(self):
        """Reads all that is reached, until nothing comes in any more."""
        read = 0
        while True:
            size = self.size()
            while read < len(self.queue):
                self.reading = self.queue[read]
                self.read(self.reading)
                read += 1
            self.reading = None
            if "process" in self.isAsked:
                for module in list(self.executed):
                    self.whole_text(module)
            self.add_inside()
            self.add_changing()
            if size == self.size():
                return

    def size(self):
        return len(self.units), len(self.keys), len(self.executed), len(self.names.modules)

    def read(self, unit):
        text = unit.read("docs" in self.asked)
        self.isAsked |= asked_by_words(text.words)
        for how in text.later:
            self.imports(unit.module, how)
        parts = [" " + unit.module.name if "names" in self.asked else "", unit.module.future]
        for token in text.tokens:
            parts.append(token if token.__class__ is str else self.reference(unit, token))
        if text.asksLocals:
            self.whole_text(unit.module)
        self.look_at_calls(unit, text)
        if "strings" in self.asked:
            for value, _ in text.strings:
                for word in words_in(value):
                    if word in unit.module.bindings:
                        parts.append("\nstring %s %s" % (word, self.reference(unit, (word, (), 0, ""))))
        self.texts.append((unit, "".join(parts)))

    def reference(self, unit, token):
        key, attributes, _, use = token
        targets = self.names.resolve(unit.module, key, attributes)
        isMark = key.__class__ is tuple and key[0] == "mark"
        return "{%s}" % ",".join([self.target(unit, target, isMark, token) for target in targets])

    def target(self, unit, target, isMark, token):
        kind, what, name, left = target
        rest = "".join(["." + attribute for attribute in left])
        if kind == "name":
            return "@%d%s" % (self.key(what, name), rest)
        if not isMark or token[0][1] == "from":
            asked = asked_by_target(kind, name)
            self.isAsked |= asked
            if "module" in asked:
                self.whole_text(unit.module)
                if any("import" in text for text, _ in unit.read().strings):
                    asked = asked | {"computed"}
            if "computed" in asked and not self.is_constant_import(unit, kind, name):
                self.isComputed = True
                self.computedAt = self.computedAt or (unit, token[2])
                self.whole_text(unit.module)
        if kind == "module":
            return "module %d%s" % (self.whole(what), rest)
        if kind == "namespace" and not isMark:
            self.spaces[name] = True
        if kind == "raw":
            self.whole_text(what)
            return "any%s" % rest
        if kind == "everything" and what is not None and hasattr(what, "units"):
            return "all of %d" % self.whole(what)
        if kind == "imported":
            self.execute(what)
            return "imported"
        if kind == "star":
            self.whole(what)
        if kind == "special" and name == "__doc__":
            return "special %s%s" % (what.doc, rest)
        if kind in ("installed", "extension", "missing") or (kind == "everything" and what is not None):
            self.targets[target] = True
            return "%s %s" % (kind, name)
        return "%s %s%s" % (kind, name, rest)

    def is_constant_import(self, unit, kind, name):
        """Every mention of `import_module` is a call that names a module."""
        if not is_import_call(kind, name):
            return False
        text = unit.read()
        mentions = 0
        for token in text.tokens:
            if token.__class__ is tuple and token[0][:1] != ("mark",):
                found = self.names.resolve(unit.module, token[0], token[1])
                mentions += any(is_import_call(item[0], item[2]) for item in found)
        calls = [first for token, _, first, *_ in text.calls if self.calls_import(unit, token)]
        return len(calls) == mentions and all(isinstance(first, str) and first[:1] != "." for first in calls)

    def calls_import(self, unit, token):
        return any(is_import_call(item[0], item[2]) for item in self.names.resolve(unit.module, token[0], token[1]))

    def look_at_calls(self, unit, text):
        for token, size, first, _, _ in text.calls:
            if size > 0 and isinstance(first, str) and self.calls_import(unit, token):
                how = ("module", 0, first, None)
                self.imports(unit.module, how)
                self.texts.append((unit, "imports " + self.reference(unit, (how, (), 0, ""))))

    def add_inside(self):
        """Who has a package has those of its modules that were imported: `getattr(models, name)`."""
        packages = [module.name for module in self.modules if module.isPackage] + list(self.spaces)
        for module in list(self.executed):
            above = module.name.rpartition(".")[0]
            if above in packages and module.name not in self.inside:
                self.inside[module.name] = "inside %s %d" % (module.name.rpartition(".")[2], self.whole(module))

    def add_changing(self):
        changing = self.changing()
        for key in list(self.keys):
            for unit in changing.get(key, ()):
                self.add(unit)
        for unit in self.world():
            self.add(unit)

    def changing(self):
        """Statements of all modules that run, by the names that they change."""
        found = {}
        for unit in list(self.timeline):
            changed, _, later = self.effects.of(unit)
            for key in changed:
                found.setdefault(key, []).append(unit)
            for module, how in later:
                self.imports(module, how)
        return found

    def world(self):
        """Statements that change what no module of the project declares."""
        return [unit for unit in list(self.timeline) if self.effects.of(unit)[1] or self.is_lone(unit)]

    def is_lone(self, unit):
        if not is_unused_import(unit):
            return False
        return all(
            self.names.search.find(how[2]).kind in ("installed", "missing", "extension") for how in unit.bound.imports
        )

    def order(self):
        """In which order statements change the same thing, and how many of them come before what looks at it."""
        changing = self.changing()
        lines = list(self.inside.values())
        groups = []
        for (module, name), number in self.keys.items():
            units = self.names.binders(module, name) + changing.get((module, name), [])
            units = sorted(set(units), key=self.timeline.__getitem__)
            lines.append("key %d %s: %s" % (number, name, " ".join([str(self.units[unit]) for unit in units])))
            if len(units) > 1:
                groups.append((number, (module, name), units))
        world = self.world()
        lines.append("world: %s" % " ".join([str(self.units[unit]) for unit in world]))
        readers = [unit for unit in self.units if looks_at_import(unit)] if groups or world else []
        for unit in readers:
            seen = self.reaches(unit)
            after = ["%d:%d" % (number, self.before(unit, units)) for number, key, units in groups if key in seen]
            if world:
                after.append("world:%d" % self.before(unit, world))
            lines.append("%d after %s" % (self.units[unit], " ".join(after)))
        return lines

    def before(self, unit, units):
        return sum(1 for other in units if self.timeline[other] < self.timeline[unit])

    def reaches(self, unit):
        """All names that a statement refers to, through what these refer to."""
        seen = set()
        stack = [unit]
        done = set()
        while stack:
            current = stack.pop()
            if current in done:
                continue
            done.add(current)
            for token in current.read().tokens:
                if token.__class__ is not tuple:
                    continue
                for kind, what, name, _ in self.names.resolve(current.module, token[0], token[1]):
                    if kind == "name" and (what, name) not in seen:
                        seen.add((what, name))
                        stack.extend(self.names.binders(what, name))
        return seen

    def text(self, start):
        """The whole text, from how it starts."""
        bodies = {}
        for unit, body in self.texts:
            bodies.setdefault(unit, []).append(body)
        lines = [start]
        lines += ["#%d %s" % (number, " ".join(bodies.get(unit, ()))) for unit, number in self.units.items()]
        return "\n".join(lines + self.order())
