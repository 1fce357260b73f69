# One run of a function of the project, and whether it changes nothing. Reads what runs, not the bodies of functions
# that are only defined and given back. What is not known to change nothing is not quiet. Knows nothing of who calls it.
import _ast

from _scanmake_lookup import chain
from _scanmake_scopes import FUNCTIONS, arguments_of

# They make something new, and neither call nor change what they are given.
_MAKERS = frozenset(
    """functools.partial functools.lru_cache functools.cache contextlib.contextmanager numba.njit numba.jit
    numba.vectorize numba.guvectorize""".split()
)
_ASKERS = frozenset(
    """callable id inspect.iscoroutinefunction inspect.isgeneratorfunction inspect.isfunction
    asyncio.iscoroutinefunction time.time time.perf_counter time.monotonic threading.Lock threading.RLock
    threading.local""".split()
)
_FACTORIES = _MAKERS - frozenset(["functools.partial", "functools.cache", "contextlib.contextmanager"])
# Only where they are given nothing.
_EMPTY = frozenset("dict list set collections.deque collections.Counter collections.OrderedDict".split())
# They run methods of what they are given.
_LOOKERS = frozenset("isinstance issubclass str repr len bool getattr hasattr print inspect.signature".split())
_OWN = frozenset("__name__ __qualname__ __doc__ __module__ __wrapped__ __signature__".split())
_OPERATORS = (_ast.BinOp, _ast.BoolOp, _ast.UnaryOp, _ast.Compare, _ast.JoinedStr, _ast.FormattedValue)
_ENDS = (_ast.Return, _ast.Raise)


class Frame:
    """One run of a function: `fresh` is the parameter that holds a new function, `facts` which are None or are not."""

    def __init__(self, quiet, module, node, body, bound, outer, fresh, facts):
        self.quiet = quiet
        self.module = module
        self.outer = outer
        self.names = dict(bound.names)
        names = [argument.arg for argument in arguments_of(node.args)]
        self.facts = {name: fact for name, fact in facts.items() if name not in self.names}
        self.fresh = fresh if fresh not in self.names else ""
        self.statements = []
        self.tests = []
        self.flatten(body)
        self.functions = {}
        for item in self.statements:
            if item.__class__ in FUNCTIONS:
                self.functions.setdefault(item.name, []).append(item)
        for name in list(self.functions):
            if len(self.functions[name]) != len(self.names[name]) or name in names:
                del self.functions[name]
        for name in names:
            self.names.setdefault(name, [None])

    def flatten(self, statements):
        """The statements that may run, those of branches among them; whether what comes after does not."""
        for item in statements:
            if item.__class__ is _ast.If:
                fact = self.truth(item.test)
                self.tests.append(item.test)
                branches = [(item.body, False), (item.orelse, True)]
                if all([self.flatten(branch) for branch, no in branches if fact is not no]):
                    return True
                continue
            self.statements.append(item)
            if item.__class__ in _ENDS:
                return True
        return False

    def truth(self, test):
        """`f is None`, where it is known; None where it is not."""
        if test.__class__ is not _ast.Compare or len(test.ops) != 1 or test.left.__class__ is not _ast.Name:
            return None
        other = test.comparators[0]
        fact = self.facts.get(test.left.id)
        if fact is None or other.__class__ is not _ast.Constant or other.value is not None:
            return None
        kind = test.ops[0].__class__
        return fact if kind is _ast.Is else not fact if kind is _ast.IsNot else None

    def is_quiet(self):
        isAsking = "operator" in self.quiet.hooked and any(test.__class__ is not _ast.Compare for test in self.tests)
        return not isAsking and all(map(self.value, self.tests)) and all(map(self.statement, self.statements))

    def gives_quiet(self, isFresh):
        """Whether what is returned is a function that changes nothing but what it is given."""
        values = [item.value for item in self.statements if item.__class__ is _ast.Return]
        return bool(values) and all(self.is_quiet_function(value, isFresh) for value in values)

    def is_quiet_function(self, node, isFresh):
        kind = node.__class__
        if kind is _ast.IfExp:
            fact = self.truth(node.test)
            branches = [(node.body, False), (node.orelse, True)]
            return all(self.is_quiet_function(branch, isFresh) for branch, no in branches if fact is not no)
        functions = [node] if kind is _ast.Lambda else self.functions.get(getattr(node, "id", None), ())
        if functions:
            isPlain = all(not getattr(item, "decorator_list", ()) for item in functions)
            runs = self.quiet.runs
            return isPlain and all(
                runs(self.module, item, self, first_of(item) if isFresh else "") for item in functions
            )
        if kind is _ast.Call and self.meant(node.func) == {"functools.partial"} and node.args:
            return not self.is_local(node.args[0]) and self.quiet.calls(self.module, node.args[0], ())
        return False

    def statement(self, node):
        kind = node.__class__
        if kind in (_ast.Pass, _ast.Return):
            return getattr(node, "value", None) is None or self.value(node.value)
        if kind is _ast.Expr:
            return self.value(node.value)
        if kind is _ast.Raise:
            return all(item is None or self.value(item) for item in (node.exc, node.cause))
        if kind in FUNCTIONS:
            return self.defined(node)
        if kind is _ast.Assign:
            return self.value(node.value) and all(self.target(item) for item in node.targets)
        return False

    def target(self, node):
        """A local, or an attribute of a function that was made here."""
        if node.__class__ is _ast.Name:
            return True
        if node.__class__ is not _ast.Attribute or node.value.__class__ is not _ast.Name:
            return False
        isOwn = node.attr in _OWN or node.attr[:2] != "__"
        return isOwn and (node.value.id == self.fresh or self.is_new(node.value))

    def is_new(self, node):
        return node.__class__ is _ast.Lambda or (node.__class__ is _ast.Name and node.id in self.functions)

    def defined(self, node):
        isMade = all(self.is_wrapping(item) or self.makes(item) for item in node.decorator_list)
        return isMade and self.signature(node.args) and (node.returns is None or self.value(node.returns))

    def signature(self, arguments):
        values = arguments.defaults + [item for item in arguments.kw_defaults if item is not None]
        values += [item.annotation for item in arguments_of(arguments) if item.annotation is not None]
        return all(self.value(item) for item in values)

    def is_wrapping(self, node):
        """`functools.wraps(f)`, which writes into what it is applied to."""
        isCall = node.__class__ is _ast.Call and len(node.args) == 1 and not node.keywords
        isWraps = isCall and self.meant(node.func) == {"functools.wraps"}
        return isWraps and node.args[0].__class__ is _ast.Name and self.reads(node.args)

    def reads(self, nodes):
        """Whether reading attributes of some values changes nothing."""
        if "attribute" not in self.quiet.hooked:
            return True
        return all(self.is_new(node) or (self.fresh and getattr(node, "id", None) == self.fresh) for node in nodes)

    def makes(self, node):
        """`functools.lru_cache`, `functools.lru_cache(maxsize=None)`: applied to a function, they make a new one."""
        if node.__class__ is not _ast.Call:
            return bool(self.meant(node) & _MAKERS)
        isSetting = all(item.__class__ is _ast.Constant for item in node.args) and self.value(node)
        return isSetting and bool(self.meant(node.func) & _FACTORIES)

    def is_local(self, node):
        found = chain(node)
        frame = self
        while frame is not None and found is not None:
            if found[0].id in frame.names:
                return True
            frame = frame.outer
        return found is None

    def meant(self, func):
        """The dotted names of what is no code of the project; none where it may be any."""
        if self.is_local(func):
            return set()
        found = chain(func)
        targets = self.quiet.names.resolve(self.module, found[0].id, found[1])
        if any(kind not in ("builtin", "stdlib", "installed", "missing") for kind, *_ in targets):
            return set()
        names = {".".join((name, *left)) for _, _, name, left in targets}
        return names if len(names) == 1 else set()

    def value(self, node):
        """Whether an expression changes nothing."""
        kind = node.__class__
        hooked = self.quiet.hooked
        if kind in (_ast.Name, _ast.Constant):
            return True
        if kind is _ast.Attribute:
            return self.attribute(node) and self.value(node.value)
        if kind is _ast.Subscript:
            index = getattr(node.slice, "value", node.slice) if node.slice.__class__.__name__ == "Index" else node.slice
            return "item" not in hooked and self.value(node.value) and self.value(index)
        if kind in _OPERATORS or kind is _ast.IfExp:
            return self.operator(node)
        if kind in (_ast.Tuple, _ast.List):
            return all(self.value(item) for item in node.elts)
        if kind is _ast.Dict:
            return all(key.__class__ is _ast.Constant for key in node.keys) and all(map(self.value, node.values))
        if kind is _ast.Lambda:
            return self.signature(node.args)
        return kind is _ast.Call and self.call(node)

    def attribute(self, node):
        """A module may have `__getattr__`."""
        if self.is_local(node):
            return self.reads([node.value])
        found = chain(node)
        targets = self.quiet.names.resolve(self.module, found[0].id, found[1])
        isQuiet = "attribute" not in self.quiet.hooked or bool(self.meant(node))
        return isQuiet and all(target[0] not in ("raw", "star") for target in targets)

    def operator(self, node):
        kind = node.__class__
        parts = [getattr(node, field) for field in node._fields]
        parts = [item for part in parts for item in (part if isinstance(part, list) else [part])]
        parts = [item for item in parts if isinstance(item, _ast.expr)]
        isSame = kind is _ast.Compare and all(item.__class__ in (_ast.Is, _ast.IsNot) for item in node.ops)
        if kind is _ast.Compare and any(item.__class__ in (_ast.In, _ast.NotIn) for item in node.ops):
            return False
        return (isSame or "operator" not in self.quiet.hooked) and all(self.value(item) for item in parts)

    def call(self, node):
        arguments = [*node.args, *[item.value for item in node.keywords]]
        if any(item.arg is None for item in node.keywords) or not all(self.value(item) for item in arguments):
            return False
        func = node.func
        if func.__class__ is _ast.Call:
            if self.is_wrapping(func):
                return len(arguments) == 1 and self.is_new(arguments[0])
            return self.makes(func) and self.reads(arguments)
        if func.__class__ is _ast.Name and func.id in self.functions:
            isPlain = all(not item.decorator_list for item in self.functions[func.id])
            return isPlain and all(self.quiet.runs(self.module, item, self) for item in self.functions[func.id])
        if self.is_local(func):
            return False
        meant = self.meant(func)
        if not meant:
            return self.quiet.calls(self.module, func, ())
        name = meant.pop()
        if name in _LOOKERS:
            return not self.quiet.hooked and not node.keywords
        if name == "functools.update_wrapper":
            return len(node.args) == 2 and not node.keywords and self.is_new(node.args[0]) and self.reads(arguments)
        if name in _MAKERS or name in _ASKERS:
            return name == "functools.partial" or self.reads(node.args)
        isError = name[:1].isupper() and name.endswith(("Error", "Exception", "Warning"))
        return isError or (name in _EMPTY and not arguments)


def first_of(node):
    """The name of the first parameter."""
    arguments = getattr(node.args, "posonlyargs", []) + node.args.args
    return arguments[0].arg if arguments else ""
