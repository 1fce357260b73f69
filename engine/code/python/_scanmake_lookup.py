# What a name may refer to, from within the scopes of one top-level statement: a local, an import of a function, or what
# its module has. Knows nothing of modules; a name that may be both a local and a global is taken as both.
import _ast


def chain(node):
    """The name and attributes of `name.a.b`; None for anything else."""
    attributes = []
    while node.__class__ is _ast.Attribute:
        attributes.append(node.attr)
        node = node.value
    return (node, tuple(reversed(attributes))) if node.__class__ is _ast.Name else None


class Scope:
    """One scope while writing: what it binds, and the scopes around it."""

    __slots__ = ("isClass", "names", "outer", "parent", "isRun")

    def __init__(self, parent, names, outer=(), isClass=False, isRun=False):
        self.parent = parent
        self.names = names
        self.outer = outer
        self.isClass = isClass
        self.isRun = isRun or (parent is not None and parent.isRun)


def own_names(bound):
    """Names of a scope itself, without those that it declares to be of another."""
    for name in bound.outer | bound.nonlocals:
        bound.names.pop(name, None)
    return bound.names


def lookup(name, scope):
    """What a name may refer to outside of functions, and whether it may be a local: (names or imports, local)."""
    isFirst = True
    keys = [name]
    if name.startswith("__") and not name.endswith("__"):
        keys += mangled(name, scope)
    while scope is not None:
        if isFirst or not scope.isClass:
            if name in scope.outer:
                return keys, False
            hows = scope.names.get(name)
            if hows is not None:
                # A name of a class body that is not bound yet is looked for among the globals.
                if scope.isClass:
                    return keys + [how for how in hows if how is not None], True
                return [how for how in hows if how is not None], None in hows
        isFirst = False
        scope = scope.parent
    return keys, False


def mangled(name, scope):
    """`__name` within a class is looked up under the class's name too; whichever class that is, it ends so."""
    while scope is not None:
        if scope.isClass:
            return [("mangled", name)]
        scope = scope.parent
    return []
