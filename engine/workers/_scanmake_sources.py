# The project's modules as they were when the identity of its functions was made: imported from the given bytes, never
# from the disk, so that an edit meanwhile does no harm. Knows what was imported besides. Knows nothing of tasks.
import linecache
import os
import sys
import sysconfig
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import spec_from_file_location

import _scanmake_origin as origin

# Full path -> bytes of every source; the folders in which there are some, with all folders above them.
texts = {}
folders = set()
# What they were given for: what comes first on sys.path, and the Scanfile's folder.
own_path = []
own_folder = ""


class FrozenLoader(SourceFileLoader):
    def get_data(self, path):
        return texts[path] if path in texts else super().get_data(path)

    def get_code(self, fullname):
        path = self.get_filename(fullname)
        code = compile(texts[path], path, "exec", dont_inherit=True)
        # tracebacks and `inspect` shall show what runs
        lines = self.get_source(fullname).splitlines(True)
        linecache.cache[path] = (len(texts[path]), None, lines, path)
        return code


class FrozenFinder:
    """Stands first among the finders."""

    @staticmethod
    def find_spec(fullname, path=None, target=None):
        if path is None and fullname in sys.builtin_module_names:
            return None
        entries = [os.path.abspath(entry) for entry in (sys.path if path is None else path) if isinstance(entry, str)]
        spec = own_spec(fullname, entries)
        if spec is None:
            spec = other_spec(fullname, path, target)
        return folder_spec(fullname, entries) if spec is None else spec

    @staticmethod
    def invalidate_caches():
        pass


def own_spec(fullname, entries):
    """A module of the project, unless a folder that stands before has one of the same name."""
    name = fullname.rpartition(".")[2]
    before = []
    for entry in entries:
        spec = frozen_spec(fullname, os.path.join(entry, name)) if entry in folders else None
        if spec is not None:
            return None if before and PathFinder.find_spec(fullname, before) is not None else spec
        if entry not in folders:
            before.append(entry)
    return None


def other_spec(fullname, path, target):
    """What the other finders say; should they lead to a source of the project, it is read from the given bytes too."""
    for finder in sys.meta_path:
        find = getattr(finder, "find_spec", None)
        spec = None if finder is FrozenFinder or find is None else find(fullname, path, target)
        if spec is not None:
            if spec.origin in texts:
                spec.loader = FrozenLoader(fullname, spec.origin)
            return spec
    return None


def frozen_spec(fullname, place):
    package = os.path.join(place, "__init__.py")
    if package in texts:
        loader = FrozenLoader(fullname, package)
        return spec_from_file_location(fullname, package, loader=loader, submodule_search_locations=[place])
    file = place + ".py"
    return spec_from_file_location(fullname, file, loader=FrozenLoader(fullname, file)) if file in texts else None


def folder_spec(fullname, entries):
    """A package without a file of its own, where nothing else has its name."""
    name = fullname.rpartition(".")[2]
    places = [place for place in (os.path.join(entry, name) for entry in entries) if place in folders]
    if not places:
        return None
    spec = ModuleSpec(fullname, None, is_package=True)
    spec.submodule_search_locations = places
    return spec


def freeze(sources, path, folder, first):
    """From here on the project's modules are these. `path` comes first on sys.path; `first`: modules that stay."""
    global own_path, own_folder
    own_path, own_folder = list(path), folder
    texts.update(sources)
    for file in texts:
        place = os.path.dirname(file)
        while place not in folders:
            folders.add(place)
            place = os.path.dirname(place)
    sys.path[:] = [*path, *(place for place in sys.path if place not in path)]
    sys.meta_path.insert(0, FrozenFinder)
    make_way(path, first)
    origin.settle((*path, folder), texts)


def make_way(path, first):
    """A module of the project that is called as one of ours that only we have imported is imported all the same."""
    for name in list(sys.modules):
        top = name.partition(".")[0]
        if top in first or top in sys.builtin_module_names or top.startswith("_scanmake_"):
            continue
        if any(frozen_spec(top, os.path.join(entry, top)) is not None for entry in path):
            del sys.modules[name]
