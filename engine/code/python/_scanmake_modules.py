# A module of the project, read and parsed: its top-level statements (units), the names that they bind, and what they
# import. What only runs in a script (`__name__ == "__main__"`) or never (`TYPE_CHECKING`) is taken out here. Knows no
# other module.
import _ast

from _scanmake_scopes import FUNCTIONS, bound_by, walrus
from _scanmake_text import text_of
from _scanmake_wire import digest_bytes

_TYPING = (("module", 0, "typing", None), ("module", 0, "typing_extensions", None))
_FLAGS = (("from", 0, "typing", "TYPE_CHECKING"), ("from", 0, "typing_extensions", "TYPE_CHECKING"))
_SEQUENCES = (_ast.Tuple, _ast.List)


class Module:
    """A source file under the name that it is imported by."""

    __slots__ = (
        "name",
        "path",
        "isPackage",
        "isMain",
        "data",
        "digest",
        "units",
        "bindings",
        "stars",
        "future",
        "doc",
        "problem",
        "mentioned",
    )

    def __init__(self, name, path, isPackage, isMain):
        self.name = name
        self.path = path
        self.isPackage = isPackage
        self.isMain = isMain
        self.data = b""
        self.digest = ""
        self.units = []
        self.bindings = {}
        self.stars = []
        self.future = ""
        self.doc = ""
        self.problem = None
        self.mentioned = None


class Unit:
    """A top-level statement; its text is made when it is asked for."""

    __slots__ = ("module", "index", "node", "bound", "text", "withDocs", "own", "touches")

    def __init__(self, module, index, node):
        self.module = module
        self.index = index
        self.node = node
        self.bound = bound_by([node])
        self.text = None
        self.withDocs = None
        self.own = None
        self.touches = None

    def read(self, keepsDocs=False):
        if keepsDocs:
            if self.withDocs is None:
                self.withDocs = text_of([self.node], True)
            return self.withDocs
        if self.text is None:
            self.text = text_of([self.node])
        return self.text

    @property
    def isImport(self):
        return self.node.__class__ in (_ast.Import, _ast.ImportFrom)


def read_module(name, path, isPackage, isMain):
    """Reads and parses a file; what is wrong with it is in `problem` as (line, words)."""
    module = Module(name, path, isPackage, isMain)
    try:
        with open(path, "rb") as file:
            module.data = file.read()
    except OSError as error:
        module.problem = (0, "it cannot be read (%s)" % error.strerror)
        return module
    module.digest = digest_bytes(module.data)
    if b":=" in module.data:
        walrus.append(path)
    try:
        tree = compile(module.data, path, "exec", _ast.PyCF_ONLY_AST, True)
    except SyntaxError as error:
        module.problem = (error.lineno or 0, error.msg or "invalid syntax")
        return module
    except (RecursionError, MemoryError):
        module.problem = (0, "it is nested too deeply to be read: take it apart")
        return module
    except (ValueError, OverflowError) as error:
        module.problem = (0, str(error) or type(error).__name__)
        return module
    first = tree.body[0] if tree.body else None
    if first.__class__ is _ast.Expr and first.value.__class__ is _ast.Constant:
        module.doc = repr(first.value.value)
    typing = names_of_typing(tree.body, module.data)
    for node in singled(kept(tree.body, typing, isMain or "__name__" in typing)):
        unit = Unit(module, len(module.units), node)
        module.units.append(unit)
        module.stars.extend(unit.bound.stars)
        for bound, hows in unit.bound.names.items():
            module.bindings.setdefault(bound, []).extend([(unit, how) for how in hows])
        if node.__class__ is _ast.ImportFrom and node.module == "__future__":
            module.future = " ".join(sorted([module.future] + [alias.name for alias in node.names])).strip()
    add_declared(module)
    return module


def add_declared(module):
    """Names that only functions bind (`global x`) are bound by these functions' statements."""
    if b"global" not in module.data:
        return
    for unit in module.units:
        for token in unit.read().tokens:
            if token.__class__ is tuple and token[3] == "stored" and not token[1] and token[0].__class__ is str:
                entries = module.bindings.setdefault(token[0], [])
                if not any(token[0] in other.bound.names for other, _ in entries) and (unit, None) not in entries:
                    entries.append((unit, None))


def names_of_typing(statements, data):
    """How a module calls `TYPE_CHECKING`, and `typing` (with a point); `__name__` where it gives itself another."""
    if b"TYPE_CHECKING" not in data and b"__name__" not in data:
        return frozenset()
    found = set()
    for name, hows in bound_by(statements).names.items():
        if name == "__name__" or all(how in _FLAGS for how in hows):
            found.add(name)
        elif all(how in _TYPING for how in hows):
            found.add(name + ".")
    return found


def kept(statements, typing, isMain):
    """The statements that run; an excluded `if` keeps what stands in its else."""
    found = []
    for node in statements:
        if node.__class__ is _ast.Expr and node.value.__class__ is _ast.Constant:
            continue
        if node.__class__ is _ast.Pass:
            continue
        if node.__class__ is _ast.If and (
            is_type_checking(node.test, typing) or (not isMain and is_main_test(node.test))
        ):
            found.extend(kept(node.orelse, typing, isMain))
            continue
        found.append(node)
    return found


def singled(statements):
    """`A, B = 1, 2` as `A = 1` and `B = 2`, where no value can see or stop another."""
    for node in statements:
        pairs = pairs_of(node) if node.__class__ is _ast.Assign and len(node.targets) == 1 else None
        if pairs is None:
            yield node
            continue
        for target, value in pairs:
            yield _ast.Assign(targets=[target], value=value, lineno=target.lineno, col_offset=target.col_offset)


def pairs_of(node):
    target, value = node.targets[0], node.value
    if target.__class__ not in _SEQUENCES or value.__class__ not in _SEQUENCES or len(target.elts) != len(value.elts):
        return None
    if any(item.__class__ is not _ast.Name for item in target.elts):
        return None
    names = {item.id for item in target.elts}
    isApart = len(names) == len(target.elts) and all(is_still(item, names) for item in value.elts)
    return list(zip(target.elts, value.elts)) if isApart else None


def is_still(node, names):
    """A literal, a list of such, or a name that is none of some."""
    kind = node.__class__
    if kind in _SEQUENCES:
        return all(is_still(item, names) for item in node.elts)
    if kind is _ast.Dict:
        isHashed = all(item is not None and is_immutable(item) for item in node.keys)
        return isHashed and all(is_still(item, names) for item in node.values)
    return is_immutable(node) or (kind is _ast.Name and node.id not in names)


def is_main_test(test):
    """`__name__ == "__main__"`, either way round."""
    if test.__class__ is not _ast.Compare or len(test.ops) != 1 or test.ops[0].__class__ is not _ast.Eq:
        return False
    sides = [test.left, test.comparators[0]]
    names = [side.id for side in sides if side.__class__ is _ast.Name]
    values = [side.value for side in sides if side.__class__ is _ast.Constant]
    return names == ["__name__"] and values == ["__main__"]


def is_type_checking(test, typing):
    """`TYPE_CHECKING`, `typing.TYPE_CHECKING`, where these are the ones of `typing`."""
    if test.__class__ is _ast.Attribute and test.attr == "TYPE_CHECKING":
        return test.value.__class__ is _ast.Name and test.value.id + "." in typing
    return test.__class__ is _ast.Name and test.id in typing


def is_fixed(unit):
    """A name that is bound to a literal of an immutable type."""
    node = unit.node
    if node.__class__ is _ast.AnnAssign:
        if node.value is None or node.target.__class__ is not _ast.Name or unit.read().calls:
            return False
        return is_immutable(node.value)
    if node.__class__ is not _ast.Assign or any(target.__class__ is not _ast.Name for target in node.targets):
        return False
    return is_immutable(node.value)


def is_immutable(node):
    """A constant, or arithmetic and tuples of constants."""
    kind = node.__class__
    if kind is _ast.Constant:
        return True
    if kind is _ast.UnaryOp:
        return is_immutable(node.operand)
    if kind is _ast.BinOp:
        return is_immutable(node.left) and is_immutable(node.right)
    return kind is _ast.Tuple and all(is_immutable(item) for item in node.elts)


def is_plain(unit):
    """A function or class that calling does not change: no decorator, no default or attribute that could be changed."""
    node = unit.node
    if node.__class__ is _ast.ClassDef:
        return is_plain_class(unit)
    if node.__class__ not in FUNCTIONS or node.decorator_list:
        return False
    defaults = node.args.defaults + [item for item in node.args.kw_defaults if item is not None]
    return all(is_immutable(item) for item in defaults)


_CLASS_WORDS = frozenset(
    ["__class__", "__new__", "__init_subclass__", "__set_name__", "__class_getitem__", "__dict__", "metaclass"]
)
_CLASS_CALLS = frozenset(["type", "setattr", "delattr", "vars", "super"])


def is_plain_class(unit):
    """A class that making an instance does not change: methods and immutable values, nothing that gets at the class."""
    node = unit.node
    for item in node.body:
        isMethod = item.__class__ in FUNCTIONS and not item.decorator_list
        isValue = item.__class__ in (_ast.Assign, _ast.AnnAssign) and (item.value is None or is_immutable(item.value))
        isText = item.__class__ is _ast.Pass or (item.__class__ is _ast.Expr and item.value.__class__ is _ast.Constant)
        if not (isMethod or isValue or isText):
            return False
    text = unit.read()
    names = {token[0] for token in text.tokens if token.__class__ is tuple}
    return not (node.bases or node.decorator_list or text.words & _CLASS_WORDS or names & _CLASS_CALLS)


def looks_at_import(unit):
    """Whether a statement does something when its module is imported."""
    node = unit.node
    if unit.isImport or is_fixed(unit) or is_plain(unit):
        return False
    if node.__class__ in FUNCTIONS:
        return bool(node.decorator_list or node.args.defaults or any(node.args.kw_defaults))
    return True
