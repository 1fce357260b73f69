# What Python functions and scripts are, as digests: reads one request (JSON) from standard input, writes one answer
# (JSON) to standard output, and never runs code of the project. This file only finds out whether the interpreter is
# new enough, so it must parse under every Python; the rest is beside it. Knows nothing of rules, keys or the store.
import os
import sys


def main():
    version = list(sys.version_info[:3])
    if sys.version_info < (3, 8):
        numbers = ", ".join([str(number) for number in version])
        sys.stdout.write('{"python": {"version": [' + numbers + ']}, "tooOld": true}\n')
        return
    own = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != own]
    found = list(sys.path)
    sys.path.insert(0, own)
    # Compiling these files takes longer than all that they do.
    keeps = sys.dont_write_bytecode
    sys.dont_write_bytecode = False
    import _scanmake_answer

    sys.dont_write_bytecode = keeps

    _scanmake_answer.answer(found)


if __name__ == "__main__":
    main()
