# Bytes to plain data: the other direction of _scanmake_encode. Numbers that are integral come as int up to 2**53,
# whoever wrote them; typed arrays as _scanmake_arrays makes them. Trusts its bytes.
import struct

from _scanmake_arrays import read_array

SAFE = 2**53
UTF16 = 16

read_float = struct.Struct(">d").unpack_from
# By mark: how a number, or a count behind it, is read.
WIDTHS = {
    0xCD: struct.Struct(">H"),
    0xCE: struct.Struct(">I"),
    0xD0: struct.Struct(">b"),
    0xD1: struct.Struct(">h"),
    0xD2: struct.Struct(">i"),
}
COUNTS = {
    0xC7: struct.Struct(">B"),
    0xC8: struct.Struct(">H"),
    0xC9: struct.Struct(">I"),
    0xD9: struct.Struct(">B"),
    0xDA: struct.Struct(">H"),
    0xDB: struct.Struct(">I"),
    0xDC: struct.Struct(">H"),
    0xDD: struct.Struct(">I"),
    0xDE: struct.Struct(">H"),
    0xDF: struct.Struct(">I"),
}


def decode(content):
    """The value that these bytes (a memoryview) stand for."""
    value, end = read(content, 0)
    if end != len(content):
        raise ValueError("these bytes are no encoded value")
    return value


def read(content, at):
    mark = content[at]
    at += 1
    if mark < 0x80:
        return mark, at
    if mark == 0xCB:
        number = read_float(content, at)[0]
        if number.is_integer() and -SAFE <= number <= SAFE and (number or str(number) == "0.0"):
            return int(number), at + 8
        return number, at + 8
    if mark < 0x90:
        return read_dict(content, at, mark & 0x0F)
    if mark < 0xA0:
        return read_list(content, at, mark & 0x0F)
    if mark < 0xC0:
        end = at + (mark & 0x1F)
        return str(content[at:end], "utf-8"), end
    if mark >= 0xE0:
        return mark - 0x100, at
    if mark <= 0xC3:
        return (None, None, False, True)[mark - 0xC0], at
    if mark == 0xCC:
        return content[at], at + 1
    width = WIDTHS.get(mark)
    if width is not None:
        return width.unpack_from(content, at)[0], at + width.size
    width = COUNTS[mark]
    return read_counted(content, at + width.size, mark, width.unpack_from(content, at)[0])


def read_counted(content, at, mark, count):
    if mark <= 0xC9:
        kind = content[at]
        at += 1
        end = at + count
        if kind == UTF16:
            return str(content[at:end], "utf-16-le", "surrogatepass"), end
        return read_array(kind, content[at:end]), end
    if mark <= 0xDB:
        return str(content[at : at + count], "utf-8"), at + count
    return read_list(content, at, count) if mark <= 0xDD else read_dict(content, at, count)


def read_list(content, at, count):
    values = []
    for _ in range(count):
        value, at = read(content, at)
        values.append(value)
    return values, at


def read_dict(content, at, count):
    value = {}
    for _ in range(count):
        name, at = read(content, at)
        value[name], at = read(content, at)
    return value, at
