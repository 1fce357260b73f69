# The two ends of the wire, on descriptors that tasks do not know: messages in (python-wire.ts), rows out
# (python-reports.ts). Knows nothing of what they say.
import fcntl
import json
import os
import socket
import struct
from os import write, writev

READY, ANSWER, SKIPPED, BROKEN, IMPORTED = 1, 2, 3, 4, 5
NO_DIGEST = bytes(32)
head = struct.Struct("<B3xIIfII32s").pack

# Out of the way of tasks that close every descriptor up to some number.
PRIVATE = 400
# How much the engine may have left to read before a task waits with its row.
ROOM_BYTES = 1 << 20
# What the system takes in one call.
MOST_PIECES = 512

output = -1


def private(descriptor):
    """The same file under a number of our own, which programs started by tasks do not get."""
    try:
        return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, PRIVATE)
    except OSError:
        return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 3)


def open_wire():
    """Takes descriptors 0 and 3 away; returns the file that messages are read from."""
    global output
    output = private(3)
    widen(output)
    source = open(private(0), "rb", buffering=1 << 16)
    null = os.open(os.devnull, os.O_RDWR)
    for place in (0, 3):
        os.dup2(null, place)
    os.close(null)
    os.close(3)
    return source


def widen(descriptor):
    """Room for many rows, where the engine's end is a socket (it is, where Node made it) or a pipe."""
    try:
        with socket.socket(fileno=os.dup(descriptor)) as end:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ROOM_BYTES)
    except OSError:
        try:
            # F_SETPIPE_SZ
            fcntl.fcntl(descriptor, 1031, ROOM_BYTES)
        except OSError:
            pass


def read_message(source):
    """The next message and its raw sections; None where there will be no more."""
    line = source.readline()
    if not line.endswith(b"\n"):
        return None
    message = json.loads(line)
    raw = memoryview(bytearray(message["raw"]))
    if len(raw) > 0 and source.readinto(raw) < len(raw):
        return None
    sections = []
    at = 0
    for size in message["sizes"]:
        sections.append(raw[at : at + size])
        at += size
    return message, sections


def report(kind, bundle=0, value=b"", extra=b""):
    """Writes a row that is no answer."""
    send(head(kind, bundle, 0, 0.0, len(value), len(extra), NO_DIGEST) + value + extra)


def answer(bundle, task, seconds, value, digest, extra):
    """Writes the row of an ended task."""
    send(head(ANSWER, bundle, task, seconds, len(value), len(extra), digest) + value + extra)


def answer_large(bundle, task, seconds, pieces, digest, extra):
    """Writes the row of an ended task whose value is in pieces, which are not put together."""
    size = sum(piece.nbytes for piece in pieces)
    row = memoryview(head(ANSWER, bundle, task, seconds, size, len(extra), digest))
    pieces = [piece for piece in (row, *pieces, memoryview(extra)) if piece.nbytes > 0]
    write_all(output, pieces)


def send(row):
    sent = write(output, row)
    while sent < len(row):
        row = row[sent:]
        sent = write(output, row)


def write_all(descriptor, pieces):
    """Writes views of memory one after the other, however little is taken at a time."""
    for start in range(0, len(pieces), MOST_PIECES):
        some = pieces[start : start + MOST_PIECES]
        while some:
            sent = writev(descriptor, some)
            while some and sent >= len(some[0]):
                sent -= len(some[0])
                del some[0]
            if sent > 0:
                some[0] = some[0][sent:]
