"""Content encodings that are wrong, corrupt or unknown."""

import gzip
import zlib

from bluejay_results import ConnectionFailedError, ContractViolationError

from .._http import JSON, SETTLED, gzipped, response
from .._row import RECOVERED, Ends, Row, fails
from .._scripts import answers

_FAILS = fails(ConnectionFailedError, passes=True)
_BROKEN = fails(ContractViolationError, 200)
_GZIP = gzip.compress(SETTLED)
_CHANGED = _GZIP[:200] + bytes([_GZIP[200] ^ 255]) + _GZIP[201:]
_UTF_16 = response(SETTLED.decode().encode("utf-16"), media_type=f"{JSON}; charset=utf-16")


def _encoded(name: str, body: bytes, encoding: str, ends: Ends) -> Row:
    return Row(name, answers(response(body, f"Content-Encoding: {encoding}")), ends)


ENCODING = (
    Row("gzip, to compare", answers(gzipped(SETTLED)), RECOVERED),
    _encoded("deflate, which was not requested", zlib.compress(SETTLED), "deflate", _FAILS),
    _encoded("gzip declared, but not applied", SETTLED, "gzip", _FAILS),
    Row("gzip applied, but not declared", answers(response(_GZIP)), _BROKEN),
    _encoded("gzip with a byte changed", _CHANGED, "gzip", _FAILS),
    _encoded("gzip with a wrong checksum", _GZIP[:-8] + bytes(4) + _GZIP[-4:], "gzip", _FAILS),
    _encoded("gzip cut in half", _GZIP[: len(_GZIP) // 2], "gzip", _FAILS),
    _encoded("gzip without its end", _GZIP[:-8], "gzip", _FAILS),
    _encoded(
        "gzip in two members", gzip.compress(SETTLED[:99]) + gzip.compress(SETTLED[99:]), "gzip", _FAILS
    ),
    _encoded("gzip applied twice, declared twice", gzip.compress(_GZIP), "gzip, gzip", _FAILS),
    _encoded("gzip applied twice, declared once", gzip.compress(_GZIP), "gzip", _BROKEN),
    _encoded("an unknown encoding", SETTLED, "rot13", _FAILS),
    _encoded("brotli, which was not requested", b"\x8b\x03\x80" + SETTLED, "br", _FAILS),
    _encoded("gzip of nothing", gzip.compress(b""), "gzip", _BROKEN),
    Row("a body in UTF-16, declared as such", answers(_UTF_16), _BROKEN),
    Row("an unknown charset", answers(response(media_type=f"{JSON}; charset=nonsense")), RECOVERED),
)
