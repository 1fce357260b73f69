# Where in a value something is no plain data, and what it is, in the order in which the encoder goes. Slow: only looked
# for once it is known. Knows nothing of how values are written.
import json
import sys
from array import array

import _scanmake_arrays as arrays
from _scanmake_encode import SAFE, in_order
from _scanmake_origin import is_project_file

DEEPEST = 1000
NOWHERE = ""
HINTS = {
    "set": "return sorted(...) or list(...) of it",
    "frozenset": "return sorted(...) or list(...) of it",
    "generator": "return list(...) of it",
    "complex": "return [x.real, x.imag]",
    "DataFrame": 'return frame.to_dict("list")',
    "Series": "return series.to_numpy()",
    "Quantity": "return numpy.asarray(...) of it, in a unit of your choice",
    "MaskedArray": "return array.filled(...)",
}


class Found(Exception):
    """Ends the walk."""


def find(value, folders):
    """The failure of a task with this result; its path is `NOWHERE` where nothing was found."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(limit + 10 * DEEPEST)
    try:
        walk(value, [], [], folders)
    except Found as found:
        return found.args[0]
    finally:
        sys.setrecursionlimit(limit)
    return {"kind": "not-plain", "path": NOWHERE, "what": "more than 2 GiB of data"}


def refused(way, what, kind="not-plain"):
    path = "result" + "".join(map(step_text, way))
    failure = {"kind": kind, "path": path}
    if kind == "not-plain":
        failure["what"] = what
    raise Found(failure)


def step_text(step):
    if isinstance(step, int):
        return "[%d]" % step
    return "." + step if step.isidentifier() else "[%s]" % json.dumps(step, ensure_ascii=False)


def walk(value, way, above, folders):
    if isinstance(value, str):
        look_for_folders(value, way, folders)
    elif isinstance(value, (bool, float, type(None), bytes, bytearray)):
        pass
    elif isinstance(value, int):
        if not -SAFE <= value <= SAFE:
            refused(way, "the integer %s, which is beyond 2**53" % shown(value))
    elif isinstance(value, (dict, list, tuple)):
        walk_holder(value, way, above, folders)
    else:
        what = array_trouble(value, way)
        if what is not None:
            refused(way, what)


def walk_holder(value, way, above, folders):
    if len(above) >= DEEPEST:
        refused(way, "nested more than %d levels deep" % DEEPEST)
    for depth, holder in enumerate(above):
        if holder is value:
            refused(way, "result%s again (a cycle)" % "".join(map(step_text, way[:depth])))
    above.append(value)
    if isinstance(value, dict):
        for name in value:
            if not isinstance(name, str):
                text = "a dict whose keys are not all text: %s is %s; use str(...) of it"
                refused(way, text % (shown(name), what_is(name)))
        for name, part in in_order(value):
            step = str.__str__(name)
            look_for_folders(step, [*way, step], folders)
            way.append(step)
            walk(part, way, above, folders)
            way.pop()
    else:
        for place, part in enumerate(value):
            way.append(place)
            walk(part, way, above, folders)
            way.pop()
    above.pop()


def look_for_folders(text, way, folders):
    if any(folder in text for folder in folders):
        refused(way, "", "work-path-in-result")


def array_trouble(value, way):
    """What is wrong with something that is no list, dict or scalar of Python; None: nothing."""
    if isinstance(value, array):
        if value.typecode in "uw":
            return "an array of characters; return a string"
        for place, number in enumerate(value):
            if value.typecode not in "fd" and not -SAFE <= number <= SAFE:
                refused([*way, place], "the integer %d, which is beyond 2**53" % number)
        return None
    np = arrays.numpy()
    if np is None or not isinstance(value, (np.ndarray, np.generic)):
        return what_is(value, True)
    if isinstance(value, np.generic):
        number = arrays.number_of(np, value)
        if number is None:
            return what_is(value, True)
        walk(number, way, [], ())
        return None
    if not arrays.has_plain_type(np, value):
        return what_is(value, True)
    if value.dtype.name not in arrays.KIND_OF_NAME:
        return "a numpy array of %s%s" % (value.dtype.name, dtype_hint(value.dtype))
    if value.dtype.kind in "iu":
        place = arrays.first_beyond(np, value)
        if place is not None:
            refused([*way, *map(int, place)], "the integer %d, which is beyond 2**53" % value[place])
    return None


def dtype_hint(dtype):
    if dtype.kind == "c":
        return "; return {\"real\": x.real, \"imag\": x.imag}"
    if dtype.kind in "OUS":
        return "; return x.tolist(), or an array of numbers"
    if dtype.kind in "Mm":
        return "; return x.astype(\"int64\") in a unit of your choice"
    if dtype.kind == "V":
        return "; return its fields one by one: {name: x[name] for name in x.dtype.names}"
    return "; return x.astype(\"float64\")"


def what_is(value, hints=False):
    """What something is called: 'a set', 'a pandas DataFrame'."""
    kind = type(value)
    name = kind.__name__
    package = str(kind.__module__).partition(".")[0]
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    is_own = package in ("builtins", "__main__") or (isinstance(file, str) and is_project_file(file))
    words = name if is_own else "%s %s" % (package, name)
    if value is None:
        return "None"
    text = "%s %s" % ("an" if words[:1].lower() in "aeiou" else "a", words)
    hint = HINTS.get(name) if hints else None
    return text if hint is None else "%s; %s" % (text, hint)


def shown(value):
    try:
        text = repr(value)
    except Exception:
        return "one"
    return text if len(text) <= 60 else text[:60] + "…"
