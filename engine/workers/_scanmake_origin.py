# Whose a module is, by its file: the project's, the interpreter's with what is installed in it, a tool's that generates
# code, or somebody's whom scanmake knows nothing of. Knows nothing of tasks, nor of how modules are imported.
import os
import sys
import sysconfig

# The given sources.
given = frozenset()
# What begins the path of a module that is the project's; that is the interpreter's or installed, though it lies there;
# that code wrote which has run: what Cython, Numba and Brian compile.
project = ()
installed = ()
generated = ()
# Modules that are there before the first of a user's.
first = frozenset()


def settle(roots, files):
    """`roots`: the folders of the project; `files`: its sources. All modules that there are by now are not its own."""
    global given, project, installed, generated, first
    given = frozenset(files)
    project = beginnings(roots)
    paths = sysconfig.get_paths()
    own = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    prefixes = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}
    own += [os.path.join(prefix, name) for prefix in prefixes for name in ("lib", "lib64")]
    installed = beginnings(own)
    home = os.path.expanduser("~")
    caches = [os.path.join(home, name) for name in (".cache", ".cython", ".pyxbld", ".theano")]
    caches += [os.environ[name] for name in ("XDG_CACHE_HOME", "CYTHON_CACHE_DIR", "TMPDIR") if os.environ.get(name)]
    # where the project itself lies in a temporary folder, other things of the user's may do so
    generated = tuple(place for place in beginnings([*caches, "/tmp"]) if place not in above(project))
    first = frozenset(sys.modules)


def above(places):
    """These folders and all that they lie in, as what paths begin with."""
    return {place[: at + 1] for place in places for at, sign in enumerate(place) if sign == os.sep}


def beginnings(folders):
    """Folders as what paths begin with, under both names where there is a link."""
    full = [os.path.abspath(folder) for folder in folders]
    return tuple({place + os.sep for folder in full for place in (folder, os.path.realpath(folder))})


def is_project_file(file):
    return file in given or (file.startswith(project) and not is_installed(file))


def is_installed(file):
    parts = file.split(os.sep)
    return file.startswith(installed) or "site-packages" in parts or "dist-packages" in parts


def unseen(names, allowed):
    """The file of the first of these modules that scanmake knows nothing of and that is not allowed."""
    main = sys.modules.get("__main__")
    for name in names:
        module = sys.modules.get(name)
        file = None if module is main else getattr(module, "__file__", None)
        if not isinstance(file, str) or file in allowed:
            continue
        file = in_archive(os.path.abspath(file))
        real = os.path.realpath(file)
        if file in allowed or real in allowed or is_installed(file) or is_installed(real):
            continue
        is_generated = file.startswith(generated) or real.startswith(generated)
        if file.startswith(project) or (os.path.isfile(file) and not is_generated):
            return file
    return None


def in_archive(file):
    """The archive that a module is in; else its file."""
    place = file
    while place and not os.path.exists(place) and os.path.dirname(place) != place:
        place = os.path.dirname(place)
    return place if os.path.isfile(place) else file
