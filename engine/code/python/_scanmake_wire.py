# JSON and SHA-256 without what makes them slow to import: the json package brings re with it, hashlib brings OpenSSL.
# Knows nothing of what is read or written. Where an interpreter has not the fast parts, the usual modules do it.
try:
    from _sha2 import sha256
except ImportError:
    try:
        from _sha256 import sha256
    except ImportError:
        from hashlib import sha256

try:
    from _json import encode_basestring_ascii as _quoted, make_scanner as _make_scanner
except ImportError:
    _make_scanner = None


class _Plain:
    """What the scanner of JSON asks its decoder for."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float
    memo = {}


def read_json(text):
    """The value of a JSON text."""
    if _make_scanner is None:
        import json

        return json.loads(text)
    return _make_scanner(_Plain())(text.strip(), 0)[0]


def write_json(value):
    """The JSON text of plain data."""
    if _make_scanner is None:
        import json

        return json.dumps(value)
    out = []
    _write(value, out.append)
    return "".join(out)


def _write(value, put):
    if isinstance(value, str):
        put(_quoted(value))
    elif value is None or isinstance(value, bool):
        put({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, (int, float)):
        put(repr(value))
    elif isinstance(value, dict):
        put("{")
        for index, (key, item) in enumerate(value.items()):
            put((", " if index else "") + _quoted(key) + ": ")
            _write(item, put)
        put("}")
    else:
        put("[")
        for index, item in enumerate(value):
            if index:
                put(", ")
            _write(item, put)
        put("]")


def digest_bytes(data):
    """SHA-256 as hexadecimal."""
    return sha256(data).hexdigest()


def digest_text(text):
    """SHA-256 of a text; lone surrogates count as they are."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
