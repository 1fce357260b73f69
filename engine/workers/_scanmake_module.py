# The function of a rule: its module is imported once, when the rule's first task runs. Says what is wrong with it, and
# whether modules of the project were imported that scanmake did not know of. Knows nothing of tasks.
import importlib
import os
import sys

import _scanmake_failure as failure
import _scanmake_log as log
import _scanmake_origin as origin
import _scanmake_sources as sources
from _scanmake_call import caller
from _scanmake_nearest import among, suggestion


class Runner:
    """What is called for the tasks of a rule, or why it cannot be."""

    def __init__(self, rule):
        self.file = rule.target["file"]
        self.allowed = frozenset(rule.target["allowed"])
        # Modules that were looked at, and how many there were: another rule of this process may be allowed others.
        self.known = set(origin.first)
        self.modules = 0
        self.function = None
        self.count = 0
        self.bind = None
        self.failure = None
        self._find(rule)

    def _find(self, rule):
        name = rule.target["name"]
        taken = taken_name(rule.target["module"], self.file)
        if taken is not None:
            self.fail(taken)
            return
        try:
            module = imported(rule.target["module"])
        except BaseException as error:
            log.add(failure.traceback_text(error))
            exited = isinstance(error, SystemExit)
            self.fail("it calls sys.exit where it is imported" if exited else failure.message(error))
            return
        self.look()
        function = module
        for part in name.split("."):
            function = getattr(function, part, None)
        if callable(function):
            self.function = function
            self.count, self.bind = caller(function, rule)
        elif self.failure is None:
            there = [other for other, value in vars(module).items() if callable(value) and not other.startswith("_")]
            self.fail("it has no function %s%s%s" % (name, suggestion(name, there), among(there)))

    def fail(self, message):
        self.failure = {"kind": "not-imported", "file": failure.shown(self.file), "message": failure.shorten(message)}

    def look(self):
        """Looks at the modules that were imported since the last look."""
        if len(sys.modules) == self.modules:
            return
        fresh = sys.modules.keys() - self.known
        self.known.update(fresh)
        self.modules = len(sys.modules)
        file = origin.unseen(fresh, self.allowed)
        if file is not None:
            file = os.path.relpath(file, failure.folder).replace(os.sep, "/")
            text = 'it imports %s, which scanmake did not see when it read the code: name it in uses: ["%s"]'
            self.fail(text % (file, file))


def taken_name(name, file):
    """What to say of a module that would never be found by its name, since another has it already."""
    top, _, inside = name.partition(".")
    if top == "__main__" or not (top in sys.builtin_module_names or top in origin.first):
        return None
    whose = "scanmake's own" if top.startswith("_scanmake_") else "Python's own"
    is_package = inside or os.path.basename(file) == "__init__.py"
    what = "the folder %s" % top if is_package else os.path.basename(file)
    return "%s is a module of %s, which comes first: rename %s" % (top, whose, what)


def imported(name):
    if name == "__main__":
        # the name of the interpreter's own first module
        name = "__mp_main__"
        path = os.path.join(sys.path[0], "__main__")
        spec = sources.frozen_spec(name, path)
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
    return importlib.import_module(name)
