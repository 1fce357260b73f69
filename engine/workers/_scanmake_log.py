# The log of the running task: a file at descriptors 1 and 2, so that what C prints is in it too, and what a task prints
# before it takes the interpreter down can be read by the engine. Knows nothing of what a task is.
import io
import os
import sys
from os import lseek

import _scanmake_wire as wire

# How much is kept of the beginning of a log, and as much of its end (see log.ts).
PART_BYTES = 64 * 1024

# What python-task.ts takes for the reason of an end without an answer.
CLOSED = "scanmake: the task closed the descriptors by which its process answers\n"

log_path = ""
descriptor = -1
identity = None
# What sys.stdout and sys.stderr are when a task begins, and how they are flushed.
out = err = None
flush_out = flush_err = flush_c = None
# Kept for ever: what a module has put in their place may write to them, and would close them when it goes.
kept = []


def open_log(path):
    """From here on everything that is printed goes to this file."""
    global log_path, descriptor, identity, flush_c
    log_path = path
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    descriptor = wire.private(file)
    os.close(file)
    known = os.fstat(descriptor)
    identity = (known.st_dev, known.st_ino)
    # one open file for all three, and so one place in it, from which it is seen that something was written
    for number in (1, 2):
        os.dup2(descriptor, number)
    sys.stdout = sys.__stdout__ = stream(1)
    sys.stderr = sys.__stderr__ = stream(2)
    flush_c = c_flush()
    settle()


def stream(place):
    # line by line, so that nothing is lost when the interpreter goes down
    raw = io.FileIO(place, "w", closefd=False)
    return io.TextIOWrapper(io.BufferedWriter(raw), "utf-8", "backslashreplace", line_buffering=True)


def c_flush():
    """What writes out the buffers of C's own streams; nothing where that is not to be had."""
    try:
        import ctypes

        libc = ctypes.CDLL(None)
        flush = libc.fflush
        flush.argtypes = (ctypes.c_void_p,)
        for name in ("stdout", "stderr"):
            # line by line too (_IOLBF)
            libc.setvbuf(ctypes.c_void_p.in_dll(libc, name), None, 1, 0)
        flush(None)
    except Exception:
        return lambda _stream: None
    return flush


def settle():
    """What sys.stdout and sys.stderr are now is what tasks begin with."""
    global out, err, flush_out, flush_err
    if (out, err) == (sys.stdout, sys.stderr):
        return
    kept.extend((out, err))
    out, err = sys.stdout, sys.stderr
    flush_out, flush_err = (getattr(some, "flush", int) for some in (out, err))


def take(thorough=True):
    """Takes the log and empties the file; None: nothing was printed. `thorough`: whatever a task has done to it."""
    if not thorough and sys.stdout is out and sys.stderr is err:
        try:
            flush_out()
            flush_err()
            flush_c(None)
            if lseek(1, 0, 1) == 0 and lseek(2, 0, 1) == 0:
                return None
        except Exception:
            # something is closed
            pass
    if not flush():
        restore()
        renew()
    restore()
    return taken()


def flush():
    """Brings everything that was printed into the file and gives tasks back the streams that they begin with; whether
    all of it is there."""
    for some in (sys.stdout, sys.stderr):
        flush_stream(some)
    sys.stdout, sys.stderr = out, err
    flush_c(None)
    return all([flush_stream(out), flush_stream(err)])


def renew():
    """What cannot be used any more is made anew: what is left in it must not come into the log of another task."""
    if not flush_stream(out):
        sys.stdout = stream(1)
    if not flush_stream(err):
        sys.stderr = stream(2)
    settle()


def flush_stream(some):
    """Whether nothing is left in it."""
    try:
        some.flush()
        return True
    except Exception:
        # it is none, where the user's own is no stream at all
        return some is not None and not hasattr(some, "flush")


def restore():
    """Descriptors 1 and 2 are the log, also where they were closed or made another file."""
    for place in (1, 2):
        try:
            found = os.fstat(place)
            if (found.st_dev, found.st_ino) == identity:
                continue
        except OSError:
            pass
        os.dup2(descriptor, place)


def say_closed():
    """The last words of a process that cannot answer: its descriptors are gone, the file is still there."""
    try:
        file = os.open(log_path, os.O_WRONLY | os.O_APPEND)
        os.write(file, CLOSED.encode())
    except OSError:
        pass


def taken():
    size = os.fstat(descriptor).st_size
    if size == 0:
        return None
    first = os.pread(descriptor, min(size, PART_BYTES), 0)
    count = min(size - len(first), PART_BYTES)
    last = os.pread(descriptor, count, size - count)
    os.ftruncate(descriptor, 0)
    lseek(descriptor, 0, os.SEEK_SET)
    left_out = size - len(first) - len(last)
    if left_out == 0:
        return (first + last).decode("utf-8", "replace")
    gap = "\n[scanmake left out %d bytes of the log here]\n" % left_out
    return first.decode("utf-8", "replace") + gap + last.decode("utf-8", "replace")


def add(text):
    """Adds a text behind what was printed so far."""
    flush_stream(sys.stdout)
    flush_stream(sys.stderr)
    os.write(descriptor, text.encode("utf-8", "backslashreplace"))
