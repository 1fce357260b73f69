# A Python worker: runs functions of Python modules for scanmake. Messages come on descriptor 0 (python-wire.ts),
# reports go out on descriptor 3 (python-reports.ts); whatever tasks print goes to a log file, also from C. Python 3.8
# or newer, standard library only. Importing this file does nothing: child processes of tasks may do so.
import os
import sys


def start():
    # what the interpreter has imported by itself: no module of the project can take its place
    first = frozenset(sys.modules)
    # our folder is no place where a user's modules are looked for, and nothing is written to it
    home = os.path.dirname(os.path.abspath(__file__))
    if sys.path and os.path.abspath(sys.path[0]) == home:
        del sys.path[0]
    writes_none, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, home)
    import _scanmake_loop

    sys.path.remove(home)
    sys.dont_write_bytecode = writes_none
    _scanmake_loop.run(first)


if __name__ == "__main__":
    start()
