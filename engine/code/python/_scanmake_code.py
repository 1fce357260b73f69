# The answer for one function or script: walks as often as the walk finds that more must count, then makes the digest,
# the parts for `why`, and the list of sources. Knows nothing of how names are found.
import _ast
import os
import sys

from _scanmake_find import Found, is_aside
from _scanmake_packages import digest_of_files
from _scanmake_reach import Walk
from _scanmake_scopes import FUNCTIONS
from _scanmake_start import shown
from _scanmake_warn import file_named, warnings_of
from _scanmake_wire import digest_bytes, digest_text

_IMPORTS = (_ast.Import, _ast.ImportFrom)
_DECLARATIONS = FUNCTIONS + _IMPORTS + (_ast.ClassDef, _ast.Assign, _ast.AnnAssign)
_ASKED = ("docs", "names", "strings")
_MOST_FILES = 5000
_MOST = (
    "this imports or runs what the text does not name, and of the .py files below %s only the first %d count: a change "
    "of another reruns nothing. Name those that matter in uses."
)
_MOST_SHOWN = 40


def code_of(start, names, effects, packages, folder):
    """All that is said of one start."""
    code = {
        "digest": "",
        "parts": [],
        "sources": [],
        "others": [],
        "packages": [],
        "signature": start.signature,
        "warnings": [],
        "problems": start.problems,
    }
    if start.module is None or start.problems:
        if start.module is not None:
            code["sources"] = [{"path": start.module.path, "digest": start.module.digest}]
        return code
    limits = names.search.watch.limits
    limits.clear()
    asked = set()
    while True:
        walk = walked(start, names, effects, asked)
        more = walk.isAsked & set(_ASKED)
        if more <= asked:
            break
        asked |= more
    modules = list(walk.executed)
    add_problems(start, modules, folder)
    raw = dict(walk.raw)
    root = names.search.path[0]
    if walk.isComputed:
        for place in unique([root, folder]):
            raw.update(files_below(place, names.search.watch))
    if walk.raw:
        raw.update(named_sources(walk, folder, names.search.watch))
    lines = ["python %s %d.%d" % ((sys.implementation.name,) + sys.version_info[:2])]
    parts = [python_part()]
    for name, version, text in sorted(package_texts(walk, packages, code, folder)):
        lines.append("package %s %s" % (name, text))
        parts.append(
            {"file": "", "name": "package " + name, "digest": digest_text(text), "kind": "package", "shown": version}
        )
    for path, digest in sorted(raw.items()):
        lines.append("text %s %s" % (os.path.relpath(path, root), digest))
    parts += [{"file": path, "name": "", "digest": digest, "kind": "file"} for path, digest in sorted(raw.items())]
    parts += [part_of(unit, "docs" in asked) for unit in walk.units]
    for part, unit in zip(parts[len(parts) - len(walk.units) :], walk.units):
        by = walk.by[unit]
        while by is not None and by.node.__class__ in _IMPORTS:
            by = walk.by[by]
        if by is not None and is_declaration(by) and "kind" not in part:
            part["by"] = "%s: %s" % (shown(by.module.path, folder), ", ".join(by.bound.names))
    code["digest"] = digest_text(walk.text(walk.start) + "\n" + "\n".join(lines))
    code["parts"] = parts
    sources = {module.path: module.digest for module in modules}
    sources.update(raw)
    code["sources"] = [{"path": path, "digest": digest} for path, digest in sources.items()]
    code["warnings"] = warnings_of(walk, names, folder, sources)
    code["warnings"] += [{"message": message, "file": start.path, "line": 0} for message in limits]
    return code


def named_sources(walk, folder, watch):
    """Sources that texts name, for what runs them: `exec(open("common.py").read())`, in whichever folder they lie."""
    found = {}
    below = None
    for unit in walk.units:
        for text, _ in unit.read().strings:
            if not text.endswith(".py") or "\n" in text:
                continue
            path = file_named(text, folder, unit.module.path)
            if path is not None:
                found[path], _, _ = digest_of_files(path)
                continue
            below = files_below(folder, watch) if below is None else below
            end = os.path.basename(text)
            found.update([(path, digest) for path, digest in below.items() if path.endswith(end)])
    return found


def unique(items):
    return list(dict.fromkeys(items))


def walked(start, names, effects, asked):
    """One walk over what a start reaches."""
    walk = Walk(names, effects, asked)
    module = start.module
    for size in range(1, module.name.count(".") + 1):
        above = names.module(".".join(module.name.split(".")[:size]))
        if above is not None:
            walk.execute(above)
    walk.execute(module)
    if start.name is None:
        for unit in module.units:
            walk.add(unit)
        for name in module.bindings:
            walk.key(module, name)
        walk.start = "script %d" % len(module.units)
    else:
        unit = _Asker(module)
        walk.start = "start " + walk.reference(unit, (start.name, (), 0, ""))
        if start.name not in module.bindings:
            walk.whole_text(module)
    walk.close()
    return walk


class _Asker:
    """Stands for the statement that refers to the start."""

    def __init__(self, module):
        self.module = module


def add_problems(start, modules, folder):
    for module in modules:
        if module.problem is not None:
            line, words = module.problem
            version = "%d.%d" % sys.version_info[:2]
            message = "this is not Python %s: %s." % (version, words)
            start.problem(message if line else "%s: %s." % (shown(module.path, folder), words), line, module.path)


def python_part():
    version = "%d.%d" % sys.version_info[:2]
    digest = digest_text("%s %s" % (sys.implementation.name, version))
    return {"file": "", "name": "package python", "digest": digest, "kind": "package", "shown": version}


def package_texts(walk, packages, code, folder):
    """(name, version, text) of each package that was reached; the files that say so are put into the code."""
    found = {}
    behind = {}
    for kind, what, name, _ in walk.targets:
        if isinstance(what, Found) and what.kind == "installed":
            key = what.name.partition(".")[0]
            if key not in found or found[key][0] == "":
                *found[key], files = packages.text_of(what)
                behind.update([(file["path"], file) for file in files])
        elif isinstance(what, Found) and what.kind == "extension":
            digest, _, _ = digest_of_files(what.path)
            code["others"].append({"path": what.path, "digest": digest})
            behind[what.path] = {"name": shown(what.path, folder), "path": what.path, "digest": digest}
            found[what.path] = (os.path.basename(what.path).partition(".")[0], digest[:12], "contents " + digest)
        elif kind == "missing":
            top = name.partition(".")[0]
            found.setdefault(top, (top, "not installed", "missing"))
    code["packages"] = list(behind.values())
    return list(found.values())


def is_declaration(unit):
    return bool(unit.bound.names) and unit.node.__class__ in _DECLARATIONS


def part_of(unit, keepsDocs):
    """A statement as `why` names it."""
    names = list(unit.bound.names)
    part = {"file": unit.module.path, "name": ", ".join(names), "digest": own_digest(unit, keepsDocs)}
    if not is_declaration(unit):
        line = unit.module.data.decode("utf-8", "replace").splitlines()[unit.node.lineno - 1]
        part["name"] = line.strip()[:60]
        part["kind"] = "statement"
    text = literal(unit.node) if len(names) == 1 else None
    if text is not None and len(text) <= _MOST_SHOWN:
        part["shown"] = text
    return part


def literal(node):
    """A number, text or the like that is bound as it stands; None for anything else."""
    value = getattr(node, "value", None) if node.__class__ in (_ast.Assign, _ast.AnnAssign) else None
    isNegative = value.__class__ is _ast.UnaryOp and value.op.__class__ is _ast.USub
    inner = value.operand if isNegative else value
    if inner.__class__ is not _ast.Constant:
        return None
    isHuge = inner.value.__class__ is int and inner.value.bit_length() > 4 * _MOST_SHOWN
    return None if isHuge else ("-" if isNegative else "") + repr(inner.value)


def own_digest(unit, keepsDocs):
    """The digest of a statement with what it refers to by name."""
    if keepsDocs or unit.own is None:
        tokens = unit.read(keepsDocs).tokens
        words = [token if token.__class__ is str else "{%r.%s}" % (token[0], ".".join(token[1])) for token in tokens]
        digest = digest_text(unit.module.future + "".join(words))
        if keepsDocs:
            return digest
        unit.own = digest
    return unit.own


def files_below(root, watch):
    """All sources below a folder, for what imports by computed names."""
    found = {}
    for folder, folders, files in os.walk(root):
        folders[:] = sorted([name for name in folders if not is_aside(folder, name)])
        watch.folders[folder] = True
        for name in sorted(files):
            if name.endswith(".py") and len(found) >= _MOST_FILES:
                watch.limits[_MOST % (root, _MOST_FILES)] = True
            elif name.endswith(".py"):
                path = os.path.join(folder, name)
                try:
                    with open(path, "rb") as file:
                        found[path] = digest_bytes(file.read())
                except OSError:
                    continue
    return found
