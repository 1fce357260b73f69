# Which references a top-level statement itself calls, changes or gives away while its module is imported; bodies of
# functions do not run then. Knows from a table what pure callables leave alone. Knows nothing of what the called
# functions do.
import _ast

from _scanmake_looks import Looks
from _scanmake_modules import is_fixed
from _scanmake_scopes import COMPREHENSIONS, FUNCTIONS, bound_by, children
from _scanmake_text import opens_to_read, text_of


def touched_by(unit, names, quiet):
    """References as in a text, those that are only called marked so; whether it asked which functions are quiet."""
    node = unit.node
    if node.__class__ in (_ast.Import, _ast.ImportFrom) or is_fixed(unit):
        return (), False
    toucher = _Toucher(unit, names, quiet)
    toucher.visit(node, frozenset())
    return tuple(toucher.found), toucher.isAsking


class _Toucher:
    def __init__(self, unit, names, quiet):
        self.unit = unit
        self.names = names
        self.quiet = quiet
        self.hooked = quiet.hooked
        self.isAsking = False
        self.looks = Looks(unit.module, names)
        self.found = {}

    def visit(self, node, inner):
        """`inner` are the names of class bodies and comprehensions around."""
        kind = node.__class__
        if kind is _ast.Name or kind is _ast.Constant:
            return
        if self.hooked and _HOOKED.get(kind) in self.hooked:
            self.hook(node, inner)
        handler = _HANDLERS.get(kind)
        if handler is not None:
            handler(self, node, inner)
            return
        for child in children(node):
            self.visit(child, inner)

    def hook(self, node, inner):
        """An operator or the like, which a class of the project may have made its own."""
        part = getattr(node, "test", node)
        for token in text_of([part]).tokens:
            if token.__class__ is tuple and token[0].__class__ is str:
                targets = self.names.resolve(self.unit.module, token[0], token[1])
                isObject = node.__class__ is not _ast.Attribute
                if any(target[0] == "name" and (isObject or target[3]) for target in targets):
                    self.found[token] = None
        if any(isinstance(token, tuple) and token[0] in inner for token in text_of([part]).tokens):
            self.touch(part, inner)

    def touch(self, node, inner):
        """Everything that an expression mentions may be changed."""
        tokens = [token for token in text_of([node]).tokens if token.__class__ is tuple]
        if any(token[0] in inner for token in tokens):
            tokens = [token for token in self.unit.read().tokens if token.__class__ is tuple]
        self.found.update(dict.fromkeys(tokens))

    def function(self, node, inner):
        self.decorate(node, inner)
        self.visit(node.args, inner)
        if node.returns is not None:
            self.visit(node.returns, inner)

    def decorate(self, node, inner):
        for decorator in node.decorator_list:
            called = decorator.func if decorator.__class__ is _ast.Call else decorator
            purity = self.looks.purity(called, inner)
            if purity == "unknown" and self.is_wrapping(node, decorator, inner):
                for part in children(decorator)[1:] if called is not decorator else ():
                    self.visit(part, inner)
                continue
            self.visit(decorator, inner)
            if purity != "pure":
                self.touch(decorator, inner)
                self.given(node, inner)

    def is_wrapping(self, node, decorator, inner):
        """A function of the project that changes nothing but the function that it decorates."""
        self.isAsking = True
        isFresh = decorator is node.decorator_list[-1]
        return node.__class__ in FUNCTIONS and self.quiet.decorates(self.unit.module, decorator, inner, isFresh)

    def given(self, node, inner):
        """What is declared here is handed to a decorator or a metaclass."""
        self.found.update(dict.fromkeys(token for token in self.unit.read().tokens if token.__class__ is tuple))
        if not inner:
            self.found[(node.name, (), node.lineno, "")] = None

    def lambda_(self, node, inner):
        self.visit(node.args, inner)

    def class_(self, node, inner):
        self.decorate(node, inner)
        for base in node.bases:
            self.visit(base, inner)
            if self.looks.keeps_track(base):
                self.touch(base, inner)
                self.given(node, inner)
        for keyword in node.keywords:
            self.touch(keyword.value, inner)
            self.given(node, inner)
        own = inner | frozenset(bound_by(node.body).names)
        for statement in node.body:
            self.visit(statement, own)

    def assign(self, node, inner):
        targets = node.targets if hasattr(node, "targets") else [node.target]
        for target in targets:
            self.target(target, inner)
        if getattr(node, "value", None) is not None:
            isUnpacked = any(target.__class__ in (_ast.Tuple, _ast.List) for target in targets)
            (self.iterate if isUnpacked else self.visit)(node.value, inner)
        if node.__class__ is _ast.AugAssign:
            self.touch(node.target, inner)
            self.touch_name(node.target, inner)
        if getattr(node, "annotation", None) is not None:
            self.visit(node.annotation, inner)

    def touch_name(self, node, inner):
        if node.__class__ is _ast.Name and node.id not in inner:
            self.found[(node.id, (), node.lineno, "")] = None

    def target(self, node, inner):
        kind = node.__class__
        if kind in (_ast.Tuple, _ast.List):
            for item in node.elts:
                self.target(item, inner)
        elif kind is _ast.Starred:
            self.target(node.value, inner)
        elif kind in (_ast.Attribute, _ast.Subscript):
            self.touch(node, inner)
            self.visit(node, inner)

    def loop(self, node, inner):
        self.iterate(node.iter, inner)
        self.target(node.target, inner)
        for statement in node.body + node.orelse:
            self.visit(statement, inner)

    def comprehension(self, node, inner):
        own = inner
        for generator in node.generators:
            self.iterate(generator.iter, own)
            own = own | frozenset(bound_by([generator.target]).names)
            for test in generator.ifs:
                self.visit(test, own)
        for field in ("key", "value", "elt"):
            if hasattr(node, field):
                self.visit(getattr(node, field), own)

    def iterate(self, node, inner):
        """An iterator is used up; a list is not."""
        self.visit(node, inner)
        if not self.looks.is_data(node, inner):
            self.touch(node, inner)

    def starred(self, node, inner):
        self.iterate(node.value, inner)

    def compare(self, node, inner):
        """`x in iterator` uses it up."""
        self.visit(node.left, inner)
        for operator, other in zip(node.ops, node.comparators):
            isSearch = operator.__class__ in (_ast.In, _ast.NotIn)
            (self.iterate if isSearch else self.visit)(other, inner)

    def with_(self, node, inner):
        for item in node.items:
            self.visit(item.context_expr, inner)
            self.touch(item.context_expr, inner)
            if item.optional_vars is not None:
                self.target(item.optional_vars, inner)
        for statement in node.body:
            self.visit(statement, inner)

    def expression(self, node, inner):
        value = node.value
        self.visit(value, inner)
        if value.__class__ not in (_ast.Call, _ast.Constant, _ast.Name):
            self.touch(value, inner)

    def awaited(self, node, inner):
        self.visit(node.value, inner)
        self.touch(node.value, inner)

    def call(self, node, inner):
        arguments = [*node.args, *[keyword.value for keyword in node.keywords]]
        for part in [node.func, *arguments]:
            self.visit(part, inner)
        purity = self.looks.purity(node.func, inner)
        if purity == "pure":
            if "operator" in self.hooked:
                for argument in arguments:
                    self.hook(argument, inner)
            for written in self.looks.written_to(node):
                self.touch(written, inner)
            if self.looks.uses_up(node.func):
                for argument in [item for item in arguments if not self.looks.is_data(item, inner)]:
                    self.touch(argument, inner)
            for argument in [item for item in arguments if self.looks.is_function(item)]:
                self.touch(argument, inner)
            return
        if purity == "reads" and opens_to_read(node):
            return
        if purity == "unknown":
            self.isAsking = True
            if self.quiet.calls(self.unit.module, node.func, inner):
                return
        if purity != "quiet":
            if node.func.__class__ is _ast.Name and node.func.id not in inner:
                self.found[(node.func.id, (), node.lineno, "called")] = None
            else:
                self.touch(node.func, inner)
        for argument in arguments:
            self.touch(argument, inner)


# What runs methods of what it is applied to.
_HOOKED = {
    _ast.Attribute: "attribute",
    _ast.Subscript: "item",
    **{kind: "operator" for kind in (_ast.BinOp, _ast.UnaryOp, _ast.BoolOp, _ast.Compare, _ast.FormattedValue)},
    **{kind: "operator" for kind in (_ast.IfExp, _ast.If, _ast.While, _ast.Assert)},
}
if hasattr(_ast, "Match"):
    _HOOKED[_ast.Match] = "attribute"
_HANDLERS = {
    _ast.ClassDef: _Toucher.class_,
    _ast.Lambda: _Toucher.lambda_,
    _ast.Call: _Toucher.call,
    _ast.Expr: _Toucher.expression,
    _ast.Await: _Toucher.awaited,
    _ast.Starred: _Toucher.starred,
    _ast.Compare: _Toucher.compare,
    **{kind: _Toucher.function for kind in FUNCTIONS},
    **{kind: _Toucher.comprehension for kind in COMPREHENSIONS},
    **{kind: _Toucher.loop for kind in (_ast.For, _ast.AsyncFor)},
    **{kind: _Toucher.with_ for kind in (_ast.With, _ast.AsyncWith)},
    **{kind: _Toucher.assign for kind in (_ast.Assign, _ast.AugAssign, _ast.AnnAssign, _ast.Delete)},
}
