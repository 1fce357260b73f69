# Parameters, inputs and rows as a function sees them, made from the columns of a bundle when they are looked at.
# Results stay encoded until they are read. Knows nothing of how tasks run.
from operator import getitem
from types import SimpleNamespace

from _scanmake_decode import decode
from _scanmake_nearest import among, suggestion

SAFE = 2**53
# Rows keep what was decoded while all results of a task have together fewer bytes than this.
KEPT_BYTES = 32 * 1024 * 1024


class Absent(KeyError):
    """A KeyError whose message is a sentence."""

    def __str__(self):
        return self.args[0]

    # in other processes it is one like any other
    def __reduce__(self):
        return (KeyError, self.args)


Absent.__name__ = Absent.__qualname__ = "KeyError"


class Names(dict):
    """A dict whose items are attributes too; a misspelt name is told the nearest."""

    __slots__ = ()
    word = "name"
    shown = "names"

    def __getattr__(self, name):
        if name in self:
            return self[name]
        start = name + "."
        nested = {key[len(start) :]: value for key, value in self.items() if key.startswith(start)}
        if nested:
            return type(self)(nested)
        if name.startswith("__"):
            raise AttributeError(name)
        raise AttributeError(self._unknown(name))

    def __setattr__(self, name, value):
        raise AttributeError('%s.%s cannot be set: write %s["%s"] = …' % (self.shown, name, self.shown, name))

    def __missing__(self, name):
        raise Absent(self._unknown(name))

    def _unknown(self, name):
        name = name if isinstance(name, str) else repr(name)
        return "there is no %s %s%s%s" % (self.word, name, suggestion(name, self), among(self))

    # elsewhere (in child processes, in copies) it is a dict like any other
    def __reduce__(self):
        return (dict, (dict(self),))


class Params(Names):
    __slots__ = ()
    word = "parameter"
    shown = "params"


class Inputs(Names):
    __slots__ = ()
    word = "input"
    shown = "inputs"


class Tables(Names):
    __slots__ = ()
    word = "table"
    shown = "tables"


def rule_of(told):
    """A rule as it is told."""
    columns = told["columns"]
    values = [coded(column["values"]) for column in columns]
    names = tuple(column["name"] for column in columns)
    own = {key: told.get(key) for key in ("kind", "seeded", "target")}
    return SimpleNamespace(names=names, values=values, **own)


def coded(values):
    # by code: 0 stands for an absent value
    return [None, *map(as_number, values)]


def as_number(value):
    if type(value) is int and not -SAFE <= value <= SAFE:
        return float(value)
    if type(value) is float and value.is_integer() and -SAFE <= value <= SAFE:
        return int(value)
    return value


def numbers(section, code):
    # what is empty cannot be cast
    return section.cast(code) if len(section) > 0 else section


class RowSet:
    """Some rows of a rule's task table."""

    def __init__(self, rule, codes, seeds, own):
        self.rule = rule
        # columns with very many values: those that are used here
        self.values = [coded(own[str(place)]) if str(place) in own else known for place, known in enumerate(rule.values)]
        self.codes = numbers(codes, "I")
        self.seeds = numbers(seeds, "I")

    def params(self, row):
        """The parameters of a row; absent ones are missing."""
        rule = self.rule
        count = len(rule.names)
        codes = self.codes[row * count : (row + 1) * count].tolist()
        if 0 in codes:
            known = zip(rule.names, self.values, codes)
            params = Params((name, values[code]) for name, values, code in known if code)
        else:
            params = Params(zip(rule.names, map(getitem, self.values, codes)))
        if rule.seeded:
            params["seed"] = self.seeds[row]
        return params


class Table:
    """The results of one input that a bundle's tasks need."""

    def __init__(self, told, rule, sections):
        codes, seeds, offsets, starts, members, content = sections
        self.name = told["name"]
        self.rows = RowSet(rule, codes, seeds, told["values"])
        self.offsets = numbers(offsets, "d")
        self.starts = numbers(starts, "I")
        self.members = numbers(members, "I")
        self.content = content
        self.files = {row: dict(named) for row, named in told["files"]}

    def result(self, row):
        return decode(self.content[int(self.offsets[row]) : int(self.offsets[row + 1])])

    def file(self, row, name):
        files = self.files.get(row, {})
        if name in files:
            return files[name]
        if not files:
            raise LookupError("there is no file %s: this result has no files" % name)
        raise LookupError("there is no file %s%s%s" % (name, suggestion(str(name), files), among(files)))

    def member(self, task):
        return self.members[self.starts[task]]

    def group(self, task, given):
        """The rows that a task takes. `given` is called with each path that is handed out."""
        members = self.members[self.starts[task] : self.starts[task + 1]]
        offsets = self.offsets
        size = 0
        for row in members:
            size += offsets[row + 1] - offsets[row]
        return Rows(self, members, range(len(members)), {} if size < KEPT_BYTES else None, given)


class Rows:
    """A sequence of rows, each made when it is looked at."""

    __slots__ = ("_table", "_members", "_places", "_kept", "_given")

    def __init__(self, table, members, places, kept, given):
        self._table = table
        self._members = members
        self._places = places
        self._kept = kept
        self._given = given

    def __len__(self):
        return len(self._places)

    def __getitem__(self, place):
        if isinstance(place, slice):
            return Rows(self._table, self._members, self._places[place], self._kept, self._given)
        place = self._places[place]
        if self._kept is None:
            return Row(self._table, self._members[place], self._given, False)
        row = self._kept.get(place)
        if row is None:
            row = self._kept[place] = Row(self._table, self._members[place], self._given, True)
        return row

    def __iter__(self):
        for place in range(len(self._places)):
            yield self[place]

    def __reversed__(self):
        return iter(self[::-1])

    def __repr__(self):
        return "<%d rows of %s>" % (len(self), self._table.name)


class Row:
    """One member of a group or line of a table: a task of an upstream rule."""

    __slots__ = ("_table", "_row", "_given", "_keeps", "_params", "_result")

    def __init__(self, table, row, given, keeps):
        self._table = table
        self._row = row
        self._given = given
        self._keeps = keeps
        self._params = None
        self._result = None

    @property
    def params(self):
        if self._params is not None:
            return self._params
        params = self._table.rows.params(self._row)
        if self._keeps:
            self._params = params
        return params

    @property
    def result(self):
        if self._result is not None:
            return self._result[0]
        value = self._table.result(self._row)
        if self._keeps:
            self._result = (value,)
        return value

    def file(self, name):
        """The path of a file that this task wrote; not to be changed."""
        path = self._table.file(self._row, name)
        self._given(path)
        return path

    def __repr__(self):
        return "Row(params=%r, result=%r)" % (dict(self.params), self.result)
