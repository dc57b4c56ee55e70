"""The rows of the fault matrix, by section: one for each fault that the package handles in its own way.

A row named "to compare" has no fault: it proves that the neighbouring rows fail only because of their faults.
"""

import gzip
from functools import partial
from itertools import repeat

from ._certificates import Certificate
from ._connection import Connection, Script
from ._http import JSON, MIB, SETTLED, bomb, chunk, head, response
from ._row import ASYNC, RETRIEVE, Row
from ._scripts import answers, at_first, drips, endless, ends_after, resets_after, silent, silent_after

__all__ = ["SECTIONS"]

_HEAD = head(JSON, f"Content-Length: {len(SETTLED)}")
_HTTPS = "https://{}:{}"
_FINE = answers(response())


def _gzipped(body: bytes, *, status: int = 200) -> Script:
    return answers(response(body, "Content-Encoding: gzip", status=status))


CONNECTION = (
    Row("refused", None),
    Row("reset before the request", Connection.reset),
    Row("reset before the headers", resets_after(b"")),
    Row("closed before the headers", ends_after(b"")),
    Row("closed in the body", ends_after(_HEAD + SETTLED[:500])),
    Row(
        "reset at first, then fine",
        at_first(resets_after(b""), _FINE),
    ),
)


_silence = partial(Row, timeout=1, request_timeout=0.3, retries=0)
# The request timeout is long, so that only the call's deadline can end the call.
_deadline = partial(Row, timeout=0.6, request_timeout=600)

SLOWNESS = (
    _silence("silent in the TLS handshake", silent, url=_HTTPS),
    _silence("silent before the headers", silent),
    _silence("silent in the body", silent_after(_HEAD + SETTLED[:99])),
    _silence("silent with retries", silent, retries=9),
    _deadline("silent before the headers, to the deadline", silent),
    _deadline("silent in the body, to the deadline", silent_after(_HEAD + SETTLED[:99])),
    _deadline("a byte at a time in the headers", drips(_HEAD[:30], repeat(ord("x"))), ways=ASYNC),
    _deadline(
        "informational responses without end", endless(b"", b"HTTP/1.1 102 Processing\r\n\r\n"), ways=ASYNC
    ),
    _deadline("a byte at a time in the body", drips(_HEAD, SETTLED)),
    Row("slow, and done in time", drips(response()[:-10], response()[-10:])),
)


def _redirect(name: str, location: str) -> Row:
    return Row(name, answers(response(b"", f"Location: {location}", status=302)))


_GZIP = gzip.compress(SETTLED)

CONTENT = (
    Row("a status line of garbage", ends_after(b"\x00\xff\xfe garbage\r\n\r\n")),
    Row("HTML under 200", answers(response(b"<html>Sign in</html>"))),
    Row("gzip, to compare", _gzipped(_GZIP)),
    Row("gzip cut in half", _gzipped(_GZIP[: len(_GZIP) // 2])),
    Row(
        "a redirect to the same place",
        answers(response(b"", "Location: /", status=307)),
    ),
    _redirect("a redirect to no URL at all", "http://[::1"),
    _redirect("a redirect to a place that is too long", "/" + "x" * 65_530),
    Row("429, then fine", answers(response(b"", status=429), response())),
    Row("429 permanently", answers(response(b"", status=429))),
    Row("502, then fine", answers(response(b"", status=502), response())),
)


_too_large = partial(Row, max_body_bytes=MIB, ways=RETRIEVE, max_mib=16)
_TEXTS = b", ".join([b'"' + b"x" * MIB + b'"'] * 32)
_LARGE = SETTLED.replace(b'"summary": "', b'"texts": [' + _TEXTS + b'], "summary": "', 1)

SIZE = (
    _too_large("a body without end", endless(head(JSON), bytes(MIB))),
    _too_large(
        "chunks without end",
        endless(head(JSON, "Transfer-Encoding: chunked"), chunk(b" " * 4096)),
    ),
    _too_large("a gzip bomb of 1 GiB", _gzipped(bomb(1024))),
    _too_large("a gzip bomb of 1 GiB under 502", _gzipped(bomb(1024), status=502), retries=0),
    # The limit is three times the body: its pieces, the joined body, and its text in the model; plus 20 MiB.
    Row("32 MiB of sound JSON", _gzipped(gzip.compress(_LARGE, 1)), ways=RETRIEVE, max_mib=3 * 32 + 20),
    Row("headers without end", endless(head()[:-2], b"X-More: 1\r\n" * 400)),
)


_tunnel = partial(Row, is_proxy=True, url="https://bluejay.invalid", retries=0)
_slow_tunnel = partial(_tunnel, timeout=0.5, request_timeout=0.3)

PROXIES_AND_TLS = (
    Row("a proxy that works, to compare", _FINE, is_proxy=True, url="http://bluejay.invalid"),
    _tunnel("a proxy that refuses the connection", None),
    _tunnel("a proxy that answers 407", answers(response(b"", status=407))),
    _tunnel("a proxy that refuses the tunnel", answers(response(b"", status=502)), retries=2),
    _slow_tunnel("a proxy that is silent", silent),
    _slow_tunnel("a proxy that sends a byte at a time", drips(head()[:-2], repeat(ord("x"))), ways=ASYNC),
    Row("TLS, to compare", _FINE, certificate=Certificate.VALID, is_trusted=True),
    Row(
        "a certificate for another host",
        _FINE,
        certificate=Certificate.WRONG_HOST,
        is_trusted=True,
    ),
    Row("a certificate by an unknown authority", _FINE, certificate=Certificate.VALID),
    Row(
        "plain HTTP where TLS was asked for",
        lambda connection: connection.send(response(status=400)),
        url=_HTTPS,
    ),
    Row(
        "TLS where plain HTTP was asked for",
        _FINE,
        certificate=Certificate.VALID,
        url="http://{}:{}",
    ),
)


_cancelled = partial(Row, ways=ASYNC, is_cancelled=True)

CANCELLATION = (
    _cancelled("cancelled before the headers", silent),
    _cancelled("cancelled in the body", drips(_HEAD, SETTLED)),
    _cancelled(
        "cancelled in the pause before another attempt",
        answers(response(b"", "Retry-After: 10", status=429)),
    ),
)

SECTIONS: dict[str, tuple[Row, ...]] = {
    "connection": CONNECTION,
    "silence and slowness": SLOWNESS,
    "content": CONTENT,
    "size": SIZE,
    "proxies and TLS": PROXIES_AND_TLS,
    "cancellation": CANCELLATION,
}
