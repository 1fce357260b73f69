# A bundle's columns, and what its tasks are called with. Knows nothing of what comes out of a call.
import os

from _scanmake_io import Io
from _scanmake_rows import Inputs, RowSet, Table, Tables


class Bundle:
    """Tasks of one rule, as they were sent."""

    def __init__(self, told, sections, rules):
        self.id = told["bundle"]
        self.number = told["rule"]
        self.rule = rules[self.number]
        self.is_leaf = self.rule.kind in ("generate", "simulate")
        self.folders = (told["workFolder"],)
        self.tasks = RowSet(self.rule, *sections[:2], told["values"])
        self.tables = []
        for place, table in enumerate(told["inputs"]):
            start = 2 + 6 * place
            self.tables.append(Table(table, rules[table["rule"]], sections[start : start + 6]))

    def folder_of(self, task):
        return os.path.join(self.folders[0], "%d-%d" % (self.id, task))

    def given(self, task, count):
        """The first `count` of the words that a function of this kind of rule gets; and io, where the task has one."""
        kind = self.rule.kind
        if self.is_leaf:
            if count < 2:
                return [self.tasks.params(task)][:count], None
            inputs = Inputs((table.name, table.result(table.member(task))) for table in self.tables)
            given = [self.tasks.params(task), inputs]
            io = Io(self, task) if count > 2 else None
        else:
            io = Io(self, task)
            groups = Tables((table.name, table.group(task, io._given)) for table in self.tables)
            if kind == "analyze":
                given = [groups]
            else:
                rows = next(iter(groups.values()), [])
                given = [rows, self.tasks.params(task)]
        given.append(io)
        return given[:count], io
