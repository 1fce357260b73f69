# Values that are too large to be put together with their rows: written to a file of their own in the bundle's work
# folder where the engine sees that (it moves them into the store, so that it need not touch their bytes), elsewhere to
# the wire. Knows nothing of what the values are.
import json
import os
from hashlib import sha256
from os import close, fchmod
from os import open as open_file
from os import unlink
from time import perf_counter

import _scanmake_wire as wire

VALUE_TAG = b"scanmake value\n"
# Values from this size on are not put together before they are written.
LARGE_BYTES = 64 * 1024
CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC

# From this size on values are answered here, and from this one on they are written to files (None: never).
least = LARGE_BYTES
files_from = None
# What files may be used for, whatever a task has told the system since.
mode = 0o644
written = 0
pid = os.getpid()


def settle(told_files_from):
    global files_from, least, mode
    files_from = told_files_from
    if files_from is not None:
        least = min(files_from, LARGE_BYTES)
    mask = os.umask(0)
    os.umask(mask)
    mode = 0o666 & ~mask


def answer(bundle, task, begun, pieces, extra):
    """Reports a task whose value is in these pieces. `begun`: when the task began."""
    pieces = [memoryview(piece) for piece in together(pieces) if len(piece) > 0]
    size = sum(map(len, pieces))
    digest = sha256(VALUE_TAG)
    # the store will keep it under the digest of its bytes alone, and the engine has one thread for all workers
    alone = sha256()
    for piece in pieces:
        digest.update(piece)
        alone.update(piece)
    told = {"bytes": alone.hexdigest()}
    if files_from is not None and size >= files_from:
        name = write_file(bundle.folders[0], pieces)
        if name is not None:
            told.update(file=name, size=size)
            pieces = []
    extra = json.dumps(told).encode()[:-1] + (b", " + extra[1:] if extra else b"}")
    wire.answer_large(bundle.id, task, perf_counter() - begun, pieces, digest.digest(), extra)


def write_file(folder, pieces):
    """The name of a new file with these bytes; None: there can be none, and the engine will find out why by itself."""
    global written
    written += 1
    name = "value-%d-%d" % (pid, written)
    path = os.path.join(folder, name)
    try:
        descriptor = open_file(path, CREATE, mode)
    except OSError:
        return None
    try:
        try:
            fchmod(descriptor, mode)
            wire.write_all(descriptor, list(pieces))
        finally:
            close(descriptor)
        return name
    except OSError:
        unlink(path)
        return None


def together(pieces):
    """Fewer pieces: what is small and stands side by side is put together."""
    small = []
    for piece in pieces:
        if len(piece) < LARGE_BYTES:
            small.append(piece)
            continue
        yield b"".join(small)
        yield piece
        small = []
    yield b"".join(small)
