# What a worker does from its start to its end: reads messages, runs tasks one after the other, reports each of them
# before the next begins. Knows nothing of what the engine does with that.
import atexit
import os
import traceback
from array import array
from time import perf_counter

import _scanmake_child as child
import _scanmake_failure as failure
import _scanmake_large as large
import _scanmake_log as log
import _scanmake_sources as sources
import _scanmake_task as task
import _scanmake_wire as wire
from _scanmake_bundle import Bundle
from _scanmake_module import Runner
from _scanmake_rows import rule_of

rules = {}
runners = {}
bundles = {}
# Rules whose modules were imported since a task ran.
keeps_log = set()

# The engine takes nothing back from a worker that has reported so lately.
LOOK_SECONDS = 0.003


def run(first):
    """Runs until there are no more messages."""
    source = wire.open_wire()
    try:
        received = wire.read_message(source)
        if received is not None:
            start(*received, first)
            wire.report(wire.READY)
        while received is not None:
            received = wire.read_message(source)
            if received is not None:
                receive(*received)
    except BrokenPipeError:
        pass
    except BaseException as error:
        task.end_child()
        say_broken(error)
    end()


def say_broken(error):
    try:
        wire.report(wire.BROKEN, extra=broken_text(error))
    except OSError:
        # a task has closed what leads to the engine, which sees by the end of this process that it has no answer
        log.say_closed()
        os._exit(1)


def start(told, sections, first):
    folder = failure.folder = told["folder"]
    log.open_log(told["log"])
    task.settle_in(folder)
    large.settle(told.get("valueFilesFrom"))
    texts = {source["path"]: bytes(section) for source, section in zip(told["sources"], sections)}
    sources.freeze(texts, told["path"], folder, first)
    child.install(told["log"] + ".child.py")


def receive(told, sections):
    kind = told["kind"]
    if kind == "bundle":
        bundles[told["bundle"]] = Bundle(told, sections, rules)
    elif kind == "rules":
        for rule in told["rules"]:
            rules[rule["rule"]] = rule_of(rule)
    elif kind == "import":
        runner_of(told["rule"])
    elif kind == "drop":
        bundles.pop(told["bundle"], None)
    else:
        tasks = range(told["from"], told["to"]) if "from" in told else array("i", bytes(sections[0]))
        run_tasks(bundles[told["bundle"]], tasks, told["unless"])


def run_tasks(bundle, numbers, unless):
    if not keeps_log:
        # what was printed while nothing ran is nobody's
        log.take()
    runner = None if os.path.exists(unless) else runner_of(bundle.number)
    keeps_log.clear()
    looked = 0.0
    for place, number in enumerate(numbers):
        # whenever the engine may have given up on what waits here: what it has given to others must not begin
        now = perf_counter()
        if now - looked > LOOK_SECONDS:
            looked = now
            if os.path.exists(unless):
                left = array("I", numbers[place:])
                wire.report(wire.SKIPPED, bundle.id, left.tobytes())
                return
        task.run_task(bundle, runner, number, now)


def runner_of(number):
    runner = runners.get(number)
    if runner is None:
        runner = runners[number] = Runner(rules[number])
        task.settle_modules()
        # what the modules have printed goes to the log of the first task
        keeps_log.add(number)
        wire.report(wire.IMPORTED, number)
    return runner


def broken_text(error):
    text = "%s\n%s" % (failure.message(error), "".join(traceback.format_tb(error.__traceback__)))
    return text.encode("utf-8", "backslashreplace")


def end():
    """Ends the process without waiting for threads that tasks have left behind."""
    try:
        atexit._run_exitfuncs()
        log.flush()
    finally:
        os._exit(0)
