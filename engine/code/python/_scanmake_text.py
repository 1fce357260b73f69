# The text of a top-level statement: its syntax without positions, comments and docstrings, where every name that is
# not local is a reference to be filled in by who knows what it refers to. Knows nothing of modules: scopes are exact
# or take a name as global.
import _ast
from _ast import AST

from _scanmake_lookup import Scope, chain, lookup, own_names
from _scanmake_scopes import COMPREHENSIONS, FUNCTIONS, arguments_of, bound_by

_LEFT_OUT = {"ctx", "kind", "type_comment", "type_ignores"}
_fields = {}


class Text:
    """Tokens are strings and references: (name or how it is imported, attributes, line, the use)."""

    __slots__ = ("tokens", "words", "imports", "later", "calls", "strings", "asksLocals")

    def __init__(self):
        self.tokens = []
        self.words = set()
        self.imports = []
        self.later = []
        self.calls = []
        self.strings = []
        self.asksLocals = False


def text_of(nodes, keepsDocs=False, scope=None):
    """The text of some statements or expressions of a module's top level."""
    text = Text()
    writer = _Writer(text, keepsDocs)
    for node in nodes:
        writer.write(node, scope)
    return text


class _Writer:
    def __init__(self, text, keepsDocs):
        self.text = text
        self.put = text.tokens.append
        self.keepsDocs = keepsDocs

    def write(self, node, scope):
        kind = node.__class__
        special = _SPECIAL.get(kind)
        if special is not None:
            special(self, node, scope)
            return
        put = self.put
        fields = _fields.get(kind)
        if fields is None:
            fields = _fields[kind] = [field for field in kind._fields if field not in _LEFT_OUT]
        put("(" + kind.__name__)
        for field in fields:
            self.field(getattr(node, field, None), scope)
        put(")")

    def field(self, value, scope):
        if isinstance(value, AST):
            self.write(value, scope)
        elif isinstance(value, list):
            self.listed(value, scope)
        else:
            self.put(" " + repr(value))
            if value.__class__ is str:
                self.text.words.add(value)

    def listed(self, values, scope):
        self.put("[")
        for item in values:
            # A text that stands alone is a comment.
            if (
                item.__class__ is _ast.Expr
                and item.value.__class__ is _ast.Constant
                and item.value.value.__class__ is str
            ):
                continue
            self.field(item, scope)
        self.put("]")

    def constant(self, node, scope):
        value = node.value
        kind = value.__class__
        self.put(" %s %s" % (kind.__name__, hex(value) if kind is int else repr(value)))
        if kind is str:
            self.text.strings.append((value, node.lineno))
            if "__" in value:
                self.text.words.update(value.split("."))  # getattr(f, "__doc__")

    def name(self, node, scope):
        self.chained(node, node, (), scope)

    def attribute(self, node, scope):
        found = chain(node)
        if found is not None:
            self.text.words.update(found[1])
            if self.chained(node, found[0], found[1], scope):
                return
        else:
            self.text.words.add(node.attr)
        self.put("(Attribute")
        self.write(node.value, scope)
        self.put(" %s)" % node.attr)

    def chained(self, node, name, attributes, scope):
        """A name with attributes; false where the name is local and the attributes are still to be written."""
        keys, isLocal = lookup(name.id, scope)
        if isLocal and attributes and not keys:
            return False
        isStored = node.ctx.__class__ is not _ast.Load
        if isLocal:
            self.put(" local %s" % name.id)
        if scope is None and isStored and not attributes:
            self.put(" binds %s" % name.id)
            return True
        if isLocal and isStored and not attributes:
            return True
        for key in keys:
            self.put((key, attributes, node.lineno, "stored" if isStored else ""))
        if isLocal and attributes:
            self.put(" ." + ".".join(attributes))
        return True

    def augmented(self, node, scope):
        self.put("(AugAssign")
        if node.target.__class__ is _ast.Name and scope is None:
            self.put((node.target.id, (), node.lineno, "stored"))
        self.write(node.target, scope)
        self.put(" " + node.op.__class__.__name__)
        self.write(node.value, scope)
        self.put(")")

    def call(self, node, scope):
        before = len(self.text.tokens)
        self.put("(Call")
        self.write(node.func, scope)
        token = self.text.tokens[before + 1]
        if not isinstance(token, str):
            if len(self.text.tokens) == before + 2 and not token[3]:
                use = "reads" if token[0] == "open" and opens_to_read(node) else "called"
                token = self.text.tokens[before + 1] = token[:3] + (use,)
            isRun = scope is not None and scope.isRun
            arguments = [*node.args, *[keyword.value for keyword in node.keywords]]
            if len(arguments) == 1 and arguments[0].__class__ is _ast.Constant and arguments[0].value is None:
                arguments = []
            first = node.args[0].value if node.args and node.args[0].__class__ is _ast.Constant else None
            self.text.calls.append((token, len(arguments), first, node.lineno, isRun))
            if token[0] in ("locals", "vars") and not arguments and not isRun:
                self.text.asksLocals = True
        self.listed(node.args, scope)
        self.listed(node.keywords, scope)
        self.put(")")

    def subscript(self, node, scope):
        before = len(self.text.tokens)
        self.put("(Subscript")
        self.write(node.value, scope)
        token = self.text.tokens[before + 1]
        index = node.slice
        if index.__class__.__name__ == "Index":
            index = index.value
        if not isinstance(token, str) and node.ctx.__class__ is _ast.Load:
            value = index.value if index.__class__ is _ast.Constant else None
            self.text.calls.append((token, -1, value, node.lineno, scope is not None and scope.isRun))
        self.write(index, scope)
        self.put(")")

    def imported(self, node, scope):
        isRun = scope is not None and scope.isRun
        for how in bound_by([node]).imports:
            (self.text.later if isRun else self.text.imports).append(how)
            self.put("(import")
            self.put((("mark",) + how, (), node.lineno, ""))
        for name, hows in bound_by([node]).names.items():
            # One that other scopes see is taken as the whole of what it names.
            if scope is not None and (scope.isClass or name not in scope.names):
                for how in hows:
                    self.put((how, (), node.lineno, ""))
                if name in scope.outer:
                    self.put((name, (), node.lineno, "stored"))
        for alias in node.names:
            self.put(" as %s)" % (alias.asname or ("" if node.__class__ is _ast.ImportFrom else alias.name)))

    def function(self, node, scope):
        self.put("(%s %s" % (node.__class__.__name__, node.name))
        self.text.words.add(node.name)
        self.listed(node.decorator_list, scope)
        inner = self.parameters_of_types(node, scope)
        bound = bound_by(node.body)
        self.signature(node.args, scope, inner, bound)
        if node.returns is not None:
            self.put("->")
            self.write(node.returns, inner)
        self.body(node.body, Scope(inner, own_names(bound), bound.outer, False, True))
        self.put(")")

    def signature(self, arguments, scope, annotations, bound):
        self.put(
            " %d %d %d" % (len(getattr(arguments, "posonlyargs", ())), len(arguments.args), len(arguments.kwonlyargs))
        )
        for argument in arguments_of(arguments):
            bound.bind(argument.arg)
            mark = "*" if argument is arguments.vararg else "**" if argument is arguments.kwarg else ""
            self.put(" %s%s" % (mark, argument.arg))
            if argument.annotation is not None:
                self.put(":")
                self.write(argument.annotation, annotations)
        self.listed(arguments.defaults, scope)
        self.listed(arguments.kw_defaults, scope)

    def parameters_of_types(self, node, scope):
        types = getattr(node, "type_params", None)
        if not types:
            return scope
        inner = Scope(scope, {item.name: [None] for item in types})
        self.listed(types, inner)
        return inner

    def lambda_(self, node, scope):
        self.put("(Lambda")
        bound = bound_by([node.body])
        self.signature(node.args, scope, scope, bound)
        self.write(node.body, Scope(scope, own_names(bound), (), False, True))
        self.put(")")

    def class_(self, node, scope):
        self.put("(ClassDef %s" % node.name)
        self.text.words.add(node.name)
        self.listed(node.decorator_list, scope)
        inner = self.parameters_of_types(node, scope)
        self.listed(node.bases, inner)
        self.listed(node.keywords, inner)
        bound = bound_by(node.body)
        self.body(node.body, Scope(inner, own_names(bound), bound.outer, True))
        self.put(")")

    def type_alias(self, node, scope):
        self.put("(TypeAlias")
        self.write(node.name, scope)
        self.write(node.value, self.parameters_of_types(node, scope))
        self.put(")")

    def body(self, statements, scope):
        first = statements[0]
        isDoc = first.__class__ is _ast.Expr and first.value.__class__ is _ast.Constant
        if isDoc and self.keepsDocs and isinstance(first.value.value, str):
            self.put(" doc %r" % first.value.value)
        self.listed(statements, scope)

    def comprehension(self, node, scope):
        """The first iterable belongs to the scope around."""
        self.put("(" + node.__class__.__name__)
        first = node.generators[0]
        self.write(first.iter, scope)
        names = {}
        for generator in node.generators:
            names.update(bound_by([generator.target]).names)
        inner = Scope(scope, names)
        for generator in node.generators:
            self.put("(for %d" % generator.is_async)
            self.write(generator.target, inner)
            if generator is not first:
                self.write(generator.iter, inner)
            self.listed(generator.ifs, inner)
            self.put(")")
        for field in ("key", "value", "elt"):
            if hasattr(node, field):
                self.write(getattr(node, field), inner)
        self.put(")")


def opens_to_read(node):
    """`open(name)` without a mode, or with a constant one that only reads."""
    modes = node.args[1:2] + [keyword.value for keyword in node.keywords if keyword.arg in ("mode", None)]
    return not modes or (modes[0].__class__ is _ast.Constant and modes[0].value in ("r", "rb", "rt"))


_SPECIAL = {
    _ast.Constant: _Writer.constant,
    _ast.Name: _Writer.name,
    _ast.Attribute: _Writer.attribute,
    _ast.AugAssign: _Writer.augmented,
    _ast.Call: _Writer.call,
    _ast.Subscript: _Writer.subscript,
    _ast.Import: _Writer.imported,
    _ast.ImportFrom: _Writer.imported,
    _ast.ClassDef: _Writer.class_,
    _ast.Lambda: _Writer.lambda_,
    **{kind: _Writer.function for kind in FUNCTIONS},
    **{kind: _Writer.comprehension for kind in COMPREHENSIONS},
}
if hasattr(_ast, "TypeAlias"):
    _SPECIAL[_ast.TypeAlias] = _Writer.type_alias
