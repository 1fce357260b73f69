# Which callables of the standard library and of packages leave the world as it is: a table. Pure ones change nothing,
# callers may change what they are given (or call it); everything else counts as changing what cannot be seen. When in
# doubt: not here.
import builtins

BUILTINS = frozenset(dir(builtins))

_PURE_BUILTINS = frozenset(
    """abs all any ascii bin bool bytearray bytes callable chr classmethod complex dict divmod enumerate float format
    frozenset hash hex id int isinstance issubclass len list memoryview object oct ord pow print property range
    repr reversed round set slice staticmethod str sum super tuple type zip Ellipsis NotImplemented True False
    None hasattr getattr min max sorted __debug__""".split()
)
# They can use up what they are given, or call it.
_CONSUMERS = frozenset(
    """all any bytearray bytes dict enumerate frozenset list max min set sorted sum tuple zip hasattr getattr
    math.fsum math.prod collections.deque collections.Counter collections.OrderedDict numpy.fromiter
    itertools.islice""".split()
)
_WORLD_BUILTINS = frozenset(
    "exec eval compile globals locals vars __import__ open input breakpoint help exit quit __build_class__".split()
)

_PURE_MODULES = frozenset(
    """math cmath itertools functools typing typing_extensions collections collections.abc dataclasses enum
    fractions decimal string re struct abc numbers types copy bisect numpy numpy.linalg numpy.fft
    numpy.polynomial numpy.typing numpy.dtypes numpy.polynomial.polynomial numpy.matlib numpy.char scipy
    scipy.special scipy.constants scipy.sparse scipy.linalg scipy.fft scipy.interpolate scipy.spatial
    scipy.signal scipy.stats scipy.ndimage scipy.sparse.linalg posixpath os.path textwrap pprint numba array
    datetime zoneinfo base64 hashlib binascii sys.version_info time.perf_counter""".split()
)
_PURE = frozenset(
    """os.getenv os.environ.get os.sep os.linesep os.name os.getcwd os.fspath os.cpu_count os.listdir os.stat
    os.pathsep os.environ.items pathlib.Path pathlib.PurePath pathlib.Path.cwd pathlib.Path.home
    pathlib.PosixPath logging.getLogger logging.DEBUG logging.INFO logging.WARNING logging.ERROR
    numpy.random.default_rng numpy.random.Generator numpy.random.RandomState numpy.random.SeedSequence
    numpy.random.PCG64 numpy.random.MT19937 numpy.random.Philox random.Random sys.version sys.version_info
    sys.platform sys.maxsize sys.float_info sys.argv sys.executable sys.byteorder sys.float_info.epsilon
    sys.float_info.max sys.float_info.min time.time time.perf_counter time.monotonic warnings.WarningMessage
    contextlib.contextmanager contextlib.nullcontext contextlib.suppress platform.system platform.machine
    argparse.ArgumentParser uuid.UUID threading.Lock threading.RLock threading.local pickle.load pickle.loads
    glob.glob io.StringIO io.BytesIO csv.reader csv.DictReader attr.s attr.ib attrs.define
    attrs.field attr.attrs attr.attrib pandas.DataFrame pandas.Series pandas.read_csv pandas.read_json
    pandas.read_table pandas.Index pandas.Timestamp numpy.errstate numpy.printoptions importlib.import_module
    importlib.resources.files concurrent.futures.Future""".split()
)
_CALLERS = frozenset(
    """functools.reduce functools.update_wrapper functools.cmp_to_key itertools.starmap itertools.takewhile
    itertools.dropwhile itertools.filterfalse itertools.accumulate itertools.groupby operator.methodcaller
    operator.setitem operator.delitem operator.call operator.attrgetter copy.copy copy.deepcopy copy.replace
    dataclasses.replace re.sub re.subn json.dump json.load bisect.insort bisect.insort_left bisect.insort_right
    numpy.apply_along_axis numpy.apply_over_axes numpy.fromfunction numpy.piecewise numpy.put numpy.place
    numpy.copyto numpy.put_along_axis numpy.putmask numpy.fill_diagonal numpy.resize types.prepare_class
    types.new_class struct.pack_into types.FunctionType types.MethodType types.ModuleType statistics.mean
    statistics.median""".split()
)
_NOT_PURE = frozenset(
    """numpy.random numpy.memmap numpy.geterrcall numpy.setbufsize decimal.getcontext decimal.setcontext
    decimal.localcontext re.purge datetime.datetime.today numpy.DataSource numpy.nditer numpy.ctypeslib
    numpy.lib numpy.testing numpy.f2py numpy.distutils types.CodeType abc.update_abstractmethods abc.ABCMeta
    functools.register scipy.random scipy.test numba.config scipy.fft.set_workers json.decoder json.encoder
    json.scanner re.template hashlib.file_digest""".split()
)
_WORLD_WORDS = tuple("set save register add_newdoc from_dlpack tofile to_ use seed init show test".split())
# They draw from the generator that all share.
_DRAWING = ("rvs", "random", "random_array", "random_state")
# Their callables may call or change what they are given.
_CALLING = ("scipy.optimize.", "scipy.integrate.", "operator.", "heapq.", "json.", "statistics.")
# Methods that only look at what a pure call gave: paths.
QUIET_METHODS = frozenset(
    "resolve absolute joinpath with_suffix with_name exists is_file is_dir read_text read_bytes glob rglob".split()
)

# Functions of numpy that take one array, and a second one to write to.
_UNARY = frozenset(
    """abs absolute arccos arccosh arcsin arcsinh arctan arctanh cbrt ceil conj conjugate cos cosh deg2rad degrees exp
    exp2 expm1 fabs floor invert isfinite isinf isnan log log10 log1p log2 logical_not negative positive rad2deg
    radians reciprocal rint sign signbit sin sinh spacing sqrt square tan tanh trunc""".split()
)


def is_unary(dotted):
    """Whether the second argument of `numpy.exp` is written to."""
    return dotted[len("numpy.") :] in _UNARY


def purity_of(dotted):
    """pure, caller or world: what calling `numpy.exp` may do."""
    if dotted in _CALLERS:
        return "caller"
    if dotted in _PURE:
        return "pure"
    above, _, last = dotted.rpartition(".")
    parts = dotted.split(".")
    for size in range(1, len(parts) + 1):
        if ".".join(parts[:size]) in _NOT_PURE:
            return "world"
    if last in _DRAWING or (last.startswith(_WORLD_WORDS) and last not in ("setdiff1d", "setxor1d")):
        return "world"
    if above in _PURE_MODULES:
        return "caller" if above.startswith("scipy") else "pure"
    if dotted.startswith(_CALLING):
        return "caller"
    upper = above.rpartition(".")[0]
    if upper in _PURE_MODULES and above not in _NOT_PURE:
        return "caller"
    return "world"


def builtin_purity(name):
    """The same for builtins."""
    if name in _PURE_BUILTINS:
        return "pure"
    if name in _WORLD_BUILTINS:
        return "world"
    return "pure" if name[:1].isupper() else "caller"


def consumes(dotted):
    """Whether a pure callable may use up an iterator that it is given."""
    return dotted in _CONSUMERS or dotted.startswith("itertools.")
