# How a function wants to be called: with (params, inputs, io) or fewer, or with single parameters by name.
# Decided once for a function and a rule; what comes out is called for each task. Knows nothing of what runs it.
import inspect
from operator import itemgetter

from _scanmake_nearest import suggestion
from _scanmake_rows import Params

# What is handed over by place, and under which names.
WORDS = {
    "generate": ("params", "inputs", "io"),
    "simulate": ("params", "inputs", "io"),
    "aggregate": ("rows", "group", "io"),
    "analyze": ("tables", "io"),
}


class Signature:
    """The names that a function takes."""

    def __init__(self, function):
        self.shown = getattr(function, "__name__", "the function")
        self.alone, self.placed, self.named = [], [], []
        self.optional = set()
        self.many = self.rest = False
        try:
            parameters = inspect.signature(function).parameters.values()
        except (TypeError, ValueError):
            # it does not say
            self.many = True
            return
        lists = {
            inspect.Parameter.POSITIONAL_ONLY: self.alone,
            inspect.Parameter.POSITIONAL_OR_KEYWORD: self.placed,
            inspect.Parameter.KEYWORD_ONLY: self.named,
        }
        for parameter in parameters:
            if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
                self.many = True
            elif parameter.kind is inspect.Parameter.VAR_KEYWORD:
                self.rest = True
            else:
                lists[parameter.kind].append(parameter.name)
                if parameter.default is not inspect.Parameter.empty:
                    self.optional.add(parameter.name)


def caller(function, rule):
    """How many of the words are handed over by place, or a function that makes (args, kwargs) from all of them."""
    signature = Signature(function)
    words = WORDS[rule.kind]
    known = set(rule.names) | ({"seed"} if rule.seeded else set())
    nested = {name.partition(".")[0] for name in known if "." in name}
    names = signature.alone + signature.placed + signature.named
    single = [name for name in names if name not in words and (name in known or name in nested)]
    by_name = bool(single) or bool(signature.named) or (signature.rest and all(name in words for name in names))
    if not by_name:
        count = len(words) if signature.many else min(len(words), len(signature.alone) + len(signature.placed))
        return count, None
    if single == names and not signature.rest and known.issuperset(single) and not signature.named:
        return len(words) if words[0] != "params" else 1, by_places(signature, words, nested)
    return len(words), by_names(signature, words, nested)


def by_places(signature, words, nested):
    """As `by_names`, where all are single parameters: in one go as long as each is there."""
    place = 1 if "group" in words else 0
    names = signature.alone + signature.placed
    values = itemgetter(*names)
    slowly = by_names(signature, words, nested)
    no_names = {}

    def bind(given):
        params = given[place]
        try:
            found = values(params)
        except KeyError:
            return slowly(given)
        return (found,) if len(names) == 1 else found, no_names

    return bind


def by_names(signature, words, nested):
    place = 1 if "group" in words else 0
    names = signature.alone + signature.placed + signature.named

    def bind(given):
        params = given[place]
        values = {}
        for name in names:
            if name in words:
                values[name] = given[words.index(name)]
            elif isinstance(params, Params) and name in params:
                values[name] = params[name]
            elif isinstance(params, Params) and name in nested and hasattr(params, name):
                values[name] = getattr(params, name)
            elif name not in signature.optional:
                raise absent(signature, name, params, words)
        args = [values.pop(name) for name in signature.alone if name in values]
        if signature.rest:
            values.update((name, value) for name, value in params.items() if name not in names)
        return args, values

    return bind


def absent(signature, name, params, words):
    text = "%s takes %s, which this parameter set does not have%s; give it a default: %s=None"
    return TypeError(text % (signature.shown, name, suggestion(name, [*params, *words]).rstrip("?"), name))
