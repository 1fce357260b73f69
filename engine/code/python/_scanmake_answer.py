# One request, one answer: for each function and script its digest, the parts that it is made of, the sources that a
# worker will import, and what is wrong with it. Paths are full ones. Knows how a module gets its name; does not know
# how anything is reached.
import os
import sys

from _scanmake_code import code_of
from _scanmake_effects import Effects
from _scanmake_find import Search, Watch
from _scanmake_names import Names
from _scanmake_packages import Packages
from _scanmake_start import shown, start_function, start_script
from _scanmake_wire import read_json, write_json


def answer(found):
    """Reads the request and writes the answer; `found` is the interpreter's own path."""
    sys.setrecursionlimit(10000)
    request = read_json(sys.stdin.read())
    folder = os.path.abspath(request["folder"])
    rest = [os.path.normpath(os.path.join(folder, entry)) for entry in found]
    ground = Ground(folder, rest)
    functions = [ground.function(item["file"], item["name"]) for item in request.get("functions", [])]
    scripts = [ground.script(path) for path in request.get("scripts", [])]
    sys.stdout.write(
        write_json(
            {
                "python": {
                    "version": list(sys.version_info[:3]),
                    "implementation": sys.implementation.name,
                    "executable": sys.executable,
                },
                "functions": functions,
                "scripts": scripts,
                "watched": ground.watched(),
            }
        )
        + "\n"
    )


class Ground:
    """What the codes of one request share."""

    def __init__(self, folder, rest):
        self.folder = folder
        self.rest = rest
        self.watch = Watch()
        self.files = {}
        self.roots = {}

    def shared(self, front):
        """One set of modules for each path."""
        known = self.roots.get(front)
        if known is None:
            search = Search(unique(list(front) + self.rest), self.watch)
            names = Names(search)
            known = self.roots[front] = (names, Effects(names), Packages(search))
        return known

    def function(self, file, name):
        path = os.path.abspath(os.path.join(self.folder, file))
        root, module = import_name(path)
        front = tuple(unique([root, self.folder]))
        self.watch.absent[os.path.join(os.path.dirname(path), "__init__.py")] = True
        self.watch.absent[path] = True
        names, effects, packages = self.shared(front)
        start = start_function(names, module, path, name, self.folder)
        return self.finish(start, names, effects, packages, module, front)

    def script(self, file):
        path = os.path.abspath(os.path.join(self.folder, file))
        self.watch.absent[path] = True
        # in a package it may be run by `python3 -m package.module` in the Scanfile's folder
        root, module = import_name(path)
        isInside = root != os.path.dirname(path)
        front = [os.path.dirname(path)] + ([root] if isInside else [])
        search = Search(unique(front + self.rest + [self.folder]), self.watch, self.folder)
        names = Names(search)
        start = start_script(names, path, self.folder, module if isInside else self.dotted(path))
        return self.finish(start, names, Effects(names), Packages(search), "__main__", (os.path.dirname(path),))

    def dotted(self, path):
        """What a script is called where folders without `__init__.py` count as packages: relative imports need it."""
        name = os.path.splitext(os.path.relpath(path, self.folder))[0]
        return "__main__" if name.startswith("..") or os.sep not in name else name.replace(os.sep, ".")

    def finish(self, start, names, effects, packages, module, front):
        try:
            code = code_of(start, names, effects, packages, self.folder)
        except RecursionError:
            start.problem("%s is nested too deeply to be followed: take it apart." % shown(start.path, self.folder))
            code = code_of(start, names, effects, packages, self.folder)
        code["extensions"] = list({item["path"]: item for item in code.pop("others")}.values())
        for source in code["sources"] + code["extensions"]:
            self.files[source["path"]] = source["digest"]
        code["module"] = module
        code["path"] = list(front)
        return code

    def watched(self):
        absent = [path for path in self.watch.absent if path not in self.files and not os.path.exists(path)]
        files = {**self.watch.files, **self.files}
        return {
            "files": [{"path": path, "digest": digest} for path, digest in files.items()],
            "folders": list(self.watch.folders),
            "absent": absent,
        }


def import_name(path):
    """(the folder in front of sys.path, the name under which a file is imported): up to where its packages begin."""
    folder, base = os.path.split(path)
    parts = [base[:-3] if base.endswith(".py") else base]
    if parts == ["__init__"]:
        parts = []
    while os.path.isfile(os.path.join(folder, "__init__.py")) and os.path.dirname(folder) != folder:
        folder, name = os.path.split(folder)
        parts.insert(0, name)
    return folder, ".".join(parts)


def unique(items):
    return list(dict.fromkeys(items))
