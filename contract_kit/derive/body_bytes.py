"""Makes mutants from a JSON body's bytes: other encodings and content types, and invalid JSON."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Callable, Iterator
from functools import partial

from attrs import evolve

from contract_kit.read.operations import Documented

from .exchange import Response
from .protocol import FaultInjection, has_an_end, of_types, with_type

_TYPES = {"problem": "application/problem+json", "octets": "application/octet-stream", "csv": "text/csv"}
_CHARSETS = ("latin-1", "utf-16", "utf-32")
_WARNING = b"<br />\n<b>Warning</b>:  Undefined array key in <b>index.php</b> on line <b>42</b><br />\n"
_UNKNOWN = "x-unknown"
"""An unregistered name that mutants use as a charset and as a content encoding."""


def injections_into_bytes(
    documented: Documented, non_ascii: Callable[[], bytes | None]
) -> Iterator[FaultInjection]:
    """Yield each way to break the bytes of a valid JSON body.

    `non_ascii` returns a valid body with non-ASCII text, or None if there is no such body.
    """
    yield from of_types(documented, _TYPES)
    for charset in _CHARSETS:
        encoded = partial(_encoded, charset=charset, non_ascii=non_ascii)
        yield FaultInjection(
            "charset", encoded, f"is encoded in {charset}, as its Content-Type declares", charset
        )
    for charset in (*_CHARSETS, _UNKNOWN):
        claimed, breaks = (
            partial(_claimed, charset=charset),
            f"is encoded in UTF-8, but its Content-Type declares {charset}",
        )
        yield FaultInjection("charset-claimed", claimed, breaks, charset)
    claimed = partial(_claimed, charset="utf-8")
    yield FaultInjection("charset-utf-8", claimed, "has a Content-Type that declares UTF-8", is_legal=True)
    for name, (change, breaks) in _BODIES.items():
        yield FaultInjection(name, partial(_changed, change=change), breaks)
    for name, (coding, change, breaks) in _CODINGS.items():
        yield FaultInjection(name, partial(_coded, coding=coding, change=change), breaks)


def _changed(valid: Response, change: Callable[[bytes], bytes]) -> Response:
    return evolve(valid, body=change(valid.body))


def _coded(valid: Response, coding: str, change: Callable[[bytes], bytes]) -> Response:
    return evolve(_changed(valid, change), headers={**valid.headers, "Content-Encoding": coding})


def _claimed(valid: Response, charset: str) -> Response:
    kind = valid.headers["Content-Type"].partition(";")[0]
    return with_type(valid, f"{kind}; charset={charset}")


def _encoded(valid: Response, charset: str, non_ascii: Callable[[], bytes | None]) -> Response:
    text = (non_ascii() or valid.body).decode()
    body = text.encode(charset, errors="replace")
    return evolve(_claimed(valid, charset), body=body) if body != text.encode() else valid


def _with_a_wrong_byte(body: bytes) -> bytes:
    start, quote, end = body.rpartition(b'"')
    return start + b"\xff" + quote + end


def _without_end(body: bytes) -> bytes:
    return body[:-1] if has_an_end(body) else body


def _twice(body: bytes) -> bytes:
    return body + body if has_an_end(body) else body


def _with_a_comma(body: bytes) -> bytes:
    return body[:-1] + b"," + body[-1:] if body.endswith((b"}", b"]")) else body + b","


def _with_a_number(body: bytes, value: float) -> bytes:
    """Replace the first number in a JSON document; return the document unchanged if it has no number."""
    values = iter([value])
    integer, number = (lambda text, read=each: next(values, read(text)) for each in (int, float))
    document = json.loads(body, parse_int=integer, parse_float=number)
    return body if next(values, None) else json.dumps(document, ensure_ascii=False).encode()


def _with_a_key_twice(body: bytes) -> bytes:
    document = json.loads(body)
    if not isinstance(document, dict) or not document:
        return body
    last = dict([document.popitem()])
    return body[:-1] + b", " + json.dumps(last, ensure_ascii=False).encode()[1:]


def _compressed(body: bytes) -> bytes:
    # The gzip module's header differs between Python versions.
    return zlib.compress(body, level=9, wbits=31)


_BODIES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "blank": (lambda _: b" \n", "has a body that is only whitespace"),
    "without-end": (_without_end, "has a body whose last byte is missing"),
    "twice": (_twice, "contains its document twice"),
    "text-before": (lambda body: _WARNING + body, "has a PHP warning before its document"),
    "trailing-comma": (_with_a_comma, "has a trailing comma"),
    "trailing-text": (lambda body: body + b"ok", "has text after its document"),
    "byte-order-mark": (lambda body: b"\xef\xbb\xbf" + body, "begins with a byte order mark"),
    "no-utf-8": (_with_a_wrong_byte, "has a byte that is not valid UTF-8"),
    "nan": (partial(_with_a_number, value=math.nan), "has the number NaN"),
    "infinity": (partial(_with_a_number, value=-math.inf), "has the number -Infinity"),
    "single-quotes": (lambda body: body.replace(b'"', b"'"), "has its strings in single quotes"),
    "comment": (lambda body: b"/* v2 */" + body, "has a comment"),
    "gzip-unannounced": (_compressed, "is compressed, but has no Content-Encoding header"),
    "key-twice": (_with_a_key_twice, "has an object with a duplicate key"),
}
"""Each fault injection's name, the function that changes the body, and what is wrong with the result."""

_CODINGS: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "gzip-truncated": (
        "gzip",
        lambda body: _compressed(body)[: len(_compressed(body)) // 2],
        "is compressed and truncated",
    ),
    "gzip-without-checksum": (
        "gzip",
        lambda body: _compressed(body)[:-8],
        "is compressed, but has no checksum",
    ),
    "encoding-unknown": (_UNKNOWN, lambda body: body, f"has content encoding {_UNKNOWN}"),
}
"""Like `_BODIES`, but each value begins with the `Content-Encoding` to send."""
