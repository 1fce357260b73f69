# One task: the call, and its row: value and digest, or a failure, with its log. Each task begins in the Scanfile's
# folder and with the recursion limit that the modules have set. Knows nothing of bundles that wait.
import json
import os
import sys
from hashlib import sha256
from os import fchdir
from time import perf_counter
from types import CoroutineType

import _scanmake_encode as encoder
import _scanmake_failure as failure
import _scanmake_large as large
import _scanmake_log as log
import _scanmake_refuse as refuse
import _scanmake_wire as wire
from _scanmake_arrays import Refused

# A task that took so long has time for a close look at what it did to its streams.
THOROUGH_SECONDS = 0.0005
# With it a value is nested less deep than what is refused.
RECURSION_LIMIT = 1000

pid = os.getpid()
is_child = False
home = -1
# What the modules have set.
recursion_limit = RECURSION_LIMIT


def settle_in(folder):
    """Tasks begin in this folder, also where it has another name by then."""
    global home
    os.chdir(folder)
    place = os.open(folder, os.O_RDONLY)
    home = wire.private(place)
    os.close(place)
    os.register_at_fork(after_in_child=now_child)


def settle_modules():
    """What the modules that were just imported have set is what tasks begin with."""
    global recursion_limit
    recursion_limit = sys.getrecursionlimit()
    log.settle()


def now_child():
    global is_child
    is_child = True


def run_task(bundle, runner, task, begun):
    """Runs a task and reports it. `begun`: the time now."""
    io = None
    value = None
    pieces = ()
    size = 0
    failed = runner.failure
    if failed is None:
        try:
            fchdir(home)
            given, io = bundle.given(task, runner.count)
            if runner.bind is None:
                value = runner.function(*given)
            else:
                args, named = runner.bind(given)
                value = runner.function(*args, **named)
            if type(value) is CoroutineType:
                value = awaited(value)
            if is_child:
                end_child()
            pieces = encoded(value, bundle, io)
            size = sum(map(len, pieces))
            if size > encoder.MOST_BYTES:
                raise Refused
        except Refused:
            failed = refuse.find(value, folders_of(bundle, io))
        except BaseException as error:
            end_child(error)
            failed = raised(error)
        if len(sys.modules) != runner.modules:
            runner.look()
            failed = runner.failure or failed
    if sys.getrecursionlimit() != recursion_limit:
        sys.setrecursionlimit(recursion_limit)
    logged = log.take(failed is not None or perf_counter() - begun > THOROUGH_SECONDS)
    extra = b"" if failed is None and logged is None and io is None else extra_text(failed, logged, io)
    if failed is None:
        if size < large.least:
            answer_small(bundle.id, task, begun, pieces, extra)
        else:
            large.answer(bundle, task, begun, pieces, extra)
    else:
        wire.answer(bundle.id, task, perf_counter() - begun, b"", wire.NO_DIGEST, extra)


def answer_small(bundle, task, begun, pieces, extra):
    value = b"".join(pieces)
    digest = sha256(large.VALUE_TAG + value).digest()
    wire.answer(bundle, task, perf_counter() - begun, value, digest, extra)


def encoded(value, bundle, io):
    folders = folders_of(bundle, io)
    if sys.getrecursionlimit() != RECURSION_LIMIT:
        sys.setrecursionlimit(RECURSION_LIMIT)
    try:
        return encoder.encode(value, folders)
    except RecursionError:
        if refuse.find(value, folders)["path"] != refuse.NOWHERE:
            raise Refused from None
    sys.setrecursionlimit(RECURSION_LIMIT + 10 * refuse.DEEPEST)
    return encoder.encode(value, folders)


def folders_of(bundle, io):
    """Folders of which no path may be in the result."""
    return bundle.folders if io is None or not io._folders else (*bundle.folders, *io._folders)


def awaited(value):
    import asyncio

    return asyncio.run(value)


def raised(error):
    if isinstance(error, SystemExit):
        code = error.code
        if code is not None and not isinstance(code, int):
            log.add("%s\n" % (code,))
            code = 1
        return {"kind": "exited", "status": (code or 0) & 0xFF}
    log.add(failure.traceback_text(error))
    return failure.thrown(error)


def end_child(error=None):
    """A process that a task has forked is done when it comes here: it must never answer."""
    if os.getpid() == pid:
        return
    status = 0 if error is None else 1
    if isinstance(error, SystemExit):
        status = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
    try:
        log.flush()
    finally:
        os._exit(status & 0xFF)


def extra_text(failed, logged, io):
    extra = {}
    if failed is not None:
        extra["failure"] = failed
    if io is not None and io._outputs:
        extra["outputs"] = list(io._outputs)
    if logged is not None:
        extra["log"] = logged
    return json.dumps(extra).encode() if extra else b""
