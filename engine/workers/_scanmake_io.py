# `io` of one task: paths of files to write and to read, the log. Notes what was handed out, since the outputs are
# collected afterwards and no path may stand in the result. Knows neither the task's function nor its result.
import json
import os
import shutil

import _scanmake_log as log
from _scanmake_nearest import among, suggestion


class Io:
    """What a function can do besides computing."""

    __slots__ = ("_bundle", "_task", "_outputs", "_folders")

    def __init__(self, bundle, task):
        self._bundle = bundle
        self._task = task
        self._outputs = {}
        self._folders = set()

    def out(self, name):
        """The path of a file to write; it is kept with the result under this name."""
        known = self._outputs.get(name) if isinstance(name, str) else None
        if known is not None:
            return known
        check_name(name)
        folder = self._bundle.folder_of(self._task)
        if not self._outputs and os.path.lexists(folder):
            # a worker that was ended had begun with this task before
            shutil.rmtree(folder)
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        self._outputs[name] = path
        return path

    def in_(self, input, name):
        """The path of the file `name` that the task of input `input` wrote; not to be changed."""
        if not self._bundle.is_leaf:
            raise LookupError("io.in_ is for generate and simulate; here each row has file(name)")
        tables = {table.name: table for table in self._bundle.tables}
        if input not in tables:
            text = "io.in_: there is no input %s%s%s"
            raise LookupError(text % (input, suggestion(str(input), tables), among(tables)))
        table = tables[input]
        path = table.file(table.member(self._task), name)
        self._given(path)
        return path

    def log(self, text):
        """Adds a line to the task's log."""
        log.add("%s\n" % (text,))

    def _given(self, path):
        self._folders.add(os.path.dirname(path))


setattr(Io, "in", Io.in_)


def check_name(name):
    parts = name.split("/") if isinstance(name, str) and "\0" not in name and "\\" not in name else [""]
    if any(part in ("", ".", "..") for part in parts):
        quoted = json.dumps(name, ensure_ascii=False) if isinstance(name, str) else repr(name)
        text = 'is no name of a file in the task\'s folder; write one such as "spikes.txt" or "plots/rate.svg"'
        raise ValueError("io.out: %s %s" % (quoted, text))
