# Where a module comes from, as the interpreter would find it, without importing anything: the project's own source,
# an installed package, the standard library, a compiled extension, or nowhere. Knows nothing of what is in a module.
# What was looked at and not there is remembered: a file that appears there would be found instead.
import os
import sys
from _imp import extension_suffixes

EXTENSIONS = extension_suffixes()
SUFFIXES = EXTENSIONS + [".py", ".pyc"]
STDLIB = os.path.dirname(os.path.abspath(os.__file__))
_LEFT_OUT = frozenset(["node_modules", "site-packages", "dist-packages", "__pycache__", "venv", "env"])
_MOST_FOLDERS = 200
_MOST = (
    "the module %s was looked for in the upper %d folders of the project only: if it lies in another, a change of it "
    "reruns nothing. Put %s.py into uses, or set PYTHONPATH."
)
_OWN_FINDERS = ("BuiltinImporter", "FrozenImporter", "PathFinder", "DistutilsMetaFinder")


class Found:
    """What was found: kind is source, stdlib, installed, extension, namespace or missing."""

    __slots__ = ("kind", "name", "path", "folders")

    def __init__(self, kind, name, path=None, folders=()):
        self.kind = kind
        self.name = name
        self.path = path
        self.folders = folders


class Watch:
    """What an answer depends on besides the sources."""

    def __init__(self):
        self.absent = {}
        self.folders = {}
        self.files = {}
        self.listings = {}
        # Sentences on what was too much to be looked at, for the code that is being read.
        self.limits = {}

    def listing(self, folder):
        names = self.listings.get(folder)
        if names is None:
            try:
                names = set(os.listdir(folder))
            except OSError:
                names = set()
            self.listings[folder] = names
        return names


def site_folder(path):
    """The site-packages or dist-packages folder that a path lies in, if any."""
    for word in ("site-packages", "dist-packages"):
        at = path.rfind(os.sep + word)
        if at >= 0 and path[at + 1 + len(word) : at + 2 + len(word)] in ("", os.sep):
            return path[: at + 1 + len(word)]
    return None


class Search:
    """Finds modules on one path, each once."""

    def __init__(self, path, watch, below=None):
        self.path = path
        self.watch = watch
        self.known = {}
        self.below = below

    def find(self, name):
        found = self.known.get(name)
        if found is None:
            found = self.known[name] = self._find(name)
        return found

    def _find(self, name):
        parent, _, leaf = name.rpartition(".")
        if not parent:
            if name in sys.builtin_module_names:
                return Found("stdlib", name)
            found = self._in(self.path, name, leaf) or self._elsewhere(name)
            return found or self._below(name) or Found("missing", name)
        above = self.find(parent)
        if above.kind in ("stdlib", "installed"):
            return Found(above.kind, name, above.path)
        return self._in(above.folders, name, leaf) or Found("missing", name)

    def _in(self, folders, name, leaf):
        namespace = []
        for folder in folders:
            found = self._in_folder(folder, name, leaf, namespace)
            if found is not None:
                return found
        if not namespace:
            return None
        if any(site_folder(folder) for folder in namespace):
            return Found("installed", name, namespace[0], namespace)
        if any(is_stdlib(folder) for folder in namespace):
            return Found("stdlib", name)
        return Found("namespace", name, None, namespace)

    def _in_folder(self, folder, name, leaf, namespace):
        if os.path.isfile(folder):
            return self._in_archive(folder, name)
        names = self.watch.listing(folder)
        isOwn = not is_stdlib(folder) and site_folder(folder) is None
        if site_folder(folder) is not None:
            self.watch.folders[folder] = True
        inside = os.path.join(folder, leaf)
        isFolder = leaf in names and os.path.isdir(inside)
        if isFolder:
            contents = self.watch.listing(inside)
            for suffix in SUFFIXES:
                if "__init__" + suffix in contents:
                    return classified(name, os.path.join(inside, "__init__" + suffix), [inside])
        if isOwn:
            self.watch.absent[os.path.join(inside, "__init__.py")] = True
        for suffix in SUFFIXES:
            if leaf + suffix in names and os.path.isfile(inside + suffix):
                return classified(name, inside + suffix, ())
            if isOwn and suffix != ".pyc":
                self.watch.absent[inside + suffix] = True
        if isFolder:
            namespace.append(inside)
        return None

    def _in_archive(self, archive, name):
        from _frozen_importlib_external import PathFinder

        spec = PathFinder.find_spec(name, [archive])
        return None if spec is None else Found("extension", name, archive)

    def _below(self, name):
        """What starts a script may set PYTHONPATH: then a module lies in some folder of the project."""
        if self.below is None:
            return None
        if isinstance(self.below, str):
            self.below = folders_below(self.below, self.watch)
        found = self._in([folder for folder in self.below if self._has(folder, name)], name, name)
        if found is None and len(self.below) >= _MOST_FOLDERS:
            self.watch.limits[_MOST % (name, len(self.below), name)] = True
        return found

    def _has(self, folder, name):
        names = self.watch.listing(folder)
        return name + ".py" in names or (name in names and os.path.isfile(os.path.join(folder, name, "__init__.py")))

    def _elsewhere(self, name):
        """Editable installs put finders of their own behind the usual ones."""
        for finder in sys.meta_path:
            kind = finder if isinstance(finder, type) else type(finder)
            if kind.__name__ in _OWN_FINDERS or not hasattr(finder, "find_spec"):
                continue
            try:
                spec = finder.find_spec(name, None, None)
            except Exception:
                continue
            if spec is None:
                continue
            folders = list(spec.submodule_search_locations or ())
            if spec.has_location and spec.origin:
                return classified(name, spec.origin, folders)
            if folders:
                return Found("namespace", name, None, folders)
        return None


def folders_below(folder, watch):
    """The folders of a project, the upper ones first."""
    found = [folder]
    for above in found:
        names = sorted(watch.listing(above)) if len(found) < _MOST_FOLDERS else ()
        for inside in [os.path.join(above, name) for name in names if not is_aside(above, name)]:
            if os.path.isdir(inside) and not os.path.islink(inside):
                found.append(inside)
    return found


def is_aside(folder, name):
    """Hidden, of a package manager, or a virtual environment."""
    return name[:1] == "." or name in _LEFT_OUT or os.path.exists(os.path.join(folder, name, "pyvenv.cfg"))


def classified(name, path, folders):
    """What kind of module a file is."""
    if site_folder(path) is not None:
        return Found("installed", name, path, folders)
    if is_stdlib(path):
        return Found("stdlib", name, path, folders)
    return Found("source" if path.endswith(".py") else "extension", name, path, folders)


def is_stdlib(path):
    """Whether a path belongs to the interpreter itself."""
    if site_folder(path) is not None:
        return False
    return path == STDLIB or path.startswith(STDLIB + os.sep) or os.path.basename(path) == "lib-dynload"
