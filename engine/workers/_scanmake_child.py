# Processes that tasks start by multiprocessing without forking: they import modules anew, from the same frozen sources.
# Such a process first runs the file of `__main__`; here that is one that is written when it is asked for.
import os
import sys
from types import ModuleType

import _scanmake_sources as sources

TEXT = """import sys
sys.path.insert(0, %r)
import _scanmake_child
sys.path.remove(%r)
_scanmake_child.freeze(%r, %r, %r)
"""


class Main(ModuleType):
    """What is `__main__` in a worker: an empty module."""

    @property
    def __file__(self):
        own = self.__dict__
        if not os.path.exists(own["_path"]):
            home = os.path.dirname(os.path.abspath(__file__))
            draft = "%s.%d" % (own["_path"], os.getpid())
            with open(draft, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write(TEXT % (home, home, sources.texts, sources.own_path, sources.own_folder))
            os.replace(draft, own["_path"])
        return own["_path"]


def install(path):
    """`path`: the file to write."""
    main = Main("__main__")
    main.__dict__["_path"] = path
    main.__dict__["__builtins__"] = __builtins__
    sys.modules["__main__"] = main


def freeze(texts, path, folder):
    """Makes the process that this runs in import the given sources."""
    sources.freeze(texts, path, folder, frozenset(sys.modules))
