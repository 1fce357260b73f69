# Which functions of the project change nothing when they are called: decorators that only wrap what they are given, and
# the like. A name that may come to mean anything else is none of them. Knows nothing of what calls them.
import _ast
import re

from _scanmake_frame import Frame, first_of
from _scanmake_lookup import chain
from _scanmake_scopes import bound_by


class Quiet:
    """The questions, as long as no further module is read; `hooked`: what acts without being called."""

    def __init__(self, names, hooked):
        self.names = names
        self.hooked = hooked
        self.known = {}
        self.running = set()

    def decorates(self, module, decorator, inner, isFresh):
        """Whether `decorator` changes nothing but the function that it is given, which is new if `isFresh`."""
        isMaker = decorator.__class__ is _ast.Call
        if not isFresh and self.hooked:
            return False
        if inner and self.is_said(rb"__set_name__"):
            return False
        found = self.functions(module, decorator.func if isMaker else decorator, inner)
        facts = given_none(found, decorator) if isMaker else {}
        return bool(found) and all(self.decorated(*item, isMaker, isFresh, facts) for item in found)

    def decorated(self, module, node, isMaker, isFresh, facts):
        if isMaker:
            frame = self.frame(module, node, None, "", facts)
            return frame is not None and frame.is_quiet() and frame.gives_quiet(isFresh)
        first = first_of(node) if isFresh else ""
        frame = self.frame(module, node, None, first, {first: False} if first else {})
        return frame is not None and frame.is_quiet()

    def calls(self, module, func, inner):
        """Whether a call changes nothing, whatever it is given."""
        found = self.functions(module, func, inner)
        return bool(found) and all(self.runs(*item) for item in found)

    def runs(self, module, node, outer=None, fresh=""):
        if node in self.running:
            return True
        self.running.add(node)
        frame = self.frame(module, node, outer, fresh, {})
        found = frame is not None and frame.is_quiet()
        self.running.discard(node)
        return found

    def frame(self, module, node, outer, fresh, facts):
        if node.__class__ is _ast.AsyncFunctionDef:
            return None
        body = [_ast.Return(value=node.body)] if node.__class__ is _ast.Lambda else node.body
        bound = bound_by(body)
        if bound.outer or bound.nonlocals or bound.stars or bound.imports:
            return None
        return Frame(self, module, node, body, bound, outer, fresh, facts)

    def functions(self, module, func, inner):
        """The functions of the project that a name means, as (module, node); none where it may be anything else."""
        found = chain(func)
        if found is None or found[0].id in inner:
            return []
        functions = []
        for kind, what, name, left in self.names.resolve(module, found[0].id, found[1]):
            units = self.names.binders(what, name) if kind == "name" and not left else []
            if len(units) != 1 or units[0].node.__class__ is not _ast.FunctionDef or self.is_rebound(name):
                return []
            if units[0].node.decorator_list or units[0].node.name != name:
                return []
            functions.append((what, units[0].node))
        return functions

    def is_rebound(self, name):
        """Whether any module may give a name of another, or of its own from within a function, something else."""
        if not name.isascii():
            return True
        word = name.encode()
        stored = rb"\.\s*%s\b(?!\s*\()|\bglobal\b[^=()]*\b%s\b|\b__code__\b|\b__globals__\b" % (word, word)
        if self.is_said(stored, rb"^[ \t]*(?:@|from\b|import\b)[^;\r\n]*"):
            return True
        setters = rb"\b(?:setattr|globals|vars|__dict__|patch)\b"
        return self.is_said(setters) and self.is_said(rb"[\"'.]%s[\"']|\b%s\s*=(?!=)" % (word, word))

    def is_said(self, pattern, without=None):
        key = (pattern, without)
        if key not in self.known:
            texts = [module.data for module in self.names.modules.values() if module is not None]
            if without is not None:
                texts = [re.sub(without, b"", text, flags=re.M) for text in texts]
            self.known[key] = any(re.search(pattern, text) for text in texts)
        return self.known[key]


def given_none(functions, call):
    """Which parameters are None because a call leaves them out: {name: True}."""
    if any(item.__class__ is _ast.Starred for item in call.args) or any(item.arg is None for item in call.keywords):
        return {}
    facts = {}
    for _, node in functions if len(functions) == 1 else ():
        arguments = getattr(node.args, "posonlyargs", []) + node.args.args
        defaults = node.args.defaults
        for argument, default in zip(arguments[len(arguments) - len(defaults) :], defaults):
            isLeft = arguments.index(argument) >= len(call.args)
            isNone = default.__class__ is _ast.Constant and default.value is None
            if isLeft and isNone and all(item.arg != argument.arg for item in call.keywords):
                facts[argument.arg] = True
    return facts
