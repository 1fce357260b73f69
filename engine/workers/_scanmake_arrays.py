# Arrays of numbers: what engine/decode.ts calls typed arrays (extensions 1 to 12), and those with a shape or another
# type of element (extension 17: the number of their type, how many dimensions, their sizes as u32, the elements in C
# order). Numpy is looked for, never imported, to look at a value: whoever made an array has it.
import struct
import sys
from array import array
from itertools import repeat
from math import isnan, nan

SHAPED = 17
SAFE = 2**53

# By the number of the type: its name in numpy, its code for `array` (None: it has none), the bytes of an element.
KINDS = {
    1: ("int8", "b", 1),
    2: ("uint8", "B", 1),
    3: ("uint8", "B", 1),
    4: ("int16", "h", 2),
    5: ("uint16", "H", 2),
    6: ("int32", "i", 4),
    7: ("uint32", "I", 4),
    8: ("float32", "f", 4),
    9: ("float64", "d", 8),
    10: ("int64", "q", 8),
    11: ("uint64", "Q", 8),
    12: ("float16", None, 2),
    13: ("bool", None, 1),
}
KIND_OF_NAME = {name: kind for kind, (name, _, _) in KINDS.items() if kind != 3}
# Those that are an extension of their own where they have one dimension.
LISTED = frozenset((1, 2, 4, 5, 6, 7, 8, 9))
WIDE = frozenset((10, 11))
FLOATS = frozenset((8, 9, 12))


class Refused(Exception):
    """Something in a value is no plain data; the place is found by walking the value again."""


def numpy():
    """Numpy, where somebody has imported it."""
    found = sys.modules.get("numpy")
    return found if hasattr(found, "ndarray") else None


def plain_of(value):
    """A number, or an extension as (kind, head, content), of what numpy made; None: it is nothing of that."""
    np = numpy()
    if np is None:
        return None
    if isinstance(value, np.generic):
        return number_of(np, value)
    if not is_plain_array(np, value):
        return None
    if value.ndim == 0:
        return number_of(np, value[()])
    kind = KIND_OF_NAME[value.dtype.name]
    if kind in WIDE and first_beyond(np, value) is not None:
        raise Refused
    value = np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("<"))
    if kind in FLOATS:
        value = with_one_nan(np, value)
    content = memoryview(value.reshape(-1).view(np.uint8))
    return extension(kind, value.shape, content)


def is_plain_array(np, value):
    """Whether it is an array that says all by its numbers: not masked, no units."""
    return has_plain_type(np, value) and value.dtype.name in KIND_OF_NAME


def has_plain_type(np, value):
    return type(value) in (np.ndarray, np.memmap, getattr(np, "matrix", None))


def number_of(np, value):
    """A number that numpy made, as one of Python's; None: complex, a date or wider than a float."""
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, np.integer) and not isinstance(value, np.timedelta64):
        return int(value)
    if isinstance(value, np.floating) and value.dtype.itemsize <= 8:
        return float(value)
    return str(value) if isinstance(value, np.str_) else None


def first_beyond(np, value):
    """The place of the first integer that a number cannot hold; None: there is none."""
    if value.size == 0 or (value.max() <= SAFE and value.min() >= -SAFE):
        return None
    return np.unravel_index(int(np.argmax((value > SAFE) | (value < -SAFE))), value.shape)


def with_one_nan(np, value):
    """The array itself where it has no NaN; otherwise a copy all of whose NaNs have one pattern."""
    if value.size == 0:
        return value
    # the smallest of numbers one of which is NaN is NaN: found in an eighth of the time that a place for each takes
    with np.errstate(all="ignore"):
        if not np.isnan(value.min()):
            return value
    value = value.copy()
    value[np.isnan(value)] = nan
    return value


def of_array(value):
    """An extension as (kind, head, content) of an `array.array`."""
    code, size = value.typecode, value.itemsize
    name = ("float" if code in "fd" else "uint" if code.isupper() else "int") + str(8 * size)
    kind = KIND_OF_NAME.get(name)
    if kind is None or code in "uw":
        raise Refused
    if kind in WIDE and len(value) > 0 and (max(value) > SAFE or min(value) < -SAFE):
        raise Refused
    if kind in FLOATS and any(map(isnan, value)):
        value = array(code, [nan if isnan(number) else number for number in value])
    if sys.byteorder == "big":
        value = value[:]
        value.byteswap()
    return extension(kind, (len(value),), memoryview(value).cast("B"))


def extension(kind, shape, content):
    if kind in LISTED and len(shape) == 1:
        return (kind, b"", content)
    if len(shape) > 255 or any(size >= 2**32 for size in shape):
        raise Refused
    return (SHAPED, struct.pack("<BB%dI" % len(shape), kind, len(shape), *shape), content)


def read_array(kind, content):
    """The array that an extension is: numpy's, which may be written to, where it can be imported; otherwise lists."""
    shape = None
    if kind == SHAPED:
        kind, dimensions = content[0], content[1]
        shape = struct.unpack_from("<%dI" % dimensions, content, 2)
        content = content[2 + 4 * dimensions :]
    name, code, size = KINDS[kind]
    np = importable_numpy()
    if np is not None:
        numbers = np.frombuffer(content, dtype=np.dtype(name).newbyteorder("<")).astype(name)
        return numbers if shape is None else numbers.reshape(shape)
    return nested(list_of(name, code, size, content), shape)


def importable_numpy():
    try:
        import numpy as np
    except ImportError:
        return None
    return np if hasattr(np, "frombuffer") else None


def list_of(name, code, size, content):
    if code is None:
        numbers = struct.unpack("<%d%s" % (len(content) // size, "?" if name == "bool" else "e"), content)
        return list(numbers)
    numbers = array(code, bytes(content))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def nested(numbers, shape):
    if shape is None or len(shape) == 1:
        return numbers
    count = shape[0]
    size = len(numbers) // count if count else 0
    parts = (numbers[place * size : (place + 1) * size] for place in range(count))
    return list(map(nested, parts, repeat(shape[1:])))
