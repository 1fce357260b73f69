# Methods that run without being called: operators, properties, conversions, items that fill themselves in. Says which
# kinds of them a module declares that may change something; a method that only computes is none. Knows nothing of what
# they are used on.
import _ast

from _scanmake_lookup import chain
from _scanmake_scopes import FUNCTIONS, children

_ATTRIBUTES = frozenset(["__getattr__", "__getattribute__", "__get__"])
_ITEMS = frozenset(["__getitem__", "__missing__", "__class_getitem__"])
# What uses them is taken as changing something by itself.
_CALLED = frozenset(
    """__init__ __new__ __call__ __enter__ __exit__ __aenter__ __aexit__ __await__ __init_subclass__ __set_name__
    __setattr__ __setitem__ __delattr__ __delitem__ __set__ __delete__ __post_init__ __del__ __dir__ __getstate__
    __setstate__ __reduce__ __reduce_ex__ __copy__ __deepcopy__ __subclasshook__ __prepare__""".split()
)
_MAKERS = ("__init__", "__new__", "__post_init__")
# They may call methods of what they are given, which are looked at by themselves.
_HARMLESS = frozenset(
    """abs bool complex dict enumerate float format hash int isinstance iter len list max min range repr round set
    sorted str sum super tuple type zip AttributeError IndexError KeyError NotImplementedError TypeError
    ValueError""".split()
)
_FILLING = (b"defaultdict", b"__missing__")


def hooks_of(module):
    """The kinds of a module: attribute, item, operator."""
    found = set()
    if any(word in module.data for word in _FILLING):
        found.add("item")
    if b"def __" not in module.data and b"property" not in module.data and b"__get" not in module.data:
        return found
    stack = [unit.node for unit in module.units]
    while stack:
        node = stack.pop()
        if node.__class__ is _ast.ClassDef:
            for method in [item for item in node.body if item.__class__ in FUNCTIONS]:
                kind = kind_of(method)
                if kind is not None and acts(method, node, False):
                    found.add(kind)
            found.update(assigned_kinds(node))
        stack.extend(children(node))
    return found


def kind_of(method):
    name = method.name
    if name in _ATTRIBUTES or any("property" in word for item in method.decorator_list for word in words(item)):
        return "attribute"
    if name in _ITEMS:
        return "item"
    return "operator" if name[:2] == "__" == name[-2:] and name not in _CALLED else None


def assigned_kinds(node):
    """`__add__ = push`, `rate = property(read)`."""
    for item in node.body:
        if item.__class__ is not _ast.Assign:
            continue
        for target in item.targets:
            if target.__class__ is _ast.Name and target.id[:2] == "__" == target.id[-2:]:
                yield "attribute" if target.id in _ATTRIBUTES else "item" if target.id in _ITEMS else "operator"
        if item.value.__class__ is _ast.Call and any("property" in word for word in words(item.value.func)):
            yield "attribute"


def words(node):
    found = chain(node.func if node.__class__ is _ast.Call else node)
    return () if found is None else (found[0].id,) + found[1]


def acts(method, owner, isMaker):
    """Whether a method may change anything; one that makes an object may write into that."""
    stack = list(method.body)
    while stack:
        node = stack.pop()
        kind = node.__class__
        if kind in (_ast.Global, _ast.Nonlocal, _ast.Import, _ast.ImportFrom, _ast.Await):
            return True
        if kind in (_ast.Attribute, _ast.Subscript) and node.ctx.__class__ is not _ast.Load:
            isOwn = kind is _ast.Attribute and node.value.__class__ is _ast.Name and node.value.id == "self"
            if not (isMaker and isOwn):
                return True
        if kind is _ast.Call and not is_harmless(node.func, owner):
            return True
        stack.extend(children(node))
    return False


def is_harmless(func, owner):
    """A call of a pure builtin, of `math`, or of the class itself where its making changes nothing else."""
    found = chain(func)
    if found is None:
        isType = func.__class__ is _ast.Call and chain(func.func) is not None and chain(func.func)[0].id == "type"
        return isType and owner is not None and makes_quietly(owner)
    name = found[0].id
    if owner is not None and (name == owner.name or (name == "self" and found[1] == ("__class__",))):
        return makes_quietly(owner) and found[1] in ((), ("__class__",))
    if name in ("math", "np", "numpy"):
        return len(found[1]) == 1
    return not found[1] and name in _HARMLESS


def makes_quietly(owner):
    makers = [item for item in owner.body if item.__class__ in FUNCTIONS and item.name in _MAKERS]
    return not owner.bases and not owner.keywords and not any(acts(item, None, True) for item in makers)
