# Plain data to bytes: the very same bytes that engine/value.ts writes for the same value. Integral numbers are integers
# wherever they came from; typed arrays of numpy and of `array` are extensions (see _scanmake_arrays).
# Written for speed: where a value is in a result is only looked for once it is known to be refused (_scanmake_refuse).
import struct
from array import array
from math import copysign, isnan

from _scanmake_arrays import Refused, of_array, plain_of

MOST_BYTES = 2**31 - 1
SAFE = 2**53
UTF16 = 16
NULL, FALSE, TRUE = b"\xc0", b"\xc2", b"\xc3"
NAN = b"\xcb\x7f\xf8\0\0\0\0\0\0"

float_bytes = struct.Struct(">Bd").pack
u8 = struct.Struct(">BB").pack
u16 = struct.Struct(">BH").pack
u32 = struct.Struct(">BI").pack
i8 = struct.Struct(">Bb").pack
i16 = struct.Struct(">Bh").pack
i32 = struct.Struct(">Bi").pack


def int_bytes(value):
    if value >= 0:
        if value < 0x80:
            return bytes((value,))
        if value < 0x100000000:
            return sized(value, 0xCC)
    elif value >= -0x20:
        return bytes((value + 0x100,))
    elif value >= -0x80:
        return i8(0xD0, value)
    elif value >= -0x8000:
        return i16(0xD1, value)
    elif value >= -0x80000000:
        return i32(0xD2, value)
    if -SAFE <= value <= SAFE:
        return float_bytes(0xCB, value)
    raise Refused


def sized(count, mark):
    if count < 0x100:
        return u8(mark, count)
    return u16(mark + 1, count) if count < 0x10000 else u32(mark + 2, count)


SMALL = {value: int_bytes(value) for value in range(-1024, 4096)}


def write_int(value, out):
    out.append(SMALL.get(value) or int_bytes(value))


def write_float(value, out):
    if value.is_integer():
        # beyond 32 bits, and for the zero that is negative, the float is the form of the number
        if -0x80000000 <= value < 0x100000000 and (value or copysign(1, value) > 0):
            value = int(value)
            out.append(SMALL.get(value) or int_bytes(value))
            return
    elif value != value:
        out.append(NAN)
        return
    out.append(float_bytes(0xCB, value))


def write_bool(value, out):
    out.append(TRUE if value else FALSE)


def write_none(_value, out):
    out.append(NULL)


def string_bytes(text):
    try:
        body = text.encode()
    except UnicodeEncodeError:
        halves = text.encode("utf-16-le", "surrogatepass")
        try:
            body = halves.decode("utf-16-le").encode()
        except UnicodeDecodeError:
            return b"%b\x10%b" % (sized(len(halves), 0xC7), halves)
    count = len(body)
    head = bytes((0xA0 | count,)) if count < 32 else sized(count, 0xD9)
    return head + body


# Text that no result may contain: folders of the task.
forbidden = ()


def write_string(text, out):
    for folder in forbidden:
        if folder in text:
            raise Refused
    out.append(string_bytes(text))


# Names recur in every result: what they are written as. Those that JavaScript would put first are not among them.
names = {}


def name_bytes(name):
    if type(name) is not str:
        if not isinstance(name, str):
            raise Refused
        name = str.__str__(name)
    written = string_bytes(name)
    for folder in forbidden:
        if folder in name:
            raise Refused
    if len(name) <= 40 and "/" not in name and not is_index(name):
        if len(names) > 10000:
            names.clear()
        names[name] = written
    return written


def is_index(name):
    """Whether JavaScript takes a name for a place in a list: such names come first in its objects, smallest first."""
    if not (name.isdigit() and name.isascii() and len(name) <= 10):
        return False
    return int(name) < 2**32 - 1 and (name == "0" or name[0] != "0")


def in_order(value):
    """The items of a dict in the order that a JavaScript object has them."""
    indexes = [name for name in value if is_index(name)]
    if not indexes:
        return value.items()
    first = sorted(indexes, key=int)
    known = set(indexes)
    return [(name, value[name]) for name in first] + [item for item in value.items() if item[0] not in known]


def write_dict(value, out):
    count = len(value)
    out.append(bytes((0x80 | count,)) if count < 16 else counted(count, 0xDE))
    start = len(out)
    known = names.get
    for name, part in value.items():
        written = known(name)
        if written is None:
            written = name_bytes(name)
            if is_index(name):
                del out[start:]
                for name, part in in_order(value):
                    out.append(name_bytes(name))
                    write(part, out)
                return
        out.append(written)
        kind = type(part)
        if kind is float and not part.is_integer() and part == part:
            out.append(float_bytes(0xCB, part))
        else:
            (writers.get(kind) or write_other)(part, out)


def counted(count, mark):
    return u16(mark, count) if count < 0x10000 else u32(mark + 1, count)


def write_list(value, out):
    count = len(value)
    out.append(bytes((0x90 | count,)) if count < 16 else counted(count, 0xDC))
    if count >= 16 and type(value[0]) is float and write_floats(value, out):
        return
    known = writers.get
    for part in value:
        (known(type(part)) or write_other)(part, out)


def write_floats(value, out):
    """Writes a list of floats none of which is integral or NaN, column by column; otherwise nothing."""
    if set(map(type, value)) != {float} or any(map(float.is_integer, value)) or any(map(isnan, value)):
        return False
    numbers = array("d", value)
    numbers.byteswap()
    raw = numbers.tobytes()
    body = bytearray(9 * len(value))
    body[0::9] = b"\xcb" * len(value)
    for place in range(8):
        body[place + 1 :: 9] = raw[place::8]
    out.append(body)
    return True


def write_bytes(value, out):
    write_extension(2, b"", memoryview(value), out)


def write_array(value, out):
    write_extension(*of_array(value), out)


def write_extension(kind, head, content, out):
    """`head`: bytes in front of the content. Large contents are not copied."""
    count = len(head) + content.nbytes
    if count > MOST_BYTES:
        raise Refused
    out.append(sized(count, 0xC7) + bytes((kind,)) + head)
    out.append(content)


def write_other(value, out):
    """What is of no type that is known by itself: subclasses, numpy, or nothing that can be kept."""
    # not by its own word: a proxy may say that it is anything
    kind = type(value)
    for base in (bool, int, float, str, dict, list, tuple, bytes, bytearray, array):
        if issubclass(kind, base):
            if base is dict:
                value = dict(dict.items(value))
            elif base in (list, tuple):
                value = list(base.__iter__(value))
            elif base is int:
                value = int.__index__(value)
            elif base is float:
                value = float.__float__(value)
            elif base is str:
                value = str.__str__(value)
            write(value, out)
            return
    found = plain_of(value)
    if found is None:
        raise Refused
    if type(found) is tuple:
        write_extension(*found, out)
    else:
        write(found, out)


writers = {
    int: write_int,
    float: write_float,
    bool: write_bool,
    type(None): write_none,
    str: write_string,
    dict: write_dict,
    list: write_list,
    tuple: write_list,
    bytes: write_bytes,
    bytearray: write_bytes,
    array: write_array,
}


def write(value, out):
    (writers.get(type(value)) or write_other)(value, out)


def encode(value, folders=()):
    """The pieces of the encoded value, in order: bytes and views of memory that must not change until they are used."""
    global forbidden
    forbidden = folders
    out = []
    write(value, out)
    return out
