"""Mutants of a JSON body as bytes: its encoding, its content type, and text that JSON doesn't allow."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from functools import partial

from attrs import evolve

from .breaking import NEW_KEY
from .model import Response
from .operations import Documented
from .protocol import Disturbance, has_an_end, of_types, with_type

_TYPES = {
    "problem": "application/problem+json",
    "octets": "application/octet-stream",
    "csv": "text/csv",
}
_CHARSETS = ("latin-1", "utf-16", "utf-32")


def wire_disturbances(documented: Documented, non_ascii: Callable[[], bytes | None]) -> Iterator[Disturbance]:
    """Yield each way to disturb the bytes of a valid JSON body.

    Args:
        documented: The response.
        non_ascii: Returns another valid body, with text that is not ASCII, or None if no text is free.
    """
    yield from of_types(documented, _TYPES)
    for charset in _CHARSETS:
        name, encoded = f"charset-{charset}", partial(_encoded, charset=charset, non_ascii=non_ascii)
        yield Disturbance(name, encoded, f"is in {charset}, as its content type says")
        breaks = f"is in UTF-8, and its content type says {charset}"
        yield Disturbance(f"{name}-claimed", partial(_claimed, charset=charset), breaks, "charset-claimed")
    for name, (change, breaks) in _BODIES.items():
        yield Disturbance(name, partial(_changed, change=change), breaks)


def _changed(valid: Response, change: Callable[[bytes], bytes]) -> Response:
    return evolve(valid, body=change(valid.body))


def _claimed(valid: Response, charset: str) -> Response:
    return with_type(valid, f"application/json; charset={charset}")


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


def _with_more(body: bytes, value: bytes) -> bytes:
    """Return a document with a value more: the last in its object or its list, or else in its place."""
    first, inner, last = body[:1], body[1:-1], body[-1:]
    if first not in (b"{", b"["):
        return value
    more = f'"{NEW_KEY}": '.encode() + value if first == b"{" else value
    return first + b", ".join(filter(None, [inner, more])) + last


def _with_a_key_twice(body: bytes) -> bytes:
    document = json.loads(body)
    if not isinstance(document, dict) or not document:
        return body
    last = dict([document.popitem()])
    return body[:-1] + b", " + json.dumps(last, ensure_ascii=False).encode()[1:]


_BODIES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "blank": (lambda _: b" \n", "has a body of white space"),
    "without-end": (_without_end, "has a body whose last byte is missing"),
    "twice": (_twice, "has its document twice"),
    "trailing-comma": (_with_a_comma, "has a trailing comma"),
    "trailing-text": (lambda body: body + b"ok", "has text after its document"),
    "byte-order-mark": (lambda body: b"\xef\xbb\xbf" + body, "begins with a byte order mark"),
    "no-utf-8": (_with_a_wrong_byte, "has a byte that is not UTF-8"),
    "nan": (partial(_with_more, value=b"NaN"), "has the number NaN"),
    "infinity": (partial(_with_more, value=b"-Infinity"), "has the number -Infinity"),
    "single-quotes": (lambda body: body.replace(b'"', b"'"), "has its strings in single quotes"),
    "comment": (lambda body: b"/* v2 */" + body, "has a comment"),
    "gzip-unannounced": (lambda body: gzip.compress(body, mtime=0), "is compressed, and no header says so"),
    "key-twice": (_with_a_key_twice, "has a key twice"),
}
"""By name: what becomes of a body, and what is wrong with it then."""
